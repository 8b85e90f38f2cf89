"""How the Dream Machine API says no: documented sentences, and fields as FastAPI lists them."""

from typing import Any

import pytest
from tests.dialects.luma.conftest import ALL, PIXEL, ROOT, Server

from rushes.core.errors import InvalidRequest
from rushes.core.spec import GenerationSpec
from rushes.dialects.luma.parse import ParsedRequest, with_our_names

IMAGE = {"type": "image", "url": PIXEL}
NOBODY = {"type": "generation", "id": "15b7abb1-3741-4b7e-9615-1f9a16c7442d"}


@pytest.mark.parametrize(
    ("prompt", "reported"),
    [
        (None, "Prompt is required"),
        ("", "Prompt is required"),
        ("  ", "Prompt is required"),
        ("ab", "Prompt is too short, minimum length is 3 characters"),
        (" ab ", "Prompt is too short, minimum length is 3 characters"),
        ("a" * 5001, "Prompt is too long, maximum length is 5000 characters"),
    ],
)
@pytest.mark.parametrize("path", ["/generations/video", "/generations/image"])
async def test_a_prompt_that_will_not_do_is_refused_in_the_documented_words(
    server: Server, path: str, prompt: str | None, reported: str
) -> None:
    assert await server.refused(path, prompt=prompt) == reported


@pytest.mark.parametrize("prompt", ["abc", "a" * 5000])
async def test_the_shortest_and_the_longest_prompt_are_taken(server: Server, prompt: str) -> None:
    assert (await server.ask(prompt=prompt))["request"]["prompt"] == prompt


@pytest.mark.parametrize(
    ("frame0", "frame1", "what"),
    [
        (None, IMAGE, "end frame"),
        (IMAGE, IMAGE, "keyframes"),
        (None, NOBODY, "extend reverse"),
        (NOBODY, IMAGE, "interpolate video to image"),
        (IMAGE, NOBODY, "interpolate image to video"),
        (NOBODY, NOBODY, "interpolate between two videos"),
    ],
)
async def test_what_cannot_loop_is_refused_in_the_documented_words(
    server: Server, frame0: Any, frame1: Any, what: str
) -> None:
    frames = {"frame0": frame0, "frame1": frame1}
    reported = await server.refused(prompt="a dune", loop=True, keyframes=frames)
    assert reported == f"Loop is not supported for {what}"


async def test_a_first_image_and_an_extension_can_loop(server: Server) -> None:
    reported = await server.ask(prompt="a dune", loop=True, keyframes={"frame0": IMAGE})
    assert reported["request"]["loop"] is True
    earlier = {"type": "generation", "id": await server.completed()}
    await server.ask(prompt="a dune", loop=True, keyframes={"frame0": earlier})


@pytest.mark.parametrize("frames", [{}, {"frame0": None}, {"frame0": None, "frame1": None}])
async def test_keyframes_without_a_keyframe_are_refused(
    server: Server, frames: dict[str, None]
) -> None:
    assert await server.refused(prompt="a dune", keyframes=frames) == "No keyframes provided"


@pytest.mark.parametrize(
    "path", ["/generations/video", "/generations/image", "/generations/video/reframe"]
)
async def test_a_type_that_the_path_has_not_is_unknown(server: Server, path: str) -> None:
    reported = await server.refused(path, prompt="a dune", generation_type="hologram")
    assert reported == "Unknown request type"


@pytest.mark.parametrize(
    ("path", "body", "loc", "type_"),
    [
        ("/generations", {"seed": 1}, ["seed"], "extra_forbidden"),
        ("/generations", {"prompt": 7}, ["prompt"], "string_type"),
        ("/generations", {"loop": "true"}, ["loop"], "bool_type"),
        ("/generations", {"duration": "long"}, ["duration"], "string_pattern_mismatch"),
        ("/generations", {"duration": "7s"}, ["duration"], "value_error"),
        ("/generations", {"model": "sora"}, ["model"], "value_error"),
        ("/generations", {"model": "photon-1"}, ["model"], "value_error"),
        ("/generations", {"aspect_ratio": "5:7"}, ["aspect_ratio"], "value_error"),
        ("/generations", {"concepts": [{"key": "moonwalk"}]}, ["concepts"], "value_error"),
        (
            "/generations",
            {"keyframes": {"frame0": {"type": "image"}}},
            ["keyframes", "frame0", "image", "url"],
            "missing",
        ),
        (
            "/generations",
            {"keyframes": {"frame1": {"type": "image", "url": "data:,nothing"}}},
            ["keyframes", "frame1", "url"],
            "value_error",
        ),
        (
            "/generations",
            {"callback_url": "http://10.0.0.1/"},
            ["callback_url"],
            "value_error",
        ),
        ("/generations/image", {"model": "ray-2"}, ["model"], "value_error"),
        ("/generations/image", {"aspect_ratio": "5:7"}, ["aspect_ratio"], "value_error"),
        ("/generations/image", {"format": "gif"}, ["format"], "literal_error"),
        (
            "/generations/image",
            {"image_ref": [{"url": PIXEL}], "style_ref": [{"url": "data:,nothing"}]},
            ["style_ref", "0", "url"],
            "value_error",
        ),
        (
            "/generations/image",
            {"image_ref": [{"url": PIXEL, "weight": 2}]},
            ["image_ref", "0", "weight"],
            "less_than_equal",
        ),
    ],
)
async def test_a_field_that_will_not_do_is_told_as_fastapi_tells_it(
    server: Server, path: str, body: dict[str, Any], loc: list[str], type_: str
) -> None:
    faults = await server.faults(path, **{"prompt": "a dune", **body})
    assert [(fault["loc"], fault["type"]) for fault in faults] == [(["body", *loc], type_)]


async def test_a_refused_value_is_shown_and_what_works_is_named(server: Server) -> None:
    (fault,) = await server.faults(prompt="a dune", resolution="8k")
    assert fault["input"] == "8k"
    assert "1080p, 4k, not '8k'" in fault["msg"]
    (fault,) = await server.faults(prompt="a dune", model="sora")
    assert "ray-flash-2" in fault["msg"]


def test_where_no_new_video_is_made_in_4k_upscaling_is_named() -> None:
    requested = ParsedRequest(
        spec=GenerationSpec(prompt="a dune", resolution="4k"), callback_url=None
    )
    error = with_our_names(
        InvalidRequest("resolution must be 1080p, not '4k'", param="resolution"), requested
    )
    ((_, why),) = error.problems
    assert why.endswith("; upscale a finished video to have it in 4k")


async def test_several_fields_are_told_of_at_once(server: Server) -> None:
    faults = await server.faults(prompt="a dune", resolution="8k", aspect_ratio="5:7")
    assert {fault["loc"][1] for fault in faults} == {"resolution", "aspect_ratio"}


async def test_what_is_no_json_is_told_as_such(server: Server) -> None:
    reply = await server.client.post(
        ALL, content=b"{", headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == 422
    (fault,) = reply.json()["detail"]
    assert (fault["type"], fault["loc"]) == ("json_invalid", ["body"])
    assert reply.headers["x-should-retry"] == "false"


@pytest.mark.parametrize(
    ("place", "param"),
    [
        ({"x_start": 0}, "x_end"),
        ({"y_end": 100}, "y_start"),
        ({"x_start": 9, "x_end": 9}, "x_end"),
        ({"x_start": 0, "x_end": 100}, "resized_height"),
        ({"x_start": 0, "x_end": 100, "resized_width": 99}, "resized_width"),
        ({"x_start": 0, "x_end": 100, "grid_position_x": 5}, "grid_position_x"),
        ({"grid_position_x": 5, "grid_position_y": 5}, "resized_width"),
        ({"x_start": -400, "x_end": -100, "y_start": 0, "y_end": 9}, "x_start"),
    ],
)
async def test_a_place_in_the_grid_that_makes_no_sense_is_refused(
    server: Server, place: dict[str, int], param: str
) -> None:
    faults = await server.faults(
        "/generations/video/reframe",
        generation_type="reframe_video",
        media={"url": "https://example.com/one.mp4"},
        aspect_ratio="16:9",
        **place,
    )
    (fault,) = [fault for fault in faults if fault["loc"] == ["body", param]]
    assert fault["msg"].startswith(param)


async def test_a_first_frame_is_refused_where_nobody_would_look_at_it(server: Server) -> None:
    body = {"media": {"url": "https://example.com/one.mp4"}, "first_frame": {"url": PIXEL}}
    for path, more in (
        ("reframe", {"generation_type": "reframe_video", "aspect_ratio": "1:1"}),
        ("modify", {"generation_type": "modify_video", "mode": "flex_1", "prompt": "by night"}),
    ):
        (fault,) = await server.faults(f"/generations/video/{path}", **body, **more)
        assert fault["loc"] == ["body", "first_frame"]


@pytest.mark.parametrize("key", [None, "rsk_wrong"])
async def test_without_a_good_key_nothing_is_told(server: Server, key: str | None) -> None:
    reply = await server.as_client(key).get(ALL)
    assert reply.status_code == 401
    assert reply.json() == {"detail": "Invalid API key is provided"}


@pytest.mark.parametrize("id_", ["15b7abb1-3741-4b7e-9615-1f9a16c7442d", "nonsense"])
async def test_what_is_not_there_is_not_found(server: Server, id_: str) -> None:
    for reply in (
        await server.client.get(f"{ALL}/{id_}"),
        await server.client.delete(f"{ALL}/{id_}"),
        await server.client.post(f"{ALL}/{id_}/upscale", json={}),
        await server.client.post(
            ALL,
            json={
                "prompt": "a dune",
                "keyframes": {"frame0": {"type": "generation", "id": id_}},
            },
        ),
    ):
        assert reply.status_code == 404
        assert reply.json() == {"detail": "Generation not found"}
        assert reply.headers["x-should-retry"] == "false"


async def test_another_accounts_generation_is_not_found(server: Server) -> None:
    id_ = await server.completed()
    _, secret = await server.running_app.accounts.create_key("another")
    stranger = server.as_client(secret)
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/upscale")):
        reply = await stranger.request(method, f"{ALL}/{id_}{path}")
        assert reply.status_code == 404
    assert (await stranger.get(ALL)).json()["count"] == 0


async def test_paths_that_are_not_there_are_told_of_in_the_same_shape(server: Server) -> None:
    reply = await server.client.get(f"{ROOT}/nothing")
    assert reply.status_code == 404
    assert set(reply.json()) == {"detail"}
    reply = await server.client.get(f"{ALL}/video/reframe")
    assert reply.status_code == 405
    assert set(reply.json()) == {"detail"}


@pytest.mark.parametrize("key", ["Pan Left", "pan-left", "panleft"])
async def test_an_unknown_concept_is_refused_with_the_nearest(server: Server, key: str) -> None:
    (fault,) = await server.faults(prompt="a dune", concepts=[{"key": key}])
    assert fault["msg"].endswith(f"not {key!r}; the nearest is pan_left")
