"""One cast member at one size: its pictures through a cycle, and how the whole moves."""

import colorsys
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

import cv2
import numpy as np

from rushes.core.shot_plan import Action, Facing
from rushes.engines.animatic.cast.art import Art, rasterise
from rushes.engines.animatic.cast.beast import Beast
from rushes.engines.animatic.cast.brush import colour_of, over
from rushes.engines.animatic.cast.catalogue import Person, Subject, people
from rushes.engines.animatic.cast.flyer import flying
from rushes.engines.animatic.cast.gait import Gait
from rushes.engines.animatic.cast.garments import dressed
from rushes.engines.animatic.cast.heads import HAIRS, HUMAN_SKINS, colours
from rushes.engines.animatic.cast.poses import MOTIONS
from rushes.engines.animatic.cast.puppet import Puppet
from rushes.engines.animatic.cast.puppet_look import Look
from rushes.engines.animatic.cast.rigs import Rig, rig_of
from rushes.engines.animatic.cast.shifts import Shift
from rushes.engines.animatic.cast.sprite import Sprite, cropped
from rushes.engines.animatic.cast.turning_parts import TURNING_PARTS
from rushes.engines.animatic.cast.turntable import is_round, turned
from rushes.engines.animatic.paint.arrays import F32, Array, enlarge, floats, look_up, to_bytes

_GRID: Final = 25
_ROOM: Final = 0.22
"""Room around bent art, in heights."""

_CLOTHES: Final = (
    "#b23a48", "#37618e", "#2f8f83", "#d9823b", "#6a5acd", "#6b7b3a", "#8d5b83", "#c9a23a",
    "#4a4f57", "#e4e0d8", "#23405f", "#a34d2c",
)  # fmt: skip
_TROUSERS: Final = ("#3d4657", "#2d3340", "#5b5046", "#6d6a62", "#25303f", "#4a3c3c")
_POSES: Final = 24
_CALM_POSES: Final = 12
_CLOTH: Final = frozenset({"cape", "veil", "scarf", "wings"})
_ROUND: Final = frozenset({"food", "object"})
"""Kinds that turn as on a turntable; a flat card would get thin."""

_TURNS_PER_5S: Final = 1.0
_ON_LEGS: Final = frozenset({"gait", "winged_beast"})
_SKIN_OF_ART_PEOPLE: Final = "medium-light"
_NO_FLESH: Final = frozenset({"alien", "bone", "metal", "purple", "stone"})
"""Skins of those who are of one colour all over."""

_ANYBODY: Final = frozenset({"person", "man", "woman", "boy", "girl", "child", "teenager"})


class Figure(Protocol):
    """A cast member's pictures, and the motion of the whole."""

    @property
    def changes(self) -> bool:
        """Whether its picture changes through a cycle."""
        ...

    @property
    def poses(self) -> int:
        """Pictures that a cycle needs to look smooth."""
        ...

    @property
    def per_5s(self) -> float:
        """Cycles in five seconds at the usual pace."""
        ...

    @property
    def grounded(self) -> bool:
        """Whether its foot stays where it is, so that its shadow can be part of its picture."""
        ...

    @property
    def pivot(self) -> float:
        """Height about which the whole turns, as a share of its height."""
        ...

    def draw(self, phase: float) -> Sprite:
        """Return its picture, looking to the right or at the camera."""
        ...

    def shift(self, phase: float) -> Shift:
        """Return where the whole is, relative to its place."""
        ...


_LYING_LOWER: Final = 0.41
"""How much lower the middle of one is who lies, in heights."""


class PersonFigure:
    """A person with a drawn body."""

    changes = True
    pivot = 0.5

    def __init__(
        self,
        subject: Subject,
        height_px: float,
        action: Action,
        look: Look,
        *,
        frontal: bool,
        wind: float,
        seated: bool,
        clothes: Sequence[tuple[str, str | None]] = (),
        tint: str | None = None,
    ) -> None:
        person, look = dressed(people()[subject.id], look, clothes)
        self._tint = tint if person.skin in _NO_FLESH else None
        self._motion = MOTIONS[action]
        self.per_5s = self._motion.per_5s
        self.grounded = not self._motion.tilt
        cloth = _CLOTH & set(person.extra)
        calm = action in {Action.STAND, Action.SIT, Action.LIE} and not cloth
        self.poses = _CALM_POSES if calm else _POSES
        self._puppet = Puppet(
            person, height_px, action, look, frontal=frontal, wind=wind, seated=seated
        )

    def draw(self, phase: float) -> Sprite:
        return _in_colour(self._puppet.draw(phase), self._tint)

    def shift(self, phase: float) -> Shift:
        tilt = self._motion.tilt
        if tilt < 0:
            return Shift(turn=-tilt, up=-_LYING_LOWER)
        bob = 0.02 * math.sin(2 * math.pi * phase) if tilt else 0.0
        return Shift(turn=-tilt, up=bob - 0.35 * min(tilt, 1.0))


class BeastFigure:
    """An animal with a drawn body."""

    changes = True
    pivot = 0.0

    def __init__(
        self, subject: Subject, height_px: float, action: Action, tint: str | None
    ) -> None:
        self._tint = tint
        self._beast = Beast(subject.id, subject.art, height_px, action)
        self._rig = rig_of("still", action) if action in {Action.JUMP, Action.FALL} else None
        self.per_5s = self._beast.per_5s
        self.grounded = self._rig is None
        self.poses = _CALM_POSES if action is Action.STAND else _POSES

    def draw(self, phase: float) -> Sprite:
        return _in_colour(self._beast.draw(phase), self._tint)

    def shift(self, phase: float) -> Shift:
        return self._rig.whole(phase) if self._rig else Shift()


class ArtFigure:
    """Art as an artist drew it, bent and moved."""

    def __init__(
        self, subject: Subject, height_px: float, action: Action, tint: str | None
    ) -> None:
        self._subject, self._height, self._tint = subject, height_px, tint
        people_art = subject.kind == "person"
        recolour = colours(_SKIN_OF_ART_PEOPLE, "") if people_art else ()
        art = rasterise(subject.art, height_px, recolour=recolour)
        pixels = art.pixels if tint is None else tinted(art.pixels, tint)
        spins = action is Action.SPIN and subject.kind in _ROUND
        self._turns = spins and is_round(pixels)
        self._rig: Rig = rig_of(subject.rig, Action.STAND if self._turns else action)
        self._mirror = subject.faces is Facing.LEFT
        self._art = Art(pixels=pixels, left=art.left, top=art.top, scale=art.scale)
        self.changes = self._turns or self._rig.field is not None or bool(self._rig.overlay)
        self.per_5s = _TURNS_PER_5S if self._turns else self._rig.per_5s
        self.grounded = all(_stays(self._rig.whole(step / 8)) for step in range(8))
        self.poses = _CALM_POSES if subject.rig == "sway" else _POSES
        self.pivot = self._rig.pivot
        self._gait: Gait | None = None
        if subject.rig in _ON_LEGS and action in {Action.WALK, Action.RUN, Action.WORK}:
            gait = Gait(self._standing(pixels))
            self._gait = gait if gait.walks else None
        self._running = action is Action.RUN
        self._still = self._standing(pixels) if not self.changes else None

    def draw(self, phase: float) -> Sprite:
        if self._still is not None:
            return self._still
        if self._gait is not None:
            return self._gait.draw(phase, running=self._running)
        if self._rig.overlay == "wings":
            return flying(self._subject.id, self._height, phase, tint=self._tint)
        pixels = turned(self._art.pixels, phase) if self._turns else self._art.pixels
        overlay = TURNING_PARTS.get(self._rig.overlay)
        if self._rig.overlay == "sails":
            return self._with_sails(phase)
        if overlay is not None:
            pixels = overlay(pixels.copy(), self._art, self._subject, phase)
        sprite = self._standing(pixels)
        if self._rig.field is not None:
            return _bent(sprite, self._rig, phase)
        return sprite

    def shift(self, phase: float) -> Shift:
        return self._rig.whole(phase)

    def _with_sails(self, phase: float) -> Sprite:
        """Turn a mill's sails, which are a drawing of their own, before its tower."""
        room = round(0.35 * self._height)
        pixels = cv2.copyMakeBorder(self._art.pixels, room, 0, room, room, cv2.BORDER_CONSTANT)
        for mark in self._subject.parts:
            x, y = self._art.place(mark.x, mark.y)
            sails = rasterise(f"{self._subject.art}-sails", 2 * mark.radius * self._art.scale)
            hub = sails.place(0.5, 0.5)
            matrix = cv2.getRotationMatrix2D(hub, -360 * phase, 1.0)
            matrix[:, 2] += np.array([x + room - hub[0], y + room - hub[1]])
            turned = cv2.warpAffine(sails.pixels, matrix, pixels.shape[1::-1])
            over(pixels, turned)
        line = self._art.pixels.shape[0] * self._subject.ground + room
        return cropped(pixels, (pixels.shape[1] / 2, line))

    def _standing(self, pixels: Array) -> Sprite:
        height, width = pixels.shape[:2]
        line = height * self._subject.ground
        sprite = Sprite(pixels=pixels, anchor=(width / 2, line))
        return sprite.mirrored() if self._mirror else sprite


def figure_of(
    subject: Subject,
    height_px: float,
    action: Action,
    *,
    look: Look | None = None,
    tint: str | None = None,
    frontal: bool = False,
    wind: float = 0.3,
    seated: bool = False,
    clothes: Sequence[tuple[str, str | None]] = (),
) -> Figure:
    """
    Return the figure of a subject.

    Args:
        height_px: Its height, in pixels.

        look: How a person with a drawn body looks; None: as the catalogue says.

        tint: Colour of anything else, and of a whole robot or statue, ``#rrggbb``; None: as drawn.

        clothes: What a person with a drawn body wears: ids of ``GARMENTS`` with colours.
    """
    if subject.rig == "puppet":
        usual = look or look_of(subject, None, tint)
        return PersonFigure(
            subject, height_px, action, usual, frontal=frontal, wind=wind, seated=seated,
            clothes=clothes, tint=tint,
        )  # fmt: skip
    if subject.rig == "beast":
        return BeastFigure(subject, height_px, action, tint)
    return ArtFigure(subject, height_px, action, tint)


def look_of(subject: Subject, chance: np.random.Generator | None, tint: str | None) -> Look:
    """
    Return how a person looks.

    Args:
        chance: Where the looks of a crowd come from; None: the catalogue's own look.

        tint: Colour of the garment, ``#rrggbb``.
    """
    person = people()[subject.id]
    skin, hair, top, bottom = person.skin, person.hair, person.top, person.bottom
    if chance is not None:
        drawn = str(chance.choice(HUMAN_SKINS, p=(0.26, 0.30, 0.22, 0.12, 0.10)))
        skin = skin or drawn
        hair = hair or str(chance.choice(HAIRS))
        if _is_anybody(person) and tint is None:
            top = str(chance.choice(_CLOTHES))
            one_piece = person.garment == "dress"
            bottom = top if one_piece else str(chance.choice(_TROUSERS))
    if tint is not None:
        same = bottom == top or person.garment == "armour"
        top = tint
        bottom = tint if same else bottom
    return Look(
        skin=skin or "medium-light",
        hair=hair if hair.startswith("#") else "",
        top=top,
        bottom=bottom,
        veil=tint if tint and subject.id in _VEILED else "",
    )


_VEILED: Final = frozenset({"woman-with-veil", "man-with-veil", "person-with-veil"})
"""Whose colour is the colour of the veil too; a bride's stays white."""


def _stays(shift: Shift) -> bool:
    """Judge whether the foot stays on its shadow."""
    moves = shift.up or shift.forward or shift.turn
    return not moves and abs(shift.wide - 1) < 0.05 and abs(shift.tall - 1) < 0.05


def _is_anybody(person: Person) -> bool:
    """Judge whether the clothes are of no trade, so that they differ from one to the next."""
    dressed_up = person.prop or person.extra or person.hat
    plain = person.garment in {"shirt", "tee", "hoodie", "sport", "dress"}
    return person.id.split("-")[0] in _ANYBODY and plain and not dressed_up


_HARDLY_COLOURED: Final = 0.4
_BLACK: Final = 0.3


def _in_colour(sprite: Sprite, tint: str | None) -> Sprite:
    return sprite if tint is None else replace(sprite, pixels=tinted(sprite.pixels, tint))


def tinted(pixels: Array, tint: str) -> Array:
    """
    Return the picture in another colour: what is coloured takes it, black and white stay.

    Where hardly anything is coloured, as of a sheep or a football, all but its black parts take it.
    The lightness of each pixel is kept around that of the tint, so that shading stays.
    """
    target = [value / 255 for value in colour_of(tint)]
    _, _, saturation = colorsys.rgb_to_hls(*target)
    # Channel by channel: numpy takes ten times as long for the greatest of three neighbours.
    *channels, alpha = (floats(channel) for channel in cv2.split(pixels))
    opacity = np.maximum(alpha, 1)
    rgb = [colour / opacity for colour in channels]
    most, least = np.maximum.reduce(rgb), np.minimum.reduce(rgb)
    light = (most + least) / 2
    is_coloured = (most - least) * 2.6 > 0.2
    solid = alpha > 128
    if solid.any() and is_coloured[solid].mean() < _HARDLY_COLOURED:
        is_coloured |= light > _BLACK
    share = np.where(is_coloured, F32(0.92), F32(0.45 if saturation < 0.15 else 0.30))
    usual = float(np.median(light[solid])) if solid.any() else 0.5
    shade = np.clip(0.35 + 0.65 * light / max(usual, 0.15), 0, 1.35)
    glare = np.clip(light - 0.8, 0, 1) * 1.2
    mixed = [
        np.clip(old + (new * shade + glare - old) * share, 0, 1) * opacity
        for old, new in zip(rgb, target, strict=True)
    ]
    return cv2.merge([*(to_bytes(colour) for colour in mixed), cv2.extractChannel(pixels, 3)])


def _bent(sprite: Sprite, rig: Rig, phase: float) -> Sprite:
    """Return the sprite bent by its rig's field."""
    if rig.field is None:
        return sprite
    height, width = sprite.pixels.shape[:2]
    room = int(_ROOM * height) + 2
    padded = cv2.copyMakeBorder(sprite.pixels, room, room, room, room, cv2.BORDER_CONSTANT)
    rows, columns = padded.shape[:2]
    across = np.linspace(-room, width + room, _GRID, dtype=F32) / width
    down = np.linspace(-room, height + room, _GRID, dtype=F32) / height
    u: Array = np.broadcast_to(1 - np.clip(across, 0, 1), (_GRID, _GRID))
    v: Array = np.broadcast_to(np.clip(down, 0, 1)[:, None], (_GRID, _GRID))
    forward, up = rig.field(u, v, phase)
    grid = np.dstack([-forward * height, up * height]).astype(F32)
    places = enlarge(grid, columns, rows)
    places[..., 0] += np.arange(columns, dtype=F32)
    places[..., 1] += np.arange(rows, dtype=F32)[:, None]
    anchor = (sprite.anchor[0] + room, sprite.anchor[1] + room)
    return cropped(look_up(padded, places), anchor)
