"""Have a worker estimate the depth of a job's pictures, so that a camera can move through them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from rushes.engines.base import Job
from rushes.engines.local.messages import DepthRequest, Device
from rushes.engines.local.worker_process import WorkerProcess


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthModel:
    """A depth model in a folder, and the worker that runs it."""

    folder: Path
    title: str
    """Its name in notes for callers."""

    worker: WorkerProcess
    device: Device = "auto"

    async def measured(self, job: Job, folder: Path) -> Job:
        """
        Return the job with the depth of each of its pictures, as files in *folder*.

        Raises:
            EngineError: The model cannot be loaded, or the worker has crashed.
        """
        first = await self._depth_of(job.first_image, folder / "first_depth.png")
        last = await self._depth_of(job.last_image, folder / "last_depth.png")
        return replace(job, first_depth=first, last_depth=last)

    async def _depth_of(self, image: Path | None, output: Path) -> Path | None:
        if image is None:
            return None
        request = DepthRequest(
            id=f"{output.parent.name}-{output.stem}",
            model=self.folder,
            device=self.device,
            image=image,
            output=output,
        )
        await self.worker.generate(request, lambda _: None)
        return output


FindDepth = Callable[[], DepthModel | None]
"""Looks for a depth model on this machine; None: there is none."""
