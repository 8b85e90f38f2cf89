"""Work out the joints of a drawn person in a pose."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.brush import Point, colour_of, shade
from rushes.engines.animatic.cast.catalogue import Person
from rushes.engines.animatic.cast.heads import SKINS
from rushes.engines.animatic.cast.poses import MOTIONS, Limb, Pose
from rushes.engines.animatic.cast.puppet_look import BUILDS, CUTS, FUR, WOMENS_HEADS, Look

_WITHOUT_TOOLS: Final = frozenset(
    {Action.WAVE, Action.DANCE, Action.SWIM, Action.FALL, Action.LIE, Action.CLIMB, Action.EAT}
    | {Action.PUSH, Action.HUG, Action.THROW}
)
"""What one does without the tool of one's trade in the hand."""


@dataclass(slots=True)
class Joints:
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


class PuppetFrame:
    """Proportions, clothes and joints of one person at one size."""

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
        lady = person.head.startswith("woman") or person.head in WOMENS_HEADS
        build = "woman" if lady and person.build == "adult" else person.build
        self._lady = lady and person.build in {"adult", "elder"}
        self._build = BUILDS[build]
        self._side, self._front = math.sin(1.3 * self._turn), math.cos(1.3 * self._turn)
        busy = action in _WITHOUT_TOOLS
        self._held = "" if busy else person.prop
        self._sits = self._motion.pose(0.0).legs[0].swing > 1.0
        self._stool = action is Action.SIT and not seated
        skin = SKINS.get(look.skin, (FUR.get(look.skin, look.skin or "#e8b98f"), ""))[0]
        self._skin = colour_of(skin)
        top, bottom = look.top or skin, look.bottom or skin
        self._top, self._bottom = colour_of(top), colour_of(bottom)
        self._shoes = colour_of(person.shoes) if person.shoes else self._skin
        plated = person.garment in {"robot", "armour", "spacesuit"}
        covered = person.hat in {"helm", "motohelmet"} or person.garment == "robot"
        self._neck = self._top if covered else self._skin
        self._hand = shade(self._top, 0.8) if plated else self._skin

    def _frame(self, pose: Pose) -> Joints:
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
        return Joints(
            hip=hip,
            chest=chest,
            neck=(chest[0] + 0.01 * self._side + math.sin(lean) * 0.03, chest[1] + 0.012),
            knees=[plus(at, knee) for at, (knee, _) in zip(hips, legs, strict=True)],
            feet=[plus(at, foot) for at, (_, foot) in zip(hips, legs, strict=True)],
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


def plus(left: Point, right: Point) -> Point:
    return left[0] + right[0], left[1] + right[1]


def between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def shrunk(outline: Sequence[Point], share: float) -> list[Point]:
    """Return the outline drawn in towards its middle, most across."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    x0, y0 = sum(xs) / len(xs), sum(ys) / len(ys)
    return [(x0 + (x - x0) * share, y0 + (y - y0) * (0.5 + 0.5 * share)) for x, y in outline]
