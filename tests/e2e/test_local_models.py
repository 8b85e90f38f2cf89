"""A request for a video by a local model: from the API to the worker process and back."""

import base64
import io
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import httpx2
import pytest
from PIL import Image
from tests.engines.local.scripted import ScriptedModel, scripted_engine

from rushes.bootstrap.application import Application, build
from rushes.core.generation import GenerationId, RenderPhase
from rushes.engines.base import Job, ReportProgress, channels_of
from rushes.engines.local.engine import LocalEngine
from rushes.kit.clock import FrozenClock
from rushes.settings import Settings

FAMILIES = ("wan2.2-ti2v", "wan2.1-vace", "wan2.2-i2v", "ltx", "ltx2")


def picture(colour: str) -> str:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "png")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


FIRST = {"image_url": picture("red")}
LAST = {"image_end_url": picture("blue")}
MODES: dict[str, dict[str, Any]] = {
    "words": {},
    "first": FIRST,
    "first and last": FIRST | LAST,
    "last": LAST,
    "loop of words": {"loop": True},
    "loop": {"loop": True} | FIRST,
}
REFUSED = {
    "wan2.2-ti2v": {"first and last", "last", "loop of words", "loop"},
    "wan2.2-i2v": {"words", "last", "loop of words"},
}


@dataclass(kw_only=True)
class Server:
    """A server with one local model, and a client with a key."""

    application: Application
    client: httpx2.AsyncClient
    engine: LocalEngine
    model: ScriptedModel
    clock: FrozenClock

    async def post(self, path: str = "/luma/generations", **fields: Any) -> httpx2.Response:
        body = {
            "user_prompt": "a lake",
            "aspect_ratio": "16:9",
            "resolution": "360p",
            "duration": "4s",
        }
        return await self.client.post(path, json=body | fields)

    async def submit(self, path: str = "/luma/generations", **fields: Any) -> str:
        reply = await self.post(path, **fields)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])

    async def work(self) -> bool:
        """Make one attempt of the next generation, whatever it has to wait for."""
        self.clock.advance(seconds=3600)
        return await self.application.worker.run_next()

    async def show(self, id_: str) -> dict[str, Any]:
        reply = await self.client.get(f"/api/v1/generations/{id_}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def failures(self, id_: str) -> list[str]:
        """Return the messages of the failed attempts so far."""
        generation = await self.application.store.get(GenerationId(id_))
        return [one.failure.message for one in generation.attempts if one.failure]

    async def frames(self, id_: str) -> int:
        """Download the video as a client does, and count its frames."""
        shown = (await self.client.get(f"/luma/generations/{id_}")).json()
        video = await self.client.get(shown["video"]["url"])
        with av.open(io.BytesIO(video.content)) as container:
            return sum(1 for _ in container.decode(video=0))


Serve = Callable[[str], Awaitable[Server]]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    made: list[Server] = []

    async def start(family: str) -> Server:
        clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        model = ScriptedModel(tmp_path / "model")
        engine = scripted_engine(model.folder, family)
        settings = replace(Settings(), data=tmp_path / "data")
        application = build(
            settings, channels=channels_of({"ray-2": engine}), clock=clock, serves_worker=False
        )
        _, secret = await application.accounts.create_key("tester")
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=application.app),
            base_url="http://rushes.test",
            headers={"Authorization": f"Bearer {secret}"},
        )
        made.append(
            Server(application=application, client=client, engine=engine, model=model, clock=clock)
        )
        return made[-1]

    yield start
    for one in made:
        await one.client.aclose()
        await one.application.close()


@pytest.mark.parametrize("family", FAMILIES)
async def test_each_family_makes_what_it_claims_and_refuses_the_rest_at_submission(
    serve: Serve, family: str
) -> None:
    server = await serve(family)
    for mode, fields in MODES.items():
        reply = await server.post(**fields)
        is_refused = mode in REFUSED.get(family, ())
        assert reply.status_code == (400 if is_refused else 200), (mode, reply.text)
        if is_refused:
            continue
        assert await server.work()
        shown = await server.show(reply.json()["id"])
        assert shown["state"] == "completed", (mode, shown["failure"])
        rate = server.engine.family.fps
        expected = 4 * rate + (0 if fields.get("loop") else 1)
        assert await server.frames(reply.json()["id"]) == expected, mode


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_finished_video_can_be_extended(serve: Serve, family: str) -> None:
    server = await serve(family)
    id_ = await server.submit(**FIRST)
    await server.work()
    longer = await server.submit(f"/luma/generations/{id_}/extend")
    await server.work()
    shown = await server.show(longer)
    assert shown["state"] == "completed", shown["failure"]
    assert await server.frames(longer) == 8 * server.engine.family.fps + 1


@pytest.mark.parametrize("step", [1, 2, 3, 4])
async def test_a_worker_that_crashes_at_any_step_costs_an_attempt_and_nothing_else(
    serve: Serve, step: int
) -> None:
    server = await serve("ltx")
    server.model.script(f"crash {step}")
    id_ = await server.submit()
    await server.work()
    assert (await server.show(id_))["state"] == "queued"
    assert "illegal memory access" in (await server.failures(id_))[0]
    await server.work()
    assert (await server.show(id_))["state"] == "completed"
    assert await server.frames(id_) == 97


async def test_a_worker_that_is_killed_while_it_denoises_costs_an_attempt_and_nothing_else(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await serve("ltx")
    server.model.script("wait 2")
    render = server.engine.render

    async def killed(job: Job, folder: Path, report: ReportProgress) -> Any:
        def kill_at_half(share: float, phase: RenderPhase | None = None, /) -> None:
            report(share, phase)
            if share > 0.3 and server.engine.worker_pid is not None:
                os.kill(server.engine.worker_pid, signal.SIGKILL)

        return await render(job, folder, kill_at_half)

    id_ = await server.submit()
    monkeypatch.setattr(server.engine, "render", killed)
    await server.work()
    monkeypatch.undo()
    assert (await server.show(id_))["state"] == "queued"
    assert "signal 9" in (await server.failures(id_))[0]
    await server.work()
    assert (await server.show(id_))["state"] == "completed"


async def test_a_worker_that_ends_in_any_phase_costs_an_attempt_and_nothing_else(
    serve: Serve,
) -> None:
    phases = ("encode prompt", "denoise", "decode", "write")
    server = await serve("wan2.2-ti2v")
    server.model.script(*(f"crash {phase}" for phase in phases))
    id_ = await server.submit(duration="9s")  # in two parts
    for number in range(len(phases)):
        await server.work()
        assert (await server.show(id_))["state"] == "queued"
        assert len(await server.failures(id_)) == number + 1
    await server.work()
    assert (await server.show(id_))["state"] == "completed"
    assert await server.frames(id_) == 9 * 24 + 1


async def test_a_gpu_without_memory_is_explained_to_the_caller(serve: Serve) -> None:
    server = await serve("ltx")
    server.model.script(*["oom"] * 5)
    id_ = await server.submit(resolution="720p")
    while await server.work():
        pass
    shown = await server.show(id_)
    assert shown["state"] == "failed"
    assert "too little memory" in shown["failure"]["message"]
    assert "ask for 540p or less" in shown["failure"]["message"]
    assert len(await server.failures(id_)) == 1
    assert [one["memory"] for one in server.model.loads] == ["auto", "group-offload"]


async def test_the_caller_learns_that_a_video_was_enlarged_and_made_in_parts(serve: Serve) -> None:
    server = await serve("wan2.1-vace")
    id_ = await server.submit(duration="9s", resolution="720p")
    await server.work()
    note = (await server.show(id_))["note"]
    assert "enlarged to 1280x720" in note
    assert "parts" in note
    assert "seed" in note


async def test_a_seed_of_the_caller_is_used(serve: Serve) -> None:
    server = await serve("ltx")
    reply = await server.client.post(
        "/api/v1/generations",
        json={"prompt": "a lake", "seed": 11, "resolution": "360p", "duration_s": 4},
    )
    await server.work()
    assert server.model.requests[0]["seed"] == 11
    assert (await server.show(reply.json()["id"]))["note"] is None


async def test_the_list_of_models_names_the_local_model_and_what_it_cannot_do(
    serve: Serve,
) -> None:
    server = await serve("wan2.2-ti2v")
    (model,) = (await server.client.get("/api/v1/models")).json()["models"]
    assert model["engine"] == "scripted-model"
    assert not model["capabilities"]["last_image"]
    assert not model["capabilities"]["loop"]
