"""What can be asked for, what is refused, and how a generation is told."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from tests.dialects.luma_agents.conftest import MP4, PNG, Server

from rushes.core.spec import (
    MEDIA_PREFIX,
    GenerationSpec,
    Kind,
    Medium,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.engines.base import Engine
from rushes.engines.scripted import ScriptedEngine

URL = "https://example.com/a.png"
CLIP = {"url": "https://example.com/a.mp4", "media_type": "video/mp4"}
IMAGE = {"url": URL}
FIELDS = {
    "id",
    "type",
    "state",
    "model",
    "created_at",
    "output",
    "failure_reason",
    "failure_code",
}


async def test_without_more_than_words_it_is_a_picture(server: Server) -> None:
    reported = await server.create()
    assert set(reported) == FIELDS
    assert (reported["type"], reported["state"], reported["model"]) == ("image", "queued", "uni-1")
    assert reported["created_at"] == "2026-01-02T03:04:05.678901Z"
    assert (reported["output"], reported["failure_code"]) == ([], None)
    spec = await server.spec(reported["id"])
    assert (spec.kind, spec.model, spec.still) == (Kind.IMAGE, "uni-1", Still(format="jpg"))


async def test_a_video_is_asked_for_with_all_it_may_have(server: Server) -> None:
    reported = await server.create(
        type="video",
        model="ray-3.2",
        aspect_ratio="21:9",
        user_id="somebody",
        style="auto",
        web_search=False,
        video={
            "resolution": "360p",
            "duration": "5s",
            "start_frame": IMAGE,
            "end_frame": {"data": b64encode(PNG).decode(), "media_type": "image/png"},
            "loop": False,
            "hdr": False,
            "exr_export": False,
        },
    )
    assert (reported["type"], reported["model"]) == ("video", "ray-3.2")
    spec = await server.spec(reported["id"])
    assert (spec.model, spec.aspect_ratio, spec.resolution) == ("ray-3", "21:9", "360p")
    assert (spec.duration_s, spec.loop, spec.prompt) == (5.0, False, "a dune")
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    assert first is not None
    assert first.image == URL
    assert last is not None
    assert last.media_key is not None
    path = server.media.path(last.media_key)
    assert path is not None
    assert path.read_bytes() == PNG


async def test_both_doors_lead_to_the_same_generation(server: Server) -> None:
    too = "/luma-agents/v1/generations"
    made = await server.ask("POST", too, json={"prompt": "x"}, status=201)
    one = f"/generations/{made['id']}"
    assert await server.ask("GET", f"/v1{one}", status=200) == made
    assert await server.ask("GET", f"/luma-agents/v1{one}", status=200) == made


@pytest.mark.parametrize(
    ("indexes", "duration", "pinned"),
    [
        ([0], "5s", {Position.FIRST: 0}),
        ([120], "5s", {Position.LAST: 0}),
        ([0, 240], "10s", {Position.FIRST: 0, Position.LAST: 1}),
        ([120, 0], None, {Position.LAST: 0, Position.FIRST: 1}),
    ],
)
async def test_keyframes_at_the_ends_are_pinned_there(
    server: Server, indexes: list[int], duration: str | None, pinned: dict[Position, int]
) -> None:
    frames = [{"url": f"https://example.com/{n}.png"} for n in range(len(indexes))]
    made = await server.video(keyframes=frames, keyframe_indexes=indexes, duration=duration)
    spec = await server.spec(made["id"])
    assert spec.duration_s == (10.0 if duration == "10s" else 5.0)
    assert {k.position: k.image for k in spec.keyframes} == {
        position: f"https://example.com/{n}.png" for position, n in pinned.items()
    }


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"loop": True, "duration": "10s"}, "video.loop"),
        ({"loop": True, "end_frame": IMAGE}, "video.loop"),
        ({"loop": True, "hdr": True}, "video.loop"),
        ({"loop": True, "keyframes": [IMAGE], "keyframe_indexes": [0]}, "video.loop"),
        ({"start_frame": IMAGE, "duration": "10s"}, "video.start_frame"),
        ({"end_frame": IMAGE, "duration": "10s"}, "video.end_frame"),
        (
            {"start_frame": IMAGE, "keyframes": [IMAGE], "keyframe_indexes": [0]},
            "video.keyframes cannot be given with video.start_frame",
        ),
        (
            {"end_frame": IMAGE, "keyframes": [IMAGE], "keyframe_indexes": [0]},
            "video.keyframes cannot be given with video.end_frame",
        ),
        ({"keyframes": [IMAGE]}, "as many as video.keyframes, 1, not 0"),
        ({"keyframe_indexes": [0]}, "as many as video.keyframes, 0, not 1"),
        ({"keyframes": [IMAGE, IMAGE], "keyframe_indexes": [0, 0]}, "must all be different"),
        ({"keyframes": [IMAGE], "keyframe_indexes": [121]}, "0 to 120 for this duration, not 121"),
        (
            {"keyframes": [IMAGE], "keyframe_indexes": [241], "duration": "10s"},
            "0 to 240 for this duration, not 241",
        ),
        (
            {"keyframes": [IMAGE, IMAGE], "keyframe_indexes": [0, 60]},
            "video.keyframe_indexes must be 0 or 120, not 60: no engine here pins",
        ),
        ({"hdr": True}, "video.hdr is not possible: no engine here makes HDR video"),
        ({"hdr": True, "resolution": "540p"}, "video.hdr needs 720p or 1080p, not 540p"),
        ({"hdr": True, "duration": "10s"}, "video.hdr needs a duration of 5s"),
        ({"exr_export": True}, "video.exr_export needs video.hdr"),
        (
            {"source_position": {"x_norm": 0, "y_norm": 0, "w_norm": 1, "h_norm": 1}},
            "video.source_position is for type video_reframe",
        ),
        ({"edit": {}}, "video.edit is for type video_edit"),
        (
            {"start_frame": {"url": URL, "media_type": "video/mp4"}},
            "video.start_frame.media_type must be that of an image",
        ),
    ],
)
async def test_what_contradicts_itself_or_cannot_be_done_is_refused_by_name(
    server: Server, options: dict[str, Any], named: str
) -> None:
    assert named in await server.video(422, **options)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"model": "ray-3.2"}, "model must be uni-1 or uni-1-max for type image"),
        ({"type": "video", "model": "uni-1"}, "model must be ray-3.2 for type video"),
        ({"type": "video", "aspect_ratio": "3:2"}, "aspect_ratio must be one of 9:16, 3:4"),
        ({"type": "video", "image_ref": [IMAGE]}, "image_ref is for pictures"),
        ({"type": "video", "output_format": "png"}, "output_format is for pictures"),
        ({"type": "video", "source": IMAGE}, "source is for image_edit, video_edit"),
        ({"source": IMAGE}, "source is for image_edit"),
        ({"type": "image_edit"}, "source is required for type image_edit"),
        ({"type": "video_reframe"}, "source is required"),
        ({"video": {}}, "video is for video, video_edit, video_reframe, not for type image"),
        ({"image_ref": [IMAGE] * 10}, "image_ref may have at most 9 for image, not 10"),
        (
            {"type": "image_edit", "source": IMAGE, "image_ref": [IMAGE] * 9},
            "image_ref may have at most 8 for image_edit, not 9",
        ),
        ({"style": "manga"}, "style must be auto"),
        ({"web_search": True}, "web_search is not possible"),
        ({"type": "layering", "source": IMAGE}, "type layering is not possible"),
        (
            {"type": "layering", "source": IMAGE, "prompt": "x" * 501, "model": "uni-1-max"},
            "model must be uni-1 for type layering; prompt may have at most 500",
        ),
        ({"layering": {"resolution": "1k"}}, "layering is for type layering"),
        ({"type": "video_reframe", "source": CLIP}, "aspect_ratio is required to reframe"),
        (
            {"type": "video_reframe", "source": {"url": "https://example.com/a"}},
            "source.media_type must be that of a video",
        ),
        (
            {"type": "video_reframe", "source": CLIP, "video": {"duration": "5s"}},
            "video.duration cannot be set for type video_reframe",
        ),
        (
            {"type": "video_reframe", "source": CLIP, "video": {"hdr": True}},
            "video.hdr is not for type video_reframe",
        ),
        (
            {"type": "video_edit", "source": CLIP, "video": {"loop": True, "start_frame": IMAGE}},
            "video.start_frame is for type video, not for type video_edit; video.loop is for type video",
        ),
        (
            {"type": "video_edit", "source": CLIP, "video": {"edit": {"auto_controls": True}}},
            "video.edit.auto_controls is not possible",
        ),
        (
            {"type": "video_edit", "source": CLIP, "video": {"edit": {"controls": {"pose": {}}}}},
            "video.edit.controls is not possible",
        ),
        ({"image_ref": [{"url": "ftp://example.com"}]}, "image_ref.0.url must be an http(s) URL"),
        (
            {"image_ref": [{"data": "AAAA", "media_type": "image/png"}]},
            "image_ref.0 must be an http(s) URL",
        ),
        (
            {"type": "video_reframe", "aspect_ratio": "1:1"}
            | {"source": {"data": b64encode(PNG).decode(), "media_type": "video/mp4"}},
            "source must be one of video/mp4",
        ),
        (
            {"type": "video_reframe", "aspect_ratio": "1:1"}
            | {"source": {"data": "no base64!", "media_type": "video/mp4"}},
            "source must be base64 of a video",
        ),
    ],
)
async def test_what_makes_no_sense_together_is_refused_with_422(
    server: Server, fields: dict[str, Any], named: str
) -> None:
    assert named in await server.create(422, **fields)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 6001}, "prompt"),
        ({"prompt": " \n "}, "prompt must have words"),
        ({"type": "movie"}, "type"),
        ({"seed": 7}, "seed"),
        ({"model": "ray-2"}, "model"),
        ({"aspect_ratio": "9:21"}, "aspect_ratio"),
        ({"video": {"duration": "9s"}}, "video.duration"),
        ({"video": {"resolution": "4k"}}, "video.resolution"),
        ({"video": {"keyframes": [IMAGE] * 65}}, "video.keyframes"),
        ({"video": {"keyframe_indexes": [-1]}}, "video.keyframe_indexes"),
        ({"source": {}}, "exactly one of url, data, generation_id, file_id"),
        ({"source": {"url": URL, "file_id": "a"}}, "exactly one of"),
        ({"source": {"data": "AAAA"}}, "source needs a media_type"),
        (
            {"video": {"source_position": {"x_norm": 0, "y_norm": 0, "w_norm": 3, "h_norm": 1}}},
            "w_norm",
        ),
        ({"video": {"edit": {"strength": "wild"}}}, "video.edit.strength"),
    ],
)
async def test_what_has_the_wrong_shape_is_refused_with_400(
    server: Server, fields: dict[str, Any], named: str
) -> None:
    assert named in await server.create(400, **fields)


async def test_what_is_no_json_is_refused(server: Server) -> None:
    for raw in (b"{", b"[]", b"", b"\xff"):
        await server.ask("POST", "/v1/generations", content=raw, status=400)


async def test_a_picture_follows_and_an_edit_changes_pictures(server: Server) -> None:
    earlier = await server.completed()
    made = await server.create(
        type="image_edit",
        model="uni-1-max",
        source={"generation_id": earlier.upper()},
        image_ref=[IMAGE, {"file_id": await server.file()}],
        output_format="png",
        aspect_ratio="3:1",
    )
    assert (made["type"], made["model"]) == ("image_edit", "uni-1-max")
    spec = await server.spec(made["id"])
    assert spec.still is not None
    assert (spec.still.format, spec.aspect_ratio) == ("png", "3:1")
    followed, uploaded, changed = spec.still.references
    assert (followed.role, followed.image, followed.weight) == (Role.CONTENT, URL, 0.5)
    assert str(uploaded.image).startswith(f"{MEDIA_PREFIX}uploads/")
    assert changed == Reference(role=Role.MODIFY, generation_id=earlier)


async def test_a_reframing_lays_its_source_where_it_is_told(server: Server) -> None:
    made = await server.create(
        type="video_reframe",
        source={"file_id": await server.file(MP4, "video/mp4")},
        aspect_ratio="9:16",
        video={
            "resolution": "540p",
            "source_position": {"x_norm": -0.5, "y_norm": 0.25, "w_norm": 2, "h_norm": 0.5},
        },
    )
    assert made["type"] == "video_reframe"
    spec = await server.spec(made["id"])
    assert spec.source is not None
    assert spec.source.medium is Medium.VIDEO
    assert str(spec.source.file).startswith(f"{MEDIA_PREFIX}uploads/")
    place = Rectangle(x=-0.5, y=0.25, width=2.0, height=0.5)
    assert spec.reframing == Reframing(placement=place)
    assert (spec.aspect_ratio, spec.resolution) == ("9:16", "540p")


async def test_a_video_may_come_inside_the_request(server: Server) -> None:
    for data in (b64encode(MP4).decode(), "data:video/mp4;base64," + b64encode(MP4).decode()):
        source = {"data": data, "media_type": "video/mp4"}
        made = await server.create(type="video_reframe", source=source, aspect_ratio="1:1")
        spec = await server.spec(made["id"])
        assert spec.source is not None
        path = server.media.path(str(spec.source.file).removeprefix(MEDIA_PREFIX))
        assert path is not None
        assert path.read_bytes() == MP4


async def test_an_edit_is_passed_on_where_an_engine_can(server: Server) -> None:
    made = await server.create(
        type="video_edit", source=CLIP, video={"edit": {"strength": "flex_1"}}
    )
    assert made["type"] == "video_edit"
    assert (await server.spec(made["id"])).mode == "flex_1"
    detail = await server.create(
        422, type="video_edit", source=CLIP, video={"edit": {"strength": "flex_3"}}
    )
    assert "video.edit.strength must be one of" in detail


class TestWithoutEdits:
    @pytest.fixture
    def engine(self) -> Engine:
        engine = ScriptedEngine([])
        engine.capabilities = replace(engine.capabilities, kinds=(Kind.VIDEO, Kind.IMAGE))
        return engine

    async def test_what_no_engine_can_do_is_refused(self, server: Server) -> None:
        assert "cannot modify a video" in await server.create(422, type="video_edit", source=CLIP)
        detail = await server.create(422, type="video_reframe", source=CLIP, aspect_ratio="1:1")
        assert "type: ray-3 cannot reframe; it can" in detail


class TestEarlierVideos:
    async def test_one_is_extended_forward_or_backward(self, server: Server) -> None:
        earlier = await server.completed(type="video", video={"resolution": "540p"})
        after = await server.video(start_frame={"generation_id": earlier})
        before = await server.video(end_frame={"generation_id": earlier})
        spec = await server.spec(after["id"])
        assert (spec.extends, spec.leads_to, spec.resolution) == (earlier, None, "540p")
        spec = await server.spec(before["id"])
        assert (spec.extends, spec.leads_to) == (None, earlier)

    async def test_two_are_joined(self, server: Server) -> None:
        one, two = [await server.completed(type="video", video={}) for _ in range(2)]
        made = await server.video(
            start_frame={"generation_id": one}, end_frame={"generation_id": two}
        )
        assert (await server.spec(made["id"])).interpolates

    async def test_a_still_is_a_picture_like_any_other(self, server: Server) -> None:
        still = await server.completed()
        for options in (
            {"start_frame": {"generation_id": still}},
            {"keyframes": [{"generation_id": still}], "keyframe_indexes": [0]},
        ):
            spec = await server.spec((await server.video(**options))["id"])
            first = spec.keyframe(Position.FIRST)
            assert first is not None
            assert first.media_key is not None
            assert spec.extends is None

    async def test_a_video_cannot_be_pinned_by_a_keyframe(self, server: Server) -> None:
        earlier = await server.completed(type="video", video={})
        detail = await server.video(
            422, keyframes=[{"generation_id": earlier}], keyframe_indexes=[0]
        )
        assert "video.keyframes.0" in detail
        assert "must be a picture" in detail

    async def test_another_size_is_refused_in_this_apis_words(self, server: Server) -> None:
        earlier = await server.completed(type="video", video={"resolution": "540p"})
        detail = await server.video(422, start_frame={"generation_id": earlier}, resolution="720p")
        assert "video.resolution must be 540p" in detail

    async def test_one_that_is_not_there_or_anothers_is_a_404(self, server: Server) -> None:
        hers = (await server.other.post("/v1/generations", json={"prompt": "x"})).json()["id"]
        for id_ in (hers, "nothing", "0" * 32):
            await server.video(404, start_frame={"generation_id": id_})
            await server.ask("GET", f"/v1/generations/{id_}", status=404)

    async def test_one_that_is_not_done_is_a_422_that_is_not_repeated(self, server: Server) -> None:
        made = await server.create(type="video", video={})
        frame = {"start_frame": {"generation_id": made["id"]}}
        body = {"prompt": "x", "type": "video", "video": frame}
        reply = await server.client.post("/v1/generations", json=body)
        assert reply.status_code == 422
        assert "once it is completed" in reply.json()["detail"]
        assert reply.headers["x-should-retry"] == "false"


class TestTelling:
    async def test_each_state_has_its_word(self, server: Server) -> None:
        made = await server.create(type="video", video={})
        path = f"/v1/generations/{made['id']}"
        await server.run(made["id"])
        assert (await server.ask("GET", path, status=200))["state"] == "processing"
        await server.context.generations.cancel(made["id"], caller=server.caller)
        reported = await server.ask("GET", path, status=200)
        assert (reported["state"], reported["failure_code"]) == ("failed", "generation_failed")
        assert reported["failure_reason"] == "cancelled by the caller"

    async def test_what_is_finished_has_a_link_that_needs_no_key(self, server: Server) -> None:
        requested: dict[str, dict[str, Any]] = {
            "image": {},
            "video": {"type": "video", "video": {}},
        }
        for word, fields in requested.items():
            id_ = await server.completed(**fields)
            reported = await server.ask("GET", f"/v1/generations/{id_}", status=200)
            assert reported["state"] == "completed"
            (output,) = reported["output"]
            assert output["type"] == word
            reply = await server.nobody.get(output["url"])
            assert (reply.status_code, reply.content) == (200, b"a file")
            server.clock.advance(seconds=26 * 3600)
            again = await server.ask("GET", f"/v1/generations/{id_}", status=200)
            assert again["output"][0]["url"] != output["url"]
            assert (await server.nobody.get(output["url"])).status_code == 410
            assert (await server.nobody.get(again["output"][0]["url"])).status_code == 200

    @pytest.mark.parametrize(
        ("code", "reported"),
        [
            ("input_unusable", "corrupt_input"),
            ("engine_rejected", "generation_failed"),
            ("engine_timeout", "generation_failed"),
            ("from the future", "generation_failed"),
        ],
    )
    async def test_a_failure_has_a_code_of_this_api(
        self, server: Server, code: str, reported: str
    ) -> None:
        made = await server.create()
        await server.fail(made["id"], code, "Why it is.")
        reply = await server.ask("GET", f"/v1/generations/{made['id']}", status=200)
        assert (reply["state"], reply["failure_code"]) == ("failed", reported)
        assert (reply["failure_reason"], reply["output"]) == ("Why it is.", [])

    @pytest.mark.parametrize(
        ("spec", "kind", "model"),
        [
            (GenerationSpec(prompt="x", model="ray-2", duration_s=9.0), "video", "ray-3.2"),
            (GenerationSpec(prompt="x", kind=Kind.IMAGE, model="photon-1"), "image", "uni-1"),
            (
                GenerationSpec(prompt="", kind=Kind.AUDIO, source=Source(file=CLIP["url"])),
                "video_edit",
                "ray-3.2",
            ),
            (
                GenerationSpec(
                    prompt="", kind=Kind.UPSCALE, source=Source(file=CLIP["url"]), resolution="4k"
                ),
                "video_edit",
                "ray-3.2",
            ),
            (
                GenerationSpec(
                    prompt="",
                    kind=Kind.REFRAME,
                    source=Source(file=URL, medium=Medium.IMAGE),
                    aspect_ratio="1:1",
                ),
                "image_edit",
                "uni-1",
            ),
            (
                GenerationSpec(prompt="x", kind=Kind.MODIFY, source=Source(file=CLIP["url"])),
                "video_edit",
                "ray-3.2",
            ),
        ],
        ids=lambda one: one.kind if isinstance(one, GenerationSpec) else None,
    )
    async def test_what_was_asked_for_elsewhere_is_told_in_this_apis_words(
        self, server: Server, spec: GenerationSpec, kind: str, model: str
    ) -> None:
        id_ = await server.submit(spec)
        reported = await server.ask("GET", f"/v1/generations/{id_}", status=200)
        assert set(reported) == FIELDS
        assert (reported["type"], reported["model"]) == (kind, model)
        await server.complete(id_)
        reported = await server.ask("GET", f"/v1/generations/{id_}", status=200)
        assert len(reported["output"]) == 1

    async def test_an_announcement_is_the_generation(self, server: Server) -> None:
        id_ = await server.completed()
        said = server.dialect.announcement(
            await server.stored(id_), wording="any", url=lambda key: f"https://x/{key}"
        )
        assert b'"state":"completed"' in said


class TestErrors:
    async def test_each_error_is_one_sentence(self, server: Server) -> None:
        await server.ask("GET", "/v1/generations", status=405)
        await server.ask("GET", "/v1/generations/a/b", status=404)
        await server.ask("GET", "/v1/files/a/b/c", status=404)
        await server.ask("PUT", "/luma-agents/v1/files", status=405)

    async def test_without_a_key_nothing_is_told(self, server: Server) -> None:
        for method, path in (("POST", "/v1/generations"), ("GET", "/v1/files")):
            reply = await server.nobody.request(method, path)
            assert reply.status_code == 401
            assert set(reply.json()) == {"detail"}
            assert reply.headers["x-api-version"] == "2026-04-01"

    async def test_the_callers_own_request_id_comes_back(self, server: Server) -> None:
        reply = await server.client.get("/v1/files", headers={"X-Request-Id": "mine"})
        assert reply.headers["x-request-id"] == "mine"

    async def test_what_is_beside_this_api_is_not_told_in_its_words(self, server: Server) -> None:
        reply = await server.client.get("/v1/videos")
        assert reply.headers["content-type"] == "application/problem+json"
