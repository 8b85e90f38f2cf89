"""Say where on a body each hat, scarf or shoe is worn, and how large it is there."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where something is worn, and how large."""

    above_chin: float
    """Row of its lower edge above the chin, in heights of the head."""

    wide: float
    """Its width, in widths of the face."""

    aside: float = 0.0
    """How far forward its middle is, in widths of the face; negative is on the back."""

    behind: bool = False


_ON_HEAD: Final = Fit(above_chin=0.56, wide=1.6)
_HELMET: Final = Fit(above_chin=0.34, wide=1.5)
_ON_EYES: Final = Fit(above_chin=0.28, wide=1.05)
_AT_NECK: Final = Fit(above_chin=-0.95, wide=0.75)
_ON_BODY: Final = Fit(above_chin=-2.0, wide=1.7)
_ON_HAND: Final = Fit(above_chin=-1.75, wide=0.6, aside=0.7)
_ON_FEET: Final = Fit(above_chin=-3.65, wide=1.35, aside=0.2)
_CAP: Final = Fit(above_chin=0.5, wide=1.2)
_BRIMMED: Final = Fit(above_chin=0.52, wide=1.9)
_POINTED: Final = Fit(above_chin=0.56, wide=1.55)
_CHAIN: Final = Fit(above_chin=-0.8, wide=0.85)

WORN: Final = MappingProxyType(
    {
        "womans-hat": _ON_HEAD,
        "top-hat": Fit(above_chin=0.6, wide=1.25),
        "billed-cap": Fit(above_chin=0.5, wide=1.3),
        "crown": Fit(above_chin=0.76, wide=1.0),
        "graduation-cap": _ON_HEAD,
        "party-hat": Fit(above_chin=0.68, wide=0.7),
        "cowboy-hat": _BRIMMED,
        "santa-hat": _CAP,
        "wizard-hat": _POINTED,
        "witch-hat": _POINTED,
        "sombrero": Fit(above_chin=0.5, wide=2.3),
        "straw-hat": _BRIMMED,
        "fedora": Fit(above_chin=0.54, wide=1.6),
        "bowler-hat": Fit(above_chin=0.54, wide=1.5),
        "turban": Fit(above_chin=0.5, wide=1.25),
        "headband": Fit(above_chin=0.5, wide=1.02),
        "earmuffs": Fit(above_chin=0.2, wide=1.3),
        "hard-hat": Fit(above_chin=0.52, wide=1.35),
        "bike-helmet": Fit(above_chin=0.36, wide=1.2),
        "motorcycle-helmet": Fit(above_chin=-0.06, wide=1.3),
        "diving-helmet": Fit(above_chin=-0.3, wide=1.9),
        "football-helmet": Fit(above_chin=-0.02, wide=1.35),
        "beanie": _CAP,
        "beret": Fit(above_chin=0.56, wide=1.25),
        "chef-hat": Fit(above_chin=0.62, wide=1.25),
        "pirate-hat": Fit(above_chin=0.54, wide=1.6),
        "viking-helmet": Fit(above_chin=0.5, wide=1.7),
        "sailor-hat": Fit(above_chin=0.6, wide=1.2),
        "captain-hat": Fit(above_chin=0.52, wide=1.2),
        "fez": Fit(above_chin=0.6, wide=0.9),
        "flower-crown": Fit(above_chin=0.52, wide=1.25),
        "tiara": Fit(above_chin=0.66, wide=0.9),
        "military-helmet": _HELMET,
        "rescue-workers-helmet": _HELMET,
        "headphone": Fit(above_chin=0.1, wide=1.3),
        "glasses": _ON_EYES,
        "sunglasses": _ON_EYES,
        "goggles": _ON_EYES,
        "diving-mask": _ON_EYES,
        "vr-headset": _ON_EYES,
        "carnival-mask": Fit(above_chin=0.3, wide=1.1),
        "face-mask": Fit(above_chin=-0.04, wide=1.15),
        "gas-mask": Fit(above_chin=-0.1, wide=1.05),
        "wig": Fit(above_chin=-0.25, wide=1.5, behind=True),
        "scarf": _AT_NECK,
        "necktie": Fit(above_chin=-0.75, wide=0.8),
        "ribbon": Fit(above_chin=-0.35, wide=0.6),
        "bow-tie": Fit(above_chin=-0.2, wide=0.62),
        "necklace": _CHAIN,
        "pendant": _CHAIN,
        "locket": _CHAIN,
        "brooch": Fit(above_chin=-0.55, wide=0.28, aside=0.3),
        "earrings": Fit(above_chin=-0.02, wide=0.34, aside=-0.42),
        "eye-patch": Fit(above_chin=0.2, wide=0.9),
        "monocle": Fit(above_chin=0.0, wide=0.42, aside=0.3),
        "prayer-beads": Fit(above_chin=-0.75, wide=0.8),
        "belt": Fit(above_chin=-1.9, wide=0.8),
        "sports-medal": Fit(above_chin=-1.3, wide=0.5),
        "apron": _ON_BODY,
        "safety-vest": Fit(above_chin=-1.5, wide=1.6),
        "backpack": Fit(above_chin=-1.7, wide=1.35, aside=-0.75, behind=True),
        "gloves": _ON_HAND,
        "mittens": _ON_HAND,
        "badge": Fit(above_chin=-0.75, wide=0.3, aside=0.2),
        "watch": Fit(above_chin=-1.7, wide=0.4, aside=0.7),
        "bracelet": Fit(above_chin=-1.7, wide=0.36, aside=0.7),
        "ring": Fit(above_chin=-1.7, wide=0.3, aside=0.7),
        "hiking-boot": _ON_FEET,
        "womans-boot": _ON_FEET,
        "rubber-boots": Fit(above_chin=-3.65, wide=1.2, aside=0.1),
        "cowboy-boots": Fit(above_chin=-3.65, wide=1.2, aside=0.1),
        "slippers": _ON_FEET,
        "sandals": _ON_FEET,
        "running-shoe": _ON_FEET,
        "mans-shoe": _ON_FEET,
        "flat-shoe": _ON_FEET,
        "high-heeled-shoe": _ON_FEET,
        "thong-sandal": _ON_FEET,
        "ballet-shoes": _ON_FEET,
        "roller-skate": _ON_FEET,
        "ice-skate": _ON_FEET,
    }
)
"""Where each thing is worn; all other clothes are part of a figure."""

ON_ANIMALS: Final = frozenset(
    {"coat", "lab-coat", "t-shirt", "running-shirt", "sweater", "suit", "uniform", "dress", "robe"}
    | {"kimono", "sari", "womans-clothes", "martial-arts-uniform", "one-piece-swimsuit", "cloak"}
    | {"hoodie", "leather-jacket", "raincoat", "vest", "poncho", "pajamas", "overalls", "armour"}
    | {"safety-vest", "spacesuit", "jeans", "shorts", "skirt", "kilt", "tutu", "bikini"}
)
"""Clothes that are pictures on the body of an animal; people have bodies that are drawn in them."""

BELOW_WAIST: Final = frozenset({"jeans", "shorts", "skirt", "kilt", "tutu"})
