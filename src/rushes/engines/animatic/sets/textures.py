"""Flat textures that are laid onto walls and floors; all are ``(rows, columns, 3)`` uint8 RGB."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.sets.outlook import look_out
from rushes.engines.animatic.sets.shell import as_bytes, grained, plain

_BOOKS: Final = ("#8c2f26", "#33506b", "#80662f", "#3f5c42", "#724c61", "#b29e73", "#26384d")
_TILES: Final = 10
_COOL_LAMP: Final = rgb("#bcd8ff")


def _bytes(colour: Array) -> tuple[int, int, int]:
    red, green, blue = (colour * 255).clip(0, 255).astype(int).tolist()
    return red, green, blue


def tiles(first: Array, second: Array) -> Array:
    """Return a chequered floor."""
    size, count = 64, _TILES
    board = np.indices((count, count)).sum(0) % 2
    cells = np.where(board[..., None] == 1, first, second).astype(F32)
    texture = np.repeat(np.repeat(cells * 255, size, 0), size, 1)
    joint = np.arange(size * count) % size < 2
    texture[joint] *= 0.82
    texture[:, joint] *= 0.82
    return grained(texture.astype(np.uint8), 0.10)


def planks(first: Array, second: Array) -> Array:
    """Return boards that run away from the camera."""
    chance = np.random.default_rng(11)
    columns, rows, count = 960, 640, 14
    texture = np.empty((rows, columns, 3), F32)
    width = columns // count
    for order in range(count):
        left, right = order * width, columns if order == count - 1 else (order + 1) * width
        for part in range(3):
            share = float(chance.uniform(0, 1))
            texture[part * rows // 3 :, left:right] = mix(first, second, share) * 255
            texture[part * rows // 3 : part * rows // 3 + 2, left:right] *= 0.7
        texture[:, left : left + 2] *= 0.6
    grain = enlarge(tile(256, 1.2, 4)[:, :96], columns * 4, rows)[:, ::4]
    texture *= 1 + (grain[:, :columns, None] - 0.5) * 0.25
    return as_bytes(texture)


def carpet(first: Array, second: Array) -> Array:
    texture = plain(first, 400, 640)
    cv2.rectangle(texture, (130, 90), (510, 330), _bytes(second), -1)
    cv2.rectangle(texture, (150, 105), (490, 315), _bytes(mix(first, second, 0.5)), 6)
    return grained(texture, 0.16, beta=1.0)


def stone(first: Array, second: Array) -> Array:
    """Return polished stone with veins."""
    noise = enlarge(tile(256, 1.6, 5), 900, 600)
    veins = np.exp(-(((noise - 0.5) * 26) ** 2))[..., None]
    texture = mix(first, second, veins * 0.55) * 255
    joint = np.arange(900) % 180 < 2
    texture[:, joint] *= 0.9
    texture[np.arange(600) % 150 < 2] *= 0.9
    return as_bytes(texture)


def concrete(first: Array, second: Array) -> Array:
    texture = grained(plain(first, 500, 800), 0.14, beta=1.1)
    return cv2.addWeighted(texture, 0.9, plain(second, 500, 800), 0.1, 0)


POOL: Final = (0.1, 50 / 600, 0.9, 390 / 600)
"""The water of :func:`pool`: left, top, right and foot, as shares of the texture."""


def pool(first: Array, second: Array) -> Array:
    """Return a basin of clear water with lanes, in a rim of tiles."""
    rim = tiles(mix(first, np.ones(3), 0.3), first)
    texture = cv2.resize(rim, (900, 600), interpolation=cv2.INTER_AREA)
    noise = enlarge(tile(256, 1.3, 8), 900, 600)
    caustic = np.exp(-(((noise - 0.5) * 18) ** 2))[..., None]
    water = np.clip((second + caustic * F32(0.28)) * 255, 0, 255).astype(np.uint8)
    texture[50:390, 90:810] = water[50:390, 90:810]
    for column in (270, 450, 630):
        for row in range(54, 386, 22):
            colour = (235, 90, 70) if (row // 22) % 2 else (245, 245, 245)
            cv2.line(texture, (column, row), (column, row + 14), colour, 5, cv2.LINE_AA)
    cv2.rectangle(texture, (86, 46), (813, 393), (240, 246, 248), 5)
    return texture


FLOORS: Final[dict[str, Callable[[Array, Array], Array]]] = {
    "tiles": tiles,
    "planks": planks,
    "carpet": carpet,
    "stone": stone,
    "concrete": concrete,
    "pool": pool,
}


def plaster(colour: Array) -> Array:
    return grained(plain(colour, 260, 420), 0.06, beta=1.8)


def panelled(colour: Array, dado: Array) -> Array:
    """Return a wall with a darker lower part and a rail."""
    texture = plaster(colour)
    rows = texture.shape[0]
    lower = int(rows * 0.68)
    texture[lower:] = grained(plain(dado, rows - lower, texture.shape[1]), 0.08)
    texture[lower - 4 : lower] = np.clip(dado * 1.4 * 255, 0, 255).astype(np.uint8)
    texture[-8:] = np.clip(dado * 0.6 * 255, 0, 255).astype(np.uint8)
    return texture


def bookcase(columns: int, rows: int, shelves: int, wood: Array) -> Array:
    """Return shelves full of books."""
    chance = np.random.default_rng(5)
    texture = plain(wood * 0.55, rows, columns)
    height = rows // shelves
    backs = [rgb(code) for code in _BOOKS]
    for shelf in range(shelves):
        foot, x = (shelf + 1) * height - 7, 8
        while x < columns - 14:
            width = int(chance.integers(7, 18))
            if chance.random() < 0.06:
                x += width * 2
                continue
            tall = int(height * chance.uniform(0.6, 0.86))
            back = backs[int(chance.integers(len(backs)))] * float(chance.uniform(0.65, 1.15))
            cv2.rectangle(texture, (x, foot - tall), (x + width - 2, foot), _bytes(back), -1)
            band = foot - int(tall * 0.75)
            cv2.line(texture, (x, band), (x + width - 2, band), _bytes(back * 1.5), 1)
            x += width
        texture[foot + 1 : foot + 8] = _bytes(wood)
    for column in range(0, columns, max(90, columns // 5)):
        texture[:, column : column + 7] = _bytes(wood * 0.9)
    return texture


def pane(top: Array, foot: Array, *, bars: int = 2, outside: str = "") -> Array:
    """Return a window: sky, what is outside before it, frame and glazing bars."""
    rows, columns = 240, 200
    share = np.linspace(0, 1, rows, dtype=F32)[:, None, None]
    sky = np.broadcast_to(mix(top, foot, share), (rows, columns, 3))
    texture = as_bytes(sky * 255).copy()
    look_out(texture, outside)
    bar = (236, 232, 224)
    for part in range(1, bars):
        column = columns * part // bars
        cv2.line(texture, (column, 0), (column, rows), bar, 7)
    cv2.line(texture, (0, rows // 2), (columns, rows // 2), bar, 7)
    cv2.rectangle(texture, (0, 0), (columns - 1, rows - 1), bar, 16)
    return texture


def painting(seed: int) -> Array:
    """Return a framed abstract painting."""
    chance = np.random.default_rng(seed)
    rows, columns = 200, 160 if seed % 2 else 240
    texture = plain(np.asarray(chance.uniform(0.5, 0.9, 3)), rows, columns)
    for _ in range(7):
        colour = tuple(int(value) for value in chance.integers(20, 240, 3))
        centre = (int(chance.integers(columns)), int(chance.integers(rows)))
        axes = (int(chance.integers(14, 80)), int(chance.integers(10, 60)))
        turn = float(chance.uniform(0, 180))
        cv2.ellipse(texture, centre, axes, turn, 0, 360, colour, -1, cv2.LINE_AA)
    texture = blur(texture, 1.0)
    cv2.rectangle(texture, (0, 0), (columns - 1, rows - 1), (70, 52, 30), 18)
    cv2.rectangle(texture, (9, 9), (columns - 10, rows - 10), (190, 158, 92), 4)
    return texture


def facade(
    columns: int, rows: int, wall: Array, *, lit: float, lamp: Array, glass: Array, seed: int
) -> Array:
    """
    Return the front of a house with rows of windows and a shop at street level.

    Args:
        lit: Share of the windows that are lit from within.
    """
    chance = np.random.default_rng(seed)
    texture = grained(plain(wall, rows, columns), 0.10, seed=seed)
    shop = int(rows * 0.80)
    step_x, step_y = int(chance.integers(44, 64)), int(chance.integers(50, 70))
    width, height = int(step_x * 0.55), int(step_y * 0.6)
    frame, bar = _bytes(wall * 1.25), _bytes(wall * 0.6)
    for top in range(14, shop - height, step_y):
        for left in range(16, columns - width - 8, step_x):
            is_lit = chance.random() < lit
            shade = float(chance.uniform(0.55, 1.0)) if is_lit else float(chance.uniform(0.7, 1.1))
            cool = mix(lamp, _COOL_LAMP * float(lamp.max()), 0.75 if chance.random() < 0.2 else 0.0)
            colour = (cool if is_lit else glass) * shade
            cv2.rectangle(
                texture, (left - 3, top - 3), (left + width + 3, top + height + 4), frame, -1
            )
            cv2.rectangle(texture, (left, top), (left + width, top + height), _bytes(colour), -1)
            middle = left + width // 2
            cv2.line(texture, (middle, top), (middle, top + height), bar, 2)
    texture[shop - 6 : shop] = _bytes(wall * 1.35)
    awning = np.asarray(chance.uniform(0.25, 0.85, 3))
    window = lamp * 0.72 if lit > 0.2 else mix(glass * 0.8, wall, 0.25)
    _shop_window(texture, (14, shop + 22, columns - 60, rows - 14), window, chance)
    cv2.rectangle(texture, (columns - 52, shop + 22), (columns - 18, rows), _bytes(wall * 0.5), -1)
    for order, left in enumerate(range(8, columns - 8, 22)):
        stripe = awning if order % 2 else mix(awning, np.ones(3), 0.7)
        cv2.rectangle(
            texture, (left, shop), (min(left + 22, columns - 8), shop + 20),
            _bytes(stripe * (0.35 + 0.65 * float(wall.max()))), -1,
        )  # fmt: skip
    return texture


def _shop_window(
    texture: Array, box: tuple[int, int, int, int], light: Array, chance: np.random.Generator
) -> None:
    """Paint a shop window with goods before a lit wall."""
    left, top, right, foot = box
    rows = np.linspace(1.0, 0.62, max(1, foot - top), dtype=F32)[:, None, None]
    texture[top:foot, left:right] = np.clip(light * rows * 255, 0, 255).astype(np.uint8)
    x = left + 6
    while x < right - 14:
        wide, tall = int(chance.integers(8, 20)), int((foot - top) * chance.uniform(0.25, 0.7))
        # Against a lit wall the goods are dark; only some have a colour.
        goods = mix(light * float(chance.uniform(0.3, 0.6)), chance.uniform(0.2, 0.8, 3), 0.22)
        end = min(x + wide, right)
        cv2.rectangle(texture, (x, foot - tall), (end, foot), _bytes(goods), -1)
        if tall > (foot - top) * 0.42 and end - x > 9:
            head = (x + (end - x) // 2, foot - tall - 5)
            cv2.circle(texture, head, 5, _bytes(goods), -1, cv2.LINE_AA)
        x += wide + int(chance.integers(8, 40))
    for bar in range(left, right + 1, 56):
        cv2.line(texture, (bar, top), (bar, foot), _bytes(light * 0.3), 3)
