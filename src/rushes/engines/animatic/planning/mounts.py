"""Give riders what they ride where the prompt names only the rider."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Plane

_MOUNTS: Final = {
    "motorcyclist": "motorcycle",
    "cowboy": "horse",
    "knight": "horse",
}
_ONLY_IF_DRIVING: Final = frozenset({"cowboy", "knight"})
"""Who is as often on foot, and may sit on a chair."""

_WAVES: Final = frozenset({"ocean", "beach", "lake"})
_RIDES: Final = frozenset({Action.SIT, Action.DRIVE, Action.ROLL, Action.DRIFT, Action.SAIL})


_STANDS: Final = frozenset({Action.STAND, Action.WORK, Action.JUMP})
_RIDING: Final = re.compile(r"\b(?:rid(?:es?|ing|den)|gallop(?:s|ing)?)\b", re.IGNORECASE)


def mounted(cast: Sequence[CastMember], set_name: str, prompt: str = "") -> tuple[CastMember, ...]:
    """
    Return the cast with mounts under its riders; members keep their places in the order.

    Args:
        prompt: Who may as well sit on a chair rides if the prompt says so.
    """
    surfs = _SURFING.search(prompt) is not None
    members = [_on_a_wave(member, set_name, surfs=surfs) for member in cast]
    subjects = {member.subject for member in members}
    for index, member in enumerate(members):
        mount = _MOUNTS.get(member.subject)
        if mount is None or mount in subjects or member.on is not None:
            continue
        driving = member.action in _RIDES - {Action.SIT} or _RIDING.search(prompt) is not None
        if member.action not in _RIDES or (member.subject in _ONLY_IF_DRIVING and not driving):
            continue
        action = Action.RUN if mount == "horse" else Action.DRIVE
        carrier = CastMember(
            subject=mount, count=member.count, x=member.x, facing=member.facing, action=action
        )
        members[index] = replace(member, on=len(members), action=Action.SIT, x=None)
        members.append(carrier)
    return tuple(members)


_SURFING: Final = re.compile(
    r"waves?\b|\bsurf(?:s|ing)\b|welle|vague|\bolas?\b|\bondas?\b|волн|波|浪|파도", re.IGNORECASE
)


def _on_a_wave(member: CastMember, set_name: str, *, surfs: bool) -> CastMember:
    """Return a surfer who rides as one on a wave."""
    rides = member.action in _RIDES or (surfs and member.action in _STANDS)
    if member.subject != "surfer" or set_name not in _WAVES or not rides:
        return member
    return replace(member, subject="person-surfing", plane=Plane.WATER, action=Action.DRIFT)
