"""LightX2V's server as an upstream: what it is asked, and what its replies mean."""

import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.engines.upstream.loopback import Loopback, line_to, loopback

from rushes.core.errors import (
    AmbiguousSubmit,
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
from rushes.engines.upstream.lightx2v import LightX2VUpstream, task_id_of

SPEC = GenerationSpec(prompt="a lake", aspect_ratio="16:9", resolution="720p", duration_s=5.0)
NAME = task_id_of("attempt-1")
STATUS = f"GET /v1/tasks/{NAME}/status"
TASK: dict[str, Any] = {
    "task_id": NAME,
    "status": "pending",
    "start_time": "2026-01-01T00:00:00",
    "end_time": None,
    "error": None,
    "save_result_path": f"{NAME}.mp4",
}


@pytest.fixture
async def there() -> AsyncGenerator[Loopback, None]:
    async with loopback() as made:
        accepted = {"task_id": NAME, "task_status": "pending", "save_result_path": "x"}
        made.says("POST /v1/tasks/video/", accepted)
        yield made


@pytest.fixture
def upstream(there: Loopback) -> LightX2VUpstream:
    return LightX2VUpstream(line_to(there, key=None))


def order(spec: GenerationSpec = SPEC, **more: Any) -> SubmitOrder:
    urls = more.pop("urls", {})
    return SubmitOrder(
        job=Job(spec=spec, prompt=spec.prompt, **more), model="wan", key="attempt-1", urls=urls
    )


def submit_query() -> SubmitQuery:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return SubmitQuery(
        spec=SPEC, prompt="a lake", model="wan", key="attempt-1", callback_url=None, since=since
    )


async def test_a_task_is_asked_for_under_the_id_that_its_key_makes(
    there: Loopback, upstream: LightX2VUpstream
) -> None:
    assert await upstream.submit(order(replace(SPEC, seed=5, negative_prompt="rain"))) == NAME
    assert there.last.json == {
        "task_id": NAME,
        "save_result_path": f"{NAME}.mp4",
        "prompt": "a lake",
        "negative_prompt": "rain",
        "seed": 5,
        "target_shape": [720, 1280],
        "target_video_length": 81,
    }
    assert "authorization" not in there.last.headers


@pytest.mark.parametrize("status", [307, 404, 405])
async def test_the_path_has_a_slash_at_its_end_or_has_not(
    there: Loopback, upstream: LightX2VUpstream, status: int
) -> None:
    there.says("POST /v1/tasks/video", {"task_id": NAME, "task_status": "pending"})
    there.says("POST /v1/tasks/video/", {"detail": "no"}, status=status)
    assert await upstream.submit(order()) == NAME
    assert [requested.path for requested in there.requested] == [
        "/v1/tasks/video/",
        "/v1/tasks/video",
    ]


async def test_a_newer_server_is_asked_in_its_own_words(there: Loopback) -> None:
    await LightX2VUpstream(line_to(there), fields="size", fps=24).submit(order())
    body = there.last.json
    assert (body["size"], body["num_frames"]) == ([720, 1280], 121)
    assert not {"target_shape", "target_video_length"} & body.keys()


async def test_who_asks_for_no_seed_gets_another_with_each_order(
    there: Loopback, upstream: LightX2VUpstream
) -> None:
    await upstream.submit(order())
    await upstream.submit(replace(order(), key="attempt-2"))
    first, second = (requested.json["seed"] for requested in there.requested)
    assert first != second
    assert max(first, second) < 2**32


async def test_both_pictures_are_handed_over(there: Loopback, tmp_path: Path) -> None:
    first, last = tmp_path / "f.png", tmp_path / "l.png"
    for file in (first, last):
        Image.new("RGB", (64, 64)).save(file)
    requested = order(first_image=first, last_image=last, urls={first: "https://us.example/f"})
    await LightX2VUpstream(line_to(there), pictures="url").submit(requested)
    body = there.last.json
    assert body["image_path"] == "https://us.example/f"
    assert body["last_frame_path"].startswith("data:image/png;base64,iVBOR")


EARLIER = Keyframe(position=Position.FIRST, generation_id="ours")


@pytest.mark.parametrize(
    ("changes", "more", "why"),
    [
        ({"kind": Kind.IMAGE}, {}, "new videos only"),
        ({"loop": True}, {}, "no loops"),
        ({"concepts": ("pan_left",)}, {}, "no concepts"),
        ({"keyframes": (EARLIER,)}, {}, "no earlier video"),
        ({}, {"earlier_clip": Path("c")}, "no earlier video"),
        ({}, {"last_image": Path("l")}, "together with a first"),
    ],
)
async def test_what_the_server_has_no_word_for_is_refused_and_never_dropped(
    there: Loopback, upstream: LightX2VUpstream, changes: Any, more: Any, why: str
) -> None:
    with pytest.raises(PermanentEngineError, match=why):
        await upstream.submit(order(replace(SPEC, **changes), **more))
    assert not there.requested


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, {"detail": "Task queue is full (max 10 tasks)"}, UpstreamBusy),
        (503, {"detail": f"Task ID {NAME} already exists"}, AmbiguousSubmit),
        (422, {"detail": [{"msg": "Extra inputs are not permitted"}]}, PermanentEngineError),
        (500, {"detail": "oops"}, AmbiguousSubmit),
    ],
)
async def test_an_answer_to_a_submit_that_is_no_task_is_what_it_says(
    there: Loopback, upstream: LightX2VUpstream, status: int, body: object, error: type[Exception]
) -> None:
    there.says("POST /v1/tasks/video/", body, status=status)
    with pytest.raises(error) as caught:
        await upstream.submit(order())
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("pending", Phase.WAITING),
        ("processing", Phase.WORKING),
        ("upscaling", Phase.WORKING),
        ("completed", Phase.COMPLETED),
        ("failed", Phase.FAILED),
        ("cancelled", Phase.FAILED),
    ],
)
async def test_a_reply_says_how_far_the_task_has_come(
    there: Loopback, upstream: LightX2VUpstream, word: str, phase: Phase
) -> None:
    there.says(STATUS, TASK | {"status": word, "error": "CUDA out of memory"})
    seen = await upstream.poll(NAME)
    assert seen.phase is phase
    assert seen.may_repeat is (word == "failed")
    if phase is Phase.COMPLETED:
        assert seen.files == {ArtifactKind.VIDEO: f"{there.url}/v1/tasks/{NAME}/result"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"detail": "Task not found"}, UpstreamLost),
        (500, TASK | {"status": "failed"}, UpstreamUnreachable),
        (200, {"status": "failed"}, UpstreamUnreachable),
        (200, b"", UpstreamUnreachable),
    ],
)
async def test_trouble_while_looking_says_nothing_about_the_task(
    there: Loopback, upstream: LightX2VUpstream, status: int, body: object, error: type[Exception]
) -> None:
    there.says(STATUS, body, status=status)
    with pytest.raises(error):
        await upstream.poll(NAME)


@settings(max_examples=60)
@given(
    reply=st.dictionaries(
        st.sampled_from(["task_id", "status", "error", "detail"]),
        st.none() | st.text(max_size=9) | st.integers() | st.lists(st.none(), max_size=2),
    )
    | st.binary(max_size=20),
    status=st.sampled_from([200, 204, 302, 404, 429, 500]),
)
async def test_no_reply_makes_a_look_raise_anything_but_a_temporary_error(
    reply: Any, status: int
) -> None:
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    async with loopback() as there:
        there.says(STATUS, b"" if status == 204 else body, status=status)
        upstream = LightX2VUpstream(line_to(there))
        for about in (upstream.poll(NAME), upstream.find(submit_query())):
            with suppress(TemporaryEngineError):
                await about


async def test_a_submit_without_an_answer_is_found_for_certain(
    there: Loopback, upstream: LightX2VUpstream
) -> None:
    assert await upstream.find(submit_query()) == []
    there.says(STATUS, TASK)
    assert await upstream.find(submit_query()) == [NAME]


@pytest.mark.parametrize(("stopped", "will"), [("success", True), ("do_nothing", False)])
async def test_a_cancel_says_whether_the_task_will_stop(
    there: Loopback, upstream: LightX2VUpstream, stopped: str, will: bool
) -> None:
    there.says(f"DELETE /v1/tasks/{NAME}", {"stop_status": stopped, "reason": "so"})
    assert await upstream.cancel(NAME) is will


async def test_a_test_asks_how_the_server_does(there: Loopback, upstream: LightX2VUpstream) -> None:
    there.says("GET /v1/service/status", {"service_status": "idle"})
    assert await upstream.test() == "the service is idle"
