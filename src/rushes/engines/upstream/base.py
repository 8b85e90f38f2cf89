"""What an upstream promises: a remote service that makes videos, one paid job at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from rushes.core.capabilities import Capabilities
from rushes.core.generation import ArtifactKind, Failure
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Channel, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOrder:
    """One submit: a job together with what only the upstream needs to know of it."""

    job: Job
    model: str
    """As the upstream calls it."""

    key: str
    """The idempotency key; the same for every submit of one attempt, unlike any other's."""

    callback_url: str | None = None
    """Where the upstream may tell us that something has changed; None: we cannot be reached."""

    urls: Mapping[Path, str] = field(default_factory=dict[Path, str])
    """Where the upstream can fetch a file of the job; a file that is not here it cannot fetch."""

    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """Our ids of earlier generations to those that this upstream gave them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitQuery:
    """A submit that got no answer, as far as it helps to find its job in a list."""

    spec: GenerationSpec
    """The generation's spec; input files may be gone, because the worker may have crashed."""

    prompt: str
    """The prompt that was sent, which may be an expansion of the spec's."""

    model: str
    """As the upstream calls it."""

    key: str
    callback_url: str | None
    since: datetime
    """The moment just before it was submitted."""


class Phase(StrEnum):
    """How far an upstream's job has come."""

    WAITING = "waiting"
    WORKING = "working"
    """Also what an unknown word is taken for: it is looked at again."""

    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in {Phase.COMPLETED, Phase.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """What an upstream says of one of its jobs."""

    phase: Phase
    progress: float | None = None
    """Share that is done, 0.0 to 1.0; None when it does not say."""

    files: Mapping[ArtifactKind, str] = field(default_factory=dict[ArtifactKind, str])
    """Of a completed job: where each file is, to be given to :meth:`Upstream.fetch`."""

    elsewhere: Mapping[ArtifactKind, str] = field(default_factory=dict[ArtifactKind, str])
    """Of a completed job: a second address of a file, used when the first one has no file."""

    failure: Failure | None = None
    """Of a failed job: why."""

    may_repeat: bool = False
    """Of a failed job: whether it failed for a reason that another attempt may not meet."""


class Upstream(Protocol):
    """
    Speaks one remote API with one account there. Makes requests, keeps nothing, never retries.

    The promises below are checked for every implementation by
    ``tests/contract/test_upstream.py``.
    """

    @property
    def kind(self) -> str:
        """The API that it speaks, e.g. ``dream-machine``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What may be asked of it, through this account."""
        ...

    @property
    def credential(self) -> str:
        """A few characters that tell one key from another; nothing of the key can be had of it."""
        ...

    @property
    def poll_batch_size(self) -> int:
        """How many jobs one request of :meth:`look_many` can be about; 1: there is none such."""
        ...

    async def submit(self, order: SubmitOrder) -> str:
        """
        Submit once and return the id that the upstream gave the job.

        Raises:
            UpstreamBusy: Surely not accepted; there is too much to do (429).

            UpstreamUnreachable: Surely not accepted; the request was never sent.

            ChannelUnusable: Surely not accepted; key, balance or address are wrong.

            PermanentEngineError: Surely not accepted, by this upstream, ever.

            AmbiguousSubmit: Anything else: it may have been accepted.
        """
        ...

    async def poll(self, job_id: str) -> JobStatus:
        """
        Ask how far a job has come.

        Raises:
            UpstreamLost: The upstream says that there is no such job.

            TemporaryEngineError: There was no answer that makes sense; nothing follows of it.
        """
        ...

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        """
        Ask the same of several jobs, ``poll_batch_size`` at most, in one request.

        One of which nothing is said is missing in what comes back. Raises as :meth:`look`.
        """
        ...

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        """
        Return the ids of the jobs that may be the one whose submit got no answer, best first.

        None: this upstream has no means to tell. An empty answer proves nothing for good: a
        request may be under way still. Raises TemporaryEngineError.
        """
        ...

    async def cancel(self, job_id: str) -> bool:
        """Stop a job if the upstream can; return whether it will. Raises TemporaryEngineError."""
        ...

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        """
        Write a finished file to *into*, in constant memory, going on where a cut left off.

        The key goes with the request only where the address is the upstream's own. No file is
        left behind on error.

        Raises:
            TemporaryEngineError: It could not be had now.

            ResultMissing: The server answers that there is no such file.

            ResultUnusable: It is larger than *limit_bytes*, or may not be reached from here.
        """
        ...

    async def test(self) -> str:
        """
        Make a request that costs nothing and proves address and key; return what it told.

        Raises as :meth:`submit` does, but never AmbiguousSubmit.
        """
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamTerms:
    """How a worker deals with an upstream; the rest of it is in :class:`engines.base.Channel`."""

    requests_per_minute: float = 600.0
    """Requests of all sorts, submits first; those beyond wait for their turn."""

    usual_s: float = 60.0
    """How long a job usually takes, until the first ones were seen."""

    look_every_s: float = 2.0
    """The shortest pause between two looks at one job."""

    look_rarest_s: float = 30.0
    """The longest."""

    deadline_s: float = 3600.0
    """Seconds after its acceptance at which a job that is not done is given up."""

    result_missing_after_s: float = 900.0
    """Seconds for which the file of a finished job may be missing before the job is failed."""

    ambiguous_after_s: float = 300.0
    """Seconds for which a submit without an answer is looked for before it is settled."""

    resubmits: bool = False
    """Whether it is then submitted again, at the risk of paying twice, instead of failed."""

    honours_keys: bool = False
    """Whether the upstream makes one job of two submits with one idempotency key."""

    loses_jobs: bool = False
    """Whether it forgets its jobs when it restarts: then one that it does not know is lost."""

    file_limit_bytes: int = 1 << 30
    file_deadline_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UpstreamChannel(Channel):
    """A channel whose work is done by an upstream."""

    upstream: Upstream
    terms: UpstreamTerms
    fingerprint: str
    """
    Of kind, address and credential: another means that the configuration was changed.

    Empty where the credential is not known, in a process that asks nothing of the upstream.
    """
