"""Define the height of subjects in the frame by framing, and the order of a cast."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Framing
from rushes.engines.animatic.cast.art import width_by_height
from rushes.engines.animatic.cast.catalogue import Subject


@dataclass(frozen=True, slots=True)
class SubjectFrame:
    """How tall the main subject is and where its feet are, as shares of the frame's height."""

    height: float
    foot: float


PEOPLE: Final = {
    Framing.WIDE: SubjectFrame(0.46, 0.88),
    Framing.MEDIUM: SubjectFrame(0.66, 0.93),
    Framing.PORTRAIT: SubjectFrame(1.25, 1.38),
    Framing.CLOSE_UP: SubjectFrame(1.9, 2.02),
    Framing.LOW_ANGLE: SubjectFrame(0.84, 0.985),
    Framing.AERIAL: SubjectFrame(0.25, 0.74),
}
THINGS: Final = {
    Framing.WIDE: SubjectFrame(0.36, 0.86),
    Framing.MEDIUM: SubjectFrame(0.5, 0.89),
    Framing.PORTRAIT: SubjectFrame(0.66, 0.91),
    Framing.CLOSE_UP: SubjectFrame(0.7, 0.91),
    Framing.LOW_ANGLE: SubjectFrame(0.62, 0.94),
    Framing.AERIAL: SubjectFrame(0.22, 0.74),
}
BUILDINGS: Final = {
    Framing.WIDE: SubjectFrame(0.56, 0.80),
    Framing.MEDIUM: SubjectFrame(0.62, 0.82),
    Framing.PORTRAIT: SubjectFrame(0.7, 0.86),
    Framing.CLOSE_UP: SubjectFrame(0.8, 0.92),
    Framing.LOW_ANGLE: SubjectFrame(0.8, 0.92),
    Framing.AERIAL: SubjectFrame(0.3, 0.74),
}
FLIERS: Final = {
    Framing.WIDE: 0.34,
    Framing.MEDIUM: 0.42,
    Framing.PORTRAIT: 0.6,
    Framing.CLOSE_UP: 0.7,
    Framing.LOW_ANGLE: 0.44,
    Framing.AERIAL: 0.3,
}
SEA_FLOOR: Final = frozenset({"coral", "sea-anemone", "seaweed"})
"""What stands on the ground under water, and is drawn a third of the frame high at least."""

FAR_SPANS: Final = frozenset({"mountain-range", "skyline"})
"""What stands at the horizon from one edge of the frame to the other."""

SPANS: Final = FAR_SPANS | {"arch-bridge", "bridge", "bridge-at-night", "viaduct"}
"""What reaches from one edge of the frame to the other, and stands in water on its own feet."""

SEEN_IN_WINDOWS: Final = frozenset({"building", "nature"})
"""Kinds of what a room shows behind its window, if it is in the background."""

TALL_M: Final = 6.0
CUT: Final = 0.85
"""A main subject that is made smaller than this share of itself stands within the frame."""

_ASPECTS: Final = {"puppet": 0.46, "beast": 1.4}
"""Width by height of what has no art of its own shape: the engine draws its body."""


_LYING: Final = 1.1
"""Width of a person who swims, as a share of the height of one who stands."""


def aspect_of(subject: Subject, action: Action = Action.STAND) -> float:
    """Return the width of a subject that does this, as a share of its height."""
    drawn = _ASPECTS.get(subject.rig)
    if subject.rig == "puppet" and action in {Action.SWIM, Action.FLY}:
        drawn = _LYING
    if drawn is not None:
        return drawn
    sails = [2 * mark.radius for mark in subject.parts] if subject.rig == "sails" else []
    return max(width_by_height(subject.art), *sails, 0.0)


def hosts_first(cast: Sequence[CastMember]) -> tuple[CastMember, ...]:
    """
    Return the cast so that each member comes after the one that it is on.

    A member that is on itself, on nobody, or on one that is on it stands on the ground instead.
    """
    order = order_of(cast)
    new = {old: index for index, old in enumerate(order)}
    seats = [new.get(-1 if cast[old].on is None else cast[old].on or 0) for old in order]
    return tuple(
        replace(cast[old], on=seat if seat is not None and seat < index else None)
        for index, (old, seat) in enumerate(zip(order, seats, strict=True))
    )


def order_of(cast: Sequence[CastMember]) -> list[int]:
    """Return the indices of the members in the order of :func:`hosts_first`."""
    order: list[int] = []
    waiting = list(range(len(cast)))
    while waiting:
        ready = [i for i in waiting if cast[i].on is None or cast[i].on in order]
        ready = ready or waiting[:1]
        order.append(ready[0])
        waiting.remove(ready[0])
    return order
