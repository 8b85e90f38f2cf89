"""Rooms in perspective: one kind of box, and a table of what makes each of them."""

from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import CastMember, Plane, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.layers import Ground, Layer, Part, SceneLight, Window
from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    Planes,
    brighten,
    enlarge,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.eye_level import eye_level
from rushes.engines.animatic.sets.fittings import LETS_LIGHT_IN, fitting
from rushes.engines.animatic.sets.light import palette_of
from rushes.engines.animatic.sets.moving_water import pool_light
from rushes.engines.animatic.sets.outside_words import has_named_windows, outside_of
from rushes.engines.animatic.sets.room import DEEP, Box, Room
from rushes.engines.animatic.sets.room_table import ROOMS
from rushes.engines.animatic.sets.shell import Shell, plain
from rushes.engines.animatic.sets.subject_frames import SEEN_IN_WINDOWS
from rushes.engines.animatic.sets.surfaces import SURFACES
from rushes.engines.animatic.sets.textures import (
    FLOORS,
    POOL,
    bookcase,
    painting,
    pane,
    panelled,
    plaster,
)
from rushes.engines.animatic.sets.wall_places import WALLS, on_back, on_floor, on_left, on_right
from rushes.engines.animatic.shot import Shot

_HORIZON: Final = 0.44
"""Row of the camera's eye in a room."""

_SKIES: Final = {
    "day": ("#9cc9ef", "#e4f0f6", "#fff3d6", 1.0),
    "dawn": ("#8f9cc8", "#f4c9b6", "#ffd9bd", 0.8),
    "golden": ("#b7b79a", "#ffd58a", "#ffce86", 0.9),
    "sunset": ("#53406f", "#f08a5d", "#ff9d66", 0.72),
    "night": ("#0b1630", "#2a4a74", "#5f86c4", 0.2),
}
"""Sky at the window's top and foot, colour of its light, and how much of it there is."""

_FLOOR_CORNERS: Final = ((0, 1, 0.0), (1, 1, 0.0), (1, 1, 1.35), (0, 1, 1.35))
_LAMP: Final = rgb("#ffc884")
_NEON: Final = (rgb("#ff3fae"), rgb("#2ad6ff"))
_DULL: Final = {"overcast": 0.62, "storm": 0.42, "cloudy": 0.82, "clear": 1.0}


_NEW_WINDOWS: Final = 3
"""How many a room without windows has where the caller names some."""

_VIEW: Final = (0.56, 0.96, 0.06, 0.62)
"""Left, right, top and foot of the window before a building, as shares of the back wall."""


class RoomSet:
    """A room, furnished and lit by its windows or its lamps."""

    def __init__(self, shot: Shot, view: View, plan: ShotPlan) -> None:
        room = ROOMS[plan.set]
        self.palette: Palette = palette_of(plan)
        self.side = 1 if shot.chance("sun").random() < 0.5 else -1
        painter = _RoomPainter(shot, plan, room)
        shell = painter.painted()
        if self.side > 0:
            shell.mirror()
        self.light: SceneLight = painter.light(self.side)
        window = painter.window_in(shell, is_mirrored=self.side > 0)
        box = shell.box
        self.ground = Ground(
            horizon=painter.level.horizon,
            farthest=painter.level.row(room.box.bottom + 0.03 + room.clear * (1 - room.box.bottom)),
            far_nearness=box.far,
            near_nearness=box.near,
            haze=0.12,
            margin=min(box.left, 1 - box.right),
            shadow=0.5,
            reflection=room.polish,
            window=window,
            is_water=plan.set == "indoor_pool",
            water_ends=painter.level.row(0.9) if plan.set == "indoor_pool" else 1.0,
        )
        self.decor: tuple[CastMember, ...] = ()
        self.layers: list[Layer] = [shell.layer(view)]
        if plan.set == "indoor_pool":
            self.layers.append(_pool_light(shot, view, shell))
        beam = painter.beam(self.side)
        if beam is not None:
            self.layers.append(beam)
        self._finish = Finish(shot, grain=1.1, sweep=0.0, vignette=0.22)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


class _RoomPainter:
    """Paints a room whose windows are on the left."""

    def __init__(self, shot: Shot, plan: ShotPlan, room: Room) -> None:
        self._shot, self._plan, self._room = shot, plan, room
        top, foot, light, strength = _SKIES.get(plan.time, _SKIES["day"])
        dull = _DULL.get(plan.weather, 1.0)
        grey = np.full(3, 0.62, F32)
        self._sky = [mix(rgb(code), grey * F32(strength), 1 - dull) for code in (top, foot)]
        self._window_light = mix(rgb(light), np.ones(3, F32), (1 - dull) * 0.8)
        special = plan.light in {"neon", "candle", "lamp", "stage"}
        self._by_window = (0.25 if special else 1.0) * strength * (0.5 + 0.5 * dull)
        new = has_named_windows(plan) and not room.has_window
        self._windows = _NEW_WINDOWS if new else room.windows
        self._outside = outside_of(plan)
        self._has_view = any(
            member.plane is Plane.BACKGROUND and subjects()[member.subject].kind in SEEN_IN_WINDOWS
            for member in plan.cast
        )
        has_day = self._windows > 0 or any(one[0] in LETS_LIGHT_IN for one in room.fittings)
        dim = strength < 0.5 or special or not has_day
        self._by_lamp = 0.9 if dim else 0.18
        self._ambient = self._ambient_light()
        self.level = eye_level(_HORIZON if room.box is not DEEP else 0.45, plan.framing)

    def _ambient_light(self) -> Array:
        """Return the light that is everywhere."""
        day = mix(np.ones(3, F32), self._window_light, 0.5) * F32(0.14 + 0.58 * self._by_window)
        lamp = _LAMP * F32(0.42 * self._by_lamp)
        if self._plan.light == "candle":
            lamp = _LAMP * F32(0.24)
        if self._plan.light == "neon":
            lamp = mix(*_NEON, 0.5) * F32(0.34)
        total: Array = day + lamp
        return total

    def light(self, side: int) -> SceneLight:
        """Return the light on the cast."""
        ambient = np.minimum(self._ambient * F32(1.22) + F32(0.10), 1.0)
        window = self._window_light * F32(self._by_window)
        key = window + _LAMP * F32(0.7 * self._by_lamp)
        if self._plan.light == "neon":
            key = _NEON[0]
        from_lamp = self._by_lamp > 0.5
        return SceneLight(
            ambient=ambient,
            key=np.minimum(key, 1.0),
            key_x=(0.35 if from_lamp else 0.8) * side,
            key_y=0.9 if from_lamp else 0.5,
            haze=mix(rgb(self._room.wall), np.zeros(3, F32), 0.3) * self._ambient,
        )

    def window_in(self, shell: Shell, *, is_mirrored: bool) -> Window | None:
        """Return the edges of the window through which a building is seen, if there is one."""
        if not self._has_view:
            return None
        left, right, top, foot = _VIEW
        if is_mirrored:
            left, right = 1 - right, 1 - left
        return (*shell.deep(left, top, 0), *shell.deep(right, foot, 0))

    def painted(self) -> Shell:
        room = self._room
        shell = Shell(self._shot, room.box.seen_from(self.level))
        self._paint_walls(shell)
        self._paint_floor(shell)
        self._paint_back(shell)
        self._paint_windows(shell)
        self._lay_fittings(shell)
        if self._has_view:
            left, right, top, foot = _VIEW
            around = on_back(shell, left - 0.015, right + 0.015, top - 0.03, foot + 0.03)
            shell.quad(around, plain(rgb("#f0ece2")))
            shell.quad(on_back(shell, *_VIEW), pane(*self._sky, bars=1, outside=self._outside))
        if mirrored := max(room.polish, room.gloss):
            shell.reflect(shell.box.bottom, mirrored)
        self._paint_furniture(shell)
        self._light_up(shell)
        return shell

    def _paint_walls(self, shell: Shell) -> None:
        room = self._room
        wall, side = rgb(room.wall), rgb(room.side)
        dado = rgb(room.dado) if room.dado else None

        def make(colour: Array) -> Array:
            if room.surface:
                return SURFACES[room.surface](colour)
            return plaster(colour) if dado is None else panelled(colour, dado)

        shell.fill(side)
        above = rgb(room.ceiling) if room.ceiling else mix(wall, np.ones(3, F32), 0.35) * F32(0.92)
        shell.ceiling(plain(above))
        shell.left_wall(make(side * F32(0.94)))
        shell.right_wall(make(side))
        shell.back_wall(make(wall))
        if room.side_shelves:
            texture = bookcase(700, 560, 6, rgb("#4a311f"))
            shell.quad(on_right(shell, 0.06, 1.3, 0.06, 1.0), texture)
        self._paint_doors(shell)
        if "side_paintings" in room.extra:
            for order in range(3):
                start = 0.1 + order * 0.36
                texture = painting(40 + order)
                shell.quad(on_right(shell, start, start + 0.22, 0.26, 0.62), texture)
                shell.quad(on_left(shell, start, start + 0.22, 0.26, 0.62), painting(50 + order))
        if "columns" in room.extra:
            for depth in (0.1, 0.42, 0.8):
                for place in (on_left, on_right):
                    corners = place(shell, depth, depth + 0.09, 0.0, 1.0)
                    column = plain(rgb("#e3d3b0"), 200, 60)
                    column[:, 42:] = (182, 166, 132)
                    column[:14], column[-14:] = (240, 226, 196), (150, 134, 104)
                    shell.quad(corners, column)

    def _paint_doors(self, shell: Shell) -> None:
        door = plain(rgb("#5b4636"), 200, 90)
        door[8:-1, 8:-8] = (108, 84, 66)
        for order in range(self._room.doors):
            start = 0.12 + order * 0.36
            for place in (on_right,) if self._windows else (on_left, on_right):
                shell.quad(place(shell, start, start + 0.2, 0.22, 1.0), door)

    def _paint_floor(self, shell: Shell) -> None:
        room = self._room
        first, second = (rgb(code) for code in room.floor_colours)
        shell.floor(FLOORS[room.floor](first, second))
        if "rug" in room.extra:
            rug = plain(rgb("#8c4a42"), 200, 400)
            rug[14:-14, 20:-20] = (196, 160, 120)
            rug[26:-26, 36:-36] = (122, 62, 58)
            shell.quad(on_floor(shell, 0.22, 0.78, 0.3, 0.95), rug)
        if "runner" in room.extra:
            runner = plain(rgb("#8c1f2a"), 300, 120)
            runner[:, :10] = runner[:, -10:] = (212, 172, 90)
            shell.quad(on_floor(shell, 0.4, 0.6, 0.0, 1.35), runner)

    def _paint_back(self, shell: Shell) -> None:
        room = self._room
        if room.shelves:
            texture = bookcase(1100, 620, room.shelves, rgb("#553823"))
            shell.quad(on_back(shell, 0.05, 0.95, 0.05, 1.0), texture)
        if room.back_window:
            texture = pane(*self._sky, bars=4, outside=self._outside)
            shell.quad(on_back(shell, 0.18, 0.66, 0.16, 0.6), texture)
        for order in range(room.paintings):
            count = room.paintings
            middle = (order + 0.5) / count
            half = 0.30 / count
            corners = on_back(shell, middle - half, middle + half, 0.18, 0.5)
            shell.quad(corners, painting(self._shot.seed % 7 + order * 3))
        if "shelf" in room.extra:
            shell.quad(on_back(shell, 0.18, 0.96, 0.636, 0.66), plain(rgb("#f2ece0")))

    def _lay_fittings(self, shell: Shell) -> None:
        room = self._room
        if "gable" in room.extra:
            for x, shade in ((0.0, 0.8), (1.0, 0.96)):
                slope = SURFACES[room.surface or "boards"](rgb(room.side) * F32(shade))
                corners = (
                    shell.deep(0.5, -0.02, 3.0), shell.deep(0.5, -0.02, 0),
                    shell.deep(x, 0.62, 0), shell.deep(x, 0.62, 3.0),
                )  # fmt: skip
                shell.quad(corners, slope)
        for name, wall, *shares in room.fittings:
            for place in WALLS[wall]:
                shell.quad(place(shell, *shares), fitting(name, self._sky))

    def _paint_windows(self, shell: Shell) -> None:
        count = self._windows
        for order in range(count):
            start = 0.14 + order * (0.95 / max(count, 1))
            width = min(0.46, 0.7 / max(count, 1))
            glass = pane(*self._sky, bars=2, outside=self._outside)
            shell.quad(on_left(shell, start, start + width, 0.2, 0.66), glass)

    def _paint_furniture(self, shell: Shell) -> None:
        room = self._room
        box = shell.box
        wall = box.bottom - box.top
        named = {member.subject for member in self._plan.cast}  # the cast's own bed is enough
        for name, x, height in room.furniture:
            if name in named:
                continue
            foot = shell.deep(x, 1, 0.05)
            shell.art(name, foot[0], foot[1], height * wall)
        for name, x, foot_share, height in room.hung:
            if self._has_view and _VIEW[0] < x < _VIEW[1] and foot_share < _VIEW[3]:
                continue
            place = shell.deep(x, foot_share, 0.0)
            shell.art(name, place[0], place[1], height * wall)
        for name, x, depth, height in room.art:
            foot = shell.deep(x, 1, depth)
            share = wall + (1 - wall) * depth
            shell.art(name, foot[0], foot[1], height * share, flip=x > 0.5)

    def _light_up(self, shell: Shell) -> None:
        room, box = self._room, shell.box
        shell.shade(np.broadcast_to(self._ambient, (4, 4, 3)) * F32(1.12))
        shell.occlude(0.3)
        if self._windows:
            shade = np.linspace(1.12, 0.78, 32, dtype=F32)[None]
            shell.shade(np.repeat(shade, 8, 0))
        window = self._window_light * F32(self._by_window)
        for order in range(self._windows):
            start = 0.14 + order * (0.95 / self._windows)
            width = min(0.46, 0.7 / self._windows)
            corners = on_left(shell, start, start + width, 0.2, 0.66)
            shell.add_glow(shell.polygon(list(corners), 0.05), window * F32(0.2))
            pool = [
                shell.deep(0.26, 1, start + 0.02),
                shell.deep(0.62, 1, start - 0.02),
                shell.deep(0.72, 1, start + width - 0.02),
                shell.deep(0.3, 1, start + width + 0.06),
            ]
            shell.add_light(shell.polygon(pool, 0.02), window * F32(0.62))
        if room.back_window:
            glow = shell.polygon(list(on_back(shell, 0.18, 0.66, 0.16, 0.6)), 0.05)
            shell.add_glow(glow, window * F32(0.2))
        for name, wall, *shares in room.fittings:
            if name in LETS_LIGHT_IN:
                for place in WALLS[wall]:
                    glow = shell.polygon(list(place(shell, *shares)), 0.05)
                    shell.add_glow(glow, window * F32(0.06))
        self._light_lamps(shell, box)

    def _light_lamps(self, shell: Shell, box: Box) -> None:
        room, plan = self._room, self._plan
        strength = self._by_lamp
        colours = [_LAMP * F32(strength)]
        if plan.light == "neon":
            colours = [colour * F32(0.9) for colour in _NEON]
        if plan.light == "candle":
            colours = [_LAMP * F32(0.85)]
        for order in range(room.lamps):
            depth = (order + 0.5) / room.lamps * 0.8
            x = 0.5 if room.lamps == 1 or room.box is DEEP else (order + 0.5) / room.lamps
            colour = colours[order % len(colours)]
            low = plan.light == "candle"
            place = shell.deep(x, 1.0 if low else 0.02, depth if room.box is DEEP else 0.45)
            share = F32(room.lamps**-0.8)
            if strength > 0.5:
                shell.add_glow(shell.spot(*place, 0.06, 0.035), colour * share * F32(0.6))
            shell.add_light(shell.spot(place[0], 0.66, 0.6, 0.42), colour * share * F32(0.4))
            shell.add_light(
                shell.spot(place[0], box.top + 0.1, 0.4, 0.3), colour * share * F32(0.2)
            )
        if len(colours) > 1:
            shell.add_light(shell.spot(0.1, 0.5, 0.5, 0.7), colours[0] * F32(0.7))
            shell.add_light(shell.spot(0.9, 0.5, 0.5, 0.7), colours[1] * F32(0.7))
        if "spots" in room.extra:
            for order in range(room.paintings):
                place = shell.deep((order + 0.5) / room.paintings, 0.34, 0)
                shell.add_light(shell.spot(*place, 0.16, 0.2), _LAMP * F32(0.14))

    def beam(self, side: int) -> Part | None:
        """Return the shaft of window light in the air, over the cast."""
        strength = 26.0 * self._by_window * (1.0 if self._plan.weather == "clear" else 0.4)
        if not self._windows or strength < 4:
            return None
        shot = self._shot
        rows, columns = 54, 96
        down = np.linspace(0, 1, rows, dtype=F32)[:, None]
        across = np.linspace(0, 1, columns, dtype=F32)[None]
        across = across if side < 0 else 1 - across
        middle = 0.10 + 0.62 * down
        beam = (
            np.exp(-(((across - middle) / 0.16) ** 2))
            * np.clip(1.15 - down, 0, 1)
            * (0.7 + 0.3 * np.sin(across * 34 - down * 20))
        )
        mask = to_bytes(enlarge(beam.astype(F32), shot.width_px, shot.height_px), strength)
        return Part(0.85, lambda _, t, planes: brighten(planes.y, mask))


def _pool_light(shot: Shot, view: View, shell: Shell) -> Part:
    """Return the light on the water of the pool, whose place is that of the floor's texture."""
    floor = np.array([shell.deep(*place) for place in _FLOOR_CORNERS], F32)
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], F32)
    matrix = cv2.getPerspectiveTransform(unit, floor)
    left, top, right, foot = POOL
    places = np.array([[(left, top), (right, top), (right, foot), (left, foot)]], F32)
    corners = [(float(x), float(y)) for x, y in cv2.perspectiveTransform(places, matrix)[0]]
    box = shell.box
    nearness = tuple(
        box.far + (box.near - box.far) * (corners[order][1] - box.bottom) / (1 - box.bottom)
        for order in (0, 2)
    )
    first, second, third, fourth = corners
    return pool_light(shot, view, (first, second, third, fourth), nearness)
