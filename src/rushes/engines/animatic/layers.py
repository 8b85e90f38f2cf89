"""
Share layers between a set and its cast: sorted by distance, with the places of cast members.

A set is a list of layers. Cast members are layers too. The composition sorts all of them by
nearness and draws them in that order, so that what is nearer hides what is farther.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rushes.core.shot_plan import CastMember
from rushes.engines.animatic.paint.arrays import Array, Planes

Window = tuple[float, float, float, float]
"""Left, top, right and foot of a window in the frame."""


class Layer(Protocol):
    """One part of a picture at one distance."""

    @property
    def nearness(self) -> float:
        """0.0 for the sky or the back wall, 1.0 for what is right in front of the lens."""
        ...

    def draw(self, index: int, t: float, planes: Planes) -> None:
        """Draw frame *index*, at *t* of 0 to 1, over whatever the planes hold."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneLight:
    """The light that a set throws on its cast; colours as RGB arrays of 0.0 to 1.0."""

    ambient: Array
    key: Array
    """Colour of the main light; rims take it."""

    key_x: float
    """Where the main light comes from: -1.0 left, 1.0 right."""

    key_y: float
    """0.0 from the horizon, 1.0 from above."""

    haze: Array
    """What distance fades to."""

    silhouette: float = 0.0
    """1.0: against such a light only outlines are seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one cast member stands on the set, in pixels of the resting frame (no camera move)."""

    x_px: float
    """Centre."""

    foot_px: float
    """Row of the feet; for what flies or floats, of the lowest point."""

    px_per_m: float
    nearness: float
    haze: float
    """0.0 clear to 1.0 lost in the distance."""

    shadow: float = 0.5
    """How dark the contact shadow is; 0.0 for what touches nothing."""

    reflection: float = 0.0
    """How strongly the ground mirrors it; 0.0 where a layer of water mirrors it anyway."""

    mirror_ends_px: float = math.inf
    """Row at which the water that mirrors it ends."""

    sunk: float = 0.0
    """Share of its height that is under water; ``foot_px`` is then the row of the surface."""

    blur_px: float = 0.0
    """Out of focus by so much, at 720 px frame height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """
    What a set's cast stands on: a level plane that recedes to the horizon.

    Rows are shares of the frame's height from its top.
    """

    horizon: float
    """Row at which the plane would vanish: the height of the camera's eye."""

    farthest: float
    """Row of the farthest place where something can stand."""

    far_nearness: float = 0.3
    near_nearness: float = 0.62
    """Nearness at the farthest row and at the frame's lower edge."""

    haze: float = 0.5
    """How much of what stands farthest is lost in the distance."""

    shadow: float = 0.5
    reflection: float = 0.0
    is_water: bool = False
    margin: float = 0.0
    """How far the walls reach into the frame at the farthest row, as a share of its width."""

    is_open_water: bool = False
    """The water reaches to the horizon and mirrors what is drawn before it."""

    water_ends: float = 1.0
    """Row at which land begins in front of the water."""

    is_air: bool = False
    """Nothing stands: the cast floats anywhere in the frame, as under water or in space."""

    surface: float | None = None
    """Row on which everything stands, such as a table's; None: the composition chooses."""

    paints_spans: bool = False
    """The set paints mountains and skylines far away itself, behind all that grows on it."""

    window: Window | None = None
    """Left, top, right and foot of a window through which buildings are seen, or None."""

    ceiling: float = 0.06
    """Row above which nothing that stands should reach."""

    def nearness(self, row: float) -> float:
        """Return the nearness of what stands at that row."""
        share = (row - self.farthest) / max(1.0 - self.farthest, 1e-6)
        share = min(max(share, 0.0), 1.2)
        return self.far_nearness + (self.near_nearness - self.far_nearness) * share


class Set(Protocol):
    """A place: its layers, its light, and its ground."""

    @property
    def light(self) -> SceneLight:
        """The light on the cast."""
        ...

    @property
    def ground(self) -> Ground:
        """Where the cast can stand."""
        ...

    @property
    def decor(self) -> Sequence[CastMember]:
        """Cast that furnishes the place, at explicit places."""
        ...

    @property
    def layers(self) -> Sequence[Layer]:
        """The parts of the place itself, in any order."""
        ...

    def finish(self, index: int, t: float, planes: Planes) -> None:
        """Draw what lies over everything: weather in front of the lens, grain, vignette."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A layer made of a function."""

    nearness: float
    paint: Callable[[int, float, Planes], None]
    moves_at: float | None = None
    """
    The nearness with which a layer moves that nothing but the camera or slow changes move.

    Two frames may show it alike. None: it is drawn for each frame.
    """

    def draw(self, index: int, t: float, planes: Planes) -> None:
        self.paint(index, t, planes)
