"""Read in the words that a plan shows what is outside of the windows of its room."""

import re
from typing import Final

from rushes.core.shot_plan import Effect, ShotPlan

FIREWORKS: Final = re.compile(
    r"firework|fuegos|artificio|artifice|artifício|feuerwerk|фейерверк|салют|烟花|煙花|花火|불꽃",
    re.IGNORECASE,
)
_RAIN: Final = re.compile(
    r"\brain|lluvia|\bpluie|\bregen|chuva|дожд|雨|비(?=$|[가는를\s])", re.IGNORECASE
)
_SNOW: Final = re.compile(r"\bsnow|nieve|neige|schnee|\bneve|снег|雪|눈", re.IGNORECASE)
_WINDOWS: Final = re.compile(
    r"windows?\b|fenêtre|ventana|fenster|janela|окн|окон|窗|窓|창문", re.IGNORECASE
)


def has_named_windows(plan: ShotPlan) -> bool:
    """Return whether a plan shows the caller's word for windows, and none of them is cast."""
    is_cast = any("window" in member.subject for member in plan.cast)
    return not is_cast and any(_WINDOWS.search(words) for words in plan.shown)


def outside_of(plan: ShotPlan) -> str:
    """Return what is outside by the words that a plan shows, or nothing."""
    words = " ; ".join(plan.shown)
    if FIREWORKS.search(words) and Effect.SPARKS not in plan.effects:
        return "fireworks"
    if _RAIN.search(words) and Effect.RAIN not in plan.effects:
        return "rain"
    if _SNOW.search(words) and Effect.SNOW not in plan.effects:
        return "snow"
    return "neon" if plan.light == "neon" and plan.time == "night" else ""
