"""Dunes: a lit windward side, and a slip face in shadow below each crest."""

import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, floats
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import between, mix, rgb, smooth_step
from rushes.engines.animatic.paint.noise import line
from rushes.engines.animatic.scenes.palettes import Palette

_RIDGES = 5


def paint_dunes(
    canvas: Canvas,
    chance: np.random.Generator,
    palette: Palette,
    *,
    horizon: float,
    sun_side: int,
) -> None:
    shares = [order / (_RIDGES - 1) for order in range(_RIDGES)]
    tops = [_crest(canvas, chance, horizon, share) for share in shares]
    for order, (share, top, nearer) in enumerate(zip(shares, tops, [*tops[1:], None], strict=True)):
        first, rows = canvas.rows_below(top, nearer)
        below = np.maximum(rows - top[::2][None], 0) / canvas.unit
        coarse = canvas.noise(len(rows), tile_px=800, seed=7 * order + 3, beta=2.0, squeeze=1.4)
        fine = canvas.noise(len(rows), tile_px=560, seed=5 * order + 1, beta=1.3, squeeze=2.2)
        lit = _lit(canvas, top, below, coarse, share=share, sun_side=sun_side)
        ripples = np.sin(below * between(1.1, 0.34, share) + 30 * coarse + 5 * fine)
        texture = ripples * F32(0.045 * share) * lit + (fine - 0.5) * F32(0.07)
        body = mix(_shadow(palette, share), _sunlit(palette, share), lit[..., None])
        body = body * ((1 + texture) * (1.05 - 0.24 * smooth_step(0, 330, below)))[..., None]
        body = body + palette.sun * (0.16 * np.exp(-below / 3.5) * lit)[..., None]
        canvas.put(
            first, canvas.mask_below(first, top, len(rows)), body, between(0.05, 0.95, share)
        )


def _crest(canvas: Canvas, chance: np.random.Generator, horizon: float, share: float) -> Array:
    wave = line(chance, canvas.columns * between(1.5, 0.5, share) / canvas.unit, beta=1.9, lowest=4)
    wave = mix(wave, 1 - 2 * np.abs(wave), 0.62)
    drop = 10 + 235 * share**1.35 - between(40, 120, share) * (0.5 + 0.5 * wave)
    return floats(horizon + drop * canvas.unit)


def _lit(
    canvas: Canvas, top: Array, below: Array, coarse: Array, *, share: float, sun_side: int
) -> Array:
    slope = np.gradient(blur(top[None], between(3, 7, share) * canvas.unit)[0]) * sun_side
    wander = (coarse - 0.5) * (30 + below * 0.55) * canvas.unit
    columns = canvas.columns[::2][None] - sun_side * below * canvas.unit * 1.15 + wander
    index = np.clip(columns, 0, canvas.width - 1).astype(np.int32)
    lit = smooth_step(-0.10, 0.06, slope[index].astype(F32))
    return floats(np.maximum(lit, smooth_step(40, between(120, 330, share), below)))


def _sunlit(palette: Palette, share: float) -> Array:
    near = mix(palette.haze, palette.sun * rgb("#efc084"), between(0.5, 1, share))
    return mix(near, palette.land * F32(1.75), F32(0.5 * share + 0.1))


def _shadow(palette: Palette, share: float) -> Array:
    return mix(palette.haze * F32(0.84), palette.land * F32(0.7), between(0.4, 1, share))
