"""
Poses of a person through one cycle of an action.

Angles are radians. A swing turns a limb forward, the way the body faces; a spread turns it
outward. Limbs come in pairs: the near one first, then the far one.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rushes.core.shot_plan import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """One arm or leg."""

    swing: float = 0.0
    spread: float = 0.0
    bend: float = 0.0
    """At the elbow (forward) or the knee (backward)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Everything that a body's joints do at one moment."""

    arms: tuple[Limb, Limb] = (Limb(spread=0.1, bend=0.15), Limb(spread=0.1, bend=0.15))
    legs: tuple[Limb, Limb] = (Limb(spread=0.05), Limb(spread=0.05))
    lean: float = 0.0
    nod: float = 0.0
    sway: float = 0.0
    """Sideways shift of the hips, in body heights."""

    breath: float = 0.0
    """How far shoulders and head are lifted, in body heights."""

    lift: float = 0.0
    """How high the lower foot is off the ground, in body heights."""

    mouth: float = 0.0
    """How wide the mouth is open, 0.0 to 1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """An action as a function of its phase."""

    pose: Callable[[float], Pose]
    per_5s: float
    """Cycles in five seconds at the usual pace."""

    turn: float
    """0.0 faces the camera, 1.0 is seen from the side."""

    tilt: float = 0.0
    """How far the whole body leans forward from upright, for swimming; negative: on the back."""


def _wave(phase: float, offset: float = 0.0) -> float:
    return math.sin(2 * math.pi * (phase + offset))


def _stand(p: float) -> Pose:
    breath = 0.5 + 0.5 * _wave(p)
    arms = (
        Limb(swing=0.04 * _wave(p, 0.1), spread=0.13 + 0.03 * breath, bend=0.22),
        Limb(swing=-0.04 * _wave(p, 0.1), spread=0.13 + 0.03 * breath, bend=0.18),
    )
    return Pose(
        arms=arms,
        legs=(Limb(spread=0.07), Limb(spread=0.07)),
        sway=0.006 * _wave(p, 0.3),
        breath=0.008 * breath,
        nod=0.03 * _wave(p, 0.55),
    )


def _walk(p: float) -> Pose:
    def leg(offset: float) -> Limb:
        swing = 0.5 * _wave(p, offset)
        forward = max(0.0, _wave(p, offset + 0.30))
        return Limb(swing=swing + 0.05, bend=0.10 + 0.85 * forward**1.3)

    def arm(offset: float) -> Limb:
        swing = 0.55 * _wave(p, offset)
        return Limb(swing=swing, spread=0.06, bend=0.28 + 0.22 * max(0.0, _wave(p, offset)))

    return Pose(
        arms=(arm(0.5), arm(0.0)),
        legs=(leg(0.0), leg(0.5)),
        lean=0.05,
        nod=0.03 * _wave(2 * p),
        breath=0.004 * _wave(2 * p, 0.2),
    )


def _run(p: float) -> Pose:
    def leg(offset: float) -> Limb:
        swing = 0.2 + 0.85 * _wave(p, offset)
        forward = max(0.0, _wave(p, offset + 0.30))
        return Limb(swing=swing, bend=0.35 + 1.45 * forward**1.2)

    def arm(offset: float) -> Limb:
        return Limb(swing=0.9 * _wave(p, offset) - 0.05, spread=0.08, bend=1.45)

    return Pose(
        arms=(arm(0.5), arm(0.0)),
        legs=(leg(0.0), leg(0.5)),
        lean=0.24,
        lift=0.045 * (0.5 + 0.5 * _wave(2 * p, 0.1)),
        nod=0.04 * _wave(2 * p),
    )


def _dance(p: float) -> Pose:
    side = _wave(p)
    beat = abs(_wave(p, 0.25))
    arms = (
        Limb(swing=0.3, spread=1.5 + 0.9 * side, bend=0.9 - 0.5 * side),
        Limb(swing=0.3, spread=1.5 - 0.9 * side, bend=0.9 + 0.5 * side),
    )
    legs = (
        Limb(swing=0.35 * max(0.0, side), spread=0.22, bend=0.25 + 0.8 * max(0.0, side)),
        Limb(swing=0.35 * max(0.0, -side), spread=0.22, bend=0.25 + 0.8 * max(0.0, -side)),
    )
    return Pose(
        arms=arms, legs=legs, sway=0.035 * side, lean=-0.05 * side, nod=0.16 * side,
        breath=0.012 * beat,
    )  # fmt: skip


def _jump(p: float) -> Pose:
    up = max(0.0, _wave(p))
    crouch = max(0.0, -_wave(p)) ** 2
    arms = (
        Limb(swing=0.4, spread=0.3 + 2.2 * up, bend=0.3),
        Limb(swing=0.4, spread=0.3 + 2.2 * up, bend=0.3),
    )
    knee = 0.15 + 1.25 * crouch + 0.35 * up
    leg = Limb(swing=0.55 * knee, spread=0.12 + 0.22 * up, bend=knee)
    return Pose(arms=arms, legs=(leg, leg), lean=0.25 * crouch, lift=0.32 * up)


def _sit(p: float) -> Pose:
    breath = 0.5 + 0.5 * _wave(p)
    arm = Limb(swing=0.5, spread=0.12, bend=0.75 + 0.05 * breath)
    leg = Limb(swing=1.42, spread=0.1, bend=1.42)
    return Pose(arms=(arm, arm), legs=(leg, leg), breath=0.008 * breath, nod=0.05 * _wave(p, 0.4))


def _talk(p: float) -> Pose:
    beat, slow = _wave(2 * p), _wave(p)
    arms = (
        Limb(swing=0.45 + 0.25 * beat, spread=0.25, bend=1.2 + 0.4 * slow),
        Limb(swing=0.25 - 0.2 * slow, spread=0.2, bend=0.9 - 0.4 * beat),
    )
    mouth = max(0.0, math.sin(2 * math.pi * 5 * p)) * (0.6 + 0.4 * slow)
    return Pose(
        arms=arms,
        legs=(Limb(spread=0.07), Limb(spread=0.07)),
        nod=0.07 * beat,
        sway=0.008 * slow,
        mouth=mouth,
    )


def _work(p: float) -> Pose:
    stroke = _wave(2 * p)
    arms = (
        Limb(swing=0.40 + 0.2 * stroke, spread=0.20, bend=0.95 + 0.3 * _wave(2 * p, 0.2)),
        Limb(swing=0.45 - 0.06 * stroke, spread=0.12, bend=1.0),
    )
    return Pose(
        arms=arms,
        legs=(Limb(spread=0.08), Limb(spread=0.08)),
        lean=0.07 + 0.02 * stroke,
        nod=-0.12 + 0.04 * _wave(p),
    )


def _eat(p: float) -> Pose:
    bite = 0.5 + 0.5 * _wave(p)
    arms = (
        Limb(swing=0.78 + 0.05 * bite, spread=0.14, bend=2.15 + 0.2 * bite),
        Limb(swing=0.55, spread=0.14, bend=1.15 + 0.1 * bite),
    )
    return Pose(
        arms=arms, legs=(Limb(spread=0.07), Limb(spread=0.07)), nod=0.08 * bite - 0.06,
        mouth=0.5 * max(0.0, _wave(3 * p)) * (1 - bite),
    )  # fmt: skip


def _fight(p: float) -> Pose:
    near, far = max(0.0, _wave(p)) ** 2, max(0.0, -_wave(p)) ** 2
    arms = (
        Limb(swing=0.75 + 0.75 * near, spread=0.12, bend=1.75 - 1.65 * near),
        Limb(swing=0.75 + 0.75 * far, spread=0.12, bend=1.75 - 1.65 * far),
    )
    legs = (Limb(swing=0.38, bend=0.25), Limb(swing=-0.38, bend=0.15))
    return Pose(arms=arms, legs=legs, lean=0.12 + 0.08 * near, breath=0.008 * _wave(2 * p))


def _kick(p: float) -> Pose:
    far = 0.5 - 0.5 * math.cos(2 * math.pi * p)
    leg = Limb(swing=-0.55 + 1.65 * far, bend=0.9 - 0.8 * far)
    arms = (Limb(swing=-0.5 * far, spread=0.5, bend=0.4), Limb(swing=0.9 * far, spread=0.4))
    return Pose(arms=arms, legs=(leg, Limb(swing=-0.1, bend=0.12)), lean=0.06 - 0.14 * far)


def _throw(p: float) -> Pose:
    far = 0.5 - 0.5 * math.cos(2 * math.pi * p)
    arms = (
        Limb(swing=2.75 - 1.5 * far, spread=0.2, bend=1.1 - 0.9 * far),
        Limb(swing=1.0 - 0.8 * far, spread=0.2, bend=0.4),
    )
    legs = (Limb(swing=0.4, bend=0.15), Limb(swing=-0.35, bend=0.1))
    return Pose(arms=arms, legs=legs, lean=-0.12 + 0.3 * far)


def _push(p: float) -> Pose:
    walking = _walk(p)
    arm = Limb(swing=1.3, spread=0.06, bend=0.2)
    return Pose(arms=(arm, arm), legs=walking.legs, lean=0.3, breath=walking.breath)


def _climb(p: float) -> Pose:
    def arm(reach: float) -> Limb:
        return Limb(swing=1.9 + 0.8 * reach, spread=0.25, bend=0.9 - 0.7 * reach)

    def leg(step: float) -> Limb:
        return Limb(swing=0.35 + 0.85 * step, spread=0.12, bend=0.5 + 0.9 * step)

    near, far = 0.5 + 0.5 * _wave(p), 0.5 - 0.5 * _wave(p)
    return Pose(
        arms=(arm(near), arm(far)), legs=(leg(far), leg(near)), lean=0.1, nod=-0.25,
        lift=0.05 + 0.03 * _wave(2 * p),
    )  # fmt: skip


def _kneel(p: float) -> Pose:
    stroke = _wave(2 * p)
    arms = (
        Limb(swing=0.62 + 0.15 * stroke, spread=0.14, bend=0.65 + 0.2 * _wave(2 * p, 0.2)),
        Limb(swing=0.7, spread=0.1, bend=0.6),
    )
    legs = (Limb(swing=0.0, bend=1.5), Limb(swing=1.35, bend=1.35))
    return Pose(arms=arms, legs=legs, lean=0.22 + 0.03 * stroke, nod=-0.15)


def _lie(p: float) -> Pose:
    breath = 0.5 + 0.5 * _wave(p)
    arms = (Limb(swing=0.22, bend=0.55 + 0.05 * breath), Limb(swing=-0.1, bend=0.1))
    return Pose(arms=arms, legs=(Limb(swing=0.22, bend=0.4), Limb()), breath=0.006 * breath)


def _hug(p: float) -> Pose:
    close = 0.5 + 0.5 * _wave(p)
    arms = (
        Limb(swing=1.25 + 0.06 * close, spread=0.14, bend=0.45 + 0.1 * close),
        Limb(swing=1.05, spread=0.14, bend=0.5),
    )
    return Pose(
        arms=arms, legs=(Limb(spread=0.06), Limb(spread=0.06)), lean=0.08 + 0.02 * close,
        sway=0.008 * _wave(p, 0.3),
    )  # fmt: skip


def _greet(p: float) -> Pose:
    arms = (
        Limb(spread=0.14, bend=0.2),
        Limb(swing=0.1, spread=2.35, bend=0.5 + 0.45 * _wave(2 * p)),
    )
    return Pose(
        arms=(arms[1], arms[0]),
        legs=(Limb(spread=0.07), Limb(spread=0.07)),
        nod=0.06 * _wave(p),
        sway=0.006 * _wave(p),
        mouth=0.35,
    )


def _swim(p: float) -> Pose:
    def arm(offset: float) -> Limb:
        return Limb(swing=2 * math.pi * ((p + offset) % 1.0), bend=0.25)

    kick = _wave(3 * p)
    return Pose(
        arms=(arm(0.0), arm(0.5)),
        legs=(Limb(swing=0.28 * kick, bend=0.2), Limb(swing=-0.28 * kick, bend=0.2)),
        nod=-0.5,
    )


def _fly(p: float) -> Pose:
    slow = _wave(p)
    return Pose(
        arms=(Limb(swing=2.9 + 0.05 * slow, bend=0.05), Limb(swing=0.2, spread=0.15, bend=0.3)),
        legs=(Limb(swing=-0.12 + 0.06 * slow, bend=0.25), Limb(swing=0.05, bend=0.15)),
        nod=-0.7,
    )


def _float(p: float) -> Pose:
    slow = _wave(p)
    return Pose(
        arms=(
            Limb(swing=0.5 + 0.2 * slow, spread=0.5, bend=0.6),
            Limb(swing=0.2 - 0.2 * slow, spread=0.7, bend=0.5),
        ),
        legs=(
            Limb(swing=0.35 + 0.12 * slow, spread=0.1, bend=0.7),
            Limb(swing=-0.05 - 0.12 * slow, spread=0.1, bend=0.5),
        ),
        nod=0.08 * slow,
    )


def _fall(p: float) -> Pose:
    flail = _wave(2 * p)
    return Pose(
        arms=(Limb(swing=1.2 + flail, spread=1.2, bend=0.6), Limb(swing=1.2 - flail, spread=1.2)),
        legs=(Limb(swing=0.6 * flail, spread=0.3, bend=0.8), Limb(swing=-0.6 * flail, bend=0.6)),
        mouth=0.9,
    )


_STANDING: Final = Motion(pose=_stand, per_5s=2.5, turn=0.35)

MOTIONS: Final[Mapping[Action, Motion]] = MappingProxyType(
    {
        Action.STAND: _STANDING,
        Action.WALK: Motion(pose=_walk, per_5s=4.6, turn=1.0),
        Action.RUN: Motion(pose=_run, per_5s=7.0, turn=1.0),
        Action.DANCE: Motion(pose=_dance, per_5s=4.0, turn=0.15),
        Action.JUMP: Motion(pose=_jump, per_5s=4.0, turn=0.4),
        Action.SIT: Motion(pose=_sit, per_5s=1.5, turn=0.8),
        Action.TALK: Motion(pose=_talk, per_5s=2.5, turn=0.35),
        Action.WORK: Motion(pose=_work, per_5s=2.5, turn=0.6),
        Action.EAT: Motion(pose=_eat, per_5s=2.5, turn=0.6),
        Action.FIGHT: Motion(pose=_fight, per_5s=6.0, turn=0.9),
        Action.KICK: Motion(pose=_kick, per_5s=3.5, turn=1.0),
        Action.THROW: Motion(pose=_throw, per_5s=3.0, turn=0.9),
        Action.PUSH: Motion(pose=_push, per_5s=4.0, turn=1.0),
        Action.CLIMB: Motion(pose=_climb, per_5s=4.0, turn=0.9),
        Action.KNEEL: Motion(pose=_kneel, per_5s=2.0, turn=0.85),
        Action.LIE: Motion(pose=_lie, per_5s=1.5, turn=1.0, tilt=-1.5),
        Action.HUG: Motion(pose=_hug, per_5s=1.5, turn=0.95),
        Action.WAVE: Motion(pose=_greet, per_5s=3.0, turn=0.1),
        Action.FLY: Motion(pose=_fly, per_5s=2.0, turn=1.0, tilt=1.2),
        Action.SWIM: Motion(pose=_swim, per_5s=4.0, turn=1.0, tilt=1.45),
        Action.DRIFT: Motion(pose=_float, per_5s=1.5, turn=0.4),
        Action.FLOAT: Motion(pose=_float, per_5s=1.5, turn=0.4),
        Action.RISE: Motion(pose=_float, per_5s=1.5, turn=0.4),
        Action.FALL: Motion(pose=_fall, per_5s=3.0, turn=0.5, tilt=0.5),
        Action.ROLL: Motion(pose=_sit, per_5s=1.5, turn=0.8),
        Action.DRIVE: Motion(pose=_sit, per_5s=1.5, turn=0.8),
        Action.SAIL: Motion(pose=_sit, per_5s=1.5, turn=0.8),
        Action.SPIN: Motion(pose=_dance, per_5s=4.0, turn=0.15),
        Action.FLUTTER: _STANDING,
        Action.BURN: _STANDING,
        Action.STEAM: _STANDING,
    }
)
"""What a person does for every action; each action has an entry."""
