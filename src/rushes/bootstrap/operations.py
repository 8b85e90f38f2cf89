"""What keeps a house in order, made of its settings: who tidies up, and what tells how it does."""

import asyncio
import os
import secrets
import shutil
import socket
import time
from datetime import timedelta
from typing import Final

from rushes.core.errors import MediaError, StoreError
from rushes.http.health import Check, health_operations
from rushes.http.metrics import Readers, metrics_operation
from rushes.http.operation import PLAIN, Api, Operation
from rushes.http.problems import plain
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore
from rushes.service.accounts import Accounts
from rushes.service.channel_control import ChannelControl
from rushes.service.garbage_collection import GarbageCollector
from rushes.service.garbage_search import GarbageSearch
from rushes.service.retention import RetentionRules
from rushes.service.uploads import UploadedFiles
from rushes.settings import Settings
from rushes.settings.groups import is_loopback
from rushes.store.sqlite import SqliteStore
from rushes.telemetry.metrics import Metrics
from rushes.telemetry.metrics_report import MetricsReport
from rushes.telemetry.observer import Tracer, traces
from rushes.worker.loop import Worker

LATE_S: Final = 30.0
"""A worker that has not gone by what waits for so long is stuck."""


def tracing(settings: Settings, clock: Clock) -> Tracer | None:
    """Return who makes traces, if that is wanted. Raises SettingsError when he is not installed."""
    endpoint = settings.tracing.endpoint
    if endpoint is None:
        return None
    return traces(endpoint, clock=clock, tells_upstreams=settings.tracing.tell_upstreams)


def janitor(
    settings: Settings, store: SqliteStore, *, media: MediaStore, files: UploadedFiles, clock: Clock
) -> GarbageCollector:
    """Return who removes what is no longer to be kept."""
    rounds = GarbageSearch(
        store=store,
        archive=store.archive,
        media=media,
        files=files,
        rules=rules(settings),
        clock=clock,
    )
    return GarbageCollector(
        archive=store.archive,
        rounds=rounds,
        clock=clock,
        who=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        every_s=settings.retention.every_s,
    )


def rules(settings: Settings) -> RetentionRules:
    """Return the rules that are set; what is unset is kept."""
    asked = settings.retention
    total_gb = asked.artifacts_gb
    return RetentionRules(
        artifacts=_age(asked.artifacts_days),
        artifacts_bytes=None if total_gb is None else int(total_gb * (1 << 30)),
        generations=_age(asked.generations_days),
        events=_age(asked.events_days),
        deliveries=_age(asked.deliveries_days),
        inputs=_age(asked.inputs_days),
        uploads=_age(asked.uploads_days),
    )


def _age(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def own_api(*operations: Operation) -> Api:
    """Return what belongs to no dialect."""
    return Api(
        name="server",
        about="What belongs to no API: files, and how the server is doing.",
        operations=operations,
        word=plain,
        problem=PLAIN,
    )


def monitoring(
    settings: Settings,
    metrics: Metrics,
    store: SqliteStore,
    *,
    board: ChannelControl,
    accounts: Accounts,
    clock: Clock,
) -> tuple[Operation, ...]:
    """Return ``/metrics``, if it is wanted."""
    if not settings.metrics.enabled:
        return ()
    token, server = settings.metrics.token, settings.server
    readers = Readers(
        accounts=accounts,
        token=token.get_secret_value() if token else None,
        open_here=is_loopback(server.host) and server.public_url is None,
    )
    reading = MetricsReport(
        metrics,
        store=store,
        archive=store.archive,
        ledger=store.ledger,
        board=board,
        clock=clock,
    )
    return (metrics_operation(reading.text, readers),)


def health(
    settings: Settings,
    store: SqliteStore,
    media: MediaStore,
    worker: Worker | None,
    *,
    clock: Clock,
) -> tuple[Operation, ...]:
    """
    Return what tells whether the server lives and can do its work.

    Args:
        worker: The one that runs in this process, if one does.
    """
    mark = f"health/{os.getpid()}"
    began_s = time.monotonic()

    async def writable() -> None:
        now = clock.now()
        await store.archive.take_turn(mark, who=mark, now=now, until=now)

    async def keeps() -> None:
        await media.put_bytes(mark, b"ready")
        await media.delete(mark)

    async def has_room() -> None:
        usage = await asyncio.to_thread(shutil.disk_usage, settings.data)
        if usage.free < settings.health.free_mb << 20:
            raise MediaError("the disk is nearly full")

    async def works() -> None:
        last_claim_at_s = worker.last_claim_at_s if worker and worker.last_claim_at_s else began_s
        if time.monotonic() - last_claim_at_s > LATE_S:
            raise StoreError("the worker has not gone by what waits")

    checks: dict[str, Check] = {"store": writable, "media": keeps, "disk": has_room}
    return health_operations(checks | {"worker": works} if worker else checks)
