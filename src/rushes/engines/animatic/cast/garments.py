"""Dress drawn people in other clothes than their usual ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from rushes.engines.animatic.cast.catalogue import Person, Subject
from rushes.engines.animatic.cast.puppet_look import CUTS, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Garment:
    """How a piece of clothing changes the body of who wears it."""

    cut: str = ""
    """A name in ``CUTS``; empty: the cut stays."""

    top: str = ""
    """Its usual colour above the waist, ``#rrggbb``; empty: it covers nothing there."""

    bottom: str = ""
    """Its usual colour below the waist; empty: it covers nothing there."""

    extra: str = ""
    """What it adds to the body, such as a ``cape``."""


GARMENTS: Final = MappingProxyType(
    {
        "coat": Garment(cut="coat", top="#5d6b7a"),
        "lab-coat": Garment(cut="coat", top="#f4f6f8"),
        "suit": Garment(cut="suit", top="#2f3a4f", bottom="#2f3a4f"),
        "uniform": Garment(cut="uniform", top="#3b4a63", bottom="#3b4a63"),
        "martial-arts-uniform": Garment(cut="uniform", top="#f2f2ee", bottom="#f2f2ee"),
        "sweater": Garment(cut="hoodie", top="#a8573f"),
        "womans-clothes": Garment(top="#8d5b83"),
        "t-shirt": Garment(cut="tee", top="#e4e0d8"),
        "running-shirt": Garment(cut="tee", top="#e53935"),
        "dress": Garment(cut="dress", top="#b23a48", bottom="#b23a48"),
        "sari": Garment(cut="gown", top="#c2185b", bottom="#c2185b"),
        "robe": Garment(cut="robe", top="#7a6a86", bottom="#7a6a86"),
        "kimono": Garment(cut="kimono", top="#9c3b4f", bottom="#9c3b4f"),
        "skirt": Garment(cut="skirt", bottom="#37618e"),
        "jeans": Garment(bottom="#3b5b8c"),
        "shorts": Garment(cut="sport", bottom="#4a6a4f"),
        "one-piece-swimsuit": Garment(cut="swimsuit", top="#1f7a8c", bottom="#1f7a8c"),
        "overalls": Garment(cut="overalls", top="#d9823b", bottom="#3b5b8c"),
        "armour": Garment(cut="armour", top="#9aa5b1", bottom="#7d8894"),
        "spacesuit": Garment(cut="spacesuit", top="#e6e9ee", bottom="#e6e9ee"),
        "hoodie": Garment(cut="hoodie", top="#5a7d9a"),
        "leather-jacket": Garment(cut="suit", top="#2f2926"),
        "raincoat": Garment(cut="coat", top="#f4c430"),
        "pajamas": Garment(cut="shirt", top="#7fa8d9", bottom="#7fa8d9"),
        "kilt": Garment(cut="skirt", bottom="#8b1f2f"),
        "tutu": Garment(cut="tutu", top="#f48fb1", bottom="#f48fb1"),
        "bikini": Garment(cut="swimsuit", top="#e91e63", bottom="#e91e63"),
        "vest": Garment(extra="vest", top="#4a4036"),
        "poncho": Garment(extra="cape", top="#c2552d"),
        "wedding-dress": Garment(cut="gown", top="#f7f4f2", bottom="#f7f4f2"),
        "cloak": Garment(extra="cape", top="#b3202c"),
    }
)
"""Clothes that are drawn as a part of the body; hats, shoes and the like are pictures on it."""

_TROUSERS: Final = "#3d4657"


def is_garment(clothes: str, wearer: Subject) -> bool:
    """Return whether the wearer's body is drawn in these clothes."""
    return clothes in GARMENTS and wearer.rig == "puppet"


def dressed(
    person: Person, look: Look, clothes: Sequence[tuple[str, str | None]]
) -> tuple[Person, Look]:
    """
    Return the person and the look in other clothes.

    Args:
        clothes: Ids of ``GARMENTS`` and their colours ``#rrggbb``; None: the usual colour.
    """
    for name, colour in clothes:
        garment = GARMENTS[name]
        if garment.extra:
            extra = {**person.extra, garment.extra: colour or garment.top}
            person = replace(person, extra=MappingProxyType(extra))
            continue
        skirted = person.garment == "skirt"
        whole = bool(CUTS[person.garment].hem) and garment.cut != "coat" and not skirted
        cut = "skirt" if skirted and not garment.bottom else garment.cut
        cut = cut or ("shirt" if whole and garment.bottom else person.garment)
        top = (colour or garment.top) if garment.top else look.top
        bottom = look.bottom
        if garment.bottom:
            bottom = colour or garment.bottom
        elif whole and not garment.cut:
            bottom = top  # a dress in another colour
        elif whole:
            bottom = _TROUSERS
        person, look = replace(person, garment=cut), replace(look, top=top, bottom=bottom)
    return person, look
