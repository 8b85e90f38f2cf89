"""The lit sprites of a picture, drawn once for all copies that look alike."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rushes.core.shot_plan import CastMember, Facing
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.figure import Figure
from rushes.engines.animatic.cast.lighting import Lit, light_up, with_shadow
from rushes.engines.animatic.layers import SceneLight
from rushes.engines.animatic.paint.arrays import Array

Key = tuple[object, ...]
"""What all copies that look alike share."""

_MEMORY: Final = 72 << 20
"""Bytes that the lit sprites of one picture may take."""

_MOST_POSES: Final = 24
_CROWD_POSES: Final = 12
_FEWEST_POSES: Final = 8
_FEWEST_OF_CROWD: Final = 6
"""Poses of people in a crowd for which there is little memory."""

_BUCKET: Final = 1.18
"""Sizes of crowds are rounded to steps of this factor, so that copies share their sprites."""

_MANY: Final = 12
_SHARP_PX: Final = 720
_SIZE_OF_MANY: Final = 0.8
"""In larger frames than that, so many are drawn at this share of their size, to save memory."""

_LOOKS: Final = 6
"""Different people in a crowd; the rest are the same people at another moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What tells one copy of a member from the next."""

    phase: float
    look: int
    size: float
    crowd: bool

    @staticmethod
    def drawn(chance: np.random.Generator, member: CastMember, order: int) -> "Copy":
        """Return the copy that chance makes of a member."""
        phase, size = chance.random(), chance.uniform(0.93, 1.07)
        return Copy(
            phase=float(phase),
            look=order % _LOOKS,
            size=float(size) if member.count > 1 else 1.0,
            crowd=member.count > 1,
        )


_BODIES_WORDS: Final = """
    person-standing: woman-curly-hair man woman-red-hair man-beard woman man-white-hair
    person-walking: woman-curly-hair man woman-red-hair man-beard woman man-white-hair
    person-running: woman-running man-running woman-running man-running
    child: girl boy
    teenager: woman-curly-hair teenager woman-blond-hair man-curly-hair
"""
_BODIES: Final = {
    name.strip(): tuple(bodies.split())
    for name, _, bodies in (line.partition(":") for line in _BODIES_WORDS.strip().splitlines())
}
"""The different bodies of several people of a general name, such as a group of friends."""


_FROM_THE_FRONT: Final = {
    "automobile": "oncoming-automobile",
    "taxi": "oncoming-taxi",
    "police-car": "oncoming-police-car",
    "bus": "oncoming-bus",
    "light-rail": "tram",
    "tram-car": "tram",
    "railway-car": "train",
    "high-speed-train": "train",
}


def drawn_subject(member: CastMember, copy: Copy) -> Subject:
    """Return the subject whose picture a copy is: friends are women and men."""
    bodies = _BODIES.get(member.subject, ()) if copy.crowd else ()
    if bodies:
        return subjects()[bodies[copy.look % len(bodies)]]
    front = _FROM_THE_FRONT.get(member.subject) if member.facing is Facing.CAMERA else None
    return subjects()[front or member.subject]


def size_in_crowd(height_px: float, count: int, short_px: int) -> float:
    """
    Return the height at which one of several copies is drawn.

    Args:
        height_px: At which it is shown.
        short_px: Of the frame, its shorter side.
    """
    drawn_px = _BUCKET ** round(math.log(height_px, _BUCKET))
    return drawn_px * _SIZE_OF_MANY if count >= _MANY and short_px > _SHARP_PX else drawn_px


class Wardrobe:
    """Lit sprites, made when they are first needed and shared by all copies that look alike."""

    def __init__(self, light: SceneLight) -> None:
        self.light = light
        self.poses = _MOST_POSES
        self._figures: dict[Key, Figure] = {}
        self._lit: dict[Key, Lit] = {}

    def figure(self, key: Key, make: Callable[[], Figure]) -> Figure:
        """Return the figure of that key, made if there is none yet."""
        if key not in self._figures:
            self._figures[key] = make()
        return self._figures[key]

    def share_memory(self, block_bytes: Mapping[Key, int]) -> None:
        """
        Choose how many poses a cycle has, so that all of them fit into memory.

        Args:
            block_bytes: Of each figure that changes, the bytes of one of its lit poses.
        """
        total = max(1, sum(block_bytes.values()))
        self.poses = max(_FEWEST_POSES, min(_MOST_POSES, _MEMORY // total))

    def lit(
        self,
        key: Key,
        figure: Figure,
        phase: float,
        dress: "Dress",
        shadow: tuple[Array, float] | None = None,
    ) -> Lit:
        """
        Return the figure at the pose nearest to *phase*.

        Args:
            shadow: A shadow and how far it falls to the right, to be part of the picture.
        """
        most = _MOST_POSES
        if dress.crowd:
            most = _CROWD_POSES if self.poses > _FEWEST_POSES else _FEWEST_OF_CROWD
        poses = min(self.poses, figure.poses, most)
        pose = int(phase * poses) % poses if figure.changes else 0
        name = (key, pose, shadow is not None)
        if name not in self._lit:
            sprite = figure.draw(pose / poses)
            if dress.mirrored:
                sprite = sprite.mirrored()
            light = _own_light(self.light) if dress.glows else self.light
            lit = light_up(sprite, light, haze=dress.haze, blur_px=dress.blur_px)
            if shadow is not None:
                lit = with_shadow(lit, *shadow)
            self._lit[name] = lit
        return self._lit[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What changes a sprite after it is drawn."""

    mirrored: bool
    haze: float
    blur_px: float
    glows: bool
    crowd: bool


def _own_light(light: SceneLight) -> SceneLight:
    """Return the light in which something that shines shows its own colours."""
    return replace(light, ambient=np.ones(3), key=np.ones(3) * 0.4, silhouette=0.0)
