"""Read the moves of the camera, and when in the shot each happens."""

import re
from collections.abc import Sequence
from typing import Final

from rushes.core.shot_plan import CameraMove, Framing
from rushes.engines.animatic.camera_words import NamedMove
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_THEN: Final = re.compile(
    r"\b(?:then|after that|afterwards|before|followed by|finally|next|subsequently"
    r"|ending (?:with|on)|luego|despu\u00e9s|puis|ensuite|dann|danach|anschlie\u00dfend|depois"
    r"|em seguida|\u0437\u0430\u0442\u0435\u043c|\u043f\u043e\u0442\u043e\u043c)\b"
    r"|\u7136\u540e|\u63a5\u7740|\u7136\u5f8c|\u305d\u306e\u5f8c|\u305d\u3057\u3066"
    r"|\uadf8\ub9ac\uace0|\uadf8 \ub2e4\uc74c",
    re.IGNORECASE,
)
"""``Then``, ``after that``, ``next`` in nine languages."""

_VIEWPOINTS: Final = {"aerial": Framing.AERIAL, "aerial_drone": Framing.AERIAL}
_OPPOSITES: Final = (
    ({"pan_left", "truck_left"}, {"pan_right", "truck_right"}),
    ({"push_in", "zoom_in"}, {"pull_out", "zoom_out"}),
    ({"tilt_up", "crane_up", "pedestal_up"}, {"tilt_down", "crane_down", "pedestal_down"}),
    ({"orbit_left"}, {"orbit_right"}),
    ({"roll_left"}, {"roll_right"}),
)


def moves_of(
    prompt: str,
    english: Sequence[NamedMove],
    foreign: list[tuple[Term, Meaning]],
    concepts: Sequence[str],
) -> tuple[tuple[CameraMove, ...], tuple[tuple[int, int], ...]]:
    """
    Return the moves in time, and which words ask for them.

    ``pans left, then zooms in`` is one move after the other; two moves that are only named are made
    at once. A concept is made all the time and wins over words that say otherwise.

    Args:
        foreign: Terms of other languages whose meaning is a move.
    """
    named = [*english]
    named += [NamedMove(one.value, term.start, term.end) for term, one in foreign]
    named.sort(key=lambda move: move.start)
    used = tuple((move.start, move.end) for move in named)
    if concepts:
        kept = [move for move in named if not _contradicts(move.name, concepts)]
        moves = [CameraMove(move=concept) for concept in dict.fromkeys(concepts)]
        held = {move.move for move in moves}
        if "static" not in held:
            moves += [one for one in _timed(prompt, kept) if one.move not in held]
        return tuple(moves), used
    return tuple(_timed(prompt, named)), used


def framing_of(concepts: Sequence[str]) -> Framing | None:
    """Return the viewpoint that a concept asks for."""
    return next((_VIEWPOINTS[one] for one in concepts if one in _VIEWPOINTS), None)


def _contradicts(name: str, concepts: Sequence[str]) -> bool:
    for one, other in _OPPOSITES:
        if (name in one and other & set(concepts)) or (name in other and one & set(concepts)):
            return True
    return False


def _timed(prompt: str, named: list[NamedMove]) -> list[CameraMove]:
    """Share the time among the groups of moves that follow on each other."""
    groups: list[list[str]] = []
    end = 0
    for move in named:
        follows = bool(groups) and bool(_THEN.search(prompt[end : move.start]))
        follows = follows or (bool(groups) and _contradicts(move.name, groups[-1]))
        if follows or not groups:
            groups.append([])
        if move.name not in groups[-1]:
            groups[-1].append(move.name)
        end = move.end
    share = 1 / max(1, len(groups))
    return [
        CameraMove(move=name, start=round(at * share, 3), end=round((at + 1) * share, 3))
        for at, group in enumerate(groups)
        for name in group
    ]
