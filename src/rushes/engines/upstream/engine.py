"""An upstream as an engine: a job submitted, followed and fetched in one call; nothing durable."""

import asyncio
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import (
    EngineError,
    EngineTimeout,
    TemporaryEngineError,
    UpstreamLost,
)
from rushes.core.rendered import Rendered
from rushes.engines.base import Job, ReportProgress
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, Upstream, UpstreamTerms
from rushes.engines.upstream.job_failures import error_from
from rushes.engines.upstream.results import download_results

_MOST_TROUBLES: Final = 10
"""Looks in a row that may fail before it is given up."""

_MOST_LOST: Final = 3
"""Looks in a row of which the upstream may say that it does not know the job."""

_CANCEL_S: Final = 5.0
_MADE: Final = 0.95
"""The share of the work that is done once the upstream has made it."""


class UpstreamEngine:
    """
    Renders through an upstream while somebody waits: to try a channel, not to run paid work.

    A crash of this process loses the job: what makes a submit durable is the worker's. An
    ambiguous submit is told as what it is, and never repeated.

    Args:
        model: As the upstream calls it.

        pause_s: Between two looks.

        terms: How long it may take and how large files may be.
    """

    def __init__(
        self,
        upstream: Upstream,
        *,
        model: str,
        pause_s: float = 2.0,
        terms: UpstreamTerms | None = None,
    ) -> None:
        self._upstream = upstream
        self._model = model
        self._pause_s = pause_s
        self._terms = terms or UpstreamTerms()

    @property
    def name(self) -> str:
        return self._upstream.kind

    @property
    def capabilities(self) -> Capabilities:
        return self._upstream.capabilities

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """Do as promised, save that AmbiguousSubmit is raised where it is not known what came."""
        report(0.0)
        order = SubmitOrder(job=job, model=self._model, key=uuid.uuid4().hex)
        job_id = await self._upstream.submit(order)
        try:
            async with asyncio.timeout(self._terms.deadline_s):
                done = await self._followed(job_id, report)
        except TimeoutError:
            await self._stop(job_id)
            late = f"the upstream was not done after {self._terms.deadline_s:g} s"
            raise EngineTimeout(late) from None
        except asyncio.CancelledError:
            await self._stop(job_id)
            raise
        rendered = await download_results(
            self._upstream, done, spec=job.spec, terms=self._terms, folder=folder
        )
        report(1.0)
        return rendered

    async def close(self) -> None:
        """Let go of the upstream's connections."""
        await self._upstream.close()

    async def _followed(self, job_id: str, report: ReportProgress) -> JobStatus:
        """Return the sighting of the completed job. Raises what it failed of."""
        share, troubles, lost = 0.0, 0, 0
        while True:
            try:
                seen = await self._upstream.poll(job_id)
            except TemporaryEngineError as error:
                troubles += 1
                lost = lost + 1 if isinstance(error, UpstreamLost) else 0
                if lost == _MOST_LOST or troubles == _MOST_TROUBLES:
                    raise
            else:
                troubles = lost = 0
                if seen.phase is Phase.FAILED:
                    raise error_from(seen)
                share = max(share, _MADE * (seen.progress or 0.0))
                report(_MADE if seen.phase is Phase.COMPLETED else share)
                if seen.phase is Phase.COMPLETED:
                    return seen
            await asyncio.sleep(self._pause_s)

    async def _stop(self, job_id: str) -> None:
        """Stop the job, if the upstream can at once: nobody waits for it any more."""
        with suppress(EngineError, TimeoutError):
            async with asyncio.timeout(_CANCEL_S):
                await self._upstream.cancel(job_id)
