"""On which terms the door is open: scopes, rates, and what a limited caller is told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response

from rushes.core.keys import KeyLimits, Scope
from rushes.core.signed_links import SignedLinks
from rushes.http.app import build_app, mount
from rushes.http.gateway import Call, Gateway
from rushes.http.operation import PLAIN, Api, Operation, Reply
from rushes.http.problems import plain
from rushes.kit.clock import FrozenClock
from rushes.service.accounts import Accounts
from rushes.service.rate_limits import RateLimits
from rushes.store.memory import MemoryStore

ELSEWHERE = "203.0.113.7"
REPLY: Mapping[int, Reply] = {200: Reply(about="")}


async def _account(call: Call) -> Response:
    return PlainTextResponse(call.caller.account_id)


async def _trouble(call: Call) -> Response:
    raise RuntimeError("no such luck")


OPERATIONS = (
    Operation(path="/look", handler=_account, summary="", replies=REPLY),
    Operation(path="/do", methods=("POST",), handler=_account, summary="", replies=REPLY),
    Operation(
        path="/ask", methods=("POST",), handler=_account, summary="", replies=REPLY, submits=True
    ),
    Operation(
        path="/fail", methods=("POST",), handler=_trouble, summary="", replies=REPLY, submits=True
    ),
    Operation(path="/direct", handler=_account, summary="", replies=REPLY, scope=Scope.OPERATE),
    Operation(path="/open", handler=_account, summary="", replies=REPLY, open_to_all=True),
)


class BuiltApplication:
    """A door with its clock, and clients that knock at it."""

    def __init__(self, *, open_to_all: bool = False, **limits: Any) -> None:
        self.clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.accounts = Accounts(keyring=MemoryStore(), clock=self.clock, open_to_all=open_to_all)
        gateway = Gateway(
            accounts=self.accounts,
            links=SignedLinks(secret=b"s" * 32),
            clock=self.clock,
            rates=RateLimits(**limits),
        )
        api = Api(name="x", about="", operations=OPERATIONS, word=plain, problem=PLAIN)
        self._app = build_app(mount(api, gateway), wordings={"": plain})

    async def client(
        self,
        *scopes: Scope,
        limits: KeyLimits | None = None,
        secret: str | None = None,
        at: str = ELSEWHERE,
        host: str = "rushes.test",
    ) -> httpx2.AsyncClient:
        if scopes or limits:
            _, secret = await self.accounts.create_key(
                "k", scopes=scopes or frozenset(Scope), limits=limits or KeyLimits()
            )
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self._app, client=(at, 123), raise_app_exceptions=False),
            base_url=f"http://{host}",
            headers={"Authorization": f"Bearer {secret}"} if secret else {},
        )


def reported(reply: httpx2.Response) -> tuple[str, str, str]:
    return tuple(reply.headers[f"x-ratelimit-{n}"] for n in ("limit", "remaining", "reset"))  # type: ignore[return-value]  # three of them


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.READ, "GET", "/look"),
        (Scope.READ, "HEAD", "/look"),
        (Scope.GENERATE, "POST", "/do"),
        (Scope.GENERATE, "POST", "/ask"),
        (Scope.OPERATE, "GET", "/direct"),
    ],
)
async def test_a_key_does_what_is_within_its_scopes_and_else_hears_which_it_lacks(
    scope: Scope, method: str, path: str
) -> None:
    running_app = BuiltApplication()
    assert (await (await running_app.client(scope)).request(method, path)).status_code == 200
    others = frozenset(Scope) - {scope}
    refused = await (await running_app.client(*others)).request(method, path)
    assert refused.status_code == 403
    if method != "HEAD":
        assert f"scope {scope}" in refused.json()["detail"]


async def test_submits_are_limited_and_each_reply_says_how_much_is_left() -> None:
    running_app = BuiltApplication()
    client = await running_app.client(limits=KeyLimits(submits_per_minute=2))
    for left in ("1", "0"):
        reply = await client.post("/ask")
        assert reply.status_code == 200
        assert reported(reply)[:2] == ("2", left)
    refused = await client.post("/ask")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limit_exceeded")
    assert (*reported(refused), refused.headers["retry-after"]) == ("2", "0", "60", "30")
    for method, path in (("GET", "/look"), ("POST", "/do")):
        reply = await client.request(method, path)
        assert reply.status_code == 200, "only a submit counts"
        assert "x-ratelimit-limit" not in reply.headers
    running_app.clock.advance(seconds=30)
    failed = await client.post("/fail")
    assert (failed.status_code, reported(failed)[:2]) == (500, ("2", "0"))


async def test_a_key_without_limits_hears_of_none() -> None:
    reply = await (await BuiltApplication().client(Scope.GENERATE)).post("/ask")
    assert "x-ratelimit-limit" not in reply.headers


async def test_what_is_not_within_its_scope_does_not_count() -> None:
    running_app = BuiltApplication(requests_per_minute=1)
    client = await running_app.client(Scope.READ)
    assert (await client.post("/do")).status_code == 403
    assert (await client.get("/look")).status_code == 200
    assert (await client.get("/look")).status_code == 429


async def test_polling_has_a_generous_limit_of_its_own() -> None:
    running_app = BuiltApplication(requests_per_minute=3)
    client = await running_app.client(limits=KeyLimits(submits_per_minute=1))
    assert (await client.post("/ask")).status_code == 200
    assert [(await client.get("/look")).status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/open", "/look"])
async def test_a_stranger_is_limited_by_his_address_whatever_keys_he_tries(path: str) -> None:
    running_app = BuiltApplication(anonymous_requests_per_minute=3)
    usual = 200 if path == "/open" else 401
    found = [
        (await (await running_app.client(secret=f"guess{n}")).get(path)).status_code
        for n in range(5)
    ]
    assert found == [usual, usual, usual, 429, 429]
    assert (await (await running_app.client(at="203.0.113.8")).get(path)).status_code == usual
    assert (await (await running_app.client(Scope.READ)).get("/look")).status_code == 200


async def test_a_page_of_another_site_does_not_direct_a_server_without_keys() -> None:
    running_app = BuiltApplication(open_to_all=True)
    at_home = await running_app.client(host="127.0.0.1:8000")
    rebound = await running_app.client(host="evil.example")
    elsewhere = {"Origin": "https://evil.example"}
    assert (await at_home.get("/direct")).status_code == 200
    assert (await at_home.get("/direct", headers={"Origin": "http://localhost"})).status_code == 200
    assert (await at_home.get("/direct", headers=elsewhere)).status_code == 403
    assert (await rebound.get("/direct")).status_code == 403
    assert (await rebound.get("/look")).status_code == 200


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param({"expires_at": timedelta(seconds=5)}, id="expired"),
        pytest.param({"rotated": timedelta(seconds=5)}, id="rotated out"),
        pytest.param({"revoked": True}, id="revoked"),
    ],
)
async def test_a_secret_is_good_until_it_ends_and_never_told(
    ended: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    running_app = BuiltApplication()
    expires_in = ended.get("expires_at")
    key, secret = await running_app.accounts.create_key(
        "k", expires_at=running_app.clock.now() + expires_in if expires_in else None
    )
    client = await running_app.client(secret=secret)
    assert (await client.get("/look")).status_code == 200
    if "rotated" in ended:
        _, fresh = await running_app.accounts.rotate_key(key.id, grace=ended["rotated"])
        assert (await (await running_app.client(secret=fresh)).get("/look")).text == "k"
    if "revoked" in ended:
        await running_app.accounts.revoke_key(key.id)
    else:
        assert (await client.get("/look")).status_code == 200
    running_app.clock.advance(seconds=5)
    refused = await client.get("/look")
    failed = await (await running_app.client(Scope.GENERATE)).post("/fail")
    assert (refused.status_code, failed.status_code) == (401, 500)
    for text in (refused.text, failed.text, caplog.text, repr(key)):
        assert secret not in text
        assert key.digest not in text
