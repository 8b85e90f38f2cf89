"""A bird in flight: a drawn body whose wings beat, in the colours of its art."""

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from rushes.engines.animatic.cast.brush import Brush, Point, colour_of, shade
from rushes.engines.animatic.cast.sprite import Sprite, cropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Plumage:
    """What a flying bird looks like; lengths in its height when it stands."""

    body: str
    wing: str
    head: str = ""
    belly: str = ""
    beak: str = "#f0962c"
    tail: str = ""
    neck: float = 0.10
    legs: float = 0.0
    span: float = 0.80
    girth: float = 0.15


PLUMAGES: Final = MappingProxyType(
    {
        "bird": Plumage(body="#2fa8de", wing="#1f86b8", belly="#7fcdf0"),
        "black-bird": Plumage(body="#3a3d40", wing="#2a2c2f"),
        "raven": Plumage(body="#2c2e33", wing="#202226", beak="#3b3d42", span=0.95),
        "crow": Plumage(body="#2c2e33", wing="#202226", beak="#3b3d42", span=0.95),
        "pigeon": Plumage(body="#8d98a6", wing="#727d8b", head="#5f6b7c"),
        "hawk": Plumage(body="#8a5a36", wing="#6b4426", belly="#e2cfae", span=1.05, girth=0.18),
        "turkey": Plumage(body="#6b4630", wing="#523423", head="#c0392b", girth=0.2),
        "peacock": Plumage(body="#1f7fa8", wing="#2f9a78", tail="#3fae6a"),
        "seagull": Plumage(body="#f4f6f8", wing="#b4bec8", span=1.05),
        "duck": Plumage(body="#b08b6b", wing="#8a7560", head="#2f8a45", neck=0.2, girth=0.17),
        "goose": Plumage(body="#f2f2f2", wing="#d8d8da", neck=0.34, girth=0.15),
        "swan": Plumage(body="#f7fafc", wing="#e3eaf0", neck=0.42, girth=0.15, span=0.95),
        "stork": Plumage(body="#f4f4f0", wing="#3a3a3e", neck=0.36, legs=0.42, girth=0.11),
        "flamingo": Plumage(body="#f6a5bb", wing="#ee7f9d", neck=0.36, legs=0.42, girth=0.11),
        "owl": Plumage(body="#8b6a4f", wing="#6f5340", belly="#d9c1a0", neck=0.02, girth=0.21),
        "parrot": Plumage(body="#4cb648", wing="#2f8f3a", head="#e0402f", tail="#2f6fc0"),
        "rooster": Plumage(body="#a5532a", wing="#7d3c1c", head="#c0392b", tail="#2e5a45"),
        "chicken": Plumage(body="#a5532a", wing="#7d3c1c", head="#c0392b", tail="#2e5a45"),
        "duckling": Plumage(body="#ffd23f", wing="#f0b01f", beak="#ef8a24", girth=0.24, span=0.5),
        "heron": Plumage(
            body="#9fb1c4", wing="#4d6078", head="#e9eef2", neck=0.36, legs=0.42, girth=0.11
        ),
        "pelican": Plumage(body="#f4f6f8", wing="#dfe5eb", neck=0.2, girth=0.18, span=1.05),
        "puffin": Plumage(
            body="#f6f5f0", wing="#2b2b32", head="#2b2b32", beak="#e8622a", girth=0.2
        ),
        "robin": Plumage(body="#8a6c50", wing="#5f4938", belly="#f0722c", beak="#5a4a3a"),
        "sparrow": Plumage(body="#b08a64", wing="#7a5233", belly="#e9e0d2", beak="#4a4036"),
        "kingfisher": Plumage(body="#1f9ad6", wing="#0f6fb0", belly="#f08a36", beak="#2b2b2f"),
        "magpie": Plumage(body="#1d1f26", wing="#1f4f8a", belly="#fbfbf8", beak="#2b2b2f"),
        "toucan": Plumage(body="#1d1f26", wing="#15161b", belly="#fff3d0", beak="#f58f1c"),
        "vulture": Plumage(
            body="#4a3c32", wing="#30261f", head="#e6ab95", beak="#3a352f", neck=0.16, span=1.1
        ),
        "cardinal": Plumage(body="#e0322e", wing="#9a151c", beak="#f58a2a"),
        "blue-jay": Plumage(body="#3a82e0", wing="#1f5fc0", belly="#eef2f6", beak="#26282e"),
        "baby-chick": Plumage(body="#ffca28", wing="#f0b000", girth=0.24, span=0.5),
    }
)
_WHITE: Final = Plumage(body="#e8e8ea", wing="#cfcfd3")


def flying(name: str, height_px: float, phase: float, *, tint: str | None = None) -> Sprite:
    """
    Return a bird in flight, looking to the right; its anchor is below its middle.

    Args:
        tint: Colour of its feathers, ``#rrggbb``; None: as the catalogue says.
    """
    look = PLUMAGES.get(name, _WHITE)
    if tint is not None:
        look = replace(look, body=tint, wing=_darker(tint), head="", belly="", tail="")
    brush = Brush(
        round(2.8 * height_px), round(2.6 * height_px), origin=(1.4 * height_px, 1.9 * height_px),
        unit_px=height_px,
    )  # fmt: skip
    beat = math.sin(2 * math.pi * phase)
    body, wing = colour_of(look.body), colour_of(look.wing)
    head = colour_of(look.head or look.body)
    middle: Point = (0.0, 0.5 - 0.03 * beat)
    breast = (middle[0] + 0.20, middle[1] + 0.03)
    rump = (middle[0] - 0.24, middle[1] - 0.02)
    _wing(brush, (middle[0] + 0.10, middle[1] + 0.08), look, beat - 0.12, shade(wing, 0.72), 0.10)
    for feather in (-1, 0, 1):
        tip = (rump[0] - 0.27, rump[1] + 0.02 + 0.06 * feather)
        brush.limb(rump, tip, 0.05, 0.045, shade(colour_of(look.tail or look.wing), 0.9))
    if look.legs:
        for leg in (0.0, 0.025):
            end = (rump[0] - look.legs, rump[1] - 0.05 + leg)
            brush.limb((rump[0], rump[1] - 0.04), end, 0.018, 0.014, shade(body, 0.85))
    brush.limb(rump, breast, look.girth * 0.62, look.girth, body)
    if look.belly:
        brush.limb(
            (rump[0] + 0.12, rump[1] - 0.05), (breast[0], breast[1] - 0.06), 0.05,
            look.girth * 0.55, colour_of(look.belly), rim=0.95)  # fmt: skip
    crown = (breast[0] + look.neck + 0.06, breast[1] + 0.08 + look.neck * 0.35)
    brush.limb(breast, crown, look.girth * 0.62 if look.neck < 0.15 else 0.055, 0.06, head)
    skull = max(0.085, look.girth * 0.62)
    beak = colour_of(look.beak)
    brush.fill(
        [(crown[0] + skull * 0.6, crown[1] + 0.035), (crown[0] + skull * 2.0, crown[1] - 0.015),
         (crown[0] + skull * 0.6, crown[1] - 0.04)], beak)  # fmt: skip
    brush.disc(crown, skull * 1.04, shade(head, 0.85))
    brush.disc((crown[0], crown[1] + 0.004), skull * 0.92, head)
    brush.disc((crown[0] + skull * 0.4, crown[1] + skull * 0.2), skull * 0.20, (30, 28, 28))
    _wing(brush, (middle[0] + 0.04, middle[1] + 0.05), look, beat, wing, 0.0)
    return cropped(brush.pixels, brush.at((0.0, 0.0)))


def _darker(colour: str) -> str:
    return "#" + "".join(f"{value:02x}" for value in shade(colour_of(colour), 0.8))


def _wing(  # noqa: PLR0917  # all are what one wing is
    brush: Brush,
    root: Point,
    look: Plumage,
    beat: float,
    colour: tuple[int, int, int],
    ahead: float,
) -> None:
    """Draw one wing; *beat* runs from -1.0 (down) to 1.0 (up)."""
    inner = 0.75 * beat + 0.25
    outer = inner + 0.5 * (beat - 0.5)
    span = look.span
    wrist = (
        root[0] + 0.10 + ahead - 0.10 * abs(beat),
        root[1] + 0.45 * span * math.sin(inner) * 1.2,
    )
    tip = (wrist[0] - 0.40 * span + ahead * 0.4, wrist[1] + 0.62 * span * math.sin(outer))
    front = [(root[0] + 0.12, root[1]), wrist, tip]
    rear: list[Point] = []
    for feather in range(7):
        share = (feather + 1) / 7
        x = tip[0] + (root[0] - 0.26 - tip[0]) * share
        y = tip[1] + (root[1] - 0.02 - tip[1]) * share
        sag = 0.09 * math.sin(math.pi * share)
        rear += [(x - 0.05, y - sag - 0.045), (x + 0.02, y - sag)]
    outline = [*front, *rear]
    brush.fill(outline, shade(colour, 0.85))
    inside = [
        (root[0] + 0.09, root[1] + 0.005),
        (wrist[0] - 0.015, wrist[1] - 0.02),
        ((tip[0] + wrist[0]) / 2, (tip[1] + wrist[1]) / 2 - 0.05),
        (root[0] - 0.16, root[1]),
    ]
    brush.fill(inside, shade(colour, 1.12))
