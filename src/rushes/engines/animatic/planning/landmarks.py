"""Put a city's landmark behind the cast, so that one sees in which city a shot is."""

from typing import Final

from rushes.core.shot_plan import ROOMS, CastMember, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.homes import WITHOUT_SKY
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_UNDERGROUND: Final = frozenset({"subway_station", "dungeon", "spaceship", "tent", "corridor"})
_WITHOUT: Final = frozenset((WITHOUT_SKY - frozenset(ROOMS)) | _UNDERGROUND)
"""Sets in which no landmark can be seen, not even through a window."""

_MOST: Final = 2


def landmarks_of(
    scenery: list[tuple[Term, Meaning]], cast: tuple[CastMember, ...], set_name: str
) -> tuple[CastMember, ...]:
    """
    Return the landmarks of the cities that the prompt names, each with the city's name as words.

    Rooms show them in a window. A landmark that the prompt names itself is not drawn twice.
    """
    if set_name in _WITHOUT:
        return ()
    there = {member.subject for member in cast}
    found: dict[str, CastMember] = {}
    for term, _ in scenery:
        named = term.meaning("landmark")
        if named is not None and named.value not in there:
            facing = subjects()[named.value].faces
            found.setdefault(
                named.value,
                CastMember(
                    subject=named.value, words=term.text, plane=Plane.BACKGROUND, facing=facing
                ),
            )
    return tuple(found.values())[:_MOST]
