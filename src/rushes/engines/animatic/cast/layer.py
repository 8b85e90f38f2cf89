"""Cast members as layers of a picture: placed, lit, moved and drawn."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rushes.core.shot_plan import Action, CastMember, Facing, Plane
from rushes.engines.animatic.cast.affine import Affine, moved, of, scaled, turned
from rushes.engines.animatic.cast.catalogue import WITH_WRITING
from rushes.engines.animatic.cast.compositing import (
    draw_block,
    draw_soft_block,
    draw_stamp,
    faded,
    ripple_block,
    shadow_block,
)
from rushes.engines.animatic.cast.effects import Emitter, emitters_of, is_burnt
from rushes.engines.animatic.cast.figure import Figure, figure_of, look_of
from rushes.engines.animatic.cast.lighting import Lit, reflection_of
from rushes.engines.animatic.cast.shifts import Shift
from rushes.engines.animatic.cast.wardrobe import (
    Copy,
    Dress,
    Key,
    Wardrobe,
    drawn_subject,
    size_in_crowd,
)
from rushes.engines.animatic.layers import Spot
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.shot import Shot

_TALLEST: Final = 1.25
"""Height up to which a figure is drawn as large as it is shown, in heights of the frame."""

_SOFT_PX: Final = 1.8
"""What is this far out of focus on the screen, or farther, is drawn at half size."""

_SMALL_PUFF_PX: Final = 40
"""Sparks and the like, below this size, are drawn sharply."""

_LARGEST_STAMP_PX: Final = 128
"""Up to this size on the screen, puffs are kept as they are laid over frames."""

_ALL_ROWS: Final = 1 << 30

_TRAVEL: Final = {
    Action.WALK: 0.16,
    Action.RUN: 0.30,
    Action.PUSH: 0.16,
    Action.DRIVE: 0.34,
    Action.ROLL: 0.24,
    Action.SAIL: 0.12,
    Action.FLY: 0.30,
    Action.SWIM: 0.18,
    Action.DRIFT: 0.10,
}
"""How far a member gets in five seconds, as a share of the frame's width."""

_APPROACH: Final = {Action.WALK: 0.16, Action.RUN: 0.30, Action.DRIVE: 0.35, Action.FLY: 0.3}
"""How much larger one grows in five seconds that comes towards the camera."""

_GLOWING: Final = frozenset({"flame", "twinkle"})
"""Rigs of what shines itself, whatever the light."""

_SHINING: Final = frozenset(
    {
        "crescent-moon", "full-moon", "first-quarter-moon", "sun", "jack-o-lantern", "light-bulb",
        "red-paper-lantern", "lantern", "diya-lamp", "candle", "high-voltage", "phoenix",
        "mirror-ball", "collision", "comet", "meteor",
    }
)  # fmt: skip


@dataclass(slots=True)
class Place:
    """Where the member is in one frame."""

    x: float
    foot: float
    scale: float
    shift: Shift
    ground: float = field(default=0.0)


class CastLayer:
    """One copy of a cast member at its spot."""

    def __init__(
        self,
        shot: Shot,
        view: View,
        wardrobe: Wardrobe,
        member: CastMember,
        spot: Spot,
        *,
        copy: Copy,
        wind: float = 0.3,
        pace: float = 1.0,
        host: "CastLayer | None" = None,
        clothes: tuple[tuple[str, str | None], ...] = (),
    ) -> None:
        """
        Make the figure ready; its pictures are drawn when frames need them.

        Args:
            host: The member on which it is: it goes where that one goes and throws no shadow.
            clothes: What a drawn person wears: ids of ``GARMENTS`` with colours.
        """
        self._shot, self._view, self._wardrobe = shot, view, wardrobe
        self._member, self._spot, self._copy = member, spot, copy
        subject = self._subject = drawn_subject(member, copy)
        self._host, self._clothes = host, clothes
        seated = host is not None
        height_m = (member.height_m or subject.height_m) * copy.size
        self._rest_px = max(4.0, height_m * spot.px_per_m)
        short = min(shot.width_px, shot.height_px)
        drawn_px = min(self._rest_px * 1.08, max(_TALLEST * short, 0.8 * shot.height_px))
        if copy.crowd:
            drawn_px = size_in_crowd(drawn_px, member.count, short)
        self._drawn_px = drawn_px
        self._scale_drawn = drawn_px / self._rest_px
        to_left = member.facing is Facing.LEFT  # drawn looking to the right
        self._mirrored = to_left and subject.id not in WITH_WRITING
        self._frontal = member.facing is Facing.CAMERA
        gust = 1.0 if member.action is Action.FLUTTER else wind
        haze = round(spot.haze * 20) / 20
        self._dress = Dress(
            mirrored=self._mirrored,
            haze=haze,
            blur_px=spot.blur_px * shot.height_px / 720 * drawn_px / self._rest_px,
            glows=subject.rig in _GLOWING or subject.id in _SHINING,
            crowd=copy.crowd,
        )
        looks_own = copy.crowd and subject.rig == "puppet"  # all dogs of a size look alike
        look = copy.look if looks_own else 0
        self.key: Key = (
            subject.id, member.action, round(drawn_px), look, member.colour, self._frontal,
            round(gust, 2), seated, self._dress, round(spot.shadow, 2), clothes,
        )  # fmt: skip
        self.figure = wardrobe.figure(self.key, lambda: self._make(gust))
        self._cycles = shot.rounds(self.figure.per_5s * pace)
        self._pace = pace
        self._lean = -0.10 * wardrobe.light.key_x * self._drawn_px
        self._shadow = self._make_shadow() if self._has_shadow() else None
        baked = self._shadow is not None and self.figure.grounded
        self._sunk_px = spot.sunk * self._rest_px
        wet = spot.sunk and not seated  # who is in a vehicle sinks into no water
        self._ripple = ripple_block(self._width_px() * self._scale_drawn) if wet else None
        self._baked = (self._shadow, self._lean) if baked and self._shadow is not None else None
        self._emitters: tuple[Emitter, ...] = emitters_of(
            shot,
            subject,
            member.action,
            self._rest_px,
            self._width_px(),
            light=wardrobe.light,
            haze=haze,
        )

    @property
    def nearness(self) -> float:
        return self._spot.nearness

    @property
    def member(self) -> CastMember:
        """The object of the plan of which this is a copy."""
        return self._member

    def box(self, t: float) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom on the screen at a moment, in pixels."""
        place = self.place(t)
        wide, tall = self.width_px * place.scale, self._rest_px * place.scale
        onto = self._screen(t).after(moved(place.x - wide / 2, place.foot - tall))
        return onto.box(wide, tall)

    @property
    def spot(self) -> Spot:
        return self._spot

    @property
    def height_px(self) -> float:
        """Height in the resting frame."""
        return self._rest_px

    @property
    def width_px(self) -> float:
        """Width in the resting frame."""
        return self._width_px()

    @property
    def burns(self) -> bool:
        """Whether it is on fire without being a fire."""
        return self._member.action is Action.BURN and is_burnt(self._subject)

    @property
    def is_calm(self) -> bool:
        """Whether it stays where it is, and hardly changes from frame to frame."""
        slow = not self.figure.changes or self._subject.rig == "sway"
        return slow and self._member.action is Action.STAND and not self._emitters

    @property
    def block_bytes(self) -> int:
        """Bytes of one lit pose, at most."""
        tall = self._drawn_px * 1.35
        return int(tall * tall * 1.1 * 4)

    def draw(self, index: int, t: float, planes: Planes) -> None:
        place = self.place(t)
        phase = (t * self._cycles + self._copy.phase) % 1.0
        lit = self._wardrobe.lit(self.key, self.figure, phase, self._dress, self._baked)
        screen = self._screen(t)
        if self._shadow is not None and self._baked is None:
            self._draw_shadow(screen, place, planes)
        for emitter in self._emitters:
            if emitter.behind:
                self._emit(emitter, t, screen, place, planes)
        surface = self._surface_row(screen, place)
        if self._spot.reflection > 0:
            self._draw_reflection(lit, screen, place, planes, start_row=surface or 0)
        onto = screen.after(self._matrix(lit, place))
        if self._dress.blur_px * self._rest_px > _SOFT_PX * self._drawn_px:
            draw_soft_block(lit.block, onto, planes, end_row=surface or _ALL_ROWS)
        elif surface is None:
            draw_block(lit.block, onto, planes, outline=lit.outline())
        else:
            draw_block(lit.block, onto, planes, end_row=surface, outline=lit.outline())
            self._draw_ripple(screen, place, t, planes)
        for emitter in self._emitters:
            if not emitter.behind:
                self._emit(emitter, t, screen, place, planes)

    def _make(self, wind: float) -> Figure:
        member, copy = self._member, self._copy
        look = None
        if self._subject.rig == "puppet":
            seed = [copy.look, self._shot.seed & 0xFFFF, len(member.subject)]
            chance = np.random.default_rng(seed)
            look = look_of(self._subject, chance, member.colour)
        return figure_of(
            self._subject, self._drawn_px, member.action, look=look, tint=member.colour,
            frontal=self._frontal, wind=wind, seated=self._host is not None, clothes=self._clothes,
        )  # fmt: skip

    def _make_shadow(self) -> Array:
        shadow = shadow_block(self._drawn_px, self._width_px() * self._drawn_px / self._rest_px)
        return faded(shadow, self._spot.shadow)

    def _width_px(self) -> float:
        lit = self._wardrobe.lit(self.key, self.figure, 0.0, self._dress)
        columns = np.flatnonzero((lit.block[..., 3] < 128).any(0))
        if not len(columns):
            return self._rest_px * 0.4
        return float(columns[-1] - columns[0]) * self._rest_px / self._drawn_px

    def _has_shadow(self) -> bool:
        airborne = self._member.plane is Plane.SKY or self._member.action in {
            Action.FLY, Action.SWIM, Action.RISE, Action.FALL, Action.CLIMB,
        }  # fmt: skip
        return self._spot.shadow > 0.02 and not airborne and self._host is None

    def place(self, t: float) -> Place:
        """Return where it is at a moment of the clip."""
        spot = self._spot
        phase = (t * self._cycles + self._copy.phase) % 1.0
        shift = self.figure.shift(phase)
        side = -1.0 if self._mirrored else 1.0
        if self._host is not None:
            carried = self._host.place(t)
            return Place(
                x=spot.x_px + carried.x - self._host.spot.x_px,
                foot=spot.foot_px + carried.foot - self._host.spot.foot_px
                - shift.up * self._rest_px + self._sunk_px * carried.scale,
                scale=carried.scale,
                shift=shift,
                ground=spot.foot_px + carried.foot - self._host.spot.foot_px,
            )  # fmt: skip
        across, up, grown = self._travelled(t)
        return Place(
            x=spot.x_px + side * across + side * shift.forward * self._rest_px,
            foot=spot.foot_px - up - shift.up * self._rest_px + self._sunk_px * grown,
            scale=grown,
            shift=shift,
            ground=spot.foot_px - up,
        )

    def _travelled(self, t: float) -> tuple[float, float, float]:
        """Return how far the member got: forward and up in pixels, and how much it has grown."""
        action, shot = self._member.action, self._shot
        length = min(shot.duration_s / 5, 2.0) * self._pace
        turn = 2 * math.pi * t
        middle = 0.5 * math.sin(turn) * 0.12 if shot.loop else t - 0.5
        room = shot.width_px * min(1.0, max(0.25, 1.25 - self._rest_px / shot.height_px))
        if action in {Action.RISE, Action.FALL}:
            sign = 1.0 if action is Action.RISE else -1.0
            return 0.0, sign * middle * 0.30 * length * shot.height_px, 1.0
        if self._frontal:
            return 0.0, 0.0, 1 + _APPROACH.get(action, 0.0) * length * middle
        return _TRAVEL.get(action, 0.0) * length * middle * room, 0.0, 1.0

    def _screen(self, t: float) -> Affine:
        """Return the map from pixels of the resting frame to the screen."""
        view = self._view
        to_canvas = of(view.inverse(t, self._spot.nearness))
        rest = scaled(
            REST_SCALE,
            REST_SCALE,
            view.canvas_width / 2 - REST_SCALE * view.width / 2,
            view.canvas_height / 2 - REST_SCALE * view.height / 2,
        )
        return to_canvas.inverse().after(rest)

    def _matrix(self, lit: Lit, place: Place, *, reflected: bool = False) -> Affine:
        """Return the map from the block's pixels to the resting frame."""
        shift = place.shift
        size = self._rest_px / self._drawn_px * place.scale
        side = -1.0 if self._mirrored else 1.0
        lift = self.figure.pivot * self._drawn_px
        from_pivot = moved(-lit.anchor[0], -lit.anchor[1] + lift)
        bent = Affine(shift.wide, -shift.shear * side, 0.0, 0.0, shift.tall, 0.0)
        foot = 2 * place.ground - place.foot if reflected else place.foot
        put = scaled(size, -size if reflected else size, place.x, foot)
        about = moved(0.0, -lift).after(turned(shift.turn * side))
        return put.after(about).after(bent).after(from_pivot)

    def _draw_shadow(self, screen: Affine, place: Place, planes: Planes) -> None:
        if self._shadow is None:
            return
        height = max(0.0, place.ground - place.foot) / self._rest_px
        block = faded(self._shadow, max(0.25, 1 - 2.2 * height))
        rows, columns = block.shape[:2]
        size = self._rest_px / self._drawn_px * place.scale
        lean = self._lean * size
        put = scaled(
            size, size, place.x - columns * size / 2 + lean, place.ground - rows * size / 2
        )
        draw_soft_block(block, screen.after(put), planes)

    def _surface_row(self, screen: Affine, place: Place) -> int | None:
        """Return the even screen row of the water in which it is; None: it is in none."""
        if not self._sunk_px:
            return None
        row = screen.after(moved(place.x, place.ground)).box(0, 0)[1]
        return max(0, round(row / 2) * 2)

    def _draw_ripple(self, screen: Affine, place: Place, t: float, planes: Planes) -> None:
        if self._ripple is None:
            return
        rows, columns = self._ripple.shape[:2]
        turn = 2 * math.pi * (t * self._shot.rounds(4.0) + self._copy.phase)
        size = place.scale / self._scale_drawn * (1 + 0.05 * math.sin(turn))
        put = scaled(size, size, place.x - columns * size / 2, place.ground - rows * size / 2)
        draw_soft_block(self._ripple, screen.after(put), planes)

    def _draw_reflection(
        self, lit: Lit, screen: Affine, place: Place, planes: Planes, *, start_row: int
    ) -> None:
        if lit.reflection is None:
            lit.reflection = reflection_of(lit, self._drawn_px, 0.55 * self._spot.reflection)
        onto = screen.after(self._matrix(lit, place, reflected=True)).after(scaled(2.0, 2.0))
        end_row = _ALL_ROWS
        if math.isfinite(self._spot.mirror_ends_px):
            edge = screen.after(moved(place.x, self._spot.mirror_ends_px)).box(0, 0)[1]
            end_row = max(0, round(edge / 2) * 2)
        draw_soft_block(lit.reflection, onto, planes, start_row=start_row, end_row=end_row)

    def _emit(
        self, emitter: Emitter, t: float, screen: Affine, place: Place, planes: Planes
    ) -> None:
        side = -1.0 if self._mirrored else 1.0
        for puff in emitter.puffs(t):
            block = emitter.block(puff.strength)
            rows, columns = block.shape[:2]
            size = puff.size / columns * place.scale
            put = scaled(
                size,
                size,
                place.x + side * puff.x - columns * size / 2,
                place.foot - puff.y - rows * size / 2,
            )
            onto = screen.after(put)
            left, top, right, bottom = onto.box(columns, rows)
            if puff.size * place.scale < _SMALL_PUFF_PX:
                draw_block(block, onto, planes)
            elif right - left <= _LARGEST_STAMP_PX:
                stamp = emitter.stamp(puff.strength, columns * math.hypot(onto.a, onto.d))
                draw_stamp(stamp, (left + right) / 2, (top + bottom) / 2, planes)
            else:
                draw_soft_block(block, onto, planes)
