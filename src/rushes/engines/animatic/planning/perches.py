"""Put a parrot on a shoulder, a child on its father's shoulders and a cat on a lap."""

import re
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft, index_of

_ON_BODY: Final = re.compile(
    r"[\s,]*(?:(?:sitting|perched|perching|resting|standing|asleep|sleeping|riding|who sits)\s+)?"
    r"(?:(?:up)?on|atop|in)\s+(?:(?:top of\s+)?(?:his|her|their|the|a|one|my)\s+)?"
    r"(?:\w+(?:'s|’s)\s+)?(?:left\s+|right\s+)?(?:shoulders?|heads?|laps?|backs?|arms?)\b"  # noqa: RUF001
    r"|\s+(?:sentad[oa]\s+)?en\s+(?:el|los|su|sus)\s+(?:hombros?|regazo)"
    r"|\s+(?:assis\w*\s+)?sur\s+(?:l'|les |son |ses )(?:épaules?|genoux)"
    r"|\s+auf\s+(?:der|den|seiner|seinen|ihrer|ihren|dem|seinem|ihrem)\s+(?:schultern?|schoß)"
    r"|\s+n[oa]s?\s+(?:seus?\s+)?(?:ombros?|colo)|\s+на\s+(?:плече|плечах|коленях)",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"\s+of\s+(?:(?:a|an|the|his|her|their)\s+)?", re.IGNORECASE)
_LEAST: Final = 1.2
"""Height of whose shoulders carry another, as a share of the height of that one."""


_AND: Final = re.compile(
    r",.*\b(?:and|y|e|et|und|и)\s+(?:(?:the|el|la|o|a|le|der|die|das)\s+)?$",
    re.IGNORECASE | re.DOTALL,
)
_SLEEP: Final = re.compile(
    r"\b(?:asleep|sleep(?:s|ing)?\b(?! bag)|nap(?:s|ping)\b|doz(?:es|ing)|duerm|dormid|dort\b"
    r"|endormi|schläf|dorme|dormindo|спит|спящ)|睡着|睡觉|熟睡|眠って|寝て|자고|잠든|잠을",
    re.IGNORECASE,
)
_LIES_ON: Final = frozenset({"sofa", "couch-and-lamp", "bed", "hospital-bed", "bench", "hammock"})


def _set_down(prompt: str, drafts: list[Draft]) -> None:
    """Take an animal that a clause of its own is about off the person of the clause before."""
    for draft in drafts:
        on = None if draft.on is None else drafts[draft.on]
        tall = kinds.is_alive(draft.subject) and draft.subject.height_m >= _LEAST_SET_DOWN_M
        if on is None or not tall or not kinds.is_person(on.subject) or on.end > draft.start:
            continue
        apart = _AND.search(prompt[on.end : draft.start]) is not None
        if apart and not kinds.is_person(draft.subject) and not _ON_BODY.match(prompt, draft.end):
            draft.on = None


_LEAST_SET_DOWN_M: Final = 0.25


def _lie_down(prompt: str, drafts: list[Draft]) -> None:
    """Let who sleeps on a sofa, a bed or a bench lie on it."""
    if not _SLEEP.search(prompt):
        return
    for draft in drafts:
        on = None if draft.on is None else drafts[draft.on].subject.id
        may_lie = draft.action in {None, Action.SIT, Action.STAND, Action.LIE}
        if kinds.is_person(draft.subject) and draft.count == 1 and on in _LIES_ON and may_lie:
            draft.action = Action.LIE


def perch(prompt: str, drafts: list[Draft]) -> None:
    """Put what the words say is on a part of somebody's body onto the person named nearest."""
    _set_down(prompt, drafts)
    _lie_down(prompt, drafts)
    for at, draft in enumerate(drafts):
        found = _ON_BODY.match(prompt, draft.end)
        if found is None or not kinds.is_alive(draft.subject):
            continue
        carriers = [
            one
            for one in drafts
            if one is not draft
            and kinds.is_person(one.subject)
            and one.on != at
            and one.subject.height_m >= _LEAST * draft.subject.height_m
        ]
        if of := _OF.match(prompt, found.end()):
            carriers = [one for one in carriers if one.start <= of.end() < one.end]
        before = [one for one in carriers if one.end <= draft.start]
        if not carriers or draft.count > 2:
            continue
        carrier = (before or carriers)[-1]
        draft.on, draft.x, draft.plane = index_of(drafts, carrier), None, None
        carrier.x = None
        if kinds.is_person(draft.subject) and draft.action in {None, Action.STAND}:
            draft.action = Action.SIT
