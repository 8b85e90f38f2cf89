"""Wire the worker and what it works with from the settings."""

from collections.abc import Sequence

from rushes.bootstrap.prompts import prompt_preparation, shot_planner
from rushes.core.errors import SettingsError
from rushes.core.signed_links import SignedLinks
from rushes.engines.base import Channel
from rushes.kit.clock import Clock
from rushes.kit.safe_http import SafeHttpClient
from rushes.media.base import MediaStore
from rushes.settings import Settings
from rushes.store.base import ChannelPauses
from rushes.store.database import Database
from rushes.telemetry.observer import Observer
from rushes.worker.context import AttemptLimits, WorkerContext
from rushes.worker.inputs import Inputs
from rushes.worker.loop import Worker
from rushes.worker.public_files import PublicFiles
from rushes.worker.worker_id import own_name


def make_worker_context(
    settings: Settings,
    database: Database,
    observer: Observer,
    media: MediaStore,
    links: SignedLinks,
    *,
    http: SafeHttpClient,
    clock: Clock,
) -> WorkerContext:
    """Return what a worker needs for its attempts."""
    return WorkerContext(
        store=database,
        buckets=database,
        observe_polls=observer.metrics.observe_poll_lag,
        media=observer.media(media),
        inputs=Inputs(
            http=http,
            limit_bytes=settings.network.fetch_limit_mb << 20,
            deadline_s=settings.network.fetch_deadline_s,
        ),
        prompts=prompt_preparation(settings),
        planner=shot_planner(settings),
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


def make_worker(
    settings: Settings, context: WorkerContext, channels: Sequence[Channel], pauses: ChannelPauses
) -> Worker:
    """
    Return the worker of this process, which is not started yet.

    Raises:
        SettingsError: ``worker.channels`` names a channel that does not exist.
    """
    chosen, names = settings.worker.channels, [one.name for one in channels]
    if unknown := [name for name in chosen if name not in names]:
        raise SettingsError(
            f"worker.channels names {', '.join(map(repr, unknown))};"
            f" the channels are {', '.join(names)}"
        )
    return Worker(
        context=context,
        channels=channels,
        pauses=pauses,
        slots=settings.slots,
        stop_grace_s=settings.worker.stop_grace_s,
        works=chosen or None,
    )
