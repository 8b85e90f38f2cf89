"""A whole house without a worker: the test itself brings generations to their end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.sqlite import with_tables

from rushes.bootstrap.application import Application, build
from rushes.core import lifecycle
from rushes.core.generation import Artifact, ArtifactKind, Failure, Generation, GenerationId
from rushes.core.spec import Medium
from rushes.engines.base import Engine
from rushes.engines.scripted import ScriptedEngine
from rushes.kit.clock import FrozenClock
from rushes.service.catalogue import MODELS
from rushes.service.generation_ids import canonical_id
from rushes.settings import Settings
from rushes.store.base import Lease

VIDEOS = "/v1/videos"

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

_VIDEO = (
    (ArtifactKind.VIDEO, "video.mp4", "video/mp4"),
    (ArtifactKind.VIDEO_RAW, "video_raw.mp4", "video/mp4"),
    (ArtifactKind.THUMBNAIL, "thumbnail.jpg", "image/jpeg"),
    (ArtifactKind.LAST_FRAME, "last_frame.jpg", "image/jpeg"),
)
_PICTURE = (
    (ArtifactKind.IMAGE, "image.jpg", "image/jpeg"),
    (ArtifactKind.THUMBNAIL, "thumbnail.jpg", "image/jpeg"),
)


class Four(ScriptedEngine):
    """Makes clips of OpenAI's lengths, in any size."""

    capabilities = replace(ScriptedEngine.capabilities, durations_s=(4.0, 5.0, 8.0, 12.0, 16.0))


@dataclass(kw_only=True)
class Server:
    """The house, and a client whose key is good."""

    running_app: Application
    client: httpx2.AsyncClient
    as_client: Callable[[str | None], httpx2.AsyncClient]
    clock: FrozenClock
    tasks: set[asyncio.Task[object]] = field(default_factory=set)

    async def ask(self, path: str = VIDEOS, *, status: int = 200, **body: Any) -> dict[str, Any]:
        """Ask by JSON and return the reply."""
        reply = await self.client.post(path, json={"prompt": "a dune", **body})
        assert reply.status_code == status, reply.text
        return dict(reply.json())

    async def refused(
        self, path: str = VIDEOS, *, status: int = 400, **body: Any
    ) -> dict[str, Any]:
        """Return the error with which a request is refused."""
        reported = await self.ask(path, status=status, **body)
        assert set(reported) == {"error"}
        assert set(reported["error"]) == {"message", "type", "param", "code"}
        return dict(reported["error"])

    async def get(self, path: str, *, status: int = 200) -> dict[str, Any]:
        reply = await self.client.get(path)
        assert reply.status_code == status, reply.text
        return dict(reply.json())

    async def stored(self, id_: str) -> Generation:
        return await self.running_app.store.get(canonical_id(id_))

    async def run(self, id_: str, *, progress: float = 0.0) -> Generation:
        self.clock.advance(seconds=1)
        now = self.clock.now()
        lease = Lease(worker="w", until=now)
        change = lifecycle.claim(await self.stored(id_), engine="scripted", now=now)
        running = await self.running_app.store.write(change, lease=lease)
        await self.running_app.store.renew(running, lease=lease, progress=progress)
        return await self.stored(id_)

    async def complete(
        self, id_: str, *, data: bytes = b"a file", length_s: float = 4.0417
    ) -> Generation:
        running = await self.run(id_)
        is_video = running.spec.makes is Medium.VIDEO
        size = running.spec.size_px or (720, 1280)
        artifacts = [
            Artifact(
                kind=kind,
                key=f"{running.id}/1/{name}",
                media_type=media_type,
                size_bytes=await self.running_app.media.put_bytes(f"{running.id}/1/{name}", data),
                width_px=size[0],
                height_px=size[1],
                duration_s=length_s if media_type == "video/mp4" else None,
            )
            for kind, name, media_type in (_VIDEO if is_video else _PICTURE)
        ]
        change = lifecycle.complete(running, tuple(artifacts), now=self.clock.now())
        return await self.running_app.store.write(change)

    async def fail(self, id_: str, *, message: str = "no such luck") -> Generation:
        running = await self.run(id_, progress=0.4)
        failure = Failure(code="engine_rejected", message=message)
        return await self.running_app.store.write(
            lifecycle.fail(running, failure, now=self.clock.now())
        )

    async def completed(self, **body: Any) -> str:
        """Return the id of a video that is done."""
        id_ = (await self.ask(**body))["id"]
        await self.complete(id_)
        return str(id_)

    def meanwhile(self, do: Callable[[str], Any]) -> None:
        """Do something with whatever is submitted, beside the request."""

        def reported(change: lifecycle.Change) -> None:
            if change.before is None:
                self.tasks.add(asyncio.create_task(do(GenerationId(change.after.id))))

        self.running_app.store.listen(reported)


@pytest.fixture
def engine() -> Engine:
    return Four([])


@pytest.fixture
async def server(tmp_path: Path, engine: Engine) -> AsyncIterator[Server]:
    clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    settings = replace(Settings(), data=with_tables(tmp_path / "rushes.db").parent)
    running_app = build(
        settings, engines=dict.fromkeys(MODELS, engine), clock=clock, serves_worker=False
    )

    def as_client(secret: str | None) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        transport = httpx2.ASGITransport(app=running_app.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://rushes.test", headers=headers
        )

    _, secret = await running_app.accounts.create_key("tester")
    try:
        async with as_client(secret) as client:
            yield Server(running_app=running_app, client=client, as_client=as_client, clock=clock)
    finally:
        await running_app.close()
