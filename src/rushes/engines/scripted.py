"""An engine that does what it is told to; for tests and for trying out a server's edges."""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from rushes.core.errors import EngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    RATIOS,
    SHORT_SIDES_PX,
    frame_size,
)
from rushes.engines.base import Capabilities, Job, Rendered, ReportProgress

Step = EngineError | bytes

_FILES = {
    ArtifactKind.VIDEO: ("video.mp4", "video/mp4"),
    ArtifactKind.VIDEO_RAW: ("video_raw.mp4", "video/mp4"),
    ArtifactKind.THUMBNAIL: ("thumbnail.jpg", "image/jpeg"),
    ArtifactKind.LAST_FRAME: ("last_frame.jpg", "image/jpeg"),
}


class ScriptedEngine:
    """Each call takes the next step: raise this error, or write these bytes as every file."""

    name = "scripted"
    capabilities = Capabilities(
        resolutions=tuple(SHORT_SIDES_PX), durations_s=(5.0, 9.0, 10.0), ratios=tuple(RATIOS)
    )

    def __init__(
        self,
        steps: Iterable[Step],
        *,
        before: Callable[[Job], Awaitable[object]] | None = None,
    ) -> None:
        self._steps = iter(steps)
        self._before = before

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        report(0.0)
        if self._before is not None:
            await self._before(job)
        step = next(self._steps)
        if isinstance(step, EngineError):
            raise step
        report(1.0)
        return tuple(_write(job, folder, kind, step) for kind in _FILES)

    async def close(self) -> None:
        """Hold nothing."""


def _write(job: Job, folder: Path, kind: ArtifactKind, data: bytes) -> Rendered:
    name, media_type = _FILES[kind]
    (folder / name).write_bytes(data)
    width_px, height_px = frame_size(
        job.spec.aspect_ratio or DEFAULT_RATIO, job.spec.resolution or DEFAULT_RESOLUTION
    )
    return Rendered(
        kind=kind,
        file=folder / name,
        media_type=media_type,
        width_px=width_px,
        height_px=height_px,
        duration_s=job.spec.duration_s if media_type == "video/mp4" else None,
    )
