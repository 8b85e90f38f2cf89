"""Draw the legs, the torso, the clothes and the cloth of a person."""

import math

from rushes.engines.animatic.cast.brush import Brush, Colour, Point, colour_of, shade
from rushes.engines.animatic.cast.puppet_frame import Joints, PuppetFrame, between, shrunk


class PuppetBody(PuppetFrame):
    """Draws everything but arms and head."""

    def _legs(self, brush: Brush, frame: Joints) -> None:
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

    def _draw_stool(self, brush: Brush, frame: Joints) -> None:
        x, seat = frame.hip[0] + 0.02, frame.hip[1] - 0.05
        wood = colour_of("#8a5a34")
        for leg in (-0.085, 0.085):
            brush.limb((x + leg * 0.8, seat), (x + leg, 0.0), 0.013, 0.011, wood)
        brush.limb((x - 0.11, seat), (x + 0.11, seat), 0.02, 0.02, wood)

    def _torso(self, brush: Brush, frame: Joints, phase: float) -> None:
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
        brush.fill(shrunk(outline, 0.80), base)
        if cut.hem:
            self._skirt(brush, frame, hips, waist, phase)
        elif not bare and self._person.garment not in {"bodysuit", "swimsuit", "romper"}:
            belt = [
                (hip[0] - hips, hip[1] + 0.004), (hip[0] + hips, hip[1] + 0.004),
                (hip[0] + hips, hip[1] - 0.014), (hip[0] - hips, hip[1] - 0.014),
            ]  # fmt: skip
            brush.fill(belt, shade(self._bottom, 0.6))
        self._trim(brush, frame, chest, hips)

    def _ribs(self, brush: Brush, frame: Joints) -> None:
        hip, top = frame.hip, frame.chest
        brush.limb(hip, top, 0.013, 0.013, self._top)
        for row in range(5):
            share = 0.42 + row * 0.125
            y = hip[1] + (top[1] - hip[1]) * share
            x = hip[0] + (top[0] - hip[0]) * share
            half = (0.05 + 0.012 * row) * (0.5 + 0.5 * self._front)
            brush.limb((x - half, y - 0.012), (x + half, y - 0.012), 0.009, 0.009, self._top)
        brush.limb((hip[0] - 0.04, hip[1]), (hip[0] + 0.04, hip[1]), 0.022, 0.022, self._top)

    def _skirt(self, brush: Brush, frame: Joints, hips: float, waist: float, phase: float) -> None:
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
        brush.fill(shrunk(outline, 0.86), colour)
        for fold in range(3, count, 3):  # folds run from the waist to the hem
            foot = hem[fold]
            share = fold / count
            head_x = sides[0][0] + (sides[1][0] - sides[0][0]) * share
            wedge = [(head_x, upper - 0.05), (foot[0] - 0.012, foot[1]), (foot[0] + 0.014, foot[1])]
            brush.fill(wedge, shade(colour, 0.86))
        if cut.open_front:
            brush.line([(hip[0] + 0.01, upper), (hem[6][0], hem[6][1])], 0.007, shade(colour, 0.6))

    def _lap(self, brush: Brush, frame: Joints, colour: Colour) -> None:
        """Draw the skirt of somebody who sits: over the thighs, and down from the knees."""
        for index in (1, 0):
            hip, knee, foot = frame.hips[index], frame.knees[index], frame.feet[index]
            tone = shade(colour, 0.85 if index else 1.0)
            hem = between(knee, foot, min(1.0, 0.25 + 0.7 * self._cut.hem))
            brush.limb(knee, hem, 0.062, 0.070, tone)
            brush.limb(hip, knee, 0.085, 0.066, tone)

    def _trim(self, brush: Brush, frame: Joints, chest: float, hips: float) -> None:
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
        self, brush: Brush, frame: Joints, chest: float, hips: float, centre: float
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

    def _behind(self, brush: Brush, frame: Joints, phase: float) -> None:
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
            brush.fill(shrunk(cape, 0.9), shade(colour, 0.86))
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
            brush.fill(shrunk(wing, 0.9), shade(colour, dim))

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
