"""What holds whatever is sent: a place in the grid comes back, and every body has its answer."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.dialects.luma.conftest import PIXEL, ROOT, Server

from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import Reframing
from rushes.dialects.luma import wire
from rushes.dialects.luma.grid import to_bounds, to_reframing

starts = st.integers(min_value=-2000, max_value=2000)
sizes = st.integers(min_value=1, max_value=4000)
ratios = st.sampled_from(sorted(STILL_SIZES))


def reframe(ratio: str, **place: int | None) -> Reframing | None:
    return to_reframing(
        wire.ReframeVideo(
            generation_type="reframe_video",
            media=wire.Media(url="https://example.com/one.mp4"),
            aspect_ratio=ratio,
            **place,
        )
    )


@given(ratio=ratios, x=starts, y=starts, width=sizes, height=sizes)
def test_a_place_in_the_grid_is_told_as_it_was_given_in_either_way(
    ratio: str, x: int, y: int, width: int, height: int
) -> None:
    by_bounds = reframe(ratio, x_start=x, x_end=x + width, y_start=y, y_end=y + height)
    by_size = reframe(
        ratio, grid_position_x=x, grid_position_y=y, resized_width=width, resized_height=height
    )
    assert by_bounds == by_size
    reported = to_bounds(by_bounds, ratio)
    assert (reported.x_start, reported.x_end, reported.y_start, reported.y_end) == (
        x,
        x + width,
        y,
        y + height,
    )


@given(ratio=ratios, width=sizes, height=sizes)
def test_what_has_a_size_and_no_place_is_centred(ratio: str, width: int, height: int) -> None:
    requested = reframe(ratio, resized_width=width, resized_height=height)
    assert requested is not None
    place = requested.placement
    assert place is not None
    assert place.x + place.width / 2 == pytest.approx(0.5)
    assert place.y + place.height / 2 == pytest.approx(0.5)


FIELDS = sorted(
    {
        name
        for model in (wire.CreateVideo, wire.CreateImage, wire.ReframeImage, wire.ModifyVideo)
        for name in model.model_fields
    }
    | {"frame0", "frame1", "type", "url", "id", "key", "weight", "identity0", "images", "x"}
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["video", "image", "generation", "http://10.0.0.1/", "data:,x", PIXEL, "5s"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)
    ),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=8) | values
paths = st.sampled_from(
    [
        "/generations",
        "/generations/image",
        "/generations/video/reframe",
        "/generations/image/reframe",
        "/generations/video/modify",
        "/generations/nobody/upscale",
        "/generations/nobody/audio",
    ]
)
calm = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def answered(server: Server, path: str, raw: bytes) -> None:
    reply = await server.client.post(
        ROOT + path, content=raw, headers={"Content-Type": "application/json"}
    )
    if reply.status_code in {200, 201}:
        assert reply.json()["state"] == "queued"
        return
    assert reply.status_code in {400, 404, 422}, reply.text
    detail = reply.json()["detail"]
    assert isinstance(detail, list) == (reply.status_code == 422)
    for fault in detail if isinstance(detail, list) else ():
        assert fault["loc"][0] == "body"
        assert fault["msg"]
        assert all(isinstance(part, str) for part in (*fault["loc"], fault["input"]))


@calm
@given(path=paths, body=bodies)
async def test_any_json_has_an_answer_of_the_documented_shape(
    server: Server, path: str, body: Any
) -> None:
    await answered(server, path, json.dumps(body).encode())


@calm
@given(path=paths, raw=st.binary(max_size=40))
async def test_any_bytes_have_an_answer_of_the_documented_shape(
    server: Server, path: str, raw: bytes
) -> None:
    await answered(server, path, raw)


async def test_an_id_may_be_written_as_in_any_other_api(server: Server) -> None:
    id_ = await server.completed()
    other = "video_" + id_.replace("-", "")
    assert (await server.get(other))["id"] == id_
    keyframes = {"frame0": {"type": "generation", "id": other}}
    reported = await server.ask(prompt="it goes on", keyframes=keyframes)
    assert reported["request"]["keyframes"]["frame0"]["id"] == id_
