"""Hold what every attempt of a worker needs: stores, inputs, clock and limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rushes.core.generation import Generation
from rushes.kit.clock import Clock
from rushes.kit.rate_buckets import RateBuckets
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.media.base import MediaStore
from rushes.prompts.expansion import PromptPreparation
from rushes.prompts.shot_planning import ShotPlanner
from rushes.store.base import Lease, Store
from rushes.worker.inputs import Inputs
from rushes.worker.public_files import PublicFiles

ObservePolls = Callable[[str, Iterable[datetime], datetime], None]
"""Called with a channel, the times at which its jobs were due for a poll, and the time now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimits:
    """Limits on the duration and the number of attempts."""

    lease_s: float = 15.0
    """The worker counts as dead after this silence, and its generations are claimed again."""

    disk_full_pause_s: float = 30.0
    """A generation waits this long after its files could not be stored, e.g. on a full disk."""

    max_attempts: int = 5
    render_timeout_s: float = 900.0
    progress_every_s: float = 0.25
    """The shortest time between two writes of the progress."""

    refused_wait_s: float = 900.0
    """A generation fails after waiting this long while upstreams refuse all of its channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """The dependencies of a worker's attempts."""

    store: Store
    media: MediaStore
    inputs: Inputs
    prompts: PromptPreparation
    clock: Clock
    limits: AttemptLimits
    worker: str
    """The name of the lease holder; no other worker has it."""

    planner: ShotPlanner | None = None
    """Makes the shot plans of engines that draw them; None: they plan by themselves."""

    scratch: TemporaryFolders = field(default_factory=TemporaryFolders)
    """Each attempt keeps its files here until it ends."""

    buckets: RateBuckets | None = None
    """Shares the pace of channels with other workers; None: this worker has them for itself."""

    public_files: PublicFiles | None = None
    """Gives upstreams URLs of files and callbacks; None: this server has no public address."""

    observe_polls: ObservePolls | None = None
    """Observes how punctually upstream jobs are polled."""

    def record_polls(self, channel: str, due: Iterable[datetime]) -> None:
        """Report that a channel's jobs are polled now, and when each poll was due."""
        if self.observe_polls is not None:
            self.observe_polls(channel, due, self.clock.now())

    def callback_url(self, generation: Generation) -> str | None:
        """Return the URL at which the last attempt's upstream reports changes, if there is one."""
        if self.public_files is None:
            return None
        return self.public_files.callback_url(generation.id, generation.attempts[-1])

    def lease(self, *, times: float = 1.0) -> Lease:
        """Return a lease from now on, *times* as long as usual."""
        until = self.clock.now() + timedelta(seconds=self.limits.lease_s * times)
        return Lease(worker=self.worker, until=until)
