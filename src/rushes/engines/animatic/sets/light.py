"""The colours of a place and the light on its cast, from the time, weather and light of a plan."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import SceneLight
from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.colour import mix
from rushes.engines.animatic.scenes.palettes import PALETTES, Palette

_OF_SETS: Final = {
    ("desert", "day"): "desert",
    ("snow", "day"): "snowy",
    ("battlefield", "day"): "overcast",
    ("campfire", "night"): "fire",
}
_BY_DAY: Final = frozenset({"desert", "snowy", "overcast"})
"""Palettes of daylight: at another time of day that time's colours are drawn."""

_SILHOUETTES: Final = {"sunset": 0.18, "fire": 0.35, "neon": 0.1, "golden": 0.08}
_TINT: Final = 0.36
"""How much of the air's colour there is in the light of the shade."""


def palette_name(plan: ShotPlan) -> str:
    """Return the name of the palette that a plan outdoors has."""
    special = next((name for name in (plan.light, plan.palette) if name in PALETTES), None)
    if special is not None and (plan.time == "day" or special not in _BY_DAY):
        return special
    if plan.time == "night":
        usual = "night_storm" if plan.weather == "storm" else "night"
        return _OF_SETS.get((plan.set, "night"), usual)
    if plan.weather == "storm":
        return "storm"
    if plan.time != "day":
        return plan.time
    if plan.weather == "overcast" and plan.set != "snow":
        return "overcast"
    return _OF_SETS.get((plan.set, "day"), "day")


_AT_NIGHT: Final = 0.64
"""Light on a cast without any daylight: with less, nobody sees a castle before its hill."""


def palette_of(plan: ShotPlan) -> Palette:
    """Return the colours of a plan outdoors."""
    return PALETTES[palette_name(plan)]


def daylight_on(palette: Palette, name: str, *, side: int) -> SceneLight:
    """
    Return what a sky's light makes of a cast.

    Args:
        side: -1 where the sun is on the left, 1 on the right.
    """
    haze = palette.haze
    tint: Array = mix(np.ones(3, F32), haze / max(float(haze.max()), 0.05), _TINT)
    strength = _AT_NIGHT + (1 - _AT_NIGHT) * palette.daylight
    return SceneLight(
        ambient=tint * F32(strength),
        key=palette.sun * F32(0.35 + 0.65 * palette.daylight),
        key_x=0.75 * side,
        key_y=min(1.0, 0.25 + palette.sun_height),
        haze=haze,
        silhouette=_SILHOUETTES.get(name, 0.0),
    )


def firelight(*, side: int) -> SceneLight:
    """
    Return what a camp fire makes of a cast at night.

    Args:
        side: -1 where the fire is on the left, 1 on the right.
    """
    return SceneLight(
        ambient=np.array([0.92, 0.68, 0.56], F32),
        key=np.array([1.0, 0.62, 0.26], F32),
        key_x=0.9 * side,
        key_y=0.1,
        haze=PALETTES["fire"].haze,
    )
