"""The names that a plan of this engine may use; none of it needs numpy."""

from functools import cache
from typing import Final

from rushes.core.shot_plan_json import PlanNames
from rushes.engines.animatic.camera_words import CONCEPTS
from rushes.engines.animatic.cast.catalogue import subjects

PALETTES: Final = (
    "day",
    "golden",
    "sunset",
    "dawn",
    "night",
    "neon",
    "overcast",
    "storm",
    "night_storm",
    "snowy",
    "desert",
    "mars",
    "fire",
)
"""The keys of ``scenes.palettes.PALETTES``, which cannot be imported without numpy."""


@cache
def plan_names() -> PlanNames:
    """Return every subject, camera move and palette."""
    return PlanNames(
        subjects=frozenset(subjects()), moves=frozenset(CONCEPTS), palettes=frozenset(PALETTES)
    )
