import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from tests.dialects.native.conftest import ORIGIN, PATH, Server, problem_of

from rushes.core.errors import StoreError
from rushes.core.generation import GenerationId
from rushes.core.rendered import preview_key
from rushes.dialects.native.generations.translate import progress_message
from rushes.http.server_sent_events import Message, event_stream
from rushes.service.progress_stream import ProgressStream, ProgressView

GOOD_S = 5.0
"""A test that waits longer than this has found a stream that never ends."""


def _messages(text: str) -> list[tuple[int | None, dict[str, Any]]]:
    """Return the id and the data of each message of a stream."""
    reported = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if "data" in fields:
            assert fields["event"] == "progress"
            id_ = fields.get("id")
            reported.append((int(id_) if id_ else None, json.loads(fields["data"])))
    return reported


async def _stream(server: Server, id_: str, after: int | None = None) -> list[Any]:
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    async with asyncio.timeout(GOOD_S):
        reply = await server.client.get(f"{PATH}/{id_}/progress", headers=headers)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    return _messages(reply.text)


async def test_a_finished_generation_is_told_from_its_beginning_and_then_the_stream_ends(
    server: Server,
) -> None:
    made = await server.create()
    await server.complete(made["id"])

    reported = await _stream(server, made["id"])

    assert [data["event"] for _, data in reported] == [
        "generation.queued",
        "generation.running",
        "generation.completed",
    ]
    assert reported[-1][1]["state"] == "completed"
    assert reported[-1][1]["progress"] == 1.0
    ids = [id_ for id_, _ in reported]
    assert ids == sorted(ids)


async def test_whoever_comes_back_hears_only_what_came_after(server: Server) -> None:
    made = await server.create()
    await server.complete(made["id"])
    every = await _stream(server, made["id"])

    for index, (id_, _) in enumerate(every[:-1]):
        assert await _stream(server, made["id"], after=id_) == every[index + 1 :]


async def test_whoever_has_heard_the_end_is_told_not_to_come_back(server: Server) -> None:
    made = await server.create()
    await server.complete(made["id"])
    last, _ = (await _stream(server, made["id"]))[-1]

    reply = await server.client.get(
        f"{PATH}/{made['id']}/progress", headers={"Last-Event-ID": str(last)}
    )

    assert reply.status_code == 204


@pytest.mark.parametrize("id_", ["x", "-1", "", "9" * 400, "1e3"])
async def test_an_id_that_is_none_tells_everything(server: Server, id_: str) -> None:
    made = await server.create()
    await server.complete(made["id"])

    reply = await server.client.get(f"{PATH}/{made['id']}/progress", headers={"Last-Event-ID": id_})

    assert len(_messages(reply.text)) == 3


async def test_what_happens_is_told_as_it_happens(server: Server) -> None:
    first, made = await server.create(), await server.create()
    moved = asyncio.Event()
    seen: list[tuple[Any, ...]] = []

    async def work() -> None:
        await moved.wait()
        await server.run(first["id"])
        await _until(lambda: ("queued", 0.0, 0) in seen)
        await server.run(made["id"], progress=0.5)
        await _until(lambda: ("running", 0.5, None) in seen)
        await server.complete(made["id"])

    async with asyncio.timeout(GOOD_S), asyncio.TaskGroup() as group:
        group.create_task(work())
        generation = await server.stored(made["id"])
        async for news in server.context.progress_stream.follow(generation):
            position = getattr(news, "position", None)
            seen.append((news.generation.state, news.generation.progress, position))
            moved.set()

    assert seen[0] == ("queued", 0.0, None)
    assert ("queued", 0.0, 1) in seen
    assert seen[-1][:2] == ("completed", 1.0)


async def test_the_phase_of_a_local_model_is_shown_while_it_works(server: Server) -> None:
    made = await server.create()
    assert made["phase"] is None
    running = await server.run(made["id"], progress=0.3, phase="denoise")
    assert (await server.get(made["id"]))["phase"] == "denoise"
    (listed,) = (await server.client.get(PATH)).json()["generations"]
    assert listed["phase"] == "denoise"

    seen: list[str | None] = []
    stream = server.context.progress_stream.follow(running)
    async with asyncio.timeout(GOOD_S):
        async for news in stream:
            seen.append(progress_message(news, preview=None).phase)
            if len(seen) == 3:
                await server.complete(made["id"])
    assert seen == [None, None, "denoise", None, None]  # queued, running, now, completed, now


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110  # it is the generator that is waited for, which has no event
        await asyncio.sleep(0)


async def test_a_stream_of_what_is_removed_ends(server: Server) -> None:
    made = await server.create()
    generation = await server.stored(made["id"])
    async with asyncio.timeout(GOOD_S):
        async for _ in server.context.progress_stream.follow(generation):
            if generation.id in server.store._kept:
                await server.store.remove(await server.stored(made["id"]))


async def test_a_server_that_stops_lets_go_of_everyone_who_waits(server: Server) -> None:
    made = await server.create()
    generation = await server.stored(made["id"])
    progress_stream = ProgressStream(server.store, queued_poll_s=60)
    waiting = asyncio.Event()

    async def follow() -> None:
        async for _ in progress_stream.follow(generation):
            waiting.set()

    async with asyncio.timeout(GOOD_S), asyncio.TaskGroup() as group:
        group.create_task(follow())
        until = group.create_task(progress_stream.until_final(generation, wait_s=60))
        await waiting.wait()
        progress_stream.stop()

    assert until.result() == generation


async def test_nobody_listens_any_more_when_a_stream_is_left(server: Server) -> None:
    made = await server.create()
    progress_stream = server.context.progress_stream.follow(await server.stored(made["id"]))
    await anext(progress_stream)
    assert GenerationId(made["id"]) in server.context.progress_stream._waiting

    await progress_stream.aclose()

    assert not server.context.progress_stream._waiting


async def test_a_silent_stream_sends_a_heartbeat() -> None:
    reported = asyncio.Event()

    async def messages() -> AsyncGenerator[Message, None]:
        yield Message(data="1", id=7)
        await reported.wait()
        yield Message(data="2", event="x")

    lines: list[bytes] = []
    async for part in event_stream(messages(), heartbeat_s=0.001).body_iterator:  # type: ignore[attr-defined]  # a stream
        lines.append(part)
        if part.startswith(b":"):
            reported.set()

    assert lines[0].startswith(b"retry: ")
    assert lines[1] == b"id: 7\ndata: 1\n\n"
    assert lines[2] == b": still here\n\n"
    assert lines[-1] == b"event: x\ndata: 2\n\n"


async def test_messages_are_let_go_of_when_the_client_goes_away() -> None:
    closed = asyncio.Event()

    async def messages() -> AsyncGenerator[Message, None]:
        try:
            yield Message(data="1")
            await asyncio.Event().wait()
        finally:
            closed.set()

    stream = event_stream(messages(), heartbeat_s=0.001).body_iterator  # type: ignore[attr-defined]  # a stream
    async for part in stream:
        if part.startswith(b":"):
            break
    await stream.aclose()

    assert closed.is_set()


async def test_a_stream_that_is_left_between_two_messages_lets_go_of_them_too() -> None:
    closed = asyncio.Event()

    async def messages() -> AsyncGenerator[Message, None]:
        try:
            yield Message(data="1")
            yield Message(data="2")
        finally:
            closed.set()

    stream = event_stream(messages()).body_iterator  # type: ignore[attr-defined]  # a stream
    async for part in stream:
        if part.startswith(b"data"):
            break
    await stream.aclose()

    assert closed.is_set()


async def test_a_store_in_trouble_ends_the_stream_and_not_the_server() -> None:
    closed = False

    async def messages() -> AsyncGenerator[Message, None]:
        nonlocal closed
        try:
            yield Message(data="1")
            raise StoreError("the disk is gone")
        finally:
            closed = True

    parts = [part async for part in event_stream(messages()).body_iterator]  # type: ignore[attr-defined]  # a stream

    assert parts[-1] == b"data: 1\n\n"
    assert closed


async def test_a_stream_of_what_there_is_not_is_a_problem(server: Server) -> None:
    reply = await server.client.get(f"{PATH}/nothing/progress")

    problem_of(reply, 404)


async def test_the_frame_that_is_being_drawn_is_shown_by_a_link_until_it_is_done(
    server: Server,
) -> None:
    id_ = (await server.create())["id"]
    assert (await server.get(id_))["preview"] is None
    running = await server.run(id_, progress=0.5)
    key = preview_key(running)
    await server.media.put_bytes(key, b"a small picture")

    link = (await server.get(id_))["preview"]
    listed = (await server.client.get(PATH)).json()["generations"]
    following = asyncio.create_task(_stream(server, id_))
    async with asyncio.timeout(GOOD_S):
        while not server.context.progress_stream._waiting:  # noqa: ASYNC110  # nothing tells of listeners
            await asyncio.sleep(0)
    await server.complete(id_)
    reported = await following

    path = link.removeprefix(ORIGIN).partition("?")[0]
    assert server.context.gateway.links.key(path, now=server.clock.now()) == key
    assert listed[0]["preview"] == link
    assert link in [data["preview"] for _, data in reported]
    assert reported[-1][1]["preview"] is None
    assert (await server.get(id_))["preview"] is None


async def test_each_frame_that_is_shown_has_its_own_link(server: Server) -> None:
    id_ = (await server.create())["id"]
    key = preview_key(await server.run(id_))
    await server.media.put_bytes(key, b"one")
    path = server.media.path(key)
    assert path is not None
    os.utime(path, ns=(1, 1))
    one = (await server.get(id_))["preview"]

    os.utime(path, ns=(2, 2))

    assert (await server.get(id_))["preview"] != one


async def test_a_new_frame_is_told_although_the_progress_stands_still(server: Server) -> None:
    id_ = (await server.create())["id"]
    running = await server.run(id_, progress=0.5)
    stream = server.context.progress_stream.follow(
        running, find_preview=server.context.generations.preview
    )
    async with asyncio.timeout(GOOD_S):
        while not isinstance(view := await anext(stream), ProgressView):
            pass
        assert view.preview is None
        await server.media.put_bytes(preview_key(running), b"a small picture")
        later = await anext(stream)
    await stream.aclose()
    assert isinstance(later, ProgressView)
    assert later.preview is not None
    assert later.generation == view.generation
