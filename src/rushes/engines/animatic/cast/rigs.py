"""
Move drawn art: bend it by fields, and shift and turn it as one.

A field gives displacements over a grid: *u* runs from the nose (0.0) to the tail (1.0), *v* from
the top to the ground; amounts are in heights of the art, positive towards the nose and up.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.shifts import (
    Shift,
    beat,
    bob,
    bounce,
    breathe,
    dart,
    gallop,
    graze,
    heave,
    hop,
    leap,
    lunge,
    nod,
    spin,
    sway,
    tumble,
    twinkle,
    waddle,
    wheel,
)
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import smooth_step

Field = Callable[[Array, Array, float], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """The motion of one kind of art doing one thing."""

    field: Field | None = None
    """None: the art keeps its shape."""

    whole: Callable[[float], Shift] = lambda phase: Shift()
    per_5s: float = 2.0
    """Cycles in five seconds at the usual pace."""

    pivot: float = 0.0
    """Height about which the whole turns: 0.0 the ground, 1.0 the top."""

    overlay: str = ""
    """What is drawn on top: ``wheels``, ``wings``, ``rotor``, ``ferris``, ``sails``."""


def _sin(phase: float) -> float:
    return math.sin(2 * math.pi * phase)


def _wave(places: Array) -> Array:
    return np.sin(2 * np.pi * places)


def _zero(u: Array) -> Array:
    return np.zeros_like(u)


def _walking(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    leg = smooth_step(0.58, 0.98, v)
    turn = p + 1.75 * u
    forward = 0.11 * _wave(turn) * leg
    lift = 0.075 * np.maximum(_wave(turn + 0.27), 0) * leg
    nod = 0.018 * _sin(2 * p) * smooth_step(0.45, 0.05, u) * (1 - leg)
    return forward, lift + nod + 0.010 * _sin(2 * p + 0.1) * (1 - leg)


def _galloping(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    leg = smooth_step(0.50, 0.98, v)
    turn = p + 0.55 * u
    forward = 0.15 * _wave(turn) * leg
    lift = 0.10 * np.maximum(_wave(turn + 0.25), 0) * leg
    mane = 0.025 * _wave(2 * p - v) * smooth_step(0.7, 1.0, u) * (1 - leg)
    return forward, lift + mane


def _swimming(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    tail = u**1.6
    forward = 0.06 * tail * (_wave(p - 0.6 * u) - 0.3) * u
    return forward, 0.075 * _wave(p - 0.75 * u) * (0.12 + tail)


def _crawling(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    return 0.05 * _wave(p - 1.1 * u), 0.035 * np.maximum(_wave(p - 1.1 * u + 0.25), 0) * (
        1 - 0.5 * v
    )


def _writhing(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    free = 1 - 0.85 * smooth_step(0.75, 1.0, v)
    return 0.055 * _wave(p - 1.1 * v) * free, 0.03 * _wave(p - 0.9 * u + 0.2) * free


def _pulsing(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    arms = smooth_step(0.35, 1.0, v)
    squeeze = 0.13 * (u - 0.5) * _sin(p) * (1 - 0.4 * arms)
    return squeeze + 0.06 * _wave(p - 1.2 * v) * arms, 0.05 * _sin(p + 0.25) * arms


def _rustling(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    rustle = 0.014 * _wave(2 * p + 1.7 * u + 1.1 * v) * (1 - v)
    return rustle, 0.008 * _wave(2 * p + 1.3 * u) * (1 - v)


def _fluttering(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    return 0.07 * _wave(2 * p - 1.15 * v) * v**1.2, 0.015 * _wave(2 * p - 1.1 * u) * v


def _streaming(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    """A flag: held at its staff, free at the other end."""
    return 0.02 * _wave(2 * p - 1.2 * u) * u, 0.075 * _wave(2 * p - 1.25 * u) * u


def _burning(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    up = 1 - v
    lick = 0.075 * _wave(2 * p + 1.25 * v) + 0.03 * _wave(3 * p + 2.3 * v + u)
    return lick * up, (0.08 * _sin(3 * p) + 0.05 * _wave(2 * p + 2 * u)) * up**1.3


def _candle(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    flame = smooth_step(0.42, 0.18, v)
    return 0.03 * _wave(3 * p + 2 * v) * flame, 0.025 * _sin(2 * p) * flame


def _twisting(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    return (0.09 * _wave(2 * p + 1.4 * v) + 0.03 * _sin(p)) * (0.3 + 0.7 * (1 - v)), _zero(u)


def _beating_front(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    """Wings spread to both sides, seen from the front: they fold towards the middle."""
    fold = 0.30 * (0.5 + 0.5 * _sin(p))
    side = np.abs(2 * u - 1) ** 1.4
    return (u - 0.5) * 2 * fold * 1.0, 0.16 * _sin(p + 0.1) * side


def _beating_side(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    """Wings raised over the back: they come down and go up again."""
    wing = smooth_step(0.62, 0.05, v)
    down = 0.5 - 0.5 * _sin(p)
    return -0.07 * down * wing, -0.62 * down * np.maximum(0.62 - v, 0) * 1.35


def _winged(u: Array, v: Array, p: float) -> tuple[Array, Array]:
    """A beast with wings on its back: they beat, tail and neck sway."""
    wing = smooth_step(0.52, 0.10, v) * smooth_step(0.22, 0.42, u)
    down = 0.5 - 0.5 * _sin(p)
    tail = smooth_step(0.72, 1.0, u) * (1 - wing)
    forward = -0.05 * down * wing + 0.02 * _wave(p - v) * (1 - wing) * (1 - v)
    return forward, -0.75 * down * np.maximum(0.50 - v, 0) * wing + 0.05 * _sin(p + 0.3) * tail


_STILL: Final = Rig()
_BREATHING: Final = Rig(whole=breathe, per_5s=2.0)
_WADDLING: Final = Rig(whole=waddle, per_5s=4.0)
_HOPPING: Final = Rig(whole=hop, per_5s=4.0)
_ROCKING: Final = Rig(whole=bob(0.02, 0.055), per_5s=1.6, pivot=0.1)
_FLOATING: Final = Rig(whole=bob(0.035, 0.035), per_5s=1.4, pivot=1.0)
_SPINNING: Final = Rig(whole=spin, per_5s=3.0)
_FLYING_CRAFT: Final = Rig(whole=bob(0.03, 0.03), per_5s=1.6, pivot=0.5)
_TALKING: Final = Rig(whole=nod, per_5s=4.0)
_EATING: Final = Rig(whole=graze, per_5s=2.5)
_SITTING: Final = Rig(whole=breathe, per_5s=2.0)
_ON_LEGS: Final = {
    Action.WALK: Rig(field=_walking, per_5s=5.0),
    Action.RUN: Rig(field=_galloping, whole=gallop, per_5s=8.0, pivot=0.5),
    Action.DANCE: Rig(whole=beat, per_5s=5.0),
    Action.WORK: Rig(field=_walking, per_5s=3.0),
    Action.SWIM: Rig(field=_swimming, whole=bob(0.02, 0.04), per_5s=3.0, pivot=0.5),
}
_USUAL: Final = {
    Action.JUMP: _HOPPING,
    Action.DANCE: Rig(whole=beat, per_5s=5.0),
    Action.TALK: _TALKING,
    Action.EAT: _EATING,
    Action.FIGHT: Rig(whole=lunge, per_5s=5.0),
    Action.WAVE: _TALKING,
    Action.SPIN: _SPINNING,
    Action.ROLL: Rig(whole=wheel, per_5s=3.0, pivot=0.5),
    Action.FLOAT: _FLOATING,
    Action.DRIFT: _FLOATING,
    Action.RISE: _FLOATING,
    Action.FALL: Rig(whole=tumble, per_5s=2.0, pivot=0.5),
    Action.SAIL: _ROCKING,
    Action.FLY: _FLYING_CRAFT,
    Action.FLUTTER: Rig(field=_fluttering, per_5s=3.0),
}
"""What anything does, unless its own rig knows better."""

_WHEELED: Final = Rig(whole=bounce, per_5s=13.0, overlay="wheels")
_PARKED: Final = Rig(whole=lambda p: Shift(), per_5s=2.0)
_RAIL: Final = Rig(whole=bounce, per_5s=10.0)

RIGS: Final[Mapping[str, tuple[Rig, Mapping[Action, Rig]]]] = MappingProxyType(
    {
        "still": (_STILL, {}),
        "steam": (_STILL, {}),
        "breathe": (_SITTING, {}),
        "gait": (_BREATHING, _ON_LEGS),
        "gallop": (
            _BREATHING,
            {**_ON_LEGS, Action.WALK: Rig(field=_walking, whole=bob(0.012, 0.02), per_5s=4.0)},
        ),
        "waddle": (_SITTING, {Action.WALK: _WADDLING, Action.RUN: Rig(whole=waddle, per_5s=8.0)}),
        "hop": (_SITTING, {Action.WALK: _HOPPING, Action.RUN: Rig(whole=hop, per_5s=7.0)}),
        "wings": (
            _SITTING,
            {
                Action.WALK: _WADDLING,
                Action.RUN: Rig(whole=waddle, per_5s=8.0),
                Action.FLY: Rig(whole=bob(0.05, 0.03), per_5s=7.0, pivot=0.5, overlay="wings"),
                Action.RISE: Rig(whole=bob(0.05, 0.03), per_5s=7.0, pivot=0.5, overlay="wings"),
                Action.SWIM: _ROCKING,
                Action.FLOAT: _ROCKING,
            },
        ),
        "flap": (
            Rig(field=_beating_front, whole=bob(0.05, 0.05), per_5s=9.0, pivot=0.5),
            {Action.STAND: Rig(field=_beating_front, per_5s=2.0)},
        ),
        "flap_side": (
            Rig(field=_beating_side, whole=bob(0.06, 0.03), per_5s=6.0, pivot=0.5),
            {Action.STAND: _SITTING},
        ),
        "swim": (
            Rig(field=_swimming, whole=dart, per_5s=5.0, pivot=0.5),
            {Action.JUMP: Rig(field=_swimming, whole=leap, per_5s=2.5, pivot=0.5)},
        ),
        "swim_up": (Rig(field=_writhing, whole=bob(0.03, 0.05), per_5s=3.0, pivot=0.5), {}),
        "top": (_WADDLING, {}),
        "worm": (Rig(field=_crawling, per_5s=3.0), {}),
        "serpent": (
            Rig(field=_writhing, per_5s=3.0),
            {Action.FLY: Rig(field=_writhing, whole=bob(0.05, 0.05), per_5s=3.0, pivot=0.5)},
        ),
        "winged_beast": (
            _BREATHING,
            {
                Action.WALK: Rig(field=_walking, per_5s=3.0),
                Action.FLY: Rig(field=_winged, whole=bob(0.06, 0.04), per_5s=5.0, pivot=0.5),
                Action.RISE: Rig(field=_winged, whole=bob(0.06, 0.04), per_5s=5.0, pivot=0.5),
                Action.FLOAT: Rig(field=_winged, whole=bob(0.06, 0.04), per_5s=4.0, pivot=0.5),
                Action.DRIFT: Rig(field=_winged, whole=bob(0.06, 0.04), per_5s=4.0, pivot=0.5),
            },
        ),
        "sway_body": (Rig(whole=bob(0.0, 0.02), per_5s=2.0), {}),
        "pulse": (Rig(field=_pulsing, whole=bob(0.05, 0.03), per_5s=3.0, pivot=0.5), {}),
        "sway": (Rig(field=_rustling, whole=sway, per_5s=2.0), {}),
        "cloth": (Rig(field=_fluttering, per_5s=2.5), {}),
        "flag": (Rig(field=_streaming, per_5s=3.0), {}),
        "flame": (Rig(field=_burning, per_5s=4.0), {}),
        "candle": (Rig(field=_candle, per_5s=5.0), {}),
        "twist": (Rig(field=_twisting, per_5s=4.0), {}),
        "wheels": (
            _PARKED,
            {
                Action.DRIVE: _WHEELED,
                Action.ROLL: _WHEELED,
                Action.RUN: _WHEELED,
                Action.WALK: _WHEELED,
            },
        ),
        "rail": (_PARKED, {Action.DRIVE: _RAIL, Action.ROLL: _RAIL, Action.RUN: _RAIL}),
        "boat": (_ROCKING, {}),
        "surf": (Rig(whole=bob(0.035, 0.09), per_5s=2.5), {}),
        "aircraft": (_FLYING_CRAFT, {Action.STAND: _PARKED}),
        "rotor": (
            Rig(whole=bob(0.03, 0.03), per_5s=8.0, pivot=0.5, overlay="rotor"),
            {Action.STAND: _PARKED},
        ),
        "rocket": (Rig(whole=bounce, per_5s=6.0, pivot=0.5), {Action.STAND: _PARKED}),
        "balloon": (_FLOATING, {}),
        "tumble": (Rig(whole=tumble, per_5s=2.0, pivot=0.5), {}),
        "twinkle": (Rig(whole=twinkle, per_5s=3.0, pivot=0.5), {}),
        "ferris": (
            Rig(per_5s=0.4, overlay="ferris"),
            {Action.SPIN: Rig(per_5s=0.8, overlay="ferris")},
        ),
        "sails": (
            Rig(per_5s=0.7, overlay="sails"),
            {Action.SPIN: Rig(per_5s=1.4, overlay="sails")},
        ),
        "fountain": (Rig(field=_rustling, whole=sway, per_5s=3.0), {}),
        "roll": (
            _STILL,
            {Action.ROLL: Rig(whole=wheel, per_5s=3.0, pivot=0.5), Action.JUMP: _HOPPING},
        ),
        "spin": (_STILL, {Action.DANCE: _SPINNING}),
        "spin_person": (Rig(whole=wheel, per_5s=2.0, pivot=0.5), {}),
        "jump": (_HOPPING, {}),
        "lunge": (Rig(whole=lunge, per_5s=3.0), {}),
        "lift": (Rig(whole=heave, per_5s=2.5), {}),
        "dance_art": (Rig(whole=beat, per_5s=5.0), {}),
        "beast": (_STILL, {}),
    }
)
"""For each rig what it does of itself, and what it does for particular actions."""


def rig_of(name: str, action: Action) -> Rig:
    """Return how art with the rig *name* does *action*."""
    usual, particular = RIGS[name]
    if action in particular:
        return particular[action]
    own = usual.field is not None or usual.overlay
    if action in _USUAL and not (
        own and action in {Action.FLOAT, Action.DRIFT, Action.FLY, Action.SAIL, Action.FLUTTER}
    ):
        return _USUAL[action]
    return usual
