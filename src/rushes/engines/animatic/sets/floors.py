"""Paint the ground of an open place: road, track, sand, lawn, roof and playing field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import CastMember, Facing, Plane, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Part
from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.paint.noise import line
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import EyeLevel
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Shell, as_bytes, grained, plain
from rushes.engines.animatic.sets.texture_brush import tone
from rushes.engines.animatic.shot import Shot

_STRIP_ROWS: Final = 64
"""Rows that are mixed at once: as float32 they stay in the processor's cache."""

FLOOR_NEARNESS: Final = (0.4, 0.62)
"""Nearness at a floor's top row and at the frame's lower edge."""


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """What a floor is painted for."""

    shot: Shot
    plan: ShotPlan
    palette: Palette
    level: EyeLevel

    @property
    def horizon(self) -> float:
        """Row of the horizon."""
        return self.level.horizon


class Floor:
    """A level picture from one row down, in the perspective of a horizon."""

    def __init__(self, floor_plan: FloorPlan, top: float, *, near: float | None = None) -> None:
        far, top = FLOOR_NEARNESS[0], floor_plan.level.row(top)
        box = Box(
            left=-1.0, top=-1.0, right=2.0, bottom=top, far=far, near=near or FLOOR_NEARNESS[1]
        )
        self.shell = Shell(floor_plan.shot, box)
        self.mask = np.zeros(self.shell.image.shape[:2], np.uint8)
        self._floor_plan, self._top = floor_plan, top
        self.chance = floor_plan.shot.chance("floor")

    def colour(self, base: Array) -> Array:
        """Return a colour of 0.0 to 1.0 as the daylight shows it."""
        tint = mix(np.ones(3, F32), self._floor_plan.palette.haze, 0.25)
        lit: Array = base * tint * F32(0.25 + 0.75 * self._floor_plan.palette.daylight)
        return lit

    def ground(self, base: Array, *, rough: float, far: float = 0.55) -> None:
        """Cover everything below the top row, paler with distance."""
        shell, palette = self.shell, self._floor_plan.palette
        first = max(0, int(shell.at(0, self._top)[1]))
        rows = shell.canvas.height - first
        noise = shell.canvas.noise((rows + 1) // 2, tile_px=500, seed=5, beta=1.2, squeeze=2.4)
        share = (np.linspace(0, 1, len(noise), dtype=F32) ** 0.6)[:, None, None]
        colour = mix(mix(base, palette.haze, far), base, share)
        body = colour * (1 + (noise[..., None] - 0.5) * F32(2 * rough))
        whole = enlarge(as_bytes(body * 255), shell.canvas.width, rows)
        shell.image[first:] = whole
        edge = np.full(shell.canvas.width, first, F32)
        wave = line(self.chance, shell.canvas.columns * 0.4, beta=1.9)
        edge += (2 + 3 * wave) * F32(shell.px / 720)
        place = np.arange(first, shell.canvas.height, dtype=F32)[:, None]
        self.mask[first:] = as_bytes((place - edge[None]) * 128)

    def strip(
        self, texture: Array, half: float, *, first: float | None = None, x: float = 0.5
    ) -> None:
        """
        Lay a texture that recedes to the horizon.

        Args:
            first: Row of the usual layout at which it begins; None: where the floor does.
            half: Half its width at the frame's lower edge, in frame widths.
            x: Where it meets the frame's lower edge.
        """
        horizon = self._floor_plan.horizon
        start = self._top if first is None else self._floor_plan.level.row(first)
        last = 1.12
        near = (last - horizon) / (1.0 - horizon)
        far = (start - horizon) / (1.0 - horizon)
        corners = tuple(
            (0.5 + (x - 0.5 + side * half) * size, row)
            for side, size, row in (
                (-1, far, start), (1, far, start), (1, near, last), (-1, near, last),
            )
        )  # fmt: skip
        self._quad(corners, texture)

    def band(self, texture: Array, top: float, foot: float) -> None:
        """Lay a texture across the whole frame, between two rows of the usual layout."""
        top, foot = self._floor_plan.level.row(top), self._floor_plan.level.row(foot)
        self._quad(((-0.1, top), (1.1, top), (1.1, foot), (-0.1, foot)), texture)

    def _quad(self, corners: tuple[tuple[float, float], ...], texture: Array) -> None:
        first, second, third, fourth = corners
        self.shell.quad((first, second, third, fourth), texture)
        places = np.array([self.shell.at(*corner) for corner in corners])
        fixed = np.round(places * 16).astype(np.int32)
        cv2.fillPoly(self.mask, [fixed], (255,), cv2.LINE_AA, 4)

    def part(self, view: View) -> Part:
        """Return the layer."""
        return self.shell.layer(view, mask=self.mask)


def _road(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, floor_plan.level.usual + 0.05)
    tar, paint = floor.colour(rgb("#55565a")), floor.colour(rgb("#e9e4d4"))
    yellow = floor.colour(rgb("#e0b23c"))
    if _drives_across(floor_plan.plan):
        texture = grained(plain(tar, 300, 1400), 0.14, beta=1.0)
        texture[:10] = texture[-12:] = as_bytes(floor.colour(rgb("#8c8676")) * 255)
        texture[22:28] = as_bytes(paint * 255)
        for left in range(0, 1400, 150):
            texture[122:132, left : left + 84] = as_bytes(yellow * 255)
        floor.band(texture, 0.76, 1.02)
        return floor.part(view)
    floor.ground(floor.colour(floor_plan.palette.grass * F32(0.9)), rough=0.2)
    texture = grained(plain(tar, 1200, 300), 0.12, beta=1.0)
    for left, right in ((10, 17), (283, 290)):
        texture[:, left:right] = as_bytes(paint * 255)
    for top in range(0, 1200, 100):
        texture[top : top + 52, 146:154] = as_bytes(yellow * 255)
    floor.strip(texture, 0.42)
    return floor.part(view)


def _drives_across(plan: ShotPlan) -> bool:
    """Return whether a vehicle is seen from its side, so that its road crosses the frame."""
    return any(
        subjects()[member.subject].kind == "vehicle" and member.facing is not Facing.CAMERA
        for member in plan.cast
    )


def _railway(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, floor_plan.level.usual + 0.05)
    gravel, wood = floor.colour(rgb("#8d867c")), floor.colour(rgb("#5c4632"))
    steel = floor.colour(rgb("#b9c0c6"))
    texture = grained(plain(gravel, 200, 1800), 0.35, beta=0.9)
    for left in range(0, 1800, 44):
        texture[66:150, left : left + 20] = as_bytes(wood * 255)
    for top in (78, 128):
        texture[top : top + 9] = as_bytes(steel * 255)
        texture[top + 9 : top + 13] = as_bytes(steel * 255 * 0.45)
    floor.band(texture, 0.755, 0.93)
    return floor.part(view)


def _beach(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, BEACH_ROW - 0.05)
    floor.ground(floor.colour(rgb("#e8d3a4")), rough=0.10, far=0.1)
    return _washed(floor, floor_plan, view, foam=0.85)


def _bank(floor_plan: FloorPlan, view: View) -> Part:
    """Return the grassy bank of a lake with a strip of pebbles at the water."""
    floor = Floor(floor_plan, BEACH_ROW - 0.05)
    grass = floor.colour(mix(floor_plan.palette.grass, rgb("#7a8a58"), 0.35))
    floor.ground(grass, rough=0.3, far=0.1)
    shell = floor.shell
    line_px = shell.at(0, floor_plan.level.row(BEACH_ROW))[1]
    rows = np.arange(shell.canvas.height, dtype=F32)[:, None]
    below = (rows - F32(line_px)) / F32(shell.px)
    noise = enlarge(
        shell.canvas.noise(shell.canvas.height // 2, tile_px=390, seed=8, beta=0.8, squeeze=2.2),
        shell.canvas.width,
        shell.canvas.height,
    )
    pebbles = (floor.colour(rgb("#9a958a")) * (0.6 + 0.75 * noise[..., None])) * 255
    share = np.clip(1.15 - (below + (noise - 0.5) * 0.09) / 0.11, 0, 1)[..., None]
    shell.image = as_bytes(shell.image * (1 - share) + pebbles * share)
    return _washed(floor, floor_plan, view, foam=0.35)


def _quay(floor_plan: FloorPlan, view: View) -> Part:
    """Return a paved quay with an edge of stone."""
    floor = Floor(floor_plan, BEACH_ROW)
    stone = floor.colour(rgb("#8f8c88"))
    floor.ground(stone, rough=0.14, far=0.1)
    slabs = grained(plain(stone, 500, 500), 0.14)
    slabs[::84] = slabs[:, ::84] = as_bytes(stone * 255 * 0.72)
    floor.strip(slabs, 2.6, first=BEACH_ROW)
    edge = grained(plain(floor.colour(rgb("#b9b3a8")), 40, 1200), 0.12)
    edge[-10:] = (edge[-10:] * 0.55).astype(np.uint8)
    floor.band(edge, BEACH_ROW - 0.008, BEACH_ROW + 0.018)
    return floor.part(view)


def _washed(floor: Floor, floor_plan: FloorPlan, view: View, *, foam: float) -> Part:
    """Return a shore whose edge is wet and where waves leave *foam*, 0.0 to 1.0."""
    shell = floor.shell
    columns = shell.canvas.columns
    wave = line(floor.chance, columns * 0.22, beta=2.2, lowest=2)
    edge = (shell.at(0, floor_plan.level.row(BEACH_ROW))[1] + wave * 0.035 * shell.px).astype(F32)
    # Sand is wet for some way only; below it stays as it is.
    first, last = int(edge.min() - 0.05 * shell.px), int(edge.max() + 0.35 * shell.px)
    shore = slice(*(min(max(row, 0), shell.canvas.height) for row in (first, last)))
    crest = (0.6 + 0.4 * line(floor.chance, columns, beta=1.1, lowest=9)) * F32(foam)
    white = floor.colour(np.ones(3, F32)) * 255
    rest = np.column_stack([-np.ones(3), rgb("#7d6a4e") - 1, np.ones(3)]).astype(F32)
    added = np.column_stack([white, np.zeros((3, 2))]).astype(F32)
    for start in range(shore.start, shore.stop, _STRIP_ROWS):
        rows = np.arange(start, min(start + _STRIP_ROWS, shore.stop), dtype=F32)[:, None]
        below = (rows - edge[None]) / F32(shell.px)
        lace = np.exp(-((below / 0.008) ** 2)) + 0.6 * np.exp(-(((below - 0.022) / 0.006) ** 2))
        lace = np.clip(lace * crest, 0, foam)
        wet = np.exp(-np.maximum(below, 0) / 0.05) * F32(0.42) * (1 - lace)
        shares = cv2.merge([lace, wet])
        strip = slice(start, start + len(rows))
        kept = cv2.multiply(shell.image[strip], cv2.transform(shares, rest), dtype=cv2.CV_32F)
        shell.image[strip] = cv2.convertScaleAbs(cv2.add(kept, cv2.transform(shares, added)))
        floor.mask[strip] = as_bytes((below + 0.008) * 255 / 0.012)
    floor.mask[: shore.start], floor.mask[shore.stop :] = 0, 255
    return floor.part(view)


BEACH_ROW: Final = 0.72
"""Where the water ends and the sand begins."""


def _lawn(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, floor_plan.level.usual + 0.03)
    grass = floor.colour(mix(floor_plan.palette.grass, rgb("#6a9a3e"), 0.4))
    floor.ground(grass, rough=0.28)
    path = grained(plain(floor.colour(rgb("#cbb58f")), 600, 200), 0.18, beta=1.0)
    path[:, :8] = path[:, -8:] = as_bytes(floor.colour(rgb("#a9b39a")) * 255)
    floor.strip(path, 0.14, x=0.62)
    return floor.part(view)


def _mud(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, floor_plan.level.usual + 0.03)
    mud = floor.colour(rgb("#6a5744"))
    floor.ground(mud, rough=0.5)
    shell = floor.shell
    for _ in range(16):
        y = floor_plan.horizon + 0.06 + 0.4 * float(floor.chance.uniform(0, 1)) ** 1.4
        x, size = float(floor.chance.uniform(0, 1)), (y - floor_plan.horizon) * 0.22
        middle = tuple(round(v) for v in shell.at(x, y))
        axes = (round(size * shell.px), max(1, round(size * 0.2 * shell.px)))
        cv2.ellipse(shell.image, middle, axes, 0, 0, 360, tone(mud * 0.45), -1, cv2.LINE_AA)
        low = (middle[0], middle[1] + max(1, axes[1] // 3))
        cv2.ellipse(shell.image, low, axes, 0, 0, 180, tone(mud * 1.25), 2, cv2.LINE_AA)
    return floor.part(view)


def _roof(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, 0.70)
    felt = floor.colour(rgb("#84807c"))
    floor.ground(felt, rough=0.14, far=0.15)
    slab = grained(plain(felt, 500, 500), 0.12)
    slab[::100] = slab[:, ::100] = as_bytes(felt * 255 * 0.75)
    floor.strip(slab, 2.6, first=0.74)
    wall = grained(plain(floor.colour(rgb("#a59b90")), 60, 1200), 0.10)
    wall[:10] = as_bytes(floor.colour(rgb("#d0c8bd")) * 255)
    wall[-8:] = (wall[-8:] * 0.6).astype(np.uint8)
    floor.band(wall, 0.675, 0.745)
    return floor.part(view)


def _pitch(floor_plan: FloorPlan, view: View) -> Part:
    floor = Floor(floor_plan, 0.62)
    light, dark = floor.colour(rgb("#5fa845")), floor.colour(rgb("#4c9438"))
    floor.ground(dark, rough=0.1, far=0.1)
    stripes = np.repeat(np.stack([light, dark] * 8), 60, 0) * 255
    texture = np.repeat(as_bytes(stripes)[:, None], 900, 1)
    white = as_bytes(floor.colour(np.ones(3, F32)) * 255)
    chalk = tone(floor.colour(np.ones(3, F32)))
    texture[300:308] = white
    cv2.circle(texture, (450, 304), 130, chalk, 8, cv2.LINE_AA)
    for left in (40, 852):
        texture[:, left : left + 8] = white
    floor.strip(grained(texture, 0.08, beta=1.0), 1.7, first=0.62)
    stand = _stand(floor)
    floor.band(stand, 0.36, 0.60)
    hoarding = plain(floor.colour(rgb("#2d5fa8")), 40, 1200)
    for order, left in enumerate(range(0, 1200, 150)):
        colour = ("#e8e4da", "#c8402f", "#e0b23c", "#2f8f6a")[order % 4]
        hoarding[4:-4, left + 6 : left + 138] = as_bytes(floor.colour(rgb(colour)) * 255)
    floor.band(hoarding, 0.585, 0.625)
    return floor.part(view)


def _stand(floor: Floor) -> Array:
    """Return rows of people who watch."""
    texture = plain(floor.colour(rgb("#4b5568")), 240, 1400)
    for row in range(16, 236, 20):
        texture[row + 12 : row + 17] = as_bytes(floor.colour(rgb("#6d7789")) * 255)
        for column in range(int(floor.chance.integers(0, 12)), 1400, 15):
            if floor.chance.random() < 0.88:
                colour = np.asarray(floor.chance.uniform(0.2, 0.95, 3))
                place = (column, row + 6)
                cv2.circle(texture, place, 5, tone(floor.colour(colour)), -1, cv2.LINE_AA)
                head = (column, row - 2)
                skin = floor.colour(rgb("#d9a87c") * float(floor.chance.uniform(0.5, 1.1)))
                cv2.circle(texture, head, 4, tone(skin), -1, cv2.LINE_AA)
    return blur(texture, 0.8)


FLOORS_LAID: Final[dict[str, Callable[[FloorPlan, View], Part]]] = {
    "road": _road,
    "railway": _railway,
    "beach": _beach,
    "garden": _lawn,
    "battlefield": _mud,
    "roof": _roof,
    "sports_ground": _pitch,
}
SHORES: Final[dict[str, Callable[[FloorPlan, View], Part]]] = {
    "ocean": _beach,
    "lake": _bank,
    "city": _quay,
}
"""The land in front of a water, for a cast that stands."""


def _member(subject: str, x: float, y: float, scale: float = 1.0) -> CastMember:
    return CastMember(subject=subject, plane=Plane.GROUND, x=x, y=y, scale=scale)


DECOR: Final[dict[str, tuple[CastMember, ...]]] = {
    "garden": (
        _member("bush", 0.07, 0.74, 1.2),
        _member("bush", 0.93, 0.75, 1.3),
        _member("cherry-tree", 0.84, 0.70),
        _member("tulip", 0.13, 0.93, 0.9),
        _member("rose", 0.22, 0.86, 0.8),
        _member("sunflower", 0.05, 0.9, 0.45),
        _member("hibiscus", 0.80, 0.90, 0.8),
        _member("tulip", 0.89, 0.96),
        _member("rose", 0.97, 0.90),
    ),
    "beach": (_member("palm-tree", 0.93, 0.77), _member("spiral-shell", 0.12, 0.95, 0.7)),
    "battlefield": (
        _member("fire", 0.84, 0.73, 1.1),
        _member("fire", 0.27, 0.70, 0.9),
        _member("shield", 0.9, 0.93, 0.8),
    ),
    "railway": (_member("vertical-traffic-light", 0.93, 0.77, 1.2),),
    "road": (),
    "roof": (_member("satellite-antenna", 0.9, 0.76, 1.0),),
    "sports_ground": (_member("goal-net", 0.5, 0.66, 1.0),),
}
"""Cast that furnishes a place; it is drawn where the plan's own cast leaves room."""
