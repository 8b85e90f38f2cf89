"""Builds, cuts of clothes and looks of drawn people."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions of a body; lengths in body heights."""

    face: float
    leg: float
    torso: float
    arm: float
    girth: float
    stoop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a garment is cut."""

    sleeve: str = "long"
    legs: str = "long"
    hem: float = 0.0
    """How far a skirt reaches down the leg, 0.0 to 1.0; 0.0 is none."""

    flare: float = 0.0
    girth: float = 1.0
    wide_sleeves: bool = False
    open_front: bool = False
    plates: bool = False


BUILDS: Final = MappingProxyType(
    {
        "adult": Build(face=0.148, leg=0.475, torso=0.285, arm=0.300, girth=1.0),
        "woman": Build(face=0.142, leg=0.480, torso=0.280, arm=0.285, girth=0.86),
        "elder": Build(face=0.152, leg=0.455, torso=0.285, arm=0.295, girth=1.02, stoop=0.13),
        "child": Build(face=0.200, leg=0.420, torso=0.260, arm=0.265, girth=0.95),
        "toddler": Build(face=0.275, leg=0.300, torso=0.270, arm=0.230, girth=1.15),
        "sumo": Build(face=0.15, leg=0.420, torso=0.320, arm=0.290, girth=1.75),
        "robot": Build(face=0.235, leg=0.340, torso=0.320, arm=0.310, girth=1.35),
    }
)

CUTS: Final = MappingProxyType(
    {
        "shirt": Cut(),
        "tee": Cut(sleeve="short"),
        "hoodie": Cut(girth=1.12),
        "cardigan": Cut(girth=1.08, open_front=True),
        "uniform": Cut(girth=1.05),
        "suit": Cut(girth=1.06, open_front=True),
        "overalls": Cut(),
        "coat": Cut(girth=1.12, hem=0.52, flare=0.25, open_front=True),
        "dress": Cut(sleeve="short", legs="bare", hem=0.56, flare=0.62, girth=0.92),
        "skirt": Cut(legs="bare", hem=0.50, flare=0.40, girth=0.95),
        "gown": Cut(sleeve="short", legs="bare", hem=0.97, flare=0.80, girth=0.92),
        "robe": Cut(hem=0.95, flare=0.42, girth=1.15, wide_sleeves=True),
        "kimono": Cut(hem=0.96, flare=0.16, girth=1.08, wide_sleeves=True),
        "tutu": Cut(sleeve="none", legs="bare", hem=0.20, flare=1.9, girth=0.86),
        "shorts": Cut(sleeve="none", legs="short"),
        "sport": Cut(sleeve="short", legs="short"),
        "swimsuit": Cut(sleeve="none", legs="bare"),
        "bodysuit": Cut(),
        "spacesuit": Cut(girth=1.38),
        "armour": Cut(girth=1.22, hem=0.24, flare=0.3, plates=True),
        "romper": Cut(girth=1.1),
        "robot": Cut(girth=1.1, plates=True),
        "bones": Cut(girth=0.5),
        "bandage": Cut(girth=0.95),
    }
)

FUR: Final = MappingProxyType(
    {
        "fur": "#8d8d8d",
        "brownfur": "#8d6050",
        "alien": "#b0bec5",
        "bone": "#e3e9ec",
        "metal": "#90a4ae",
        "red": "#ef5350",
        "purple": "#7b3fa0",
        "goblin": "#6a9a34",
        "ogre": "#869a3e",
        "frankenstein": "#7a9a44",
        "straw": "#d9b45a",
        "bandage": "#d9cfb4",
    }
)
WOMENS_HEADS: Final = frozenset(
    ["girl", "princess", "old-woman", "mrs-claus", "baby", "person-with-veil", "ballet-dancer"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What tells two people of the same kind apart."""

    skin: str
    hair: str
    top: str
    bottom: str
    veil: str = ""
    """Colour of a veil; empty: as the catalogue says."""
