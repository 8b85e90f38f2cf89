"""
The subjects that can be drawn: how tall each is, where it belongs and how it moves.

The tables are ``subjects.csv`` and, for people whose bodies the engine draws, ``people.csv``;
they are meant to be edited by hand. `docs/engines/cast.md` explains their columns.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rushes.core.shot_plan import Action, Facing, Plane

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A round place on a subject's art: a wheel, or where a wing grows."""

    x: float
    """Centre as a share of the art's view box, 0.0 left to 1.0 right."""

    y: float
    radius: float
    """As a share of the view box's width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One line of ``subjects.csv``."""

    id: str
    kind: str
    """``person``, ``animal``, ``vehicle`` ...: what sort of thing it is."""

    height_m: float
    """Real height of what the art shows."""

    plane: Plane
    action: Action
    """What it does when the prompt does not say."""

    faces: Facing
    """Which way the art looks; a member that faces the other way is mirrored."""

    rig: str
    """How it moves: a name in :mod:`rushes.engines.animatic.cast.rigs`."""

    ground: float
    """Row of the ground or water line as a share of the art's height; 1.0 is its lowest point."""

    parts: tuple[Mark, ...]
    art: str
    """Name of the picture; usually the id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of ``people.csv``: how the body under a head is dressed."""

    id: str
    build: str
    head: str
    hat: str
    skin: str
    hair: str
    garment: str
    top: str
    bottom: str
    shoes: str
    extra: Mapping[str, str]
    """Cloth and gear with their colours, e.g. ``cape`` to ``#b3202c``."""

    prop: str
    """Art that the near hand holds."""


_WRITTEN_WORDS: Final = """
    abacus admission-tickets alarm-clock atm badge bank billboard blackboard books bus-stop
    calculator calendar clapper-board clock-tower convenience-store credit-card dartboard
    department-store dollar-banknote euro-banknote grandfather-clock hollywood-sign hospital hotel
    japanese-post-office kitchen-scale letter love-hotel mantelpiece-clock microwave mobile-phone
    newspaper playing-cards pool-8-ball post-office postcard pound-banknote receipt road-sign
    rolled-up-newspaper school scoreboard sign smartwatch spiral-calendar stop-sign stopwatch
    street-sign telephone ticket timer-clock typewriter wall-clock watch world-map yen-banknote
"""
WITH_WRITING: Final = frozenset(_WRITTEN_WORDS.split())
"""Subjects seen from the front whose pictures have letters or digits: they are not mirrored."""


@cache
def subjects() -> Mapping[str, Subject]:
    """Return every subject by its id."""
    return MappingProxyType({row["id"]: _subject(row) for row in _rows("subjects.csv")})


@cache
def people() -> Mapping[str, Person]:
    """Return how each drawn body is dressed, by the subject's id."""
    return MappingProxyType({row["id"]: _person(row) for row in _rows("people.csv")})


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _subject(row: dict[str, str]) -> Subject:
    return Subject(
        id=row["id"],
        kind=row["kind"],
        height_m=float(row["height_m"]),
        plane=Plane(row["plane"]),
        action=Action(row["action"]),
        faces=Facing(row["faces"]),
        rig=row["rig"],
        ground=float(row["ground"] or 1.0),
        parts=tuple(_mark(part) for part in row["parts"].split()),
        art=row["art"] or row["id"],
    )


def _mark(text: str) -> Mark:
    x, y, radius = (float(number) for number in text.split(":"))
    return Mark(x=x, y=y, radius=radius)


def _person(row: dict[str, str]) -> Person:
    extra = dict(pair.split(":", 1) for pair in row["extra"].split())
    return Person(
        id=row["id"],
        build=row["build"],
        head=row["head"],
        hat=row["hat"],
        skin=row["skin"],
        hair=row["hair"],
        garment=row["garment"],
        top=row["top"],
        bottom=row["bottom"],
        shoes=row["shoes"],
        extra=MappingProxyType(extra),
        prop=row["prop"],
    )
