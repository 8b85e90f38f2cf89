"""Still pictures in and out: keyframes read, thumbnails and last frames written."""

from pathlib import Path

import cv2

from rushes.core.errors import InputUnusable
from rushes.engines.video.frames import Array


def read_picture(path: Path) -> Array:
    """
    Return a picture as ``(height, width, 3)`` uint8 RGB.

    Raises:
        InputUnusable: It is not a picture that can be read.
    """
    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise InputUnusable(f"{path.name} cannot be read as a picture; it should be an RGB PNG")
    return cv2.cvtColor(found, cv2.COLOR_BGR2RGB)


def write_jpeg(picture: Array, path: Path, *, quality: int) -> None:
    """Write ``(height, width, 3)`` uint8 RGB; raises ``OSError`` if the disk will not take it."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    done, content = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), settings)
    if not done:
        raise OSError(f"{path.name} could not be encoded")
    path.write_bytes(content.tobytes())
