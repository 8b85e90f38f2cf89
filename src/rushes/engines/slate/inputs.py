# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# PyAV leaves the parameters of its packets and streams untyped.
"""Read a job's pictures, clips and sound, and place them in a card."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError

from rushes.core.errors import InputUnusable
from rushes.core.frame_placement import layout
from rushes.core.geometry import DEFAULT_RATIO, nearest_ratio
from rushes.core.spec import Reframing
from rushes.engines.video.frames import Array
from rushes.engines.video.joining import first_frame, frame_count_of
from rushes.engines.video.pictures import read_picture
from rushes.engines.video.reading import opened, sound_copier

_AROUND: Final = 58
"""Grey around a source that does not fill its new frame."""


def frames_in(clip: Path | None) -> int:
    """Return how many frames a clip has, and check that its first one decodes; 0 without a clip."""
    if clip is None:
        return 0
    try:
        first_frame(clip)
        return frame_count_of(clip)
    except (FFmpegError, IndexError, StopIteration) as error:
        raise InputUnusable(f"the clip cannot be read: {error}") from error


def nearest(picture: Path | None) -> str:
    """Return the ratio nearest to a picture's; the default without a picture."""
    if picture is None:
        return DEFAULT_RATIO
    rows, columns = read_picture(picture).shape[:2]
    return nearest_ratio(columns, rows)


def laid(picture: Array, size: tuple[int, int], reframing: Reframing) -> Array:
    """Return a picture in its requested place in a grey frame."""
    rows, columns = picture.shape[:2]
    place = layout((columns, rows), size, reframing)
    if place.visible.is_empty:
        raise InputUnusable("nothing of the source would be seen where it is to be placed")
    full, visible = place.full, place.visible
    across, down = full.width / columns, full.height / rows
    matrix = np.array([[across, 0, full.left], [0, down, full.top]], np.float32)
    warped = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR)
    done = np.full_like(warped, _AROUND)
    part = np.s_[
        round(visible.top) : round(visible.bottom), round(visible.left) : round(visible.right)
    ]
    done[part] = warped[part]
    return done


def sound_of(source: Path) -> Callable[[OutputContainer], Callable[[], None]]:
    """Return a function that copies the sound of a video into a file."""

    def added(target: OutputContainer) -> Callable[[], None]:
        container = opened(source)
        stream = container.streams.audio[0]
        copier = sound_copier(target, stream)

        def copy() -> None:
            with container:
                for packet in container.demux(stream):
                    if packet.dts is not None:  # the last packet is empty
                        copier.add(packet)
                copier.finish()

        return copy

    return added
