"""What was asked for elsewhere reads correctly here; callbacks are the Generation and no more."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter
from tests.dialects.luma.conftest import PIXEL, Server

from rushes.core.generation import Announce, Generation
from rushes.dialects.luma import wire
from rushes.dialects.luma.dialect import Luma

TOLD = TypeAdapter(wire.Generation)


async def native(server: Server, **body: Any) -> str:
    reply = await server.client.post("/api/v1/generations", json=body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def read(server: Server, id_: str) -> dict[str, Any]:
    """Return how it reads, having looked that it is of the documented shape and no other."""
    reported = await server.get(id_)
    TOLD.validate_python(reported, strict=True, extra="forbid")
    return reported


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ({"prompt": "a dune", "model": "ray-3", "seed": 7, "expand_prompt": True}, "video"),
        ({"prompt": "a dune", "keyframes": {"first": {"image": PIXEL}}}, "video"),
        ({"prompt": "a dune", "concepts": ["dolly_zoom"], "duration_s": 10}, "video"),
        ({"kind": "image", "prompt": "a dune", "model": "uni-1", "aspect_ratio": "3:1"}, "image"),
        (
            {
                "kind": "image",
                "prompt": "a dune",
                "still": {"format": "png", "references": [{"image": PIXEL, "role": "character"}]},
            },
            "image",
        ),
    ],
)
async def test_what_our_own_api_asked_for_reads_here(
    server: Server, body: dict[str, Any], type_: str
) -> None:
    id_ = await native(server, **body)
    reported = await read(server, id_)
    assert (reported["state"], reported["request"]["generation_type"]) == ("queued", type_)
    await server.complete(id_)
    assert (await read(server, id_))["assets"]["image"]


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ({"kind": "upscale", "resolution": "4k"}, "upscale_video"),
        ({"kind": "audio"}, "add_audio"),
        ({"kind": "reframe", "aspect_ratio": "1:1"}, "reframe_video"),
        ({"kind": "modify", "prompt": "by night"}, "modify_video"),
    ],
)
async def test_work_on_an_earlier_generation_reads_here(
    server: Server, body: dict[str, Any], type_: str
) -> None:
    earlier = await server.completed()
    id_ = await native(server, source={"generation_id": earlier}, **body)
    reported = await read(server, id_)
    assert reported["request"]["generation_type"] == type_
    if "media" in reported["request"]:
        assert reported["request"]["media"]["url"].endswith(f"{earlier}/1/video.mp4")


async def test_a_picture_that_follows_an_earlier_generation_shows_its_file(server: Server) -> None:
    earlier = await server.completed("/generations/image")
    references = [{"generation_id": earlier, "weight": 0.5}]
    id_ = await native(
        server, kind="image", prompt="a dune", still={"format": "jpg", "references": references}
    )
    (reference,) = (await read(server, id_))["request"]["image_ref"]
    assert reference["url"].endswith(f"{earlier}/1/image.jpg")
    await server.client.delete(f"/dream-machine/v1/generations/{earlier}")
    (reference,) = (await read(server, id_))["request"]["image_ref"]
    assert reference == {"url": None, "weight": 0.5}


async def test_what_a_relay_client_asked_for_reads_here(server: Server) -> None:
    reply = await server.client.post(
        "/luma/generations", json={"user_prompt": "a dune", "model_name": "ray-v1", "loop": "true"}
    )
    reported = await read(server, reply.json()["id"])
    assert reported["model"] == "ray-1-6"
    assert reported["request"]["loop"] is True


async def test_what_was_asked_for_here_reads_elsewhere(server: Server) -> None:
    id_ = await server.completed(duration="9s")
    own = (await server.client.get(f"/api/v1/generations/{id_}")).json()
    assert (own["request"]["duration_s"], own["dialect"]) == (9, "luma")
    relay = (await server.client.get(f"/luma/generations/{id_}")).json()
    assert (relay["state"], relay["request"]["duration"]) == ("completed", "9s")


async def test_a_callback_is_exactly_the_generation(server: Server) -> None:
    hook = "https://93.184.216.34/told"
    id_ = (await server.ask(prompt="a dune", callback_url=hook))["id"]
    stored = await server.complete(id_)
    assert stored.announce == Announce(url=hook, format="luma")

    def url(key: str) -> str:
        return f"http://rushes.test/media/x/{key}"

    for generation in (stored, await _failed(server)):
        body = Luma.official().announcement(generation, wording="luma", url=url)
        reported = TOLD.validate_json(body, strict=True, extra="forbid")
        assert reported["id"] == generation.id
        assert reported["state"] in {"completed", "failed"}
        read_now = await read(server, generation.id)
        assert {**json.loads(body), "assets": None} == {**read_now, "assets": None}


async def _failed(server: Server) -> Generation:
    return await server.fail((await server.ask(prompt="a dune"))["id"])


def test_three_quick_retries_come_before_the_common_ones() -> None:
    assert Luma.official().fast_retries_s == (0.1, 0.1, 0.1)
