"""Space the copies of a member, and members far away, across the frame."""

import math
from collections.abc import Sequence
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.cast.catalogue import subjects

CROWD: Final = 5
COUNTABLE: Final = 12
"""Up to so many copies stand so that each can be counted."""

_LEAST_DISTANT: Final = 0.16


def distant_height(height_m: float) -> float:
    """Return how tall something far away is drawn, as a share of the frame's height."""
    return min(max(0.16 + 0.09 * math.log2(max(height_m, 1.0) / 4), _LEAST_DISTANT), 0.52)


def overlap(x: float, wide: float, taken: Sequence[tuple[float, float]]) -> float:
    """Return how much of a width around *x* is covered by places with their widths."""
    left, right = x - wide / 2, x + wide / 2
    outside = max(0.0, -left) + max(0.0, right - 1)
    return outside + sum(
        max(0.0, min(right, at + width / 2) - max(left, at - width / 2)) for at, width in taken
    )


def aside(order: int, around: float) -> float:
    """Return the place of the next member: on the emptier side first, then alternating."""
    places: Sequence[float] = (0.72, 0.16, 0.88, 0.3, 0.6, 0.06, 0.94)
    if around > 0.48:
        places = (0.26, 0.8, 0.1, 0.92, 0.34, 0.66, 0.04)
    return places[(order - 1) % len(places)]


def rank_place(count: int, order: int) -> tuple[float, bool]:
    """Return where one of *count* in two ranks is across, and whether it is in the second rank."""
    first = (count + 1) // 2
    aside = 0.5 if count % 2 else 0.27
    if order < first:
        return (order + aside) / first, False
    return (order - first + aside + 0.5) / first, True


def flight_ranks(count: int) -> tuple[int, int]:
    """Return how many of a few fliers are side by side at most, and how many one above another."""
    down = 1 if count <= 2 else 2 if count <= 8 else 3
    return -(-count // down), down


def copies_apart(member: CastMember, order: int, aspect: float) -> float:
    """Return how far a copy is from its member's explicit place, in its own heights."""
    return (order - (min(member.count, 60) - 1) / 2) * aspect * 1.05


_MEETING: Final = frozenset({"person", "fantasy", "animal", "bird"})
_TOUCHING, _FACING = -0.34, 0.16
_CLOSE: Final = frozenset({Action.WORK, Action.HUG, Action.FIGHT})
"""What two do who touch each other."""


def gap_of_pair(pair: Sequence[CastMember]) -> float | None:
    """
    Return the gap between two who face each other, in widths of the narrower one.

    It is negative where they touch each other; None where they do not face each other.

    Args:
        pair: Members from left to right.
    """
    if [one.facing for one in pair] != [Facing.RIGHT, Facing.LEFT]:
        return None
    alive = all(subjects()[one.subject].kind in _MEETING for one in pair)
    if not alive or any(one.count > 1 for one in pair):
        return None
    return _TOUCHING if any(one.action in _CLOSE for one in pair) else _FACING
