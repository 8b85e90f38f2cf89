"""Draw a card: its text, its layout and the running timecode."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import av
import cv2
import numpy as np

from rushes.engines.slate import text
from rushes.engines.slate.h264 import MACROBLOCK_PX
from rushes.engines.video.frames import Array, planes_of

_DARK: Final = (24, 26, 30)
_PANEL: Final = (16, 16, 16)
"""Grey, since the timecode is drawn in luma only."""

_WHITE: Final = (240, 240, 236)
_DIM: Final = (150, 154, 160)
_STRIPES: Final = ((236, 236, 232), (34, 36, 40))
_ACCENT: Final = (255, 196, 61)

_PANEL_LUMA: Final = 30
_DIGIT_LUMA: Final = 235
_DIGITS: Final = "0123456789:"
_LONG: Final = "00:00:00:00"
_SHORT: Final = "00:00"
_MOST_OF_A_PICTURE: Final = 0.35
"""The largest share of a picture that the text strip covers, unless the timecode needs more."""

_MOST_CHARACTERS: Final = 1200
"""No card has room for more of a prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of a card."""

    title: str
    prompt: str
    facts: tuple[tuple[str, str], ...]
    """Names with values, such as ``("model", "ray-2")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The place of the timecode: characters of whole macroblocks, side by side."""

    column: int
    """The column of its first macroblock."""

    row: int
    wide: int
    """Macroblocks across one character."""

    tall: int
    form: str

    def read(self, frame: int, fps: int) -> str:
        """Return the timecode of a frame: hours, minutes, seconds, frames; or the last two."""
        seconds, frames = divmod(frame, fps)
        timecode = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"
        return timecode[-len(self.form) :]

    def macroblocks(self, place: int) -> Iterator[tuple[int, int]]:
        """Yield column and row of each macroblock of the character at *place*."""
        for row in range(self.row, self.row + self.tall):
            for column in range(self.wide):
                yield self.column + place * self.wide + column, row


def clock_for(width: int, height: int) -> Clock:
    """Return the place of the timecode: at the lower left, as large as there is room."""
    rows, columns = height // MACROBLOCK_PX, width // MACROBLOCK_PX
    tall = max(1, round(min(width, height) * 0.06 / MACROBLOCK_PX))
    form = _LONG
    while tall > 1 and _wide(tall) * len(form) > columns - 2:
        tall -= 1
    if _wide(tall) * len(form) > columns:
        form = _SHORT
    margin = 1 if rows > tall + 2 and columns > _wide(tall) * len(form) else 0
    return Clock(column=margin, row=rows - tall - margin, wide=_wide(tall), tall=tall, form=form)


def _wide(tall: int) -> int:
    return max(1, -(-tall * 2 // 3))


@lru_cache(64)
def glyph(character: str, wide: int, tall: int) -> Array:
    """Return a character of the timecode as ``(rows, columns)`` uint8 luma."""
    rows, columns = tall * MACROBLOCK_PX, wide * MACROBLOCK_PX
    drawn = np.zeros((rows, columns), np.uint8)
    size = min(round(rows * 0.86), round(columns * 1.35))
    width = text.width_of(character, size, bold=True)
    at = ((columns - width) // 2, round(rows * 0.5 + size * 0.36))
    text.draw(drawn, character, at, size, (255, 255, 255), bold=True)
    luma = _PANEL_LUMA + drawn.astype(np.uint16) * (_DIGIT_LUMA - _PANEL_LUMA) // 255
    return luma.astype(np.uint8)


def stamp(frame: av.VideoFrame, clock: Clock, shown: str) -> None:
    """Draw a timecode into a frame."""
    y, u, v = planes_of(frame)
    top, bottom = (edge * MACROBLOCK_PX for edge in (clock.row, clock.row + clock.tall))
    left = clock.column * MACROBLOCK_PX
    for character in shown:
        drawn = glyph(character, clock.wide, clock.tall)
        right = left + drawn.shape[1]
        y[top:bottom, left:right] = drawn
        for plane in (u, v):
            plane[top // 2 : bottom // 2, left // 2 : right // 2] = 128
        left = right


def stamped(card: Array, clock: Clock, shown: str) -> Array:
    """Return an RGB card with a timecode, as a decoded frame shows it."""
    done = card.copy()
    top, left = clock.row * MACROBLOCK_PX, clock.column * MACROBLOCK_PX
    characters = [glyph(character, clock.wide, clock.tall) for character in shown]
    luma = np.concatenate(characters, axis=1).astype(np.float32)
    grey = ((luma - 16) * (255 / 219) + 0.5).astype(np.uint8)
    done[top : top + grey.shape[0], left : left + grey.shape[1]] = grey[..., None]
    return done


def drawn(words: Words, size: tuple[int, int], picture: Array | None = None) -> Array:
    """
    Return a card as ``(height, width, 3)`` uint8 RGB, without its timecode.

    Args:
        size: Width and height in pixels.

        picture: Fills the card, and has its size; the text is then in a strip below.
    """
    width, height = size
    clock = clock_for(width, height)
    unit = min(width, height) / 720
    card = np.full((height, width, 3), _DARK, np.uint8) if picture is None else picture.copy()
    top = _strip(card, words, clock, unit, with_prompt=picture is not None)
    if picture is None:
        _board(card[:top], words, unit)
    return card


def _strip(card: Array, words: Words, clock: Clock, unit: float, *, with_prompt: bool) -> int:
    """Draw the strip with the timecode, and the facts above it; return where it begins."""
    height, width = card.shape[:2]
    small, gap = text.size_px(22 * unit), max(3, round(12 * unit))
    facts = "   ".join(f"{name} {value}" for name, value in words.facts)
    lines = text.wrapped(f"{words.title}   {facts}", small, width - 2 * gap, 2)
    if with_prompt and words.prompt:
        lines.insert(0, text.cut(_short(words.prompt), small, width - 2 * gap))
    first = clock.row * MACROBLOCK_PX - gap
    highest = round(height * (1 - _MOST_OF_A_PICTURE)) if with_prompt else gap
    room = max(0, (first - gap - highest) // text.line_px(small))
    lines = lines[:room]
    top = max(0, first - gap - len(lines) * text.line_px(small))
    card[top:] = _PANEL
    card[top : top + max(1, round(3 * unit))] = _ACCENT
    for order, line in enumerate(lines):
        at = (gap, top + gap + order * text.line_px(small) + small)
        text.draw(card, line, at, small, _WHITE if with_prompt and not order else _DIM)
    return top


def _board(board: Array, words: Words, unit: float) -> None:
    """Draw the clapper's stripes and the prompt."""
    height, width = board.shape[:2]
    clapper = min(height // 3, round(90 * unit))
    step = max(8, round(110 * unit))
    light, dark = _STRIPES
    board[:clapper] = dark
    for left in range(-clapper, width + clapper, step):
        corners = [(left, clapper), (left + step // 2, clapper)]
        corners += [(left + step // 2 + clapper, 0), (left + clapper, 0)]
        cv2.fillPoly(board[:clapper], [np.array(corners, np.int32)], light)
    size, gap = text.size_px(44 * unit), max(4, round(36 * unit))
    room = (height - clapper - gap) // text.line_px(size)
    top = clapper + gap
    for line in text.wrapped(_short(words.prompt), size, width - 2 * gap, max(0, room)):
        text.draw(board, line, (gap, top + size), size, _WHITE)
        top += text.line_px(size)


def with_insets(card: Array, pictures: Sequence[tuple[str, Array]]) -> Array:
    """Return the card with small pictures at its upper right, each with its name below."""
    height, width = card.shape[:2]
    side = max(8, min(width, height) // 5)
    gap, small = max(2, side // 12), text.size_px(side / 8)
    left = width - gap - side
    for name, picture in pictures:
        if left < 0:
            break
        scale = side / max(picture.shape[:2])
        rows, columns = (max(1, round(length * scale)) for length in picture.shape[:2])
        place = card[gap : gap + rows, left : left + columns]
        place[:] = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
        card[gap + rows : gap + rows + text.line_px(small), left : left + side] = _PANEL
        at = (left, gap + rows + small)
        text.draw(card, text.cut(name, small, side), at, small, _WHITE)
        left -= side + gap
    return card


def _short(prompt: str) -> str:
    return text.shown(prompt[:_MOST_CHARACTERS])
