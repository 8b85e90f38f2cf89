"""Checks a video that a stranger sent, and takes single frames of it, in a confined process."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import jpegs
from rushes.intake.sandbox.runner import Crashed, TooSlow, run_script

READABLE: Final = "MP4, MOV or WebM with H.264, HEVC, VP9 or AV1 video"
FAILED: Final = "Failed to read user input video"
"""How every failure of a source begins."""

_BROKEN: Final = f"the video is broken; send another {READABLE}"
_CHILD: Final = Path(__file__).parent / "sandbox" / "probe_video.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    """What a video may be, and what its reader may use."""

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
"""Which frame of a video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A video that was found to be one."""

    file: Path
    width_px: int
    height_px: int
    duration_s: float


async def check(source: Path, *, limits: VideoLimits = DEFAULT) -> Footage:
    """
    Return what *source* is: its first frame was decoded, all its packets were counted.

    Raises:
        InputUnusable: It is no video that we read, a broken one, or one beyond the limits.

        TemporaryEngineError: The reader could not be started.
    """
    return _footage(await _ask(source, None, limits), source)


async def first_frame(source: Path, into: Path, *, limits: VideoLimits = DEFAULT) -> Path:
    """
    Write the first frame of a video to the RGB PNG file *into*, and return that.

    Raises:
        InputUnusable: There is no frame that could be decoded.

        TemporaryEngineError: The reader could not be started, or the disk is full.
    """
    await _frame(source, into, limits, at="first")
    return into


async def last_frame(source: Path, into: Path, *, limits: VideoLimits = DEFAULT) -> Footage:
    """
    Write the last frame of a video to the RGB PNG file *into*; return that, and its size.

    Raises:
        InputUnusable: There is no frame that could be decoded.

        TemporaryEngineError: The reader could not be started, or the disk is full.
    """
    return _footage(await _frame(source, into, limits, at="last"), into)


async def still(
    source: Path, into: Path, *, at: Moment, quality: int, limits: VideoLimits = DEFAULT
) -> Footage:
    """
    Write a frame of a video to the JPEG file *into*; return that, with the video's measures.

    Args:
        quality: 1 to 95.

    Raises:
        InputUnusable: There is no frame that could be decoded.

        TemporaryEngineError: The reader could not be started, or the disk is full.
    """
    return _footage(await _frame(source, into, limits, at=at, quality=quality), into)


async def _frame(
    source: Path, into: Path, limits: VideoLimits, *, at: Moment, quality: int | None = None
) -> object:
    part = into.with_name(into.name + ".part")
    try:
        answer = await _ask(source, part, limits, at=at, quality=quality)
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


async def _ask(
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
    told = {**asdict(limits), "at": at, "jpeg_quality": quality}
    try:
        answer = await run_script(
            _CHILD,
            *(str(source), str(frame or ""), json.dumps(told)),
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
    """Return the error that tells a caller why his video was not taken."""
    return InputUnusable(f"{FAILED}: {reason}")


def _no_reader() -> TemporaryEngineError:
    why = "this machine could not run the video reader; the attempt can be repeated"
    return TemporaryEngineError(f"{FAILED}: {why}")


def _size_of(source: Path) -> int:
    try:
        return source.stat().st_size
    except OSError:
        raise unusable("there is no such file") from None
