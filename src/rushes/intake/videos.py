"""Check untrusted videos and take single frames of them, in a sandboxed process."""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import jpegs
from rushes.intake.sandbox.runner import Crashed, TooSlow, run_task

READABLE: Final = "MP4, MOV or WebM with H.264, HEVC, VP9 or AV1 video"
FAILED: Final = "Failed to read user input video"
"""The beginning of every error about a source video."""

_BROKEN: Final = f"the video is broken; send another {READABLE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    """Limits of a video, and of the process that reads it."""

    size_bytes: int = 100 << 20
    duration_s: float = 30.0
    longest_px: int = 4096
    shortest_px: int = 16
    frames_per_s: float = 120.0
    memory_bytes: int = 2 << 30
    cpu_s: int = 20
    wall_s: float = 40.0


DEFAULT: Final = VideoLimits()

Moment = Literal["first", "middle", "last"]
"""A frame of a video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A checked video with its size and duration."""

    file: Path
    width_px: int
    height_px: int
    duration_s: float


async def check(source: Path, *, limits: VideoLimits = DEFAULT) -> Footage:
    """
    Measure *source*: decode its first frame and count all its packets.

    Raises:
        InputUnusable: The file is not a supported video, is broken, or exceeds the limits.

        TemporaryEngineError: The process could not be started.
    """
    return _footage(await _run_probe(source, None, limits), source)


async def first_frame(source: Path, into: Path, *, limits: VideoLimits = DEFAULT) -> Path:
    """
    Write the first frame of a video to the RGB PNG file *into*, and return it.

    Raises:
        InputUnusable: No frame could be decoded.

        TemporaryEngineError: The process could not be started, or the disk is full.
    """
    await _take_frame(source, into, limits, at="first")
    return into


async def last_frame(source: Path, into: Path, *, limits: VideoLimits = DEFAULT) -> Footage:
    """
    Write the last frame of a video to the RGB PNG file *into*; return it with its size.

    Raises:
        InputUnusable: No frame could be decoded.

        TemporaryEngineError: The process could not be started, or the disk is full.
    """
    return _footage(await _take_frame(source, into, limits, at="last"), into)


async def still(
    source: Path, into: Path, *, at: Moment, quality: int, limits: VideoLimits = DEFAULT
) -> Footage:
    """
    Write a frame of a video to the JPEG file *into*; return it with the video's size and length.

    Args:
        quality: The JPEG quality, 1 to 95.

    Raises:
        InputUnusable: No frame could be decoded.

        TemporaryEngineError: The process could not be started, or the disk is full.
    """
    return _footage(await _take_frame(source, into, limits, at=at, quality=quality), into)


async def _take_frame(
    source: Path, into: Path, limits: VideoLimits, *, at: Moment, quality: int | None = None
) -> object:
    part = into.with_name(into.name + ".part")
    try:
        answer = await _run_probe(source, part, limits, at=at, quality=quality)
        if quality is None:
            await asyncio.to_thread(part.replace, into)
        else:
            await asyncio.to_thread(_keep_jpeg, part, _footage(answer, into))
    except OSError:
        raise _no_reader() from None
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return answer


def _keep_jpeg(part: Path, footage: Footage) -> None:
    try:
        jpegs.keep(part, footage.file, size_px=(footage.width_px, footage.height_px))
    except Crashed:
        raise unusable(_BROKEN) from None


def _footage(answer: object, file: Path) -> Footage:
    match answer:
        case {"width_px": int(width_px), "height_px": int(height_px), "duration_s": float(length)}:
            return Footage(file=file, width_px=width_px, height_px=height_px, duration_s=length)
        case _:
            raise _no_reader()


async def _run_probe(
    source: Path,
    frame: Path | None,
    limits: VideoLimits,
    *,
    at: Moment = "first",
    quality: int | None = None,
) -> object:
    size_bytes = await asyncio.to_thread(_size_of, source)
    if size_bytes > limits.size_bytes:
        raise unusable(f"the video is over {limits.size_bytes >> 20} MiB; send a smaller one")
    try:
        answer = await run_task(
            "probe_video",
            *(str(source), str(frame or "")),
            limits=asdict(limits) | {"at": at, "jpeg_quality": quality},
            folder=frame.parent if frame else source.parent,
            wall_s=limits.wall_s,
        )
    except OSError as error:
        raise _no_reader() from error
    except TooSlow:
        raise unusable("the video takes too long to read; send a shorter one") from None
    except Crashed:
        raise unusable(_BROKEN) from None
    match answer:
        case {"unusable": str(reason)}:
            raise unusable(reason)
        case None:
            raise _no_reader()
        case _:
            return answer


def unusable(reason: str) -> InputUnusable:
    """Return the error that tells a caller why the video was refused."""
    return InputUnusable(f"{FAILED}: {reason}")


def _no_reader() -> TemporaryEngineError:
    why = "this machine could not run the video reader; the attempt can be repeated"
    return TemporaryEngineError(f"{FAILED}: {why}")


def _size_of(source: Path) -> int:
    try:
        return source.stat().st_size
    except OSError:
        raise unusable("there is no such file") from None
