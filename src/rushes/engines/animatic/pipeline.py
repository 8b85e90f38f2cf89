"""Draws and encodes at once: one thread draws frame after frame while another encodes them."""

import ctypes
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Final

import av

from rushes.engines.animatic.mark import Mark, label
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.paint.picture import Picture
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.encoder import VideoFile
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of, small_rgb_of
from rushes.engines.video.mp4 import Label
from rushes.engines.video.pictures import PREVIEW_PX, write_small_jpeg
from rushes.engines.video.watch import Watch

PREVIEW_EVERY_S: Final = 0.5
_POOLS: Final = ((1280 * 720, 8), (2520 * 1080, 3))
"""Pixels of a frame up to which so many are in flight: the encoder keeps what it looks ahead at."""

_TRIM_AFTER: Final = frozenset({24, 60})
"""Frames after which what making the sprites of a cycle has left is given back."""

_SMALL_POOL: Final = 3
"""Frames in flight of those in 4k: each is 12 MiB."""

_BUILDING: Final = 0.03
"""Share of the progress that is reported while the scene is built."""

Build = Callable[[Callable[[float], None]], Picture]
"""Makes a picture, and reports on the way which share of that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file to be encoded."""

    path: Path
    crf: float
    mark: Mark | None = None
    label: Label = field(default_factory=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What is drawn: a shot's frames, or those of them that are wanted."""

    shot: Shot
    build: Build
    """Makes the picture; takes a tenth of a second, while the encoder opens."""

    indices: range
    keep: frozenset[int] = frozenset()
    """Frames to be handed back."""

    preview: Path | None = None
    """Where a small picture of the frame that is drawn is left, about twice a second."""


@dataclass(frozen=True, slots=True)
class _Slot:
    frame: av.VideoFrame
    planes: Planes


def shoot(take: Take, outputs: Sequence[Output], *, threads: int, watch: Watch) -> dict[int, Array]:
    """
    Draw the take into the files, and return the frames to keep as uint8 RGB.

    Files are made one after the other, and the same frames are drawn for each: an encoder holds
    100 MB and more at 1080p, as much as all that is drawn, so two at once would be too many.

    Progress is reported from 0 to 1, and above 0 from the first part of the scene that is done.

    Raises:
        Stopped: The watch says so; the files are of no use then.

        OSError: A file could not be written (``av.FFmpegError`` is one for such causes).
    """
    kept: dict[int, Array] = {}
    picture: Picture | None = None
    for order, output in enumerate(outputs):
        _return_memory()
        part = watch.part(start=order / len(outputs), end=(order + 1) / len(outputs))
        encoding = _Encoding(take.shot, output, threads)
        encoding.start()
        try:
            picture = picture or _built(take, part)
            _draw(take, picture, encoding, part, kept)
        except BaseException:
            encoding.finish(wanted=False)
            raise
        encoding.finish(wanted=True)
        del encoding  # with its frames, before the next one takes as many
    return kept


def _built(take: Take, watch: Watch) -> Picture:
    picture = take.build(lambda share: watch.progress(_BUILDING * share))
    _return_memory()
    return picture


def _draw(
    take: Take, picture: Picture, encoding: "_Encoding", watch: Watch, kept: dict[int, Array]
) -> None:
    """Draw the take's frames for one file, and keep those to be kept that are not kept yet."""
    next_preview_s = monotonic()
    count = len(take.indices)
    for done, index in enumerate(take.indices):
        watch.progress(_BUILDING + (1 - _BUILDING) * done / count)
        if done in _TRIM_AFTER:
            _return_memory()
        slot = encoding.free.get()
        if slot is None:
            break
        picture.draw(index, take.shot.phase(index), slot.planes)
        if index in take.keep and index not in kept:
            kept[index] = rgb_of(slot.frame)
        if take.preview is not None and monotonic() >= next_preview_s:
            next_preview_s = monotonic() + PREVIEW_EVERY_S
            write_small_jpeg(small_rgb_of(slot.frame, PREVIEW_PX), take.preview)
        encoding.ready.put(slot)


class _Encoding:
    """Encodes the frames that are ready, and frees them."""

    def __init__(self, shot: Shot, output: Output, threads: int) -> None:
        self._thread = threading.Thread(target=self._run, name="animatic-encode", daemon=True)
        self._shot, self._output, self._threads = shot, output, threads
        self._error: BaseException | None = None
        self._wanted = True
        self.free: SimpleQueue[_Slot | None] = SimpleQueue()
        self.ready: SimpleQueue[_Slot | None] = SimpleQueue()
        for _ in range(_in_flight(shot.width_px * shot.height_px)):
            frame = blank_frame(shot.width_px, shot.height_px)
            self.free.put(_Slot(frame, planes_of(frame)))

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            self._encode()
        except BaseException as error:  # noqa: BLE001  # raised again where frames are drawn
            self._error = error
            self.free.put(None)

    def finish(self, *, wanted: bool) -> None:
        """Wait for the end, and raise what went wrong."""
        self._wanted = wanted
        self.ready.put(None)
        self._thread.join()
        if wanted and self._error is not None:
            raise self._error

    def _encode(self) -> None:
        output = self._output
        size = (self._shot.width_px, self._shot.height_px)
        file = VideoFile(
            output.path, *size, label=output.label, threads=self._threads, crf=output.crf
        )
        try:
            while (slot := self.ready.get()) is not None:
                if self._wanted:
                    if output.mark is not None:
                        output.mark.draw(slot.planes)
                    file.write(slot.frame)
                self.free.put(slot)
            if self._wanted:
                file.close()
        finally:
            file.abandon()


def _return_memory() -> None:
    """Give the system back what building the scene took, before encoding takes as much."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def _in_flight(pixels: int) -> int:
    """Return how many frames of that size are in flight."""
    return next((count for most, count in _POOLS if pixels <= most), _SMALL_POOL)
