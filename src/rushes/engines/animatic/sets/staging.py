"""Decide where each cast member stands and how large it is drawn.

One member is the main subject. The framing says how tall it is in the frame and where its feet
are; both together give the height of the camera's eye above the ground. Everybody else stands on
the same ground in the same perspective. A storyboard may cheat: what would be too small to be
seen is drawn larger, and what would not fit into the frame is put farther away.
"""

import math
from typing import Final

import numpy as np

from rushes.core.shot_plan import Action, CastMember, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.seats import seat_of
from rushes.engines.animatic.layers import Spot, Window
from rushes.engines.animatic.sets.counter import COUNTER_NEARNESS, COUNTER_ROW
from rushes.engines.animatic.sets.ground_places import GroundPlaces
from rushes.engines.animatic.sets.spacing import (
    COUNTABLE,
    CROWD,
    copies_apart,
    distant_height,
    flight_ranks,
)
from rushes.engines.animatic.sets.subject_frames import (
    FAR_SPANS,
    FLIERS,
    SEA_FLOOR,
    SEEN_IN_WINDOWS,
    SPANS,
    aspect_of,
)

_SKY_NEARNESS: Final = 0.166
"""Behind the surface of open water, so that the water mirrors what flies."""

_SHORE_NEARNESS, _FRONT_NEARNESS = 0.185, 0.9
_ROOM_ALOFT: Final = 0.42
"""Height of the air that a few fliers share, as a share of the frame's."""

_BEHIND_LAND, _UNDER_SET, _BEHIND_FOCUS_PX = 0.01, 0.05, 3.0
_DECOR_IN_FRONT, _DECOR_BEHIND = 0.2, 0.6
"""Height of what furnishes a set, at most: beside a bee, a tulip in its size would hide it."""

_TRACKS: Final = {"subway_station": 0.7, "train_station": 0.7}
"""Where tracks are: 0.0 at the horizon, 1.0 where the first people stand on the platform."""

_TRAIN: Final = 0.4
"""Height of a train on those tracks, as a share of the frame's height."""

_LEAST_BEFORE_FACE, _MOST_BEFORE_FACE = 0.16, 0.34
"""Height of a small thing at the lower edge of a close-up, as a share of the frame's."""

_TREES_HIDE: Final = frozenset({"forest", "mountain", "snow"})
"""Sets whose trees would hide what is behind their land."""

_OVER_MAIN: Final = 2.0
"""How much larger something far away is that the main subject would hide, such as its tree."""

_TOP, _ROOM_FOR_RIDER = 0.8, 0.24
"""Seat of what one rides on its top, and the room above it that the frame then has."""

_WITH_RIDER: Final = 1.45
"""Height of something far away with one who is on it, in its own heights."""

_LEAST_ROOM: Final = 0.02
"""Height for something far away whose feet a caller puts above the frame's margin."""

_ROOM_FAR: Final = 0.86
"""Share of the frame's width that a few things far away take together, at most."""

_FALSE_STEP: Final = 0.0004
"""Difference in nearness that keeps members at one distance in a fixed order."""


class Staging(GroundPlaces):
    """Places the cast of one plan on the ground of one set."""

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
        if index in self.on_counter:
            return self._on_the_counter(index, member, height_m, order)
        if self._hangs(member):
            return self._on_wall(index, member, height_m, order)
        if member.plane is Plane.BACKGROUND and not self._seen_from_above(index):
            return self._distant(index, member, height_m, order)
        return self._on_ground(index, member, height_m, order)

    def floats(self, member: CastMember) -> bool:
        """Judge whether ``y`` of a member is its centre; else it is its feet."""
        return self._floats(member)

    # the main subject

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
        if not is_main:
            px_per_m = max(px_per_m, self._least(index) * self._height / height_m)
        before_face = self._is_before_face(index, member)
        if before_face:
            usual = self._frame.height / self._main_m
            tall = min(max(usual * height_m, _LEAST_BEFORE_FACE), _MOST_BEFORE_FACE)
            px_per_m = tall * self._height / height_m
        widest = 1.1 * self._width / max(aspect_of(subject, member.action) * height_m, 1e-6)
        px_per_m = min(px_per_m, max(widest, px_per_m if is_main else widest))
        if index >= self._furnished_from:
            px_per_m *= min(1.0, self._aspect)
            most = _DECOR_IN_FRONT if row > self._frame.foot - 0.05 else _DECOR_BEHIND
            px_per_m = min(px_per_m, most * self._height / height_m)
        if member.x is not None:
            x = member.x + copies_apart(member, order, aspect_of(subject, member.action)) * (
                px_per_m * height_m / self._width
            )
        share = (row - ground.farthest) / max(0.9 - ground.farthest, 0.05)
        far = 1 - min(max(share, 0.0), 1.0)
        nearness = ground.nearness(row) + _FALSE_STEP * (index + order / 64)
        if before_face:
            nearness = _FRONT_NEARNESS - 0.1 + _FALSE_STEP * (index + order / 64)
        if index >= self._furnished_from and row < self._frame.foot:
            nearness = min(nearness, ground.far_nearness)  # no bush hides one of the cast
        return Spot(
            x_px=x * self._width,
            foot_px=row * self._height,
            px_per_m=px_per_m,
            nearness=nearness,
            haze=ground.haze * far**2,
            shadow=0.0 if wet else ground.shadow,
            reflection=0.7 if wet else ground.reflection,
            sunk=sunk_share(subject, member.action) if wet else 0.0,
            mirror_ends_px=ground.water_ends * self._height if wet else math.inf,
            blur_px=0.0 if is_main or ground.surface is None else _BEHIND_FOCUS_PX,
        )

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

    def _on_the_counter(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        """Return a place on the counter before the main subject, large enough to be seen."""
        tall = min(max(1.5 * height_m * self._frame.height / 1.75, 0.11), 0.24)
        tall = min(tall, 0.3 * self._aspect)
        wide = tall * aspect_of(subjects()[member.subject]) / self._aspect
        aside = (order - (member.count - 1) / 2) * min(1.05 * wide, 0.5 / member.count)
        return Spot(
            x_px=(self._places[index] + aside) * self._width,
            foot_px=(COUNTER_ROW - 0.012 * (order % 2)) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=COUNTER_NEARNESS + 0.01 + _FALSE_STEP * (index + (1 - order % 2) / 2),
            haze=0.0,
            shadow=0.5,
        )

    # far away

    def _distant(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        ground = self._ground
        row = ground.farthest + 0.012 + 0.004 * (order % 3)
        if ground.is_open_water:
            row = ground.horizon + 0.012  # what is lower, the water would cover
        on_tracks = subjects()[member.subject].kind == "vehicle" and self._plan.set in _TRACKS
        if on_tracks:
            row = ground.horizon + (ground.farthest - ground.horizon) * _TRACKS[self._plan.set]
        if member.y is not None:
            row = member.y
        subject = subjects()[member.subject]
        aspect = aspect_of(subject, member.action)
        if ground.window is not None and subject.kind in SEEN_IN_WINDOWS:
            return self._in_window(ground.window, index, member, height_m, order)
        tall = self._distant_tall(index, member, height_m, row, on_tracks=on_tracks)
        wide = tall * aspect / self._aspect
        x = member.x if member.x is not None else self._places[index]
        step = max(min(wide * 1.1, 0.9 / member.count), 0.02)
        aside = (min(member.count, COUNTABLE) - 1) / 2 * step
        if member.x is None and member.count > 1:
            half = min(aside + wide / 2, 0.5)
            x = min(max(x, half), 1 - half)
        x += order * step - aside
        return Spot(
            x_px=x * self._width,
            foot_px=row * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=self._distance(subject) + _FALSE_STEP * (index + order / 64),
            haze=0.75 * ground.haze,
            shadow=0.25 * ground.shadow,
        )

    def _in_window(
        self, window: Window, index: int, member: CastMember, height_m: float, order: int
    ) -> Spot:
        """Return a place behind a window of a room, which the building fills."""
        left, top, right, foot = window
        across = (right - left) / min(member.count, COUNTABLE)
        aspect = aspect_of(subjects()[member.subject], member.action)
        tall = min(0.94 * (foot - top), 0.94 * across * self._aspect / max(aspect, 0.1))
        x = left + across * (order + 0.5)
        return Spot(
            x_px=(x if member.x is None else member.x) * self._width,
            foot_px=(foot if member.y is None else member.y) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=self._ground.far_nearness - _BEHIND_LAND + _FALSE_STEP * index,
            haze=0.3,
            shadow=0.0,
        )

    def _distant_tall(
        self, index: int, member: CastMember, height_m: float, row: float, *, on_tracks: bool
    ) -> float:
        """Return the height of something far away, as a share of the frame's."""
        subject = subjects()[member.subject]
        aspect = aspect_of(subject, member.action)
        room = max(row - self._ground.ceiling, _LEAST_ROOM)
        tall = _TRAIN if on_tracks else distant_height(height_m)
        tall = min(tall, max(0.2, room))
        if index == self._main and not on_tracks:
            tall = min(max(tall, 0.5), room)
        elif member.x is not None and self._hides(member.x, tall * aspect / self._aspect):
            tall = max(tall, min(_OVER_MAIN * tall, room))
        widest = 1.3 if subject.id in SPANS or on_tracks else 0.62
        if subject.id in SPANS and any(other.on == index for other in self._plan.cast):
            tall = min(tall, 0.42)  # who crosses it stays in the frame
        elif any(other.on == index for other in self._plan.cast):
            tall = min(tall, room / _WITH_RIDER)
        tall = min(tall, widest * self._aspect / max(aspect, 0.1))
        if member.count > 1:
            tall *= 0.8
        if 1 < member.count < CROWD:
            tall = min(tall, _ROOM_FAR * self._aspect / (aspect * member.count))
        return tall

    def _hides(self, x: float, wide: float) -> bool:
        """Judge whether the main subject stands before most of something of a width around *x*."""
        if self._main not in self._side_by_side():
            return False
        half = self._width_of(self._main, self._per_m) / 2
        main = self._plan.cast[self._main]
        at = self._places[self._main] if main.x is None else main.x
        return abs(at - x) + wide / 2 < 1.4 * half

    def _distance(self, subject: Subject) -> float:
        """Return the nearness of the background: behind all water, so that it mirrors it."""
        if self._ground.paints_spans and subject.id in FAR_SPANS:
            return _UNDER_SET
        if self._ground.is_open_water:
            return _SHORE_NEARNESS
        behind = 0.0 if self._plan.set in _TREES_HIDE else _BEHIND_LAND
        return self._ground.far_nearness - behind

    def _floating(self, index: int, member: CastMember, height_m: float, order: int) -> Spot:
        subject = subjects()[member.subject]
        chance = self._shot.chance(f"staging/{index}/{order}")
        is_main = index == self._main
        tall = FLIERS[self._plan.framing] if is_main else self._other_flier(index, height_m)
        if self._ground.is_air and is_main and subject.kind == "person":
            tall = min(1.3, tall * 1.5)
        count = min(member.count, 60)
        if count > COUNTABLE:
            tall *= max(0.28, 1.15 / count**0.45) * float(chance.uniform(0.75, 1.15))
        elif count > 1:
            across, down = flight_ranks(count)
            room = _ROOM_ALOFT / down * (1.7 if self._ground.is_air else 1.0)
            wide = 0.9 * self._aspect / across
            tall = min(tall, room, wide / max(aspect_of(subject, member.action), 0.8))
            tall *= float(chance.uniform(0.85, 1.0))
        tall = min(tall, 0.8 * self._aspect / max(aspect_of(subject, member.action), 0.1))
        stands = self._ground.is_air and subject.id in SEA_FLOOR and member.y is None
        tall = max(tall, 0.3 / min(member.count, 3) ** 0.4) if stands else tall
        x, middle = self._in_air(index, member, order, tall, chance)
        middle = 0.98 - tall / 2 if stands else middle
        if subject.rig == "puppet" and member.action in {Action.SWIM, Action.FLY}:
            middle -= 0.3 * tall  # who lies flat is around the height of the feet
        near = min(tall / 0.5, 1.0)
        nearness = 0.3 + 0.3 * near if self._ground.is_air else self._aloft(near)
        return Spot(
            x_px=x * self._width,
            foot_px=(middle + tall / 2) * self._height,
            px_per_m=tall * self._height / height_m,
            nearness=nearness + _FALSE_STEP * (index + order / 64),
            haze=self._ground.haze * (0.6 if self._ground.is_air else 0.35) * (1 - near) ** 1.5,
            shadow=0.0,
        )

    def _aloft(self, near: float) -> float:
        """Return a nearness before walls and mountains, and behind all subjects that stand."""
        if self._ground.is_open_water:
            return _SKY_NEARNESS + 0.018 * near
        return self._ground.far_nearness - 0.0008 + 0.0006 * near

    def _in_air(
        self, index: int, member: CastMember, order: int, tall: float, chance: np.random.Generator
    ) -> tuple[float, float]:
        """Return the centre of something that floats."""
        count = min(member.count, 60)
        low = 0.62 if self._ground.is_air else max(0.2, self._ground.horizon - 0.2)
        middle = 0.48 if self._ground.is_air else min(0.34, low)
        x = self._places[index]
        if 1 < count <= COUNTABLE:
            across, down = flight_ranks(count)
            rank, at = order % down, order // down
            in_rank = (count - rank + down - 1) // down
            step = 0.9 / across
            jitter = float(chance.uniform(-0.12, 0.12))
            x = 0.5 + (at - (in_rank - 1) / 2 + 0.3 * (rank % 2) * (down > 1) + jitter) * step
            room = _ROOM_ALOFT * (1.7 if self._ground.is_air else 1.0)
            middle += room * ((rank + 0.5) / down - 0.5 + 0.1 * float(chance.uniform(-1.0, 1.0)))
        elif count > 1:
            x = 0.08 + 0.84 * ((order * 0.618034 + 0.3) % 1.0) + float(chance.uniform(-0.03, 0.03))
            spread = 0.3 if self._ground.is_air else 0.16
            middle += spread * float(chance.uniform(-1.0, 1.0))
        elif index != self._main:
            middle -= 0.1 + 0.05 * (index % 2)
        riders = any(one.on == index for one in self._plan.cast)
        above = _ROOM_FOR_RIDER if riders and seat_of(subjects()[member.subject]) > _TOP else 0.03
        middle = max(middle, tall / 2 + above)
        if member.x is not None:
            x = member.x + (order - (count - 1) / 2) * 0.08
        if member.y is not None:
            middle = member.y
        return x, middle

    def _other_flier(self, index: int, height_m: float) -> float:
        """Return the height in the frame of what flies beside the main subject."""
        usual = 0.12 + 0.05 * math.log2(max(height_m, 0.25) / 0.5)
        main = self._plan.cast[self._main]
        if index < self._furnished_from and not self._floats(main):
            # A butterfly over a flower is as large as the flower; one over a meadow is small.
            main_m = main.height_m or subjects()[main.subject].height_m
            usual = max(usual, 0.7 * height_m * self._frame.height / main_m)
        return min(max(usual, 0.1), 0.32)


def sunk_share(subject: Subject, action: Action) -> float:
    """Return how much of something on the water is under its surface, as a share of its height."""
    if subject.kind in _ON_THE_SURFACE or action in {Action.JUMP, Action.FLY, Action.RISE}:
        return 0.0
    if subject.rig in _DRAWN_WITH_WATER:
        return 0.06
    if subject.rig == "puppet":
        return 0.11 if action is Action.SWIM else 0.5
    return _SUNK.get(subject.id, _SUNK.get(subject.kind, 0.25))


_DRAWN_WITH_WATER: Final = frozenset({"surf", "boat"})
"""How those move whose picture is of a board, a boat or the waves already."""

_ON_THE_SURFACE: Final = frozenset({"boat", "building", "plant", "nature", "sky", "aircraft"})
_SUNK: Final = {
    "swan": 0.08,
    "duck": 0.26,
    "duckling": 0.3,
    "pelican": 0.3,
    "flamingo": 0.2,
    "stork": 0.2,
    "mermaid": 0.4,
    "whale": 0.24,
    "spouting-whale": 0.24,
    "animal": 0.42,
    "fantasy": 0.42,
    "fish": 0.42,
    "bird": 0.2,
    "person": 0.12,
}
"""By subject, else by kind."""
