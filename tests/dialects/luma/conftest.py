"""A whole house without a worker: the test itself brings generations to their end."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
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
from rushes.settings import Settings
from rushes.store.base import Lease

ROOT = "/dream-machine/v1"
ALL = f"{ROOT}/generations"

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


@dataclass(kw_only=True)
class Server:
    """The house, and a client whose key is good."""

    running_app: Application
    client: httpx2.AsyncClient
    as_client: Callable[[str | None], httpx2.AsyncClient]
    clock: FrozenClock

    async def ask(
        self, path: str = "/generations/video", *, status: int = 201, **body: Any
    ) -> dict[str, Any]:
        reply = await self.client.post(ROOT + path, json=body)
        assert reply.status_code == status, reply.text
        return dict(reply.json())

    async def refused(self, path: str = "/generations/video", **body: Any) -> str:
        """Return the sentence with which a request that cannot be met is refused."""
        detail = (await self.ask(path, status=400, **body))["detail"]
        assert isinstance(detail, str)
        return detail

    async def faults(self, path: str = "/generations/video", **body: Any) -> list[dict[str, Any]]:
        """Return the offending fields, having looked at the shape of each."""
        detail = (await self.ask(path, status=422, **body))["detail"]
        assert detail
        for fault in detail:
            assert set(fault) - {"ctx"} == {"type", "loc", "msg", "input"}
            assert all(isinstance(part, str) for part in fault["loc"])
            assert fault["loc"][0] == "body"
            assert isinstance(fault["input"], str)
        return list(detail)

    async def get(self, id_: str) -> dict[str, Any]:
        reply = await self.client.get(f"{ALL}/{id_}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def stored(self, id_: str) -> Generation:
        return await self.running_app.store.get(GenerationId(id_))

    async def run(self, id_: str) -> Generation:
        self.clock.advance(seconds=1)
        now = self.clock.now()
        change = lifecycle.claim(await self.stored(id_), engine="scripted", now=now)
        return await self.running_app.store.write(change, lease=Lease(worker="w", until=now))

    async def complete(self, id_: str) -> Generation:
        running = await self.run(id_)
        files = _VIDEO if running.spec.makes is Medium.VIDEO else _PICTURE
        artifacts = [
            Artifact(
                kind=kind,
                key=f"{id_}/1/{name}",
                media_type=media_type,
                size_bytes=await self.running_app.media.put_bytes(f"{id_}/1/{name}", b"a file"),
                width_px=1280,
                height_px=720,
                duration_s=5.0 if media_type == "video/mp4" else None,
            )
            for kind, name, media_type in files
        ]
        now = self.clock.now()
        return await self.running_app.store.write(
            lifecycle.complete(running, tuple(artifacts), now=now)
        )

    async def fail(self, id_: str, *, code: str = "engine_rejected") -> Generation:
        running = await self.run(id_)
        failure = Failure(code=code, message="no such luck")
        change = lifecycle.fail(running, failure, now=self.clock.now())
        return await self.running_app.store.write(change)

    async def completed(self, path: str = "/generations/video", **body: Any) -> str:
        """Return the id of a generation that is done."""
        id_ = (await self.ask(path, **{"prompt": "a dune", **body}))["id"]
        await self.complete(id_)
        return str(id_)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    settings = replace(Settings(), data=with_tables(tmp_path / "rushes.db").parent)
    running_app = build(settings, engines=engines, clock=clock, serves_worker=False)

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
