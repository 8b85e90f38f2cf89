"""A picture of characters, two pixels in each: for any terminal that has colours."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from PIL import Image
from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

_HALF: Final = "▀"
WIDEST: Final = 72
_HIGHEST: Final = 24
_LEFT_FREE: Final = 6
"""Lines of the terminal that a picture leaves to what is above and below it."""


def room_for(
    size_px: tuple[int, int], console: Console, *, widest: int = WIDEST
) -> tuple[int, int]:
    """Return the columns and lines that a picture of this size gets; a cell is 1 by 2."""
    width, height = size_px
    columns = min(console.width - 1, widest)
    lines = max(1, round(columns * height / width / 2))
    most = max(1, min(console.height - _LEFT_FREE, _HIGHEST))
    if lines > most:
        columns, lines = max(1, round(most * 2 * width / height)), most
    return columns, lines


class Blocks:
    """A picture that rich can print, in as many colours as the terminal has."""

    def __init__(self, image: Image.Image, columns: int, lines: int) -> None:
        small = image.convert("RGB").resize((columns, lines * 2), Image.Resampling.BOX)
        pixels = small.tobytes()
        rows = [pixels[i : i + columns * 3] for i in range(0, len(pixels), columns * 3)]
        self._segments = [
            segment
            for above, below in zip(rows[::2], rows[1::2], strict=True)
            for segment in _line(above, below)
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._segments


def _line(above: bytes, below: bytes) -> Iterator[Segment]:
    pairs = (above[i : i + 3] + below[i : i + 3] for i in range(0, len(above), 3))
    for both, run in groupby(pairs):  # what is alike is said once
        style = Style(color=_colour(both[:3]), bgcolor=_colour(both[3:]))
        yield Segment(_HALF * len(list(run)), style)
    yield Segment.line()


def _colour(rgb: bytes) -> Color:
    return Color.from_rgb(*rgb)
