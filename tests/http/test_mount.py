from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from rushes.core.signed_links import SignedLinks
from rushes.http.app import build_app, mount
from rushes.http.gateway import Call, Gateway
from rushes.http.operation import JSON, PLAIN, Api, Body, Operation, Reply
from rushes.http.problems import plain
from rushes.kit.clock import FrozenClock
from rushes.service.accounts import Accounts
from rushes.store.memory import MemoryStore


def _answering(text: str) -> Any:
    async def handler(call: Call) -> Response:
        return PlainTextResponse(text)

    return handler


def _operation(path: str, *methods: str, **more: Any) -> Operation:
    return Operation(
        path=path,
        methods=methods,
        handler=_answering(f"{methods[0]} {path}"),
        summary="",
        replies={200: Reply(about="")},
        open_to_all=True,
        **more,
    )


@pytest.fixture
def app() -> ASGIApp:
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    accounts = Accounts(keyring=MemoryStore(), clock=clock)
    gateway = Gateway(accounts=accounts, links=SignedLinks(secret=b"s" * 32), clock=clock)
    operations = (
        _operation("/things/{id}", "GET"),
        _operation("/things/{id}", "DELETE"),
        _operation("/things/upload", "POST", body=Body(contents={JSON: dict})),
        _operation("/things/any", "PUT", body=Body(contents={JSON: dict}, checked=False)),
    )
    api = Api(name="things", about="", operations=operations, word=plain, problem=PLAIN)
    return build_app(mount(api, gateway), wordings={"": plain})


@pytest.fixture
def client(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://rushes.test")


async def test_each_method_of_a_path_has_its_own_operation(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/things/1")).text == "GET /things/{id}"
    assert (await client.delete("/things/1")).text == "DELETE /things/{id}"


# Whoever says where he comes from goes through the middleware and the router.
@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.test"}])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/things/1", {"GET", "HEAD", "DELETE"}), ("/things/upload", {"POST"})],
)
async def test_another_method_is_told_those_of_the_path(
    client: httpx2.AsyncClient, path: str, allowed: set[str], headers: dict[str, str]
) -> None:
    reply = await client.options(path, headers=headers)

    assert reply.status_code == 405
    assert set(reply.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.test"}])
async def test_the_name_of_a_path_is_never_a_parameter(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    reply = await client.get("/things/upload", headers=headers)

    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.test"}])
async def test_a_name_is_not_taken_for_a_parameter_by_another_method(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    reply = await client.get("/things/upload", headers=headers)

    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ],
)
async def test_a_body_is_of_a_type_that_is_understood(
    client: httpx2.AsyncClient, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    strict = await client.post("/things/upload", content=b"{}", headers=headers)
    tolerant = await client.put("/things/any", content=b"{}", headers=headers)

    assert strict.status_code == status
    assert tolerant.status_code == 200


async def test_a_type_without_a_body_is_of_no_concern(client: httpx2.AsyncClient) -> None:
    reply = await client.post("/things/upload", headers={"Content-Type": "text/plain"})

    assert reply.status_code == 200
