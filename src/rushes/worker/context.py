"""What an attempt works with, and how long and how often it may."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rushes.kit.clock import Clock
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.media.base import MediaStore
from rushes.prompts.expansion import PromptPreparation
from rushes.store.base import Lease, Store
from rushes.worker.inputs import Inputs
from rushes.worker.public_files import PublicFiles

ObservePolls = Callable[[str, Iterable[datetime], datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimits:
    """How long and how often."""

    lease_s: float = 15.0
    """A worker that is silent for so long is taken for dead, and its work claimed again."""

    disk_full_pause_s: float = 30.0
    """How long a generation waits whose files could not be kept; the disk is full, for instance."""

    max_attempts: int = 5
    render_timeout_s: float = 900.0
    progress_every_s: float = 0.25
    """Progress is written no oftener than this."""

    refused_wait_s: float = 900.0
    """How long a generation waits for channels that are all out, until it is failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """What an attempt works with."""

    store: Store
    media: MediaStore
    inputs: Inputs
    prompts: PromptPreparation
    clock: Clock
    limits: AttemptLimits
    worker: str
    """Who holds the lease; unlike any other worker's name."""

    scratch: TemporaryFolders = field(default_factory=TemporaryFolders)
    """Where attempts lay their files as long as they last."""

    public_files: PublicFiles = field(default_factory=PublicFiles)
    """How upstreams are given files, and told where to call us back."""

    observe_polls: ObservePolls | None = None
    """Told of the looks at an upstream's jobs: the channel, when each was due, and when it is."""

    def record_polls(self, channel: str, due: Iterable[datetime]) -> None:
        """Report that a channel's jobs are polled now, and when each poll was due."""
        if self.observe_polls is not None:
            self.observe_polls(channel, due, self.clock.now())

    def lease(self, *, times: float = 1.0) -> Lease:
        """Return a lease that begins now; of so many times the usual length."""
        until = self.clock.now() + timedelta(seconds=self.limits.lease_s * times)
        return Lease(worker=self.worker, until=until)
