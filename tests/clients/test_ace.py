"""AceDataCloud's MCP server: the requests that it sends, in its order, and the fields it reads."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.clients.conftest import Receiver, Serving

SMALL = {"resolution": "540p", "aspect_ratio": "1:1"}


@pytest.fixture(scope="module")
def client(server: Serving) -> Iterator[httpx2.Client]:
    """As ``core/client.py`` of AceDataCloud/MCPLuma has it."""
    headers = {
        "accept": "application/json",
        "authorization": f"Bearer {server.key}",
        "content-type": "application/json",
    }
    with httpx2.Client(base_url=server.url, headers=headers, timeout=120) as one:
        yield one


def requested(client: httpx2.Client, path: str, **payload: Any) -> dict[str, Any]:
    reply = client.post(path, json=payload)
    reply.raise_for_status()
    return dict(reply.json())


@pytest.fixture(scope="module")
def made(client: httpx2.Client) -> dict[str, Any]:
    """What ``luma_generate_video`` is answered: a finished video."""
    return requested(
        client,
        "/luma/videos",
        action="generate",
        prompt="a cat walks through a garden",
        loop=False,
        enhancement=False,
        **SMALL,
    )


def test_a_video_is_there_when_the_answer_is(made: dict[str, Any]) -> None:
    assert (made["success"], made["state"]) == (True, "completed")
    assert made["prompt"] == "a cat walks through a garden"
    assert (made["video_width"], made["video_height"]) == (540, 540)
    for name in ("video_url", "thumbnail_url"):
        assert httpx2.get(made[name]).status_code == 200


@pytest.mark.parametrize("name", ["video_id", "video_url"])
def test_a_video_is_extended(client: httpx2.Client, made: dict[str, Any], name: str) -> None:
    longer = requested(
        client, "/luma/videos", action="extend", prompt="it runs", **{name: made[name]}
    )
    assert longer["state"] == "completed"
    assert longer["video_id"] != made["video_id"]


def test_pictures_begin_and_end_a_video(client: httpx2.Client, made: dict[str, Any]) -> None:
    reported = requested(
        client,
        "/luma/videos",
        action="generate",
        prompt="it moves",
        start_image_url=made["thumbnail_url"],
        end_image_url=made["thumbnail_url"],
        loop=False,
        enhancement=False,
        **SMALL,
    )
    assert reported["success"] is True


def test_tasks_are_looked_up_one_by_one_and_together(
    client: httpx2.Client, made: dict[str, Any]
) -> None:
    one = requested(client, "/luma/tasks", id=made["task_id"], action="retrieve")
    assert one["request"]["action"] == "generate"
    assert one["response"]["video_url"] == made["video_url"]
    assert isinstance(one["created_at"], float)
    both = requested(client, "/luma/tasks", ids=[made["task_id"], "gone"], action="retrieve_batch")
    assert both["count"] == 1
    assert both["items"] == [one]


def test_whoever_gives_a_callback_is_told_there(client: httpx2.Client, receiver: Receiver) -> None:
    reported = requested(
        client,
        "/luma/videos",
        action="generate",
        prompt="a cat sleeps",
        callback_url=receiver.url,
        **SMALL,
    )
    assert "video_url" not in reported
    (body,) = receiver.wait_for(bool)
    assert (body["success"], body["task_id"]) == (True, reported["task_id"])
    assert body["video_url"]


def test_a_mistake_has_its_code_and_its_message(client: httpx2.Client) -> None:
    reply = client.post("/luma/videos", json={"action": "extend", "prompt": "x"})
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "invalid_request"
    assert "video_id" in reply.json()["error"]["message"]
    stranger = client.post("/luma/videos", json={}, headers={"authorization": "Bearer wrong"})
    assert stranger.status_code == 401
