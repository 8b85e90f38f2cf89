"""Check a JPEG that a sandboxed process wrote, which may have been taken over."""

import stat
from pathlib import Path
from typing import IO, Final

from rushes.intake.sandbox.runner import Crashed

_BEGINNING: Final = b"\xff\xd8"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Markers of the segment with the size: baseline, extended and progressive."""

_MOST_SEGMENTS: Final = 64


def keep(part: Path, into: Path, *, size_px: tuple[int, int]) -> None:
    """
    Move the file *part* to *into* if it is a JPEG of that width and height.

    Raises:
        Crashed: It is something else.

        OSError: There is no such file, or it could not be moved.
    """
    if not stat.S_ISREG(part.lstat().st_mode):
        raise Crashed
    with part.open("rb") as file:
        if _size(file) != size_px:
            raise Crashed
    part.replace(into)


def _size(file: IO[bytes]) -> tuple[int, int] | None:
    """Return width and height from the header; None if the file is no JPEG."""
    if file.read(2) != _BEGINNING:
        return None
    for _ in range(_MOST_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        length = int.from_bytes(head[2:])
        if head[1] in _FRAMES:
            frame = file.read(5)
            return int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])
        file.seek(max(0, length - 2), 1)
    return None
