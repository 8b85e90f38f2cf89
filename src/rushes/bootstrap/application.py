"""
The composition root: the only module that knows every room.

Read this file first; it is the house on one page.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.types import ASGIApp

from rushes import __version__
from rushes.bootstrap.channels import animatic, notices
from rushes.bootstrap.channels import channels as made
from rushes.bootstrap.operations import health, janitor, monitoring, own_api, rules, tracing
from rushes.bootstrap.prompts import prompt_preparation
from rushes.bootstrap.webhooks import webhook_parts
from rushes.core.pricing import Rule
from rushes.core.signed_links import SignedLinks
from rushes.data_folder import make_data_folder
from rushes.dialects.base import Dialect, DialectContext
from rushes.dialects.luma.dialect import Luma
from rushes.dialects.luma_agents.dialect import LumaAgents
from rushes.dialects.luma_relay.dialect import LumaRelay
from rushes.dialects.native.dialect import Native
from rushes.dialects.openai_videos.dialect import OpenAIVideos
from rushes.engines.base import Channel, Engine, Warmable, channels_of
from rushes.http.app import Lifespan, build_app, mount, wordings
from rushes.http.callbacks import callback_operation
from rushes.http.docs_page import docs_routes
from rushes.http.files import media_operation
from rushes.http.gateway import Gateway
from rushes.http.openapi import About, document, offered
from rushes.http.operation import Api
from rushes.http.problems import plain
from rushes.http.uploads import LIFETIME_S, upload_operation
from rushes.http.uploads import PREFIX as UPLOADS
from rushes.kit.clock import Clock, SystemClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.kit.secret_file import kept_secret
from rushes.mcp_server.mount import McpMount
from rushes.media.base import MediaStore
from rushes.media.files import FileMediaStore
from rushes.playground.pages import playground_routes
from rushes.service.account_deletion import AccountDeletion
from rushes.service.accounts import Accounts
from rushes.service.callbacks import Callbacks
from rushes.service.catalogue import Catalogue
from rushes.service.channel_control import ChannelControl
from rushes.service.credits import Credits
from rushes.service.deliveries import Deliveries
from rushes.service.garbage_collection import GarbageCollector
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream
from rushes.service.queue_view import QueueView
from rushes.service.rate_limits import RateLimits
from rushes.service.setting_view import SettingView
from rushes.service.uploads import UploadedFiles
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.settings import Settings
from rushes.store.base import ChannelPauses, Store
from rushes.store.sqlite import SqliteStore
from rushes.telemetry.observer import Observer, Tracer
from rushes.webhooks.dispatcher import Dispatcher
from rushes.worker.context import AttemptLimits, WorkerContext
from rushes.worker.inputs import Inputs
from rushes.worker.loop import Worker
from rushes.worker.public_files import PublicFiles
from rushes.worker.worker_id import own_name


@dataclass(frozen=True, kw_only=True)
class Application:
    """Everything that runs, wired together. Close it when done."""

    app: ASGIApp
    store: SqliteStore
    media: MediaStore
    channels: Sequence[Channel]
    channel_control: ChannelControl
    catalogue: Catalogue
    accounts: Accounts
    account_deletion: AccountDeletion
    credits: Credits
    generations: Generations
    progress_stream: ProgressStream
    worker: Worker
    dispatcher: Dispatcher
    webhooks: Webhooks
    deliveries: Deliveries
    garbage_collector: GarbageCollector
    http: SafeHttpClient

    @asynccontextmanager
    async def running(
        self, *, worker: bool = True, dispatcher: bool = True
    ) -> AsyncGenerator[None]:
        """Run the worker and the courier beside whatever happens inside; then let go of all."""
        self.channel_control.warn()
        beside = (self.dispatcher.run(), self.garbage_collector.run()) if dispatcher else ()
        tasks = [asyncio.create_task(one) for one in beside]
        if worker:
            await self.warm()
            tasks.append(asyncio.create_task(self.worker.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.close()

    async def warm(self) -> None:
        """Make ready what would else make the first caller wait."""
        for engine in self._engines():
            if isinstance(engine, Warmable):
                await engine.warm()

    async def close(self) -> None:
        """Let go of processes, connections and files."""
        for engine in self._engines():
            await engine.close()
        await self.http.close()
        await self.store.close()

    def _engines(self) -> Iterable[Engine]:
        """Return each engine once: channels may share one."""
        return {id(channel.engine): channel.engine for channel in self.channels}.values()


def build(
    settings: Settings,
    *,
    engines: Mapping[str, Engine] | None = None,
    channels: Sequence[Channel] | None = None,
    clock: Clock | None = None,
    http: SafeHttpClient | None = None,
    serves_worker: bool | None = None,
    knobs: Sequence[SettingView] = (),
    traces: Tracer | None = None,
) -> Application:
    """
    Wire a house from *settings*.

    Args:
        engines: Who renders each model; tests give their own. By default the built-in engine
            in a child process renders those that no configured channel serves.

        channels: Who renders, in full; instead of both.

        clock: By default the machine's.

        http: What fetches and posts for callers; by default as the settings say.

        serves_worker: Whether the app runs a worker beside the API; by default as the
            settings say.

        knobs: The settings as an operator is told of them.

        traces: Who makes traces; by default as the settings say.
    """
    data = settings.data
    make_data_folder(data)
    clock = clock or SystemClock()
    if not channels:
        channels = channels_of(engines) if engines else made(settings, animatic=animatic(settings))
    http = http or SafeHttpClient(allow=settings.network.allow)
    watching = Observer(traces or tracing(settings, clock))
    metrics = watching.metrics
    store = SqliteStore(data / "rushes.db", committed=metrics.committed)
    store.listen(watching.heard)
    media = FileMediaStore(data / "media")
    links, uploads = _links(settings)
    files = UploadedFiles(uploads=store, media=media, clock=clock, folder=data / "incoming")
    catalogue = Catalogue(
        channels, default=settings.models.default, aliases=settings.models.aliases
    )
    accounts = Accounts(keyring=store, clock=clock, open_to_all=not settings.server.auth)
    purse = Credits(store.ledger, store, catalogue, clock, rules=_rules(settings))
    generations = Generations(
        store=store, media=media, catalogue=catalogue, links=links, clock=clock, billing=purse
    )
    desk = DialectContext(
        door=_door(settings, accounts, links, clock),
        generations=generations,
        following=ProgressStream(store),
        catalogue=catalogue,
        targets=WebhookTargets(http),
        credits=purse,
    )
    voices: dict[str, Dialect] = {}
    telling = webhook_parts(
        settings,
        outbox=store,
        generations=generations,
        voices=voices,
        links=links,
        http=http,
        clock=clock,
        told=watching.delivered,
    )
    board = ChannelControl(
        channels, rests=store, store=store, clock=clock, notices=notices(settings)
    )
    queue = QueueView(store)
    closing = AccountDeletion(store=store, media=media, accounts=accounts, clock=clock)
    native = Native(
        deliveries=telling.deliveries,
        webhooks=telling.webhooks,
        channels=board,
        queue=queue,
        closing=closing,
        knobs=knobs,
    )
    dialects = _dialects(settings, files, uploads, native)
    voices.update({dialect.name: dialect for dialect in dialects})
    agents = _agents(settings, desk)
    context = _worker_context(settings, store, watching, media, links, http=http, clock=clock)
    worker = _worker(settings, context, watching.channels(channels), store)
    callbacks = Callbacks(store=store, channels=channels, nudge=worker.poll_now, clock=clock)
    with_worker = settings.worker.enabled if serves_worker is None else serves_worker

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        async with agents.open(), house.running(worker=with_worker):
            yield

    house = Application(
        app=_app(
            settings,
            desk,
            dialects,
            own=own_api(
                media_operation(media),
                upload_operation(files, uploads),
                callback_operation(callbacks),
                *health(settings, store, media, worker if with_worker else None, clock=clock),
                *monitoring(settings, metrics, store, board=board, accounts=accounts, clock=clock),
            ),
            watching=watching,
            agents=agents.api(),
            lifespan=lifespan,
        ),
        store=store,
        media=media,
        channels=channels,
        channel_control=board,
        catalogue=catalogue,
        accounts=accounts,
        account_deletion=closing,
        credits=purse,
        generations=generations,
        progress_stream=desk.following,
        worker=worker,
        dispatcher=telling.courier,
        webhooks=telling.webhooks,
        deliveries=telling.deliveries,
        garbage_collector=janitor(settings, store, media=media, files=files, clock=clock),
        http=http,
    )
    return house


def _dialects(
    settings: Settings, files: UploadedFiles, uploads: SignedLinks, native: Native
) -> list[Dialect]:
    """Return the APIs that we speak; to speak another, add its line."""
    return [
        native,
        LumaAgents(files=files, uploads=uploads),
        OpenAIVideos(files=files, kept=rules(settings).artifacts),
        Luma.official(),
        Luma.proxied(files=files, uploads=uploads),
        LumaRelay(
            batch_format=settings.relay.batch_format, notify_format=settings.relay.notify_format
        ),
    ]


def _rules(settings: Settings) -> list[Rule] | None:
    asked = settings.credits
    return [one.rule for one in asked.prices] if asked.enabled else None


def _agents(settings: Settings, desk: DialectContext) -> McpMount:
    return McpMount(
        desk.generations,
        desk.following,
        desk.catalogue,
        asks_for_keys=settings.server.auth,
        public_url=settings.server.public_url,
        body_limit_bytes=settings.server.body_limit_mb << 20,
    )


def _app(
    settings: Settings,
    desk: DialectContext,
    dialects: Sequence[Dialect],
    *,
    own: Api,
    agents: Api,
    lifespan: Lifespan,
    watching: Observer,
) -> ASGIApp:
    apis = [*(dialect.api(desk) for dialect in dialects), own]
    about = About(
        version=__version__,
        asks_for_keys=settings.server.auth,
        values=offered(desk.catalogue),
    )
    app = build_app(
        [
            *(route for api in (*apis, agents) for route in mount(api, desk.door)),
            *docs_routes(lambda: document(apis, about)),
            *playground_routes(public_url=settings.server.public_url),
        ],
        wordings={"": plain}
        | wordings((*apis, agents))
        | {dialect.prefix: dialect.word for dialect in dialects},
        lifespan=lifespan,
        seen=watching.metrics.seen,
    )
    return watching.app(app)


def _links(settings: Settings) -> tuple[SignedLinks, SignedLinks]:
    """Return what signs links to media, and what signs those to which files are sent."""
    kept = settings.data / "secrets"
    return (
        SignedLinks(secret=kept_secret(kept / "links"), lifetime_s=settings.server.link_lifetime_s),
        SignedLinks(secret=kept_secret(kept / "uploads"), lifetime_s=LIFETIME_S, prefix=UPLOADS),
    )


def _door(settings: Settings, accounts: Accounts, links: SignedLinks, clock: Clock) -> Gateway:
    cap = settings.limits
    return Gateway(
        accounts=accounts,
        links=links,
        clock=clock,
        rates=RateLimits(
            cap.requests_per_minute, cap.strangers_per_minute, on_loopback=cap.on_loopback
        ),
        public_url=settings.server.public_url,
        body_limit_bytes=settings.server.body_limit_mb << 20,
        reports_unknown=settings.dialects.unknown_fields == "report",
    )


def _worker_context(
    settings: Settings,
    store: Store,
    watching: Observer,
    media: MediaStore,
    links: SignedLinks,
    *,
    http: SafeHttpClient,
    clock: Clock,
) -> WorkerContext:
    return WorkerContext(
        store=store,
        observe_polls=watching.metrics.looked,
        media=watching.media(media),
        inputs=Inputs(
            http=http,
            limit_bytes=settings.network.fetch_limit_mb << 20,
            deadline_s=settings.network.fetch_deadline_s,
        ),
        prompts=prompt_preparation(settings),
        clock=clock,
        limits=AttemptLimits(
            lease_s=settings.worker.lease_s,
            max_attempts=settings.worker.max_attempts,
            render_timeout_s=settings.worker.render_timeout_s,
        ),
        worker=own_name(),
        public_files=PublicFiles(public_url=public_url, media=media, links=links, clock=clock)
        if (public_url := settings.server.public_url)
        else None,
    )


def _worker(
    settings: Settings, context: WorkerContext, channels: Sequence[Channel], pauses: ChannelPauses
) -> Worker:
    return Worker(
        context=context,
        channels=channels,
        pauses=pauses,
        slots=settings.slots,
        stop_grace_s=settings.worker.stop_grace_s,
    )
