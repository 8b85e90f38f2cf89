"""Dream Machine as an upstream: what it is asked of each kind, and what its replies mean."""

from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.engines.upstream.loopback import Loopback, golden, line_to, loopback

from rushes.core.errors import (
    ChannelUnusable,
    InputUnusable,
    PermanentEngineError,
    TemporaryEngineError,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Rectangle,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.engines.base import Job, ReferencePicture
from rushes.engines.upstream.base import Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.dream_machine import CAPABILITIES, DreamMachineUpstream

TOLD = golden("dream_machine")
ID = TOLD["queued"]["id"]
ONE = f"GET /dream-machine/v1/generations/{ID}"
LIST = "GET /dream-machine/v1/generations"
VIDEO = GenerationSpec(prompt="a lake at dawn", resolution="720p")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
FILE = Path("source.mp4")
ADDRESS = "https://us.test/source.mp4"


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        for path in ("video", "image", "video/reframe", "image/reframe", "video/modify",
                     "up-1/upscale", "up-1/audio"):  # fmt: skip
            made.says(f"POST /dream-machine/v1/generations/{path}", TOLD["queued"], status=201)
        yield made


def upstream_at(there: Loopback, **more: Any) -> DreamMachineUpstream:
    return DreamMachineUpstream(line_to(there, "/dream-machine/v1"), **more)


def order(spec: GenerationSpec, **more: Any) -> SubmitOrder:
    known = {name: more.pop(name) for name in ("urls", "ids", "callback_url") if name in more}
    job = Job(spec=spec, prompt=spec.prompt, **more)
    return SubmitOrder(job=job, model="ray-2", key="key-1", **known)


async def requested(there: Loopback, spec: GenerationSpec, **more: Any) -> tuple[str, Any]:
    """Return the path and the body that an order becomes."""
    assert await upstream_at(there, **more.pop("how", {})).submit(order(spec, **more)) == ID
    assert there.last.headers["idempotency-key"] == "key-1"
    return there.last.path.removeprefix("/dream-machine/v1/generations"), there.last.json


async def test_a_video_is_asked_for_in_its_words(there: Loopback) -> None:
    spec = replace(VIDEO, aspect_ratio="9:16", duration_s=9.0, loop=True, concepts=("pan_left",))
    path, body = await requested(there, spec, callback_url="https://us.test/callbacks/c/t")
    assert path == "/video"
    assert body == {
        "generation_type": "video",
        "model": "ray-2",
        "prompt": "a lake at dawn",
        "aspect_ratio": "9:16",
        "resolution": "720p",
        "duration": "9s",
        "loop": True,
        "concepts": [{"key": "pan_left"}],
        "callback_url": "https://us.test/callbacks/c/t",
    }
    assert await requested(there, GenerationSpec(prompt="x")) == (
        "/video",
        {"generation_type": "video", "model": "ray-2", "prompt": "x", "duration": "5s"},
    )


def frames(first: str, last: str) -> tuple[Keyframe, ...]:
    return tuple(
        Keyframe(
            position=position,
            image="media:x" if what == "image" else None,
            generation_id=None if what == "image" else what,
        )
        for position, what in zip(Position, (first, last), strict=True)
        if what
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [("image", ""), ("", "image"), ("image", "image"), ("a", ""), ("", "b"), ("a", "b"),
     ("a", "image"), ("image", "b")],
)  # fmt: skip
async def test_keyframes_are_pictures_by_address_and_its_own_videos_by_id(
    there: Loopback, first: str, last: str
) -> None:
    files = {"first_image": Path("1.png") if first else None,
             "last_image": Path("2.png") if last else None}  # fmt: skip
    urls = {Path("1.png"): "https://us.test/1", Path("2.png"): "https://us.test/2"}
    spec = replace(VIDEO, keyframes=frames(first, last))
    _, body = await requested(there, spec, urls=urls, ids={"a": "up-a", "b": "up-b"}, **files)
    assert body["keyframes"] == {
        name: {"type": "image", "url": url} if what == "image" else {"type": "generation", "id": f"up-{what}"}
        for name, what, url in (
            ("frame0", first, "https://us.test/1"),
            ("frame1", last, "https://us.test/2"),
        )
        if what
    }  # fmt: skip


async def test_a_picture_without_an_address_is_refused_or_sent_along(
    there: Loopback, tmp_path: Path
) -> None:
    Image.new("RGB", (32, 18)).save(tmp_path / "1.png")
    spec = replace(VIDEO, keyframes=frames("image", ""))
    with pytest.raises(InputUnusable, match="no public"):
        await requested(there, spec, first_image=tmp_path / "1.png")
    assert not there.requested
    _, body = await requested(there, spec, first_image=tmp_path / "1.png", how={"pictures": "data"})
    assert body["keyframes"]["frame0"]["url"].startswith("data:image/png;base64,iVBOR")


async def test_a_still_is_asked_for_with_what_it_takes_after(there: Loopback) -> None:
    guides = tuple(
        ReferencePicture(role=role, image=Path(f"{number}.png"), weight=weight)
        for number, (role, weight) in enumerate(
            [(Role.CONTENT, 0.85), (Role.STYLE, 0.8), (Role.CHARACTER, 1.0), (Role.CHARACTER, 1.0),
             (Role.MODIFY, 0.5), (Role.CONTENT, 0.1)]
        )
    )  # fmt: skip
    urls = {guide.image: f"https://us.test/{guide.image}" for guide in guides}
    spec = GenerationSpec(
        kind=Kind.IMAGE, prompt="a cat", aspect_ratio="1:1", still=Still(format="png")
    )
    assert await requested(there, spec, guides=guides, urls=urls) == (
        "/image",
        {
            "generation_type": "image",
            "model": "ray-2",
            "prompt": "a cat",
            "aspect_ratio": "1:1",
            "format": "png",
            "image_ref": [
                {"url": "https://us.test/0.png", "weight": 0.85},
                {"url": "https://us.test/5.png", "weight": 0.1},
            ],
            "style_ref": [{"url": "https://us.test/1.png", "weight": 0.8}],
            "character_ref": {
                "identity0": {"images": ["https://us.test/2.png", "https://us.test/3.png"]}
            },
            "modify_image_ref": {"url": "https://us.test/4.png", "weight": 0.5},
        },
    )


async def test_its_own_videos_are_enlarged_and_given_sound_by_id(there: Loopback) -> None:
    source, ids = Source(generation_id="ours"), {"ours": "up-1"}
    larger = GenerationSpec(kind=Kind.UPSCALE, prompt="", source=source, resolution="4k")
    assert await requested(there, larger, ids=ids) == (
        "/up-1/upscale", {"generation_type": "upscale_video", "resolution": "4k"},
    )  # fmt: skip
    louder = GenerationSpec(kind=Kind.AUDIO, prompt="wind", negative_prompt="voices", source=source)
    assert await requested(there, louder, ids=ids) == (
        "/up-1/audio",
        {"generation_type": "add_audio", "prompt": "wind", "negative_prompt": "voices"},
    )
    with pytest.raises(PermanentEngineError, match="did not make"):
        await requested(there, larger)


async def test_a_source_is_reframed_where_it_was_laid(there: Loopback) -> None:
    spec = GenerationSpec(
        kind=Kind.REFRAME,
        prompt="",
        source=Source(file="media:x"),
        aspect_ratio="16:9",
        reframing=Reframing(placement=Rectangle(x=0.25, y=-0.125, width=0.5, height=1.25)),
    )
    path, body = await requested(there, spec, source=FILE, urls={FILE: ADDRESS})
    assert (path, body) == (
        "/video/reframe",
        {
            "generation_type": "reframe_video",
            "model": "ray-2",
            "media": {"url": ADDRESS},
            "aspect_ratio": "16:9",
            "grid_position_x": 512,
            "x_start": 512,
            "x_end": 1536,
            "resized_width": 1024,
            "grid_position_y": -144,
            "y_start": -144,
            "y_end": 1296,
            "resized_height": 1440,
        },
    )
    still = replace(
        spec,
        source=Source(file="media:x", medium=Medium.IMAGE),
        reframing=None,
        still=Still(format="png"),
    )
    assert await requested(there, still, source=FILE, urls={FILE: ADDRESS}) == (
        "/image/reframe",
        {
            "generation_type": "reframe_image",
            "model": "ray-2",
            "media": {"url": ADDRESS},
            "aspect_ratio": "16:9",
            "format": "png",
        },
    )
    with pytest.raises(InputUnusable):
        await requested(there, spec, source=FILE, how={"pictures": "data"})


async def test_a_video_is_modified_in_a_mode(there: Loopback) -> None:
    spec = GenerationSpec(kind=Kind.MODIFY, prompt="snow", source=Source(file="media:x"))
    wanted = {
        "generation_type": "modify_video",
        "model": "ray-2",
        "prompt": "snow",
        "media": {"url": ADDRESS},
    }
    for mode, reported in (("adhere_1", "adhere_1"), (None, "flex_1")):
        got = await requested(there, replace(spec, mode=mode), source=FILE, urls={FILE: ADDRESS})
        assert got == ("/video/modify", {**wanted, "mode": reported})


@pytest.mark.parametrize(
    "spec",
    [
        replace(VIDEO, seed=7),
        replace(VIDEO, negative_prompt="blur"),
        replace(VIDEO, size_px=(640, 640)),
        replace(VIDEO, source=Source(file="media:x")),
        GenerationSpec(
            kind=Kind.REFRAME,
            prompt="",
            source=Source(file="media:x"),
            aspect_ratio="1:1",
            reframing=Reframing(crop=Rectangle(x=0, y=0, width=0.5, height=1)),
        ),
    ],
)
async def test_what_it_has_no_words_for_is_not_left_out(
    there: Loopback, spec: GenerationSpec
) -> None:
    with pytest.raises(PermanentEngineError, match="cannot be asked"):
        await requested(there, spec, source=FILE, urls={FILE: ADDRESS})
    assert not there.requested


async def test_each_state_is_understood(there: Loopback) -> None:
    upstream = upstream_at(there)
    seen = {}
    for state in ("queued", "dreaming", "completed", "picture", "failed"):
        there.says(ONE, TOLD[state])
        seen[state] = await upstream.poll(ID)
    assert [one.phase for one in seen.values()] == [
        Phase.WAITING, Phase.WORKING, Phase.COMPLETED, Phase.COMPLETED, Phase.FAILED,
    ]  # fmt: skip
    assert seen["completed"].files == {
        ArtifactKind.VIDEO: "https://cdn.relay.test/video.mp4",
        ArtifactKind.THUMBNAIL: "https://cdn.relay.test/thumb.jpg",
    }
    assert seen["picture"].files == {ArtifactKind.IMAGE: "https://cdn.relay.test/still.jpg"}
    assert seen["failed"].may_repeat


@pytest.mark.parametrize(
    ("reason", "code", "may_repeat"),
    [
        ("Job failed", "engine_unavailable", True),
        ("Error dispatching job", "engine_unavailable", True),
        ("Error processing callback", "engine_unavailable", True),
        ("", "engine_unavailable", True),
        (None, "engine_unavailable", True),
        ("Contains blacklisted words", "content_rejected", False),
        ("Frame moderation failed", "content_rejected", False),
        ("Advanced prompt moderation failed", "content_rejected", False),
        ("Failed to read user input frames", "input_unusable", False),
        ("Job failed: cancelled by the caller", "engine_rejected", False),
        ("The moon is full", "engine_rejected", False),
    ],
)
async def test_a_failure_says_whether_another_attempt_may_do(
    there: Loopback, reason: str | None, code: str, may_repeat: bool
) -> None:
    there.says(ONE, {**TOLD["failed"], "failure_reason": reason})
    seen = await upstream_at(there).poll(ID)
    assert seen.failure is not None
    assert (seen.failure.code, seen.may_repeat) == (code, may_repeat)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"detail": "Generation not found"}, UpstreamLost),
        (200, {"state": "failed"}, UpstreamUnreachable),
        (200, {**TOLD["completed"], "assets": None}, UpstreamUnreachable),
        (200, {**TOLD["completed"], "assets": {"image": "https://x.test/"}}, UpstreamUnreachable),
        (500, {**TOLD["failed"], "id": "another"}, UpstreamUnreachable),
        (200, b"<html>", UpstreamUnreachable),
        (403, {"detail": "no"}, UpstreamUnreachable),
    ],
)
async def test_an_answer_about_no_job_fails_none(
    there: Loopback, status: int, body: object, error: type[TemporaryEngineError]
) -> None:
    there.says(ONE, body, status=status)
    with pytest.raises(TemporaryEngineError) as caught:
        await upstream_at(there).poll(ID)
    assert type(caught.value) is error


def listed(*rows: object, more: bool = False) -> dict[str, object]:
    return {"has_more": more, "count": len(rows), "limit": 100, "offset": 0, "generations": rows}


def made(name: str, at: str, **requested: object) -> dict[str, object]:
    request = {**TOLD["queued"]["request"], **requested}
    return {**TOLD["queued"], "id": name, "created_at": at, "request": request}


def submit_query(**more: Any) -> SubmitQuery:
    known: dict[str, Any] = {"prompt": "a lake at dawn", "callback_url": None, **more}
    return SubmitQuery(spec=VIDEO, model="ray-2", key="key-1", since=SINCE, **known)


async def test_a_lost_job_is_found_by_prompt_model_and_time(there: Loopback) -> None:
    there.says(
        LIST,
        listed(
            made("later", "2026-01-01T00:03:00Z"),
            made("skewed", "2025-12-31T23:59:56Z"),
            made("hooked", "2026-01-01T00:00:01Z", callback_url="https://else.test/"),
            made("otherwise", "2026-01-01T00:00:01Z", prompt="a sea"),
            made("flash", "2026-01-01T00:00:01Z", model="ray-flash-2"),
            made("older", "2025-12-31T23:59:50Z"),
            {"id": "odd"},
            17,
        ),
    )
    assert await upstream_at(there).find(submit_query()) == ["skewed", "later"]


async def test_a_lost_job_is_found_by_its_callback_alone_where_those_are_told(
    there: Loopback,
) -> None:
    ours = "https://us.test/callbacks/1"
    there.says(
        LIST,
        listed(
            made("same words", "2026-01-01T00:00:01Z"),
            made("c", "2026-01-01T00:00:09Z", callback_url=ours),
            made("theirs", "2026-01-01T00:00:01Z", callback_url=ours + "2"),
        ),
    )
    assert await upstream_at(there).find(submit_query(callback_url=ours)) == ["c"]


async def test_the_list_is_read_as_far_back_as_it_matters(there: Loopback) -> None:
    there.says(
        LIST,
        listed(made("a", "2026-01-01T00:09:00Z"), more=True),
        listed(made("b", "2026-01-01T00:00:01Z"), made("c", "2025-12-31T00:00:00Z"), more=True),
    )
    assert await upstream_at(there).find(submit_query()) == ["b", "a"]
    assert [one.query["offset"] for one in there.requested] == ["0", "100"]


async def test_a_server_without_a_list_says_nothing_of_a_lost_job(there: Loopback) -> None:
    assert await upstream_at(there).find(submit_query()) is None
    for status, body in ((200, b"<html>"), (503, {}), (200, {"detail": "no"})):
        there.says(LIST, body, status=status)
        with pytest.raises(UpstreamUnreachable):
            await upstream_at(there).find(submit_query())


async def test_a_job_is_stopped_where_it_can_be(there: Loopback) -> None:
    assert not await upstream_at(there).cancel(ID)
    there.says(f"DELETE {ONE.removeprefix('GET ')}", b"", status=204)
    assert await upstream_at(there).cancel(ID)
    there.says(f"DELETE {ONE.removeprefix('GET ')}", b"", status=502)
    with pytest.raises(TemporaryEngineError):
        await upstream_at(there).cancel(ID)


async def test_its_test_tells_the_balance_where_there_is_one(there: Loopback) -> None:
    upstream = upstream_at(there)
    with pytest.raises(ChannelUnusable):
        await upstream.test()
    there.says("GET /dream-machine/v1/ping", {"message": "pong"})
    assert await upstream.test() == "the address replies"
    there.says("GET /dream-machine/v1/credits", {"credit_balance": 15000.0})
    assert "15000 credits" in await upstream.test()
    there.says("GET /dream-machine/v1/credits", {"detail": "Invalid API key"}, status=401)
    with pytest.raises(ChannelUnusable):
        await upstream.test()


def test_what_it_offers_is_offered_in_the_houses_own_names() -> None:
    assert set(CAPABILITIES.kinds) == set(Kind)
    assert (CAPABILITIES.seed, CAPABILITIES.negative_prompt) == (False, False)
    assert set(CAPABILITIES.by_id) == {Kind.VIDEO, Kind.UPSCALE, Kind.AUDIO}


BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([ID, "failed"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "state", "assets", "failure_reason", "video"]), inner, max_size=5
    ),
    max_leaves=8,
)  # fmt: skip


@given(body=BODIES, status=st.sampled_from([200, 404, 500]))
async def test_whatever_a_look_is_answered_it_is_bad_weather_or_said_to_have_failed(
    body: object, status: int
) -> None:
    async with loopback() as there:
        there.says(ONE, body, status=status)
        with suppress(TemporaryEngineError):
            seen = await upstream_at(there).poll(ID)
            is_said = isinstance(body, dict) and body.get("state") == "failed"
            assert (seen.phase is Phase.FAILED) == is_said
