"""
Decide where each cast member stands and how large it is drawn.

One member is the main subject. The framing says how tall it is in the frame and where its feet
are; both together give the height of the camera's eye above the ground. Everybody else stands on
the same ground in the same perspective. A storyboard may cheat: what would be too small to be
seen is drawn larger, and what would not fit into the frame is put farther away.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rushes.core.shot_plan import CastMember, Facing, Framing, Plane, ShotPlan
from rushes.engines.animatic.cast.art import extent
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.layers import Ground, Spot
from rushes.engines.animatic.shot import Shot

_CROWD: Final = 5
_SMALLEST: Final = 0.075
"""Height of the smallest member in the frame, as a share of the frame's height."""

_WIDEST: Final = 0.86
_SIDE: Final = 0.62
"""Where a main subject stands in a wide shot when it looks to the left."""

_SKY_NEARNESS: Final = 0.15
"""Before the surface of any water, so that the water mirrors what flies."""

_SHORE_NEARNESS: Final = 0.185
_FRONT_NEARNESS: Final = 0.9
_FALSE_STEP: Final = 0.0004
"""Difference in nearness that keeps members at one distance in a fixed order."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """How tall the main subject is and where its feet are, as shares of the frame's height."""

    height: float
    foot: float


_PEOPLE: Final = {
    Framing.WIDE: _Frame(0.46, 0.88),
    Framing.MEDIUM: _Frame(0.66, 0.93),
    Framing.PORTRAIT: _Frame(1.25, 1.38),
    Framing.CLOSE_UP: _Frame(1.9, 2.02),
    Framing.LOW_ANGLE: _Frame(0.84, 0.985),
    Framing.AERIAL: _Frame(0.2, 0.74),
}
_THINGS: Final = {
    Framing.WIDE: _Frame(0.36, 0.86),
    Framing.MEDIUM: _Frame(0.5, 0.89),
    Framing.PORTRAIT: _Frame(0.66, 0.91),
    Framing.CLOSE_UP: _Frame(0.7, 0.91),
    Framing.LOW_ANGLE: _Frame(0.62, 0.94),
    Framing.AERIAL: _Frame(0.18, 0.74),
}
_BUILDINGS: Final = {
    Framing.WIDE: _Frame(0.56, 0.80),
    Framing.MEDIUM: _Frame(0.62, 0.82),
    Framing.PORTRAIT: _Frame(0.7, 0.86),
    Framing.CLOSE_UP: _Frame(0.8, 0.92),
    Framing.LOW_ANGLE: _Frame(0.8, 0.92),
    Framing.AERIAL: _Frame(0.3, 0.74),
}
_FLIERS: Final = {
    Framing.WIDE: 0.34,
    Framing.MEDIUM: 0.42,
    Framing.PORTRAIT: 0.6,
    Framing.CLOSE_UP: 0.7,
    Framing.LOW_ANGLE: 0.44,
    Framing.AERIAL: 0.3,
}
_TALL_M: Final = 6.0
_CUT: Final = 0.85
"""A main subject that is made smaller than this share of itself stands within the frame."""

_ASPECTS: Final = {"puppet": 0.46, "beast": 1.4}
"""Width by height of what has no art of its own shape: the engine draws its body."""


def aspect_of(subject: Subject) -> float:
    """Return the width of a subject as a share of its height."""
    drawn = _ASPECTS.get(subject.rig)
    if drawn is not None:
        return drawn
    left, top, right, bottom = extent(subject.art)
    return (right - left) / max(bottom - top, 0.01)


def hosts_first(cast: Sequence[CastMember]) -> tuple[CastMember, ...]:
    """
    Return the cast so that each member comes after the one that it is on.

    A member that is on itself, on nobody, or on one that is on it stands on the ground instead.
    """
    order = order_of(cast)
    new = {old: index for index, old in enumerate(order)}
    seats = [new.get(-1 if cast[old].on is None else cast[old].on or 0) for old in order]
    return tuple(
        replace(cast[old], on=seat if seat is not None and seat < index else None)
        for index, (old, seat) in enumerate(zip(order, seats, strict=True))
    )


def order_of(cast: Sequence[CastMember]) -> list[int]:
    """Return the indices of the members in the order of :func:`hosts_first`."""
    order: list[int] = []
    waiting = list(range(len(cast)))
    while waiting:
        ready = [i for i in waiting if cast[i].on is None or cast[i].on in order]
        ready = ready or waiting[:1]
        order.append(ready[0])
        waiting.remove(ready[0])
    return order


class Staging:
    """Places the cast of one plan on the ground of one set."""

    def __init__(
        self, shot: Shot, plan: ShotPlan, ground: Ground, decor: Sequence[CastMember] = ()
    ) -> None:
        """
        Choose the main subject and the height of the camera.

        Args:
            decor: What furnishes the set; each says itself where it stands.
        """
        self._plan, self._ground = plan, ground
        self._width, self._height = shot.width_px, shot.height_px
        self._shot = shot
        self._aspect = shot.width_px / shot.height_px
        self._standing = [index for index, member in enumerate(plan.cast) if member.on is None]
        self._main = self._choose_main()
        main = plan.cast[self._main] if plan.cast else None
        self._sign = -1.0 if main is not None and self._looks_left(main) else 1.0
        self._frame = self._main_frame()
        self._eye_m = self._eye_height()
        self._numbers = {id(member): index for index, member in enumerate(plan.cast)}
        self._places = self._places_across()
        for index, member in enumerate(decor, start=len(plan.cast)):
            self._numbers[id(member)] = index
            self._places[index] = 0.5 if member.x is None else member.x
        self._furnished_from = len(plan.cast)

    def spot(self, member: CastMember, height_m: float, order: int) -> Spot:
        """
        Return where copy *order* of *member* stands.

        Args:
            member: One of the plan's own objects, for two members may be alike.
            height_m: Its real height.
        """
        index = self._numbers[id(member)]
        if self._floats(member):
            return self._floating(index, member, height_m, order)
        if member.plane is Plane.BACKGROUND:
            return self._distant(index, member, height_m, order)
        return self._on_ground(index, member, height_m, order)

    def floats(self, member: CastMember) -> bool:
        """Judge whether ``y`` of a member is its centre; else it is its feet."""
        return self._floats(member)

    # the main subject

    def _choose_main(self) -> int:
        def weight(index: int) -> float:
            member = self._plan.cast[index]
            subject = subjects()[member.subject]
            weights = {"person": 3.0, "animal": 2.5, "fantasy": 2.5, "vehicle": 2.0, "bird": 2.0}
            rank = weights.get(subject.kind, 1.0)
            if member.plane is Plane.BACKGROUND:
                rank -= 2.0
            if self._floats(member) or member.plane is Plane.FOREGROUND:
                rank -= 0.8
            if member.count >= _CROWD:
                rank -= 0.6
            return rank - 0.2 * index

        return max(self._standing, key=weight, default=0)

    def _looks_left(self, member: CastMember) -> bool:
        if member.facing is Facing.CAMERA:
            return bool(self._shot.seed & 2)
        return member.facing is Facing.LEFT

    def _main_frame(self) -> _Frame:
        """Return how tall the main subject is, small enough to fit with its like beside it."""
        if not self._plan.cast:
            return _Frame(0.46, 0.88)
        member = self._plan.cast[self._main]
        subject = subjects()[member.subject]
        framing = self._plan.framing
        height_m = member.height_m or subject.height_m
        table = _THINGS
        if subject.kind == "person":
            table = _PEOPLE
        elif height_m >= _TALL_M and subject.kind != "vehicle":
            table = _BUILDINGS
        frame = table[framing]
        surface = self._ground.surface
        if surface is not None:
            tall = {Framing.CLOSE_UP: 0.58, Framing.PORTRAIT: 0.56}.get(framing, 0.44)
            frame = _Frame(tall if table is not _PEOPLE else min(frame.height, 0.7), surface)
        close = framing in {Framing.PORTRAIT, Framing.CLOSE_UP}
        beside = min(member.count, 4)
        widest = _WIDEST * self._aspect * (1.5 if close and table is _PEOPLE else 1.0)
        width = frame.height * aspect_of(subject) * (1 + 0.85 * (beside - 1)) * member.scale
        if member.count < _CROWD and width > widest:
            share = widest / width
            foot = frame.foot if frame.foot <= 1 else 1.0 - (1.0 - frame.foot) * share
            frame = _Frame(frame.height * share, foot)
        together = self._width_together(frame.height / height_m)
        if together > _WIDEST and len(self._side_by_side()) > 1:
            share = max(_WIDEST / together, 0.4)
            foot = frame.foot if frame.foot <= 1 or share > _CUT else 0.95
            frame = _Frame(frame.height * share, foot)
        if member.plane is Plane.WATER and frame.foot > self._ground.water_ends:
            share = (self._ground.water_ends - self._ground.horizon) / 0.4
            frame = _Frame(frame.height * min(1.0, share), self._ground.water_ends - 0.04)
        if self._aspect < 1 and not close:
            frame = _Frame(frame.height, min(frame.foot, 0.84) if surface is None else frame.foot)
        return frame

    def _side_by_side(self) -> list[int]:
        """Return the members that share the middle of the frame, the main subject first."""
        cast = self._plan.cast
        near = [
            index
            for index in self._standing
            if not self._floats(cast[index])
            and cast[index].plane not in {Plane.BACKGROUND, Plane.FOREGROUND}
            and cast[index].count < _CROWD
            and cast[index].x is None
        ]
        return list(dict.fromkeys(index for index in (self._main, *near) if index in near))

    def _width_of(self, index: int, per_m: float) -> float:
        """
        Return the width of a member and its like, as a share of the frame's width.

        Args:
            per_m: Frame heights for one metre.
        """
        member = self._plan.cast[index]
        subject = subjects()[member.subject]
        tall = (member.height_m or subject.height_m) * per_m
        tall = min(max(tall, self._smallest()), 0.85) * member.scale
        return tall * aspect_of(subject) * (1 + 0.85 * (member.count - 1)) / self._aspect

    def _width_together(self, per_m: float) -> float:
        members = self._side_by_side()
        return sum(self._width_of(index, per_m) for index in members) + 0.03 * (len(members) - 1)

    def _eye_height(self) -> float:
        """Return how many metres above the ground the camera is."""
        if not self._plan.cast:
            return 1.6
        member = self._plan.cast[self._main]
        subject = subjects()[member.subject]
        height_m = member.height_m or subject.height_m
        if self._floats(member) or member.plane is Plane.BACKGROUND:
            return 1.6
        below = max(self._frame.foot - self._ground.horizon, 0.03)
        return below * height_m / self._frame.height

    # across the frame

    def _places_across(self) -> dict[int, float]:
        """Return the centre of each member, 0.0 to 1.0, where the plan does not say."""
        cast = self._plan.cast
        standing = [i for i in self._standing if not self._floats(cast[i])]
        near = [i for i in standing if cast[i].plane is not Plane.BACKGROUND]
        far = [i for i in standing if cast[i].plane is Plane.BACKGROUND]
        aloft = [i for i in self._standing if self._floats(cast[i])]
        places: dict[int, float] = {}
        main_x = self._main_place(alone=len(near) + len(aloft) <= 1)
        near = [self._main, *(i for i in near if i != self._main)] if self._main in near else near
        for members in (near, far, aloft):
            around = main_x if self._main in members else 1 - main_x
            for order, index in enumerate(members):
                places[index] = around if order == 0 else _aside(order, around)
        beside = self._side_by_side()
        if len(beside) > 1 and self._main in beside:
            places |= self._lined_up(beside)
        mirrored = self._sign < 0
        return {index: 1 - x if mirrored else x for index, x in places.items()}

    def _lined_up(self, members: list[int]) -> dict[int, float]:
        """Return places side by side: the second to the right of the main subject, and so on."""
        main = self._plan.cast[self._main]
        height_m = main.height_m or subjects()[main.subject].height_m
        per_m = self._frame.height / height_m
        line: list[int] = []
        for order, index in enumerate(members):
            line.insert(len(line) if order % 2 else 0, index)
        if len(members) == 2:
            line = members
        widths = [self._width_of(index, per_m) for index in line]
        gap = min(0.1, max(0.0, 0.94 - sum(widths)) / (len(line) + 1))
        whole = sum(widths) + gap * (len(line) - 1)
        squeeze = min(1.0, 0.94 / whole)
        x = 0.5 - whole * squeeze / 2
        places: dict[int, float] = {}
        for index, width in zip(line, widths, strict=True):
            places[index] = x + width * squeeze / 2
            x += (width + gap) * squeeze
        return places

    def _main_place(self, *, alone: bool) -> float:
        """Return the main subject's place as if it looked to the right."""
        if not self._plan.cast or self._plan.cast[self._main].count > 1:
            return 0.5
        framing = self._plan.framing
        if framing in {Framing.CLOSE_UP, Framing.PORTRAIT} or self._ground.surface is not None:
            return 0.47
        if self._aspect < 0.8:
            return 0.46
        if framing is Framing.MEDIUM:
            return 0.44 if alone else 0.4
        return 0.4 if alone else 1 - _SIDE

    # on the ground

    def _on_ground(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        ground = self._ground
        subject = subjects()[member.subject]
        is_main = index == self._main
        if member.plane is Plane.FOREGROUND and not is_main:
            return self._in_front(index, member, height_m, order)
        wet = member.plane is Plane.WATER and ground.is_water
        x, row = self._place_and_row(index, member, order)
        px_per_m = self._px_per_m(row)
        tall = height_m * px_per_m / self._height
        highest = max(0.3, min(row, 1.0) - ground.ceiling)
        if not is_main and tall > highest:
            if member.y is None and ground.surface is None:
                share = highest / tall
                row = max(ground.farthest, ground.horizon + (row - ground.horizon) * share)
                highest = max(0.3, row - ground.ceiling)
            px_per_m = min(self._px_per_m(row), highest * self._height / height_m)
        px_per_m = max(px_per_m, self._smallest() * self._height / height_m)
        widest = 1.1 * self._width / max(aspect_of(subject) * height_m, 1e-6)
        px_per_m = min(px_per_m, max(widest, px_per_m if is_main else widest))
        if index >= self._furnished_from:
            px_per_m *= min(1.0, self._aspect)
        if member.x is not None:
            x = member.x + _copies_apart(member, order, aspect_of(subject)) * (
                px_per_m * height_m / self._width
            )
        share = (row - ground.farthest) / max(0.9 - ground.farthest, 0.05)
        far = 1 - min(max(share, 0.0), 1.0)
        nearness = ground.nearness(row) + _FALSE_STEP * (index + order / 64)
        return Spot(
            x_px=x * self._width,
            foot_px=row * self._height,
            px_per_m=px_per_m,
            nearness=nearness,
            haze=ground.haze * far**2,
            shadow=0.0 if wet else ground.shadow,
            reflection=0.7 if wet else ground.reflection,
        )

    def _place_and_row(self, index: int, member: CastMember, order: int) -> tuple[float, float]:
        """Return the centre and the foot of one that stands, before its size is known."""
        x, row = self._places[index], self._frame.foot
        if member.count >= _CROWD:
            chance = self._shot.chance(f"staging/{index}/{order}")
            x, row = self._in_crowd(chance, member, order)
        elif member.count > 1:
            x, row = self._in_row(index, member, subjects()[member.subject], order)
        elif index != self._main:
            row = min(row, 0.97) - 0.012 * (1 + index % 3)
        if member.y is not None:
            row = max(member.y, self._ground.horizon + 0.02)
        if member.plane is Plane.WATER and self._ground.is_water:
            row = min(row, self._ground.water_ends - 0.04)
        return x, row

    def _smallest(self) -> float:
        return _SMALLEST * min(1.0, self._aspect * 1.2)

    def _px_per_m(self, row: float) -> float:
        below = max(row - self._ground.horizon, 0.012)
        return below * self._height / self._eye_m

    def _in_row(
        self, index: int, member: CastMember, subject: Subject, order: int
    ) -> tuple[float, float]:
        """Return place and row of one of a few, side by side around their member's place."""
        row = self._frame.foot - (0.0 if index == self._main else 0.02) - 0.012 * (order % 2)
        height_m = member.height_m or subject.height_m
        tall = min(height_m * self._px_per_m(row) / self._height, 1.3)
        wide = tall * aspect_of(subject) / self._aspect
        step = max(wide * 1.02, 0.06)
        step = min(step, 0.8 / max(member.count - 1, 1))
        return self._places[index] + (order - (member.count - 1) / 2) * step, row

    def _in_crowd(
        self, chance: np.random.Generator, member: CastMember, order: int
    ) -> tuple[float, float]:
        """Return place and row of one of many: from the distance to the front, all across."""
        ground = self._ground
        count = min(member.count, 60)
        depth = (order + float(chance.uniform(0.2, 0.8))) / count
        nearest = min(self._frame.foot, 0.97)
        if ground.surface is not None:
            nearest = ground.surface
        farthest = min(ground.farthest + 0.035, nearest - 0.02)
        row = farthest + (nearest - farthest) * depth**1.5
        # Neighbours in depth are far apart across: a golden-ratio sequence spreads any number.
        x = (order * 0.618034 + float(chance.uniform(-0.05, 0.05))) % 1.0
        away = (1.0 - row) / max(1.0 - ground.farthest, 1e-6)
        margin = 0.04 + ground.margin * min(max(away, 0.0), 1.0)
        return margin + (1 - 2 * margin) * x, row

    def _in_front(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        """Return a place close to the lens, at the frame's edge and out of focus."""
        tall = min(1.1, max(0.5, height_m * self._px_per_m(1.1) / self._height))
        side = 1 - self._places[self._main] if self._plan.cast else 0.8
        x = member.x if member.x is not None else (0.12 if side < 0.5 else 0.88)
        return Spot(
            x_px=(x + 0.1 * order) * self._width,
            foot_px=(member.y if member.y is not None else 1.06) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=_FRONT_NEARNESS + _FALSE_STEP * (index + order / 64),
            haze=0.0,
            shadow=0.0,
            blur_px=2.5,
        )

    # far away

    def _distant(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        ground = self._ground
        row = ground.farthest + 0.012 + 0.004 * (order % 3)
        if member.y is not None:
            row = member.y
        subject = subjects()[member.subject]
        aspect = aspect_of(subject)
        tall = min(max(0.16 + 0.09 * math.log2(max(height_m, 1.0) / 4), 0.13), 0.52)
        tall = min(tall, max(0.2, row - ground.ceiling))
        if index == self._main:
            tall = min(max(tall, 0.5), row - ground.ceiling)
        tall = min(tall, 0.62 * self._aspect / max(aspect, 0.1))
        if member.count > 1:
            tall *= 0.8
        wide = tall * aspect / self._aspect
        x = member.x if member.x is not None else self._places[index]
        x += (order - (min(member.count, 12) - 1) / 2) * min(wide * 1.1, 0.9 / member.count)
        return Spot(
            x_px=x * self._width,
            foot_px=row * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=self._distance() + _FALSE_STEP * (index + order / 64),
            haze=0.75 * ground.haze,
            shadow=0.25 * ground.shadow,
        )

    def _distance(self) -> float:
        """Return the nearness of the background: behind all water, so that it mirrors it."""
        return _SHORE_NEARNESS if self._ground.is_water else self._ground.far_nearness - 0.01

    # in the air, in the water

    def _floats(self, member: CastMember) -> bool:
        if self._ground.is_air:
            return True
        return member.plane is Plane.SKY

    def _floating(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        subject = subjects()[member.subject]
        chance = self._shot.chance(f"staging/{index}/{order}")
        is_main = index == self._main
        tall = _FLIERS[self._plan.framing] if is_main else self._other_flier(height_m)
        if self._ground.is_air and is_main and subject.kind == "person":
            tall = min(1.3, tall * 1.5)
        count = min(member.count, 60)
        if count > 1:
            tall *= max(0.28, 1.15 / count**0.45) * float(chance.uniform(0.75, 1.15))
        tall = min(tall, 0.8 * self._aspect / max(aspect_of(subject), 0.1))
        x, middle = self._in_air(index, member, order, tall, chance)
        near = min(tall / 0.5, 1.0)
        nearness = 0.3 + 0.3 * near if self._ground.is_air else _SKY_NEARNESS + 0.03 * near
        return Spot(
            x_px=x * self._width,
            foot_px=(middle + tall / 2) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=nearness + _FALSE_STEP * (index + order / 64),
            haze=self._ground.haze * (0.6 if self._ground.is_air else 0.35) * (1 - near) ** 1.5,
            shadow=0.0,
        )

    def _in_air(
        self, index: int, member: CastMember, order: int, tall: float, chance: np.random.Generator
    ) -> tuple[float, float]:
        """Return the centre of something that floats."""
        count = min(member.count, 60)
        low = 0.62 if self._ground.is_air else max(0.2, self._ground.horizon - 0.2)
        middle = 0.48 if self._ground.is_air else min(0.34, low)
        x = self._places[index]
        if count > 1:
            x = 0.08 + 0.84 * ((order * 0.618034 + 0.3) % 1.0) + float(chance.uniform(-0.03, 0.03))
            spread = 0.3 if self._ground.is_air else 0.16
            middle += spread * float(chance.uniform(-1.0, 1.0))
        elif index != self._main:
            middle -= 0.1 + 0.05 * (index % 2)
        middle = max(middle, tall / 2 + 0.03)
        if member.x is not None:
            x = member.x + (order - (count - 1) / 2) * 0.08
        if member.y is not None:
            middle = member.y
        return x, middle

    def _other_flier(self, height_m: float) -> float:
        """Return the height in the frame of what flies beside a larger subject."""
        usual = 0.12 + 0.05 * math.log2(max(height_m, 0.25) / 0.5)
        return min(max(usual, 0.08), 0.32)


def _aside(order: int, around: float) -> float:
    """Return the place of the next member: on the emptier side first, then alternating."""
    places: Sequence[float] = (0.72, 0.16, 0.88, 0.3, 0.6, 0.06, 0.94)
    if around > 0.48:
        places = (0.26, 0.8, 0.1, 0.92, 0.34, 0.66, 0.04)
    return places[(order - 1) % len(places)]


def _copies_apart(member: CastMember, order: int, aspect: float) -> float:
    """Return how far a copy is from its member's explicit place, in its own heights."""
    return (order - (min(member.count, 60) - 1) / 2) * aspect * 1.05
