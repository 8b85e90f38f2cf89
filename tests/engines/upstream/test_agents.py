"""Luma's Agents API as an upstream: what it is asked, and what its replies mean."""

import json
from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.engines.upstream.loopback import Loopback, golden, line_to, loopback

from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    EngineError,
    PermanentEngineError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.dialects.luma_agents.rules import problems
from rushes.dialects.luma_agents.wire import CreateGeneration, FailureCode
from rushes.engines.base import Job, ReferencePicture
from rushes.engines.upstream.agents import FAILURES, AgentsUpstream
from rushes.engines.upstream.base import Phase, SubmitOrder, SubmitQuery

SPEC = GenerationSpec(prompt="a lake", aspect_ratio="16:9", resolution="720p", duration_s=5.0)
FIRST = Keyframe(position=Position.FIRST, generation_id="ours")
LAST = Keyframe(position=Position.LAST, generation_id="ours")
JOB = "/v1/generations/x"


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        made.says("POST /v1/generations", golden("agents_queued"), status=201)
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (320, 180)).save(tmp_path / "first.png")
    return tmp_path / "first.png"


def order(spec: GenerationSpec = SPEC, *, model: str = "ray-3.2", **more: Any) -> SubmitOrder:
    known = {name: more.pop(name) for name in ("urls", "ids") if name in more}
    return SubmitOrder(
        job=Job(spec=spec, prompt=spec.prompt, **more), model=model, key="k", **known
    )


async def reported(there: Loopback, requested: SubmitOrder, **how: Any) -> dict[str, Any]:
    """Submit, and return what came; the API's own rules have nothing against it."""
    await AgentsUpstream(line_to(there), **how).submit(requested)
    body: dict[str, Any] = there.last.json
    assert list(problems(CreateGeneration.model_validate(body))) == []
    return body


async def test_a_video_is_asked_for_in_its_words(there: Loopback) -> None:
    upstream = AgentsUpstream(line_to(there))
    assert await upstream.submit(order()) == "0c1f7e0e-6a53-4b2f-9d7a-3b1a8f6f2c11"
    assert there.last.headers["idempotency-key"] == "k"
    assert there.last.headers["authorization"] == "Bearer sk-secret"
    assert there.last.json == {
        "prompt": "a lake",
        "model": "ray-3.2",
        "type": "video",
        "aspect_ratio": "16:9",
        "video": {"duration": "5s", "resolution": "720p"},
    }


async def test_pictures_are_the_ends_of_five_seconds(there: Loopback, picture: Path) -> None:
    requested = order(first_image=picture, last_image=picture)
    video = (await reported(there, requested))["video"]
    for name in ("start_frame", "end_frame"):
        assert video[name]["media_type"] == "image/png"
        assert video[name]["data"].startswith("iVBOR")


async def test_pictures_are_numbered_frames_of_ten_seconds(there: Loopback, picture: Path) -> None:
    spec = replace(SPEC, duration_s=10.0)
    urls = {picture: "https://us.example/p"}
    both = order(spec, first_image=picture, last_image=picture, urls=urls)
    video = (await reported(there, both, pictures="url"))["video"]
    assert video["keyframes"] == [{"url": "https://us.example/p"}] * 2
    assert video["keyframe_indexes"] == [0, 240]
    last = order(spec, last_image=picture, urls=urls)
    assert (await reported(there, last, pictures="url"))["video"]["keyframe_indexes"] == [240]


async def test_without_a_ratio_the_nearest_to_the_picture_is_asked_for(
    there: Loopback, tmp_path: Path
) -> None:
    Image.new("RGB", (90, 210)).save(tmp_path / "tall.png")
    requested = order(replace(SPEC, aspect_ratio=None), first_image=tmp_path / "tall.png")
    assert (await reported(there, requested))["aspect_ratio"] == "9:16"


@pytest.mark.parametrize(
    ("keyframe", "name", "clip"),
    [(FIRST, "start_frame", "earlier_clip"), (LAST, "end_frame", "later_clip")],
)
async def test_an_earlier_video_is_named_by_the_id_that_it_has_there(
    there: Loopback, picture: Path, keyframe: Keyframe, name: str, clip: str
) -> None:
    ends = {"start_frame": "first_image", "end_frame": "last_image"}
    spec = replace(SPEC, keyframes=(keyframe,))
    requested = order(spec, ids={"ours": "theirs"}, **{ends[name]: picture, clip: picture})
    assert (await reported(there, requested))["video"][name] == {"generation_id": "theirs"}


async def test_a_loop_is_asked_for(there: Loopback, picture: Path) -> None:
    requested = order(replace(SPEC, loop=True), first_image=picture)
    assert (await reported(there, requested))["video"]["loop"] is True


async def test_a_picture_is_asked_for_with_what_it_takes_after(
    there: Loopback, picture: Path
) -> None:
    still = Still(
        format="png",
        references=(
            Reference(role=Role.CONTENT, generation_id="ours", weight=0.5),
            Reference(role=Role.MODIFY, image="media:x"),
            Reference(role=Role.CONTENT, image="media:y"),
        ),
    )
    spec = replace(SPEC, kind=Kind.IMAGE, still=still, aspect_ratio="3:2")
    guides = (
        ReferencePicture(role=Role.CONTENT, image=picture, weight=0.5),
        ReferencePicture(role=Role.MODIFY, image=picture),
        ReferencePicture(role=Role.CONTENT, image=picture),
    )
    requested = order(spec, model="uni-1", guides=guides, ids={"ours": "theirs"})
    body = await reported(there, requested)
    assert (body["type"], body["output_format"], body["aspect_ratio"]) == (
        "image_edit",
        "png",
        "3:2",
    )
    assert body["image_ref"][0] == {"generation_id": "theirs"}
    assert body["image_ref"][1] == body["source"]
    assert "video" not in body


async def test_a_plain_picture_is_a_jpeg(there: Loopback) -> None:
    spec = replace(SPEC, kind=Kind.IMAGE, still=Still(), aspect_ratio=None)
    assert await reported(there, order(spec, model="uni-1")) == {
        "prompt": "a lake",
        "model": "uni-1",
        "type": "image",
        "output_format": "jpeg",
    }


async def test_a_video_is_reframed(there: Loopback, tmp_path: Path) -> None:
    (tmp_path / "source.mp4").write_bytes(b"clip")
    at = Rectangle(x=0.1, y=0.2, width=0.5, height=0.6)
    spec = replace(
        SPEC,
        kind=Kind.REFRAME,
        source=Source(file="media:x"),
        aspect_ratio="1:1",
        reframing=Reframing(placement=at),
    )
    body = await reported(there, order(spec, source=tmp_path / "source.mp4"))
    assert body["type"] == "video_reframe"
    assert body["aspect_ratio"] == "1:1"
    assert body["source"] == {"data": "Y2xpcA==", "media_type": "video/mp4"}
    assert body["video"]["source_position"] == {
        "x_norm": 0.1,
        "y_norm": 0.2,
        "w_norm": 0.5,
        "h_norm": 0.6,
    }


async def test_a_video_is_edited(there: Loopback, tmp_path: Path) -> None:
    source = Source(generation_id="ours")
    spec = replace(SPEC, kind=Kind.MODIFY, source=source, mode="flex_2")
    clip = tmp_path / "clip.mp4"
    body = await reported(there, order(spec, source=clip, ids={"ours": "theirs"}))
    assert (body["type"], body["source"]) == ("video_edit", {"generation_id": "theirs"})
    assert body["video"] == {"resolution": "720p", "edit": {"strength": "flex_2"}}
    clip.write_bytes(b"clip")
    by_url = order(spec, source=clip, urls={clip: "https://us.example/c"})
    assert (await reported(there, by_url, pictures="url"))["source"] == {
        "url": "https://us.example/c",
        "media_type": "video/mp4",
    }


async def test_files_are_brought_beforehand_where_that_is_wanted(
    there: Loopback, picture: Path
) -> None:
    there.says("POST /v1/files", {"id": "f1", "state": "ready", "file": {}, "upload": None})
    requested = order(first_image=picture)
    assert (await reported(there, requested, pictures="upload"))["video"]["start_frame"] == {
        "file_id": "f1"
    }
    form = await there.requested[0].fields()
    assert (form["mime_type"], form["purpose"]) == ("image/png", "input")
    sent = form["file"].partition(",")[2]
    assert int(form["size_bytes"]) == len(b64decode(sent)) > 100


@pytest.mark.parametrize(
    ("status", "body"), [(500, {}), (200, b"cut"), (200, {"id": "f1", "state": "pending"})]
)
async def test_a_file_that_may_not_have_been_brought_leaves_no_doubt_about_the_job(
    there: Loopback, picture: Path, status: int, body: object
) -> None:
    there.says("POST /v1/files", body, status=status)
    with pytest.raises(UpstreamUnreachable):
        await AgentsUpstream(line_to(there), pictures="upload").submit(order(first_image=picture))
    assert [requested.path for requested in there.requested] == ["/v1/files"]


STILL = replace(SPEC, kind=Kind.IMAGE)


@pytest.mark.parametrize(
    ("spec", "more", "why"),
    [
        (replace(SPEC, seed=1), {}, "no seed"),
        (replace(SPEC, negative_prompt="x"), {}, "no negative prompt"),
        (replace(SPEC, concepts=("pan_left",)), {}, "no concepts"),
        (replace(SPEC, size_px=(640, 360)), {}, "no size in pixels"),
        (replace(SPEC, prompt=""), {}, "needs a prompt"),
        (replace(SPEC, duration_s=9.0), {}, "5 or 10 seconds"),
        (replace(SPEC, loop=True, duration_s=10.0), {}, "loops only 5 seconds"),
        (replace(SPEC, loop=True), {"last_image": Path("l")}, "without a last picture"),
        (replace(SPEC, keyframes=(FIRST,)), {}, "only videos that it made itself"),
        (SPEC, {"earlier_clip": Path("c")}, "only videos that it made itself"),
        (
            replace(SPEC, keyframes=(FIRST,), duration_s=10.0),
            {"ids": {"ours": "t"}, "earlier_clip": Path("c")},
            "by 5 seconds",
        ),
        (replace(SPEC, keyframes=(FIRST, LAST)), {"ids": {"ours": "t"}}, "between two videos"),
        (replace(SPEC, kind=Kind.UPSCALE), {}, "does no upscale"),
        (replace(SPEC, kind=Kind.MODIFY), {}, "no source to edit"),
        (
            replace(
                SPEC,
                kind=Kind.REFRAME,
                source=Source(file="media:x"),
                reframing=Reframing(crop=Rectangle(x=0, y=0, width=1, height=1)),
            ),
            {"source": Path("c")},
            "crops no source",
        ),
        (
            STILL,
            {"guides": (ReferencePicture(role=Role.STYLE, image=Path("p")),)},
            "no style reference",
        ),
        (
            STILL,
            {"guides": (ReferencePicture(role=Role.MODIFY, image=Path("p")),) * 2},
            "one picture at a",
        ),
        (
            STILL,
            {"guides": (ReferencePicture(role=Role.CONTENT, image=Path("p"), weight=0.3),)},
            "no weight",
        ),
    ],
)
async def test_what_the_api_has_no_word_for_is_refused_and_never_dropped(
    there: Loopback, spec: GenerationSpec, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(PermanentEngineError, match=why):
        await AgentsUpstream(line_to(there), pictures="upload").submit(order(spec, **more))
    assert not there.requested


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (422, {"detail": "video.duration must be 5s or 10s"}, PermanentEngineError),
        (401, {"detail": "Invalid API key"}, ChannelUnusable),
        (402, {"detail": "Insufficient balance"}, ChannelUnusable),
        (429, {"detail": "Too many concurrent generations"}, UpstreamBusy),
        (502, {"detail": "bad gateway"}, AmbiguousSubmit),
        (201, {"state": "queued"}, AmbiguousSubmit),
    ],
)
async def test_an_answer_to_a_submit_that_is_no_job_is_what_it_says(
    there: Loopback, status: int, body: object, error: type[Exception]
) -> None:
    there.says("POST /v1/generations", body, status=status)
    with pytest.raises(error) as caught:
        await AgentsUpstream(line_to(there)).submit(order())
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("changes", "phase"),
    [
        ({}, Phase.WAITING),
        ({"state": "processing"}, Phase.WORKING),
        ({"state": "reticulating"}, Phase.WORKING),
        ({"state": "completed", "output": []}, Phase.WORKING),
        ({"state": "completed", "output": [{"type": "exr", "url": "u"}]}, Phase.WORKING),
    ],
)
async def test_a_reply_says_how_far_the_job_has_come(
    there: Loopback, changes: dict[str, Any], phase: Phase
) -> None:
    there.says(f"GET {JOB}", golden("agents_queued") | changes)
    assert (await AgentsUpstream(line_to(there)).poll("x")).phase is phase


async def test_each_look_at_a_finished_job_has_the_newest_address(there: Loopback) -> None:
    done = golden("agents_completed")
    newer = done | {"output": [{"type": "video", "url": "https://storage.example/2"}]}
    there.says(f"GET {JOB}", done, newer)
    upstream = AgentsUpstream(line_to(there))
    assert (await upstream.poll("x")).files == {ArtifactKind.VIDEO: done["output"][0]["url"]}
    assert (await upstream.poll("x")).files == {ArtifactKind.VIDEO: "https://storage.example/2"}


def test_every_failure_code_of_the_api_means_something_here() -> None:
    assert set(FAILURES) == set(get_args(FailureCode))


@pytest.mark.parametrize("code", [*sorted(FAILURES), "brand_new"])
async def test_a_failed_job_says_why_and_whether_to_ask_again(there: Loopback, code: str) -> None:
    there.says(f"GET {JOB}", golden("agents_failed") | {"failure_code": code})
    seen = await AgentsUpstream(line_to(there)).poll("x")
    error: type[EngineError] = FAILURES.get(code, TemporaryEngineError)
    assert seen.phase is Phase.FAILED
    assert seen.failure is not None
    assert seen.failure.code == error.code
    assert seen.may_repeat is issubclass(error, TemporaryEngineError)
    assert "blocked by moderation" in seen.failure.message


def test_what_no_other_attempt_can_mend_is_not_tried_again() -> None:
    final = {code for code, error in FAILURES.items() if issubclass(error, PermanentEngineError)}
    assert final == {
        "content_moderated",
        "image_too_large",
        "unsupported_format",
        "corrupt_input",
        "invalid_request",
    }


async def test_a_job_that_was_cancelled_there_is_not_begun_again(there: Loopback) -> None:
    why = {"failure_code": "generation_failed", "failure_reason": "cancelled by the caller"}
    there.says(f"GET {JOB}", golden("agents_failed") | why)
    seen = await AgentsUpstream(line_to(there)).poll("x")
    assert (seen.phase, seen.may_repeat) == (Phase.FAILED, False)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"detail": "Generation not found"}, UpstreamLost),
        (429, {"detail": "slow down"}, UpstreamBusy),
        (503, golden("agents_failed"), UpstreamUnreachable),
        (200, {"state": "failed"}, UpstreamUnreachable),
        (200, b"<html>", UpstreamUnreachable),
    ],
)
async def test_trouble_while_looking_says_nothing_about_the_job(
    there: Loopback, status: int, body: object, error: type[Exception]
) -> None:
    there.says(f"GET {JOB}", body, status=status)
    with pytest.raises(error):
        await AgentsUpstream(line_to(there)).poll("x")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "state", "output", "url", "type", "failure_code", "detail"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(
    reply=JSON | st.binary(max_size=30),
    status=st.sampled_from([200, 201, 204, 302, 401, 404, 422, 429, 500]),
    state=st.none() | st.sampled_from(["queued", "completed", "failed", "?"]),
)
async def test_no_reply_makes_a_look_raise_anything_but_a_temporary_error(
    reply: Any, status: int, state: str | None
) -> None:
    if isinstance(reply, dict) and state is not None:
        reply = reply | {"state": state, "id": "x"}
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    async with loopback() as there:
        there.says(f"GET {JOB}", b"" if status == 204 else body, status=status)
        with suppress(TemporaryEngineError):
            await AgentsUpstream(line_to(there)).poll("x")


async def test_it_neither_lists_nor_stops(there: Loopback) -> None:
    upstream = AgentsUpstream(line_to(there))
    submit_query = SubmitQuery(
        spec=SPEC,
        prompt="",
        model="",
        key="",
        callback_url=None,
        since=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert await upstream.cancel("x") is False
    assert await upstream.find(submit_query) is None
    assert not there.requested


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"detail": "Generation not found"}, {}),
        ({"detail": "Not Found"}, {"X-API-Version": "2026-04-01"}),
    ],
)
async def test_to_be_told_that_there_is_no_such_job_proves_the_key(
    there: Loopback, monkeypatch: pytest.MonkeyPatch, body: object, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("uuid.uuid4", lambda: "x")
    there.says(f"GET {JOB}", body, status=404, **headers)
    assert await AgentsUpstream(line_to(there)).test() == "the key is accepted"


async def test_a_wrong_address_or_key_is_found_out(
    there: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uuid.uuid4", lambda: "x")
    upstream = AgentsUpstream(line_to(there))
    with pytest.raises(ChannelUnusable):
        await upstream.test()
    there.says(f"GET {JOB}", {"detail": f"nothing lies at {JOB}"}, status=404)
    with pytest.raises(ChannelUnusable):
        await upstream.test()
    there.says(f"GET {JOB}", {"detail": "Invalid API key"}, status=401)
    with pytest.raises(ChannelUnusable):
        await upstream.test()
