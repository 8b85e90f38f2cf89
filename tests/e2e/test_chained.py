"""One server in front of another in front of a third: what is asked of the first reaches the last."""

import asyncio
import base64
import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import httpx2
import numpy as np
import pytest
import uvicorn
from PIL import Image
from typing_extensions import override

from rushes.bootstrap.application import Application, build
from rushes.core.generation import State
from rushes.core.rendered import Rendered
from rushes.core.spec import Position
from rushes.engines.base import Job, ReportProgress
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load

QUICK = """
min_poll_interval_s = 0.05
max_poll_interval_s = 0.2
expected_duration_s = 0.1
"""


class Projector(ScriptedEngine):
    """Delivers the same clip whatever is asked, with pictures beside it that are pictures."""

    @override
    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        rendered = await super().render(job, folder, report)
        for one in rendered:
            if one.media_type == "image/jpeg":
                Image.new("RGB", (1280, 720), "green").save(one.file)
        return rendered


@dataclass(frozen=True)
class Hop:
    """One way for a server to ask another."""

    path: str
    more: str = ""
    model: str = "ray-2"
    theirs: str = "ray-2"
    duration_s: float = 5


HOPS = {
    "relay": Hop(path=""),
    "dream-machine": Hop(path="/dream-machine/v1", more='pictures = "data"\n'),
    "agents": Hop(path="/v1", model="ray-3", theirs="ray-3.2"),
    "openai-videos": Hop(path="/v1", more='flavour = "rushes"\n', duration_s=4),
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for shade in range(24):
            picture = np.full((720, 1280, 3), 10 * shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.read_bytes()


def picture(colour: str) -> str:
    data = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


@asynccontextmanager
async def serving(running_app: Application) -> AsyncIterator[str]:
    config = uvicorn.Config(running_app.app, port=0, log_config=None, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    ready = asyncio.Event()
    real = server.startup

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await real(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]  # there is no other news of it
    async with asyncio.timeout(20):
        await ready.wait()
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Chain:
    """Three servers, of which the last one makes the video."""

    url: str
    front: Application
    middle: Application
    back: Application
    hop: Hop
    jobs: list[Job] = field(default_factory=list)
    """What the last one was asked to make."""

    async def make(self, **requested: object) -> str:
        body = {"model": self.hop.model, "duration_s": self.hop.duration_s, **requested}
        async with httpx2.AsyncClient(base_url=self.url) as client:
            reply = await client.post("/api/v1/generations", json=body)
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    async def made(self, generation_id: str) -> None:
        (generation,) = await self.front.store.get_many([generation_id])  # type: ignore[list-item]  # as the API spells it
        ended = await self.front.progress_stream.until_final(generation, wait_s=60)
        assert ended.state is State.COMPLETED, ended.failure


def settings(folder: Path, kind: str, base_url: str) -> Path:
    hop, file = HOPS[kind], folder / "rushes.toml"
    folder.mkdir()
    file.write_text(
        f'data = "{folder / "data"}"\n[server]\nauth = false\n[worker]\nlease_s = 2\n'
        f'[channels.up]\nkind = "{kind}"\nbase_url = "{base_url}{hop.path}"\n'
        f'models = {{ "{hop.model}" = "{hop.theirs}" }}\nconcurrency = 8\n{hop.more}{QUICK}'
    )
    return file


@pytest.fixture
async def chain(tmp_path: Path, clip: bytes) -> AsyncIterator[Callable[[str], Awaitable[Chain]]]:
    async with AsyncExitStack() as stack:

        async def make(kind: str) -> Chain:
            jobs: list[Job] = []

            async def note(job: Job) -> None:
                jobs.append(job)

            engine = Projector([clip] * 20, before=note)
            last = load(overrides={"data": tmp_path / "back", "server.auth": False})
            back = build(last, engines=dict.fromkeys(MODELS, engine))
            url = await stack.enter_async_context(serving(back))
            houses = []
            for name in ("middle", "front"):
                running_app = build(load(config_file=settings(tmp_path / name, kind, url)))
                url = await stack.enter_async_context(serving(running_app))
                houses.append(running_app)
            return Chain(
                url=url, front=houses[1], middle=houses[0], back=back, hop=HOPS[kind], jobs=jobs
            )

        yield make


@pytest.mark.parametrize("kind", HOPS)
async def test_what_is_asked_of_the_first_is_made_by_the_last_and_kept_by_each(
    chain: Callable[[str], Awaitable[Chain]], kind: str, clip: bytes
) -> None:
    servers = await chain(kind)
    plain = await servers.make(prompt="a lake at dawn")
    keyframes = {"first": {"image": picture("red")}, "last": {"image": picture("blue")}}
    framed = await servers.make(prompt="from red to blue", keyframes=keyframes)
    looped = await servers.make(prompt="a wheel", loop=True)
    for one in (plain, framed, looped):
        await servers.made(one)
    longer = await servers.make(prompt="and on", keyframes={"first": {"generation_id": plain}})
    await servers.made(longer)

    requested = {job.spec.prompt: job for job in servers.jobs}
    assert set(requested) == {"a lake at dawn", "from red to blue", "a wheel", "and on"}
    assert len(servers.jobs) == 4
    both = requested["from red to blue"]
    assert {k.position for k in both.spec.keyframes} == set(Position)
    assert requested["a wheel"].spec.loop
    assert requested["and on"].spec.extends
    assert requested["and on"].earlier_clip is not None
    for running_app in (servers.front, servers.middle):
        assert await running_app.store.count_by_state() == {State.COMPLETED: 4}
    await delivers(servers, plain, clip)


async def delivers(servers: Chain, generation_id: str, clip: bytes) -> None:
    """Check that the first server has the last one's video, and pictures of it."""
    async with httpx2.AsyncClient(base_url=servers.url) as client:
        reported = (await client.get(f"/api/v1/generations/{generation_id}")).json()
        video = await client.get(reported["artifacts"]["video"]["url"])
        thumbnail = await client.get(reported["artifacts"]["thumbnail"]["url"])
    assert video.content == clip
    assert Image.open(io.BytesIO(thumbnail.content)).size == (1280, 720)
