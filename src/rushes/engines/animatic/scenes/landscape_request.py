"""Define the input of a landscape."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LandscapeRequest:
    """The landscape to paint."""

    place: str
    """``mountain``, ``lake``, ``ocean`` and so on."""

    light: str
    """A key of ``palettes.PALETTES``."""

    aurora: bool = False
    lightning: bool = False
    fog: bool = False
    fire: bool = False
    shafts: bool = False
    snowy: bool = False
    cloudy: bool = False
    lowland: bool = False
    island: bool = False
    beach: bool = False
    boat: bool = False
    person: bool = False
    lighthouse: bool = False
