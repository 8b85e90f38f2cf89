"""Draw text on a picture with the fonts of OpenCV: Latin, Cyrillic, Greek, Arabic, CJK."""

import unicodedata
from functools import cache
from typing import Final

import cv2

from rushes.engines.video.frames import Array

Colour = tuple[int, int, int]
"""RGB."""

_PLAIN: Final = "uni"
_BOLD: Final = "sans"
_LINE: Final = 1.35
"""The distance of lines, in sizes of the letters."""

_SMALLEST_PX: Final = 7


@cache
def _font(name: str) -> cv2.FontFace:
    return cv2.FontFace(name)


def shown(text: str) -> str:
    """Return the text without characters that no font draws: control characters, surrogates."""
    return "".join(
        " " if one.isspace() else one
        for one in text
        if one.isspace() or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


def size_px(wanted: float) -> int:
    """Return the nearest size of letters that can be drawn."""
    return max(_SMALLEST_PX, round(wanted))


def width_of(text: str, size: int, *, bold: bool = False) -> int:
    """Return how many pixels wide a line is."""
    if not text:
        return 0
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(_BOLD if bold else _PLAIN), size)
    return int(width)


def draw(
    picture: Array, text: str, at: tuple[int, int], size: int, colour: Colour, *, bold: bool = False
) -> None:
    """Draw one line into ``(height, width, 3)`` or ``(height, width)`` uint8, *at* its baseline."""
    if text:
        cv2.putText(picture, text, at, colour, _font(_BOLD if bold else _PLAIN), size)


def cut(text: str, size: int, room: int) -> str:
    """Return the text, shortened to *room* pixels with an ellipsis where it is longer."""
    if width_of(text, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + "…", size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def wrapped(text: str, size: int, room: int, lines: int) -> list[str]:
    """Return the text in at most *lines* lines of *room* pixels; the last may be cut."""
    done: list[str] = []
    left = text.strip()
    while left and len(done) < lines - 1:
        line = _first_line(left, size, room)
        done.append(line.rstrip())
        left = left[len(line) :].lstrip()
    if left and lines > 0:
        done.append(cut(left, size, room))
    return done


def _first_line(text: str, size: int, room: int) -> str:
    """Return as much of the text as fits, to the end of a word where there is one."""
    if width_of(text, size) <= room:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle], size) <= room:
            low = middle
        else:
            high = middle - 1
    blank = text.rfind(" ", 0, low + 1)
    return text[: blank + 1] if blank > 0 else text[:low]


def line_px(size: int) -> int:
    return round(size * _LINE)
