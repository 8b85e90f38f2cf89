"""Join the parts that the worker made with the clips around them, and take the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.error import FFmpegError

from rushes.core.errors import InputUnusable, ResultUnusable, TemporaryEngineError
from rushes.core.geometry import FPS
from rushes.core.rendered import Rendered, video_files
from rushes.engines.video.encoder import RAW_CRF, VideoFile
from rushes.engines.video.frames import Array, rgb_of
from rushes.engines.video.joining import (
    Mismatch,
    copy_encoded,
    frame_count_of,
    join,
    last_frame,
)
from rushes.engines.video.mp4 import Label, same_file
from rushes.engines.video.pictures import write_jpeg
from rushes.engines.video.watch import Watch

_THUMBNAIL_QUALITY: Final = 88
_LAST_FRAME_QUALITY: Final = 95
_THREADS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The parts of a video in order, and the clips before and after them."""

    parts: Sequence[Path]
    size_px: tuple[int, int]
    label: Label
    earlier: Path | None = None
    later: Path | None = None
    note: str | None = None


def assemble(work: Assembly, folder: Path, watch: Watch) -> tuple[Rendered, ...]:
    """
    Write the files of a generation into *folder* and return them, the video first.

    Clips that were encoded alike are joined as they are. Others, such as an earlier clip of
    another engine, are encoded anew together, at 24 frames a second.

    Raises:
        Stopped: The watch stops the work.

        InputUnusable: A clip around the new part cannot be read.

        ResultUnusable: A part cannot be read.

        TemporaryEngineError: The files could not be written.
    """
    video = folder / "video.mp4"
    try:
        middle, last = _pictures(work.parts)
        clips = [one for one in (work.earlier, *work.parts, work.later) if one is not None]
        if len(clips) == 1:
            clips[0].replace(video)
        else:
            _join(clips, work, video, watch)
        if work.later is not None:
            last = last_frame(work.later)
        write_jpeg(middle, folder / "thumbnail.jpg", quality=_THUMBNAIL_QUALITY)
        write_jpeg(last, folder / "last_frame.jpg", quality=_LAST_FRAME_QUALITY)
        same_file(video, folder / "video_raw.mp4")
        return video_files(
            folder, size_px=work.size_px, duration_s=_duration_s(video), note=work.note
        )
    except (OSError, FFmpegError) as error:
        raise TemporaryEngineError(f"the video could not be made: {error}") from error


def _pictures(parts: Sequence[Path]) -> tuple[Array, Array]:
    """Return the frame in the middle of the parts and their last one."""
    counts = [frame_count_of(part) for part in parts]
    wanted = sum(counts) // 2
    middle: av.VideoFrame | None = None
    last: av.VideoFrame | None = None
    position = 0
    for part in parts:
        with av.open(str(part)) as container:
            for frame in container.decode(video=0):
                middle = frame if position == wanted else middle
                last = frame
                position += 1
    if middle is None or last is None:
        raise ResultUnusable("the worker delivered a video without frames")
    return rgb_of(middle), rgb_of(last)


def _join(clips: Sequence[Path], work: Assembly, video: Path, watch: Watch) -> None:
    try:
        join(clips, video, work.label)
    except (Mismatch, ValueError):
        _encode_anew(clips, work, video, watch)
    except FFmpegError as error:
        raise InputUnusable(f"a clip to continue cannot be read: {error}") from error


def _encode_anew(clips: Sequence[Path], work: Assembly, video: Path, watch: Watch) -> None:
    """Encode all clips as one video; cropped to its size where they have another."""
    file = VideoFile(video, *work.size_px, label=work.label, threads=_THREADS, crf=RAW_CRF)
    try:
        for clip in clips:
            copy_encoded(clip, file, *work.size_px, watch=watch)
        file.close()
    finally:
        file.abandon()


def _duration_s(video: Path) -> float:
    with av.open(str(video)) as container:
        rate = container.streams.video[0].average_rate
    return frame_count_of(video) / float(rate or FPS)
