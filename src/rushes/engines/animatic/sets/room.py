"""Describe one kind of room: its shape, colours, windows and furniture."""

from dataclasses import dataclass, field, replace
from typing import Final

from rushes.engines.animatic.sets.eye_level import EyeLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The back wall of a room, in shares of the frame; all walls meet the frame's corners."""

    left: float
    top: float
    right: float
    bottom: float
    far: float = 0.3
    """Nearness of the back wall."""

    near: float = 0.62
    """Nearness at the frame's edge."""

    def seen_from(self, level: EyeLevel) -> "Box":
        """Return it as it looks when the horizon is elsewhere."""
        return replace(self, top=level.row(self.top), bottom=level.row(self.bottom))

    def mirrored(self) -> "Box":
        """Return it as seen in a mirror."""
        return replace(self, left=1 - self.right, right=1 - self.left)


WIDE: Final = Box(left=0.2, top=0.15, right=0.8, bottom=0.66)
DEEP: Final = Box(left=0.36, top=0.3, right=0.64, bottom=0.6)
LOFTY: Final = Box(left=0.24, top=0.02, right=0.76, bottom=0.62)
BROAD: Final = Box(left=0.08, top=0.08, right=0.92, bottom=0.6)
"""A hall whose back wall fills most of the frame."""


Furniture = tuple[str, float, float]
"""Name of the art, place across the back wall (0.0 to 1.0), height as a share of the wall."""

Fitting = tuple[str, str, float, float, float, float]
"""
A painted picture that lies on a wall: its name, which wall, and four shares of that wall.

On the wall ``back``, and on a ``stand`` before it: left, right, top, foot. On ``left``, ``right``
and ``sides``, which is both: first and last depth, top, foot. On ``floor`` and ``ceiling``: left,
right, first and last depth.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What makes one kind of room."""

    wall: str
    side: str
    floor: str
    floor_colours: tuple[str, str]
    box: Box = WIDE
    dado: str | None = None
    windows: int = 1
    """On the side wall from which the light comes; 0 for none."""

    back_window: bool = False
    shelves: int = 0
    """Rows of books that cover the back wall."""

    side_shelves: bool = False
    paintings: int = 0
    polish: float = 0.0
    """How strongly the floor mirrors the room and who stands on it."""

    gloss: float = 0.0
    """How strongly the floor mirrors the room alone, which costs nothing for each frame."""

    furniture: tuple[Furniture, ...] = ()
    hung: tuple[tuple[str, float, float, float], ...] = ()
    """Art on the wall: name, place across, foot and height as shares of the wall."""

    doors: int = 0
    """Along the side walls."""

    lamps: int = 1
    """Lit at night, under the ceiling."""

    surface: str = ""
    """What the walls are made of, one of ``SURFACES``; empty: plaster."""

    ceiling: str = ""
    """Colour of the ceiling; empty: a pale tone of the walls."""

    fittings: tuple[Fitting, ...] = ()
    """Painted before the furniture, the first one behind the others."""

    clear: float = 0.0
    """Depth before which nobody stands, 0.0 at the back wall: there are tracks or benches."""

    art: tuple[tuple[str, float, float, float], ...] = ()
    """Art on the floor: name, place across, depth, height as a share of the wall."""

    extra: tuple[str, ...] = field(default=())
    has_counter: bool = True
    """Whether a counter fits in front of who works there."""

    @property
    def has_window(self) -> bool:
        """Whether one can look out of it."""
        glazed = any(fitting[0] in _GLAZED for fitting in self.fittings)
        return self.windows > 0 or self.back_window or glazed


_GLAZED: Final = frozenset(
    {"high_windows", "stained_glass", "stars", "glass_wall", "airport_glass", "round_window"}
    | {"station_glass"}
)
"""Fittings with panes."""
