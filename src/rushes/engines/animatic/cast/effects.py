"""Steam, smoke, dust, sparks and flames that rise from a cast member."""

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.cast.compositing import Stamp, stamp_of
from rushes.engines.animatic.layers import SceneLight
from rushes.engines.animatic.paint.arrays import F32, Array, floats, to_bytes
from rushes.engines.animatic.paint.colour import rgb, yuv_of
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.shot import Shot

_PUFF_PX: Final = 64
_LEVELS: Final = 12
_STAMP_STEP_PX: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plume:
    """How puffs leave a member; lengths in its heights, forward and up positive."""

    at: tuple[float, float]
    """Where they are born: in half widths from the middle, and in heights."""

    drift: tuple[float, float]
    """How far a puff gets in its life."""

    size: tuple[float, float]
    """Diameter when it is born and when it is gone."""

    opacity: float
    colour: str
    count: int = 7
    per_5s: float = 3.0
    wander: float = 0.05
    steady: bool = False
    """One puff that stays: the glow of a lamp."""

    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Puff:
    """One puff in one frame; pixels relative to the member's foot, forward and up positive."""

    x: float
    y: float
    size: float
    strength: float


_CUP: Final = Plume(
    at=(0.0, 0.95), drift=(0.10, 1.1), size=(0.16, 0.55), opacity=0.34, colour="#ffffff", count=8
)
_SMOKE: Final = Plume(
    at=(0.0, 0.85), drift=(-0.25, 1.0), size=(0.25, 0.8), opacity=0.30, colour="#4a4542", count=7,
    behind=True,
)  # fmt: skip
_STACK: Final = Plume(
    at=(0.52, 0.98), drift=(-1.5, 0.75), size=(0.10, 0.62), opacity=0.55, colour="#d8d4cf",
    count=12, per_5s=4.0,
)  # fmt: skip
_DUST: Final = Plume(
    at=(-0.80, 0.05), drift=(-1.1, 0.20), size=(0.12, 0.62), opacity=0.30, colour="#b79f7d",
    count=10, per_5s=5.0, behind=True,
)  # fmt: skip
_HOOVES: Final = Plume(
    at=(-0.55, 0.03), drift=(-0.55, 0.10), size=(0.08, 0.34), opacity=0.26, colour="#b79f7d",
    count=7, per_5s=6.0, behind=True,
)  # fmt: skip
_WAKE: Final = Plume(
    at=(-0.80, 0.02), drift=(-0.8, 0.03), size=(0.08, 0.30), opacity=0.30, colour="#eef6fa",
    count=8, per_5s=4.0,
)  # fmt: skip
_JET: Final = Plume(
    at=(-0.62, 0.16), drift=(-0.45, -0.45), size=(0.26, 0.05), opacity=0.75, colour="#ffb347",
    count=10, per_5s=14.0, behind=True,
)  # fmt: skip
_BREATH: Final = Plume(
    at=(0.85, 0.70), drift=(1.0, -0.12), size=(0.06, 0.42), opacity=0.8, colour="#ff8a1e", count=16,
    per_5s=9.0,
)  # fmt: skip
_GLOW: Final = Plume(
    at=(0.0, 0.5), drift=(0.0, 0.0), size=(1.9, 1.9), opacity=0.45, colour="#ffc46a", count=1,
    per_5s=3.0, steady=True,
)  # fmt: skip
_SPARKS: Final = Plume(
    at=(0.0, 0.35), drift=(0.12, 1.15), size=(0.045, 0.02), opacity=0.95, colour="#ffb347",
    count=12, per_5s=5.0, wander=0.22,
)  # fmt: skip
_FORGE: Final = Plume(
    at=(0.9, 0.42), drift=(0.18, -0.30), size=(0.022, 0.012), opacity=0.95, colour="#ffd65a",
    count=12, per_5s=16.0, wander=0.10,
)  # fmt: skip
_TRAINS: Final = {
    "locomotive": _STACK,
    "steam-locomotive": _STACK,
    "steam-train": replace(_STACK, at=(0.78, 0.95), drift=(-2.2, 0.9), size=(0.16, 0.9)),
    "ship": replace(_STACK, at=(-0.1, 1.0), drift=(-1.2, 0.35), size=(0.06, 0.3)),
    "factory": replace(_STACK, at=(-0.3, 1.0), drift=(-0.5, 0.6), size=(0.08, 0.4)),
    "volcano": replace(_STACK, at=(0.0, 0.95), drift=(-0.3, 0.8), size=(0.2, 0.8), opacity=0.4),
}
"""What smokes of itself."""

_SMITHS: Final = frozenset({"blacksmith", "factory-worker", "man-factory-worker"})
_BREATHERS: Final = frozenset({"dragon", "western-dragon"})
"""Who breathes fire rather than burn."""

_LAMPS: Final = {
    "street-lamp": (0.0, 0.80),
    "lantern": (0.0, 0.45),
    "red-paper-lantern": (0.0, 0.5),
    "floor-lamp": (0.0, 0.80),
    "desk-lamp": (0.3, 0.55),
    "table-lamp": (0.0, 0.7),
    "candle": (0.0, 0.85),
    "diya-lamp": (0.0, 0.6),
    "light-bulb": (0.0, 0.65),
    "jack-o-lantern": (0.0, 0.45),
    "campfire": (0.0, 0.45),
    "fire": (0.0, 0.4),
    "fireplace": (0.0, 0.3),
    "lighthouse": (0.0, 0.88),
    "chandelier": (0.0, 0.7),
}
"""Where the light of a lamp is, in half widths and heights."""

_DARK: Final = 0.6
"""Ambient light below which lamps are seen to shine."""


def is_burnt(subject: Subject) -> bool:
    """Judge whether what burns is consumed by it, rather than a flame or a dragon."""
    return subject.rig not in {"flame", "candle"} and subject.id not in _BREATHERS


def plumes_of(subject: Subject, action: Action) -> tuple[Plume, ...]:
    """Return what rises from a subject that does this."""
    burns = action is Action.BURN and subject.id not in _BREATHERS
    moving = action in {Action.DRIVE, Action.ROLL, Action.RUN}
    claims = (
        (burns and subject.rig not in {"flame", "candle"}, _SMOKE),
        (burns and subject.rig != "candle", _SPARKS),
        (action is Action.BURN and subject.id in _BREATHERS, _BREATH),
        (subject.id in _TRAINS, _TRAINS.get(subject.id, _STACK)),
        (action is Action.WORK and subject.id in _SMITHS, _FORGE),
        (subject.rig == "rocket" and action is not Action.STAND and subject.id != "meteor", _JET),
        (action is Action.STEAM and subject.id not in _TRAINS, _CUP),
        (subject.rig == "wheels" and moving and subject.kind == "vehicle", _DUST),
        (subject.rig in {"gait", "gallop", "beast"} and action is Action.RUN, _HOOVES),
        (subject.rig == "boat" and action in {Action.DRIVE, Action.SAIL}, _WAKE),
    )
    return tuple(plume for holds, plume in claims if holds)


def emitters_of(
    shot: Shot,
    subject: Subject,
    action: Action,
    height_px: float,
    width_px: float,
    *,
    light: SceneLight,
    haze: float,
) -> tuple["Emitter", ...]:
    """Return the emitters of one member of that height and width."""
    plumes = list(plumes_of(subject, action))
    if subject.id in _LAMPS and float(np.mean(light.ambient)) < _DARK:
        plumes.append(replace(_GLOW, at=_LAMPS[subject.id]))
    return tuple(
        Emitter(
            shot, plume, (width_px, height_px), light=light, haze=haze, name=f"{subject.id}/{order}"
        )
        for order, plume in enumerate(plumes)
    )


class Emitter:
    """Puffs that are born, drift, grow and fade, in whole rounds of the clip."""

    def __init__(
        self,
        shot: Shot,
        plume: Plume,
        size_px: tuple[float, float],
        *,
        light: SceneLight,
        haze: float,
        name: str,
    ) -> None:
        self._plume = plume
        self._half, self._height = size_px[0] / 2, size_px[1]
        self.behind = plume.behind
        self._rounds = shot.rounds(plume.per_5s)
        chance = shot.chance(f"plume/{name}")
        self._births = (np.arange(plume.count) + chance.random(plume.count) * 0.7) / plume.count
        self._angles = chance.uniform(0, 2 * math.pi, plume.count)
        self._reach = chance.uniform(0.75, 1.2, plume.count)
        hot = plume.colour in {"#ff8a1e", "#ffd65a", "#ffb347", "#ffc46a"}
        lit = floats(rgb(plume.colour))
        if not hot:
            lit = lit * np.clip(floats(light.ambient) * 1.05, 0, 1)
            lit = lit + (floats(light.haze) - lit) * F32(haze)
        ragged = 0.0 if plume.steady else 0.35
        self._stamps: dict[tuple[int, int], Stamp] = {}
        self._blocks = [_puff_block(lit, level / (_LEVELS - 1), ragged) for level in range(_LEVELS)]

    def block(self, strength: float) -> Array:
        """Return the puff at an opacity of 0.0 to 1.0, ready to be laid over a frame."""
        return self._blocks[_level(strength)]

    def stamp(self, strength: float, size_px: float) -> Stamp:
        """Return the puff at about that size on the screen, made once for many frames."""
        size = max(1, round(size_px / _STAMP_STEP_PX)) * _STAMP_STEP_PX
        key = (_level(strength), size)
        if key not in self._stamps:
            self._stamps[key] = stamp_of(self.block(strength), size)
        return self._stamps[key]

    def puffs(self, t: float) -> list[Puff]:
        """Return the puffs of a moment."""
        plume, tall = self._plume, self._height
        found: list[Puff] = []
        chances = zip(self._births, self._angles, self._reach, strict=True)
        for birth, angle, reach in chances:
            age = (t * self._rounds + float(birth)) % 1.0
            fade = min(1.0, age * 6) * (1 - age) ** 1.2
            if plume.steady:
                age, fade = 0.0, 0.9 + 0.1 * math.sin(2 * math.pi * t * self._rounds)
            aside = plume.wander * math.sin(float(angle) + 5.0 * age) * (0.3 + age)
            size = plume.size[0] + (plume.size[1] - plume.size[0]) * age
            if _level(plume.opacity * fade) == 0:
                continue  # it would be drawn, and change nothing
            found.append(
                Puff(
                    x=plume.at[0] * self._half
                    + (plume.drift[0] * age * float(reach) + aside) * tall,
                    y=(plume.at[1] + plume.drift[1] * age * float(reach)) * tall,
                    size=max(2.0, size * tall),
                    strength=plume.opacity * fade,
                )
            )
        return found


def _level(opacity: float) -> int:
    """Return which of the blocks shows an opacity of 0.0 to 1.0; the first one is clear."""
    return min(_LEVELS - 1, max(0, round(opacity * (_LEVELS - 1))))


def _puff_block(colour: Array, opacity: float, ragged: float) -> Array:
    """Return a soft blob; *ragged* is how uneven its edge is."""
    rows, columns = np.mgrid[0:_PUFF_PX, 0:_PUFF_PX].astype(F32)
    middle = (_PUFF_PX - 1) / 2
    distance = np.hypot(rows - middle, columns - middle) / middle
    uneven = tile(256, 1.6, 11)[:_PUFF_PX, :_PUFF_PX]
    solid = np.clip(1.05 - distance - ragged * (uneven - 0.35), 0, 1)
    alpha = (np.clip(solid * 1.7, 0, 1) ** 1.3 if ragged else solid**2.2) * F32(opacity)
    inks = [to_bytes(alpha, float(value)) for value in yuv_of(colour)]
    return cv2.merge([*inks, to_bytes(1 - alpha, 255)])
