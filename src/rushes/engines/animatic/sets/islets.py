"""Rocks in the water under what stands far out: a lighthouse, a castle, a cabin."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from rushes.core.shot_plan import Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.layer import CastLayer
from rushes.engines.animatic.layers import Ground, Layer, Part
from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import line
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.sets.subject_frames import SPANS
from rushes.engines.animatic.shot import Shot

_AFLOAT: Final = frozenset({"boat", "nature", "sky", "aircraft", "fish"})


def islets(
    shot: Shot, view: View, ground: Ground, palette: Palette, cast: Sequence[CastLayer]
) -> list[Layer]:
    """Return a rock for each member that stands in the distance of a water."""
    if not ground.is_open_water:
        return []
    canvas = Canvas(shot)
    standing = [layer for layer in cast if _needs_rock(layer)]
    for order, layer in enumerate(standing):
        _paint(canvas, shot, palette, layer, name=f"islet/{order}")
    if canvas.is_empty():
        return []
    nearness = max(layer.nearness for layer in standing) + 0.0005
    flat = FlatLayer(canvas, view, nearness=nearness)
    return [Part(nearness, lambda _, t, planes: flat.draw(t, planes))]


def _needs_rock(layer: CastLayer) -> bool:
    subject = subjects()[layer.member.subject]
    return (
        layer.member.plane is Plane.BACKGROUND
        and layer.member.on is None
        and subject.kind not in _AFLOAT
        and subject.id not in SPANS
    )


def _paint(canvas: Canvas, shot: Shot, palette: Palette, layer: CastLayer, *, name: str) -> None:
    """Paint a mound that covers the foot of what stands on it."""
    chance = shot.chance(name)
    size = REST_SCALE
    middle = canvas.width / 2 + (layer.spot.x_px - shot.width_px / 2) * size
    foot = canvas.height / 2 + (layer.spot.foot_px - shot.height_px / 2) * size
    half = max(0.95 * layer.width_px, 0.4 * layer.height_px) * size
    tall = max(0.1 * layer.height_px, 0.2 * layer.width_px) * size
    across = (canvas.columns - F32(middle)) / F32(half)
    rough = 1 + 0.22 * line(chance, canvas.columns * (400 / half), beta=1.3, lowest=6)
    mound = np.clip(1 - np.abs(across) ** 2.6, 0, 1) ** 0.7 * rough
    top = (foot + 0.5 * tall - tall * mound).astype(F32)
    end = int(foot + 0.5 * tall)
    first, rows = canvas.rows_below(np.minimum(top, F32(end - 2)))
    rows = rows[: max(2, (end - first) // 2)]
    mask = canvas.mask_below(first, top, len(rows)) * (np.abs(across) < 1)[None]
    noise = canvas.noise(len(rows), tile_px=400, seed=7, beta=1.1)
    down = np.clip((rows - top[::2][None]) / F32(max(tall, 1.0)), 0, 1)
    rock = mix(rgb("#6d665c") * F32(0.3 + 0.7 * palette.daylight), palette.haze, 0.25)
    body = rock * (0.55 + 0.9 * noise)[..., None]
    body = mix(body, palette.grass, (smooth_step(0.34, 0.05, down) * 0.55)[..., None])
    canvas.put(first, mask, body * (1.05 - 0.4 * down)[..., None])
