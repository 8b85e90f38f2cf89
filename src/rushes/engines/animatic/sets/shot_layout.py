"""Choose the main subject, the height of the camera and the places across the frame."""

from collections.abc import Mapping, Sequence
from typing import Final

from rushes.core.shot_plan import CastMember, Facing, Framing, Plane, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.members import reach_with
from rushes.engines.animatic.layers import Ground
from rushes.engines.animatic.sets.counter import counter_members
from rushes.engines.animatic.sets.spacing import (
    COUNTABLE,
    CROWD,
    aside,
    distant_height,
    gap_of_pair,
    overlap,
)
from rushes.engines.animatic.sets.subject_frames import (
    BUILDINGS,
    CUT,
    PEOPLE,
    TALL_M,
    THINGS,
    SubjectFrame,
    aspect_of,
)
from rushes.engines.animatic.shot import Shot

_SMALLEST: Final = 0.12
"""Height of the smallest member in the frame, as a share of the frame's height."""

_FIRST: Final = 1.7
"""How much larger than others the first member of a cast is at least."""

_WEIGHTS: Final = {"person": 3.0, "animal": 2.5, "fantasy": 2.5, "vehicle": 2.0, "bird": 2.0}
"""How likely a kind is to be the main subject; 1.0 for all others."""

_CLOSE: Final = frozenset({Framing.PORTRAIT, Framing.CLOSE_UP})
_WIDEST: Final = 0.86
_WIDEST_IN_RANKS: Final = 0.72
"""Share of the frame's width that the first of two ranks takes: one sees the second between."""

_BEHIND_A_COUNTER: Final = SubjectFrame(0.86, 1.06)
_HIGH: Final = 0.4
_ROOM_ABOVE: Final = 0.07
_AFLOAT_FOOT: Final = 0.87
"""Row of the water around a main subject, above what frames the picture in front."""

_TINY_M: Final = 0.35
_TREES_IN_FRONT: Final = frozenset({"forest", "mountain"})
_ROOM_BETWEEN_TREES: Final = 0.7
"""Share of the frame's width that trees near the lens leave free."""

_ACROSS: Final = tuple(step / 25 for step in range(2, 24))
"""Where something far away may stand, across the frame."""

_SIDE: Final = 0.62
"""Where a main subject stands in a wide shot when it looks to the left."""

_TO_HANDS: Final = 0.21
"""How far the hands of a worker behind a counter are from the body's middle, in frame heights."""


class ShotLayout:
    """The main subject of one plan, its frame, and where everybody is across the frame."""

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
        self.on_counter = counter_members(plan, self._main)
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

    def _choose_main(self) -> int:
        def weight(index: int) -> float:
            member = self._plan.cast[index]
            first, *riders = self._kinds_with_riders(index)
            counted = (first,) if member.plane is Plane.BACKGROUND else (first, *riders)
            rank = max(_WEIGHTS.get(kind, 1.0) for kind in counted)
            if member.plane is Plane.BACKGROUND:
                rank -= 2.0
            if self._floats(member) or member.plane is Plane.FOREGROUND:
                rank -= 0.8
            if member.count >= CROWD:
                rank -= 0.6
            if _height_of(member) < _TINY_M and any(
                subjects()[self._plan.cast[at].subject].kind == "person" for at in self._standing
            ):
                rank -= 1.0  # beside a hamster as large as the frame nobody else would fit
            earliest = index
            if member.plane is not Plane.BACKGROUND:
                on_it = [at for at, one in enumerate(self._plan.cast) if one.on == index]
                earliest = min(index, *on_it, len(self._plan.cast))
            return rank - 0.2 * earliest

        return max(self._standing, key=weight, default=0)

    def _kinds_with_riders(self, index: int) -> list[str]:
        """Return the kinds of a member and of those who are on it."""
        cast = self._plan.cast
        together = [cast[index], *(member for member in cast if member.on == index)]
        return [subjects()[member.subject].kind for member in together]

    def _seats_people(self, index: int) -> bool:
        """Judge whether it is a thing, such as a bench, that matters for the people on it."""
        first, *riders = self._kinds_with_riders(index)
        return "person" in riders and _WEIGHTS.get(first, 1.0) <= 1.0

    def _looks_left(self, member: CastMember) -> bool:
        if member.facing is Facing.CAMERA:
            return bool(self._shot.seed & 2)
        return member.facing is Facing.LEFT

    def _main_frame(self) -> SubjectFrame:
        """Return how tall the main subject is, small enough to fit with its like beside it."""
        if not self._plan.cast:
            return SubjectFrame(0.46, 0.88)
        member = self._plan.cast[self._main]
        frame = self._beside_its_like(member, self._framed(member))
        if CROWD <= member.count <= COUNTABLE:
            widest = (_WIDEST_IN_RANKS - 0.5 * self._ground.margin) * self._aspect
            widest /= (member.count + 1) // 2
            tall = widest / aspect_of(subjects()[member.subject], member.action)
            frame = SubjectFrame(min(frame.height, max(tall, self._smallest())), frame.foot)
        frame = self._in_water(member, frame)
        if self._is_close and subjects()[member.subject].kind == "person":
            return frame
        surface = self._ground.surface
        riders = self._height_with_riders(self._main)
        highest = min(frame.foot, 1.0) - _ROOM_ABOVE
        if self.on_counter:
            return frame
        if frame.height * riders > highest:
            frame = SubjectFrame(highest / riders, frame.foot)
        if self._aspect < 1 and surface is None and not self._is_close:
            frame = SubjectFrame(frame.height, min(frame.foot, 0.84))
        return self._ashore(member, frame)

    def _ashore(self, member: CastMember, frame: SubjectFrame) -> SubjectFrame:
        """Return the frame of a member that stands on land in front of a water."""
        ground = self._ground
        if not ground.is_water or ground.water_ends >= 1 or member.plane is not Plane.GROUND:
            return frame
        return SubjectFrame(frame.height, max(frame.foot, ground.water_ends + 0.045))

    @property
    def _is_close(self) -> bool:
        return self._plan.framing in _CLOSE

    def _framed(self, member: CastMember) -> SubjectFrame:
        """Return the frame that the framing gives to a member of its kind."""
        framing, surface = self._plan.framing, self._ground.surface
        table = _frames_for(member)
        if self.on_counter:
            return _BEHIND_A_COUNTER
        if self._seats_people(self._main) and surface is None:
            near = framing if framing not in _CLOSE else Framing.MEDIUM
            return SubjectFrame(
                PEOPLE[near].height / self._height_with_riders(self._main), PEOPLE[near].foot
            )
        frame = table[framing]
        is_alone = len(self._plan.cast) == 1 and member.plane is Plane.GROUND
        if table is THINGS and framing is Framing.WIDE and is_alone:
            frame = table[Framing.MEDIUM]  # what a prompt is about, and nothing else, is large
        if surface is None:
            return frame
        tall = {Framing.CLOSE_UP: 0.58, Framing.PORTRAIT: 0.56}.get(framing, 0.44)
        return SubjectFrame(tall if table is not PEOPLE else min(frame.height, 0.7), surface)

    def _beside_its_like(self, member: CastMember, frame: SubjectFrame) -> SubjectFrame:
        """Return the frame made smaller until the member's copies and neighbours fit in."""
        subject = subjects()[member.subject]
        stretch = 1.5 if self._is_close and subject.kind == "person" else 1.0
        widest = _WIDEST * self._aspect * stretch
        beside = 1 + 0.85 * (min(member.count, 4) - 1)
        width = frame.height * aspect_of(subject, member.action) * beside
        if member.count < CROWD and width > widest:
            share = widest / width
            foot = frame.foot if frame.foot <= 1 else 1.0 - (1.0 - frame.foot) * share
            frame = SubjectFrame(frame.height * share, foot)
        together = self._width_together(frame.height / _height_of(member))
        if together > _WIDEST and len(self._side_by_side()) > 1:
            share = max(_WIDEST / together, 0.4 if self._aspect > 1 else 0.28)
            foot = frame.foot if frame.foot <= 1 or share > CUT else 0.95
            highest = foot - _ROOM_ABOVE if foot <= 1 else frame.height
            frame = SubjectFrame(min(frame.height * share, highest), foot)
        return frame

    def _in_water(self, member: CastMember, frame: SubjectFrame) -> SubjectFrame:
        """Return the frame of a member on the water, before land in front of it."""
        ground = self._ground
        if member.plane is not Plane.WATER or not ground.is_water:
            return frame
        foot = min(frame.foot, _AFLOAT_FOOT)
        if foot <= ground.water_ends:
            return SubjectFrame(frame.height, foot)
        share = (ground.water_ends - ground.horizon) / 0.4
        return SubjectFrame(frame.height * min(1.0, share), ground.water_ends - 0.04)

    def _height_with_riders(self, index: int) -> float:
        """Return the height of a member and of who is on it, as a share of its own height."""
        cast = self._plan.cast
        riders = (member for member in cast if member.on == index)
        return max((reach_with(cast[index], rider) for rider in riders), default=1.0)

    def _side_by_side(self) -> list[int]:
        """
        Return the members that share the middle of the frame, the main subject first.

        Those with a place of their own are among them, and sizes of their own do not count: a
        caller who drags or scales one member does not move the others.
        """
        cast = self._plan.cast
        near = [
            index
            for index in self._standing
            if not self._floats(cast[index])
            and cast[index].plane not in {Plane.BACKGROUND, Plane.FOREGROUND}
            and cast[index].count < CROWD
            and index not in self.on_counter
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
        tall = min(max(tall, self._least(index)), 0.85)
        wide = tall * aspect_of(subject, member.action) * (1 + 0.85 * (member.count - 1))
        riders = [
            min(_height_of(rider) * per_m, 0.85)
            * aspect_of(subjects()[rider.subject], rider.action)
            for rider in self._plan.cast
            if rider.on == index and subject.kind != "person"
        ]
        return max(wide, *riders, 0.0) / self._aspect

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
        is_far = member.plane is Plane.BACKGROUND and not self._seen_from_above(self._main)
        if self._floats(member) or is_far:
            return 1.6
        below = max(self._frame.foot - self._ground.horizon, 0.03)
        return below * height_m / self._frame.height

    def _seen_from_above(self, index: int) -> bool:
        """Judge whether a main subject far away would stand at a horizon too high for it."""
        high = self._ground.horizon < _HIGH and not self._ground.is_open_water
        return high and index == self._main

    # across the frame

    def _places_across(self) -> dict[int, float]:
        """Return the centre of each member, 0.0 to 1.0, where the plan does not say."""
        cast = self._plan.cast
        standing = [i for i in self._standing if not self._floats(cast[i])]
        standing = [i for i in standing if i not in self.on_counter]
        near = [i for i in standing if cast[i].plane is not Plane.BACKGROUND]
        far = [i for i in standing if cast[i].plane is Plane.BACKGROUND]
        aloft = [i for i in self._standing if self._floats(cast[i])]
        places: dict[int, float] = {}
        main_x = self._main_place(alone=len(near) + len(aloft) <= 1)
        near = [self._main, *(i for i in near if i != self._main)] if self._main in near else near
        for members in (near, far, aloft):
            around = main_x if self._main in members else 1 - main_x
            for order, index in enumerate(members):
                places[index] = around if order == 0 else aside(order, around)
        beside = self._side_by_side()
        if len(beside) > 1 and self._main in beside:
            places |= self._lined_up(beside)
        places |= self._in_gaps([i for i in far if i != self._main], beside, places)
        under_hands = min(places.get(self._main, main_x) + _TO_HANDS / self._aspect, 0.84)
        for order, index in enumerate(sorted(self.on_counter)):
            places[index] = (under_hands, 0.24, 0.86, 0.1)[order % 4]
        mirrored = self._sign < 0
        return {index: 1 - x if mirrored else x for index, x in places.items()}

    @property
    def _per_m(self) -> float:
        """How many frame heights one metre is, where the main subject stands."""
        return self._frame.height / _height_of(self._plan.cast[self._main])

    def _lined_up(self, members: list[int]) -> dict[int, float]:
        """Return places side by side: the second to the right of the main subject, and so on."""
        per_m = self._per_m
        line: list[int] = []
        for order, index in enumerate(members):
            line.insert(len(line) if order % 2 else 0, index)
        if len(members) == 2:
            line = members
        widths = [self._width_of(index, per_m) for index in line]
        closer = gap_of_pair([self._plan.cast[index] for index in line][:: int(self._sign)])
        room = _ROOM_BETWEEN_TREES if self._plan.set in _TREES_IN_FRONT else 0.94
        gap = min(0.1, max(0.0, room - sum(widths)) / (len(line) + 1))
        gap = gap if closer is None else closer * min(widths)
        whole = sum(widths) + gap * (len(line) - 1)
        squeeze = min(1.0, room / whole)
        x = 0.5 - whole * squeeze / 2
        places: dict[int, float] = {}
        for index, width in zip(line, widths, strict=True):
            places[index] = x + width * squeeze / 2
            x += (width + gap) * squeeze
        return places

    def _in_gaps(
        self, far: Sequence[int], near: Sequence[int], places: Mapping[int, float]
    ) -> dict[int, float]:
        """Return places where those near hide as little as possible of those far away."""
        taken = [(places[index], self._width_of(index, self._per_m)) for index in near]
        found: dict[int, float] = {}
        for index in far:
            member, usual = self._plan.cast[index], places[index]
            aspect = aspect_of(subjects()[member.subject], member.action)
            wide = distant_height(_height_of(member)) * aspect / self._aspect
            wide *= 1 + 0.9 * (min(member.count, CROWD) - 1)

            def cost(x: float, wide: float = wide, usual: float = usual) -> float:
                return overlap(x, wide, taken) + 0.1 * abs(x - usual)

            found[index] = min((usual, *_ACROSS), key=cost)
            taken.append((found[index], wide))
        return found

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

    def _floats(self, member: CastMember) -> bool:
        if self._ground.is_air:
            return True
        return member.plane is Plane.SKY

    def _least(self, index: int) -> float:
        """Return how tall a member is at least: what the prompt names first is seen well."""
        return self._smallest() * (_FIRST if index == 0 else 1.0)

    def _smallest(self) -> float:
        return _SMALLEST * min(1.0, self._aspect * 1.2)


def _height_of(member: CastMember) -> float:
    """Return the real height of a member in metres."""
    return member.height_m or subjects()[member.subject].height_m


def _frames_for(member: CastMember) -> Mapping[Framing, SubjectFrame]:
    """Return how tall subjects like this one are in the frame."""
    kind = subjects()[member.subject].kind
    if kind == "person":
        return PEOPLE
    return BUILDINGS if _height_of(member) >= TALL_M and kind != "vehicle" else THINGS
