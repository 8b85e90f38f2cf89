"""A four-legged animal with a drawn body under an artist's head."""

import math
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.art import rasterise
from rushes.engines.animatic.cast.brush import Brush, Colour, Point, colour_of, shade
from rushes.engines.animatic.cast.sprite import Sprite, cropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Coat:
    """What a beast's body looks like; lengths in heights of the animal."""

    fur: str
    legs: str = ""
    belly: str = ""
    tail: str = "short"
    length: float = 0.95
    girth: float = 0.19
    leg: float = 0.42
    head: float = 0.46
    thick: float = 1.0


COATS: Final = MappingProxyType(
    {
        "bear": Coat(fur="#8d6050", girth=0.25, leg=0.36, thick=1.5, length=0.85),
        "polar-bear": Coat(fur="#eceff1", girth=0.25, leg=0.36, thick=1.5, length=0.88),
        "panda": Coat(fur="#f2f2f2", legs="#3b3b3f", girth=0.26, leg=0.33, thick=1.5, length=0.75),
        "lion-beast": Coat(
            fur="#d9a441", tail="tuft", girth=0.19, length=1.0, head=0.56, thick=1.0
        ),
        "fox-beast": Coat(
            fur="#f4631e", legs="#5b3a2a", belly="#fff3e6", tail="bushy", girth=0.16, thick=0.66
        ),
        "wolf-beast": Coat(
            fur="#9a9a9d", legs="#7b7b80", belly="#d7d7da", tail="bushy", girth=0.18, thick=0.8
        ),
        "koala": Coat(fur="#9e9ea2", girth=0.24, leg=0.3, thick=1.2, length=0.6, head=0.56),
        "moose-beast": Coat(
            fur="#6d4a3c", legs="#5a3c31", girth=0.20, leg=0.52, head=0.55, thick=0.8
        ),
        "hamster-beast": Coat(
            fur="#f0a860", belly="#fbe3c2", girth=0.27, leg=0.18, head=0.6, length=0.55
        ),
        "unicorn-beast": Coat(
            fur="#f2f2f6", tail="mane", girth=0.17, leg=0.5, head=0.62, thick=0.8
        ),
        "foal-beast": Coat(fur="#d99a5b", tail="mane", girth=0.16, leg=0.52, head=0.5, thick=0.75),
        "tiger-cub-beast": Coat(fur="#f59b23", tail="thin", girth=0.2, leg=0.34, head=0.54),
        "puppy-beast": Coat(fur="#f3e4d0", tail="thin", girth=0.21, leg=0.3, head=0.6, length=0.7),
        "kitten-beast": Coat(
            fur="#fdb52c", tail="thin", girth=0.19, leg=0.3, head=0.58, length=0.7
        ),
        "calf-beast": Coat(fur="#f2ece6", legs="#d8cfc8", tail="thin", girth=0.22, leg=0.42),
        "piglet-beast": Coat(
            fur="#f7b9ae", tail="thin", girth=0.25, leg=0.26, head=0.54, length=0.75
        ),
        "bunny-beast": Coat(
            fur="#d4d4d8", tail="puff", girth=0.22, leg=0.24, head=0.72, length=0.55
        ),
    }
)
FOLDED: Final = 0.2
"""How high an animal lies on its folded legs, as a share of their length."""

_BESIDE: Final = 1.1
_TALL: Final = 1.5
_LOW: Final = 0.15
_SIDE_HEADS: Final = frozenset({"unicorn-beast", "foal-beast"})
"""Whose head the artist drew from the side, looking left."""


class Beast:
    """Draws one animal at one size; it looks to the right."""

    per_5s: float

    def __init__(self, name: str, art: str, height_px: float, action: Action) -> None:
        self._coat = COATS[name]
        self._name, self._art, self._unit = name, art, height_px
        self._action = action
        self.per_5s = {Action.WALK: 5.0, Action.RUN: 8.0, Action.DANCE: 5.0}.get(action, 2.0)

    def draw(self, phase: float) -> Sprite:
        """Return the animal at a phase of 0.0 to 1.0 of its cycle."""
        unit, coat = self._unit, self._coat
        size = (round(2 * _BESIDE * unit), round((_TALL + _LOW) * unit))
        brush = Brush(*size, origin=(_BESIDE * unit, _TALL * unit), unit_px=unit)
        running = self._action in {Action.RUN, Action.JUMP}
        moving = running or self._action in {Action.WALK, Action.DANCE}
        beat = 2 * math.pi * phase
        pitch = 0.10 * math.sin(beat + 1.4) if running else 0.0
        lift = 0.05 * (1 + math.sin(beat)) if running else 0.008 * math.sin(2 * beat) * moving
        breath = 0.0 if moving else 0.010 * math.sin(beat)
        leg = FOLDED * coat.leg if self._action is Action.SIT else coat.leg
        body = leg + coat.girth * 0.75 + lift
        half = coat.length / 2 - coat.girth
        hip = (-half, body - half * math.sin(pitch))
        chest = (half, body + half * math.sin(pitch) + 0.02 + breath)
        self._tail(brush, hip, phase, moving=moving)
        for pair in (1, 0):
            for front in (False, True):
                root = chest if front else hip
                self._leg(brush, root, phase, pair, front=front, moving=moving, running=running)
            if pair:
                self._body(brush, hip, chest, breath)
        self._head(brush, chest, phase, moving=moving)
        return cropped(brush.pixels, brush.at((0.0, 0.0)))

    def _body(self, brush: Brush, hip: Point, chest: Point, breath: float) -> None:
        coat = self._coat
        fur = colour_of(coat.fur)
        girth = coat.girth + breath
        slim = 0.86 if coat.thick < 1.2 else 1.0
        rump = (hip[0], hip[1] + girth * (1 - slim) * 0.5)
        waist = (0.6 * rump[0] + 0.4 * chest[0], 0.6 * rump[1] + 0.4 * chest[1] + girth * 0.12)
        thin = girth * (0.74 if coat.thick < 1.2 else 0.98)
        brush.limb(rump, waist, girth * slim, thin, fur, rim=0.95)
        brush.limb(waist, chest, thin, girth * 1.04, fur, rim=0.95)
        throat = (chest[0] + girth * 0.75, chest[1] + girth * 0.55)
        brush.limb(chest, throat, girth * 0.86, girth * 0.62, fur, rim=1.0)
        if coat.belly:
            brush.limb(
                (waist[0], waist[1] - thin * 0.66), (chest[0] + 0.06, chest[1] - girth * 0.46),
                girth * 0.12, girth * 0.44, colour_of(coat.belly), rim=0.97)  # fmt: skip
        if self._name == "panda":
            brush.limb(
                (chest[0] - 0.02, chest[1] + girth * 0.4), (chest[0], chest[1] - girth * 0.5),
                girth * 0.42, girth * 0.4, colour_of(coat.legs))  # fmt: skip

    def _leg(
        self,
        brush: Brush,
        root: Point,
        phase: float,
        pair: int,
        *,
        front: bool,
        moving: bool,
        running: bool,
    ) -> None:
        coat = self._coat
        offset = (
            (0.5 * pair + (0.25 if front else 0.0))
            if not running
            else (0.08 * pair + (0.5 if front else 0.0))
        )
        turn = 2 * math.pi * (phase + offset)
        reach = (0.75 if running else 0.42) if moving else 0.0
        swing = reach * math.sin(turn)
        bend = (
            (0.12 + (1.1 if running else 0.75) * max(0.0, math.sin(turn + 1.7)))
            if moving
            else (0.10 if front else 0.32)
        )
        top = (root[0] + (0.05 if pair else -0.02), root[1] - coat.girth * 0.25)
        length = max(top[1] - 0.03, 0.05) if not running else coat.leg + coat.girth * 0.3
        upper, lower = length * 0.52, length * 0.50
        fold = -bend if front else bend * 0.8
        knee = (top[0] + math.sin(swing) * upper, top[1] - math.cos(swing) * upper)
        shin = swing + (fold if front else -fold)
        foot = (knee[0] + math.sin(shin) * lower, max(knee[1] - math.cos(shin) * lower, 0.025))
        tone: Colour = shade(colour_of(coat.legs or coat.fur), 0.78 if pair else 0.97)
        thick = 0.058 * coat.thick
        haunch = shade(colour_of(coat.fur), 0.80 if pair else 0.98)
        if coat.fur in {"#f2f2f2", "#f2ece6"}:  # black and white animals have legs of one colour
            haunch = tone
        brush.limb(knee, foot, thick * 0.9, thick * 0.72, tone, rim=0.92)
        wide = 1.5 if front else 1.9
        brush.limb(top, knee, thick * wide, thick * 0.95, haunch, rim=0.92)
        paw = (foot[0] + 0.03, foot[1] - 0.004)
        brush.limb(foot, paw, thick * 0.75, thick * 0.66, shade(tone, 0.85))

    def _tail(self, brush: Brush, hip: Point, phase: float, *, moving: bool) -> None:
        coat = self._coat
        wag = 0.35 * math.sin(2 * math.pi * phase * (1 if moving else 2))
        fur = colour_of(coat.fur)
        start = (hip[0] - coat.girth * 0.75, hip[1] + coat.girth * 0.3)
        if coat.tail in {"short", "puff"}:
            size = 0.05 if coat.tail == "short" else 0.09
            brush.disc((start[0] - 0.03, start[1]), size, shade(fur, 1.3 if size > 0.06 else 0.9))
            return
        length = {"bushy": 0.42, "mane": 0.42}.get(coat.tail, 0.36)
        points = [start]
        for step in range(1, 7):
            angle = -0.5 - 0.09 * step + wag * step / 6
            points.append(
                (
                    points[-1][0] + math.sin(angle) * length / 6,
                    points[-1][1] - math.cos(angle) * length / 6,
                )
            )
        for index, (one, other) in enumerate(pairwise(points)):
            fat = {
                "bushy": (0.035, 0.06, 0.08, 0.085, 0.07, 0.03),
                "mane": (0.03, 0.045, 0.055, 0.055, 0.045, 0.02),
            }.get(coat.tail, (0.022,) * 6)[index]
            colour = fur
            if coat.tail == "bushy" and index > 4:
                colour = colour_of(coat.belly or coat.fur)
            if coat.tail == "mane":
                colour = colour_of("#e86fb0" if self._name == "unicorn-beast" else "#6b4226")
            brush.limb(one, other, fat, fat, colour, rim=0.9)
        if coat.tail == "tuft":
            brush.disc(points[-1], 0.05, colour_of("#7a4a2a"))

    def _head(self, brush: Brush, chest: Point, phase: float, *, moving: bool) -> None:
        coat = self._coat
        nod = 0.05 * math.sin(2 * math.pi * phase * (2 if moving else 1))
        art = rasterise(self._art, coat.head * self._unit, head=True)
        height, width = art.pixels.shape[:2]
        side = self._name in _SIDE_HEADS
        neck = (chest[0] + coat.girth * 0.45, chest[1] + coat.girth * 0.45)
        if side:
            brush.limb(chest, neck, coat.girth * 0.7, coat.girth * 0.5, colour_of(coat.fur))
        x, y = brush.at((neck[0] + 0.04, neck[1] + 0.02))
        at = (width * (0.75 if side else 0.5), height * (0.80 if side else 0.62))
        flip = -1.0 if side else 1.0
        cosine, sine = math.cos(nod), math.sin(nod)
        turn = np.array([[cosine * flip, -sine], [sine * flip, cosine]])
        shift = np.array([x, y]) - turn @ np.array(at)
        brush.stamp(art.pixels, np.column_stack([turn, shift]))
