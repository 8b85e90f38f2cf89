"""
Build the application: create every part from the settings and connect them.

Read :func:`build` first. It shows on one page which parts there are and what each one needs.
"""

import asyncio
import hmac
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from starlette.applications import Starlette
from starlette.types import ASGIApp

from rushes.bootstrap.channels import animatic, channel_maker, notices
from rushes.bootstrap.database import clock_for, open_database
from rushes.bootstrap.http import (
    foreign_dialects,
    make_app,
    make_gateway,
    make_monitor_app,
    mcp_mount,
)
from rushes.bootstrap.local_models import local_models, models_folder
from rushes.bootstrap.media import open_media
from rushes.bootstrap.model_watch import ModelWatch
from rushes.bootstrap.operations import (
    garbage_collector,
    health,
    monitoring,
    node_heartbeat,
    own_api,
    tracing,
)
from rushes.bootstrap.prompts import shot_plans
from rushes.bootstrap.webhooks import webhook_parts
from rushes.bootstrap.worker import make_worker, make_worker_context
from rushes.core.node import NodeRole
from rushes.core.pricing import Rule
from rushes.core.signed_links import SignedLinks
from rushes.data_folder import make_data_folder
from rushes.dialects.base import DialectContext
from rushes.dialects.native.dialect import Native, NativeAnnouncer
from rushes.engines.base import Channel, Engine, Warmable, channels_of
from rushes.http.callbacks import callback_operation
from rushes.http.files import media_operation
from rushes.http.uploads import LIFETIME_S, upload_operation
from rushes.http.uploads import PREFIX as UPLOADS
from rushes.kit.clock import Clock
from rushes.kit.safe_http import SafeHttpClient
from rushes.kit.secret_file import kept_secret
from rushes.media.base import MediaStore
from rushes.service.account_deletion import AccountDeletion
from rushes.service.accounts import Accounts
from rushes.service.callbacks import Callbacks
from rushes.service.catalogue import Catalogue
from rushes.service.channel_control import ChannelControl
from rushes.service.credits import Credits
from rushes.service.deliveries import Deliveries
from rushes.service.garbage_collection import GarbageCollector
from rushes.service.generations import Generations
from rushes.service.local_models import LocalModels
from rushes.service.node_heartbeat import NodeHeartbeat
from rushes.service.node_list import NodeList
from rushes.service.progress_stream import ProgressStream
from rushes.service.queue_view import QueueView
from rushes.service.setting_view import SettingView
from rushes.service.shot_plans import ShotPlans
from rushes.service.uploads import UploadedFiles
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.settings import Settings
from rushes.store.database import Database
from rushes.telemetry.metrics_share import MetricsShare
from rushes.telemetry.observer import Observer, Tracer
from rushes.webhooks.dispatcher import Dispatcher
from rushes.worker.loop import Worker


@dataclass(frozen=True, kw_only=True)
class Application:
    """Every part of a server, connected. Close it when done."""

    app: ASGIApp
    monitor_app: ASGIApp
    """Health checks and metrics only, for a process that serves no API."""

    store: Database
    media: MediaStore
    model_watch: ModelWatch
    channel_control: ChannelControl
    nodes: NodeList
    heartbeat: NodeHeartbeat
    catalogue: Catalogue
    accounts: Accounts
    account_deletion: AccountDeletion
    local_models: LocalModels
    credits: Credits
    generations: Generations
    progress_stream: ProgressStream
    shot_plans: ShotPlans
    worker: Worker
    dispatcher: Dispatcher
    webhooks: Webhooks
    deliveries: Deliveries
    garbage_collector: GarbageCollector
    http: SafeHttpClient

    @asynccontextmanager
    async def running(
        self, *, worker: bool = True, dispatcher: bool = True, api: bool = False
    ) -> AsyncGenerator[None]:
        """
        Run the background tasks while the block runs, then close everything.

        Args:
            worker: Run the worker.

            dispatcher: Deliver webhooks and collect garbage.

            api: Whether this process serves the API meanwhile.
        """
        self.channel_control.warn()
        background = (self.dispatcher.run(), self.garbage_collector.run()) if dispatcher else ()
        tasks = [asyncio.create_task(one) for one in (*background, self.model_watch.run())]
        if worker:
            await self.warm()
            tasks.append(asyncio.create_task(self.worker.run()))
        roles = [NodeRole.SERVES] * api + [NodeRole.WORKS] * worker
        heartbeat = asyncio.create_task(self.heartbeat.run(roles))
        try:
            yield
        finally:
            self.heartbeat.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            heartbeat.cancel()  # last: the worker may have finished renders until now
            await asyncio.gather(heartbeat, return_exceptions=True)
            await self.heartbeat.leave()
            await self.close()

    async def warm(self) -> None:
        """Start engines ahead of time, so that the first caller need not wait for them."""
        for engine in self._engines():
            if isinstance(engine, Warmable):
                await engine.warm()

    async def close(self) -> None:
        """Close processes, connections and files."""
        for engine in self._engines():
            await engine.close()
        await self.model_watch.close()
        await self.local_models.close()
        await self.shot_plans.close()
        await self.http.close()
        await self.store.close()

    def _engines(self) -> Iterable[Engine]:
        """Return each engine once: channels may share one."""
        return {
            id(channel.engine): channel.engine for channel in self.model_watch.channels
        }.values()


def build(
    settings: Settings,
    *,
    engines: Mapping[str, Engine] | None = None,
    channels: Sequence[Channel] | None = None,
    clock: Clock | None = None,
    http: SafeHttpClient | None = None,
    serves_worker: bool | None = None,
    setting_views: Sequence[SettingView] = (),
    traces: Tracer | None = None,
    metrics_share: MetricsShare | None = None,
) -> Application:
    """
    Wire an application from *settings*.

    Args:
        engines: The engine of each model; for tests. By default the configured channels, and the
            built-in engine for the models that none of them serves.

        channels: All channels; replaces both the configured ones and *engines*.

        clock: By default the machine's clock, or with PostgreSQL the database's.

        http: Fetches callers' files and posts webhooks; by default as the settings say.

        serves_worker: Whether the app runs a worker beside the API; by default as the settings
            say.

        setting_views: The settings as the native API shows them to operators.

        traces: Makes traces; by default as the settings say.

        metrics_share: The part of this process in the metrics of several.
    """
    make_data_folder(settings.data)
    runs_worker = settings.worker.enabled if serves_worker is None else serves_worker
    clock = clock or clock_for(settings.store.url)
    http = http or SafeHttpClient(allow=settings.network.allow)
    # Which models there are may change while the server runs
    make_channels = (
        partial(tuple[Channel, ...], channels or channels_of(engines or {}))
        if channels or engines
        else channel_maker(settings, animatic=animatic(settings), has_worker=runs_worker)
    )

    def use_channels(found: Sequence[Channel]) -> None:
        catalogue.replace_channels(found)
        channel_control.replace_channels(found)
        worker.replace_channels(observer.channels(found))

    model_watch = ModelWatch(models_folder(settings), make_channels, use_channels)
    channels = model_watch.channels

    # What is observed, and what is kept on disk
    observer = Observer(traces or tracing(settings, clock), metrics_share)
    database = configured_database(settings, clock, on_commit=observer.metrics.observe_commit)
    database.listen(observer.on_change)
    media = open_media(settings, clock)
    links, upload_links = signed_links(settings)

    # The use cases
    catalogue = Catalogue(
        channels, default=settings.models.default, aliases=settings.models.aliases
    )
    accounts = Accounts(keyring=database, clock=clock, open_to_all=not settings.server.auth)
    pricing = Credits(database.ledger, database, catalogue, clock, rules=_price_rules(settings))
    files = UploadedFiles(
        uploads=database, media=media, clock=clock, folder=settings.data / "incoming"
    )
    generations = Generations(
        store=database,
        media=media,
        catalogue=catalogue,
        links=links,
        clock=clock,
        quote=pricing.quote,
    )
    progress_stream = ProgressStream(database)
    channel_control = ChannelControl(
        channels, pauses=database, store=database, clock=clock, notices=notices(settings)
    )
    nodes = NodeList(database, clock)
    pulls = local_models(settings)
    account_deletion = AccountDeletion(store=database, media=media, accounts=accounts, clock=clock)

    # The APIs, and the webhooks that they word
    foreign = foreign_dialects(settings, files, upload_links)
    webhooks = webhook_parts(
        settings,
        outbox=database,
        failures=database,
        generations=generations,
        announcers={NativeAnnouncer.name: NativeAnnouncer()} | {one.name: one for one in foreign},
        links=links,
        http=http,
        clock=clock,
        on_try=observer.on_delivery_try,
    )
    native = Native(
        deliveries=webhooks.deliveries,
        webhooks=webhooks.webhooks,
        channels=channel_control,
        queue=QueueView(database),
        nodes=nodes,
        account_deletion=account_deletion,
        local_models=pulls,
        settings=setting_views,
    )
    context = DialectContext(
        gateway=make_gateway(settings, accounts, links, database, clock),
        generations=generations,
        progress_stream=progress_stream,
        catalogue=catalogue,
        targets=WebhookTargets(http),
        plans=shot_plans(settings),
        credits=pricing,
    )
    mcp = mcp_mount(settings, context)

    # The worker, and the server's own paths
    worker_context = make_worker_context(
        settings, database, observer, media, links, http=http, clock=clock
    )
    worker = make_worker(settings, worker_context, observer.channels(channels), database)
    heartbeat = node_heartbeat(database, worker, name=worker_context.worker, clock=clock)
    callbacks = Callbacks(store=database, channels=channels, nudge=worker.poll_now, clock=clock)
    observed = (
        *health(
            settings,
            database,
            media,
            worker if runs_worker else None,
            heartbeat=heartbeat,
            clock=clock,
        ),
        *monitoring(
            settings,
            observer.metrics,
            database,
            channels=channel_control,
            accounts=accounts,
            clock=clock,
        ),
    )
    own = own_api(
        media_operation(media),
        upload_operation(files, upload_links),
        callback_operation(callbacks),
        *observed,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        async with mcp.open(), application.running(worker=runs_worker, api=True):
            yield

    application = Application(
        monitor_app=make_monitor_app(own_api(*observed), context.gateway),
        app=make_app(
            settings,
            context,
            (native, *foreign),
            own=own,
            mcp=mcp.api(),
            lifespan=lifespan,
            observer=observer,
        ),
        store=database,
        media=media,
        model_watch=model_watch,
        channel_control=channel_control,
        nodes=nodes,
        heartbeat=heartbeat,
        catalogue=catalogue,
        accounts=accounts,
        account_deletion=account_deletion,
        local_models=pulls,
        credits=pricing,
        generations=generations,
        progress_stream=progress_stream,
        shot_plans=context.plans,
        worker=worker,
        dispatcher=webhooks.dispatcher,
        webhooks=webhooks.webhooks,
        deliveries=webhooks.deliveries,
        garbage_collector=garbage_collector(
            settings, database, media=media, files=files, clock=clock
        ),
        http=http,
    )
    return application


def configured_database(
    settings: Settings, clock: Clock, *, on_commit: Callable[[float, int], None] | None = None
) -> Database:
    """Open the database that the settings name. Raises SettingsError: It cannot be used."""
    url, listen_url = settings.store.url, settings.store.listen_url
    return open_database(
        settings.data,
        url=url.get_secret_value() if url else None,
        listen_url=listen_url.get_secret_value() if listen_url else None,
        connections=settings.store.connections,
        clock=clock,
        on_commit=on_commit,
    )


def signed_links(settings: Settings) -> tuple[SignedLinks, SignedLinks]:
    """Return the signers of links to media and of links for uploads, each with its own secret."""
    return (
        SignedLinks(
            secret=_link_secret(settings, "links"), lifetime_s=settings.server.link_lifetime_s
        ),
        SignedLinks(
            secret=_link_secret(settings, "uploads"), lifetime_s=LIFETIME_S, prefix=UPLOADS
        ),
    )


def _link_secret(settings: Settings, purpose: str) -> bytes:
    """Return the secret of a purpose: from the setting, or else from the data folder."""
    configured = settings.server.link_secret
    if configured is None:
        return kept_secret(settings.data / "secrets" / purpose)
    return hmac.digest(configured.get_secret_value().encode(), purpose.encode(), "sha256")


def _price_rules(settings: Settings) -> list[Rule] | None:
    priced = settings.credits
    return [one.rule for one in priced.prices] if priced.enabled else None
