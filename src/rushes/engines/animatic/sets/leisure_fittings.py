"""Paint what stands in museums, aquariums, arcades, casinos, cinemas and clubs."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.sets.shell import as_bytes, plain
from rushes.engines.animatic.sets.texture_brush import (
    block,
    fill,
    oval,
    see_through,
    stroke,
    tone,
    tone_of,
    write,
)

_GAUDY: Final = ("#e0323c", "#2f8fd0", "#f6c53a", "#4fae5a", "#a94fd0", "#f0762f")


def _dinosaur() -> Array:
    """Return the skeleton of a dinosaur on its plinth, behind a rope."""
    texture = see_through(420, 620)
    bone, dark = "#f1e6c9", "#8f8262"
    block(texture, (0, 0, 619, 371), "#5d4a3f", "#a98a5c")
    block(texture, (20, 372, 600, 419), "#6b6258", "#4a433b")
    spine = [
        (40, 210),
        (110, 180),
        (190, 168),
        (270, 160),
        (340, 150),
        (400, 120),
        (440, 80),
        (470, 62),
    ]
    for first, last in pairwise(spine):
        stroke(texture, first, last, dark, 20)
        stroke(texture, first, last, bone, 14)
    for order in range(9):
        left = 210 + 22 * order
        cv2.ellipse(
            texture,
            (left, 168),
            (16, 84 - 4 * abs(order - 4)),
            0,
            10,
            170,
            (*tone_of(bone), 255),
            8,
            cv2.LINE_AA,
        )
    for hip, knee, foot in (
        ((230, 190), (206, 280), (236, 368)),
        ((262, 190), (290, 284), (268, 368)),
        ((360, 190), (396, 240), (380, 276)),
    ):
        stroke(texture, hip, knee, bone, 18)
        stroke(texture, knee, foot, bone, 14)
        stroke(texture, foot, (foot[0] + 40, foot[1]), bone, 10)
    fill(texture, [(450, 40), (520, 26), (592, 58), (596, 84), (470, 96)], bone)
    fill(texture, [(476, 104), (586, 100), (580, 118), (480, 124)], bone)
    oval(texture, (506, 56), (13, 11), "#3a3328")
    for left in range(484, 590, 16):
        fill(texture, [(left, 90), (left + 12, 90), (left + 6, 106)], "#fffaf0")
    return texture


def _display_case() -> Array:
    """Return a glass case with a vase on a plinth."""
    texture = see_through(360, 170)
    block(texture, (18, 226, 152, 359), "#5b4a3c", "#3a2f26")
    block(texture, (22, 40, 148, 226), "#cfe3ea", "#8fa6b0")
    fill(
        texture,
        [(64, 206), (50, 150), (74, 112), (72, 88), (98, 88), (96, 112), (120, 150), (106, 206)],
        "#c0673a",
    )
    stroke(texture, (56, 150), (114, 150), "#3a1f14", 9)
    stroke(texture, (34, 60), (34, 200), "#ffffff", 6)
    block(texture, (50, 250, 120, 274), "#e0c878")
    return texture


def _fish_tank() -> Array:
    """Return a wall of glass with blue water, fish, corals and a ray of light."""
    share = np.linspace(0, 1, 420, dtype=F32)[:, None, None]
    water = mix(rgb("#4fc3e8"), rgb("#0b3f78"), share)
    texture = as_bytes(np.broadcast_to(water, (420, 900, 3)) * 255).copy()
    chance = np.random.default_rng(21)
    for left in range(60, 900, 170):
        rays = texture.copy()
        fill(rays, [(left, 0), (left + 50, 0), (left - 20, 420), (left - 130, 420)], "#a9ecff")
        texture = cv2.addWeighted(rays, 0.22, texture, 0.78, 0)
    for left in range(-20, 920, 60):
        tall = int(chance.integers(40, 120))
        code = ("#f0768a", "#f6a53a", "#a94fd0", "#4fae7a", "#e0c878")[int(chance.integers(5))]
        for lean in (-26, -9, 9, 26):
            stroke(texture, (left, 420), (left + lean, 420 - tall), code, 13)
    block(texture, (0, 396, 899, 419), "#d9c48a")
    for _ in range(26):
        x, y = int(chance.integers(40, 860)), int(chance.integers(40, 320))
        long = int(chance.integers(16, 42))
        code = _GAUDY[int(chance.integers(6))]
        turn = 1 if chance.random() < 0.5 else -1
        oval(texture, (x, y), (long, round(0.5 * long)), code)
        fill(
            texture,
            [
                (x - turn * long, y),
                (x - round(1.6 * turn * long), y - long // 2),
                (x - round(1.6 * turn * long), y + long // 2),
            ],
            code,
        )
        stroke(texture, (x, y - long // 3), (x, y + long // 3), "#ffffff", max(2, long // 8))
        oval(texture, (x + round(0.55 * turn * long), y - long // 8), (3, 3), "#10202c")
    oval(texture, (640, 120), (150, 34), "#5f7f96")
    fill(texture, [(500, 120), (440, 80), (452, 160)], "#5f7f96")
    fill(texture, [(620, 92), (660, 50), (676, 96)], "#5f7f96")
    oval(texture, (750, 112), (5, 5), "#10202c")
    for left in (0, 292, 586, 884):
        block(texture, (left, 0, left + 15, 419), "#16283a")
    return texture


def _arcade_cabinets() -> Array:
    """Return a row of arcade machines with lit screens."""
    texture = see_through(400, 900)
    names = ("PLAY", "RACE", "NINJA", "SPACE", "PUNCH", "BOOM")
    for order in range(6):
        left, code = 8 + 150 * order, _GAUDY[order]
        block(texture, (left, 30, left + 130, 399), code, "#15101f")
        block(texture, (left + 8, 38, left + 122, 84), "#fff3b0", "#15101f")
        write(texture, names[order], (left + 18, 74), 0.9, "#b01f4a")
        block(texture, (left + 14, 100, left + 116, 208), "#0c1430", "#15101f")
        chance = np.random.default_rng(order)
        for _ in range(14):
            x, y = left + 22 + int(chance.integers(80)), 108 + int(chance.integers(84))
            block(
                texture,
                (x, y, x + 9, y + 9),
                ("#5ff2c8", "#ff5fae", "#ffe14f", "#5fb8ff")[order % 4],
            )
        fill(
            texture, [(left, 222), (left + 130, 222), (left + 138, 262), (left - 8, 262)], "#2a2438"
        )
        stroke(texture, (left + 40, 246), (left + 34, 218), "#d8d8e0", 6)
        oval(texture, (left + 34, 214), (10, 10), "#ff3b3b")
        for button in range(3):
            oval(
                texture,
                (left + 72 + 20 * button, 242),
                (7, 7),
                ("#ffe14f", "#5fb8ff", "#5ff28a")[button],
            )
        block(texture, (left + 48, 300, left + 82, 350), "#2a2438", "#ffd24f")
    return texture


def _slot_machines() -> Array:
    """Return a row of gambling machines with their reels."""
    texture = see_through(400, 900)
    for order in range(6):
        left = 8 + 150 * order
        block(
            texture, (left + 6, 60, left + 124, 399), ("#a01f3a", "#7a1f8a")[order % 2], "#3a0f18"
        )
        cv2.ellipse(
            texture,
            (left + 65, 66),
            (60, 46),
            0,
            180,
            360,
            (*tone_of("#f6c53a"), 255),
            -1,
            cv2.LINE_AA,
        )
        write(texture, "777", (left + 30, 58), 1.0, "#c0202c")
        block(texture, (left + 16, 92, left + 114, 190), "#fdf8ea", "#d2a94e")
        for reel in range(3):
            x = left + 20 + 32 * reel
            block(texture, (x, 98, x + 28, 184), "#ffffff", "#b9b2a2")
            oval(
                texture,
                (x + 14, 120 + 20 * reel),
                (10, 10),
                ("#d8322c", "#f2c13c", "#4fae5a")[(reel + order) % 3],
            )
            write(texture, "7", (x + 4, 168), 0.8, "#c0202c")
        stroke(texture, (left + 128, 200), (left + 136, 130), "#c6ccd2", 7)
        oval(texture, (left + 136, 124), (11, 11), "#e0323c")
        block(texture, (left + 16, 210, left + 114, 246), "#2a1420", "#d2a94e")
        for button in range(4):
            oval(texture, (left + 32 + 22 * button, 228), (8, 8), "#ffd24f")
    return texture


def _roulette() -> Array:
    """Return a long green table with a roulette wheel and its numbers."""
    texture = see_through(240, 900)
    for left in (60, 800):
        block(texture, (left, 120, left + 40, 239), "#4a2614")
    fill(texture, [(60, 40), (840, 40), (890, 128), (10, 128)], "#6b3a1c")
    fill(texture, [(80, 48), (820, 48), (864, 118), (36, 118)], "#15703f")
    oval(texture, (200, 82), (104, 30), "#6b3a1c")
    oval(texture, (200, 80), (90, 25), "#15101a")
    for order in range(18):
        turn = 6.283 * order / 18
        place = (int(200 + 76 * np.cos(turn)), int(80 + 20 * np.sin(turn)))
        oval(texture, place, (9, 4), ("#d8322c", "#26262c")[order % 2])
    oval(texture, (200, 78), (30, 9), "#e0b84c")
    for order in range(12):
        left = 360 + 36 * order
        block(texture, (left, 60, left + 28, 80), ("#c0202c", "#1a1a20")[order % 2], "#f4f4ec")
        block(texture, (left, 86, left + 28, 106), ("#1a1a20", "#c0202c")[order % 2], "#f4f4ec")
    block(texture, (10, 128, 889, 150), "#54290f")
    return texture


def _cinema_screen() -> Array:
    """Return a bright screen with a film on it, between red curtains."""
    texture = see_through(420, 900)
    block(texture, (0, 0, 899, 419), "#1a0c10")
    for left in (*range(0, 110, 22), *range(790, 900, 22)):
        block(texture, (left, 0, left + 21, 419), ("#8c1f2a", "#a32a36")[left // 22 % 2])
    share = np.linspace(0, 1, 340, dtype=F32)[:, None, None]
    sky = mix(rgb("#7fc4f4"), rgb("#ffe7b8"), share)
    texture[30:370, 120:780, :3] = as_bytes(np.broadcast_to(sky, (340, 660, 3)) * 255)
    oval(texture, (620, 150), (44, 44), "#fff8d8")
    fill(
        texture,
        [(120, 330), (290, 150), (420, 300), (540, 190), (780, 340), (780, 369), (120, 369)],
        "#4f7a9a",
    )
    fill(texture, [(120, 369), (120, 320), (360, 290), (780, 330), (780, 369)], "#3f6a4a")
    for top in (10, 372):
        block(texture, (112, top, 788, top + 18), "#0c0608")
    return texture


def _cinema_seats() -> Array:
    """Return two rows of red seats, seen from behind."""
    texture = see_through(200, 1000)
    for top, step, code in ((0, 84, "#7a1a24"), (76, 100, "#9a222e")):
        for left in range(-20 - top // 3, 1000, step):
            block(texture, (left + 8, top + 30, left + step - 10, top + 128), code, "#3f0c12")
            cv2.ellipse(
                texture,
                (left + step // 2 - 1, top + 32),
                (step // 2 - 10, 26),
                0,
                180,
                360,
                (*tone_of(code), 255),
                -1,
                cv2.LINE_AA,
            )
            block(texture, (left - 4, top + 60, left + 10, top + 128), "#2a1210")
    return texture


def _disco_wall() -> Array:
    """Return beams of coloured light and loudspeakers before darkness."""
    texture = plain(rgb("#120a22"), 420, 900)
    for order, left in enumerate(range(60, 900, 112)):
        beam = texture.copy()
        lean = (order % 3 - 1) * 160
        fill(
            beam,
            [(left - 6, 0), (left + 6, 0), (left + lean + 70, 420), (left + lean - 70, 420)],
            ("#ff3fae", "#2ad6ff", "#ffe14f", "#7aff6a")[order % 4],
        )
        texture = cv2.addWeighted(beam, 0.4, texture, 0.6, 0)
    for left in (20, 780):
        for top in (180, 300):
            block(texture, (left, top, left + 100, top + 112), "#1c1c24", "#3a3a46")
            oval(texture, (left + 50, top + 56), (40, 40), "#34343f")
            oval(texture, (left + 50, top + 56), (16, 16), "#0c0c12")
    return texture


def _dj_desk() -> Array:
    """Return a desk with two turntables, lit from within."""
    texture = see_through(220, 520)
    block(texture, (10, 70, 509, 219), "#241640", "#ff3fae")
    for left in range(30, 500, 34):
        tall = 30 + 22 * (left * 7 % 5)
        block(
            texture, (left, 206 - tall, left + 20, 206), ("#2ad6ff", "#ff3fae", "#7aff6a")[left % 3]
        )
    block(texture, (0, 54, 519, 74), "#4a4a5c")
    for x in (120, 400):
        oval(texture, (x, 46), (78, 18), "#15151c")
        oval(texture, (x, 46), (26, 6), "#e0323c")
    block(texture, (220, 30, 300, 56), "#2f2f3c", "#8b8b9c")
    return texture


def _dance_floor() -> Array:
    texture = plain(rgb("#1a1226"), 480, 800)
    chance = np.random.default_rng(23)
    codes = ("#ff3fae", "#2ad6ff", "#ffe14f", "#7a4fff", "#4fe08a")
    for top in range(0, 480, 80):
        for left in range(0, 800, 80):
            colour = rgb(codes[int(chance.integers(5))]) * F32(float(chance.uniform(0.4, 1.0)))
            cv2.rectangle(texture, (left + 4, top + 4), (left + 75, top + 75), tone(colour), -1)
    return texture


LEISURE_FITTINGS: Final[Mapping[str, Callable[[], Array]]] = {
    "dinosaur": _dinosaur,
    "display_case": _display_case,
    "fish_tank": _fish_tank,
    "arcade_cabinets": _arcade_cabinets,
    "slot_machines": _slot_machines,
    "roulette": _roulette,
    "cinema_screen": _cinema_screen,
    "cinema_seats": _cinema_seats,
    "disco_wall": _disco_wall,
    "dj_desk": _dj_desk,
    "dance_floor": _dance_floor,
}
"""Each by its name."""
