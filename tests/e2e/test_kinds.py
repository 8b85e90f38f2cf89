"""One kind of work upon another, through the whole house and the engine that ships."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rushes.bootstrap.application import Application, build
from rushes.core.errors import InvalidRequest
from rushes.core.generation import AccountId, ArtifactKind, Generation, State
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Role,
    Source,
    Still,
)
from rushes.service.accounts import Caller
from rushes.service.request_context import RequestContext
from rushes.settings import Settings

ME = Caller(account_id=AccountId("a"))
ASK = RequestContext(dialect="native", origin="http://here.test")


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    made = build(Settings(data=tmp_path))
    async with made.running(dispatcher=False):
        yield made


async def done(running_app: Application, spec: GenerationSpec) -> Generation:
    generation = await running_app.generations.submit(spec, caller=ME, context=ASK)
    async with asyncio.timeout(90):
        while not generation.state.is_final:
            await asyncio.sleep(0.02)
            generation = await running_app.generations.get(generation.id, caller=ME)
    assert generation.state is State.COMPLETED, generation.failure
    return generation


def size_of(generation: Generation, kind: ArtifactKind) -> tuple[int, int, float | None]:
    artifact = generation.artifact(kind)
    assert artifact is not None
    return artifact.width_px, artifact.height_px, artifact.duration_s


async def test_each_kind_of_work_builds_on_the_one_before(running_app: Application) -> None:
    still = await done(
        running_app, GenerationSpec(prompt="mountains at dawn", kind=Kind.IMAGE, aspect_ratio="1:1")
    )
    assert size_of(still, ArtifactKind.IMAGE) == (1536, 1536, None)

    changed = await done(
        running_app,
        GenerationSpec(
            prompt="at night",
            kind=Kind.IMAGE,
            still=Still(references=(Reference(role=Role.MODIFY, generation_id=still.id),)),
        ),
    )
    wide = await done(
        running_app,
        GenerationSpec(
            prompt="",
            kind=Kind.REFRAME,
            source=Source(medium=Medium.IMAGE, generation_id=changed.id),
            aspect_ratio="2:1",
        ),
    )
    assert size_of(wide, ArtifactKind.IMAGE) == (2176, 1088, None)

    video = await done(
        running_app,
        GenerationSpec(
            prompt="slow push",
            keyframes=(Keyframe(position=Position.FIRST, generation_id=still.id),),
            resolution="540p",
            duration_s=4.0,
        ),
    )
    assert size_of(video, ArtifactKind.VIDEO) == (540, 540, pytest.approx(4.04, abs=0.01))

    whole = await done(
        running_app,
        GenerationSpec(
            prompt="hills",
            keyframes=(Keyframe(position=Position.LAST, generation_id=video.id),),
            duration_s=4.0,
        ),
    )
    assert size_of(whole, ArtifactKind.VIDEO) == (540, 540, pytest.approx(8.04, abs=0.01))

    received = await done(
        running_app,
        GenerationSpec(prompt="", kind=Kind.AUDIO, source=Source(generation_id=video.id)),
    )
    large = await done(
        running_app,
        GenerationSpec(prompt="", kind=Kind.UPSCALE, source=Source(generation_id=received.id)),
    )
    assert size_of(large, ArtifactKind.VIDEO) == (720, 720, pytest.approx(4.04, abs=0.01))


async def test_what_no_engine_does_is_refused_before_anything_is_queued(
    running_app: Application,
) -> None:
    spec = GenerationSpec(prompt="x", kind=Kind.MODIFY, source=Source(file="http://v.test/a.mp4"))
    with pytest.raises(InvalidRequest, match="cannot modify a video; it can"):
        await running_app.generations.submit(spec, caller=ME, context=ASK)
