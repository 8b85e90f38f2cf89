"""A server with OpenAI's videos API as an upstream: what it is asked, and what its replies mean."""

import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.engines.upstream.loopback import Loopback, golden, line_to, loopback

from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    PermanentEngineError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position
from rushes.engines.base import Job
from rushes.engines.upstream.base import Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.openai_bodies import Flavour
from rushes.engines.upstream.openai_videos import CAPABILITIES, OF_FLAVOUR, OpenAIVideosUpstream

SPEC = GenerationSpec(
    prompt="a lake at dawn", aspect_ratio="16:9", resolution="720p", duration_s=4.0
)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        made.says("POST /v1/videos", golden("openai_queued"))
        made.says("POST /v1/videos/extensions", golden("openai_queued"))
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (320, 180)).save(tmp_path / "first.png")
    return tmp_path / "first.png"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    Image.new("RGB", (320, 180), "red").save(tmp_path / "last.png")
    return tmp_path / "last.png"


def order(spec: GenerationSpec = SPEC, *, model: str = "", **more: Any) -> SubmitOrder:
    known = {name: more.pop(name) for name in ("urls", "ids", "callback_url") if name in more}
    return SubmitOrder(
        job=Job(spec=spec, prompt=spec.prompt, **more), model=model, key="attempt-1", **known
    )


def upstream(there: Loopback, flavour: Flavour = "openai", **more: Any) -> OpenAIVideosUpstream:
    return OpenAIVideosUpstream(line_to(there), flavour=flavour, **more)


@pytest.mark.parametrize("flavour", get_args(Flavour))
async def test_a_submit_is_a_form_with_its_key_whatever_the_server(
    there: Loopback, flavour: Flavour
) -> None:
    assert await upstream(there, flavour).submit(order()) == "video_68f0c2"
    requested = there.last
    assert requested.headers["content-type"].startswith("multipart/form-data")
    assert requested.headers["idempotency-key"] == "attempt-1"
    assert requested.headers["authorization"] == "Bearer sk-secret"
    assert await requested.fields() == {
        "prompt": "a lake at dawn",
        "size": "1280x720",
        "seconds": "4",
    }


async def test_all_that_was_asked_for_is_told(there: Loopback, picture: Path) -> None:
    spec = replace(SPEC, seed=7, negative_prompt="rain", duration_s=5.0)
    there_is = upstream(there, "sglang", fps=16)
    await there_is.submit(order(spec, model="wan", first_image=picture))
    reported = await there.last.fields()
    assert reported.pop("input_reference").startswith("data:application/octet-stream;base64,iVBOR")
    assert reported == {
        "prompt": "a lake at dawn",
        "model": "wan",
        "size": "1280x720",
        "seconds": "5",
        "seed": "7",
        "negative_prompt": "rain",
        "fps": "16",
        "num_frames": "81",
    }


async def test_without_a_ratio_the_nearest_to_the_picture_is_asked_for(
    there: Loopback, tmp_path: Path
) -> None:
    Image.new("RGB", (100, 300)).save(tmp_path / "tall.png")
    spec = replace(SPEC, aspect_ratio=None)
    await upstream(there).submit(order(spec, first_image=tmp_path / "tall.png"))
    assert (await there.last.fields())["size"] == "720x1280"
    await upstream(there).submit(order(spec))
    assert (await there.last.fields())["size"] == "1280x720"


@pytest.mark.parametrize(
    ("flavour", "name", "value"),
    [
        ("openai", "input_reference", {"image_url": "https://us.example/f"}),
        ("rushes", "input_reference", {"image_url": "https://us.example/f"}),
        ("sglang", "reference_url", "https://us.example/f"),
        ("fastvideo", "reference_url", "https://us.example/f"),
        ("vllm-omni", "image_reference", '{"image_url": "https://us.example/f"}'),
    ],
)
async def test_a_picture_goes_by_its_address_where_that_is_wanted(
    there: Loopback, picture: Path, flavour: Flavour, name: str, value: object
) -> None:
    requested = order(first_image=picture, urls={picture: "https://us.example/f"})
    await upstream(there, flavour, pictures="url").submit(requested)
    assert (await there.last.fields())[name] == value


async def test_a_picture_without_an_address_goes_as_a_file_and_is_not_dropped(
    there: Loopback, picture: Path
) -> None:
    await upstream(there, pictures="url").submit(order(first_image=picture))
    reported = await there.last.fields()
    assert reported["input_reference"].startswith("data:application/octet-stream;base64,iVBOR")
    await upstream(there, pictures="data").submit(order(first_image=picture))
    reported = await there.last.fields()
    assert reported["input_reference"]["image_url"].startswith("data:image/png;base64,iVBOR")


async def test_both_ends_go_to_sglang_as_conditions(
    there: Loopback, picture: Path, other: Path
) -> None:
    requested = order(
        replace(SPEC, seed=3, duration_s=5.0),
        model="MiniMax-H3",
        first_image=picture,
        last_image=other,
        urls={picture: "https://us.example/f", other: "https://us.example/l"},
    )
    await upstream(there, "sglang", pictures="url").submit(requested)
    assert there.last.json == {
        "prompt": "a lake at dawn",
        "model": "MiniMax-H3",
        "seed": 3,
        "task": "fl2va",
        "conditions": [
            {"type": "image", "uri": "https://us.example/f", "role": "keyframe", "frame_index": 0},
            {"type": "image", "uri": "https://us.example/l", "role": "keyframe", "frame_index": -1},
        ],
        "target": {"short_edge": 720, "aspect_ratio": "16:9", "duration_seconds": 5.0},
    }


async def test_both_ends_go_to_vllm_omni_as_a_list(
    there: Loopback, picture: Path, other: Path
) -> None:
    requested = order(
        replace(SPEC, duration_s=5.0),
        first_image=picture,
        last_image=other,
        urls={picture: "https://us.example/f", other: "https://us.example/l"},
    )
    await upstream(there, "vllm-omni", pictures="url").submit(requested)
    reported = await there.last.fields()
    assert json.loads(reported.pop("image_reference")) == [
        {"image_url": "https://us.example/f"},
        {"image_url": "https://us.example/l"},
    ]
    assert json.loads(reported.pop("extra_params")) == {
        "task": "fl2va",
        "duration": 5,
        "frame_indices": [0, -1],
    }
    assert reported == {"prompt": "a lake at dawn", "aspect_ratio": "16:9", "short_edge": "720"}


async def test_a_server_like_ours_takes_a_last_picture_and_makes_loops(
    there: Loopback, picture: Path, other: Path
) -> None:
    requested = order(replace(SPEC, loop=True), first_image=picture, last_image=other)
    await upstream(there, "rushes").submit(requested)
    reported = await there.last.fields()
    assert reported["loop"] == "true"
    assert reported["input_reference"] != reported["last_reference"]
    assert reported["last_reference"].startswith("data:")
    await upstream(there, "rushes", pictures="data").submit(order(last_image=other))
    reported = await there.last.fields()
    assert reported["last_reference"]["image_url"].startswith("data:image/png")
    assert not {"loop", "input_reference"} & reported.keys()


async def test_an_extension_is_asked_for_by_the_id_that_the_server_gave(there: Loopback) -> None:
    earlier = Keyframe(position=Position.FIRST, generation_id="ours")
    spec = replace(SPEC, keyframes=(earlier,))
    clip = Path("earlier.mp4")
    await upstream(there, "rushes").submit(
        order(spec, ids={"ours": "video_1"}, earlier_clip=clip, first_image=clip)
    )
    assert there.last.path == "/v1/videos/extensions"
    assert await there.last.fields() == {
        "prompt": "a lake at dawn",
        "seconds": "4",
        "video": {"id": "video_1"},
    }


LAST = Keyframe(position=Position.LAST, generation_id="other")
FIRST = Keyframe(position=Position.FIRST, generation_id="ours")


@pytest.mark.parametrize(
    ("flavour", "changes", "more", "why"),
    [
        ("openai", {"kind": Kind.UPSCALE}, {}, "new videos only"),
        ("vllm-omni", {"loop": True}, {}, "no loop of this"),
        (
            "rushes",
            {"loop": True, "keyframes": (FIRST,)},
            {"ids": {"ours": "v"}},
            "no loop of this",
        ),
        ("openai", {"concepts": ("dolly_zoom",)}, {}, "no concepts"),
        ("openai", {"keyframes": (LAST,)}, {"last_image": Path("l")}, "ends with an earlier video"),
        ("openai", {}, {"first_image": Path("f"), "last_image": Path("l")}, "no last picture"),
        ("vllm-omni", {}, {"last_image": Path("l")}, "together with a first"),
        ("sglang", {"keyframes": (FIRST,)}, {"ids": {"ours": "v"}}, "extends no video"),
        ("rushes", {"keyframes": (FIRST,)}, {}, "only what it made itself"),
        ("rushes", {}, {"earlier_clip": Path("c")}, "only what it made itself"),
        ("rushes", {"keyframes": (FIRST,), "seed": 1}, {"ids": {"ours": "v"}}, "no seed"),
        (
            "rushes",
            {"keyframes": (FIRST,), "negative_prompt": "x"},
            {"ids": {"ours": "v"}},
            "no negative prompt",
        ),
    ],
)
async def test_what_the_server_has_no_word_for_is_refused_and_never_dropped(
    there: Loopback,
    flavour: Flavour,
    changes: dict[str, Any],
    more: dict[str, Any],
    why: str,
) -> None:
    with pytest.raises(PermanentEngineError, match=why):
        await upstream(there, flavour).submit(order(replace(SPEC, **changes), **more))
    assert not there.requested


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, golden("openai_refused"), PermanentEngineError),
        (401, {"error": {"message": "no", "code": "invalid_api_key"}}, ChannelUnusable),
        (404, {"detail": "Not Found"}, ChannelUnusable),
        (429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, UpstreamBusy),
        (500, {"error": {"message": "oops"}}, AmbiguousSubmit),
        (200, {"object": "video"}, AmbiguousSubmit),
        (200, b"<html>", AmbiguousSubmit),
        (200, {"id": "req_1", "error": {"message": "oops"}}, AmbiguousSubmit),
    ],
)
async def test_an_answer_to_a_submit_that_is_no_job_is_what_it_says(
    there: Loopback, status: int, body: object, error: type[Exception]
) -> None:
    there.says("POST /v1/videos", body, status=status)
    with pytest.raises(error) as caught:
        await upstream(there).submit(order())
    assert type(caught.value) is error
    assert len(there.requested) == 1


@pytest.mark.parametrize(
    ("flavour", "reply", "phase", "progress"),
    [
        ("openai", "openai_queued", Phase.WAITING, 0.0),
        ("sglang", "sglang_running", Phase.WORKING, 0.0),
        ("trtllm", "trtllm_encoding", Phase.WORKING, 0.9),
        ("fastvideo", "fastvideo_queued", Phase.WAITING, None),
        ("openai", "openai_completed", Phase.COMPLETED, 1.0),
    ],
)
async def test_a_reply_says_how_far_the_job_has_come(
    there: Loopback, flavour: Flavour, reply: str, phase: Phase, progress: float | None
) -> None:
    there.says("GET /v1/videos/x", golden(reply))
    seen = await upstream(there, flavour).poll("x")
    assert (seen.phase, seen.progress) == (phase, progress)


async def test_an_unknown_status_means_that_it_is_being_made(there: Loopback) -> None:
    there.says("GET /v1/videos/x", golden("openai_queued") | {"status": "Rendering_Pass_2"})
    assert (await upstream(there).poll("x")).phase is Phase.WORKING


async def test_files_are_where_the_server_keeps_them(there: Loopback) -> None:
    there.says("GET /v1/videos/video%2F1", golden("openai_completed"))
    there.says("GET /v1/videos/s", golden("sglang_uploaded"))
    content = f"{there.url}/v1/videos/video%2F1/content"
    assert (await upstream(there).poll("video/1")).files == {
        ArtifactKind.VIDEO: content,
        ArtifactKind.THUMBNAIL: content + "?variant=thumbnail",
    }
    assert (await upstream(there, "vllm-omni").poll("video/1")).files == {
        ArtifactKind.VIDEO: content
    }
    assert (await upstream(there, "sglang").poll("s")).files == {
        ArtifactKind.VIDEO: "https://bucket.example/videos/2f1d9c34.mp4"
    }


@pytest.mark.parametrize(
    ("reply", "status", "code", "may_repeat"),
    [
        ("openai_moderated", 200, "content_rejected", False),
        ("sglang_failed", 200, "engine_unavailable", True),
        ("vllm_omni_failed", 500, "engine_unavailable", True),
        ("vllm_omni_failed", 422, "engine_rejected", False),
    ],
)
async def test_a_failed_job_says_why_and_whether_to_ask_again(
    there: Loopback, reply: str, status: int, code: str, may_repeat: bool
) -> None:
    reported = golden(reply)
    there.says(f"GET /v1/videos/{reported['id']}", reported, status=status)
    seen = await upstream(there, "vllm-omni").poll(reported["id"])
    assert seen.phase is Phase.FAILED
    assert seen.failure is not None
    assert (seen.failure.code, seen.may_repeat) == (code, may_repeat)
    assert reported["error"]["message"][:20] in seen.failure.message


@pytest.mark.parametrize("word", ["cancelled", "deleted"])
async def test_a_job_that_was_stopped_there_is_not_begun_again(there: Loopback, word: str) -> None:
    there.says("GET /v1/videos/x", golden("sglang_running") | {"status": word})
    seen = await upstream(there, "sglang").poll("x")
    assert (seen.phase, seen.may_repeat) == (Phase.FAILED, False)


async def test_our_own_codes_come_through_a_server_like_ours(there: Loopback) -> None:
    reported = golden("openai_moderated") | {
        "error": {"code": "input_unusable", "message": "broken"}
    }
    there.says("GET /v1/videos/x", reported)
    seen = await upstream(there, "rushes").poll("x")
    assert seen.failure is not None
    assert (seen.failure.code, seen.may_repeat) == ("input_unusable", False)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"error": {"message": "Video not found"}}, UpstreamLost),
        (500, {"error": {"message": "oops"}}, UpstreamUnreachable),
        (500, {"id": "another", "status": "failed"}, UpstreamUnreachable),
        (200, {"status": "error", "message": "gateway"}, UpstreamUnreachable),
        (200, {"status": "success", "data": {}}, UpstreamUnreachable),
        (200, {"id": "x", "status": 404}, UpstreamUnreachable),
        (200, b"\xff\xfe", UpstreamUnreachable),
        (429, {}, UpstreamBusy),
    ],
)
async def test_trouble_while_looking_says_nothing_about_the_job(
    there: Loopback, status: int, body: object, error: type[Exception]
) -> None:
    there.says("GET /v1/videos/x", body, status=status)
    with pytest.raises(error):
        await upstream(there).poll("x")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "status", "error", "code", "message", "progress", "url", "data"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reply=JSON | st.binary(max_size=30),
    status=st.sampled_from([200, 202, 204, 302, 400, 404, 422, 429, 500, 503]),
    word=st.none() | st.sampled_from(["queued", "completed", "failed", "deleted", "?"]),
    flavour=st.sampled_from(list(OF_FLAVOUR)),
)
async def test_no_reply_makes_a_look_raise_anything_but_a_temporary_error(
    reply: Any, status: int, word: str | None, flavour: Flavour
) -> None:
    if isinstance(reply, dict) and word is not None:
        reply = reply | {"status": word, "id": "x"}
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    async with loopback() as there:
        there.says("GET /v1/videos/x", b"" if status == 204 else body, status=status)
        there.says("GET /v1/videos", b"" if status == 204 else body, status=status)
        one = upstream(there, flavour)
        for about in (one.poll("x"), one.find(submit_query())):
            with suppress(TemporaryEngineError):
                await about


@settings(max_examples=60)
@given(
    reply=JSON | st.binary(max_size=30),
    status=st.sampled_from([200, 201, 204, 302, 400, 401, 404, 409, 413, 422, 429, 500, 503]),
)
async def test_no_reply_to_a_submit_means_anything_but_what_is_promised(
    reply: Any, status: int
) -> None:
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    async with loopback() as there:
        there.says("POST /v1/videos", b"" if status == 204 else body, status=status)
        try:
            assert await upstream(there).submit(order())
        except (
            UpstreamBusy,
            UpstreamUnreachable,
            ChannelUnusable,
            PermanentEngineError,
            AmbiguousSubmit,
        ):
            assert len(there.requested) == 1
        else:
            assert status in {200, 201}


def submit_query(**changes: Any) -> SubmitQuery:
    made = SubmitQuery(
        spec=SPEC,
        prompt="a lake at dawn",
        model="",
        key="attempt-1",
        callback_url=None,
        since=SINCE,
    )
    return replace(made, **changes)


async def test_a_lost_submit_is_found_by_prompt_time_and_shape(there: Loopback) -> None:
    there.says("GET /v1/videos", golden("vllm_omni_list"))
    assert await upstream(there, "vllm-omni").find(submit_query()) == ["video_gen_3"]
    with_picture = replace(SPEC, keyframes=(Keyframe(position=Position.FIRST, image="x"),))
    found = await upstream(there, "vllm-omni").find(submit_query(spec=with_picture))
    assert found == ["video_gen_3", "video_gen_4"]
    assert await upstream(there, "vllm-omni").find(submit_query(prompt="another")) == []


@pytest.mark.parametrize("seconds", ["4", "4.0", 4, None], ids=repr)
async def test_a_length_may_be_written_in_any_way(there: Loopback, seconds: object) -> None:
    job = golden("openai_queued") | {"seconds": seconds}
    there.says("GET /v1/videos", {"data": [job, job | {"id": "longer", "seconds": "8"}]})
    assert await upstream(there, "trtllm").find(submit_query()) == ["video_68f0c2"]


async def test_a_lost_extension_is_found_whatever_its_length(there: Loopback) -> None:
    there.says("GET /v1/videos", golden("vllm_omni_list"))
    earlier = Keyframe(position=Position.FIRST, generation_id="g1")
    extending = replace(SPEC, duration_s=99.0, keyframes=(earlier,))
    found = await upstream(there, "vllm-omni").find(submit_query(spec=extending))
    assert found == ["video_gen_3", "video_gen_4"]


async def test_a_lost_submit_is_not_found_in_a_job_of_another_length(there: Loopback) -> None:
    there.says("GET /v1/videos", golden("vllm_omni_list"))
    longer = replace(SPEC, duration_s=99.0)
    assert await upstream(there, "vllm-omni").find(submit_query(spec=longer)) == []


async def test_later_pages_are_read_until_they_are_too_old(there: Loopback) -> None:
    whole = golden("vllm_omni_list")
    newer, wanted, older = (
        {"id": name, "prompt": "a lake at dawn", "created_at": at}
        for name, at in (("n", 1767225700), ("w", 1767225601), ("o", 1767220000))
    )
    pages = [
        whole | {"data": [newer], "has_more": True},
        whole | {"data": [wanted, older], "has_more": True},
    ]
    there.says("GET /v1/videos", *pages)
    assert await upstream(there, "vllm-omni").find(submit_query()) == ["w", "n"]
    assert [requested.query.get("after") for requested in there.requested] == [None, "n"]


async def test_a_list_that_does_not_tell_of_prompts_tells_nothing(there: Loopback) -> None:
    there.says("GET /v1/videos", {"data": [golden("sglang_running")], "object": "list"})
    assert await upstream(there, "sglang").find(submit_query()) is None


@pytest.mark.parametrize("status", [404, 405])
async def test_without_a_list_there_is_no_means_to_tell(there: Loopback, status: int) -> None:
    there.says("GET /v1/videos", {"detail": "no"}, status=status)
    assert await upstream(there, "trtllm").find(submit_query()) is None


@pytest.mark.parametrize(
    ("flavour", "status", "body", "will"),
    [
        ("openai", 200, {"id": "x", "object": "video.deleted", "deleted": True}, True),
        ("vllm-omni", 409, {"detail": "still cancelling"}, True),
        ("rushes", 409, {"error": {"code": "conflict", "message": "it is running"}}, False),
        ("openai", 404, {}, False),
        ("trtllm", 405, {}, False),
    ],
)
async def test_a_cancel_says_whether_the_job_will_stop(
    there: Loopback, flavour: Flavour, status: int, body: object, will: bool
) -> None:
    there.says("DELETE /v1/videos/x", body, status=status)
    assert await upstream(there, flavour).cancel("x") is will


@pytest.mark.parametrize("flavour", ["sglang", "fastvideo"])
async def test_a_server_that_would_only_forget_a_job_is_not_told_to(
    there: Loopback, flavour: Flavour
) -> None:
    assert await upstream(there, flavour).cancel("x") is False
    assert not there.requested


async def test_trouble_while_cancelling_is_temporary(there: Loopback) -> None:
    there.says("DELETE /v1/videos/x", {}, status=500)
    with pytest.raises(TemporaryEngineError):
        await upstream(there).cancel("x")


async def test_a_test_proves_address_and_key(there: Loopback) -> None:
    there.says("GET /v1/models", {"object": "list", "data": [{"id": "wan"}, {"id": "ltx"}]})
    assert await upstream(there, "trtllm").test() == "the upstream serves wan, ltx"
    there.says("GET /v1/videos", {"object": "list", "data": []})
    assert "list of videos" in await upstream(there).test()
    there.says("GET /v1/videos", {"error": {"message": "Incorrect API key"}}, status=401)
    with pytest.raises(ChannelUnusable):
        await upstream(there).test()


async def test_the_content_is_fetched_with_the_key(there: Loopback, tmp_path: Path) -> None:
    there.says("GET /v1/videos/x/content", b"the video")
    address = f"{there.url}/v1/videos/x/content"
    await upstream(there).fetch(address, tmp_path / "v", limit_bytes=100, deadline_s=5)
    assert (tmp_path / "v").read_bytes() == b"the video"
    assert there.last.headers["authorization"] == "Bearer sk-secret"


def test_what_an_operator_says_of_his_server_goes_before_what_is_usual(there: Loopback) -> None:
    assert upstream(there).capabilities == CAPABILITIES
    more = replace(CAPABILITIES, last_image=True)
    assert upstream(there, "sglang", capabilities=more).capabilities == more
    assert not OF_FLAVOUR["sglang"].extend


@pytest.mark.parametrize("flavour", get_args(Flavour))
@pytest.mark.parametrize(
    "reported",
    [
        {"url": "https://cdn.example/v.mp4"},
        {"video_url": "https://cdn.example/v.mp4"},
        {"metadata": {"url": "https://cdn.example/v.mp4"}},
    ],
)
async def test_an_address_in_the_reply_is_a_second_place_for_the_video_in_every_flavour(
    there: Loopback, flavour: Flavour, reported: dict[str, object]
) -> None:
    there.says("GET /v1/videos/v", {"id": "v", "status": "completed", **reported})
    seen = await upstream(there, flavour).poll("v")
    places = {seen.files[ArtifactKind.VIDEO], seen.elsewhere[ArtifactKind.VIDEO]}
    assert places == {f"{there.url}/v1/videos/v/content", "https://cdn.example/v.mp4"}
    is_first = seen.files[ArtifactKind.VIDEO] == "https://cdn.example/v.mp4"
    assert is_first == (flavour == "sglang")


@pytest.mark.parametrize("url", [None, "", 7, "data:video/mp4;base64,AAAA", "file:///etc/passwd"])
async def test_what_is_no_address_is_no_second_place(there: Loopback, url: object) -> None:
    there.says("GET /v1/videos/v", {"id": "v", "status": "completed", "url": url})
    assert (await upstream(there).poll("v")).elsewhere == {}
