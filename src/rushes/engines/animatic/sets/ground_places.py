"""Place each copy of a member on the ground, in a row, in ranks or in a crowd, or on a wall."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import ROOMS, CastMember, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.layers import Spot
from rushes.engines.animatic.sets.shot_layout import ShotLayout
from rushes.engines.animatic.sets.spacing import COUNTABLE, CROWD, rank_place
from rushes.engines.animatic.sets.subject_frames import aspect_of

_BEHIND_MAIN: Final = 0.3
_RANK_BEHIND: Final = 0.4
"""How much of the way to the horizon the second of two ranks stands behind the first."""

_BEFORE_MANY: Final = 0.07
"""How far in front of a number of others a small thing lies."""

_ON_WALLS: Final = frozenset({"window-sill", "rainy-window", "snowy-window", "night-window"})
_WINDOW, _WINDOW_FOOT = 0.56, 0.74
"""Height of a window and the row of its foot, as shares of the frame's height."""

_HUNG: Final = frozenset(
    {"wall-clock", "framed-picture", "mirror", "television", "world-map", "calendar", "banner"}
    | {"flag", "dartboard", "scoreboard", "shelf", "guitar", "painting", "poster", "tapestry"}
)
_PER_M, _LEAST_HUNG, _MOST_HUNG, _HUNG_FOOT = 0.32, 0.17, 0.32, 0.5
"""Heights of what hangs on a wall, as shares of the frame's height, and the row of its foot."""

_BEFORE_WALL: Final = 0.01


class GroundPlaces(ShotLayout):
    """Says where copies stand across the frame and how near they are."""

    def _place_and_row(self, index: int, member: CastMember, order: int) -> tuple[float, float]:
        """Return the centre and the foot of one that stands, before its size is known."""
        x, row = self._places[index], self._frame.foot
        if CROWD <= member.count <= COUNTABLE:
            x, row = self._in_ranks(index, member, order)
        elif member.count >= CROWD:
            chance = self._shot.chance(f"staging/{index}/{order}")
            x, row = self._in_crowd(chance, index, member, order)
        elif member.count > 1:
            x, row = self._in_row(index, member, subjects()[member.subject], order)
        elif index != self._main:
            row = min(row, 0.97) - 0.012 * (1 + index % 3)
            if self._is_before_many(index, member):
                row = min(row + _BEFORE_MANY, 0.97)
            if self._ground.surface is not None:
                row -= 0.035  # behind the main subject, where the lens no longer sees sharply
        if member.y is not None:
            row = max(member.y, self._ground.horizon + 0.02)
        ground = self._ground
        if member.plane is Plane.WATER and ground.is_water:
            row = min(row, ground.water_ends - 0.04)
        elif ground.is_water and ground.water_ends < 1 and member.y is None:
            row = max(row, ground.water_ends + 0.02)
        return x, row

    def _px_per_m(self, row: float) -> float:
        below = max(row - self._ground.horizon, 0.012)
        return below * self._height / self._eye_m

    def _in_row(
        self, index: int, member: CastMember, subject: Subject, order: int
    ) -> tuple[float, float]:
        """Return place and row of one of a few, side by side around their member's place."""
        row = self._frame.foot - 0.012 * (order % 2)
        if index != self._main:
            row = min(row, 0.97) - 0.02
        height_m = member.height_m or subject.height_m
        tall = min(height_m * self._px_per_m(row) / self._height, 1.3)
        wide = tall * aspect_of(subject, member.action) / self._aspect
        step = max(wide * 1.02, 0.06)
        step = min(step, 0.8 / max(member.count - 1, 1))
        return self._places[index] + (order - (member.count - 1) / 2) * step, row

    def _in_ranks(self, index: int, member: CastMember, order: int) -> tuple[float, float]:
        """Return place and row of one of a number that can be counted: in two ranks."""
        across, is_behind = rank_place(member.count, order)
        first, nearest = self._depth_of_many(index, member)
        behind = nearest - _RANK_BEHIND * (nearest - self._ground.horizon)
        row = max(behind, min(first + 0.035, nearest - 0.02)) if is_behind else nearest
        margin = 0.04 + 0.3 * self._ground.margin
        return margin + (1 - 2 * margin) * self._beside_main(index, across), row

    def _is_small(self, member: CastMember) -> bool:
        """Judge whether a member is lower than the main subject."""
        return (member.height_m or subjects()[member.subject].height_m) < 0.7 * self._main_m

    def _is_before_many(self, index: int, member: CastMember) -> bool:
        """Judge whether it is a small thing that a main subject of many copies would hide."""
        if index >= self._furnished_from or self._plan.cast[self._main].count < CROWD:
            return False
        return self._is_small(member)

    @property
    def _main_m(self) -> float:
        """The real height of the main subject."""
        main = self._plan.cast[self._main]
        return main.height_m or subjects()[main.subject].height_m

    def _is_before_face(self, index: int, member: CastMember) -> bool:
        """Judge whether it is a small thing that a close-up of somebody else must show, too."""
        is_near = index != self._main and self._frame.foot > 1 and index < self._furnished_from
        return is_near and member.y is None and self._is_small(member) and member.count < CROWD

    def _beside_main(self, index: int, across: float) -> float:
        """Return a share of the width at which the main subject does not hide one of many."""
        main = self._main
        if index == main or main not in self._side_by_side():
            return across
        half = min(self._width_of(main, self._per_m), 0.5) / 2
        left, right = self._places[main] - half, self._places[main] + half
        free = across * (max(left, 0.0) + max(1 - right, 0.0))
        return free if free < left else max(right, 0.0) + free - max(left, 0.0)

    def _depth_of_many(self, index: int, member: CastMember) -> tuple[float, float]:
        """Return the farthest and the nearest row at which copies of a member stand."""
        ground = self._ground
        nearest = min(self._frame.foot, 0.97)
        if index != self._main:  # the main subject is before the crowd, not in it
            nearest -= _BEHIND_MAIN * (nearest - ground.farthest)
        if ground.surface is not None:
            nearest = ground.surface
        first = ground.farthest
        if ground.is_water and ground.water_ends < 1 and member.plane is not Plane.WATER:
            first = ground.water_ends - 0.015
        return first, nearest

    def _in_crowd(
        self, chance: np.random.Generator, index: int, member: CastMember, order: int
    ) -> tuple[float, float]:
        """Return place and row of one of many: from the distance to the front, all across."""
        ground = self._ground
        count = min(member.count, 60)
        depth = (order + float(chance.uniform(0.2, 0.8))) / count
        first, nearest = self._depth_of_many(index, member)
        farthest = min(first + 0.035, nearest - 0.02)
        row = farthest + (nearest - farthest) * depth**1.5
        # Neighbours in depth are far apart across: a golden-ratio sequence spreads any number.
        x = (order * 0.618034 + float(chance.uniform(-0.05, 0.05))) % 1.0
        away = (1.0 - row) / max(1.0 - ground.farthest, 1e-6)
        margin = 0.04 + ground.margin * min(max(away, 0.0), 1.0)
        return margin + (1 - 2 * margin) * x, row

    def _hangs(self, member: CastMember) -> bool:
        """Judge whether it is on the back wall of a room, large enough for who is at it."""
        return member.plane is Plane.BACKGROUND and (
            member.subject in _ON_WALLS | _HUNG and self._plan.set in ROOMS
        )

    def _on_wall(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        """Return a place on the back wall, above what stands before it."""
        aspect = aspect_of(subjects()[member.subject])
        window = member.subject in _ON_WALLS
        tall = _WINDOW if window else min(max(_PER_M * height_m, _LEAST_HUNG), _MOST_HUNG)
        tall = min(tall, 0.8 * self._aspect / aspect)
        foot = _WINDOW_FOOT if window else _HUNG_FOOT
        x = member.x if member.x is not None else self._places[index]
        return Spot(
            x_px=(x + 1.1 * order * tall * aspect / self._aspect) * self._width,
            foot_px=(member.y if member.y is not None else foot) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=self._ground.far_nearness - _BEFORE_WALL + 0.0004 * (index + order / 64),
            haze=0.0,
            shadow=0.0,
        )
