"""
What real clients of the relays read, in each of the four states.

Each client below reads the fields, in the order, that the client's own source does; what matters
is that it finds the id, understands the state and gets the video's address, or the reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.dialects.luma_relay.conftest import Server

Reply = dict[str, Any]
STATES = ["pending", "processing", "completed", "failed"]
REASON = "Failed to read user input frames: 404"


def pick(reply: Any, *paths: str) -> Any:
    """Return what JavaScript's ``a || b || c`` would."""
    for path in paths:
        value: Any = reply
        for part in path.split("."):
            if isinstance(value, list):
                value = value[int(part)] if part.isdigit() and len(value) > int(part) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
        if value:
            return value
    return None


def any_nested(value: Any, names: set[str], depth: int = 6) -> Any:
    if depth == 0:
        return None
    if isinstance(value, dict):
        for name in names:
            if isinstance(value.get(name), str):
                return value[name]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((hit for one in inner if (hit := any_nested(one, names, depth - 1))), None)


@dataclass(frozen=True, kw_only=True)
class Client:
    name: str
    id: Callable[[Reply], Any]
    done: Callable[[Reply], bool]
    failed: Callable[[Reply], bool]
    url: Callable[[Reply], Any]
    reason: Callable[[Reply], Any] = lambda _: REASON


def state_is(*words: str) -> Callable[[Reply], bool]:
    return lambda reply: reply["state"] in words


MOYIN_URLS = (
    "data.0.url", "url", "output.url", "output", "output.0", "outputs.0", "video_url",
    "result_url", "response.url",
)  # fmt: skip

CLIENTS = [
    Client(
        name="chatgpt-web-midjourney-proxy",
        id=lambda r: r["id"],
        done=lambda r: r["state"] == "completed" and bool(r["video"]["download_url"]),
        failed=state_is("failed"),
        url=lambda r: r["video"]["url"],
    ),
    Client(
        name="a NestJS service",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: r["video"]["download_url"],
    ),
    Client(
        name="moyin-creator",
        id=lambda r: pick(r, "task_id", "id", "request_id", "data.task_id"),
        done=lambda r: pick(r, "status", "state", "data.status") in {"completed", "succeeded"},
        failed=lambda r: pick(r, "status", "state", "data.status") in {"failed", "error"},
        url=lambda r: pick(r, *MOYIN_URLS),
        reason=lambda r: pick(r, "error.message", "error", "message"),
    ),
    Client(
        name="MemeFast connector",
        id=lambda r: pick(r, "id", "task_id", "request_id"),
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: (
            pick(r, "video_url", "url", "video.url", "result.video_url")
            or any_nested(r, {"url", "video_url"})
        ),
    ),
    Client(
        name="gpt.ge TypeScript",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: pick(r, "result.video_url"),
    ),
    Client(
        name="LumaAdapter",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: pick(r, "video.url"),
        reason=lambda r: pick(r, "failure_reason", "error"),
    ),
    Client(
        name="remenbaike script, where code counts",
        id=lambda r: r["data"]["task_id"] if "code" in r else r["id"],
        done=lambda r: r["data"]["task_status"] == "succeed",
        failed=lambda r: r["data"]["task_status"] == "failed",
        url=lambda r: pick(r, "data.task_result.video"),
        reason=lambda r: pick(r, "data.task_status_msg"),
    ),
    Client(
        name="remenbaike script, where code is falsy",
        id=lambda r: r["data"]["task_id"] if r["code"] else r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: pick(r, "data.task_result.video_url"),
    ),
    Client(
        name="a Kling client",
        id=lambda r: r["data"]["task_id"],
        done=lambda r: r["data"]["task_status"] == "succeed",
        failed=lambda r: r["data"]["task_status"] == "failed",
        url=lambda r: pick(r, "data.task_result.videos.0.url"),
    ),
    Client(
        name="the /v1/luma page",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: pick(r, "assets.video", "video_url"),
        reason=lambda r: pick(r, "failure_reason"),
    ),
    Client(
        name="a configured page",
        id=lambda r: r["id"],
        done=lambda r: r["state"] == "completed" and r["progress"] == 100,
        failed=state_is("failed"),
        url=lambda r: pick(r, "video.url"),
        reason=lambda r: pick(r, "failure_reason"),
    ),
    Client(
        name="FineAPI skill",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed"),
        url=lambda r: pick(r, "video.url", "video_raw.url", "assets.video"),
    ),
    Client(
        name="yunwu OpenClaw plugin",
        id=lambda r: r["id"],
        done=state_is("completed"),
        failed=state_is("failed", "error"),
        url=lambda r: pick(r, "video.url"),
        reason=lambda r: pick(r, "error.message"),
    ),
]


async def in_state(server: Server, state: str) -> tuple[str, Reply]:
    created = await server.create()
    await server.bring_to(created["id"], state, reason=REASON)
    return created["id"], await server.show(created["id"])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
async def test_a_real_client_finds_what_it_looks_for(
    server: Server, client: Client, state: str
) -> None:
    task_id, reply = await in_state(server, state)
    assert client.id(reply) == task_id
    assert client.done(reply) is (state == "completed")
    assert client.failed(reply) is (state == "failed")
    if state == "completed":
        address = client.url(reply)
        assert address.startswith("http://relay.test/media/")
        assert address.endswith(".mp4")
    if state in {"pending", "processing"} and client.name in {
        "moyin-creator",
        "MemeFast connector",
    }:
        assert not client.url(reply), "it would take this for the video"
    if state == "failed":
        assert client.reason(reply) == REASON


@pytest.mark.parametrize("state", ["pending", "processing", "failed"])
async def test_nothing_looks_like_a_video_before_there_is_one(server: Server, state: str) -> None:
    frames = {"frame0": {"type": "image", "url": "https://pictures.example/a.png"}}
    created = await server.create(keyframes=frames, notify_hook="https://hooks.example/")
    assert not misleading(created)
    if state == "processing":
        await server.run(created["id"])
    if state == "failed":
        await server.fail(created["id"])
    assert not misleading(await server.show(created["id"]))


async def test_the_fields_that_one_document_types_as_null_are_null_on_creation(
    server: Server,
) -> None:
    reply = await server.create()
    names = (
        "queue_state", "video", "video_raw", "liked", "estimate_wait_seconds", "thumbnail",
        "last_frame",
    )  # fmt: skip
    assert [reply[name] for name in names] == [None] * 7


@pytest.mark.parametrize("state", STATES)
async def test_the_queue_is_never_told_where_a_client_expects_null(
    server: Server, state: str
) -> None:
    _, reply = await in_state(server, state)
    assert reply["queue_state"] is None
    assert reply["estimate_wait_seconds"] is None
    assert reply["liked"] is None
    assert reply["code"] == 0
    assert type(reply["code"]) is int
    assert type(reply["data"]) is dict


async def test_the_files_are_readable_without_a_key_the_moment_the_state_says_so(
    server: Server,
) -> None:
    _, reply = await in_state(server, "completed")
    addresses = set(addresses_in(reply))
    assert len(addresses) == 4
    for address in addresses:
        answer = await server.client.get(address, headers={"Authorization": ""})
        assert answer.status_code == 200
        assert answer.content.startswith(b"bytes of ")


def misleading(value: Any) -> list[str]:
    bad = {"url", "video_url", "output", "outputs", "result_url", "response"}
    if isinstance(value, dict):
        return [k for k in value if k in bad] + [n for v in value.values() for n in misleading(v)]
    return [n for v in value for n in misleading(v)] if isinstance(value, list) else []


def addresses_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("http"):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from addresses_in(one)
