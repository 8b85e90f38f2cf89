"""Lay out a place in the open, painted once: sky, hills, level ground and what grows there."""

from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import Effect, Plane, ShotPlan
from rushes.engines.animatic.cast.art import rasterise
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Ground, Layer
from rushes.engines.animatic.paint.arrays import F32, Array, enlarge
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import eye_level
from rushes.engines.animatic.sets.light import daylight_on, palette_name, palette_of
from rushes.engines.animatic.sets.painted_set import PaintedSet
from rushes.engines.animatic.sets.room import Box
from rushes.engines.animatic.sets.shell import Point, Shell, as_bytes
from rushes.engines.animatic.sets.street import paint_sky
from rushes.engines.animatic.sets.subject_frames import FAR_SPANS
from rushes.engines.animatic.sets.texture_brush import tone
from rushes.engines.animatic.shot import Shot

DARK_TIMES: Final = frozenset({"night", "sunset"})
"""Times of the day at which lamps and windows are lit."""

_FAR, _NEAR = 0.3, 0.62
_SPAN, _SPAN_HAZE = 0.4, 0.28
"""Height of mountains and skylines at the horizon, and how much of them haze hides."""

_LOW: Final = 0.25
"""Height of the sun below which it looks large."""

_AT_NIGHT: Final = 0.42
"""How bright things are without any daylight."""


class OpenAir:
    """
    A painting of open land under the sky.

    Places on the ground have an ``x``, a share of the frame's width at its lower edge,
    and by a *size*: 0.0 at the horizon, 1.0 at the frame's lower edge, as large as things are.
    """

    def __init__(self, shot: Shot, plan: ShotPlan, *, horizon: float = 0.5) -> None:
        self.shot, self.plan = shot, plan
        self.palette = palette_of(plan)
        self.level = eye_level(horizon, plan.framing)
        self.horizon = self.level.horizon
        box = Box(left=-1.0, top=-1.0, right=2.0, bottom=self.horizon + 0.01, far=_FAR, near=_NEAR)
        self.shell = Shell(shot, box)
        self.chance = shot.chance("open air")
        self.side = 1 if shot.chance("sun").random() < 0.5 else -1
        self.daylight = _AT_NIGHT + (1 - _AT_NIGHT) * self.palette.daylight
        if plan.time == "night":
            self.daylight = _AT_NIGHT
        paint_sky(self.shell, self.palette, self.horizon + 0.02)
        hidden = Effect.AURORA in plan.effects or any(
            member.subject.endswith("-moon") or member.subject == "sun" for member in plan.cast
        )
        if self.palette.sun_shows and not hidden:
            self._paint_sun()
        for member in plan.cast:
            if member.plane is Plane.BACKGROUND and member.subject in FAR_SPANS:
                self._paint_span(member.subject, 0.5 if member.x is None else member.x)

    def _paint_sun(self) -> None:
        """Paint the sun, or the moon at night, as high as the time of day has it."""
        place = (0.5 + 0.3 * self.side, self.horizon * (1 - self.palette.sun_height))
        radius = 0.05 if self.palette.sun_height < _LOW else 0.034
        colour = self.palette.sun
        self.shell.add_glow(self.shell.spot(*place, 0.16, 0.16), colour * F32(0.2 * self.daylight))
        self.blot(place, (radius, radius), colour)

    def _paint_span(self, name: str, x: float) -> None:
        """Paint mountains or a skyline along the whole horizon, around *x*."""
        pixels = rasterise(subjects()[name].art, _SPAN * self.shell.px).pixels
        wide = pixels.shape[1] / self.shell.px * self.shot.height_px / self.shot.width_px
        copies = round(0.7 / wide) + 1
        for order in range(-copies, copies + 1):
            picture = pixels if order % 2 == 0 else cv2.flip(pixels, 1)
            place = self.px((x + 0.97 * wide * order, self.horizon + 0.02))
            self._lay(picture, place, _SPAN_HAZE)

    # colours and places

    def lit(self, code: str, haze: float = 0.0) -> Array:
        """Return a colour as the daylight shows it, *haze* (0.0 to 1.0) far away."""
        tint = mix(np.ones(3, F32), self.palette.haze, 0.25)
        lit: Array = mix(rgb(code) * tint * F32(self.daylight), self.palette.haze, haze)
        return lit

    def at(self, x: float, size: float) -> Point:
        """Return the place in the frame of a place on the ground."""
        return 0.5 + (x - 0.5) * size, self.horizon + (1 - self.horizon) * size

    def px(self, place: Point) -> tuple[int, int]:
        """Return the canvas pixel of a place in the frame."""
        x, y = self.shell.at(*place)
        return round(x), round(y)

    def length(self, share: float) -> int:
        """Return how many pixels a share of the frame's height is, at least one."""
        return max(1, round(share * self.shell.px))

    # painting

    def hills(self, code: str, height: float, *, haze: float = 0.4, waves: float = 3.0) -> None:
        """Paint a line of hills at the horizon."""
        columns = np.linspace(-0.3, 1.3, 120)
        turn = float(self.chance.uniform(0, 6))
        tops = np.sin(columns * waves + turn) + 0.5 * np.sin(columns * waves * 2.3 + turn)
        places = [
            (float(x), self.horizon - height * (0.6 + 0.28 * float(top)))
            for x, top in zip(columns, tops, strict=True)
        ]
        self.polygon([*places, (1.3, self.horizon + 0.03), (-0.3, self.horizon + 0.03)],
                     self.lit(code, haze))  # fmt: skip

    def ground(self, code: str, *, rough: float = 0.25, haze: float = 0.35) -> None:
        """Cover everything below the horizon, paler with distance."""
        shell = self.shell
        first = max(0, int(shell.at(0, self.horizon)[1]))
        rows = shell.canvas.height - first
        noise = shell.canvas.noise((rows + 1) // 2, tile_px=500, seed=5, beta=1.2, squeeze=2.4)
        share = (np.linspace(0, 1, len(noise), dtype=F32) ** 0.6)[:, None, None]
        colour = mix(self.lit(code, haze), self.lit(code), share)
        body = colour * (1 + (noise[..., None] - 0.5) * F32(2 * rough))
        shell.image[first:] = enlarge(as_bytes(body * 255), shell.canvas.width, rows)

    def polygon(self, places: list[Point], colour: Array) -> None:
        """Fill a polygon of places in the frame."""
        pixels = np.array([self.shell.at(*place) for place in places])
        fixed = np.round(pixels * 16).astype(np.int32)
        cv2.fillPoly(self.shell.image, [fixed], tone(colour), cv2.LINE_AA, 4)

    def strip(self, x: float, half: float, colour: Array, *, farthest: float = 0.0) -> None:
        """Paint a way that recedes to the horizon, *half* its width at the lower edge."""
        corners = [(x - half, farthest), (x + half, farthest), (x + half, 1.25), (x - half, 1.25)]
        self.polygon([self.at(*corner) for corner in corners], colour)

    def blot(self, place: Point, axes: tuple[float, float], colour: Array, turn: float = 0) -> None:
        """Fill an ellipse; *axes* are shares of the frame's height."""
        sizes = (self.length(axes[0]), self.length(axes[1]))
        cv2.ellipse(self.shell.image, self.px(place), sizes, turn, 0, 360, tone(colour), -1,
                    cv2.LINE_AA)  # fmt: skip

    def stroke(self, first: Point, last: Point, colour: Array, width: float) -> None:
        """Draw a line; *width* is a share of the frame's height."""
        cv2.line(self.shell.image, self.px(first), self.px(last), tone(colour),
                 self.length(width), cv2.LINE_AA)  # fmt: skip

    def write(self, text: str, board: list[Point], colour: Array) -> None:
        """Write capital letters across a board, whose first three places are its corners."""
        left, top = self.px(board[0])
        right, foot = self.px(board[2])
        (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.0, 2)
        scale = min(0.84 * (right - left) / wide, 0.6 * (foot - top) / tall)
        start = (round((left + right - wide * scale) / 2), round((top + foot + tall * scale) / 2))
        cv2.putText(self.shell.image, text, start, cv2.FONT_HERSHEY_DUPLEX, scale, tone(colour),
                    max(1, round(2.2 * scale)), cv2.LINE_AA)  # fmt: skip

    def leaves(
        self, place: Point, spread: tuple[float, float], codes: tuple[str, ...], *, count: int,
        leaf: float, haze: float = 0.0,
    ) -> None:  # fmt: skip
        """Paint leaves around a place; *spread* and *leaf* are shares of the frame's height."""
        aspect = self.shot.width_px / self.shot.height_px
        tones = [self.lit(code, haze) for code in codes]
        for order in range(count):
            angle, far = self.chance.uniform(0, 6.3), float(self.chance.uniform(0, 1)) ** 0.5
            x = place[0] + spread[0] * far * float(np.cos(angle)) / aspect
            y = place[1] + spread[1] * far * float(np.sin(angle))
            light = 1.12 - 0.34 * (0.5 + 0.5 * float(np.sin(angle)) * far)
            colour = tones[order % len(tones)] * F32(light)
            self.blot((x, y), (leaf, leaf * 0.6), colour, float(self.chance.uniform(0, 180)))

    def stand(
        self, name: str, x: float, size: float, height: float, *, haze: float | None = None
    ) -> None:
        """
        Stand a picture of the cast's art on the ground.

        Args:
            height: As a share of the frame's height, if it stood at the lower edge.
        """
        pixels = rasterise(subjects()[name].art, height * size * self.shell.px).pixels
        far = 0.4 * (1 - size) if haze is None else haze
        self._lay(pixels, self.px(self.at(x, size)), far)

    def _lay(self, pixels: Array, place: tuple[int, int], far: float) -> None:
        """Lay a picture whose foot is at a pixel, *far* (0.0 to 1.0) lost in the haze."""
        light = mix(np.ones(3, F32), self.palette.haze, 0.25) * F32(self.daylight * (1 - far))
        seen = pixels[..., 3:].astype(F32) / 255
        body = pixels[..., :3] * light + seen * self.palette.haze * F32(255 * far)
        middle, base = place
        rows, columns = pixels.shape[:2]
        left, top = middle - columns // 2, base - rows
        first, start = max(left, 0), max(top, 0)
        last = min(left + columns, self.shell.canvas.width)
        end = min(top + rows, self.shell.canvas.height)
        if last <= first or end <= start:
            return
        part = (slice(start - top, end - top), slice(first - left, last - left))
        window = self.shell.image[start:end, first:last]
        window[:] = as_bytes(window * (1 - seen[part]) + body[part])

    def finished(
        self, view: View, *, farthest: float = 0.12, margin: float = 0.0, added: list[Layer]
    ) -> PaintedSet:
        """
        Return the set.

        Args:
            farthest: Size of who stands farthest away.
            margin: Share of the width at that distance that a crowd keeps free on each side.
        """
        share = np.linspace(1.12, 0.88, 32, dtype=F32)[None]
        self.shell.shade(np.repeat(share if self.side < 0 else share[:, ::-1], 8, 0))
        ground = Ground(
            horizon=self.horizon,
            farthest=self.at(0.5, farthest)[1],
            far_nearness=_FAR + 0.04,
            near_nearness=_NEAR,
            haze=0.3,
            margin=margin,
            paints_spans=True,
        )
        light = daylight_on(self.palette, palette_name(self.plan), side=self.side)
        return PaintedSet(
            self.shot, self.palette, side=self.side, light=light, ground=ground,
            layers=[self.shell.layer(view), *added],
        )  # fmt: skip
