"""A city: three skylines with lit windows, and neon signs that glow."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import LIGHT_TO_YUV, between, mix, rgb, yuv, yuv_of
from rushes.engines.animatic.scenes.palettes import Palette

_SKYLINES: Final = 3
_WINDOW_CODES: Final = ("#ffd38a", "#ffe2b0", "#bfe0ff", "#ffc070")
_NEON_WINDOW_CODES: Final = (*_WINDOW_CODES, *("#ff5ad0", "#43e8ff") * 2)
_SIGN_CODES: Final = ("#ff2fa8", "#25e6ff", "#ffb02f", "#9a5bff")
_SIGN_SIZES: Final = ((6, 46), (10, 80), (26, 20))
_GLOW_STEP_PX: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One building on the canvas, in pixels."""

    left: int
    right: int
    top: int
    foot: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.foot - self.top


class CityPainter:
    """Paints a city onto a canvas, far skyline first."""

    def __init__(
        self, canvas: Canvas, chance: np.random.Generator, palette: Palette, *, neon: bool
    ) -> None:
        self._canvas, self._chance, self._palette = canvas, chance, palette
        self._neon = neon
        self._dark = neon or palette.stars > 0.05
        self._glow = np.zeros(
            (canvas.height // _GLOW_STEP_PX, canvas.width // _GLOW_STEP_PX, 3), F32
        )

    def paint(self, horizon: float) -> None:
        for order in range(_SKYLINES):
            self._skyline(order, horizon)
            if order < _SKYLINES - 1:
                self._street_haze(horizon)
        if self._neon:
            self._add_glow()

    def _skyline(self, order: int, horizon: float) -> None:
        canvas, chance = self._canvas, self._chance
        share = order / (_SKYLINES - 1)
        x = -20.0
        while x < canvas.width + 20:
            width = chance.uniform(34, 84) * between(0.7, 1.35, share) * canvas.unit
            block = _Block(
                left=max(0, int(x)),
                right=min(canvas.width, int(x + width)),
                top=max(0, int(horizon - self._height(x, share))),
                foot=int(horizon + 6 * canvas.unit),
            )
            if block.width > 6:
                self._building(block, order, share)
            x += width * chance.uniform(0.7, 1.15)

    def _height(self, x: float, share: float) -> float:
        """Return a building's height: far ones peak in the middle, near ones at the sides."""
        from_middle = abs(x / self._canvas.width - 0.5)
        tallest = between(360, 280, share)
        lowest = between(60, 20, share)
        shape = between(1.2 - 0.6 * from_middle, 0.35 + 1.7 * from_middle, share)
        return float(self._chance.beta(2, 3.2) * tallest + lowest) * self._canvas.unit * shape

    def _building(self, block: _Block, order: int, share: float) -> None:
        colour = mix(self._palette.haze, self._palette.land, between(0.34, 0.92, share))
        self._walls(block, colour, share)
        self._windows(block, colour, share)
        if order and self._chance.random() < 0.22:
            self._antenna(block, colour)
        tall = block.height > 90 * self._canvas.unit
        if self._neon and order and self._chance.random() < 0.55 and tall:
            self._sign(block)

    def _walls(self, block: _Block, colour: Array, share: float) -> None:
        canvas = self._canvas
        across = mix(1.15, 0.8, np.linspace(0, 1, block.width, dtype=F32))[None, :, None]
        lit_foot = 1.3 if self._dark else 0.9
        down = mix(1.0, lit_foot, np.linspace(0, 1, block.height, dtype=F32) ** 2)[:, None, None]
        rows, columns = slice(block.top, block.foot), slice(block.left, block.right)
        canvas.yuv[rows, columns] = yuv(colour * across * down)
        canvas.alpha[rows, columns] = 255
        coarse = np.s_[block.top // 8 : block.foot // 8 + 1, block.left // 8 : block.right // 8 + 1]
        canvas.depth[coarse] = between(0.14, 0.3, share)

    def _windows(self, block: _Block, colour: Array, share: float) -> None:
        chance, unit = self._chance, self._canvas.unit
        width, height = round(between(4, 7, share) * unit), round(between(5, 8, share) * unit)
        width, height = max(2, width), max(2, height)
        columns, rows = block.width // (width * 2), block.height // (height * 2)
        if columns < 1 or rows < 2:
            return
        pane = np.pad(
            np.ones((height, width), bool),
            ((height // 2, height - height // 2), (width // 2, width - width // 2)),
        )
        lit = np.kron(chance.random((rows, columns)) < (0.32 if self._dark else 0.12), pane)
        top, left = block.top + 4, block.left + (block.width - lit.shape[1]) // 2
        facade = self._canvas.yuv[top : top + lit.shape[0], left : left + lit.shape[1]]
        lamp = rgb(str(chance.choice(_NEON_WINDOW_CODES if self._neon else _WINDOW_CODES)))
        strength = between(0.5, 0.9, share) * (1 if self._dark else 0.45)
        facade[lit[: facade.shape[0], : facade.shape[1]]] = yuv_of(
            mix(colour * 1.2, lamp, strength)
        )

    def _antenna(self, block: _Block, colour: Array) -> None:
        canvas = self._canvas
        x = (block.left + block.right) // 2
        start, end = (x, block.top + 2), (x, int(block.top - 34 * canvas.unit))
        cv2.line(canvas.yuv, start, end, yuv_of(colour).tolist(), 2, cv2.LINE_AA)
        cv2.line(canvas.alpha, start, end, (255,), 2, cv2.LINE_AA)

    def _sign(self, block: _Block) -> None:
        chance, unit = self._chance, self._canvas.unit
        colour = rgb(str(chance.choice(_SIGN_CODES)))
        wide, tall = _SIGN_SIZES[int(chance.integers(len(_SIGN_SIZES)))]
        left = int(block.left + block.width * chance.uniform(0.1, 0.6))
        top = int(block.top + block.height * chance.uniform(0.08, 0.35))
        right, foot = left + int(wide * unit) + 2, top + int(tall * unit) + 4
        painted = yuv_of(colour * 0.9 + 0.1).tolist()
        cv2.rectangle(self._canvas.yuv, (left, top), (right, foot), painted, -1)
        step = _GLOW_STEP_PX
        corner, other = (left // step, top // step), (right // step, foot // step)
        cv2.rectangle(self._glow, corner, other, colour.tolist(), -1)

    def _street_haze(self, horizon: float) -> None:
        """Lay haze between two skylines, thickest at the ground."""
        canvas = self._canvas
        first = max(0, int(horizon - 260 * canvas.unit)) // 2 * 2
        last = int(horizon) // 2 * 2
        rows = np.arange(first, last, dtype=F32)
        thick = np.exp(-(horizon - rows) / (85 * canvas.unit)) * (0.55 if self._dark else 0.7)
        mask = np.repeat(thick[:, None], canvas.width, 1) * (canvas.alpha[first:last] > 0)
        haze = self._palette.haze * F32(1.25 if self._neon else 1)
        body = np.broadcast_to(haze, ((last - first) // 2, canvas.width // 2, 3))
        canvas.put(first, mask.astype(F32), body)

    def _add_glow(self) -> None:
        canvas = self._canvas
        light = blur(self._glow, 4 * canvas.unit) * 1.1 + blur(self._glow, 20 * canvas.unit) * 2.2
        added = enlarge(cv2.transform(light, LIGHT_TO_YUV), canvas.width, canvas.height)
        cv2.add(canvas.yuv, added * (canvas.alpha[..., None] > 0), dst=canvas.yuv, dtype=cv2.CV_8U)
