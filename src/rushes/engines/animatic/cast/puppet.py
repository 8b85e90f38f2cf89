"""A person with a drawn body under an artist's head, in any pose."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.art import extent, rasterise
from rushes.engines.animatic.cast.brush import Brush, Colour, Point, colour_of, shade
from rushes.engines.animatic.cast.catalogue import Person
from rushes.engines.animatic.cast.heads import SKINS, colours, head
from rushes.engines.animatic.cast.poses import MOTIONS, Limb, Pose
from rushes.engines.animatic.cast.sprite import Sprite, cropped

_HAT_FACE: Final = 0.42
"""Width of the face that hats are drawn for, as a share of their box."""

_HAT_CHIN: Final = 0.86
_ROOM: Final = (1.1, 1.45, 0.35)
"""Body heights left free beside, above and below the feet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions of a body; lengths in body heights."""

    face: float
    leg: float
    torso: float
    arm: float
    girth: float
    stoop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a garment is cut."""

    sleeve: str = "long"
    legs: str = "long"
    hem: float = 0.0
    """How far a skirt reaches down the leg, 0.0 to 1.0; 0.0 is none."""

    flare: float = 0.0
    girth: float = 1.0
    wide_sleeves: bool = False
    open_front: bool = False
    plates: bool = False


BUILDS: Final = MappingProxyType(
    {
        "adult": Build(face=0.148, leg=0.475, torso=0.285, arm=0.300, girth=1.0),
        "woman": Build(face=0.142, leg=0.480, torso=0.280, arm=0.285, girth=0.86),
        "elder": Build(face=0.152, leg=0.455, torso=0.285, arm=0.295, girth=1.02, stoop=0.13),
        "child": Build(face=0.200, leg=0.420, torso=0.260, arm=0.265, girth=0.95),
        "toddler": Build(face=0.275, leg=0.300, torso=0.270, arm=0.230, girth=1.15),
        "robot": Build(face=0.235, leg=0.340, torso=0.320, arm=0.310, girth=1.35),
    }
)

CUTS: Final = MappingProxyType(
    {
        "shirt": Cut(),
        "tee": Cut(sleeve="short"),
        "hoodie": Cut(girth=1.12),
        "cardigan": Cut(girth=1.08, open_front=True),
        "uniform": Cut(girth=1.05),
        "suit": Cut(girth=1.06, open_front=True),
        "overalls": Cut(),
        "coat": Cut(girth=1.12, hem=0.52, flare=0.25, open_front=True),
        "dress": Cut(sleeve="short", legs="bare", hem=0.56, flare=0.62, girth=0.92),
        "skirt": Cut(legs="bare", hem=0.50, flare=0.40, girth=0.95),
        "gown": Cut(sleeve="short", legs="bare", hem=0.97, flare=0.80, girth=0.92),
        "robe": Cut(hem=0.95, flare=0.42, girth=1.15, wide_sleeves=True),
        "kimono": Cut(hem=0.96, flare=0.16, girth=1.08, wide_sleeves=True),
        "tutu": Cut(sleeve="none", legs="bare", hem=0.20, flare=1.9, girth=0.86),
        "shorts": Cut(sleeve="none", legs="short"),
        "sport": Cut(sleeve="short", legs="short"),
        "swimsuit": Cut(sleeve="none", legs="bare"),
        "bodysuit": Cut(),
        "spacesuit": Cut(girth=1.38),
        "armour": Cut(girth=1.22, hem=0.24, flare=0.3, plates=True),
        "romper": Cut(girth=1.1),
        "robot": Cut(girth=1.1, plates=True),
        "bones": Cut(girth=0.5),
        "bandage": Cut(girth=0.95),
    }
)

_FUR: Final = MappingProxyType(
    {
        "fur": "#8d8d8d",
        "brownfur": "#8d6050",
        "alien": "#b0bec5",
        "bone": "#e3e9ec",
        "metal": "#90a4ae",
        "red": "#ef5350",
        "purple": "#7b3fa0",
        "straw": "#d9b45a",
        "bandage": "#d9cfb4",
    }
)
_LADIES: Final = frozenset(
    ["girl", "princess", "old-woman", "mrs-claus", "baby", "person-with-veil", "ballet-dancer"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What tells two people of the same kind apart."""

    skin: str
    hair: str
    top: str
    bottom: str


@dataclass(slots=True)
class _Frame:
    """The joints of one pose, in body heights."""

    hip: Point
    chest: Point
    neck: Point
    knees: list[Point]
    feet: list[Point]
    hips: list[Point]
    shoulders: list[Point]
    elbows: list[Point]
    hands: list[Point]


class Puppet:
    """Draws one person at one size; the same pose gives the same bytes."""

    def __init__(
        self,
        person: Person,
        height_px: float,
        action: Action,
        look: Look,
        *,
        frontal: bool = False,
        wind: float = 0.3,
        seated: bool = False,
    ) -> None:
        """
        Dress the person.

        Args:
            height_px: From the soles to the crown, without a hat.

            frontal: It faces the camera, whatever the action.

            wind: How strongly cloth flutters, 0.0 to 1.0.

            seated: It sits on something that is drawn already, so that no stool is.
        """
        self._person, self._look, self._unit = person, look, height_px
        self._motion = MOTIONS[action]
        self._turn = 0.0 if frontal else self._motion.turn
        self._wind = wind
        self._cut = CUTS[person.garment]
        lady = person.head.startswith("woman") or person.head in _LADIES
        build = "woman" if lady and person.build == "adult" else person.build
        self._lady = lady and person.build in {"adult", "elder"}
        self._build = BUILDS[build]
        self._side, self._front = math.sin(1.3 * self._turn), math.cos(1.3 * self._turn)
        busy = action in {Action.WAVE, Action.DANCE, Action.SWIM, Action.FALL}
        self._held = "" if busy else person.prop
        self._sits = self._motion.pose(0.0).legs[0].swing > 1.0
        self._stool = action is Action.SIT and not seated
        skin = SKINS.get(look.skin, (_FUR.get(look.skin, look.skin or "#e8b98f"), ""))[0]
        self._skin = colour_of(skin)
        top, bottom = look.top or skin, look.bottom or skin
        self._top, self._bottom = colour_of(top), colour_of(bottom)
        self._shoes = colour_of(person.shoes) if person.shoes else self._skin
        plated = person.garment in {"robot", "armour", "spacesuit"}
        covered = person.hat in {"helm", "motohelmet"} or person.garment == "robot"
        self._neck = self._top if covered else self._skin
        self._hand = shade(self._top, 0.8) if plated else self._skin

    def draw(self, phase: float) -> Sprite:
        """Return the person at a phase of 0.0 to 1.0 of the action's cycle."""
        unit = self._unit
        beside, above, below = (share * unit for share in _ROOM)
        size = (round(2 * beside), round(above + below))
        brush = Brush(*size, origin=(beside, above), unit_px=unit)
        pose = self._motion.pose(phase)
        frame = self._frame(pose)
        self._behind(brush, frame, phase)
        if self._held and PROPS.get(self._held, Grip()).behind:
            self._prop(brush, frame.elbows[0], frame.hands[0])
        self._arm(brush, frame, 1, far=True)
        self._legs(brush, frame)
        self._torso(brush, frame, phase)
        self._head(brush, frame, pose, phase)
        self._arm(brush, frame, 0, far=False)
        return cropped(brush.pixels, brush.at((0.0, 0.0)))

    def _frame(self, pose: Pose) -> _Frame:
        build = self._build
        legs = [self._leg(limb, side) for limb, side in zip(pose.legs, (-1, 1), strict=True)]
        reach = max(-foot[1] for _, foot in legs)
        seat = 0.30 if self._stool else 0.0
        hip = (pose.sway, max(reach, seat) + 0.022 + pose.lift)
        lean = pose.lean + build.stoop
        chest = (
            hip[0] + math.sin(lean) * build.torso * max(self._side, 0.4),
            hip[1] + math.cos(lean) * build.torso + pose.breath,
        )
        spread = 0.098 * build.girth * self._front + 0.012
        hips = [(hip[0] + side * 0.045 * self._front * build.girth, hip[1]) for side in (-1, 1)]
        shoulders = [(chest[0] + side * spread, chest[1] - 0.028) for side in (-1, 1)]
        arms = [
            self._reach(shoulder, limb, side)
            for shoulder, limb, side in zip(shoulders, pose.arms, (-1, 1), strict=True)
        ]
        return _Frame(
            hip=hip,
            chest=chest,
            neck=(chest[0] + 0.01 * self._side + math.sin(lean) * 0.03, chest[1] + 0.012),
            knees=[_plus(at, knee) for at, (knee, _) in zip(hips, legs, strict=True)],
            feet=[_plus(at, foot) for at, (_, foot) in zip(hips, legs, strict=True)],
            hips=hips,
            shoulders=shoulders,
            elbows=[elbow for elbow, _ in arms],
            hands=[hand for _, hand in arms],
        )

    def _leg(self, limb: Limb, side: int) -> tuple[Point, Point]:
        """Return knee and ankle relative to the hip."""
        half = self._build.leg / 2
        knee = self._along((0.0, 0.0), limb.swing, limb.spread, half * 1.03, side)
        ankle = self._along(knee, limb.swing - limb.bend, limb.spread, half * 0.92, side)
        return knee, ankle

    def _reach(self, shoulder: Point, limb: Limb, side: int) -> tuple[Point, Point]:
        half = self._build.arm / 2
        elbow = self._along(shoulder, limb.swing, limb.spread, half, side)
        outward = min(max((limb.spread - 0.7) / 0.5, 0.0), 1.0)
        hand = self._along(
            elbow,
            limb.swing + limb.bend * (1 - outward),
            limb.spread + limb.bend * outward,
            half * 0.95,
            side,
        )
        return elbow, hand

    def _along(self, start: Point, swing: float, spread: float, length: float, side: int) -> Point:
        forward = math.sin(swing) * math.cos(spread)
        outward = math.sin(spread) * side
        down = math.cos(swing) * math.cos(spread)
        return (
            start[0] + (forward * self._side + outward * max(self._front, 0.35)) * length,
            start[1] - down * length,
        )

    def _legs(self, brush: Brush, frame: _Frame) -> None:
        girth = self._build.girth * (self._cut.girth if self._cut.girth > 1.2 else 1.0)
        if self._cut.girth < 0.8:
            girth *= 0.45
        if self._stool:
            self._draw_stool(brush, frame)
        for index in (1, 0):
            dim = 0.80 if index and self._turn > 0.5 else 0.96 if index else 1.0
            hip, knee, foot = frame.hips[index], frame.knees[index], frame.feet[index]
            cloth = shade(self._bottom, dim)
            skin = shade(self._skin, dim)
            thigh, shin = 0.052 * girth, 0.036 * girth
            legs = self._cut.legs
            upper = skin if legs == "bare" else cloth
            lower = cloth if legs == "long" else skin
            brush.limb(knee, foot, shin * 1.06, shin * 0.78, lower)
            brush.limb(hip, knee, thigh, shin * 1.12, upper)
            if self._cut.plates:
                brush.disc(knee, shin * 1.15, shade(cloth, 1.25))
            self._shoe(brush, foot, shade(self._shoes, dim), shin)

    def _shoe(self, brush: Brush, foot: Point, colour: Colour, shin: float) -> None:
        length = 0.030 + 0.060 * self._side
        toe = (foot[0] + length, foot[1] - 0.004)
        heel = (foot[0] - 0.012 * self._side, foot[1])
        radius = min(0.026, shin * 0.8)
        if self._person.shoes:
            brush.limb((foot[0], foot[1] + 0.03), foot, shin * 0.82, shin * 0.8, colour)
        brush.limb(heel, toe, radius, radius * 0.82, colour)

    def _draw_stool(self, brush: Brush, frame: _Frame) -> None:
        x, seat = frame.hip[0] + 0.02, frame.hip[1] - 0.05
        wood = colour_of("#8a5a34")
        for leg in (-0.085, 0.085):
            brush.limb((x + leg * 0.8, seat), (x + leg, 0.0), 0.013, 0.011, wood)
        brush.limb((x - 0.11, seat), (x + 0.11, seat), 0.02, 0.02, wood)

    def _torso(self, brush: Brush, frame: _Frame, phase: float) -> None:
        cut, girth = self._cut, self._build.girth * self._cut.girth
        hips = (0.062 * self._front + 0.052) * self._build.girth * (1.06 if self._lady else 0.96)
        chest = (0.085 * self._front + 0.062) * girth
        waist = min(hips, chest) * (0.80 if self._lady else 0.96) * (1.1 if girth > 1.2 else 1.0)
        hip, top = frame.hip, frame.chest
        middle = ((hip[0] + top[0]) / 2, hip[1] + (top[1] - hip[1]) * 0.36)
        bare = not self._look.top
        base = self._skin if bare else self._top
        if self._person.garment == "bones":
            self._ribs(brush, frame)
            return
        outline = [
            (hip[0] - hips, hip[1] - 0.03),
            (hip[0] - hips * 1.02, hip[1] + 0.02),
            (middle[0] - waist, middle[1]),
            (top[0] - chest, top[1] - 0.07),
            (top[0] - chest * 0.98, top[1] - 0.025),
            (top[0] - chest * 0.72, top[1] + 0.002),
            (top[0] - 0.035, top[1] + 0.022),
            (top[0] + 0.035, top[1] + 0.022),
            (top[0] + chest * 0.72, top[1] + 0.002),
            (top[0] + chest * 0.98, top[1] - 0.025),
            (top[0] + chest, top[1] - 0.07),
            (middle[0] + waist, middle[1]),
            (hip[0] + hips * 1.02, hip[1] + 0.02),
            (hip[0] + hips, hip[1] - 0.03),
        ]
        if not cut.hem:
            below = self._skin if cut.legs == "bare" and bare else self._bottom
            if self._person.garment == "swimsuit":
                below = self._top
            brush.limb(
                (hip[0] - hips * 0.45, hip[1] - 0.012),
                (hip[0] + hips * 0.45, hip[1] - 0.012),
                hips * 0.62,
                hips * 0.62,
                below,
            )
        brush.fill(outline, shade(base, 0.82))
        brush.fill(_shrunk(outline, 0.80), base)
        if cut.hem:
            self._skirt(brush, frame, hips, waist, phase)
        elif not bare and self._person.garment not in {"bodysuit", "swimsuit", "romper"}:
            belt = [
                (hip[0] - hips, hip[1] + 0.004), (hip[0] + hips, hip[1] + 0.004),
                (hip[0] + hips, hip[1] - 0.014), (hip[0] - hips, hip[1] - 0.014),
            ]  # fmt: skip
            brush.fill(belt, shade(self._bottom, 0.6))
        self._trim(brush, frame, chest, hips)

    def _ribs(self, brush: Brush, frame: _Frame) -> None:
        hip, top = frame.hip, frame.chest
        brush.limb(hip, top, 0.013, 0.013, self._top)
        for row in range(5):
            share = 0.42 + row * 0.125
            y = hip[1] + (top[1] - hip[1]) * share
            x = hip[0] + (top[0] - hip[0]) * share
            half = (0.05 + 0.012 * row) * (0.5 + 0.5 * self._front)
            brush.limb((x - half, y - 0.012), (x + half, y - 0.012), 0.009, 0.009, self._top)
        brush.limb((hip[0] - 0.04, hip[1]), (hip[0] + 0.04, hip[1]), 0.022, 0.022, self._top)

    def _skirt(self, brush: Brush, frame: _Frame, hips: float, waist: float, phase: float) -> None:
        cut, hip = self._cut, frame.hip
        colour = self._bottom if self._person.garment in {"skirt", "tutu"} else self._top
        if self._person.garment == "coat":
            colour = self._top
        if self._sits:
            self._lap(brush, frame, colour)
            return
        length = self._build.leg * cut.hem
        bottom = max(hip[1] - length, 0.016)
        swing = [*frame.knees, *frame.feet] if cut.hem > 0.7 else frame.knees
        reach = [x for x, y in swing if y < hip[1]] or [hip[0]]
        half = hips + 0.11 * cut.flare * (0.55 + 0.45 * cut.hem)
        left = min(hip[0] - half, min(reach) - 0.045)
        right = max(hip[0] + half, max(reach) + 0.045)
        gust = 0.05 * self._wind * cut.hem
        hem: list[Point] = []
        count = 14
        for step in range(count + 1):
            share = step / count
            wave = math.sin(2 * math.pi * (phase - share * 1.5))
            x = right + (left - right) * share - gust * share * (1.6 + wave)
            hem.append((x, bottom + 0.010 * math.sin(9 * share + 2 * math.pi * phase) + 0.006))
        upper = hip[1] + 0.075
        sides = (hip[0] + waist * 1.02, upper), (hip[0] - waist * 1.02, upper)
        bulge = [(hip[0] + hips * 1.08, hip[1] - 0.01)]
        other = [(hip[0] - hips * 1.08, hip[1] - 0.01)]
        outline = [sides[0], *bulge, *hem, *other, sides[1]]
        brush.fill(outline, shade(colour, 0.80))
        brush.fill(_shrunk(outline, 0.86), colour)
        for fold in range(3, count, 3):  # folds run from the waist to the hem
            foot = hem[fold]
            share = fold / count
            head_x = sides[0][0] + (sides[1][0] - sides[0][0]) * share
            wedge = [(head_x, upper - 0.05), (foot[0] - 0.012, foot[1]), (foot[0] + 0.014, foot[1])]
            brush.fill(wedge, shade(colour, 0.86))
        if cut.open_front:
            brush.line([(hip[0] + 0.01, upper), (hem[6][0], hem[6][1])], 0.007, shade(colour, 0.6))

    def _lap(self, brush: Brush, frame: _Frame, colour: Colour) -> None:
        """Draw the skirt of somebody who sits: over the thighs, and down from the knees."""
        for index in (1, 0):
            hip, knee, foot = frame.hips[index], frame.knees[index], frame.feet[index]
            tone = shade(colour, 0.85 if index else 1.0)
            hem = _between(knee, foot, min(1.0, 0.25 + 0.7 * self._cut.hem))
            brush.limb(knee, hem, 0.062, 0.070, tone)
            brush.limb(hip, knee, 0.085, 0.066, tone)

    def _trim(self, brush: Brush, frame: _Frame, chest: float, hips: float) -> None:
        """Draw what is worn over the torso: lapels, apron, tie, vest, belt, plates."""
        hip, top, extra = frame.hip, frame.chest, self._person.extra
        centre = (top[0] + hip[0]) / 2 + 0.025 * self._side
        if self._cut.open_front:
            shirt = colour_of("#f1f1ee")
            brush.fill(
                [(top[0] - 0.032, top[1] + 0.02), (top[0] + 0.036, top[1] + 0.02),
                 (centre, top[1] - 0.13)], shirt)  # fmt: skip
        if "vest" in extra or self._person.garment == "overalls":
            vest = colour_of(extra.get("vest", self._look.bottom or "#555555"))
            for side in (-1, 1):
                brush.fill(
                    [(top[0] + side * chest * 0.86, top[1] - 0.02),
                     (top[0] + side * 0.030, top[1] + 0.012),
                     (top[0] + side * 0.034, hip[1] + 0.01), (hip[0] + side * hips, hip[1] + 0.01)],
                    vest)  # fmt: skip
            if self._person.garment == "overalls":
                brush.fill(
                    [(top[0] - chest * 0.55, top[1] - 0.09), (top[0] + chest * 0.55, top[1] - 0.09),
                     (hip[0] + hips, hip[1] - 0.01), (hip[0] - hips, hip[1] - 0.01)],
                    vest)  # fmt: skip
        self._trim_more(brush, frame, chest, hips, centre)

    def _trim_more(
        self, brush: Brush, frame: _Frame, chest: float, hips: float, centre: float
    ) -> None:
        hip, top, extra = frame.hip, frame.chest, self._person.extra
        if "apron" in extra:
            colour = colour_of(extra["apron"])
            low = hip[1] - self._build.leg * 0.36
            brush.fill(
                [(centre - chest * 0.5, top[1] - 0.06), (centre + chest * 0.5, top[1] - 0.06),
                 (centre + hips * 0.95, hip[1] + 0.03), (centre + hips * 1.0, low),
                 (centre - hips * 0.9, low), (centre - hips * 0.9, hip[1] + 0.03)],
                shade(colour, 0.94))  # fmt: skip
            brush.line(
                [(centre - hips * 0.9, hip[1] + 0.035), (centre + hips * 0.95, hip[1] + 0.035)],
                0.009, shade(colour, 0.75))  # fmt: skip
        if "tie" in extra:
            tie = colour_of(extra["tie"])
            brush.fill(
                [(centre - 0.008, top[1]), (centre + 0.008, top[1]),
                 (centre + 0.016, top[1] - 0.12), (centre, top[1] - 0.145),
                 (centre - 0.016, top[1] - 0.12)], tie)  # fmt: skip
        for name, y in (
            ("belt", hip[1] + 0.03),
            ("stripe", hip[1] + 0.09),
            ("trim", hip[1] - 0.01),
        ):
            if name in extra:
                wide = hips * 1.06 if name != "stripe" else chest
                brush.line([(hip[0] - wide, y), (hip[0] + wide, y)], 0.028, colour_of(extra[name]))
        if self._cut.plates:
            light = shade(self._top, 1.28)
            high = top[1] - 0.05
            brush.line([(top[0] - chest * 0.7, high), (top[0] + chest * 0.7, high)], 0.010, light)
            brush.disc((centre, (top[1] * 2 + hip[1]) / 3), 0.026, light)
        if "scarf" in extra:
            colour = colour_of(extra["scarf"])
            brush.limb(
                (top[0] - 0.048, top[1] + 0.008),
                (top[0] + 0.052, top[1] + 0.008),
                0.024,
                0.024,
                colour,
            )

    def _arm(self, brush: Brush, frame: _Frame, index: int, *, far: bool) -> None:
        dim = 0.80 if far and self._turn > 0.5 else 0.94 if far else 1.0
        shoulder, elbow, hand = frame.shoulders[index], frame.elbows[index], frame.hands[index]
        sleeve = self._cut.sleeve if self._look.top else "none"
        girth = self._build.girth * (1.3 if self._cut.girth > 1.3 else 1.0)
        if self._person.garment == "bones":
            girth *= 0.4
        cloth, skin = shade(self._top, dim), shade(self._skin, dim)
        upper = skin if sleeve == "none" else cloth
        lower = cloth if sleeve == "long" else skin
        thick, thin = 0.036 * girth, 0.027 * girth
        glove = self._person.extra.get("gloves")
        palm = shade(colour_of(glove) if glove else self._hand, dim)
        if index == 0 and self._held and not PROPS.get(self._held, Grip()).behind:
            self._prop(brush, elbow, hand)
        if not glove:
            brush.disc(hand, 0.028 * self._build.girth, palm)
        brush.limb(elbow, hand, thin * 1.1, thin * (1.9 if self._cut.wide_sleeves else 0.9), lower)
        if glove:
            brush.disc(hand, 0.044, palm)
        if sleeve == "short":
            middle = _between(shoulder, elbow, 0.62)
            brush.limb(shoulder, elbow, thick * 0.9, thin * 1.1, skin)
            brush.limb(shoulder, middle, thick * 1.05, thick * 1.06, cloth)
        else:
            brush.limb(shoulder, elbow, thick, thin * 1.12, upper)
        if self._cut.plates:
            brush.disc(shoulder, thick * 1.3, shade(cloth, 1.2))

    def _prop(self, brush: Brush, elbow: Point, hand: Point) -> None:
        name = self._held
        grip = PROPS.get(name, Grip())
        tall = max(grip.size, 0.02) * brush.unit_px
        art = rasterise(name, tall)
        height, width = art.pixels.shape[:2]
        angle = grip.angle + grip.follows * math.atan2(hand[0] - elbow[0], elbow[1] - hand[1])
        x, y = brush.at(hand)
        cosine, sine = math.cos(angle), math.sin(angle)
        flip = -1.0 if grip.mirrored else 1.0
        a, b = grip.at[0] * width, grip.at[1] * height
        turn = np.array([[cosine * flip, sine], [-sine * flip, cosine]])
        shift = np.array([x, y]) - turn @ np.array([a, b])
        brush.stamp(art.pixels, np.column_stack([turn, shift]))

    def _head(self, brush: Brush, frame: _Frame, pose: Pose, phase: float) -> None:
        build, neck = self._build, frame.neck
        person, look = self._person, self._look
        face_px = max(4, round(build.face * brush.unit_px))
        drawn = head(
            person.head, face_px, colours(look.skin, look.hair), turn=round(0.8 * self._turn, 2)
        )
        brush.limb(
            (frame.chest[0], frame.chest[1] - 0.01), (neck[0], neck[1] + 0.03), 0.034 * build.girth,
            0.032 * build.girth, shade(self._neck, 0.84))  # fmt: skip
        chin = (neck[0] + 0.018 * self._side, neck[1] + 0.012)
        at = (drawn.centre, drawn.chin)
        self._place_head(brush, drawn.pixels, at, chin, pose)
        below = drawn.pixels.shape[0] - drawn.chin
        if below > face_px * 0.12:  # hair hangs behind the neck
            brush.limb(
                (chin[0], chin[1] + 0.02), (frame.chest[0], frame.chest[1] - 0.012),
                0.030 * build.girth, 0.032 * build.girth, shade(self._skin, 0.86))  # fmt: skip
            self._place_head(brush, drawn.pixels[: int(drawn.chin) + 1], at, chin, pose)
        if person.hat:
            hat = f"hat-{person.hat}"
            _, top, _, bottom = extent(hat)
            art = rasterise(hat, (bottom - top) * face_px / _HAT_FACE)
            at = art.place(0.5 - 0.02 * self._turn, _HAT_CHIN)
            self._place_head(brush, art.pixels, at, chin, pose)
        if pose.mouth > 0.05 and look.skin in SKINS:
            x, y = chin[0] + 0.012 * self._turn * build.face / 0.15, chin[1] + build.face * 0.20
            size = build.face * 0.085
            mouth = [
                (
                    x + size * math.cos(step / 6 * math.pi),
                    y + size * pose.mouth * 0.8 * math.sin(step / 6 * math.pi),
                )
                for step in range(12)
            ]
            brush.fill(mouth, colour_of("#5b2a26"))
        if "hood" in person.extra or "veil" in person.extra:
            self._over_head(brush, chin, phase)

    def _place_head(
        self, brush: Brush, pixels: np.ndarray, at: Point, chin: Point, pose: Pose
    ) -> None:
        x, y = brush.at(chin)
        cosine, sine = math.cos(pose.nod), math.sin(pose.nod)
        matrix = np.array(
            [
                [cosine, -sine, x - cosine * at[0] + sine * at[1]],
                [sine, cosine, y - sine * at[0] - cosine * at[1]],
            ]
        )
        brush.stamp(pixels, matrix)

    def _over_head(self, brush: Brush, chin: Point, phase: float) -> None:
        face = self._build.face
        crown = (chin[0] - 0.01, chin[1] + face * 1.36)
        extra = self._person.extra
        if "hood" in extra:
            colour = colour_of(extra["hood"])
            for side, dim in ((-1, 0.9), (1, 0.8)):
                hood = [
                    (crown[0], crown[1] + 0.03), (crown[0] + side * face * 0.42, crown[1]),
                    (chin[0] + side * face * 0.68, chin[1] + face * 0.7),
                    (chin[0] + side * face * 0.60, chin[1] - 0.03),
                    (chin[0] + side * face * 0.36, chin[1] - 0.02),
                    (chin[0] + side * face * 0.46, chin[1] + face * 0.7),
                    (crown[0] + side * face * 0.22, crown[1] - face * 0.24),
                    (crown[0], crown[1] - face * 0.20),
                ]  # fmt: skip
                brush.fill(hood, shade(colour, dim))
        if "veil" in extra:
            colour = colour_of(extra["veil"])
            back = self._cloth(
                (crown[0] + face * 0.02, crown[1] + 0.005),
                (crown[0] - face * 0.52, crown[1] - face * 0.30),
                length=0.55, phase=phase, spread=0.24)  # fmt: skip
            brush.fill(back, colour, 0.62)
            strip = self._cloth(
                (crown[0] - face * 0.22, crown[1] - 0.01),
                (crown[0] - face * 0.52, crown[1] - face * 0.40),
                length=0.50, phase=phase + 0.2, spread=0.10)  # fmt: skip
            brush.fill(strip, shade(colour, 0.88), 0.45)

    def _behind(self, brush: Brush, frame: _Frame, phase: float) -> None:
        """Draw what is worn on the back."""
        extra, top = self._person.extra, frame.chest
        if "wings" in extra:
            self._wings(brush, top, colour_of(extra["wings"]), phase)
        if "cape" in extra:
            colour = colour_of(extra["cape"])
            wide = 0.09 * self._front + 0.035
            length = top[1] - 0.10 if self._motion.tilt == 0 else 0.6
            cape = self._cloth(
                (top[0] + wide, top[1] + 0.01), (top[0] - wide, top[1] + 0.01),
                length=length, phase=phase, spread=0.16 + 0.12 * self._front)  # fmt: skip
            brush.fill(cape, shade(colour, 0.72))
            brush.fill(_shrunk(cape, 0.9), shade(colour, 0.86))
        if "scarf" in extra:
            colour = colour_of(extra["scarf"])
            tail = self._cloth(
                (top[0] - 0.015, top[1] + 0.02), (top[0] - 0.04, top[1] - 0.01), length=0.26,
                phase=phase, spread=0.03, lift=0.8)  # fmt: skip
            brush.fill(tail, shade(colour, 0.85))
        if "backpack" in extra or "tank" in extra:
            colour = colour_of(extra.get("backpack") or extra["tank"])
            x = top[0] - 0.075 * self._side
            half = 0.05 + 0.045 * self._front
            brush.limb((x, top[1] - 0.06), (x, top[1] - 0.2), half * 1.1, half * 1.2, colour)
        if "halo" in extra:
            y = top[1] + self._build.face * 2.0
            ring = [
                (top[0] + 0.08 * math.cos(a / 8 * math.pi), y + 0.022 * math.sin(a / 8 * math.pi))
                for a in range(17)
            ]
            brush.line(ring, 0.014, colour_of(extra["halo"]))

    def _wings(self, brush: Brush, top: Point, colour: Colour, phase: float) -> None:
        beat = 0.16 * math.sin(2 * math.pi * phase)
        for side, dim in ((1, 0.84), (-1, 0.94)):
            wing = [(top[0], top[1] - 0.05)]
            for step in range(9):
                angle = 1.15 + beat - step * 0.24
                reach = (0.52, 0.55, 0.48, 0.5, 0.41, 0.43, 0.34, 0.35, 0.24)[step]
                wing.append(
                    (
                        top[0] + side * reach * math.cos(angle),
                        top[1] - 0.02 + reach * math.sin(angle),
                    )
                )
            brush.fill(wing, shade(colour, dim * 0.9))
            brush.fill(_shrunk(wing, 0.9), shade(colour, dim))

    def _cloth(
        self,
        front: Point,
        back: Point,
        *,
        length: float,
        phase: float,
        spread: float,
        lift: float = 0.0,
    ) -> list[Point]:
        """
        Return the outline of cloth that hangs from two points and streams backward in the wind.

        A wave travels down both of its edges; it grows towards the free end.
        """
        lifted = min(1.0, lift + 0.75 * self._wind) * (1.0 if self._turn > 0.2 else 0.6)
        direction = (-math.sin(1.25 * lifted), -math.cos(1.25 * lifted))
        across = (direction[1], -direction[0])
        edges: list[list[Point]] = []
        for start, side in ((front, -1.0), (back, 1.0)):
            edge: list[Point] = []
            for step in range(11):
                share = step / 10
                wave = math.sin(2 * math.pi * (phase * 2 - share * 1.1) + 0.5 * side)
                flutter = wave * share * (0.02 + 0.075 * self._wind)
                out = side * spread * share * 0.5 + flutter
                edge.append(
                    (
                        start[0] + direction[0] * length * share + across[0] * out,
                        start[1] + direction[1] * length * share + across[1] * out,
                    )
                )
            edges.append(edge)
        return [*edges[0], *reversed(edges[1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """How a hand holds a thing."""

    size: float = 0.16
    """Height of the upright art, in body heights."""

    at: Point = (0.5, 0.85)
    """Where it is held, as shares of the art's width and height."""

    angle: float = 0.0
    """Turn against the clock, in radians."""

    follows: float = 0.0
    """How much it turns with the forearm."""

    mirrored: bool = False
    behind: bool = False
    """Drawn before the body, because it is as tall as the body."""


PROPS: Final = MappingProxyType(
    {
        "staff": Grip(size=1.0, at=(0.5, 0.55), behind=True),
        "sword": Grip(size=0.55, at=(0.5, 0.88), angle=0.55, follows=0.25),
        "katana": Grip(size=0.52, at=(0.5, 0.9), angle=0.6, follows=0.25),
        "fishing-pole": Grip(size=0.62, at=(0.12, 0.9), angle=0.1, behind=True),
        "surfboard": Grip(size=1.05, at=(0.5, 0.58), behind=True),
        "guitar": Grip(size=0.52, at=(0.35, 0.62), angle=0.15),
        "violin": Grip(size=0.33, at=(0.5, 0.6), angle=-0.3),
        "cello": Grip(size=0.62, at=(0.4, 0.5), angle=0.1),
        "movie-camera": Grip(size=0.2, at=(0.5, 0.9)),
        "drum": Grip(size=0.24, at=(0.5, 0.1)),
        "trumpet": Grip(size=0.26, at=(0.4, 0.5)),
        "saxophone": Grip(size=0.36, at=(0.5, 0.4)),
        "broom": Grip(size=0.85, at=(0.6, 0.4), behind=True),
        "shovel": Grip(size=0.62, at=(0.6, 0.35), angle=0.5, behind=True),
        "pick": Grip(size=0.42, at=(0.75, 0.75), angle=0.5),
        "axe": Grip(size=0.36, at=(0.80, 0.80), angle=0.25),
        "hammer": Grip(size=0.22, at=(0.7, 0.85), angle=0.2),
        "crutch": Grip(size=0.52, at=(0.45, 0.12)),
        "cooking": Grip(size=0.21, at=(0.92, 0.95), mirrored=True),
        "hot-beverage": Grip(size=0.10, at=(0.8, 0.6)),
        "tennis": Grip(size=0.34, at=(0.25, 0.9)),
        "bow-and-arrow": Grip(size=0.45, at=(0.5, 0.5), mirrored=True),
        "bouquet": Grip(size=0.20, at=(0.5, 0.8)),
        "laptop": Grip(size=0.16, at=(0.5, 0.9)),
        "briefcase": Grip(size=0.17, at=(0.5, 0.08)),
        "money-bag": Grip(size=0.22, at=(0.5, 0.1)),
        "basketball": Grip(size=0.13, at=(0.5, 0.9)),
        "stethoscope": Grip(size=0.13, at=(0.5, 0.3)),
        "tray": Grip(size=0.10, at=(0.5, 0.95)),
        "baton": Grip(size=0.22, at=(0.5, 0.95), angle=-0.5, follows=0.6),
        "magic-wand": Grip(size=0.22, at=(0.1, 0.95)),
        "kitchen-knife": Grip(size=0.2, at=(0.15, 0.15), angle=0.8),
        "folding-hand-fan": Grip(size=0.16, at=(0.5, 0.95)),
    }
)
"""How each prop is held; what is not listed is held upright by its lower end."""


def _plus(left: Point, right: Point) -> Point:
    return left[0] + right[0], left[1] + right[1]


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _shrunk(outline: Sequence[Point], share: float) -> list[Point]:
    """Return the outline drawn in towards its middle, most across."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    x0, y0 = sum(xs) / len(xs), sum(ys) / len(ys)
    return [(x0 + (x - x0) * share, y0 + (y - y0) * (0.5 + 0.5 * share)) for x, y in outline]
