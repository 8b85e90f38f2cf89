"""What every engine promises; add an engine by adding a line to ENGINES, or to THROUGH."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from PIL import Image
from tests.contract.upstreams import CASES, lines
from tests.engines.edits.conftest import write_clip
from tests.engines.local.scripted import ScriptedModel, keyframe_engine, scripted_engine

from rushes.core.generation import ArtifactKind
from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Job
from rushes.engines.isolated import IsolatedEngine
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.slate.directives import DirectedEngine
from rushes.engines.slate.engine import SlateEngine
from rushes.engines.upstream.engine import UpstreamEngine

ENGINES = {
    "scripted": lambda: ScriptedEngine(["video", "video", "video"]),
    "animatic": lambda: AnimaticEngine(threads=1),
    "isolated scripted": lambda: IsolatedEngine(
        ScriptedEngine([]), {"steps": ["video", "video", "video"]}
    ),
    "isolated animatic": lambda: IsolatedEngine(AnimaticEngine(), {"threads": 1}),
    "slate": SlateEngine,
    "isolated slate": lambda: DirectedEngine(IsolatedEngine(SlateEngine())),
}
LOCAL = ("wan2.2-ti2v", "wan2.1-vace")
"""Families of local models, one that continues pictures and one clips; the worker is scripted."""

KEYFRAMES = "keyframes"
"""A text-to-image model whose picture the animatic engine moves; the worker is scripted."""

THROUGH = ("relay gpt-best", "dream-machine", "agents", "openai", "lightx2v")
"""Upstreams, of those in ``upstreams.py``, each with a mock upstream for it."""

MAKE_STILLS = (*ENGINES, KEYFRAMES, "dream-machine", "agents")


@cache
def still():
    out = BytesIO()
    Image.new("RGB", STILL_SIZES["1:1"], "teal").save(out, "jpeg")
    return out.getvalue()


@asynccontextmanager
async def _through(case, mock_upstream, folder):
    """Yield an engine that has work done by an upstream, which delivers what is asked for here."""
    clip = write_clip(folder / "clip.mp4", size=(540, 540))
    served = await mock_upstream(
        case.kind, shape=case.shape, takes="0s", video=clip.read_bytes(), still=still()
    )
    async with lines() as made:
        upstream = made.to(case, served.url)
        yield UpstreamEngine(upstream, model="m", pause_s=0.01)


@pytest.fixture
async def engine_of(mock_upstream, tmp_path_factory):
    """Return a context with the engine of a name."""

    @asynccontextmanager
    async def make(name):
        if name in ENGINES:
            made = ENGINES[name]()
            yield made
            await made.close()
        elif name in {*LOCAL, KEYFRAMES}:
            model = ScriptedModel(tmp_path_factory.mktemp("local") / "model")
            is_drawn = name == KEYFRAMES
            made = (
                keyframe_engine(model.folder) if is_drawn else scripted_engine(model.folder, name)
            )
            yield made
            await made.close()
        else:
            async with _through(
                CASES[name], mock_upstream, tmp_path_factory.mktemp("clip")
            ) as made:
                yield made

    return make


@pytest.fixture(params=[*ENGINES, *LOCAL, KEYFRAMES, *THROUGH])
async def engine(request, engine_of):
    async with engine_of(request.param) as made:
        yield made


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
    rendered = await engine.render(job, tmp_path, lambda *_: None)
    assert rendered[0].kind is ArtifactKind.VIDEO
    assert {item.kind for item in rendered} == set(ArtifactKind) - {ArtifactKind.IMAGE}
    assert all(item.file.stat().st_size > 0 for item in rendered)
    assert all((item.width_px, item.height_px) == (540, 540) for item in rendered)


@pytest.mark.parametrize("engine", MAKE_STILLS, indirect=True)
async def test_a_still_comes_first_and_with_a_thumbnail(engine, job, tmp_path):
    assert Kind.IMAGE in engine.capabilities.kinds
    still = replace(job, spec=replace(job.spec, kind=Kind.IMAGE, model="photon-1"))
    rendered = await engine.render(still, tmp_path, lambda *_: None)
    assert [item.kind for item in rendered] == [ArtifactKind.IMAGE, ArtifactKind.THUMBNAIL]
    assert (rendered[0].width_px, rendered[0].height_px) == STILL_SIZES["1:1"]
    assert rendered[0].duration_s is None


async def test_progress_never_goes_back_and_ends_at_one(engine, job, tmp_path):
    reported = []
    await engine.render(job, tmp_path, lambda share, _=None: reported.append(share))
    assert reported == sorted(reported)
    assert reported[-1] == pytest.approx(1.0)


async def test_rendering_again_into_the_same_folder_gives_the_same_bytes(engine, job, tmp_path):
    first = (await engine.render(job, tmp_path, lambda *_: None))[0].file.read_bytes()
    second = (await engine.render(job, tmp_path, lambda *_: None))[0].file.read_bytes()
    assert first == second


async def test_a_cancelled_render_stops_and_the_next_one_is_none_the_worse(engine, job, tmp_path):
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(
        engine.render(job, tmp_path, lambda *_: loop.call_soon_threadsafe(begun.set))
    )
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (tmp_path / "again").mkdir()
    rendered = await engine.render(
        replace(job, prompt="a meadow"), tmp_path / "again", lambda *_: None
    )
    assert rendered[0].file.stat().st_size > 0
