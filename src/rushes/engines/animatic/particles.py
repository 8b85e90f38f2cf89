"""Rain, snow, dust, embers, fireflies, bubbles: sheets drawn once and slid over the picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Protocol

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, Planes, shrink, to_bytes
from rushes.engines.animatic.shot import Shot
from rushes.kit.word_patterns import whole_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How one sheet of particles looks and moves; sizes are those of a 720 px high frame."""

    per_megapixel: int
    radius_px: tuple[float, float]
    brightness: float
    across: int = 0
    """Frame widths (quarters of them) per five seconds."""

    down: int = 0
    """Frame heights per five seconds; negative rises. Whole, so that a loop closes."""

    streak_px: float = 0.0
    glows: bool = False


SHEETS: Final[dict[str, tuple[Sheet, ...]]] = {
    "rain": (
        Sheet(
            per_megapixel=500, radius_px=(0.6, 0.9), brightness=38, across=-1, down=12, streak_px=26
        ),
        Sheet(
            per_megapixel=260, radius_px=(0.9, 1.3), brightness=60, across=-1, down=16, streak_px=44
        ),
    ),
    "snow": (
        Sheet(per_megapixel=420, radius_px=(0.8, 1.6), brightness=85, across=1, down=1),
        Sheet(per_megapixel=170, radius_px=(1.5, 2.6), brightness=110, across=1, down=2),
        Sheet(per_megapixel=30, radius_px=(5, 10), brightness=60, across=1, down=3),
    ),
    "dust": (
        Sheet(per_megapixel=150, radius_px=(0.8, 1.7), brightness=30, across=1),
        Sheet(per_megapixel=42, radius_px=(2, 5), brightness=16, across=1, down=-1),
    ),
    "embers": (
        Sheet(per_megapixel=80, radius_px=(0.9, 1.7), brightness=190, across=1, down=-2),
        Sheet(per_megapixel=26, radius_px=(1.6, 2.6), brightness=220, down=-3),
    ),
    "fireflies": (
        Sheet(per_megapixel=26, radius_px=(5, 9), brightness=150, across=1, glows=True),
        Sheet(per_megapixel=20, radius_px=(7, 13), brightness=170, across=-1, glows=True),
    ),
    "petals": (
        Sheet(per_megapixel=60, radius_px=(2.0, 3.5), brightness=110, across=1, down=1),
        Sheet(per_megapixel=24, radius_px=(3.5, 6.0), brightness=120, across=1, down=2),
    ),
    "leaves": (
        Sheet(per_megapixel=44, radius_px=(2.0, 3.5), brightness=70, across=2, down=1),
        Sheet(per_megapixel=20, radius_px=(3.5, 6.5), brightness=90, across=3, down=2),
    ),
    "confetti": (
        Sheet(per_megapixel=90, radius_px=(1.6, 2.8), brightness=150, across=0, down=2),
        Sheet(per_megapixel=40, radius_px=(2.8, 4.5), brightness=170, across=1, down=3),
    ),
    "bubbles": (
        Sheet(per_megapixel=50, radius_px=(1.2, 2.6), brightness=50, down=-1),
        Sheet(per_megapixel=14, radius_px=(3, 6), brightness=40, down=-2),
    ),
}

_WORDS: Final = tuple(
    (kind, whole_words(said))
    for kind, said in (
        (
            "rain",
            """rain(?:y|s|ing|fall|storms?|drops?|swept|soaked)? rain_(?:swept|soaked)
            drizzl(?:e|es|ing|y) downpours? monsoons? storms? stormy thunderstorms? tempests?""",
        ),
        ("snow", "snow(?:y|s|ing|fall|flakes?|storms?)? blizzards? winter christmas"),
        ("fireflies", "firefl(?:y|ies) fair(?:y|ies) enchanted glow_?worms? magical"),
        (
            "embers",
            """(?:camp|bon|wild)?fires? embers? flames? flaming infernos? burning lava
            volcano(?:es|s)? volcanic dragons? battles? battlefields? explo(?:de|des|ded|ding)
            explosions?""",
        ),
        ("bubbles", "underwater bubbl(?:e|es|ing|y) aquariums? corals? deep_sea"),
        (
            "dust",
            """dust dusty deserts? sand sandy sandstorms? sun_?beams? (?:god|light|sun)_?rays? haze
            golden_hour forests? attics? pollen magic magical dream(?:s|y|ing|like)?
            dreamscapes?""",
        ),
    )
)
_LYING: Final = whole_words(
    """snow_(?:capped|covered|topped|clad) snow_on_the after_the_(?:rain|storm) no_(?:rain|snow)
    snowy_(?:peaks?|mountains?|summits?|fields?|landscapes?|mountainsides?|mountaintops?)"""
)
"""Snow that lies and rain that is over: nothing falls."""

_DRY: Final = whole_words("(?:sand|dust|fire)storms?")
_RAIN: Final = whole_words("rain(?:y|s|ing|fall|storms?|drops?)?")
_TINTS: Final = {
    "embers": (-26 / 200, 34 / 200),
    "fireflies": (-22 / 200, 6 / 200),
    "petals": (6 / 200, 40 / 200),
    "leaves": (-60 / 200, 44 / 200),
    "confetti": (-30 / 200, 50 / 200),
}
"""What the warm ones add to U and V for each step of brightness."""

_MOST_KINDS = 2
_POINT_PX: Final = 3
_SPARSE: Final = 128
"""One pixel in so many: of a sheet with fewer, it is faster to draw those alone."""


def kinds_in(words: str) -> tuple[str, ...]:
    """Return which particles the lower-case words speak of, two kinds at most."""
    plain = _LYING.sub(" ", _DRY.sub(" dust ", words))
    found = [kind for kind, said in _WORDS if said.search(plain)]
    if "rain" in found and "snow" in found:
        found.remove("snow" if _RAIN.search(plain) else "rain")
    if "rain" in found and "dust" in found:
        found.remove("dust")
    return tuple(found[:_MOST_KINDS])


class Particles:
    """The sheets of one shot."""

    def __init__(self, shot: Shot, kinds: Sequence[str] | None = None) -> None:
        self._loop = shot.loop
        chosen = kinds_in(shot.words) if kinds is None else kinds
        self._sheets = [
            _Moving(shot, kind, sheet, order)
            for kind in chosen
            for order, sheet in enumerate(SHEETS[kind])
        ]

    def draw(self, t: float, planes: Planes, *, strength: float = 1.0) -> None:
        """Draw them all; a *strength* below 1 lets them fade in over a picture."""
        if strength <= 0:
            return
        for sheet in self._sheets:
            sheet.draw(t, planes, strength)


class _Moving:
    def __init__(self, shot: Shot, kind: str, sheet: Sheet, order: int) -> None:
        chance = shot.chance(f"particles/{kind}/{order}")
        self._sheet = sheet
        self._kind = kind
        periods = max(1, round(shot.duration_s / 5))
        self._across = 0.0 if shot.loop else sheet.across * periods * 0.25
        self._down = sheet.down * periods
        self._phase = float(chance.uniform(0, 6))
        luma = sheet_of(chance, shot.width_px, shot.height_px, sheet)
        half = shrink(luma, shot.width_px // 2, shot.height_px // 2)
        self._luma = _light_of(luma)
        self._tints = [_light_of(to_bytes(half, abs(share))) for share in _TINTS.get(kind, ())]

    def draw(self, t: float, planes: Planes, strength: float) -> None:
        height, width = planes.y.shape
        column = int((-self._across * t - self._sway(t)) * width) % width
        row = int((-self._down * t) * height) % height
        if self._sheet.glows:
            strength *= 0.55 + 0.45 * math.sin(4 * math.pi * t + self._phase)
        self._luma.lay(planes.y, (row, column), strength)
        for plane, tint, share in zip(
            (planes.u, planes.v), self._tints, _TINTS.get(self._kind, ()), strict=False
        ):
            tint.lay(plane, (row // 2, column // 2), strength, taken=share < 0)

    def _sway(self, t: float) -> float:
        if self._sheet.streak_px:
            return 0.0
        angle = 2 * math.pi * t
        return 0.02 * math.sin(angle + self._phase) + 0.008 * math.sin(2 * angle + self._phase)


class _Light(Protocol):
    """What a sheet adds to a plane of its size."""

    def lay(
        self, plane: Array, at: tuple[int, int], strength: float, *, taken: bool = False
    ) -> None:
        """
        Add it, in place.

        Args:
            at: Row and column of the sheet that come to the plane's first corner; it begins again
                where it ends, in both directions.
            strength: How much of it is added, 0.0 to 1.0.
            taken: It is taken away instead.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Sparse:
    """The pixels of a sheet that are not empty, for that is much less than the sheet."""

    rows: Array
    columns: Array
    values: Array

    def lay(
        self, plane: Array, at: tuple[int, int], strength: float, *, taken: bool = False
    ) -> None:
        height, width = plane.shape
        rows, columns = self.rows - at[0], self.columns - at[1]
        rows[rows < 0] += height
        columns[columns < 0] += width
        window = (rows, columns)
        if len(rows):  # as columns: OpenCV takes four numbers alone for a colour
            under = plane[window][:, None]
            plane[window] = _with_light(under, self.values, strength, taken=taken)[:, 0]


@dataclass(frozen=True, slots=True)
class _Dense:
    """All pixels of a sheet."""

    sheet: Array

    def lay(
        self, plane: Array, at: tuple[int, int], strength: float, *, taken: bool = False
    ) -> None:
        for on_plane, on_sheet in _quarters(self.sheet, at):
            part = plane[on_plane]
            _with_light(part, self.sheet[on_sheet], strength, taken=taken, out=part)


def _light_of(sheet: Array) -> _Light:
    if cv2.countNonZero(sheet) * _SPARSE > sheet.size:
        return _Dense(sheet)
    rows, columns = np.divmod(np.flatnonzero(sheet), sheet.shape[1])
    return _Sparse(rows, columns, sheet[rows, columns][:, None])


def _with_light(
    plane: Array, light: Array, strength: float, *, taken: bool, out: Array | None = None
) -> Array:
    lay = cv2.subtract if taken else cv2.add
    return lay(plane, light if strength == 1 else to_bytes(light, strength), dst=out)


_Window = tuple[slice, slice]


def _quarters(sheet: Array, at: tuple[int, int]) -> Iterator[tuple[_Window, _Window]]:
    """
    Yield windows of a frame and the windows of a sheet of its size that come there.

    The sheet begins again where it ends, in both directions; a copy of it would be four times as
    large.

    Args:
        at: Row and column of the sheet that come to the frame's first corner.
    """
    rows, columns = (
        (
            (slice(0, length - start), slice(start, length)),
            (slice(length - start, length), slice(0, start)),
        )
        for length, start in zip(sheet.shape, at, strict=True)
    )
    for (to_row, from_row), (to_column, from_column) in product(rows, columns):
        if to_row.start < to_row.stop and to_column.start < to_column.stop:
            yield (to_row, to_column), (from_row, from_column)


def sheet_of(chance: np.random.Generator, width: int, height: int, sheet: Sheet) -> Array:
    """Return ``(height, width)`` uint8 dots or streaks whose opposite edges meet."""
    light = np.zeros((height, width), F32)
    count = int(sheet.per_megapixel * width * height / 1e6)
    scale = height / 720
    places = np.stack([chance.uniform(0, width, count), chance.uniform(0, height, count)], 1)
    radii = chance.uniform(*sheet.radius_px, count) * scale
    brightness = chance.uniform(0.35, 1, count) * sheet.brightness
    if sheet.streak_px:
        _streaks(light, places, radii, brightness, sheet.streak_px * scale)
        return to_bytes(cv2.GaussianBlur(light, (3, 3), 0.6))
    if sheet.glows:
        _glows(light, places, radii, brightness)
    elif sheet.radius_px[1] < _POINT_PX:
        _points(light, places, radii, brightness)
    else:
        _discs(light, places, radii, brightness)
    return to_bytes(light)


def _streaks(light: Array, places: Array, radii: Array, brightness: Array, length: float) -> None:
    for (x, y), radius, value in zip(places, radii, brightness, strict=True):
        for above in (0, -light.shape[0]):
            start = (int(x * 16), int((y + above) * 16))
            end = (int((x - length * 0.09) * 16), int((y + above + length) * 16))
            thickness = max(1, int(radius))
            cv2.line(light, start, end, (float(value),), thickness, cv2.LINE_AA, 4)


def _points(light: Array, places: Array, radii: Array, brightness: Array) -> None:
    """Draw all of them at once: they differ in brightness, hardly in size."""
    reach = int(radii.max(initial=1)) + 2
    around = np.arange(-reach, reach + 1)
    columns = places[:, 0].astype(int)[:, None] + around
    rows = places[:, 1].astype(int)[:, None] + around
    across, down = columns - places[:, :1], rows - places[:, 1:]
    distance = np.hypot(down[:, :, None], across[:, None, :])
    drawn = brightness[:, None, None] * np.clip(radii[:, None, None] + 0.7 - distance, 0, 1)
    window = (rows[:, :, None] % light.shape[0], columns[:, None, :] % light.shape[1])
    np.maximum.at(light, window, drawn.astype(F32))


def _discs(light: Array, places: Array, radii: Array, brightness: Array) -> None:
    """Draw discs that are out of focus."""
    for place, radius, value in zip(places, radii, brightness, strict=True):
        distance, window = _around(light, place, max(2, int(radius * 1.25) + 1))
        disc = np.clip(1 - (distance / (radius * 1.25)) ** 2, 0, 1) ** 1.5
        light[window] = np.maximum(light[window], value * disc)


def _glows(light: Array, places: Array, radii: Array, brightness: Array) -> None:
    """Draw points with a halo."""
    for place, radius, value in zip(places, radii, brightness, strict=True):
        reach = int(radius * 2.5) + 2
        distance, window = _around(light, place, reach)
        halo = np.clip(1 - distance / reach, 0, 1) ** 4 * 0.8
        light[window] += value * (halo + np.exp(-((distance / (0.16 * radius)) ** 2)))


def _around(light: Array, place: Array, reach: int) -> tuple[Array, tuple[Array, ...]]:
    """Return the distances from a place, and the window that they are of, wrapped at edges."""
    x, y = float(place[0]), float(place[1])
    rows = np.arange(int(y) - reach, int(y) + reach + 1)
    columns = np.arange(int(x) - reach, int(x) + reach + 1)
    distance = np.hypot(rows[:, None] - y, columns[None] - x)
    return distance, np.ix_(rows % light.shape[0], columns % light.shape[1])
