"""Draw pictures in terminals: by the protocols of kitty and iTerm2, as sixels, or as characters."""

import io
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

_HALF: Final = "▀"
WIDEST: Final = 72
_HIGHEST: Final = 24
_LEFT_FREE: Final = 6
"""Lines of the terminal that stay free above and below a picture."""


def room_for(
    size_px: tuple[int, int], console: Console, *, widest: int = WIDEST
) -> tuple[int, int]:
    """Return the columns and lines for a picture of this size; a cell is 1 by 2."""
    width, height = size_px
    columns = min(console.width - 1, widest)
    lines = max(1, round(columns * height / width / 2))
    most = max(1, min(console.height - _LEFT_FREE, _HIGHEST))
    if lines > most:
        columns, lines = max(1, round(most * 2 * width / height)), most
    return columns, lines


class Blocks:
    """A picture of coloured characters, two pixels in each, for rich to print."""

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
    for both, run in groupby(pairs):  # equal neighbours share one escape sequence
        style = Style(color=_colour(both[:3]), bgcolor=_colour(both[3:]))
        yield Segment(_HALF * len(list(run)), style)
    yield Segment.line()


def _colour(rgb: bytes) -> Color:
    return Color.from_rgb(*rgb)


_CHUNK: Final = 4096
_CELL_PX: Final = (10, 20)
"""The assumed size of a character where the terminal does not scale the picture itself."""

_SIXEL_COLOURS: Final = 255


def kitty(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return the escape sequence that shows *image* in this area and moves the cursor below it.

    Source: sw.kovidgoyal.net/kitty/graphics-protocol; it takes PNG, in parts of 4096 characters.
    """
    data = b64encode(_encoded(image, "PNG")).decode()
    parts = [data[i : i + _CHUNK] for i in range(0, len(data), _CHUNK)]
    first = f"a=T,f=100,q=2,c={columns},r={lines},"
    commands = [
        f"\x1b_G{'' if i else first}m={int(i + 1 < len(parts))};{part}\x1b\\"
        for i, part in enumerate(parts)
    ]
    return "".join(commands) + "\n"


def iterm2(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return the escape sequence that shows *image* in this area and moves the cursor below it.

    Source: iterm2.com/documentation-images.
    """
    data = _encoded(image, "JPEG")
    options = f"inline=1;width={columns};height={lines};size={len(data)}"
    return f"\x1b]1337;File={options}:{b64encode(data).decode()}\x07\n"


def sixel(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return the escape sequence that shows *image* in about this area and moves the cursor below it.

    Source: the VT330/VT340 Programmer Reference Manual, chapter 14.
    """
    width, height = columns * _CELL_PX[0], lines * _CELL_PX[1]
    small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    return sixels(small.quantize(_SIXEL_COLOURS)) + "\n"


def sixels(image: Image.Image) -> str:
    """Encode an image with a palette as sixels, pixel for pixel."""
    width, height = image.size
    palette = image.getpalette("RGB") or []
    pixels = np.asarray(image)
    parts = [f'\x1bP0;1q"1;1;{width};{height}']
    for index in map(int, np.unique(pixels)):
        red, green, blue = (round(one * 100 / 255) for one in palette[index * 3 : index * 3 + 3])
        parts.append(f"#{index};2;{red};{green};{blue}")
    parts += ["$".join(_band(pixels[top : top + 6])) + "-" for top in range(0, height, 6)]
    return "".join(parts) + "\x1b\\"


def _band(rows: NDArray[np.uint8]) -> Iterator[str]:
    """Yield each colour of six rows: a bit for each row, in runs along the columns."""
    bits = (1 << np.arange(len(rows), dtype=np.uint8))[:, None]
    for index in np.unique(rows):
        masks = np.where(rows == index, bits, 0).sum(axis=0)
        runs = [(int(mask), len(list(run))) for mask, run in groupby(masks)]
        yield f"#{index}" + "".join(_run(chr(63 + mask), times) for mask, times in runs)


def _run(character: str, times: int) -> str:
    return f"!{times}{character}" if times > 3 else character * times


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, kind)
    return out.getvalue()
