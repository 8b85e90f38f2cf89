"""Find the weather of a prompt that is outside of the room that a shot shows."""

import re
from typing import Final

from rushes.core.shot_plan import ROOMS, Effect
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.sets.outside_words import FIREWORKS

BEHIND_WALLS: Final = "It is outside, and the shot shows a room."
_FROM_THE_SKY: Final = frozenset({Effect.RAIN, Effect.SNOW, Effect.LIGHTNING, Effect.AURORA})
_BEHIND_GLASS: Final = frozenset({Effect.RAIN, Effect.SNOW, Effect.SPARKS})
WINDOW: Final = re.compile(r"window|fenêtre|ventana|fenster|janela|окн|窗|窓|창", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    r"\boutside\b|\boutdoors\b|dehors|afuera|draußen|lá fora|снаружи|外面|밖", re.IGNORECASE
)
_SAID_OUTSIDE: Final = re.compile(r"\s+(?:is\s+|falls\s+|falling\s+)*outside\b", re.IGNORECASE)
_INSIDE: Final = re.compile(
    r"\b(?:rain|snow|storm)\w*(?: \w+)? (?:inside|indoors)\b", re.IGNORECASE
)


def outside_weather(
    wanted: list[tuple[Term, Meaning]], name: str, prompt: str
) -> list[tuple[Term, Meaning]]:
    """Return the weather that is outside of a room, and so not in its air."""
    beyond = WINDOW.search(prompt) or _OUTSIDE.search(prompt)
    indoors = name in ROOMS or (name in {"table", "studio"} and beyond)
    if not indoors or _INSIDE.search(prompt):
        return []
    return [
        (term, one)
        for term, one in wanted
        if one.kind == "effect"
        and (one.value in _FROM_THE_SKY or (beyond and FIREWORKS.search(term.text)))
    ]


def is_said_outside(term: Term, prompt: str) -> bool:
    """Return whether a word for a place is only outside of a window: snow outside."""
    return bool(WINDOW.search(prompt)) and _SAID_OUTSIDE.match(prompt, term.end) is not None


def is_behind_glass(term: Term, prompt: str) -> bool:
    """Return whether the windows of a room show the weather that a word names."""
    beyond = WINDOW.search(prompt) or _OUTSIDE.search(prompt)
    effect, place = term.meaning("effect"), term.meaning("set")
    falls = effect is not None and effect.value in _BEHIND_GLASS
    return bool(beyond) and (falls or (place is not None and place.value == "snow"))
