"""Draw the air of a scene: rain, fog, light shafts, sparks and falling leaves."""

from collections.abc import Callable
from typing import Final

import numpy as np

from rushes.core.shot_plan import ROOMS, Effect, ShotPlan
from rushes.engines.animatic.layers import Ground, Layer, Part
from rushes.engines.animatic.paint.arrays import F32, Planes
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.particles import Particles
from rushes.engines.animatic.scenes.fire import Fire
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.weather import Aurora, Fog, Lightning, Shafts
from rushes.engines.animatic.sets.moving_water import rain_splashes
from rushes.engines.animatic.shot import Shot

_PARTICLES: Final = {
    Effect.RAIN: "rain",
    Effect.SNOW: "snow",
    Effect.DUST: "dust",
    Effect.SPARKS: "embers",
    Effect.EMBERS: "embers",
    Effect.FIRE: "embers",
    Effect.FIREFLIES: "fireflies",
    Effect.PETALS: "petals",
    Effect.LEAVES: "leaves",
    Effect.BUBBLES: "bubbles",
    Effect.CONFETTI: "confetti",
}
_MOST_KINDS: Final = 2
_UNDER_A_ROOF: Final = frozenset({*ROOMS, "cave", "stage", "studio", "table"})
_LEAFY: Final = frozenset({"forest", "garden", "meadow", "lake", "mountain", "road", "railway"})
"""Where wind blows leaves about."""


FOG_NEARNESS: Final = 0.5
"""In front of the distance, behind the main subject."""

_SMOKE: Final = rgb("#55565a")
_STEAM: Final = rgb("#e6e8ea")


def air_layers(
    shot: Shot, plan: ShotPlan, palette: Palette, ground: Ground, *, sun_x: float, usual: str = ""
) -> list[Layer]:
    """
    Return the layers of a plan's effects.

    Args:
        sun_x: Where the main light comes from, -1.0 left to 1.0 right.
        usual: A kind of particles that the set has where the plan names none.
    """
    effects = plan.effects
    layers: list[Layer] = []
    if Effect.AURORA in effects:
        aurora = Aurora(shot, horizon=ground.horizon)
        layers.append(_in_sky(aurora.draw, shot, ground, 0.01, slow=True))
    if Effect.LIGHTNING in effects:
        lightning = Lightning(shot, horizon=ground.horizon)
        layers.append(_in_sky(lightning.draw_sky, shot, ground, 0.02))
        layers.append(_part(lightning.draw_flash, 0.97))
    if Effect.RAIN in effects and not (
        ground.is_air or ground.is_open_water or plan.set in _UNDER_A_ROOF
    ):
        layers.append(rain_splashes(shot, ground))
    thick = {
        Effect.FOG: (mix(palette.haze, np.full(3, palette.daylight, F32), 0.3), 1.0),
        Effect.SMOKE: (_SMOKE * F32(0.4 + 0.6 * palette.daylight), 0.75),
        Effect.STEAM: (_STEAM * F32(palette.daylight), 0.55),
    }
    for effect, (colour, thickness) in thick.items():
        if effect in effects:
            fog = Fog(shot, colour, horizon=ground.horizon, thickness=thickness)
            layers.append(_part(fog.draw, FOG_NEARNESS, slow=True))
            break
    if Effect.LIGHT_SHAFTS in effects:
        strength = 9.0 if plan.time == "night" else 30.0
        shafts = Shafts(shot, source=sun_x * 0.5, strength=strength, spread=0.35, falling=1.5)
        layers.append(_part(shafts.draw, 0.85))
    if Effect.FIRE in effects:
        fire = Fire(shot, centre=0.5, foot=1.06, width=0.85, height=0.5)
        layers.append(_part(fire.draw, 0.88))
    kinds = _particles(plan, usual)
    if kinds:
        layers.append(_part(Particles(shot, kinds[:_MOST_KINDS]).draw, 0.95))
    return layers


def _particles(plan: ShotPlan, usual: str) -> list[str]:
    """Return the kinds of particles in the air of a plan."""
    kinds = [_PARTICLES[one] for one in plan.effects if one in _PARTICLES]
    if not kinds and Effect.WIND in plan.effects and plan.set in _LEAFY:
        kinds = ["leaves"]
    if usual and not kinds:
        kinds = [usual]
    return list(dict.fromkeys(kinds))


def wind_of(plan: ShotPlan) -> float:
    """Return how strongly cloth and leaves move, 0.0 to 1.0."""
    if Effect.WIND in plan.effects or plan.weather == "storm":
        return 1.0
    return 0.3


def _part(draw: Callable[[float, Planes], None], nearness: float, *, slow: bool = False) -> Part:
    """Return a layer that the camera does not move."""
    moves_at = 0.0 if slow else None
    return Part(nearness, lambda _, t, planes: draw(t, planes), moves_at=moves_at)


def _in_sky(
    draw: Callable[[float, Planes], None],
    shot: Shot,
    ground: Ground,
    nearness: float,
    *,
    slow: bool = False,
) -> Part:
    rows = min(shot.height_px // 2, int(shot.height_px * ground.horizon / 2) + 6)

    def paint(_: int, t: float, planes: Planes) -> None:
        draw(t, Planes(planes.y[: 2 * rows], planes.u[:rows], planes.v[:rows]))

    return Part(nearness, paint, moves_at=0.0 if slow else None)
