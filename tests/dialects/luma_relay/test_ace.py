"""AceDataCloud's shape of the API: what its clients send, and the fields that they read."""

import json
from typing import Any

import pytest
from tests.dialects.luma_relay.conftest import Server

from rushes.core.generation import Announce
from rushes.dialects.luma_relay.dialect import LumaRelay

AT_ONCE = {"action": "generate", "prompt": "a cat", "async": True}


async def videos(server: Server, *, status: int = 200, **body: Any) -> dict[str, Any]:
    return dict(await server.json("POST", "/luma/videos", status=status, json=body))


async def test_a_request_that_does_not_wait_is_told_the_task(server: Server) -> None:
    reported = await videos(server, **AT_ONCE)
    assert reported == {
        "success": True,
        "task_id": reported["task_id"],
        "video_id": reported["task_id"],
        "prompt": "a cat",
        "state": "pending",
    }


async def test_a_request_waits_no_longer_than_its_timeout(server: Server) -> None:
    reported = await videos(server, action="generate", prompt="a cat", timeout=0.01)
    assert (reported["success"], reported["state"]) == (True, "pending")


async def test_everything_that_its_clients_send_is_understood(server: Server) -> None:
    reported = await videos(
        server,
        **AT_ONCE,
        aspect_ratio="9:16",
        loop=True,
        enhancement=True,
        start_image_url="https://example.com/one.png",
        end_image_url="https://example.com/two.png",
    )
    spec = (await server.stored(reported["task_id"])).spec
    assert (spec.aspect_ratio, spec.loop, spec.expand_prompt) == ("9:16", True, True)
    assert [frame.image for frame in spec.keyframes] == [
        "https://example.com/one.png",
        "https://example.com/two.png",
    ]


@pytest.mark.parametrize("name", ["video_id", "video_url"])
async def test_a_video_is_extended_by_its_id_or_its_address(server: Server, name: str) -> None:
    earlier = (await videos(server, **AT_ONCE))["task_id"]
    await server.complete(earlier)
    response = (await retrieved(server, earlier))["response"]
    reported = await videos(
        server, action="extend", prompt="it runs", **{name: response[name], "async": "true"}
    )
    assert (await server.stored(reported["task_id"])).spec.extends == earlier
    assert (await retrieved(server, reported["task_id"]))["request"]["video_id"] == earlier


async def retrieved(server: Server, id_: str) -> dict[str, Any]:
    body = {"id": id_, "action": "retrieve"}
    return dict(await server.json("POST", "/luma/tasks", json=body))


async def test_a_finished_task_has_its_files_and_their_sizes(server: Server) -> None:
    id_ = (await videos(server, **AT_ONCE))["task_id"]
    await server.complete(id_)
    reported = await retrieved(server, id_)
    response = reported.pop("response")
    assert reported == {
        "id": id_,
        "created_at": 1767323045.678901,
        "request": {
            "action": "generate",
            "prompt": "a cat",
            "aspect_ratio": "16:9",
            "loop": False,
            "enhancement": False,
        },
    }
    assert response.pop("video_url").endswith(f"{id_}/1/video.mp4")
    assert response.pop("thumbnail_url").endswith(f"{id_}/1/thumbnail.jpg")
    assert response == {
        "success": True,
        "task_id": id_,
        "video_id": id_,
        "prompt": "a cat",
        "state": "completed",
        "video_width": 1280,
        "video_height": 720,
        "thumbnail_width": 1280,
        "thumbnail_height": 720,
    }


async def test_a_failure_is_no_success_and_says_why(server: Server) -> None:
    id_ = (await videos(server, **AT_ONCE))["task_id"]
    await server.fail(id_, "no such luck")
    response = (await retrieved(server, id_))["response"]
    assert (response["success"], response["state"]) == (False, "failed")
    assert response["error"] == {"code": "engine_rejected", "message": "no such luck"}


async def test_several_tasks_are_told_of_at_once_without_those_that_are_not_there(
    server: Server,
) -> None:
    ids = [(await videos(server, **AT_ONCE))["task_id"] for _ in range(2)]
    body = {"ids": [*ids, "nonsense"], "action": "retrieve_batch"}
    reported = await server.json("POST", "/luma/tasks", json=body)
    assert reported["count"] == 2
    assert [item["id"] for item in reported["items"]] == ids


@pytest.mark.parametrize("name", ["task_id", "id"])
@pytest.mark.parametrize("more", [{}, {"action": None}, {"action": "retrieve"}])
async def test_a_task_is_polled_by_its_id_without_an_action_as_documented(
    server: Server, name: str, more: dict[str, Any]
) -> None:
    id_ = (await videos(server, **AT_ONCE))["task_id"]
    reported = await server.json("POST", "/luma/tasks", json={name: id_, **more})
    assert reported == await retrieved(server, id_)
    assert reported["response"]["state"] == "pending"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"task_id": 7}, "task_id"),
        ({"action": "retrieve"}, "id"),
        ({"task_id": "one", "id": "two"}, "task_id"),
        ({"task_id": "one", "ids": ["two"]}, "task_id"),
        ({"action": "look", "task_id": "one"}, "action"),
        ({}, "ids"),
    ],
)
async def test_a_poll_that_makes_no_sense_is_refused_by_its_field(
    server: Server, body: dict[str, Any], named: str
) -> None:
    reported = await server.refused("POST", "/luma/tasks", 400, json=body)
    assert reported["error"]["param"] == named


async def test_a_task_that_is_not_there_is_not_found(server: Server) -> None:
    await server.refused("POST", "/luma/tasks", 404, json={"task_id": "nonsense"})


async def test_a_callback_is_told_the_result_at_the_end_alone(server: Server) -> None:
    hook = "https://93.184.216.34/told"
    reported = await videos(server, action="generate", prompt="a cat", callback_url=hook)
    assert reported["state"] == "pending"
    finished = await server.complete(reported["task_id"])
    assert finished.announce == Announce(url=hook, format="ace", only_final=True)
    body = json.loads(LumaRelay().announcement(finished, wording="ace", url=lambda key: f"/{key}"))
    assert body["success"] is True
    assert body["video_url"] == f"/{reported['task_id']}/1/video.mp4"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"action": "remix"}, "action"),
        ({"action": ["extend"]}, "action"),
        ({"action": "extend"}, "video_id"),
        ({"action": "extend", "video_id": 7}, "video_id"),
        ({"action": "extend", "video_url": "https://example.com/a.mp4"}, "video_url"),
        ({"action": "extend", "video_url": "http://[half"}, "video_url"),
        ({"action": "generate", "video_id": "x"}, "video_id"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
        ({"timeout": 1e9}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"async": "perhaps"}, "async"),
        ({"enhancement": "perhaps"}, "enhancement"),
        ({"prompt": None}, "user_prompt"),
        ({"aspect_ratio": "5:7"}, "aspect_ratio"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_field(
    server: Server, body: dict[str, Any], named: str
) -> None:
    sent = {"prompt": "a cat", "async": True, **body}
    reported = await server.refused("POST", "/luma/videos", 400, json=sent)
    assert reported["error"]["param"] == named


async def test_a_video_that_is_not_there_cannot_be_extended(server: Server) -> None:
    body = {**AT_ONCE, "action": "extend", "video_id": "15b7abb1-3741-4b7e-9615-1f9a16c7442d"}
    await server.refused("POST", "/luma/videos", 404, json=body)
