"""Let a depth model serve an engine that moves cameras through pictures, and would guess depth."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from rushes.core.errors import EngineError
from rushes.core.rendered import Rendered, join_notes
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.base import (
    Engine,
    Job,
    ReportProgress,
    Warmable,
    later_share,
    render_permit,
)
from rushes.engines.local.depth import FindDepth
from rushes.engines.local.worker_process import WorkerProcess

_log: Final = structlog.get_logger()

_MEASURED: Final = 0.1
"""The share of the work until the depth of the pictures is known."""


class MeasuredEngine:
    """
    Renders with *inner*; the depth of a video's pictures is estimated first, where it can be.

    Args:
        worker: Runs the depth model.

        find_depth: Looks for a depth model, which may come and go while the server runs.
    """

    def __init__(self, inner: Engine, worker: WorkerProcess, find_depth: FindDepth) -> None:
        self.name = inner.name
        self.capabilities = inner.capabilities
        self._inner, self._worker, self._find_depth = inner, worker, find_depth

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return the permit of the inner engine."""
        return render_permit(self._inner, spec)

    async def warm(self) -> None:
        """Prepare the inner engine; the depth model is loaded for the first picture."""
        if isinstance(self._inner, Warmable):
            await self._inner.warm()

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """Render as :class:`Engine` promises; a depth that cannot be estimated is guessed."""
        has_pictures = job.first_image is not None or job.last_image is not None
        if job.spec.kind is not Kind.VIDEO or not has_pictures:
            return await self._inner.render(job, folder, report)
        depth = await asyncio.to_thread(self._find_depth)
        if depth is None:
            return await self._inner.render(job, folder, report)
        report(0.0, "measure depth")
        try:
            measured = await depth.measured(job, folder)
        except EngineError as error:
            _log.warning("depth_guessed", reason=str(error))
            return await self._inner.render(job, folder, report)
        video, *rest = await self._inner.render(measured, folder, later_share(report, _MEASURED))
        note = f"{depth.title} estimated the depth of its pictures."
        return (replace(video, note=join_notes(video.note, note)), *rest)

    async def close(self) -> None:
        """Close the inner engine, and end the worker."""
        await self._inner.close()
        await self._worker.end()
