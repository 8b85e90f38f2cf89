"""Wire what keeps a server in order: garbage collection, metrics, traces, health checks."""

import asyncio
import os
import secrets
import shutil
import socket
import time
from datetime import timedelta
from typing import Final

from rushes import __version__
from rushes.core.errors import MediaError, StoreError
from rushes.http.health import Check, health_operations
from rushes.http.metrics import MetricsAccess, metrics_operation
from rushes.http.operation import PLAIN, Api, Operation
from rushes.http.problems import plain
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore
from rushes.service.accounts import Accounts
from rushes.service.channel_control import ChannelControl
from rushes.service.garbage_collection import GarbageCollector
from rushes.service.garbage_search import GarbageSearch
from rushes.service.node_heartbeat import NodeHeartbeat, NodeIdentity
from rushes.service.retention import RetentionRules
from rushes.service.uploads import UploadedFiles
from rushes.settings import Settings
from rushes.settings.groups import is_loopback
from rushes.store.base import Nodes
from rushes.store.database import Database
from rushes.telemetry.metrics import Metrics
from rushes.telemetry.metrics_report import MetricsReport
from rushes.telemetry.observer import Tracer, traces
from rushes.worker.loop import Worker

LATE_S: Final = 30.0
"""Seconds after which a worker that has not looked at the queue counts as stuck."""


class Draining(Exception):  # the health check shows the name
    """An operator drains this node, so that a load balancer should send no requests here."""


def node_heartbeat(nodes: Nodes, worker: Worker, *, name: str, clock: Clock) -> NodeHeartbeat:
    """Return what registers this process under the name of its worker."""
    identity = NodeIdentity(name=name, host=socket.gethostname(), version=__version__)
    return NodeHeartbeat(nodes, identity, work=worker, clock=clock)


def tracing(settings: Settings, clock: Clock) -> Tracer | None:
    """Return the tracer, if the settings ask for one. Raises SettingsError: It is not installed."""
    endpoint = settings.tracing.endpoint
    if endpoint is None:
        return None
    return traces(endpoint, clock=clock, propagates_to_upstreams=settings.tracing.tell_upstreams)


def garbage_collector(
    settings: Settings, store: Database, *, media: MediaStore, files: UploadedFiles, clock: Clock
) -> GarbageCollector:
    """Return what deletes old generations, files and records."""
    search = GarbageSearch(
        store=store,
        archive=store.archive,
        media=media,
        files=files,
        rules=retention_rules(settings),
        clock=clock,
    )
    return GarbageCollector(
        archive=store.archive,
        search=search,
        clock=clock,
        who=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        every_s=settings.retention.every_s,
    )


def retention_rules(settings: Settings) -> RetentionRules:
    """Return how long the settings keep each thing; what they do not name is kept for ever."""
    retention = settings.retention
    total_gb = retention.artifacts_gb
    return RetentionRules(
        artifacts=_age(retention.artifacts_days),
        artifacts_bytes=None if total_gb is None else int(total_gb * (1 << 30)),
        generations=_age(retention.generations_days),
        events=_age(retention.events_days),
        deliveries=_age(retention.deliveries_days),
        inputs=_age(retention.inputs_days),
        uploads=_age(retention.uploads_days),
    )


def _age(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def own_api(*operations: Operation) -> Api:
    """Return the paths that belong to no dialect."""
    return Api(
        name="server",
        about="Paths that belong to no API: files, health and metrics.",
        operations=operations,
        word=plain,
        problem=PLAIN,
    )


def monitoring(
    settings: Settings,
    metrics: Metrics,
    store: Database,
    *,
    channels: ChannelControl,
    accounts: Accounts,
    clock: Clock,
) -> tuple[Operation, ...]:
    """Return ``/metrics``, if the settings enable it."""
    if not settings.metrics.enabled:
        return ()
    token, server = settings.metrics.token, settings.server
    access = MetricsAccess(
        accounts=accounts,
        token=token.get_secret_value() if token else None,
        open_here=is_loopback(server.host) and server.public_url is None,
    )
    reading = MetricsReport(
        metrics,
        store=store,
        archive=store.archive,
        ledger=store.ledger,
        board=channels,
        clock=clock,
    )
    return (metrics_operation(reading.text, access),)


def health(
    settings: Settings,
    store: Database,
    media: MediaStore,
    worker: Worker | None,
    *,
    heartbeat: NodeHeartbeat,
    clock: Clock,
) -> tuple[Operation, ...]:
    """
    Return the health checks: whether the server lives, and whether it can work.

    Args:
        worker: The worker of this process, if it runs one.

        heartbeat: Knows whether an operator drains this process.
    """
    mark = f"health/{os.getpid()}"
    began_s = time.monotonic()

    async def store_takes_writes() -> None:
        now = clock.now()
        await store.archive.take_lock(mark, who=mark, now=now, until=now)

    async def media_takes_writes() -> None:
        await media.put_bytes(mark, b"ready")
        await media.delete(mark)

    async def disk_has_room() -> None:
        usage = await asyncio.to_thread(shutil.disk_usage, settings.data)
        if usage.free < settings.health.free_mb << 20:
            raise MediaError("the disk is nearly full")

    async def worker_is_alive() -> None:
        last_claim_at_s = worker.last_claim_at_s if worker and worker.last_claim_at_s else began_s
        if time.monotonic() - last_claim_at_s > LATE_S:
            raise StoreError("the worker has not looked at the queue")

    async def takes_new_work() -> None:
        if heartbeat.is_draining:
            raise Draining

    checks: dict[str, Check] = {
        "node": takes_new_work,
        "store": store_takes_writes,
        "media": media_takes_writes,
        "disk": disk_has_room,
    }
    return health_operations(checks | {"worker": worker_is_alive} if worker else checks)
