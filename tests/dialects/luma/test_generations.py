"""What the Dream Machine API takes and answers, route by route."""

from datetime import datetime

import pytest
from tests.dialects.luma.conftest import ALL, PIXEL, ROOT, Server


@pytest.mark.parametrize("path", ["/generations", "/generations/video"])
async def test_both_spellings_of_create_make_a_queued_generation(server: Server, path: str) -> None:
    reported = await server.ask(path, prompt="a dune at dusk", model="ray-flash-2")
    request = reported.pop("request")
    assert reported == {
        "id": reported["id"],
        "generation_type": "video",
        "state": "queued",
        "failure_reason": None,
        "created_at": "2026-01-02T03:04:05.678901Z",
        "assets": None,
        "model": "ray-flash-2",
    }
    assert request == {
        "generation_type": "video",
        "prompt": "a dune at dusk",
        "aspect_ratio": "16:9",
        "loop": False,
        "keyframes": None,
        "callback_url": None,
        "model": "ray-flash-2",
        "resolution": "720p",
        "duration": "5s",
        "concepts": None,
    }


async def test_everything_that_is_asked_for_is_told_again(server: Server) -> None:
    body = {
        "generation_type": "video",
        "prompt": "a dune at dusk",
        "aspect_ratio": "9:16",
        "loop": True,
        "callback_url": "https://93.184.216.34/told",
        "model": "ray-2",
        "resolution": "1080p",
        "duration": "9s",
        "concepts": [{"key": "dolly_zoom"}],
    }
    reported = (await server.ask(**body))["request"]
    assert reported == {**body, "keyframes": None}


@pytest.mark.parametrize("duration", ["9s", 9, 9.0, "9", "9.0s"], ids=repr)
async def test_a_duration_may_be_a_number_of_seconds(server: Server, duration: object) -> None:
    reported = await server.ask(prompt="a dune", duration=duration)
    assert reported["request"]["duration"] == "9s"


@pytest.mark.parametrize(
    "duration", [7, True, -5, 10**400, "", [], "9 s", "s"], ids=lambda value: repr(value)[:9]
)
async def test_what_is_no_duration_is_refused_as_it_was_sent(
    server: Server, duration: object
) -> None:
    (fault,) = await server.faults(prompt="a dune", duration=duration)
    assert fault["loc"] == ["body", "duration"]


async def test_an_empty_prompt_is_a_missing_one_where_there_is_a_picture_or_a_source(
    server: Server,
) -> None:
    frames = {"frame0": {"type": "image", "url": PIXEL}}
    reported = await server.ask(prompt="", keyframes=frames)
    assert reported["request"]["prompt"] == ""
    id_ = await server.completed()
    reported = await server.ask(
        f"/generations/{id_}/audio", prompt="", negative_prompt=" ", status=200
    )
    assert (reported["request"]["prompt"], reported["request"]["negative_prompt"]) == ("", None)
    media = {"media": {"url": "https://example.com/a.mp4"}, "prompt": ""}
    body = {"generation_type": "reframe_video", "aspect_ratio": "1:1", **media}
    reported = await server.ask("/generations/video/reframe", **body)
    assert reported["request"]["prompt"] == ""
    body = {"generation_type": "modify_video", "mode": "flex_1", **media}
    reported = await server.ask("/generations/video/modify", **body)
    assert reported["request"]["prompt"] == ""


async def test_null_says_the_same_as_nothing(server: Server) -> None:
    fields = ("model", "aspect_ratio", "loop", "keyframes", "resolution", "duration", "concepts")
    reported = await server.ask(prompt="a dune", **dict.fromkeys(fields))
    assert reported["request"]["model"] == "ray-2"


async def test_a_generation_goes_from_queued_to_dreaming_to_completed(server: Server) -> None:
    id_ = (await server.ask(prompt="a dune"))["id"]
    await server.run(id_)
    reported = await server.get(id_)
    assert (reported["state"], reported["assets"]) == ("dreaming", None)
    other = (await server.ask(prompt="a dune"))["id"]
    await server.complete(other)
    reported = await server.get(other)
    assert reported["state"] == "completed"
    assert reported["assets"]["video"].endswith(f"{other}/1/video.mp4")
    assert reported["assets"]["image"].endswith(f"{other}/1/thumbnail.jpg")
    assert reported["assets"]["progress_video"] is None
    reply = await server.as_client(None).get(reported["assets"]["video"])
    assert (reply.status_code, reply.content) == (200, b"a file")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("engine_rejected", "Job failed: no such luck"),
        ("input_unusable", "Failed to read user input frames: no such luck"),
    ],
)
async def test_a_failure_says_why_in_the_documented_words(
    server: Server, code: str, reason: str
) -> None:
    id_ = (await server.ask(prompt="a dune"))["id"]
    await server.fail(id_, code=code)
    reported = await server.get(id_)
    assert (reported["state"], reported["failure_reason"], reported["assets"]) == (
        "failed",
        reason,
        None,
    )


async def test_what_was_cancelled_elsewhere_has_failed_here(server: Server) -> None:
    id_ = (await server.ask(prompt="a dune"))["id"]
    await server.client.post(f"/api/v1/generations/{id_}/cancel")
    reported = await server.get(id_)
    assert reported["state"] == "failed"
    assert reported["failure_reason"] == "Job failed: cancelled by the caller"


async def test_a_page_of_the_list_says_whether_there_is_more(server: Server) -> None:
    ids = []
    for _ in range(3):
        server.clock.advance(seconds=1)
        ids.append((await server.ask(prompt="a dune"))["id"])
    reply = await server.client.get(ALL, params={"limit": 2, "offset": 0})
    reported = reply.json()
    assert [one["id"] for one in reported.pop("generations")] == ids[:0:-1]
    assert reported == {"has_more": True, "count": 2, "limit": 2, "offset": 0}
    reported = (await server.client.get(ALL, params={"limit": 2, "offset": 2})).json()
    assert (reported["has_more"], reported["count"]) == (False, 1)
    assert (await server.client.get(ALL)).json()["limit"] == 100


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1"])
async def test_a_page_that_cannot_be_is_refused_by_its_parameter(
    server: Server, query: str
) -> None:
    name, _, value = query.partition("=")
    reply = await server.client.get(f"{ALL}?{query}")
    assert reply.status_code == 422
    (fault,) = reply.json()["detail"]
    assert (fault["loc"], fault["input"]) == (["query", name], value)
    assert name not in fault["msg"]


@pytest.mark.parametrize("state", ["queued", "running", "completed", "failed"])
async def test_delete_removes_whatever_the_state(server: Server, state: str) -> None:
    id_ = (await server.ask(prompt="a dune"))["id"]
    match state:
        case "running":
            await server.run(id_)
        case "completed":
            await server.complete(id_)
        case "failed":
            await server.fail(id_)
        case _:
            assert state == "queued"
    reply = await server.client.delete(
        f"{ALL}/{id_}", headers={"Content-Type": "application/json", "Accept": "*/*"}
    )
    assert (reply.status_code, reply.content) == (204, b"")
    assert (await server.client.get(f"{ALL}/{id_}")).status_code == 404
    assert server.running_app.media.path(f"{id_}/1/video.mp4") is None


async def test_keyframes_are_told_as_they_were_given(server: Server) -> None:
    earlier = await server.completed()
    reported = await server.ask(
        prompt="it goes on",
        keyframes={
            "frame0": {"type": "generation", "id": earlier},
            "frame1": {"type": "image", "url": "https://example.com/end.png"},
        },
    )
    assert reported["request"]["keyframes"] == {
        "frame0": {"type": "generation", "id": earlier},
        "frame1": {"type": "image", "url": "https://example.com/end.png"},
    }
    reported = await server.ask(keyframes={"frame0": {"type": "image", "url": PIXEL}})
    link = reported["request"]["keyframes"]["frame0"]["url"]
    assert link.startswith("http://rushes.test/media/")
    assert reported["request"]["prompt"] == ""


@pytest.mark.parametrize(
    ("frames", "property_"),
    [
        (("frame0",), "extends"),
        (("frame1",), "leads_to"),
        (("frame0", "frame1"), "interpolates"),
    ],
)
async def test_a_generation_as_keyframe_is_extended_led_up_to_or_joined(
    server: Server, frames: tuple[str, ...], property_: str
) -> None:
    earlier = await server.completed(model="ray-flash-2", aspect_ratio="1:1")
    keyframes = {name: {"type": "generation", "id": earlier} for name in frames}
    reported = await server.ask(prompt="it goes on", keyframes=keyframes)
    assert reported["request"]["aspect_ratio"] == "1:1"
    assert reported["model"] == "ray-flash-2"
    stored = await server.stored(reported["id"])
    assert getattr(stored.spec, property_)


async def test_upscale_and_audio_answer_200_with_a_generation_of_their_own(server: Server) -> None:
    earlier = await server.completed(model="ray-flash-2")
    path = f"/generations/{earlier}"
    reported = await server.ask(f"{path}/upscale", status=200, resolution="1080p")
    assert reported["id"] != earlier
    assert (reported["generation_type"], reported["model"]) == ("video", "ray-flash-2")
    assert reported["request"] == {
        "generation_type": "upscale_video",
        "resolution": "1080p",
        "callback_url": None,
    }
    reported = await server.ask(f"{path}/audio", status=200, prompt="surf", negative_prompt="birds")
    assert reported["request"] == {
        "generation_type": "add_audio",
        "prompt": "surf",
        "negative_prompt": "birds",
        "callback_url": None,
    }


async def test_upscale_without_a_body_takes_the_next_resolution(server: Server) -> None:
    earlier = await server.completed()
    reply = await server.client.post(f"{ALL}/{earlier}/upscale")
    assert reply.status_code == 200
    assert reply.json()["request"]["resolution"] == "1080p"


async def test_work_on_what_is_not_done_is_refused_until_it_is(server: Server) -> None:
    id_ = (await server.ask(prompt="a dune"))["id"]
    reply = await server.client.post(f"{ALL}/{id_}/upscale", json={})
    assert reply.status_code == 409
    assert "queued" in reply.json()["detail"]
    assert "retry-after" in reply.headers
    await server.fail(id_)
    reply = await server.client.post(f"{ALL}/{id_}/upscale", json={})
    assert reply.status_code == 409
    assert reply.headers["x-should-retry"] == "false"


async def test_a_picture_is_asked_for_with_all_its_references(server: Server) -> None:
    url = "https://example.com/one.png"
    body = {
        "generation_type": "image",
        "prompt": "a dune",
        "model": "photon-flash-1",
        "aspect_ratio": "3:4",
        "format": "png",
        "image_ref": [{"url": url, "weight": 0.5}, {"url": url}],
        "style_ref": [{"url": url}],
        "character_ref": {"identity0": {"images": [url, url]}},
        "modify_image_ref": {"url": url, "weight": 1},
        "callback_url": None,
    }
    reported = await server.ask("/generations/image", **body)
    assert reported["generation_type"] == "image"
    assert reported["request"] == {
        **body,
        "image_ref": [{"url": url, "weight": 0.5}, {"url": url, "weight": 0.85}],
        "style_ref": [{"url": url, "weight": 0.8}],
        "modify_image_ref": {"url": url, "weight": 1.0},
    }
    usual = await server.ask("/generations/image", prompt="a dune")
    assert usual["model"] == "photon-1"
    assert usual["request"]["format"] == "jpg"
    assert usual["request"]["image_ref"] is None


async def test_a_finished_picture_is_the_image_and_there_is_no_video(server: Server) -> None:
    id_ = await server.completed("/generations/image")
    assets = (await server.get(id_))["assets"]
    assert assets["image"].endswith(f"{id_}/1/image.jpg")
    assert (assets["video"], assets["progress_video"]) == (None, None)


async def test_the_names_that_the_ai_sdk_sends_mean_the_same(server: Server) -> None:
    url = "https://example.com/one.png"
    reported = await server.ask(
        "/generations/image",
        prompt="a dune",
        image=[{"url": url, "weight": 0.85}],
        style=[{"url": url, "weight": 0.8}],
        character={"identity0": {"images": [url]}},
        modify_image={"url": url, "weight": 1},
    )
    request = reported["request"]
    assert request["image_ref"] == [{"url": url, "weight": 0.85}]
    assert request["style_ref"] == [{"url": url, "weight": 0.8}]
    assert request["character_ref"] == {"identity0": {"images": [url]}}
    assert request["modify_image_ref"] == {"url": url, "weight": 1.0}


async def test_a_picture_in_sync_mode_is_answered_after_its_timeout_at_the_latest(
    server: Server,
) -> None:
    reported = await server.ask("/generations/image", prompt="a dune", sync=True, sync_timeout=0.01)
    assert reported["state"] == "queued"


@pytest.mark.parametrize(
    ("place", "rectangle"),
    [
        ({"x_start": 512, "x_end": 1536, "y_start": 0, "y_end": 1152}, (0.25, 0, 0.5, 1)),
        (
            {
                "grid_position_x": 512,
                "grid_position_y": 288,
                "resized_width": 1024,
                "resized_height": 576,
            },
            (0.25, 0.25, 0.5, 0.5),
        ),
        ({"resized_width": 1024, "resized_height": 576}, (0.25, 0.25, 0.5, 0.5)),
    ],
)
async def test_a_video_is_reframed_to_where_the_grid_says(
    server: Server, place: dict[str, int], rectangle: tuple[float, ...]
) -> None:
    body = {
        "generation_type": "reframe_video",
        "media": {"url": "https://example.com/one.mp4"},
        "model": "ray-2",
        "aspect_ratio": "16:9",
        "prompt": "more of the dune",
    }
    reported = await server.ask("/generations/video/reframe", **body, **place)
    spec = (await server.stored(reported["id"])).spec
    assert spec.reframing is not None
    requested = spec.reframing.placement
    assert requested is not None
    assert (requested.x, requested.y, requested.width, requested.height) == rectangle
    request = reported["request"]
    assert {name: request[name] for name in body} == body
    assert request["x_end"] - request["x_start"] == rectangle[2] * 2048
    assert request["y_end"] - request["y_start"] == rectangle[3] * 1152


async def test_a_picture_is_reframed_and_covers_the_frame_unless_said_otherwise(
    server: Server,
) -> None:
    reported = await server.ask(
        "/generations/image/reframe",
        generation_type="reframe_image",
        media={"url": PIXEL},
        model="photon-1",
        aspect_ratio="21:9",
        format="png",
    )
    assert reported["generation_type"] == "image"
    request = reported["request"]
    assert request["generation_type"] == "reframe_image"
    assert request["format"] == "png"
    assert [request[name] for name in ("x_start", "x_end", "y_start", "y_end")] == [None] * 4
    assert request["media"]["url"].startswith("http://rushes.test/media/")


async def test_a_modification_is_asked_for_where_an_engine_can(server: Server) -> None:
    body = {
        "generation_type": "modify_video",
        "media": {"url": "https://example.com/one.mp4"},
        "model": "ray-2",
        "mode": "flex_1",
        "prompt": "the same by night",
    }
    reported = await server.ask("/generations/video/modify", **body)
    assert reported["request"] == {**body, "callback_url": None}
    faults = await server.faults("/generations/video/modify", **{**body, "mode": "flex_3"})
    assert faults[0]["loc"] == ["body", "mode"]
    assert faults[0]["input"] == "flex_3"


async def test_the_lists_of_camera_moves_are_bare_arrays_of_what_is_understood(
    server: Server,
) -> None:
    concepts = (await server.client.get(f"{ALL}/concepts/list")).json()
    assert concepts == ["dolly_zoom", "pan_left"]
    motions = (await server.client.get(f"{ALL}/camera_motion/list")).json()
    assert motions == ["camera dolly zoom", "camera pan left"]


async def test_ping_answers_with_and_without_a_key(server: Server) -> None:
    for client in (server.client, server.as_client(None)):
        assert (await client.get(f"{ROOT}/ping")).json() == {"message": "pong"}


async def test_there_are_always_credits(server: Server) -> None:
    assert (await server.client.get(f"{ROOT}/credits")).json() == {"credit_balance": 1e8}
    assert (await server.as_client(None).get(f"{ROOT}/credits")).status_code == 401


async def test_comfyui_finds_the_same_behind_its_proxy(server: Server) -> None:
    reply = await server.client.post("/proxy/luma/generations", json={"prompt": "a dune"})
    assert reply.status_code == 201
    id_ = reply.json()["id"]
    reply = await server.client.get(f"/proxy/luma/generations/{id_}")
    assert reply.json() == await server.get(id_)
    reply = await server.client.post("/proxy/luma/generations/image", json={"prompt": "a dune"})
    assert reply.json()["generation_type"] == "image"
    reply = await server.client.get("/proxy/luma/nothing")
    assert (reply.status_code, set(reply.json())) == (404, {"detail"})


async def test_moments_are_written_as_the_samples_write_them(server: Server) -> None:
    reported = (await server.ask(prompt="a dune"))["created_at"]
    assert datetime.fromisoformat(reported) == server.clock.now()
    assert reported.endswith("Z")
