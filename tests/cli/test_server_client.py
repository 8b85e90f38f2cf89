"""The client of a server, against scripted replies."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from rushes.cli.support.exit_codes import CommandError
from rushes.cli.support.server_client import ServerClient
from rushes.core.generation import State

FINAL = [state for state in State if state.is_final]


def client(handler: Callable[[httpx2.Request], httpx2.Response]) -> ServerClient:
    transport = httpx2.MockTransport(handler)
    return ServerClient(httpx2.AsyncClient(transport=transport, base_url="http://rushes.test"))


def stream(*changes: dict[str, Any]) -> httpx2.Response:
    lines = [f"id: {number}\ndata: {json.dumps(one)}\n\n" for number, one in enumerate(changes, 1)]
    return httpx2.Response(200, text="".join(lines))


@pytest.mark.parametrize("state", FINAL)
async def test_following_ends_with_each_final_state(state: State) -> None:
    replies: Iterator[httpx2.Response] = iter([stream({"state": state, "event": None})])
    follow = client(lambda _: next(replies)).follow("a")
    assert [change["state"] async for change in follow] == [state]


async def test_a_stream_that_ends_early_is_resumed_where_it_ended() -> None:
    resumed_from: list[str] = []
    replies = iter(
        [stream({"state": "running", "event": None}), stream({"state": "completed", "event": None})]
    )

    def answer(request: httpx2.Request) -> httpx2.Response:
        resumed_from.append(request.headers["last-event-id"])
        return next(replies)

    states = [change["state"] async for change in client(answer).follow("a")]
    assert states == ["running", "completed"]
    assert resumed_from == ["0", "1"]


@pytest.mark.parametrize("state", [state for state in FINAL if state is not State.COMPLETED])
async def test_waiting_ends_with_an_error_where_there_is_no_video(state: State) -> None:
    reply = {"state": state, "progress": 0.0, "failure": None}
    waiting = client(lambda _: httpx2.Response(200, json=reply)).wait("a", lambda *_: None)
    with pytest.raises(CommandError, match=r"generation a (failed|is \w+)"):
        await waiting
