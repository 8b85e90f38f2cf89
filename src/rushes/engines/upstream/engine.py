"""Render through an upstream in one call: submit, poll and fetch, with nothing durable."""

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

_MAX_ERRORS: Final = 10
"""Failed polls in a row after which the render fails."""

_MAX_LOST: Final = 3
"""Polls in a row that may not find the job before the render fails."""

_CANCEL_S: Final = 5.0
_MADE: Final = 0.95
"""The progress once the upstream is done; downloading is the rest."""


class UpstreamEngine:
    """
    Renders through an upstream while the caller waits: to test a channel, not to run paid work.

    A crash of this process loses the job; only a worker makes submits durable. An ambiguous
    submit raises AmbiguousSubmit and is never repeated.

    Args:
        model: The upstream's name of the model.

        pause_s: Seconds between two polls.

        terms: Deadlines and size limits.
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
        """Render as :class:`Engine` promises; may also raise AmbiguousSubmit."""
        report(0.0)
        order = SubmitOrder(job=job, model=self._model, key=uuid.uuid4().hex)
        job_id = await self._upstream.submit(order)
        try:
            async with asyncio.timeout(self._terms.deadline_s):
                done = await self._poll_until_done(job_id, report)
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
        """Close the upstream's connections."""
        await self._upstream.close()

    async def _poll_until_done(self, job_id: str, report: ReportProgress) -> JobStatus:
        """Return the status of the completed job. Raises the error of a failed one."""
        share, errors, lost = 0.0, 0, 0
        while True:
            try:
                job = await self._upstream.poll(job_id)
            except TemporaryEngineError as error:
                errors += 1
                lost = lost + 1 if isinstance(error, UpstreamLost) else 0
                if lost == _MAX_LOST or errors == _MAX_ERRORS:
                    raise
            else:
                errors = lost = 0
                if job.phase is Phase.FAILED:
                    raise error_from(job)
                share = max(share, _MADE * (job.progress or 0.0))
                report(_MADE if job.phase is Phase.COMPLETED else share)
                if job.phase is Phase.COMPLETED:
                    return job
            await asyncio.sleep(self._pause_s)

    async def _stop(self, job_id: str) -> None:
        """Cancel the job if the upstream can do so quickly: no caller waits for it any more."""

        async def cancel() -> None:
            with suppress(EngineError, TimeoutError):
                async with asyncio.timeout(_CANCEL_S):
                    await self._upstream.cancel(job_id)

        # In a task of its own: asyncio.timeout of Python 3.11.2 fails in a cancelled one.
        await asyncio.create_task(cancel())
