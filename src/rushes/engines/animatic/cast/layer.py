"""Cast members as layers of a picture: placed, lit, moved and drawn."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import Action, CastMember, Facing, Plane
from rushes.engines.animatic.cast.affine import Affine, moved, of, scaled, turned
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.effects import Emitter, emitters_of, is_burnt
from rushes.engines.animatic.cast.figure import Figure, figure_of, look_of
from rushes.engines.animatic.cast.lighting import CLEAR, Lit, light_up, with_shadow
from rushes.engines.animatic.cast.rigs import Shift
from rushes.engines.animatic.layers import SceneLight, Spot
from rushes.engines.animatic.paint.arrays import F32, INVERSE, Array, Planes, blur
from rushes.engines.animatic.scenes.layers import lay
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.shot import Shot

MOST_DRAWN: Final = 80
"""Copies of one member that are drawn at most; a larger crowd looks no larger."""

_MEMORY: Final = 72 << 20
"""Bytes that the lit sprites of one picture may take."""

_MOST_POSES: Final = 24
_CROWD_POSES: Final = 12
_FEWEST_POSES: Final = 8
_LOOKS: Final = 6
"""Different people in a crowd; the rest are the same people at another moment."""

_TALLEST: Final = 1.25
"""Height up to which a figure is drawn as large as it is shown, in heights of the frame."""

_BUCKET: Final = 1.18
"""Sizes of crowds are rounded to steps of this factor, so that copies share their sprites."""

_TRAVEL: Final = {
    Action.WALK: 0.16,
    Action.RUN: 0.30,
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

SpotOf = Callable[[CastMember, float, int], Spot]
"""The set's ``spot``: a member, its real height in metres, and which of its copies it is."""


def cast_layers(
    shot: Shot,
    view: View,
    light: SceneLight,
    cast: Sequence[CastMember],
    spot_of: SpotOf,
    *,
    wind: float = 0.3,
    pace: float = 1.0,
) -> list["CastLayer"]:
    """
    Return one layer for each copy of each member, in no order of depth.

    Args:
        spot_of: Where the set puts a copy; not asked for what stands on another member.

        wind: How strongly cloth, leaves and hair move, 0.0 to 1.0.

        pace: How fast actions are; 1.0 is usual.

    Raises:
        KeyError: A member's subject is not in the catalogue.
    """
    wardrobe = Wardrobe(light)
    layers: list[CastLayer] = []
    hosts: dict[int, CastLayer] = {}
    for index, member in enumerate(cast):
        subject = subjects()[member.subject]
        height_m = member.height_m or subject.height_m
        chance = shot.chance(f"cast/{index}/{member.subject}")
        host = None if member.on is None else hosts.get(member.on)
        for order in range(min(member.count, MOST_DRAWN)):
            if host is not None:
                spot = spot_on(cast[member.on or 0], host.spot, order, member.count)
            else:
                spot = spot_of(member, height_m, order)
            spot = replace(spot, px_per_m=spot.px_per_m * member.scale)
            layers.append(
                CastLayer(
                    shot, view, wardrobe, member, spot,
                    copy=Copy.drawn(chance, member, order), wind=wind, pace=pace, host=host,
                )
            )  # fmt: skip
            hosts.setdefault(index, layers[-1])
            layers += _flames(shot, view, wardrobe, layers[-1])
    wardrobe.share_memory(layers)
    return layers


def _flames(shot: Shot, view: View, wardrobe: "Wardrobe", host: "CastLayer") -> list["CastLayer"]:
    """Return the fires that burn on a member."""
    if not host.burns:
        return []
    fires: list[CastLayer] = []
    chance = shot.chance(f"flames/{host.key[0]}")
    for order, place in enumerate(_FIRES_AT):
        height_m = 1.2
        tall = host.height_px * float(chance.uniform(0.34, 0.56))
        member = CastMember(subject="fire", action=Action.BURN, plane=Plane.GROUND)
        spot = replace(
            host.spot,
            x_px=host.spot.x_px + place * host.width_px,
            foot_px=host.spot.foot_px - abs(place) * 0.02 * host.height_px,
            px_per_m=tall / height_m,
            nearness=host.spot.nearness + 0.0005 * (1 + order),
            shadow=0.0,
        )
        copy = Copy(phase=float(chance.random()), look=0, size=1.0, crowd=False)
        fires.append(CastLayer(shot, view, wardrobe, member, spot, copy=copy, host=host))
    return fires


def spot_on(host: CastMember, spot: Spot, order: int, count: int) -> Spot:
    """Return the place on top of another member: a rider's, a cup's on its table."""
    subject = subjects()[host.subject]
    tall = (host.height_m or subject.height_m) * spot.px_per_m
    seat = _SEATS.get(subject.rig if subject.id not in _SEATS else subject.id, 1.0)
    aside = 0.0 if count == 1 else (order - (count - 1) / 2) * 0.3 * tall
    return replace(
        spot,
        x_px=spot.x_px + aside,
        foot_px=spot.foot_px - tall * seat,
        nearness=spot.nearness + 0.001 * (1 + order),
        shadow=0.0,
        reflection=0.0,
    )


_FROM_THE_FRONT: Final = {
    "automobile": "oncoming-automobile",
    "taxi": "oncoming-taxi",
    "police-car": "oncoming-police-car",
    "bus": "oncoming-bus",
    "light-rail": "tram",
    "tram-car": "tram",
    "railway-car": "train",
    "high-speed-train": "train",
}
_FIRES_AT: Final = (-0.36, 0.30, -0.05)
_GLOWING: Final = frozenset({"flame", "twinkle"})
"""Rigs of what shines itself, whatever the light."""

_SHINING: Final = frozenset(
    {
        "crescent-moon", "full-moon", "first-quarter-moon", "sun", "jack-o-lantern", "light-bulb",
        "red-paper-lantern", "lantern", "diya-lamp", "candle", "high-voltage", "phoenix",
        "mirror-ball", "collision", "comet", "meteor",
    }
)  # fmt: skip

_SEATS: Final = {
    "gait": 0.55,
    "gallop": 0.45,
    "beast": 0.55,
    "wheels": 0.55,
    "boat": 0.25,
    "bicycle": 0.5,
    "motorcycle": 0.45,
    "motor-scooter": 0.45,
    "automobile": 0.95,
    "chair": 0.25,
    "couch-and-lamp": 0.22,
    "sofa": 0.30,
    "armchair": 0.30,
    "bench": 0.45,
    "bed": 0.45,
    "throne": 0.30,
    "balloon": 0.1,
    "dragon": 0.35,
    "magic-carpet": 0.6,
    "surfboard": 0.1,
}
"""Height at which one sits or stands on a subject or a rig, as a share of its height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What tells one copy of a member from the next."""

    phase: float
    look: int
    size: float
    crowd: bool

    @staticmethod
    def drawn(chance: np.random.Generator, member: CastMember, order: int) -> "Copy":
        """Return the copy that chance makes of a member."""
        phase, size = chance.random(), chance.uniform(0.93, 1.07)
        return Copy(
            phase=float(phase),
            look=order % _LOOKS,
            size=float(size) if member.count > 1 else 1.0,
            crowd=member.count > 1,
        )


Key = tuple[object, ...]


class Wardrobe:
    """Lit sprites, made when they are first needed and shared by all copies that look alike."""

    def __init__(self, light: SceneLight) -> None:
        self.light = light
        self.poses = _MOST_POSES
        self._figures: dict[Key, Figure] = {}
        self._lit: dict[Key, Lit] = {}

    def figure(self, key: Key, make: Callable[[], Figure]) -> Figure:
        """Return the figure of that key, made if there is none yet."""
        if key not in self._figures:
            self._figures[key] = make()
        return self._figures[key]

    def share_memory(self, layers: Sequence["CastLayer"]) -> None:
        """Choose how many poses a cycle has, so that all of them fit into memory."""
        sizes = {layer.key: layer.block_bytes for layer in layers if layer.figure.changes}
        total = max(1, sum(sizes.values()))
        self.poses = max(_FEWEST_POSES, min(_MOST_POSES, _MEMORY // total))

    def lit(
        self,
        key: Key,
        figure: Figure,
        phase: float,
        dress: "Dress",
        shadow: tuple[Array, float] | None = None,
    ) -> Lit:
        """
        Return the figure at the pose nearest to *phase*.

        Args:
            shadow: A shadow and how far it falls to the right, to be part of the picture.
        """
        poses = min(self.poses, figure.poses, _CROWD_POSES if dress.crowd else _MOST_POSES)
        pose = int(phase * poses) % poses if figure.changes else 0
        name = (key, pose, shadow is not None)
        if name not in self._lit:
            sprite = figure.draw(pose / poses)
            if dress.mirrored:
                sprite = sprite.mirrored()
            light = _own_light(self.light) if dress.glows else self.light
            lit = light_up(sprite, light, haze=dress.haze, blur_px=dress.blur_px)
            if shadow is not None:
                lit = with_shadow(lit, *shadow)
            self._lit[name] = lit
        return self._lit[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What changes a sprite after it is drawn."""

    mirrored: bool
    haze: float
    blur_px: float
    glows: bool
    crowd: bool


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
    ) -> None:
        """
        Make the figure ready; its pictures are drawn when frames need them.

        Args:
            host: The member on which it is: it goes where that one goes and throws no shadow.
        """
        self._shot, self._view, self._wardrobe = shot, view, wardrobe
        self._member, self._spot, self._copy = member, spot, copy
        subject = _drawn_subject(member)
        self._subject = subject
        self._host = host
        seated = host is not None
        height_m = (member.height_m or subject.height_m) * copy.size
        self._rest_px = max(4.0, height_m * spot.px_per_m)
        short = min(shot.width_px, shot.height_px)
        drawn_px = min(self._rest_px * 1.08, max(_TALLEST * short, 0.8 * shot.height_px))
        if copy.crowd:
            drawn_px = _BUCKET ** round(math.log(drawn_px, _BUCKET))
        self._drawn_px = drawn_px
        self._mirrored = _is_mirrored(subject, member.facing)
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
        look = copy.look if copy.crowd else 0
        self.key: Key = (
            subject.id, member.action, round(drawn_px), look, member.colour, self._frontal,
            round(gust, 2), seated, self._dress, round(spot.shadow, 2),
        )  # fmt: skip
        self.figure = wardrobe.figure(self.key, lambda: self._make(gust))
        self._cycles = shot.rounds(self.figure.per_5s * pace)
        self._pace = pace
        self._lean = -0.10 * wardrobe.light.key_x * self._drawn_px
        self._shadow = self._make_shadow() if self._has_shadow() else None
        baked = self._shadow is not None and self.figure.grounded
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
        if self._spot.reflection > 0:
            self._draw_reflection(lit, screen, place, planes)
        _draw_block(lit.block, screen.after(self._matrix(lit, place)), planes)
        for emitter in self._emitters:
            if not emitter.behind:
                self._emit(emitter, t, screen, place, planes)

    def _make(self, wind: float) -> Figure:
        member, copy = self._member, self._copy
        look = None
        if self._subject.rig == "puppet":
            chance = np.random.default_rng(
                [copy.look, self._shot.seed & 0xFFFF, len(member.subject)]
            )
            look = look_of(self._subject, chance, member.colour)
        return figure_of(
            self._subject, self._drawn_px, member.action, look=look, tint=member.colour,
            frontal=self._frontal, wind=wind, seated=self._host is not None,
        )  # fmt: skip

    def _make_shadow(self) -> Array:
        shadow = _shadow_block(self._drawn_px, self._width_px() * self._drawn_px / self._rest_px)
        return _faded(shadow, self._spot.shadow)

    def _width_px(self) -> float:
        lit = self._wardrobe.lit(self.key, self.figure, 0.0, self._dress)
        columns = np.flatnonzero((lit.block[..., 3] < 128).any(0))
        if not len(columns):
            return self._rest_px * 0.4
        return float(columns[-1] - columns[0]) * self._rest_px / self._drawn_px

    def _has_shadow(self) -> bool:
        airborne = self._member.plane is Plane.SKY or self._member.action in {
            Action.FLY, Action.SWIM, Action.RISE, Action.FALL,
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
                foot=spot.foot_px
                + carried.foot
                - self._host.spot.foot_px
                - shift.up * self._rest_px,
                scale=carried.scale,
                shift=shift,
                ground=spot.foot_px + carried.foot - self._host.spot.foot_px,
            )
        across, up, grown = self._travelled(t)
        return Place(
            x=spot.x_px + side * across + side * shift.forward * self._rest_px,
            foot=spot.foot_px - up - shift.up * self._rest_px,
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
        block = _faded(self._shadow, max(0.25, 1 - 2.2 * height))
        rows, columns = block.shape[:2]
        size = self._rest_px / self._drawn_px * place.scale
        lean = self._lean * size
        put = scaled(
            size, size, place.x - columns * size / 2 + lean, place.ground - rows * size / 2
        )
        _draw_block(block, screen.after(put), planes)

    def _draw_reflection(self, lit: Lit, screen: Affine, place: Place, planes: Planes) -> None:
        rows = np.arange(lit.block.shape[0], dtype=F32)
        share = np.clip(1 - (F32(lit.anchor[1]) - rows) / F32(self._drawn_px * 1.1), 0, 1)
        fade: Array = (F32(0.55 * self._spot.reflection) * share)[:, None, None]
        block = lit.block.astype(F32)
        block[..., :3] *= fade
        block[..., 3:] = 255 - (255 - block[..., 3:]) * fade
        onto = screen.after(self._matrix(lit, place, reflected=True))
        _draw_block(block.round().astype(np.uint8), onto, planes)

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
            _draw_block(block, screen.after(put), planes)


def _own_light(light: SceneLight) -> SceneLight:
    """Return the light in which something that shines shows its own colours."""
    return replace(light, ambient=np.ones(3), key=np.ones(3) * 0.4, silhouette=0.0)


def _drawn_subject(member: CastMember) -> Subject:
    """Return the subject whose art shows the member: some have art of their own from the front."""
    front = _FROM_THE_FRONT.get(member.subject) if member.facing is Facing.CAMERA else None
    return subjects()[front or member.subject]


def _is_mirrored(subject: Subject, facing: Facing) -> bool:
    """Judge whether what looks to the right must be mirrored."""
    if facing is Facing.CAMERA:
        return False
    if subject.faces is Facing.CAMERA and subject.rig not in {"puppet", "beast"}:
        return facing is Facing.LEFT
    return facing is Facing.LEFT


def _draw_block(block: Array, onto: Affine, planes: Planes) -> None:
    """Lay the block over the planes; *onto* maps its pixels to the screen."""
    height, width = planes.y.shape
    rows, columns = block.shape[:2]
    left, top, right, bottom = onto.box(columns, rows)
    first, start = max(0, int(left)) // 2 * 2, max(0, int(top)) // 2 * 2
    last = min(width, int(right) + 2) // 2 * 2
    end = min(height, int(bottom) + 2) // 2 * 2
    if last - first < 2 or end - start < 2:
        return
    back = onto.inverse().after(moved(first, start)).matrix()
    warped = cv2.warpAffine(
        block, back, (last - first, end - start), flags=INVERSE,
        borderMode=cv2.BORDER_CONSTANT, borderValue=CLEAR,
    )  # fmt: skip
    lay(warped, start, first, planes)


def _shadow_block(height_px: float, width_px: float) -> Array:
    """Return a soft dark ellipse, for the ground under something."""
    half = max(3.0, width_px * 0.46)
    flat = max(1.5, half * 0.085, height_px * 0.012)
    soft = max(1.0, flat * 0.5)
    room = int(soft * 3) + 2
    shape = (int(2 * flat) + 2 * room, int(2 * half) + 2 * room)
    mask = np.zeros(shape, np.uint8)
    cv2.ellipse(
        mask, (shape[1] // 2, shape[0] // 2), (int(half), max(1, int(flat))), 0, 0, 360, (235,), -1,
        cv2.LINE_AA)  # fmt: skip
    mask = blur(mask, soft)
    alpha = mask.astype(F32) / F32(255)
    ink = [np.round(alpha * value).astype(np.uint8) for value in (16, 128, 128)]
    return cv2.merge([*ink, cv2.bitwise_not(mask)])


def _faded(block: Array, strength: float) -> Array:
    """Return the block made fainter."""
    share = min(max(strength, 0.0), 1.0)
    faint = cv2.convertScaleAbs(block, alpha=share)
    faint[..., 3] = cv2.convertScaleAbs(block[..., 3], alpha=share, beta=255 * (1 - share))
    return faint
