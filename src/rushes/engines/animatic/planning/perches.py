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


def perch(prompt: str, drafts: list[Draft]) -> None:
    """Put what the words say is on a part of somebody's body onto the person named nearest."""
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
