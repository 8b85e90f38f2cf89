"""Find the weather of a prompt that is outside of the room that a shot shows."""

import re
from typing import Final

from rushes.core.shot_plan import ROOMS, Effect
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

BEHIND_WALLS: Final = "It is outside, and the shot shows a room."
_FROM_THE_SKY: Final = frozenset({Effect.RAIN, Effect.SNOW, Effect.LIGHTNING, Effect.AURORA})
WINDOW: Final = re.compile(r"window|fenêtre|ventana|fenster|janela|окн|窗|窓|창", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    r"\boutside\b|\boutdoors\b|dehors|afuera|draußen|lá fora|снаружи|外面|밖", re.IGNORECASE
)
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
        (term, one) for term, one in wanted if one.kind == "effect" and one.value in _FROM_THE_SKY
    ]
