"""A server that speaks our own API, over a store in memory and a worker that the test directs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.dialects.plans import scripted_plans

from rushes.core import lifecycle
from rushes.core.generation import Artifact, ArtifactKind, Failure, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.native.dialect import Native
from rushes.engines.base import Channel, Engine, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.http.app import build_app, mount
from rushes.http.docs_page import docs_routes
from rushes.http.gateway import Gateway
from rushes.http.openapi import About, document, offered
from rushes.http.problems import plain
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.local_models.hardware import Gpu, Hardware
from rushes.media.files import FileMediaStore
from rushes.service.account_deletion import AccountDeletion
from rushes.service.accounts import Accounts
from rushes.service.catalogue import MODELS, Catalogue
from rushes.service.channel_control import ChannelControl
from rushes.service.credits import Credits
from rushes.service.deliveries import Deliveries
from rushes.service.generations import Generations
from rushes.service.local_models import LocalModels
from rushes.service.node_list import NodeList
from rushes.service.progress_stream import ProgressStream
from rushes.service.queue_view import QueueView
from rushes.service.setting_view import SettingView
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.store.base import Lease
from rushes.store.memory import MemoryStore
from rushes.webhooks.sample_message import SampleMessage
from rushes.webhooks.sender import Sender

PATH = "/api/v1/generations"
ORIGIN = "http://rushes.test"

MACHINE = Hardware(
    gpus=(Gpu(index=0, name="Card", total_bytes=25 * 10**9, free_bytes=20 * 10**9),),
    ram_bytes=64 * 10**9,
    free_disk_bytes=10**12,
)
"""The machine for local models: a card of 24 GiB."""


@dataclass(kw_only=True)
class Server:
    """The server with what lies behind it, and a client whose key is good."""

    client: httpx2.AsyncClient
    as_client: Callable[[str | None], httpx2.AsyncClient]
    store: MemoryStore
    media: FileMediaStore
    accounts: Accounts
    clock: FrozenClock
    context: DialectContext
    native: Native
    local_models: LocalModels
    tasks: set[asyncio.Task[object]] = field(default_factory=set)

    def on_submit(self, work: Callable[[GenerationId], Coroutine[Any, Any, object]]) -> None:
        """Do *work* beside the server for each generation that is submitted."""

        def reported(change: Change) -> None:
            if change.before is None:
                self.tasks.add(asyncio.create_task(work(change.after.id)))

        self.store.listen(reported)

    async def create(self, **fields: Any) -> dict[str, Any]:
        reply = await self.client.post(PATH, json=_without_null({"prompt": "a dune"} | fields))
        assert reply.status_code == 201, reply.text
        return dict(reply.json())

    async def get(self, id_: str, end: str = "", *, status: int = 200) -> dict[str, Any]:
        reply = await self.client.get(f"{PATH}/{id_}{end}")
        assert reply.status_code == status, reply.text
        return dict(reply.json())

    async def problem(self, method: str, path: str, *, status: int, **more: Any) -> dict[str, Any]:
        """Return the problem that comes back, having looked at what all of them have."""
        reply = await self.client.request(method, path, **more)
        return problem_of(reply, status)

    async def stored(self, id_: str) -> Generation:
        return await self.store.get(GenerationId(id_))

    async def run(self, id_: str, *, progress: float = 0.0, phase: str | None = None) -> Generation:
        """Let a worker take it."""
        self.clock.advance(seconds=1)
        now = self.clock.now()
        lease = Lease(worker="w", until=now)
        change = lifecycle.claim(await self.stored(id_), engine="scripted", now=now)
        running = await self.store.write(change, lease=lease)
        await self.store.renew(running, lease=lease, progress=progress, phase=phase)
        return await self.stored(id_)

    async def complete(self, id_: str) -> Generation:
        running = await self.stored(id_)
        if not running.attempt:
            running = await self.run(id_)
        self.clock.advance(seconds=20)
        key = f"{id_}/1/video.mp4"
        video = Artifact(
            kind=ArtifactKind.VIDEO,
            key=key,
            media_type="video/mp4",
            size_bytes=await self.media.put_bytes(key, b"a video"),
            width_px=1280,
            height_px=720,
            duration_s=5.0,
        )
        change = lifecycle.complete(running, (video,), now=self.clock.now())
        return await self.store.write(change)

    async def fail(self, id_: str, message: str = "no such luck") -> Generation:
        running = await self.run(id_, progress=0.4)
        failure = Failure(code="engine_rejected", message=message)
        return await self.store.write(lifecycle.fail(running, failure, now=self.clock.now()))

    async def bring_to(self, id_: str, state: str) -> None:
        match state:
            case "running":
                await self.run(id_, progress=0.5)
            case "completed":
                await self.complete(id_)
            case "failed":
                await self.fail(id_)
            case "cancelled":
                await self.client.post(f"{PATH}/{id_}/cancel")
            case _:
                assert state == "queued"


@dataclass(frozen=True, kw_only=True)
class OtherApi:
    """Another API, as far as webhooks care what it can say."""

    formats: tuple[str, ...] = ("superset", "official")
    only_final: bool = False


def _without_null(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def problem_of(reply: httpx2.Response, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    reported = dict(reply.json())
    assert reported["status"] == status
    assert {"type", "title", "detail", "code", "request_id"} <= set(reported)
    assert reported["request_id"] == reply.headers["x-request-id"]
    return reported


async def _at_once(seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def catalogue() -> Catalogue:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    return Catalogue(channels_of(engines))


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Server]:
    store = MemoryStore()
    media = FileMediaStore(tmp_path)
    clock = FrozenClock(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    links = SignedLinks(secret=b"s" * 32)
    accounts = Accounts(keyring=store, clock=clock)
    generations = Generations(
        store=store, media=media, catalogue=catalogue, links=links, clock=clock
    )
    http = SafeHttpClient()
    context = DialectContext(
        gateway=Gateway(accounts=accounts, links=links, clock=clock),
        generations=generations,
        progress_stream=ProgressStream(store, running_poll_s=0.01, queued_poll_s=0.01),
        catalogue=catalogue,
        targets=WebhookTargets(http),
        plans=scripted_plans(),
        credits=Credits(store.ledger, store, catalogue, clock),
    )
    deliveries = Deliveries(generations=generations, outbox=store, clock=clock)
    announcers: dict[str, Native | OtherApi] = {
        "relay": OtherApi(),
        "final": OtherApi(only_final=True),
    }
    sender = Sender(
        announcers={}, links=links, http=http, clock=clock, secrets=lambda: "whsec_" + "A" * 32
    )
    webhooks = Webhooks(
        outbox=store,
        targets=WebhookTargets(http),
        announcers=announcers,
        tester=SampleMessage(sender=sender, clock=clock),
        clock=clock,
    )
    channels = ChannelControl(
        (Channel(name="scripted", engine=ScriptedEngine([]), models={"ray-2": "ray-2"}),),
        pauses=store,
        store=store,
        clock=clock,
    )
    local_models = LocalModels(tmp_path / "models", hardware=lambda _: MACHINE)
    account_deletion = AccountDeletion(
        store=store, media=media, accounts=accounts, clock=clock, pause=_at_once
    )
    native = Native(
        account_deletion=account_deletion,
        deliveries=deliveries,
        webhooks=webhooks,
        channels=channels,
        queue=QueueView(store),
        nodes=NodeList(store, clock),
        local_models=local_models,
        settings=[SettingView(name="server.port", value="8000", source="default")],
    )
    announcers[native.name] = native
    api = native.api(context)
    about = About(version="1.2.3", values=offered(catalogue))
    app = build_app(
        [*mount(api, context.gateway), *docs_routes(lambda: document([api], about))],
        wordings={"": plain, native.prefix: native.word},
    )

    def as_client(secret: str | None) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    _, secret = await accounts.create_key("tester")
    async with as_client(secret) as client:
        yield Server(
            client=client,
            as_client=as_client,
            store=store,
            media=media,
            accounts=accounts,
            clock=clock,
            context=context,
            native=native,
            local_models=local_models,
        )
    await local_models.close()
    await context.plans.frames.close()
    await http.close()
