"""What every engine promises; add an engine by adding a line to ENGINES."""

import asyncio
from dataclasses import replace

import pytest

from rushes.core.generation import ArtifactKind
from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Job
from rushes.engines.isolated import IsolatedEngine
from rushes.engines.scripted import ScriptedEngine

ENGINES = {
    "scripted": lambda: ScriptedEngine(["video", "video", "video"]),
    "animatic": lambda: AnimaticEngine(threads=1),
    "isolated scripted": lambda: IsolatedEngine(
        ScriptedEngine([]), {"steps": ["video", "video", "video"]}
    ),
    "isolated animatic": lambda: IsolatedEngine(AnimaticEngine(), {"threads": 1}),
}


@pytest.fixture(params=ENGINES)
async def engine(request):
    made = ENGINES[request.param]()
    yield made
    await made.close()


@pytest.fixture
def job(engine) -> Job:
    spec = GenerationSpec(
        model="ray-2",
        prompt="a lake at dawn",
        aspect_ratio="1:1",
        resolution="540p",
        duration_s=min(engine.capabilities.durations_s),
    )
    return Job(spec=spec, prompt=spec.prompt)


async def test_every_artifact_comes_video_first_and_exists(engine, job, tmp_path):
    rendered = await engine.render(job, tmp_path, lambda _: None)
    assert rendered[0].kind is ArtifactKind.VIDEO
    assert {item.kind for item in rendered} == set(ArtifactKind) - {ArtifactKind.IMAGE}
    assert all(item.file.stat().st_size > 0 for item in rendered)
    assert all((item.width_px, item.height_px) == (540, 540) for item in rendered)


async def test_a_still_comes_first_and_with_a_thumbnail(engine, job, tmp_path):
    assert Kind.IMAGE in engine.capabilities.kinds
    still = replace(job, spec=replace(job.spec, kind=Kind.IMAGE, model="photon-1"))
    rendered = await engine.render(still, tmp_path, lambda _: None)
    assert [item.kind for item in rendered] == [ArtifactKind.IMAGE, ArtifactKind.THUMBNAIL]
    assert (rendered[0].width_px, rendered[0].height_px) == STILL_SIZES["1:1"]
    assert rendered[0].duration_s is None


async def test_progress_never_goes_back_and_ends_at_one(engine, job, tmp_path):
    told = []
    await engine.render(job, tmp_path, told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


async def test_rendering_again_into_the_same_folder_gives_the_same_bytes(engine, job, tmp_path):
    first = (await engine.render(job, tmp_path, lambda _: None))[0].file.read_bytes()
    second = (await engine.render(job, tmp_path, lambda _: None))[0].file.read_bytes()
    assert first == second


async def test_a_cancelled_render_stops_and_the_next_one_is_none_the_worse(engine, job, tmp_path):
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(
        engine.render(job, tmp_path, lambda _: loop.call_soon_threadsafe(begun.set))
    )
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (tmp_path / "again").mkdir()
    rendered = await engine.render(
        replace(job, prompt="a meadow"), tmp_path / "again", lambda _: None
    )
    assert rendered[0].file.stat().st_size > 0
