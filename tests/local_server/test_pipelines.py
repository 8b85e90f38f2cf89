"""
Make videos with real pipelines of diffusers, from the API to the file, in every mode.

The models are the tiny ones of ``tests/local``, in the environment ``.venv-local``: ``make test-local``
runs this after the tests there. A family's table is made small, so that a pass takes a second.
"""

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.e2e.test_local_models import FIRST, MODES, REFUSED

from rushes.bootstrap.application import Application, build
from rushes.core.generation import GenerationId, RenderPhase
from rushes.core.rendered import Rendered
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Engine, Job, ReportProgress, channels_of
from rushes.engines.local.depth import DepthModel
from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES, Sampling, VideoFamily
from rushes.engines.local.keyframe_engine import KeyframeEngine, KeyframeParts
from rushes.engines.local.messages import ModelToLoad
from rushes.engines.local.picture_families import PIPELINES
from rushes.engines.local.worker_child import WorkerCommand, worker_environment
from rushes.engines.local.worker_process import WorkerProcess
from rushes.kit.clock import FrozenClock
from rushes.settings import Settings

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ["RUSHES_TEST_TORCH"]).absolute()
"""An interpreter with torch and diffusers."""

TINY = ROOT / "tests" / "local" / "tiny_models.py"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the tiny model of each family."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([PYTHON, TINY, folder], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Build a tiny model that draws pictures, and one that estimates their depth."""
    code = (
        "import sys; from pathlib import Path; import tiny_pictures as tiny; to = Path(sys.argv[1]);"
        " tiny.write_pictures('lcm', to); tiny.write_depth(to / 'depth')"
    )
    environ = {**os.environ, "PYTHONPATH": str(TINY.parent)}
    subprocess.run([PYTHON, "-c", code, tmp_path], check=True, env=environ)
    return tmp_path


def small(family: VideoFamily) -> VideoFamily:
    """Return a family whose clips have at most two seconds and few pixels, made in two parts."""
    guidance = family.sampling.guidance
    return replace(
        family,
        durations_s=(1.0, 2.0),
        most_frames=(family.clip_frames or 1) + family.fps,
        largest_px=(128, 96),
        sampling=replace(family.sampling, steps=2, sigmas=None)
        if guidance > 1
        else family.sampling,
    )


class Server:
    """A server with one local model, and a client with a key."""

    def __init__(
        self,
        application: Application,
        client: httpx2.AsyncClient,
        clock: FrozenClock,
        engine: Any,
    ) -> None:
        self._application = application
        self.engine = engine
        self._client = client
        self._clock = clock

    async def post(self, path: str = "/luma/generations", **fields: object) -> httpx2.Response:
        body = {"user_prompt": "a lake", "resolution": "360p", "duration": "1s"}
        return await self._client.post(path, json=body | fields)

    async def finish(self, reply: httpx2.Response) -> str:
        """Make what was asked for, and return its id; fails the test with the engine's reason."""
        assert reply.status_code == 200, reply.text
        id_ = str(reply.json()["id"])
        await self.attempt()
        generation = await self._application.store.get(GenerationId(id_))
        assert generation.failure is None, generation.failure
        assert not await self.failures(id_)
        return id_

    async def failures(self, id_: str) -> list[str]:
        """Return the messages of the failed attempts so far."""
        generation = await self._application.store.get(GenerationId(id_))
        return [one.failure.message for one in generation.attempts if one.failure]

    async def attempt(self) -> None:
        """Make one attempt of the next generation, whatever it has to wait for."""
        self._clock.advance(seconds=3600)
        await self._application.worker.run_next()

    async def content(self, id_: str) -> bytes:
        shown = (await self._client.get(f"/luma/generations/{id_}")).json()
        return (await self._client.get(shown["video"]["url"])).content

    async def made(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make what a body for the native API asks for, and return how it ended."""
        reply = await self._client.post("/api/v1/generations", json=body)
        assert reply.status_code == 201, reply.text
        await self.attempt()
        path = f"/api/v1/generations/{reply.json()['id']}"
        return dict((await self._client.get(path)).json())

    async def file(self, made: dict[str, Any], kind: str) -> bytes:
        return (await self._client.get(made["artifacts"][kind]["url"])).content

    async def seconds(self, id_: str) -> float:
        (video, *_) = (await self._application.store.get(GenerationId(id_))).artifacts
        assert video.duration_s is not None
        return video.duration_s


OpenServer = Callable[[Engine], Awaitable[Server]]
Serve = Callable[[str], Awaitable[Server]]


def worker_of(family: str, folder: Path) -> WorkerProcess:
    environ = worker_environment(os.environ) | {"OMP_NUM_THREADS": "1"}
    return WorkerProcess(
        WorkerCommand(python=PYTHON, environ=environ),
        ModelToLoad(family=family, folder=folder, dtype="float32", device="cpu"),
    )


@pytest.fixture
async def open_server(tmp_path: Path) -> AsyncIterator[OpenServer]:
    made: list[tuple[Application, httpx2.AsyncClient]] = []

    async def start(engine: Engine) -> Server:
        clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        application = build(
            replace(Settings(), data=tmp_path / "data"),
            channels=channels_of({"ray-2": engine, "photon-1": engine}),
            clock=clock,
            serves_worker=False,
        )
        _, secret = await application.accounts.create_key("tester")
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=application.app),
            base_url="http://rushes.test",
            headers={"Authorization": f"Bearer {secret}"},
        )
        made.append((application, client))
        return Server(application, client, clock, engine)

    yield start
    for application, client in made:
        await client.aclose()
        await application.close()


@pytest.fixture
async def serve(open_server: OpenServer, models: Path) -> Serve:
    async def start(name: str) -> Server:
        worker = worker_of(name, models / name)
        return await open_server(LocalEngine(name, small(FAMILIES[name]), worker))

    return start


@pytest.mark.parametrize("name", FAMILIES)
async def test_each_family_makes_every_mode_that_it_claims_and_repeats_a_seed(
    serve: Serve, name: str
) -> None:
    server = await serve(name)
    fps = FAMILIES[name].fps
    finished = ""
    for mode, fields in MODES.items():
        reply = await server.post(**fields)
        if mode in REFUSED.get(name, ()):
            assert reply.status_code == 400, mode
            continue
        finished = await server.finish(reply)
        frames = round(await server.seconds(finished) * fps)
        assert frames == (fps if fields.get("loop") else fps + 1), mode
    longer = await server.finish(await server.post(f"/luma/generations/{finished}/extend"))
    before = round(await server.seconds(finished) * fps)
    assert round(await server.seconds(longer) * fps) == before + fps
    in_two_parts = FIRST | {"duration": "2s", "seed": 3}
    once, again = [await server.finish(await server.post(**in_two_parts)) for _ in range(2)]
    assert await server.seconds(once) == 2 + 1 / fps
    assert await server.content(once) == await server.content(again)


async def test_a_worker_that_is_killed_loses_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await serve("ltx")
    render, left = server.engine.render, ["denoise", "write"]

    async def killed(job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        def kill(share: float, phase: RenderPhase | None = None, /) -> None:
            report(share, phase)
            if left and phase == left[0] and server.engine.worker_pid is not None:
                os.kill(server.engine.worker_pid, signal.SIGKILL)
                left.pop(0)

        return await render(job, folder, kill)

    monkeypatch.setattr(server.engine, "render", killed)
    id_ = (await server.post(**FIRST)).json()["id"]
    for _ in range(3):
        await server.attempt()
    failures = await server.failures(id_)
    assert left == []
    assert failures  # a worker that has written all may have said so before it dies
    assert all("signal 9" in failure for failure in failures)
    assert await server.seconds(id_) == 1 + 1 / FAMILIES["ltx"].fps


async def test_a_model_of_pictures_makes_stills_and_with_a_depth_model_videos(
    pictures: Path, open_server: OpenServer
) -> None:
    worker = worker_of("text-to-image", pictures / "lcm")
    depth = DepthModel(folder=pictures / "depth", title="Tiny Depth", worker=worker, device="cpu")
    family = replace(PIPELINES["LatentConsistencyModelPipeline"], largest_px=(64, 64))
    parts = KeyframeParts(worker=worker, camera=AnimaticEngine(threads=1), find_depth=lambda: depth)
    server = await open_server(
        KeyframeEngine("tiny", family, parts, sampling=Sampling(steps=2, guidance=8.0))
    )
    still = {"kind": "image", "prompt": "a lake", "seed": 3}
    plan = {"set": "kitchen", "cast": [{"subject": "cat"}], "camera": [{"move": "pan_left"}]}
    video = {"prompt": "a lake", "duration_s": 4, "resolution": "360p", "plan": plan}
    made = [await server.made(body) for body in (still, still, video)]
    assert [one["state"] for one in made] == ["completed"] * 3, [one["failure"] for one in made]
    assert [one["engine"] for one in made] == ["tiny"] * 3
    first, again = [await server.file(one, "image") for one in made[:2]]
    assert first == again
    assert made[2]["plan"]["set"] == "kitchen"
    assert "Tiny Depth estimated its depth" in made[2]["note"]
    assert "drawn from the words of the plan" in made[2]["note"]
    assert made[2]["artifacts"]["video"]["duration_s"] == 4 + 1 / 24
