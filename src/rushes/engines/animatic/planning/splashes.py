"""Let who jumps and what falls into water be in it, with a splash."""

import re
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Reading
from rushes.engines.animatic.planning.scenery import Scenery

_INTO_WATER: Final = re.compile(
    r"\b(?:jump|div|leap|fall|fell|drop|plung|splash|tumbl|cannonball|crash|sink|land)\w*\b"
    r"(?:(?!\bon\b)[^.,;]){0,24}\b(?:in|into|onto)\b[^.,;]{0,20}"
    r"\b(?:water|lake|river|pool|ocean|sea|pond|waves|stream|puddle)\b"
    r"|\b(?:salt|salta|cae|caen|zambull)\w* [^.,;]{0,20}\b(?:agua|piscina|lago|mar|río)\b"
    r"|\b(?:saut|plong|tomb)\w* [^.,;]{0,20}(?:l'eau|piscine|lac|mer|rivière)\b"
    r"|\b(?:spring|fäll|fallen)\w* [^.,;]{0,20}ins? (?:wasser|see|meer|becken|pool)\b"
    r"|\b(?:pul|salt|cai|caem|mergulh)\w* [^.,;]{0,20}(?:água|piscina|lago|mar|rio)\b"
    r"|(?:прыга|ныря|пада)\w* [^.,;]{0,12}в (?:воду|озеро|бассейн|море|реку)"
    r"|[跳落掉][入进到][^,\uff0c\u3002]{0,4}[水池湖海河]|(?:水|池|海|湖|川|プール)に(?:飛び込|落)"
    r"|(?:물|호수|바다|수영장|강)(?:에|으로|로) (?:뛰어|떨어|빠)",
    re.IGNORECASE,
)
_OUT_OF_WATER: Final = re.compile(
    r"\b(?:jump|leap|breach|burst|ris|emerg)\w*\b[^.,;]{0,20}\b(?:out of|from|above)\b[^.,;]{0,12}"
    r"\b(?:water|sea|ocean|waves|lake|river|surface)\b|\bbreach(?:es|ing)\b",
    re.IGNORECASE,
)
_WATERS: Final = frozenset(
    {"lake", "ocean", "beach", "canal", "indoor_pool", "hot_spring", "harbour", "swamp"}
)
_DRY: Final = frozenset({"table", "studio", "garden", "meadow", "abstract", "living_room"})
"""Where things are if the prompt names no place."""

_AT: Final = 0.5
_FALLS_FROM: Final = 0.34
_WIDE: Final = 1.1
"""Height of a splash, as a share of who makes it."""

_OF_THINGS: Final = 3.0


def splash(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """
    Put into the water who or what the prompt lets fall into it.

    Returns:
        The scenery; open water where the prompt names none.
    """
    in_glass = _fall_into_vessel(prompt, reading.drafts)
    found = None if in_glass else _INTO_WATER.search(prompt) or _OUT_OF_WATER.search(prompt)
    drafts = reading.drafts
    falling = _falling(drafts, found) if found else None
    if found is None or falling is None or len(drafts) >= MOST_MEMBERS:
        return scenery
    if scenery.set == "underwater" and _OUT_OF_WATER.search(prompt):
        scenery = replace(scenery, set="ocean", palette=None)
    if scenery.set in _DRY and any(word in found.group().lower() for word in ("water", "agua")):
        scenery = replace(scenery, set="lake", palette=None)
    if scenery.set not in _WATERS:
        return scenery
    alive = kinds.is_alive(falling.subject)
    falling.x = _AT if falling.count == 1 else None
    if alive:
        falling.plane, falling.action = Plane.WATER, falling.action or Action.JUMP
        scale = _WIDE * falling.subject.height_m
    else:
        falling.plane, falling.y = Plane.SKY, _FALLS_FROM
        falling.action = Action.FALL
        falling.scale *= _OF_THINGS
        scale = _OF_THINGS * falling.subject.height_m
    drops = subjects()["splash"]
    drafts.append(
        Draft(
            subject=drops, start=found.start(), end=found.end(), count=1, is_object=True,
            plane=Plane.WATER, x=_AT, scale=scale / drops.height_m,
            action=Action.STAND,
        )
    )  # fmt: skip
    return scenery


def _falling(drafts: list[Draft], found: re.Match[str]) -> Draft | None:
    """Return who or what falls: that of the verb, or else the first that comes before it."""
    able = [one for one in drafts if one.start < found.end() and one.on is None and _falls(one)]
    own = [one for one in able if one.verb and found.start() <= one.verb[0] < found.end()]
    return next(iter(own or able), None)


_INTO: Final = re.compile(r"\b(?:in|into)\s+(?:(?:a|an|the|his|her)\s+)?$", re.IGNORECASE)
_ABOVE, _VESSEL = (0.5, 0.24), 0.5
_CUPS: Final = frozenset(
    {"glass-of-milk", "glass-of-water", "tumbler-glass", "coffee-cup", "teacup", "wine-glass"}
    | {"cocktail-glass", "glass-of-juice", "piggy-bank", "saucepan", "pot-of-food"}
)


def _fall_into_vessel(prompt: str, drafts: list[Draft]) -> bool:
    """Let things fall into a glass from above it, if the prompt says so: strawberries into milk."""
    for at, glass in enumerate(drafts):
        falling = [
            one
            for one in drafts[:at]
            if one.action is Action.FALL and one.on is None and not kinds.is_alive(one.subject)
        ]
        if glass.subject.id in _CUPS and falling and _INTO.search(prompt[: glass.start]):
            falling[-1].x, falling[-1].y = _ABOVE
            falling[-1].plane, glass.x = Plane.SKY, _VESSEL
            falling[-1].count = min(falling[-1].count, 4)
            return True
    return False


def _falls(draft: Draft) -> bool:
    return draft.action in {Action.FALL, Action.JUMP, Action.FLY, Action.SWIM, Action.RISE}
