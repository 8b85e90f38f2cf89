"""What stands before the tools at ``/mcp``, whoever comes and whatever he sends."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from rushes.core.signed_links import SignedLinks
from rushes.http.app import build_app, mount
from rushes.http.gateway import Gateway
from rushes.http.problems import plain
from rushes.kit.clock import FrozenClock
from rushes.mcp_server.mount import McpMount, word
from rushes.service.accounts import Accounts
from rushes.store.memory import MemoryStore

PING = {"jsonrpc": "2.0", "id": 7, "method": "ping"}
HEADERS = {"Accept": "application/json, text/event-stream"}
LIMIT_BYTES = 1000


class Site:
    """A server of which only the way in matters."""

    def __init__(self, *, asks_for_keys: bool, public_url: str | None = None) -> None:
        clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.accounts = Accounts(keyring=MemoryStore(), clock=clock, open_to_all=not asks_for_keys)
        gateway = Gateway(
            accounts=self.accounts,
            links=SignedLinks(secret=b"s" * 32),
            clock=clock,
            body_limit_bytes=LIMIT_BYTES,
        )
        nothing: Any = None  # no tool is called
        self.mcp = McpMount(
            *(nothing, nothing, nothing, nothing),
            asks_for_keys=asks_for_keys,
            public_url=public_url,
            body_limit_bytes=LIMIT_BYTES,
        )
        app = build_app(mount(self.mcp.api(), gateway), wordings={"": plain, "/mcp": word})
        transport = httpx2.ASGITransport(app)
        self.http = httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=HEADERS
        )


@pytest.fixture
async def open_site() -> AsyncIterator[Site]:
    site = Site(asks_for_keys=False, public_url="https://films.example/rushes")
    async with site.mcp.open(), site.http:
        yield site


@pytest.fixture
async def locked_site() -> AsyncIterator[Site]:
    site = Site(asks_for_keys=True)
    async with site.mcp.open(), site.http:
        yield site


def refused(reply: httpx2.Response) -> tuple[int, str]:
    assert reply.headers["content-type"] == "application/json"
    reported = reply.json()
    assert (reported["jsonrpc"], reported["id"]) == ("2.0", None)
    assert reported["error"]["data"]["request_id"]
    return reply.status_code, reported["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8000"},
        {"Host": "[::1]:8000"},
        {"Host": "127.9.9.9"},
        {"Host": "films.example", "Origin": "https://films.example"},
        {"Origin": "http://localhost:6274"},
        {"Origin": "http://[::1]"},
    ],
)
async def test_without_keys_this_machine_may_call(open_site: Site, headers: dict[str, str]) -> None:
    reply = await open_site.http.post("/mcp", json=PING, headers=headers)
    assert reply.status_code == 200, reply.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example:8000"},
        {"Host": "10.0.0.1"},
        {"Host": "evil.example:8000", "Origin": "http://127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1@evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[nonsense"},
    ],
)
async def test_without_keys_no_page_of_another_site_may_call(
    open_site: Site, headers: dict[str, str]
) -> None:
    status, sentence = refused(await open_site.http.post("/mcp", json=PING, headers=headers))
    assert status == 403
    assert "must be this machine's" in sentence


async def test_with_a_key_any_name_of_the_server_will_do(locked_site: Site) -> None:
    _, secret = await locked_site.accounts.create_key("agent")
    for headers in ({"Host": "films.example"}, {"Origin": "https://inspector.example"}):
        reply = await locked_site.http.post(
            "/mcp", json=PING, headers={"X-API-Key": secret, **headers}
        )
        assert reply.status_code == 200


async def test_the_key_is_asked_for_before_anything_else(locked_site: Site) -> None:
    for content in (b"nonsense", b"x" * (LIMIT_BYTES + 1)):
        status, sentence = refused(await locked_site.http.post("/mcp", content=content))
        assert (status, "no API key was given" in sentence) == (401, True)


async def test_what_is_no_json_is_not_looked_at(open_site: Site) -> None:
    reply = await open_site.http.post("/mcp", content=b"a=b", headers={"Content-Type": "text/xml"})
    assert refused(reply) == (415, "Content-Type must be application/json, not 'text/xml'")


async def test_a_body_over_the_limit_is_refused_as_elsewhere(open_site: Site) -> None:
    status, sentence = refused(await open_site.http.post("/mcp", json={"x": "x" * LIMIT_BYTES}))
    assert status == 413
    assert "over the limit" in sentence


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_is_no_session_to_listen_to_or_to_end(open_site: Site, method: str) -> None:
    reply = await open_site.http.request(method, "/mcp")
    assert refused(reply)[0] == 405
    assert reply.headers["allow"] == "POST"


async def test_those_who_come_first_together_are_all_served(open_site: Site) -> None:
    replies = await asyncio.gather(*(open_site.http.post("/mcp", json=PING) for _ in range(5)))
    assert [reply.status_code for reply in replies] == [200] * 5


async def test_nothing_runs_on_when_it_is_over() -> None:
    before = tasks()
    site = Site(asks_for_keys=False)
    async with site.mcp.open(), site.http:
        await site.http.post("/mcp", json=PING)
        assert tasks() > before
    assert tasks() == before


def tasks() -> set[Any]:
    """Return what runs, but for a task that a library keeps until the loop ends."""
    kept = "_shutdown_watcher"
    return {one for one in asyncio.all_tasks() if one.get_coro().__qualname__ != kept}


def test_a_server_without_agents_does_not_load_what_they_need() -> None:
    reported = (
        "import sys, rushes.cli.commands; print({'mcp', 'mcp_types', 'httpx2'} & set(sys.modules))"
    )
    done = subprocess.run(
        (sys.executable, "-c", reported), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
