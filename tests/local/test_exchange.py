"""Requests wait their turn; cancellations and pings do not."""

import io
import json
from typing import Any

from video_worker.exchange import Events, Inbox


def inbox_of(*messages: dict[str, Any]) -> tuple[Inbox, io.BytesIO, list[str]]:
    written, ended = io.BytesIO(), list[str]()
    lines = [json.dumps(message).encode() for message in messages]
    inbox = Inbox(lines, Events(written), on_end=lambda: ended.append("ended"))
    inbox.read()
    return inbox, written, ended


def test_requests_are_taken_in_order_and_the_end_of_the_server_is_noticed_at_once() -> None:
    inbox, _, ended = inbox_of({"op": "load"}, {"op": "generate", "id": "a"})
    assert ended == ["ended"]
    assert [inbox.take()["op"], inbox.take()["op"]] == ["load", "generate"]


def test_what_may_be_prepared_does_not_wait_for_its_turn() -> None:
    prepared: list[dict[str, Any]] = []
    lines = [b'{"op": "generate", "id": "a"}', b'{"op": "prepare", "prompt": "next"}']
    inbox = Inbox(lines, Events(io.BytesIO()), on_end=lambda: None)
    inbox.on_prepare = prepared.append
    inbox.read()
    assert prepared == [{"op": "prepare", "prompt": "next"}]
    assert inbox.take()["op"] == "generate"


def test_a_job_is_cancelled_until_it_is_forgotten() -> None:
    inbox, _, _ = inbox_of({"op": "cancel", "id": "a"})
    assert inbox.is_cancelled("a")
    assert not inbox.is_cancelled("b")
    inbox.forget("a")
    assert not inbox.is_cancelled("a")


def test_exit_cancels_the_job_that_runs() -> None:
    inbox, _, _ = inbox_of({"op": "exit"})
    assert inbox.is_cancelled("whatever runs")


def test_an_event_is_one_line() -> None:
    _, written, _ = inbox_of({"op": "ping"})
    assert written.getvalue() == b'{"event": "pong"}\n'
