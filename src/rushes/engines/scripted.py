"""An engine that follows a script of results and faults, for tests."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from pathlib import Path

from rushes.core.capabilities import Capabilities
from rushes.core.errors import EngineError, PermanentEngineError, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    RATIOS,
    SHORT_SIDES_PX,
    STILL_SIZES,
    UPSCALED_PX,
    frame_size,
    upscaled_size,
)
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind, Medium, Role
from rushes.engines.base import Job, ReportProgress


class ScriptedFault(StrEnum):
    """A fault instead of a render. It is a name, so that it can be sent to a child process."""

    CRASH = "crash"  #: the process ends at once
    HANG = "hang"  #: the render never ends
    NOISE = "noise"  #: it prints to standard output, then renders
    BUSY = "busy"  #: a temporary error
    REFUSE = "refuse"  #: a permanent error


Step = EngineError | bytes | str
"""An error to raise, the bytes to write as every file, or a :class:`ScriptedFault` by name."""

_FILES = {
    ArtifactKind.VIDEO: ("video.mp4", "video/mp4"),
    ArtifactKind.VIDEO_RAW: ("video_raw.mp4", "video/mp4"),
    ArtifactKind.THUMBNAIL: ("thumbnail.jpg", "image/jpeg"),
    ArtifactKind.LAST_FRAME: ("last_frame.jpg", "image/jpeg"),
}
_STILL_FILES = {
    ArtifactKind.IMAGE: ("image.jpg", "image/jpeg"),
    ArtifactKind.THUMBNAIL: ("thumbnail.jpg", "image/jpeg"),
}


class ScriptedEngine:
    """Takes the next step at each render: raises an error, or writes bytes as every file."""

    name = "scripted"
    capabilities = Capabilities(
        kinds=tuple(Kind),
        resolutions=tuple(SHORT_SIDES_PX),
        durations_s=(4.0, 5.0, 9.0, 10.0),
        ratios=tuple(RATIOS),
        sizes=True,
        extend_backwards=True,
        interpolate=True,
        shot_plans=True,
        concepts=("dolly_zoom", "pan_left"),
        still_ratios=tuple(STILL_SIZES),
        still_formats=("jpg", "png"),
        references=tuple(Role),
        upscales=tuple(UPSCALED_PX),
        reframes=tuple(Medium),
        modes=("adhere_1", "flex_1", "reimagine_1"),
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
        data = await _misbehave(step) if isinstance(step, str) else step
        report(1.0)
        return tuple(
            _write(job.spec, folder / name, kind, media_type, data)
            for kind, (name, media_type) in _files(job.spec).items()
        )

    async def close(self) -> None:
        """Do nothing: there are no resources."""


async def _misbehave(step: str) -> bytes:
    match step:
        case ScriptedFault.CRASH:
            os._exit(66)
        case ScriptedFault.HANG:
            await asyncio.Event().wait()
        case ScriptedFault.NOISE:
            sys.stdout.write("a library says hello\n")
            sys.stdout.flush()
        case ScriptedFault.BUSY:
            raise TemporaryEngineError("busy")
        case ScriptedFault.REFUSE:
            raise PermanentEngineError("refused")
        case _:
            pass
    return step.encode()


def _files(spec: GenerationSpec) -> dict[ArtifactKind, tuple[str, str]]:
    return _STILL_FILES if spec.makes is Medium.IMAGE else _FILES


def _write(
    spec: GenerationSpec, file: Path, kind: ArtifactKind, media_type: str, data: bytes
) -> Rendered:
    file.write_bytes(data)
    width_px, height_px = _size(spec)
    return Rendered(
        kind=kind,
        file=file,
        media_type=media_type,
        width_px=width_px,
        height_px=height_px,
        duration_s=spec.duration_s if media_type == "video/mp4" else None,
    )


def _size(spec: GenerationSpec) -> tuple[int, int]:
    ratio = spec.aspect_ratio or DEFAULT_RATIO
    if spec.makes is Medium.IMAGE:
        return STILL_SIZES[ratio]
    if spec.kind is Kind.UPSCALE:
        return upscaled_size(*frame_size(ratio, DEFAULT_RESOLUTION), spec.resolution)
    return spec.size_px or frame_size(ratio, spec.resolution or DEFAULT_RESOLUTION)
