"""Read keyframes, and write thumbnails and last frames."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from rushes.core.errors import InputUnusable
from rushes.engines.video.frames import Array

PREVIEW_BYTES: Final = 40_000
"""The most that a small picture may have."""

PREVIEW_PX: Final = 480
"""The longer side of a small picture that was larger."""


def read_picture(path: Path) -> Array:
    """
    Return a picture as ``(height, width, 3)`` uint8 RGB.

    Raises:
        InputUnusable: The file is not a readable picture.
    """
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise InputUnusable(f"{path.name} cannot be read as a picture; it should be an RGB PNG")
    return cv2.cvtColor(found, cv2.COLOR_BGR2RGB)


def read_depth(path: Path) -> Array:
    """
    Return a 16-bit grey PNG as ``(height, width)`` float32, 0.0 far to 1.0 near.

    Raises:
        InputUnusable: The file is no such picture.
    """
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if found is None or found.dtype != np.uint16 or found.ndim != 2:
        raise InputUnusable(f"{path.name} is no depth; it should be a 16-bit grey PNG")
    return found.astype(np.float32) / np.float32(65535)


def write_jpeg(picture: Array, path: Path, *, quality: int) -> None:
    """Write ``(height, width, 3)`` uint8 RGB; raises ``OSError`` if it cannot be written."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    done, content = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), settings)
    if not done:
        raise OSError(f"{path.name} could not be encoded")
    path.write_bytes(content.tobytes())


def write_png(picture: Array, path: Path) -> None:
    """Write ``(height, width, 3)`` uint8 RGB; raises ``OSError`` if it cannot be written."""
    done, content = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not done:
        raise OSError(f"{path.name} could not be encoded")
    path.write_bytes(content.tobytes())


def write_small_jpeg(picture: Array, path: Path) -> None:
    """
    Write RGB reduced to ``PREVIEW_PX`` at most, in at most ``PREVIEW_BYTES``.

    The file is replaced as a whole, so that nobody reads a part of it.

    Raises:
        OSError: The disk will not take it.
    """
    partial = path.with_name(f".{path.name}.partial")
    scale = min(1.0, PREVIEW_PX / max(picture.shape[:2]))
    for quality in (75, 60, 45, 30, 15):
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        write_jpeg(small, partial, quality=quality)
        if partial.stat().st_size <= PREVIEW_BYTES:
            break
        scale *= 0.8
    partial.replace(path)


def thumbnail_of(picture: Array, *, longest_px: int = 640) -> Array:
    """Return the picture, reduced to that length at most."""
    scale = min(1.0, longest_px / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
