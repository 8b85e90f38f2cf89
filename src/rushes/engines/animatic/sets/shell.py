"""
Paint a built place in perspective once: walls, floor and what stands at the wall.

A shell is a picture larger than the frame with a nearness for each of its points. Nearness grows
evenly from the back wall to the frame's edge, so on a side wall it depends on the column alone and
on a floor on the row alone: when the camera moves, upright lines stay upright.
"""

from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.art import rasterise
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Part
from rushes.engines.animatic.paint.arrays import F32, Array, blur, enlarge
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.colour import yuv
from rushes.engines.animatic.paint.noise import tile
from rushes.engines.animatic.scenes.depth_layer import DepthLayer
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.shot import Shot

_LIGHT_STEP: Final = 4
"""Light is worked out on every fourth pixel."""

Point = tuple[float, float]


class Shell:
    """A picture in the making; places are shares of the frame's width and height."""

    def __init__(self, shot: Shot, box: Box) -> None:
        self.canvas = Canvas(shot)
        self.box = box
        self._frame = (shot.width_px, shot.height_px)
        self.image = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        small = (self.canvas.height // _LIGHT_STEP, self.canvas.width // _LIGHT_STEP)
        self._light = np.ones((*small, 3), F32)
        self._glow = np.zeros((*small, 3), F32)
        self.px: Final = REST_SCALE * shot.height_px
        """Canvas pixels of one frame height."""

    def at(self, x: float, y: float) -> Point:
        """Return the canvas pixel of a place."""
        width, height = self._frame
        return (
            self.canvas.width / 2 + (x - 0.5) * width * REST_SCALE,
            self.canvas.height / 2 + (y - 0.5) * height * REST_SCALE,
        )

    def deep(self, x: float, y: float, depth: float) -> Point:
        """
        Return the place of something inside the box.

        Args:
            x: Across the box, 0.0 at its left wall, 1.0 at its right wall.
            y: Down the box, 0.0 at its ceiling, 1.0 on its floor.
            depth: 0.0 at the back wall, 1.0 at the frame's edge.
        """
        box = self.box
        back = (box.left + (box.right - box.left) * x, box.top + (box.bottom - box.top) * y)
        return back[0] + (x - back[0]) * depth, back[1] + (y - back[1]) * depth

    def fill(self, colour: Array) -> None:
        """Paint everything in one colour of 0.0 to 1.0."""
        self.image[:] = np.clip(colour * 255, 0, 255).astype(np.uint8)

    def quad(self, corners: tuple[Point, Point, Point, Point], texture: Array) -> None:
        """
        Lay a texture onto a quadrangle.

        Args:
            corners: Places of the texture's corners: upper left, upper right, lower right, lower
                left.
            texture: ``(rows, columns, 3)`` uint8 RGB, or with a fourth channel for alpha.
        """
        target = np.array([self.at(*corner) for corner in corners], F32)
        rows, columns = texture.shape[:2]
        source = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], F32)
        left, top = np.floor(np.maximum(target.min(0) - 2, 0)).astype(int)
        right, bottom = np.ceil(target.max(0) + 2).astype(int)
        right, bottom = min(right, self.canvas.width), min(bottom, self.canvas.height)
        if right - left < 2 or bottom - top < 2:
            return
        matrix = cv2.getPerspectiveTransform(source, target - np.array([left, top], F32))
        size = (int(right - left), int(bottom - top))
        laid = cv2.warpPerspective(
            texture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        mask = np.zeros(size[::-1], np.uint8)
        points = np.round((target - np.array([left, top], F32)) * 16).astype(np.int32)
        cv2.fillPoly(mask, [points], (255,), cv2.LINE_AA, 4)
        if laid.shape[2] == 4:
            mask = cv2.multiply(mask, laid[..., 3], scale=1 / 255)
        weight = mask.astype(F32) * F32(1 / 255)
        window = self.image[top:bottom, left:right]
        colour = np.ascontiguousarray(laid[..., :3])
        cv2.blendLinear(colour, window.copy(), weight, 1 - weight, dst=window)

    def floor(self, texture: Array, *, first: float = 0.0, last: float = 1.35) -> None:
        """Lay a texture on the floor, from depth *first* to *last*."""
        self.quad(
            (
                self.deep(0, 1, first),
                self.deep(1, 1, first),
                self.deep(1, 1, last),
                self.deep(0, 1, last),
            ),
            texture,
        )

    def ceiling(self, texture: Array) -> None:
        self.quad(
            (self.deep(0, 0, 1.35), self.deep(1, 0, 1.35), self.deep(1, 0, 0), self.deep(0, 0, 0)),
            texture,
        )

    def left_wall(self, texture: Array) -> None:
        self.quad(
            (self.deep(0, 0, 1.35), self.deep(0, 0, 0), self.deep(0, 1, 0), self.deep(0, 1, 1.35)),
            texture,
        )

    def right_wall(self, texture: Array) -> None:
        self.quad(
            (self.deep(1, 0, 0), self.deep(1, 0, 1.35), self.deep(1, 1, 1.35), self.deep(1, 1, 0)),
            texture,
        )

    def back_wall(self, texture: Array) -> None:
        self.quad(
            (self.deep(0, 0, 0), self.deep(1, 0, 0), self.deep(1, 1, 0), self.deep(0, 1, 0)),
            texture,
        )

    def art(
        self,
        name: str,
        x: float,
        foot: float,
        height: float,
        *,
        tint: float = 1.0,
        flip: bool = False,
        blur_px: float = 0.0,
    ) -> None:
        """
        Stand a picture of the cast's art at a place of the frame.

        Args:
            height: As a share of the frame's height.
            tint: How bright it is.
            blur_px: How far it is out of focus, at 720 px frame height.
        """
        pixels = rasterise(subjects()[name].art, height * self.px).pixels
        if flip:
            pixels = cv2.flip(pixels, 1)
        middle, base = self.at(x, foot)
        if blur_px:
            sigma = blur_px * self.px / 720
            room = int(3 * sigma)
            pixels = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_CONSTANT)
            pixels = blur(pixels, sigma)
            base += room
        rows, columns = pixels.shape[:2]
        left, top = round(middle - columns / 2), round(base - rows)
        first, start = max(left, 0), max(top, 0)
        last = min(left + columns, self.canvas.width)
        end = min(top + rows, self.canvas.height)
        if last <= first or end <= start:
            return
        part = pixels[start - top : end - top, first - left : last - left]
        window = self.image[start:end, first:last]
        seen = cv2.bitwise_not(part[..., 3])
        under = cv2.multiply(window, cv2.merge([seen, seen, seen]), scale=1 / 255)
        window[:] = cv2.add(under, cv2.convertScaleAbs(part[..., :3], alpha=tint))

    # light

    def shade(self, factor: Array) -> None:
        """Multiply the light by ``(rows, columns)`` or ``(rows, columns, 3)`` of any size."""
        rows, columns = self._light.shape[:2]
        grown = enlarge(np.ascontiguousarray(factor, F32), columns, rows)
        self._light *= grown[..., None] if grown.ndim == 2 else grown

    def polygon(self, places: tuple[Point, ...] | list[Point], soft: float) -> Array:
        """
        Return a soft mask of a polygon, for :meth:`add_light` and :meth:`add_glow`.

        Args:
            soft: Width of its edge, as a share of the frame's height.
        """
        mask = np.zeros(self._light.shape[:2], F32)
        points = np.array([self.at(*place) for place in places]) / _LIGHT_STEP * 16
        cv2.fillPoly(mask, [np.round(points).astype(np.int32)], (1.0,), cv2.LINE_AA, 4)
        return blur(mask, max(0.6, soft * self.px / _LIGHT_STEP))

    def spot(self, x: float, y: float, across: float, down: float) -> Array:
        """Return a soft round mask; radii are shares of the frame's height."""
        rows, columns = np.indices(self._light.shape[:2], dtype=F32)
        centre = self.at(x, y)
        dx = (columns * _LIGHT_STEP - F32(centre[0])) / F32(across * self.px)
        dy = (rows * _LIGHT_STEP - F32(centre[1])) / F32(down * self.px)
        mask: Array = np.exp(-(dx * dx) - dy * dy)
        return mask

    def add_light(self, mask: Array, colour: Array) -> None:
        """Light up what is painted where the mask is."""
        self._light += mask[..., None] * colour.astype(F32)

    def add_glow(self, mask: Array, colour: Array) -> None:
        """Add light in the air, whatever is behind it."""
        self._glow += mask[..., None] * colour.astype(F32)

    def occlude(self, strength: float = 0.35, width: float = 0.05) -> None:
        """Darken the edges in which the walls meet."""
        lines = np.zeros(self._light.shape[:2], F32)
        thick = max(1, int(width * self.px / _LIGHT_STEP))
        inner = [self.deep(x, y, 0) for x, y in _CORNERS]
        outer = [self.deep(x, y, 1.35) for x, y in _CORNERS]
        for order in range(4):
            for start, end in (
                (inner[order], inner[(order + 1) % 4]),
                (inner[order], outer[order]),
            ):
                ends = [
                    (round(x / _LIGHT_STEP), round(y / _LIGHT_STEP))
                    for x, y in (self.at(*start), self.at(*end))
                ]
                cv2.line(lines, ends[0], ends[1], (1.0,), thick, cv2.LINE_AA)
        self._light *= (1 - strength * blur(lines, thick * 1.1))[..., None]

    def reflect(self, row: float, strength: float, *, smear: float = 0.03) -> None:
        """Mirror what is above *row*, the foot of the back wall, in the polished floor."""
        line = round(self.at(0, row)[1])
        below = self.image[line:]
        count = min(len(below), line)
        above = cv2.flip(self.image[line - count : line], 0)
        size = max(1, int(smear * self.px)) | 1
        above = cv2.blur(above, (max(1, size // 6) | 1, size))
        fade = np.linspace(strength, strength * 0.35, count, dtype=F32)[:, None]
        corners = [
            self.deep(0, 1, 0),
            self.deep(1, 1, 0),
            self.deep(1, 1, 1.4),
            self.deep(0, 1, 1.4),
        ]
        places = np.array([self.at(*corner) for corner in corners]) - (0, line)
        floor = np.zeros(below.shape[:2], np.uint8)
        cv2.fillPoly(floor, [np.round(places * 16).astype(np.int32)], (255,), cv2.LINE_AA, 4)
        share = fade * floor[:count].astype(F32) * F32(1 / 255)
        cv2.blendLinear(above, below[:count].copy(), share, 1 - share * F32(0.6), dst=below[:count])

    def mirror(self) -> None:
        """Exchange left and right of all that is painted so far."""
        self.image = np.ascontiguousarray(self.image[:, ::-1])
        self._light = np.ascontiguousarray(self._light[:, ::-1])
        self._glow = np.ascontiguousarray(self._glow[:, ::-1])
        self.box = self.box.mirrored()

    def bloom(self, above: float, strength: float) -> None:
        """Let what is brighter than *above* (0.0 to 1.0) glow."""
        rows, columns = self._light.shape[:2]
        small = cv2.resize(self.image, (columns, rows), interpolation=cv2.INTER_AREA)
        bright = np.maximum(small.astype(F32) / 255 - F32(above), 0)
        sigma = 0.018 * self.px / _LIGHT_STEP
        self._glow += (blur(bright, sigma) + 0.6 * blur(bright, sigma * 3.5)) * F32(strength)

    def layer(self, view: View, mask: Array | None = None) -> Part:
        """
        Return the finished picture as a layer.

        Args:
            mask: Where it is seen, ``(rows, columns)`` uint8; None: everywhere.
        """
        height, width = self.image.shape[:2]
        light = enlarge(self._light, width // 2, height // 2)
        glow = enlarge(self._glow * F32(255), width // 2, height // 2)
        rows = max(64, height // 8)
        for first in range(0, height, rows):
            # In strips, for whole canvases of float32 would take most of the memory.
            end = min(height, first + rows)
            half = slice(first // 2, (end + 1) // 2)
            lit = enlarge(light[half], width, end - first)
            added = enlarge(glow[half], width, end - first)
            strip = cv2.multiply(self.image[first:end], lit, dtype=cv2.CV_32F)
            strip = cv2.add(strip, added)
            painted = yuv(cv2.convertScaleAbs(strip))
            if mask is not None:
                seen = mask[first:end]
                painted = cv2.multiply(painted, cv2.merge([seen, seen, seen]), scale=1 / 255)
            self.canvas.yuv[first:end] = painted
        self.canvas.alpha[:] = 255 if mask is None else mask
        self.canvas.depth[:] = self._nearness(self.canvas.depth.shape)
        deep = DepthLayer(self.canvas, view, soften=1.0)
        return Part(
            self.box.far - 0.02,
            lambda _, t, planes: deep.draw(t, planes),
            moves_at=float(self.canvas.depth.max()),
        )

    def _nearness(self, shape: tuple[int, ...]) -> Array:
        """Return the nearness of each point, on a coarse grid."""
        rows, columns = shape
        width, height = self._frame
        spread_x = self.canvas.width / (width * REST_SCALE)
        spread_y = self.canvas.height / (height * REST_SCALE)
        x = 0.5 + (np.arange(columns, dtype=F32) + F32(0.5) - columns / 2) / columns * spread_x
        y = 0.5 + (np.arange(rows, dtype=F32) + F32(0.5) - rows / 2) / rows * spread_y
        box = self.box
        across = np.maximum((box.left - x) / max(box.left, 0.02),
                            (x - box.right) / max(1 - box.right, 0.02))  # fmt: skip
        down = np.maximum((box.top - y) / max(box.top, 0.02),
                          (y - box.bottom) / max(1 - box.bottom, 0.02))  # fmt: skip
        depth = np.clip(np.maximum(across[None], down[:, None]), 0, 1.4)
        return (F32(box.far) + F32(box.near - box.far) * depth).astype(F32)


_CORNERS: Final = ((0, 0), (1, 0), (1, 1), (0, 1))


def grained(texture: Array, strength: float, *, seed: int = 3, beta: float = 1.4) -> Array:
    """Return a texture with soft spots, so that no surface is flat."""
    rows, columns = texture.shape[:2]
    noise = enlarge(tile(256, beta, 3 + seed % 5), columns, rows)
    factor = 1 + (noise - 0.5) * 2 * strength
    return cv2.multiply(texture, cv2.merge([factor, factor, factor]), dtype=cv2.CV_8U)


def as_bytes(texture: Array) -> Array:
    """Return colours of 0 to 255 as uint8."""
    rounded: Array = np.clip(texture, 0, 255).astype(np.uint8)
    return rounded


def plain(colour: Array, rows: int = 96, columns: int = 160) -> Array:
    """Return a texture of one colour of 0.0 to 1.0."""
    texture = np.empty((rows, columns, 3), np.uint8)
    texture[0] = np.clip(colour * 255, 0, 255).astype(np.uint8)
    texture[1:] = texture[0]  # row by row, which is faster than pixel by pixel
    return texture
