"""Define the seam to upstreams: remote services that make videos, one paid job at a time."""

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
    """One submit: a job, and what only the upstream needs to know about it."""

    job: Job
    model: str
    """The upstream's name of the model."""

    key: str
    """The idempotency key: the same for every submit of one attempt, different for any other."""

    callback_url: str | None = None
    """The URL for callbacks of the upstream; None when it cannot reach this server."""

    urls: Mapping[Path, str] = field(default_factory=dict[Path, str])
    """The URL of each file of the job that the upstream can fetch."""

    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """The upstream's ids of earlier generations, by our ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitQuery:
    """A submit without a reply: what helps to find its job in the upstream's list."""

    spec: GenerationSpec
    """The generation's spec; input files may be gone, because the worker may have crashed."""

    prompt: str
    """The prompt that was sent, which may be an expansion of the spec's."""

    model: str
    """The upstream's name of the model."""

    key: str
    callback_url: str | None
    since: datetime
    """The moment just before the submit."""


class Phase(StrEnum):
    """The phase of an upstream's job."""

    WAITING = "waiting"
    WORKING = "working"
    """Also stands for unknown words: the job is polled again."""

    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in {Phase.COMPLETED, Phase.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """The state of a job, as its upstream reports it."""

    phase: Phase
    progress: float | None = None
    """Share of the work that is done, 0.0 to 1.0; None when the upstream does not say."""

    files: Mapping[ArtifactKind, str] = field(default_factory=dict[ArtifactKind, str])
    """Completed jobs only: the address of each file, for :meth:`Upstream.fetch`."""

    elsewhere: Mapping[ArtifactKind, str] = field(default_factory=dict[ArtifactKind, str])
    """Completed jobs only: a second address of a file, used when the first one has no file."""

    failure: Failure | None = None
    """Failed jobs only: the reason."""

    may_repeat: bool = False
    """Failed jobs only: whether another attempt may succeed."""


class Upstream(Protocol):
    """
    Speaks one remote API with one account. It makes requests, keeps no state and never retries.

    The promises below are checked for every implementation by
    ``tests/contract/test_upstream.py``.
    """

    @property
    def kind(self) -> str:
        """The API that it speaks, e.g. ``dream-machine``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """The abilities that this account can use."""
        ...

    @property
    def credential(self) -> str:
        """A short fingerprint of the key, from which the key cannot be computed."""
        ...

    @property
    def poll_batch_size(self) -> int:
        """How many jobs one request of :meth:`poll_many` covers; 1 without such a request."""
        ...

    async def submit(self, order: SubmitOrder) -> str:
        """
        Submit once and return the upstream's id of the job.

        Raises:
            UpstreamBusy: Certainly not accepted: the upstream has too much to do (429).

            UpstreamUnreachable: Certainly not accepted: the request was never sent.

            ChannelUnusable: Certainly not accepted: key, balance or address are wrong.

            PermanentEngineError: Certainly not accepted, and no later submit will be.

            AmbiguousSubmit: In any other case: it may have been accepted.
        """
        ...

    async def poll(self, job_id: str) -> JobStatus:
        """
        Return the state of a job.

        Raises:
            UpstreamLost: The upstream says that there is no such job.

            TemporaryEngineError: There was no usable reply, so nothing is known about the job.
        """
        ...

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        """
        Return the states of several jobs, at most ``poll_batch_size``, by one request.

        Jobs that the reply does not mention are absent. Raises as :meth:`poll`.
        """
        ...

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        """
        Return the ids of the jobs that the submit without a reply may have made, best first.

        None means that this upstream cannot tell. An empty result is not final: the request may
        still be on its way. Raises TemporaryEngineError.
        """
        ...

    async def cancel(self, job_id: str) -> bool:
        """Stop a job if the upstream can; return whether it will. Raises TemporaryEngineError."""
        ...

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        """
        Write a finished file to *into*, in constant memory, and resume broken downloads.

        The key is sent only to the upstream's own address. An error leaves no file.

        Raises:
            TemporaryEngineError: The file could not be fetched now.

            ResultMissing: The server says that there is no such file.

            ResultUnusable: It is larger than *limit_bytes*, or its address is not allowed.
        """
        ...

    async def test(self) -> str:
        """
        Make a free request that proves address and key; return its result as a sentence.

        Raises as :meth:`submit` does, but never AmbiguousSubmit.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamTerms:
    """The settings for the use of an upstream; :class:`engines.base.Channel` has the others."""

    requests_per_minute: float = 600.0
    """Limit for requests of all kinds; further ones wait, and submits go first."""

    expected_duration_s: float = 60.0
    """The expected duration of a job, used until some jobs were measured."""

    min_poll_interval_s: float = 2.0
    """The shortest pause between two polls of one job."""

    max_poll_interval_s: float = 30.0
    """The longest pause between two polls of one job."""

    deadline_s: float = 3600.0
    """Seconds after its acceptance at which an unfinished job is given up."""

    result_missing_after_s: float = 900.0
    """Seconds for which the file of a finished job may be missing before the job fails."""

    ambiguous_after_s: float = 300.0
    """Seconds for which the worker searches for a submit without a reply; see `Reconciler`."""

    resubmits: bool = False
    """Whether it is then submitted again, at the risk of paying twice, instead of failing."""

    honours_keys: bool = False
    """Whether two submits with one idempotency key make one job at the upstream."""

    loses_jobs: bool = False
    """Whether the upstream forgets its jobs on a restart; an unknown job is then lost."""

    file_limit_bytes: int = 1 << 30
    file_deadline_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UpstreamChannel(Channel):
    """A channel whose work is done by an upstream."""

    upstream: Upstream
    terms: UpstreamTerms
    fingerprint: str
    """
    Identifies kind, address and credential; it changes when the operator configures another.

    Empty in a process that does not know the credential and makes no requests.
    """
