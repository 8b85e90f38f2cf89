"""A server of the Agents dialect over memory, and a worker that does what a test says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.dialects.plans import scripted_plans

from rushes.core import lifecycle
from rushes.core.generation import Artifact, ArtifactKind, Failure, Generation, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import GenerationSpec, Medium
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_agents.dialect import LumaAgents
from rushes.engines.base import Engine, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.http.app import build_app, mount, wordings
from rushes.http.files import media_operation
from rushes.http.gateway import Gateway
from rushes.http.operation import PLAIN, Api
from rushes.http.problems import plain
from rushes.http.uploads import PREFIX, upload_operation
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.media.files import FileMediaStore
from rushes.service.accounts import Accounts, Caller
from rushes.service.catalogue import MODELS, Catalogue
from rushes.service.credits import Credits
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream
from rushes.service.request_context import RequestContext
from rushes.service.uploads import UploadedFiles
from rushes.service.webhook_targets import WebhookTargets
from rushes.store.base import Lease
from rushes.store.memory import MemoryStore

ORIGIN = "http://agents.test"
VERSION = "2026-04-01"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
MP4 = b"\0\0\0\x18ftypisom" + bytes(100)


@dataclass(kw_only=True)
class Server:
    """The server with what lies behind it, and clients of two accounts."""

    client: httpx2.AsyncClient
    other: httpx2.AsyncClient
    nobody: httpx2.AsyncClient
    store: MemoryStore
    media: FileMediaStore
    clock: FrozenClock
    context: DialectContext
    dialect: LumaAgents
    caller: Caller

    async def ask(self, method: str, path: str, *, status: int, **more: Any) -> Any:
        """Return the body of a reply, having looked at what all of them have."""
        reply = await self.client.request(method, path, **more)
        assert reply.status_code == status, reply.text
        assert reply.headers["x-api-version"] == VERSION
        assert reply.headers["x-request-id"]
        reported = reply.json() if reply.content else None
        if status >= 400:
            assert isinstance(reported, dict)
            assert set(reported) == {"detail"}
            return reported["detail"]
        return reported

    async def create(self, status: int = 201, **fields: Any) -> Any:
        body = {"prompt": "a dune"} | fields
        return await self.ask("POST", "/v1/generations", json=body, status=status)

    async def video(self, status: int = 201, **options: Any) -> Any:
        return await self.create(status, type="video", video=options)

    async def file(self, data: bytes = PNG, media_type: str = "image/png") -> str:
        form = {"file": ("a name", data, media_type)}
        reported = await self.ask("POST", "/v1/files", files=form, status=201)
        assert reported["state"] == "ready", reported
        return str(reported["id"])

    async def spec(self, id_: str) -> GenerationSpec:
        return (await self.stored(id_)).spec

    async def stored(self, id_: str) -> Generation:
        return await self.store.get(GenerationId(id_))

    async def submit(self, spec: GenerationSpec) -> str:
        """Ask as another API would."""
        ask = RequestContext(dialect="native", origin=ORIGIN)
        made = await self.context.generations.submit(spec, caller=self.caller, context=ask)
        return made.id

    async def run(self, id_: str) -> Generation:
        now = self.clock.now()
        change = lifecycle.claim(await self.stored(id_), engine="scripted", now=now)
        return await self.store.write(change, lease=Lease(worker="w", until=now))

    async def complete(self, id_: str) -> Generation:
        running = await self.run(id_)
        is_video = running.spec.makes is Medium.VIDEO
        kind = ArtifactKind.VIDEO if is_video else ArtifactKind.IMAGE
        key = f"{id_}/1/{kind}{'.mp4' if is_video else '.jpg'}"
        file = Artifact(
            kind=kind,
            key=key,
            media_type="video/mp4" if is_video else "image/jpeg",
            size_bytes=await self.media.put_bytes(key, b"a file"),
            width_px=1280,
            height_px=720,
            duration_s=5.0 if is_video else None,
        )
        return await self.store.write(lifecycle.complete(running, (file,), now=self.clock.now()))

    async def completed(self, **fields: Any) -> str:
        made = await self.create(**fields)
        await self.complete(made["id"])
        return str(made["id"])

    async def fail(self, id_: str, code: str, message: str) -> Generation:
        running = await self.run(id_)
        failure = Failure(code=code, message=message)
        return await self.store.write(lifecycle.fail(running, failure, now=self.clock.now()))


@pytest.fixture
def engine() -> Engine:
    return ScriptedEngine([])


@pytest.fixture
async def server(tmp_path: Path, engine: Engine) -> AsyncIterator[Server]:
    store = MemoryStore()
    media = FileMediaStore(tmp_path / "media")
    clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    links = SignedLinks(secret=b"s" * 32)
    uploads = SignedLinks(secret=b"u" * 32, lifetime_s=3600, prefix=PREFIX)
    accounts = Accounts(keyring=store, clock=clock)
    catalogue = Catalogue(channels_of(dict.fromkeys(MODELS, engine)))
    generations = Generations(
        store=store, media=media, catalogue=catalogue, links=links, clock=clock
    )
    files = UploadedFiles(uploads=store, media=media, clock=clock, folder=tmp_path / "incoming")
    http = SafeHttpClient()
    context = DialectContext(
        gateway=Gateway(accounts=accounts, links=links, clock=clock),
        generations=generations,
        progress_stream=ProgressStream(store),
        catalogue=catalogue,
        targets=WebhookTargets(http),
        plans=scripted_plans(),
        credits=Credits(store.ledger, store, catalogue, clock),
    )
    dialect = LumaAgents(files=files, uploads=uploads)
    own = Api(
        name="own",
        about="",
        operations=(media_operation(media), upload_operation(files, uploads)),
        word=plain,
        problem=PLAIN,
    )
    apis = [dialect.api(context), own]
    app = build_app(
        [route for api in apis for route in mount(api, context.gateway)],
        wordings={"": plain} | wordings(apis),
    )
    key, secret = await accounts.create_key("tester")
    _, secret_of_other = await accounts.create_key("other")

    def client(secret: str | None) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async with client(secret) as mine, client(secret_of_other) as other, client(None) as nobody:
        yield Server(
            client=mine,
            other=other,
            nobody=nobody,
            store=store,
            media=media,
            clock=clock,
            context=context,
            dialect=dialect,
            caller=Caller(account_id=key.account_id),
        )
    await http.close()
