"""A relay as an upstream: what it is asked, and what its replies mean, whichever relay it is."""

import copy
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
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
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position, Source
from rushes.engines.base import Job
from rushes.engines.upstream.base import Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.relay import RelayUpstream
from rushes.engines.upstream.relay_replies import PHASES, accepted_id, job_status_of, moment

SEEDS = ("000_chainhub", "001_kkiai", "002_gpt_best", "003_yescale", "004_gpt_ge")
SPEC = GenerationSpec(prompt="mermaid", resolution="720p", duration_s=5.0)
SINCE = datetime(2024, 12, 24, 18, 1, 20, tzinfo=UTC)
ID = "4665a07c-7641-4809-a133-10786201bb56"
ONE = f"GET /luma/generations/{ID}"


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        made.says("POST /luma/generations", golden("relay_000_chainhub")["submitted"])
        yield made


def order(spec: GenerationSpec = SPEC, **more: Any) -> SubmitOrder:
    known = {name: more.pop(name) for name in ("urls", "ids", "callback_url") if name in more}
    model = more.pop("model", "")
    return SubmitOrder(
        job=Job(spec=spec, prompt=spec.prompt, **more), model=model, key="key-1", **known
    )


def submit_query(**more: Any) -> SubmitQuery:
    known: dict[str, Any] = {"prompt": "mermaid", "callback_url": None, "since": SINCE, **more}
    return SubmitQuery(spec=SPEC, model="ray-v2", key="key-1", **known)


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("first", "last"):
        Image.new("RGB", (32, 18)).save(tmp_path / f"{name}.png")
    return tmp_path / "first.png", tmp_path / "last.png"


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_seeds_replies_are_understood(there: Loopback, seed: str) -> None:
    reported = golden(f"relay_{seed}")
    there.says("POST /luma/generations", reported["submitted"])
    upstream = RelayUpstream(line_to(there, ""))
    job_id = await upstream.submit(order())
    assert len(job_id) == 36
    seen = {}
    for state in ("submitted", "working", "completed", "failed"):
        there.says(f"GET /luma/generations/{job_id}", reported[state])
        seen[state] = await upstream.poll(job_id)
    assert [one.phase for one in seen.values()] == [
        Phase.WAITING, Phase.WORKING, Phase.COMPLETED, Phase.FAILED,
    ]  # fmt: skip
    assert dict(seen["completed"].files) == reported["files"]
    failure = seen["failed"].failure
    assert failure is not None
    there.says("POST /luma/tasks", reported["batch"])
    many = await RelayUpstream(line_to(there, ""), poll_batch_size=100).poll_many(
        [job_id, ID[::-1]]
    )
    assert list(many) == [job_id]
    assert there.last.json == {"ids": [job_id, ID[::-1]]}


@pytest.mark.parametrize(
    ("seed", "code", "may_repeat"),
    [
        ("000_chainhub", "engine_unavailable", True),
        ("001_kkiai", "engine_unavailable", True),
        ("002_gpt_best", "content_rejected", False),
        ("003_yescale", "content_rejected", False),
        ("004_gpt_ge", "input_unusable", False),
    ],
)
async def test_a_failure_says_whether_another_attempt_may_do(
    there: Loopback, seed: str, code: str, may_repeat: bool
) -> None:
    there.says(ONE, golden(f"relay_{seed}")["failed"])
    seen = await RelayUpstream(line_to(there, "")).poll(ID)
    assert seen.failure is not None
    assert (seen.failure.code, seen.may_repeat) == (code, may_repeat)


async def test_progress_is_read_however_it_is_written(there: Loopback) -> None:
    upstream = RelayUpstream(line_to(there, ""))
    for said, share in (("42%", 0.42), (42, 0.42), ("42", 0.42), (0.42, 0.42), (1, 0.01),
                        (400, 1.0), (-1, 0.0), ("soon", None), (True, None), (None, None)):  # fmt: skip
        there.says(ONE, {"id": ID, "state": "processing", "progress": said})
        assert (await upstream.poll(ID)).progress == share, said


@pytest.mark.parametrize(
    ("word", "phase"),
    [(" Completed ", Phase.WORKING), ("IN-PROGRESS", Phase.WORKING), ("Queued", Phase.WAITING),
     ("unknown", Phase.WORKING), ("vorgemerkt", Phase.WORKING), ("FAILURE", Phase.FAILED),
     ("canceled", Phase.FAILED)],
)  # fmt: skip
async def test_words_are_read_in_any_spelling(there: Loopback, word: str, phase: Phase) -> None:
    there.says(ONE, {"id": ID, "state": word})
    there.says(f"{ONE}/download_video_url", {"url": "https://cdn.test/x.mp4"})
    seen = await RelayUpstream(line_to(there, "")).poll(ID)
    assert seen.phase is (Phase.COMPLETED if "Completed" in word else phase)


async def test_a_job_that_was_stopped_there_is_not_begun_again(there: Loopback) -> None:
    there.says(ONE, {"id": ID, "state": "cancelled"})
    assert not (await RelayUpstream(line_to(there, "")).poll(ID)).may_repeat


async def test_a_done_job_without_an_address_is_asked_for_it(there: Loopback) -> None:
    there.says(ONE, {"id": ID, "state": "completed", "video": None})
    upstream = RelayUpstream(line_to(there, ""))
    with pytest.raises(UpstreamUnreachable):
        await upstream.poll(ID)
    there.says(f"{ONE}/download_video_url", {"url": "https://cdn.test/x.mp4"})
    assert (await upstream.poll(ID)).files == {ArtifactKind.VIDEO: "https://cdn.test/x.mp4"}


async def test_a_job_in_the_body_counts_more_than_the_status(there: Loopback) -> None:
    there.says(ONE, {"id": ID, "state": "processing"}, status=502)
    assert (await RelayUpstream(line_to(there, "")).poll(ID)).phase is Phase.WORKING


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (
            500,
            {"id": "req-1", "status": "error", "error": {"message": "oops"}},
            UpstreamUnreachable,
        ),
        (500, {"id": "req-1", "state": "failed"}, UpstreamUnreachable),
        (503, {"id": "req-1", "status": "pending"}, UpstreamUnreachable),
        (200, {"status": "error", "message": "upstream error"}, UpstreamUnreachable),
        (200, {"id": "req-1", "status": "error", "message": "oops"}, UpstreamUnreachable),
        (200, {"code": "success", "status": "success", "data": None}, UpstreamUnreachable),
        (200, b"<html>", UpstreamUnreachable),
        (200, {}, UpstreamUnreachable),
        (200, [], UpstreamUnreachable),
        (400, {"code": "task_not_exist", "message": "", "data": None}, UpstreamLost),
        (404, {"detail": "Not Found"}, UpstreamLost),
        (429, {"error": {"message": "try again in 3s"}}, UpstreamBusy),
    ],
)
async def test_an_answer_about_no_job_fails_none(
    there: Loopback, status: int, body: object, error: type[TemporaryEngineError]
) -> None:
    there.says(ONE, body, status=status)
    with pytest.raises(TemporaryEngineError) as caught:
        await RelayUpstream(line_to(there, "")).poll(ID)
    assert type(caught.value) is error


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_a_batch_that_is_none_loses_no_job(there: Loopback, status: int) -> None:
    there.says("POST /luma/tasks", b"<html>", status=status)
    with pytest.raises(UpstreamUnreachable):
        await RelayUpstream(line_to(there, ""), poll_batch_size=10).poll_many([ID])


async def test_everything_that_was_asked_for_is_said(
    there: Loopback, pictures: tuple[Path, Path]
) -> None:
    spec = GenerationSpec(
        prompt="a lake",
        keyframes=(
            Keyframe(position=Position.FIRST, image="media:a"),
            Keyframe(position=Position.LAST, image="media:b"),
        ),
        aspect_ratio="9:16",
        resolution="1080p",
        duration_s=9.0,
        loop=True,
        expand_prompt=True,
    )
    requested = order(
        spec,
        model="ray-v2",
        first_image=pictures[0],
        last_image=pictures[1],
        callback_url="https://us.test/callbacks/c/t",
        urls={pictures[0]: "https://us.test/first.png"},
    )
    await RelayUpstream(line_to(there, ""), pictures="url").submit(requested)
    body = there.last.json
    assert body.pop("image_end_url").startswith("data:image/png;base64,iVBOR")
    assert body == {
        "user_prompt": "a lake",
        "model_name": "ray-v2",
        "expand_prompt": True,
        "loop": True,
        "image_url": "https://us.test/first.png",
        "aspect_ratio": "9:16",
        "resolution": "1080p",
        "duration": "9s",
        "notify_hook": "https://us.test/callbacks/c/t",
    }
    assert there.last.headers["idempotency-key"] == "key-1"
    await RelayUpstream(line_to(there, "")).submit(requested)
    assert there.last.json["image_url"].startswith("data:image/png;base64,iVBOR")
    await RelayUpstream(line_to(there, "")).submit(order())
    assert there.last.json == {
        "user_prompt": "mermaid", "expand_prompt": False, "resolution": "720p", "duration": "5s",
    }  # fmt: skip


async def test_a_video_of_its_own_is_extended_by_its_own_id(
    there: Loopback, pictures: tuple[Path, Path]
) -> None:
    there.says("POST /luma/generations/t-1/extend", {"id": "t-2", "state": "pending"})
    spec = GenerationSpec(
        prompt="on and on", keyframes=(Keyframe(position=Position.FIRST, generation_id="ours"),)
    )
    upstream = RelayUpstream(line_to(there, ""))
    requested = order(spec, first_image=pictures[0], ids={"ours": "t-1"})
    assert await upstream.submit(requested) == "t-2"
    assert "image_url" not in there.last.json
    with pytest.raises(PermanentEngineError, match="did not make"):
        await upstream.submit(order(spec))


@pytest.mark.parametrize(
    "spec",
    [
        GenerationSpec(prompt="x", negative_prompt="blur"),
        GenerationSpec(prompt="x", concepts=("dolly_zoom",)),
        GenerationSpec(prompt="x", size_px=(640, 640)),
        GenerationSpec(prompt="x", kind=Kind.IMAGE),
        GenerationSpec(prompt="x", source=Source(file="media:x")),
        GenerationSpec(
            prompt="x", keyframes=(Keyframe(position=Position.LAST, generation_id="ours"),)
        ),
    ],
)
async def test_what_a_relay_has_no_words_for_is_not_left_out(
    there: Loopback, spec: GenerationSpec
) -> None:
    with pytest.raises(PermanentEngineError, match="cannot be asked"):
        await RelayUpstream(line_to(there, "")).submit(order(spec, ids={"ours": "t-1"}))
    assert not there.requested


@pytest.mark.parametrize(
    ("body", "job_id"),
    [
        ([{"id": "a", "state": "pending"}], "a"),
        ({"task_id": "a", "status": "queued"}, "a"),
        ({"id": 13917, "task_id": "a", "status": "SUBMITTED"}, "a"),
        ({"code": "success", "message": "", "data": "a"}, "a"),
        ({"code": 0, "data": {"task_id": 17, "task_status": "submitted"}}, "17"),
        ({"success": True, "task_id": "a"}, "a"),
        ({"code": "fail", "message": "", "data": "no such model"}, None),
        ({"id": "req-1", "error": {"message": "no"}}, None),
        ({"id": {"x": 1}}, None),
        ({"id": ""}, None),
        ("a", None),
        ([], None),
        ([{"id": "a"}, {"id": "b"}], None),
    ],
)
def test_a_submits_answer_names_the_job(body: object, job_id: str | None) -> None:
    assert accepted_id(body) == job_id


async def test_an_answer_without_an_id_is_in_doubt(there: Loopback) -> None:
    there.says("POST /luma/generations", {"state": "pending"})
    with pytest.raises(AmbiguousSubmit):
        await RelayUpstream(line_to(there, "")).submit(order())


async def test_a_lost_job_is_found_by_its_prompt_and_time(there: Loopback) -> None:
    one = golden("relay_004_gpt_ge")["submitted"]
    listed = [
        {**one, "id": "late", "created_at": "2024-12-24T18:03:00Z"},
        {**one, "id": "other", "request": {"prompt": "another"}},
        {**one, "id": "early", "created_at": "2024-12-24T18:01:10Z"},
        {**one, "id": "dateless", "created_at": "some day"},
        {**one, "id": "wordless", "request": None},
        one,
        {"odd": True},
        None,
    ]
    upstream = RelayUpstream(line_to(there, ""))
    for body in (listed, {"code": "success", "data": listed}):
        there.says("GET /luma/generations/", body)
        assert await upstream.find(submit_query()) == [one["id"], "late"]
    assert await upstream.find(submit_query(prompt="")) == []
    assert there.last.query == {"limit": "100"}


async def test_a_lost_job_is_found_by_its_callback_before_all(there: Loopback) -> None:
    one = golden("relay_004_gpt_ge")["submitted"]
    ours, theirs = "https://us.test/callbacks/1", "https://us.test/callbacks/2"
    there.says(
        "GET /luma/generations/",
        [one, {**one, "id": "b", "notify_hook": theirs}, {"task_id": "c", "notify_hook": ours}],
    )
    upstream = RelayUpstream(line_to(there, ""))
    assert await upstream.find(submit_query(callback_url=ours)) == ["c", one["id"]]


async def test_a_relay_without_a_list_says_nothing_of_a_lost_job(there: Loopback) -> None:
    upstream = RelayUpstream(line_to(there, ""))
    assert await upstream.find(submit_query()) is None
    there.says("GET /luma/generations/", b"<html>")
    assert await upstream.find(submit_query()) is None


@pytest.mark.parametrize(("body", "status"), [(b"", 503), ({}, 200), ({"data": {}}, 200)])
async def test_a_reply_in_place_of_the_list_is_asked_for_again(
    there: Loopback, body: object, status: int
) -> None:
    there.says("GET /luma/generations/", body, status=status)
    with pytest.raises(TemporaryEngineError):
        await RelayUpstream(line_to(there, "")).find(submit_query())


async def test_its_test_proves_the_key(there: Loopback) -> None:
    upstream = RelayUpstream(line_to(there, ""))
    assert "key is accepted" in await upstream.test()
    nobody = f"GET {there.last.path}"
    for status, body in ((401, {"error": {"message": "x"}}), (400, {"detail": "invalid api key"}),
                         (404, b"<html>")):  # fmt: skip
        there.says(nobody, body, status=status)
        with pytest.raises(ChannelUnusable):
            await upstream.test()
    there.says(nobody, b"<html>", status=200)
    with pytest.raises(UpstreamUnreachable):
        await upstream.test()
    assert not await upstream.cancel(ID)


def test_moments_are_read_in_every_unit() -> None:
    at = datetime(2024, 12, 22, 13, 38, 40, tzinfo=UTC)
    for said in ("2024-12-22T13:38:40Z", "2024-12-22T13:38:40", 1734874720, "1734874720",
                 1734874720000, 1734874720.0, "2024-12-22T14:38:40+01:00"):  # fmt: skip
        assert moment(said) == at, said
    nonsense: list[object] = [None, "", "soon", True, 1e300, {}]
    assert not any(map(moment, nonsense))


FAILED_WORDS = {word for word, phase in PHASES.items() if phase is Phase.FAILED}
NAMES = st.sampled_from(
    ["id", "task_id", "state", "status", "task_status", "data", "response", "output", "video",
     "url", "progress", "error", "message", "code", "result", "task_result", "artifact"]
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([*PHASES, ID, "https://cdn.test/x.mp4", "42%"])
)  # fmt: skip
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(body=BODIES, status=st.sampled_from([200, 201, 400, 404, 500]))
def test_no_reply_whatever_fails_a_job_without_a_word_for_it(body: object, status: int) -> None:
    seen = job_status_of(body, str, job_id=ID, status=status)
    said = json.dumps(body, default=str).lower()
    if seen is not None and seen.phase is Phase.FAILED:
        assert any(word in said for word in FAILED_WORDS)
        assert seen.failure is not None
    if seen is not None and seen.progress is not None:
        assert 0.0 <= seen.progress <= 1.0


@given(data=st.data(), seed=st.sampled_from(SEEDS))
def test_a_running_job_whose_fields_go_astray_never_looks_failed(
    data: st.DataObject, seed: str
) -> None:
    reported = copy.deepcopy(golden(f"relay_{seed}")["working"])
    harmless = LEAVES.filter(lambda leaf: str(leaf).strip().lower() not in FAILED_WORDS)
    level = reported
    while data.draw(st.booleans()) and isinstance(level.get("data"), dict):
        level = level["data"]
    level[data.draw(st.sampled_from([*level, "extra"]))] = data.draw(harmless)
    seen = job_status_of(reported, str, job_id=ID)
    assert seen is None or seen.phase is not Phase.FAILED


@given(raw=st.binary(max_size=60) | BODIES.map(lambda body: json.dumps(body).encode()))
async def test_whatever_a_look_is_answered_it_is_bad_weather_at_worst(raw: bytes) -> None:
    async with loopback() as there:
        there.says(ONE, raw)
        with suppress(TemporaryEngineError):
            await RelayUpstream(line_to(there, "")).poll(ID)
