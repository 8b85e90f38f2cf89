"""Places on the walls, the floor and the ceiling of a shell, for what lies flat on them."""

from collections.abc import Callable, Mapping
from typing import Final

from rushes.engines.animatic.sets.shell import Point, Shell

Corners = tuple[Point, Point, Point, Point]
"""Upper left, upper right, lower right, lower left, as one who looks at the wall sees them."""


def on_left(shell: Shell, first: float, last: float, top: float, foot: float) -> Corners:
    return (
        shell.deep(0, top, last),
        shell.deep(0, top, first),
        shell.deep(0, foot, first),
        shell.deep(0, foot, last),
    )


def on_right(shell: Shell, first: float, last: float, top: float, foot: float) -> Corners:
    return (
        shell.deep(1, top, first),
        shell.deep(1, top, last),
        shell.deep(1, foot, last),
        shell.deep(1, foot, first),
    )


def on_floor(shell: Shell, left: float, right: float, first: float, last: float) -> Corners:
    return (
        shell.deep(left, 1, first),
        shell.deep(right, 1, first),
        shell.deep(right, 1, last),
        shell.deep(left, 1, last),
    )


def on_back(shell: Shell, left: float, right: float, top: float, foot: float) -> Corners:
    return (
        shell.deep(left, top, 0),
        shell.deep(right, top, 0),
        shell.deep(right, foot, 0),
        shell.deep(left, foot, 0),
    )


def on_ceiling(shell: Shell, left: float, right: float, first: float, last: float) -> Corners:
    return (
        shell.deep(left, 0, last),
        shell.deep(right, 0, last),
        shell.deep(right, 0, first),
        shell.deep(left, 0, first),
    )


def on_stand(shell: Shell, left: float, right: float, top: float, foot: float) -> Corners:
    """Return a place that stands free on the floor before the back wall."""
    return (
        shell.deep(left, top, _STAND),
        shell.deep(right, top, _STAND),
        shell.deep(right, foot, _STAND),
        shell.deep(left, foot, _STAND),
    )


_STAND: Final = 0.14
"""Depth of what stands free."""

WALLS: Final[Mapping[str, tuple[Callable[..., Corners], ...]]] = {
    "back": (on_back,),
    "stand": (on_stand,),
    "left": (on_left,),
    "right": (on_right,),
    "sides": (on_left, on_right),
    "floor": (on_floor,),
    "ceiling": (on_ceiling,),
}
"""Which places a wall of a room's table stands for."""
