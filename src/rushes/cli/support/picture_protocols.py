"""Pictures for terminals that show real ones: in the words of kitty, of iTerm2, and as sixels."""

import io
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_CHUNK: Final = 4096
_CELL_PX: Final = (10, 20)
"""What a character is taken to measure where the terminal does not scale the picture itself."""

_SIXEL_COLOURS: Final = 255


def kitty(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return what shows *image* over so many columns and lines, and moves below it.

    Source: sw.kovidgoyal.net/kitty/graphics-protocol; it takes PNG, in parts of 4096 characters.
    """
    data = b64encode(_encoded(image, "PNG")).decode()
    parts = [data[i : i + _CHUNK] for i in range(0, len(data), _CHUNK)]
    first = f"a=T,f=100,q=2,c={columns},r={lines},"
    told = [
        f"\x1b_G{'' if i else first}m={int(i + 1 < len(parts))};{part}\x1b\\"
        for i, part in enumerate(parts)
    ]
    return "".join(told) + "\n"


def iterm2(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return what shows *image* over so many columns and lines, and moves below it.

    Source: iterm2.com/documentation-images.
    """
    data = _encoded(image, "JPEG")
    options = f"inline=1;width={columns};height={lines};size={len(data)}"
    return f"\x1b]1337;File={options}:{b64encode(data).decode()}\x07\n"


def sixel(image: Image.Image, columns: int, lines: int) -> str:
    """
    Return what shows *image* in about so many columns and lines, and moves below it.

    Source: the VT330/VT340 Programmer Reference Manual, chapter 14.
    """
    width, height = columns * _CELL_PX[0], lines * _CELL_PX[1]
    small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    return sixels(small.quantize(_SIXEL_COLOURS)) + "\n"


def sixels(image: Image.Image) -> str:
    """Return an image with a palette, pixel for pixel, as sixels."""
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
    """Yield, for each colour in six rows, where it is: a bit a row, in runs along the columns."""
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
