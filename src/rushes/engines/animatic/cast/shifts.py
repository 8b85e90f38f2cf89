"""Move a figure as a whole: hop, sway, spin, tumble, nod. A phase runs from 0.0 to 1.0."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Where the whole figure is at one moment, relative to its place; lengths in heights."""

    forward: float = 0.0
    up: float = 0.0
    turn: float = 0.0
    """Radians; positive lifts the nose."""

    shear: float = 0.0
    """How far the top leans forward."""

    wide: float = 1.0
    """Width relative to the drawn one; negative shows the other side."""

    tall: float = 1.0


def _sin(phase: float) -> float:
    return math.sin(2 * math.pi * phase)


def sway(p: float) -> Shift:
    """Lean to one side and back."""
    return Shift(shear=0.040 * _sin(p) + 0.012 * _sin(2 * p + 0.3))


def bob(size: float, turn: float) -> Callable[[float], Shift]:
    """Return a motion up and down by *size* heights that turns by *turn* radians."""
    return lambda p: Shift(up=size * _sin(p), turn=turn * _sin(p + 0.27))


def waddle(p: float) -> Shift:
    """Rock from foot to foot."""
    return Shift(up=0.022 * abs(_sin(p)), turn=0.075 * _sin(p))


def hop(p: float) -> Shift:
    """Leap up and come down flat."""
    up = max(0.0, _sin(p))
    squash = 0.10 * max(0.0, -_sin(p)) ** 2
    return Shift(
        up=0.34 * up,
        turn=0.22 * math.cos(2 * math.pi * p) * up,
        tall=1 - squash,
        wide=1 + squash * 0.6,
    )


def bounce(p: float) -> Shift:
    """Shake a little, as on a road."""
    return Shift(up=0.006 * _sin(p) + 0.003 * _sin(2 * p + 0.2), turn=0.005 * _sin(p + 0.3))


def gallop(p: float) -> Shift:
    """Rise and dip with the stride."""
    return Shift(up=0.06 * (0.5 + 0.5 * _sin(p)), turn=0.075 * _sin(p + 0.25))


def dart(p: float) -> Shift:
    """Bob and tilt, as a fish does."""
    return Shift(up=0.03 * _sin(p), turn=0.05 * _sin(p + 0.3))


def leap(p: float) -> Shift:
    """Jump out of the water in an arc."""
    return Shift(
        forward=0.1 * _sin(p),
        up=0.32 * max(0.0, _sin(p)),
        turn=0.5 * math.cos(2 * math.pi * p) * 0.5,
    )


def breathe(p: float) -> Shift:
    """Grow and shrink with the breath."""
    lift = 0.5 + 0.5 * _sin(p)
    return Shift(tall=1 + 0.014 * lift, shear=0.008 * _sin(p + 0.2))


def spin(p: float) -> Shift:
    """Turn about the upright axis."""
    wide = math.cos(2 * math.pi * p)
    return Shift(wide=math.copysign(max(abs(wide), 0.3), wide))


def wheel(p: float) -> Shift:
    """Roll forward once."""
    return Shift(turn=-2 * math.pi * p)


def tumble(p: float) -> Shift:
    """Turn over and drift aside, as a leaf does."""
    return Shift(turn=1.1 * _sin(p), forward=0.35 * _sin(p + 0.25), wide=0.75 + 0.25 * _sin(2 * p))


def twinkle(p: float) -> Shift:
    """Grow and shrink as a star does."""
    size = 1 + 0.08 * _sin(p)
    return Shift(wide=size, tall=size, turn=0.05 * _sin(p + 0.4))


def nod(p: float) -> Shift:
    """Nod slowly."""
    return Shift(turn=0.05 * abs(_sin(p)), tall=1 + 0.012 * _sin(2 * p))


def graze(p: float) -> Shift:
    """Lower the head to the food."""
    return Shift(turn=-0.13 * (0.5 + 0.5 * _sin(p)) - 0.04, tall=1 + 0.012 * _sin(3 * p))


def heave(p: float) -> Shift:
    """Swell and sink."""
    return Shift(up=0.015 * _sin(p), tall=1 + 0.035 * _sin(p))


def lunge(p: float) -> Shift:
    """Thrust forward and draw back."""
    return Shift(forward=0.14 * _sin(p), shear=0.06 * _sin(p))


def beat(p: float) -> Shift:
    """Rock to a beat."""
    return Shift(turn=0.10 * _sin(p), up=0.05 * abs(_sin(p)), shear=0.05 * _sin(p + 0.5))
