"""List boxes, tubs, baskets and boats, and where one sees into them."""

from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import CastMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """The opening of a vessel, in the vessel's artwork."""

    rim: float
    """Height of the front rim, as a share of the vessel's height."""

    wide: float
    """Width of the opening, as a share of the vessel's width."""

    middle: float = 0.5
    """Middle of the opening, as a share of the vessel's width from its left edge."""


_TABLE: Final = """
    open-box: .66 .74
    bathtub: .48 .66 .47
    basket: .66 .74
    picnic-basket: .48 .6
    bucket: .82 .74
    bowl: .80 .80
    bowl-with-spoon: .64 .74
    laundry-basket: .74 .8
    crate: .96 .8
    barrel: .96 .72
    flower-pot: .9 .7
    nest-with-eggs: .52 .6
    empty-nest: .52 .6
    stroller: .58 .42 .36
    crib: .45 .8
    wheelbarrow: .8 .5 .48
    hammock: .42 .5
    sandbox: .46 .8
    trash-can: .84 .7
    teacup: .72 .8
    teacup-without-handle: .72 .8
    coffee-cup: .66 .6 .44
    treasure-chest: .42 .5 .45
    handbag: .62 .74
    tote-bag: .66 .7
    backpack: .86 .56
    rowboat: .42 .62
    canoe: .48 .66
    gondola: .38 .6
    kayak: .34 .3
    motor-boat: .46 .5 .6
    speedboat: .62 .4 .56
    fishing-boat: .37 .7
    pedal-boat: .5 .36 .62
    sailboat: .17 .7
    viking-ship: .46 .6
    hot-air-balloon: .12 .14
    cart: .64 .6 .6
"""


def _vessels() -> dict[str, Vessel]:
    found: dict[str, Vessel] = {}
    for line in _TABLE.strip().splitlines():
        name, _, numbers = line.strip().partition(": ")
        rim, wide, *middle = map(float, numbers.split())
        found[name] = Vessel(rim=rim, wide=wide, middle=middle[0] if middle else 0.5)
    return found


VESSELS: Final = _vessels()
"""What one sees into, and over whose rim one sees who is in it."""


def is_in_vessel(host: CastMember) -> bool:
    """Judge whether who is on a member is behind its rim."""
    return host.subject in VESSELS
