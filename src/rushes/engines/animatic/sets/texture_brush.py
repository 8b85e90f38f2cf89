"""Draw onto textures by colour codes: rectangles and strokes, also on what one can see through."""

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.sets.shell import as_bytes

Colour = tuple[int, int, int]


def tone(colour: Array) -> Colour:
    red, green, blue = as_bytes(colour * 255).tolist()
    return red, green, blue


def tone_of(code: str) -> Colour:
    return tone(rgb(code))


def see_through(rows: int, columns: int) -> Array:
    """Return a texture through which the wall is seen."""
    return np.zeros((rows, columns, 4), np.uint8)


def block(texture: Array, sides: tuple[int, int, int, int], code: str, edge: str = "") -> None:
    """Fill a rectangle of left, top, right, foot; *edge* is the colour of its outline."""
    left, top, right, foot = sides
    more = (255,) * (texture.shape[2] - 3)
    cv2.rectangle(texture, (left, top), (right, foot), (*tone_of(code), *more), -1)
    if edge:
        cv2.rectangle(texture, (left, top), (right, foot), (*tone_of(edge), *more), 3)


def oval(
    texture: Array, centre: tuple[int, int], axes: tuple[int, int], code: str, px: int = -1
) -> None:
    """Draw an ellipse; *px* is how thick its outline is, -1 fills it."""
    more = (255,) * (texture.shape[2] - 3)
    cv2.ellipse(texture, centre, axes, 0, 0, 360, (*tone_of(code), *more), px, cv2.LINE_AA)


def stroke(
    texture: Array, first: tuple[int, int], last: tuple[int, int], code: str, px: int
) -> None:
    more = (255,) * (texture.shape[2] - 3)
    cv2.line(texture, first, last, (*tone_of(code), *more), px, cv2.LINE_AA)


def fill(texture: Array, corners: list[tuple[int, int]], code: str) -> None:
    """Fill a polygon."""
    more = (255,) * (texture.shape[2] - 3)
    cv2.fillPoly(texture, [np.array(corners)], (*tone_of(code), *more), cv2.LINE_AA)


def write(texture: Array, text: str, place: tuple[int, int], scale: float, code: str) -> None:
    """Write capital letters; *place* is the lower left corner of the first one."""
    colour = (*tone_of(code), *((255,) * (texture.shape[2] - 3)))
    thick = max(2, round(2 * scale))
    cv2.putText(texture, text, place, cv2.FONT_HERSHEY_DUPLEX, scale, colour, thick, cv2.LINE_AA)
