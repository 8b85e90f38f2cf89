"""An in-memory upstream that does what the test says."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rushes.core.capabilities import Capabilities
from rushes.core.errors import EngineError, ResultMissing, UpstreamLost
from rushes.core.generation import ArtifactKind, Failure
from rushes.engines.base import Channel
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.upstream.base import (
    JobStatus,
    Phase,
    SubmitOrder,
    SubmitQuery,
    UpstreamChannel,
    UpstreamTerms,
)

CAPABILITIES = Capabilities(
    resolutions=("540p", "720p"), durations_s=(5.0,), ratios=("16:9",), expands=True
)
WORKING = JobStatus(phase=Phase.WORKING)
DONE = JobStatus(phase=Phase.COMPLETED, files={ArtifactKind.VIDEO: "http://up.test/video.mp4"})


def failed(code: str = "engine_error", *, may_repeat: bool = False) -> JobStatus:
    failure = Failure(code=code, message="it failed there")
    return JobStatus(phase=Phase.FAILED, failure=failure, may_repeat=may_repeat)


@dataclass(eq=False)
class ScriptedUpstream:
    """Keeps its jobs in a dictionary, and counts what it was asked."""

    kind: str = "scripted"
    capabilities: Capabilities = CAPABILITIES
    credential: str = "cafe0123"
    poll_batch_size: int = 1
    answers: list[EngineError | None] = field(default_factory=list)
    """What the next submits meet; an error, or None: they are accepted."""

    accepts_first: bool = False
    """Whether a submit that meets an error was accepted nevertheless."""

    honours_keys: bool = False
    lists: bool = True
    orders: list[SubmitOrder] = field(default_factory=list)
    jobs: dict[str, SubmitOrder] = field(default_factory=dict)
    """Accepted."""

    sightings: dict[str, JobStatus | EngineError] = field(default_factory=dict)
    default: JobStatus | EngineError = WORKING
    looked: list[tuple[str, ...]] = field(default_factory=list)
    cancels: list[str] = field(default_factory=list)
    clip: Path | None = None
    fetches: list[EngineError | bytes] = field(default_factory=list)
    """What the next fetches meet; after those they bring the clip."""

    gone: set[str] = field(default_factory=set)
    """Addresses at which there is no file."""

    fetched: list[str] = field(default_factory=list)
    """The addresses that were asked for a file."""

    during: Callable[[], Awaitable[object]] | None = None
    """Awaited while a submit is under way, once it was accepted."""

    async def submit(self, order: SubmitOrder) -> str:
        self.orders.append(order)
        answer = self.answers.pop(0) if self.answers else None
        known = [id_ for id_, job in self.jobs.items() if job.key == order.key]
        if self.honours_keys and known:
            return known[0]
        job_id = f"u{len(self.jobs) + 1}"
        if answer is None or self.accepts_first:
            self.jobs[job_id] = order
        if self.during is not None:
            await self.during()
        if answer is not None:
            raise answer
        return job_id

    def _seen(self, job_id: str) -> JobStatus:
        seen = self.sightings.get(job_id, self.default)
        if isinstance(seen, EngineError):
            raise seen
        if job_id not in self.jobs:
            raise UpstreamLost(f"there is no {job_id}")
        return seen

    async def poll(self, job_id: str) -> JobStatus:
        self.looked.append((job_id,))
        return self._seen(job_id)

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        self.looked.append(tuple(job_ids))
        return {one: self._seen(one) for one in job_ids if one in self.jobs}

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        if not self.lists:
            return None
        return [i for i, order in self.jobs.items() if order.job.prompt == query.prompt]

    async def cancel(self, job_id: str) -> bool:
        self.cancels.append(job_id)
        return True

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        self.fetched.append(address)
        if address in self.gone:
            raise ResultMissing("the result is not there: the server replied with status 404")
        what = self.fetches.pop(0) if self.fetches else None
        if isinstance(what, EngineError):
            raise what
        assert self.clip is not None
        data = what if what is not None else await asyncio.to_thread(self.clip.read_bytes)
        await asyncio.to_thread(into.write_bytes, data)

    async def test(self) -> str:
        return "fine"

    async def close(self) -> None:
        """Hold nothing."""


class Facade(ScriptedEngine):
    """What callers see of an upstream; it renders nothing."""

    name = "scripted upstream"
    capabilities = CAPABILITIES


def channel(
    upstream: ScriptedUpstream,
    *,
    name: str = "up",
    concurrency: int | None = None,
    priority: int = 0,
    weight: int = 1,
    fingerprint: str = "f",
    capabilities: Capabilities = CAPABILITIES,
    **terms: object,
) -> Channel:
    facade = Facade([])
    facade.capabilities = capabilities
    return UpstreamChannel(
        name=name,
        engine=facade,
        models={"ray-2": "their-ray"},
        priority=priority,
        weight=weight,
        concurrency=concurrency,
        upstream=upstream,
        terms=UpstreamTerms(requests_per_minute=6e7, **terms),  # type: ignore[arg-type]  # tests name the fields
        fingerprint=fingerprint,
    )
