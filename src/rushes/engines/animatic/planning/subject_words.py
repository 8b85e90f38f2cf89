"""
Read the English names of subjects beyond the names of the pictures themselves.

``english_nouns.txt`` has one line for each subject of the catalogue: ``dog: hound, pup``. A line
``flag|kite: banner`` means a flag, or a kite where the catalogue has no flag. Where it has neither,
the words name something that cannot be shown. Of two lines with the same name the first counts. A
subject's own name need not be listed, and wins over other names unless it is in ``PLAIN_IDS``.
"""

from collections.abc import Iterator
from typing import Final

from rushes.engines.animatic.planning.everyday_words import EVERYDAY_NAMES, WITHOUT_PICTURES
from rushes.engines.animatic.planning.inflection import plural_of
from rushes.engines.animatic.planning.look_alikes import LOOK_ALIKES
from rushes.engines.animatic.planning.tables import lines_in, lines_of

NOUNS: Final = "english_nouns.txt"

COMPOSITES: Final = """
angler: man + fishing-pole
ballroom dancers: woman-dancing + man-dancing
tango dancers: woman-dancing + man-dancing
couple: woman + man
old couple: old-woman + old-man
elderly couple: old-woman + old-man
lovers: woman + man
newlyweds: bride + groom
wedding ceremony: bride + groom
wedding couple: bride + groom
bride and groom: bride + groom
parents: woman + man
twins: girl + girl
mother and child: woman + child
family: man + woman + child
family of three: man + woman + child
a family of three: man + woman + child
family of four: man + woman + boy + girl
a family of four: man + woman + boy + girl
family of five: man + woman + boy + girl + baby
a family of five: man + woman + boy + girl + baby
street musician: guitarist
street vendor: person-standing + market-stall
food vendor: person-standing + market-stall
street food vendor: person-standing + market-stall
market vendor: person-standing + market-stall
fruit seller: person-standing + market-stall
vendor: person-standing + market-stall
pianist: man + musical-keyboard
cellist: woman + violin
cameraman: man + movie-camera
shepherd with sheep: shepherd + ewe
"""
"""Words for several subjects: ``name: first + second``."""

PEOPLE_GROUPS: Final = """
crowded person-walking 24
people person-walking 8
traffic_jam automobile 8
wind_farm wind-turbine 5
crowd person-standing 40
crowds person-standing 60
audience person-standing 40
spectators person-standing 40
passengers person-standing 10
pedestrians person-walking 14
passers-by person-walking 8
commuters person-walking 16
shoppers person-walking 10
tourists person-walking 8
army soldier 60
troops soldier 30
friends person-standing 3
friend person-standing 1
team person-standing 6
band guitarist 4
choir singer 12
orchestra violinist 12
protesters person-raising-hand 30
flock bird 20
traffic_jam automobile 8
herd ewe 14
his_flock ewe 12
her_flock ewe 12
camel_caravan camel 8
"""
"""Words for several people at once: word, picture, how many."""


ATHLETES: Final = """
surfs surfing: man-surfing woman-surfing person-surfing
skis skiing: skier skier skier
snowboards snowboarding: snowboarder snowboarder snowboarder
skateboards skateboarding: skateboarder skateboarder skateboarder
golfs golfing: man-golfing woman-golfing person-golfing
bikes biking: man-biking woman-biking person-biking
cycles cycling: man-biking woman-biking person-biking
"""
"""Verbs with the pictures of a man, a woman and a person who do so on or with its device."""

_WHO: Final = (("man", "boy", "guy"), ("woman", "girl"), ("person",))
"""Words for those whom the columns of ``ATHLETES`` picture."""

PLAIN_IDS: Final = frozenset(
    {"train", "microphone", "teddy", "dragon", "umbrella", "well", "table", "construction"}
)
"""Subjects whose own name means another one in a prompt, or an everyday word."""


def names_of(subjects: frozenset[str]) -> dict[str, str]:
    """
    Return the subject of each English name; an empty one where the catalogue has none.

    Args:
        subjects: The ids of the catalogue.
    """
    names = {one.replace("-", " "): one for one in sorted(subjects) if one not in PLAIN_IDS}
    for wanted, listed in (*_listed(), *_look_alikes(subjects)):
        subject = next((one for one in wanted if one in subjects), "")
        known = () if wanted[0] in PLAIN_IDS else (wanted[0].replace("-", " "),)
        for name in (*known, *listed):
            names.setdefault(name, subject)
    names |= {name: one for name, one in _athletes() if one in subjects}
    for name in WITHOUT_PICTURES.split(","):
        names.setdefault(" ".join(name.split()), "")
    names.pop("", None)
    return names


def _athletes() -> Iterator[tuple[str, str]]:
    """Yield ``man surfs``, ``man surfing`` and ``man is surfing`` with the picture of a surfer."""
    for row in lines_of(ATHLETES):
        verbs, _, pictures = row.partition(": ")
        does, doing = verbs.split()
        for people, picture in zip(_WHO, pictures.split(), strict=True):
            for who in people:
                yield from ((f"{who} {verb}", picture) for verb in (does, doing, f"is {doing}"))


def look_alikes_of(subjects: frozenset[str]) -> frozenset[str]:
    """
    Return the English names of ``LOOK_ALIKES`` that the catalogue has no picture of.

    Args:
        subjects: The ids of the catalogue.
    """
    return frozenset(name for _, listed in _look_alikes(subjects) for name in listed)


def _look_alikes(subjects: frozenset[str]) -> list[tuple[list[str], list[str]]]:
    """Return the rows of ``LOOK_ALIKES`` without the names that have a picture of their own."""
    own = {one.replace("-", " ") for one in subjects}
    own |= {name for _, listed in _listed() for name in listed}
    own |= {plural_of(name) for name in own}
    return [
        (wanted, [name for name in listed if name not in own])
        for wanted, listed in _rows(lines_of(LOOK_ALIKES))
    ]


def _listed() -> Iterator[tuple[list[str], list[str]]]:
    """Yield the rows of names that a viewer accepts."""
    return _rows([*lines_in(NOUNS), *lines_of(EVERYDAY_NAMES)])


def _rows(lines: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the subjects that a line wants, the best first, and the names that it lists."""
    for line in lines:
        wanted, _, listed = line.partition(": ")
        yield wanted.split("|"), [name.replace("-", " ").strip() for name in listed.split(", ")]
