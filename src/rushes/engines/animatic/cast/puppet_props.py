"""Define the way in which drawn people hold their props."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rushes.engines.animatic.cast.brush import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """How a hand holds a thing."""

    size: float = 0.16
    """Height of the upright art, in body heights."""

    at: Point = (0.5, 0.85)
    """Where it is held, as shares of the art's width and height."""

    angle: float = 0.0
    """Turn against the clock, in radians."""

    follows: float = 0.0
    """How much it turns with the forearm."""

    mirrored: bool = False
    behind: bool = False
    """Drawn before the body, because it is as tall as the body."""


PROPS: Final = MappingProxyType(
    {
        "staff": Grip(size=1.0, at=(0.5, 0.55), behind=True),
        "sword": Grip(size=0.55, at=(0.5, 0.88), angle=0.55, follows=0.25),
        "katana": Grip(size=0.52, at=(0.5, 0.9), angle=0.6, follows=0.25),
        "spear": Grip(size=0.8, at=(0.4, 0.6), angle=0.7, behind=True),
        "scythe": Grip(size=0.95, at=(0.58, 0.6), behind=True),
        "rifle": Grip(size=0.14, at=(0.6, 0.75), mirrored=True),
        "handgun": Grip(size=0.1, at=(0.78, 0.8), mirrored=True),
        "torch": Grip(size=0.3, at=(0.5, 0.8)),
        "wooden-club": Grip(size=0.4, at=(0.12, 0.9)),
        "baseball-bat": Grip(size=0.42, at=(0.12, 0.9)),
        "hockey-stick": Grip(size=0.5, at=(0.85, 0.1)),
        "ring-buoy": Grip(size=0.22, at=(0.5, 0.1)),
        "beehive": Grip(size=0.16, at=(0.5, 0.9)),
        "fishing-pole": Grip(size=0.62, at=(0.12, 0.9), angle=0.1, behind=True),
        "surfboard": Grip(size=1.05, at=(0.5, 0.58), behind=True),
        "guitar": Grip(size=0.52, at=(0.35, 0.62), angle=0.15),
        "violin": Grip(size=0.33, at=(0.5, 0.6), angle=-0.3),
        "cello": Grip(size=0.62, at=(0.4, 0.5), angle=0.1),
        "movie-camera": Grip(size=0.2, at=(0.5, 0.9)),
        "drum": Grip(size=0.24, at=(0.5, 0.1)),
        "trumpet": Grip(size=0.26, at=(0.4, 0.5)),
        "saxophone": Grip(size=0.36, at=(0.5, 0.4)),
        "broom": Grip(size=0.85, at=(0.6, 0.4), behind=True),
        "shovel": Grip(size=0.62, at=(0.6, 0.35), angle=0.5, behind=True),
        "pick": Grip(size=0.42, at=(0.75, 0.75), angle=0.5),
        "axe": Grip(size=0.36, at=(0.80, 0.80), angle=0.25),
        "hammer": Grip(size=0.22, at=(0.7, 0.85), angle=0.2),
        "walking-stick": Grip(size=0.5, at=(0.58, 0.06)),
        "cooking": Grip(size=0.21, at=(0.92, 0.95), mirrored=True),
        "hot-beverage": Grip(size=0.10, at=(0.8, 0.6)),
        "tennis": Grip(size=0.34, at=(0.25, 0.9)),
        "tennis-racket": Grip(size=0.36, at=(0.08, 0.92)),
        "bow-and-arrow": Grip(size=0.45, at=(0.5, 0.5), mirrored=True),
        "bouquet": Grip(size=0.20, at=(0.5, 0.8)),
        "laptop": Grip(size=0.16, at=(0.5, 0.9)),
        "briefcase": Grip(size=0.17, at=(0.5, 0.08)),
        "money-bag": Grip(size=0.22, at=(0.5, 0.1)),
        "basketball": Grip(size=0.13, at=(0.5, 0.9)),
        "stethoscope": Grip(size=0.13, at=(0.5, 0.3)),
        "tray": Grip(size=0.10, at=(0.5, 0.95)),
        "baton": Grip(size=0.22, at=(0.5, 0.95), angle=-0.5, follows=0.6),
        "magic-wand": Grip(size=0.22, at=(0.1, 0.95)),
        "kitchen-knife": Grip(size=0.2, at=(0.15, 0.15), angle=0.8),
        "folding-hand-fan": Grip(size=0.16, at=(0.5, 0.95)),
    }
)
"""How each prop is held; what is not listed is held upright by its lower end."""
