"""A person with a drawn body under an artist's head, in any pose."""

import math
from typing import Final

import numpy as np

from rushes.engines.animatic.cast.art import extent, rasterise
from rushes.engines.animatic.cast.brush import Brush, Point, colour_of, shade
from rushes.engines.animatic.cast.heads import SKINS, colours, head, veil_colours
from rushes.engines.animatic.cast.poses import Pose
from rushes.engines.animatic.cast.puppet_body import PuppetBody
from rushes.engines.animatic.cast.puppet_frame import Joints, between
from rushes.engines.animatic.cast.puppet_props import PROPS, Grip
from rushes.engines.animatic.cast.sprite import Sprite, cropped

_HAT_FACE: Final = 0.42
"""Width of the face that hats are drawn for, as a share of their box."""

_HAT_CHIN: Final = 0.86
_ROOM: Final = (1.1, 1.45, 0.35)
"""Body heights left free beside, above and below the feet."""


class Puppet(PuppetBody):
    """Draws one person at one size; the same pose gives the same bytes."""

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

    def _arm(self, brush: Brush, frame: Joints, index: int, *, far: bool) -> None:
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
            middle = between(shoulder, elbow, 0.62)
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

    def _head(self, brush: Brush, frame: Joints, pose: Pose, phase: float) -> None:
        build, neck = self._build, frame.neck
        person, look = self._person, self._look
        face_px = max(4, round(build.face * brush.unit_px))
        drawn = head(
            person.head,
            face_px,
            colours(look.skin, look.hair) + veil_colours(look.veil),
            turn=round(0.8 * self._turn, 2),
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
            colour = colour_of(self._look.veil or extra["veil"])
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
