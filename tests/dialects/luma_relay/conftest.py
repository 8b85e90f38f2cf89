"""A server of the relay dialect over memory, and a worker that does what a test says."""

import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp
from tests.dialects.plans import scripted_plans
from typing_extensions import override

from rushes.core import lifecycle
from rushes.core.generation import Artifact, ArtifactKind, Failure, Generation, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_relay.dialect import LumaRelay
from rushes.engines.base import Engine, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.http.app import build_app, mount
from rushes.http.files import media_operation
from rushes.http.gateway import Gateway
from rushes.http.operation import PLAIN, Api
from rushes.http.problems import plain
from rushes.kit.address_rules import parse
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import ForbiddenAddress, SafeHttpClient
from rushes.media.files import FileMediaStore
from rushes.service.accounts import Accounts
from rushes.service.catalogue import MODELS, Catalogue
from rushes.service.credits import Credits
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream
from rushes.service.webhook_targets import WebhookTargets
from rushes.store.base import Lease
from rushes.store.memory import MemoryStore

ORIGIN = "http://relay.test"
GOLDEN = Path(__file__).parents[2] / "golden" / "luma_relay"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class NamesOnly(SafeHttpClient):
    """Judges a URL by how it is written, so that no test asks a name server."""

    @override
    async def check(self, url: str, *, deadline_s: float = 5.0) -> None:
        if parse(url).host in {"127.0.0.1", "10.0.0.1", "localhost"}:
            raise ForbiddenAddress("may not be reached from here")


@dataclass(kw_only=True)
class Server:
    """What a test may ask of, and do to, a server."""

    app: ASGIApp
    client: httpx2.AsyncClient
    store: MemoryStore
    media: FileMediaStore
    accounts: Accounts
    clock: FrozenClock
    dialect: LumaRelay
    context: DialectContext

    async def create(self, **fields: Any) -> dict[str, Any]:
        body = {"user_prompt": "a cat"} | fields
        return dict(await self.json("POST", "/luma/generations", json=body))

    async def show(self, task_id: str) -> dict[str, Any]:
        return dict(await self.json("GET", f"/luma/generations/{task_id}"))

    async def json(self, method: str, path: str, *, status: int = 200, **more: Any) -> Any:
        reply = await self.client.request(method, path, **more)
        assert reply.status_code == status, reply.text
        assert reply.headers["content-type"] == "application/json"
        return reply.json()

    async def refused(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        """Return the envelope of an error, having looked at what all of them have in common."""
        reported = await self.json(method, path, status=status, **more)
        assert set(reported) == {"error", "code", "message", "data", "detail", "request_id"}
        assert {"message", "type", "code", "param"} <= set(reported["error"])
        assert reported["code"] == reported["error"]["code"]
        assert reported["message"] == reported["error"]["message"] == reported["detail"]
        assert reported["message"]
        assert reported["data"] is None
        assert isinstance(reported["request_id"], str)
        return dict(reported)

    async def stored(self, task_id: str) -> Generation:
        return await self.store.get(GenerationId(task_id))

    async def bring_to(self, task_id: str, state: str, *, reason: str = "no such luck") -> None:
        """Do whatever leads from pending to *state*."""
        match state:
            case "processing":
                await self.run(task_id, progress=0.5)
            case "completed":
                await self.complete(task_id)
            case "failed":
                await self.fail(task_id, reason)
            case _:
                assert state == "pending"

    async def run(self, task_id: str, *, progress: float = 0.0) -> Generation:
        """Let a worker take it."""
        self.clock.advance(seconds=1.5)
        now = self.clock.now()
        lease = Lease(worker="w", until=now)
        change = lifecycle.claim(await self.stored(task_id), engine="scripted", now=now)
        running = await self.store.write(change, lease=lease)
        await self.store.renew(running, lease=lease, progress=progress)
        return await self.stored(task_id)

    async def complete(
        self, task_id: str, *, prompt_used: str | None = None, note: str | None = None
    ) -> Generation:
        running = await self.run(task_id)
        self.clock.advance(seconds=20)
        files = tuple([await self._file(task_id, kind) for kind in _FILES])
        now = self.clock.now()
        change = lifecycle.complete(running, files, prompt_used=prompt_used, note=note, now=now)
        return await self.store.write(change)

    async def _file(self, task_id: str, kind: ArtifactKind) -> Artifact:
        suffix, media_type = _FILES[kind]
        key = f"{task_id}/1/{kind}{suffix}"
        return Artifact(
            kind=kind,
            key=key,
            media_type=media_type,
            size_bytes=await self.media.put_bytes(key, b"bytes of " + kind.encode()),
            width_px=1280,
            height_px=720,
            duration_s=121 / 24 if suffix == ".mp4" else None,
        )

    async def fail(self, task_id: str, message: str = "no such luck") -> Generation:
        running = await self.run(task_id, progress=0.4)
        failure = Failure(code="engine_rejected", message=message)
        return await self.store.write(lifecycle.fail(running, failure, now=self.clock.now()))


_FILES = {
    ArtifactKind.VIDEO: (".mp4", "video/mp4"),
    ArtifactKind.VIDEO_RAW: (".mp4", "video/mp4"),
    ArtifactKind.THUMBNAIL: (".jpg", "image/jpeg"),
    ArtifactKind.LAST_FRAME: (".jpg", "image/jpeg"),
}


def golden(name: str) -> dict[str, Any]:
    return dict(json.loads((GOLDEN / name).read_text()))


@pytest.fixture
def dialect() -> LumaRelay:
    return LumaRelay()


@pytest.fixture
def catalogue() -> Catalogue:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    return Catalogue(channels_of(engines))


@pytest.fixture
async def server(tmp_path: Path, dialect: LumaRelay, catalogue: Catalogue) -> AsyncIterator[Server]:
    store = MemoryStore()
    media = FileMediaStore(tmp_path)
    clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    links = SignedLinks(secret=b"s" * 32)
    accounts = Accounts(keyring=store, clock=clock)
    generations = Generations(
        store=store, media=media, catalogue=catalogue, links=links, clock=clock
    )
    http = NamesOnly(ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context = DialectContext(
        gateway=Gateway(accounts=accounts, links=links, clock=clock),
        generations=generations,
        progress_stream=ProgressStream(store),
        catalogue=catalogue,
        targets=WebhookTargets(http),
        plans=scripted_plans(),
        credits=Credits(store.ledger, store, catalogue, clock),
    )
    files = Api(
        name="files",
        about="",
        operations=(media_operation(media),),
        word=plain,
        problem=PLAIN,
    )
    app = build_app(
        [
            *mount(dialect.api(context), context.gateway),
            *mount(files, context.gateway),
        ],
        wordings={"": plain, dialect.prefix: dialect.word},
    )
    _, secret = await accounts.create_key("tester")
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
        yield Server(
            app=app,
            client=client,
            store=store,
            media=media,
            accounts=accounts,
            clock=clock,
            dialect=dialect,
            context=context,
        )
    await http.close()
