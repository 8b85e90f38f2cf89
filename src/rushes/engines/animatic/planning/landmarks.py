"""Put the landmark of a city, or a second place that the prompt names, behind the cast."""

from typing import Final

from rushes.core.shot_plan import ROOMS, CastMember, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.homes import WITHOUT_SKY
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_UNDERGROUND: Final = frozenset(
    {"subway_station", "dungeon", "spaceship", "tent", "corridor", "subway_train", "tunnel"}
    | {"airplane_cabin", "submarine_interior", "wine_cellar", "bunker", "elevator"}
    | {"parking_garage", "cinema", "aquarium", "planetarium", "cockpit", "nightclub"}
)
_WITHOUT: Final = frozenset((WITHOUT_SKY - frozenset(ROOMS)) | _UNDERGROUND)
"""Sets in which no landmark can be seen, not even through a window."""

_BACKDROPS: Final = {"mountain": "mountain-range", "snow": "mountain-range", "city": "skyline"}
"""What shows a place from afar."""

_SHOWN_BY: Final = {
    "mountain-range": frozenset(
        {"mountain", "snow", "lake", "summit", "glacier", "lava_field", "hot_spring", "cave"}
        | {"jungle", "bamboo_grove", "moon_surface", "alien_planet", "waterfall", "street"}
    ),
    "skyline": frozenset(
        {"city", "street", "canal", "roof", "construction_site", "penthouse", "market"}
        | {"christmas_market", "parking_lot", "petrol_station", "road", "harbour"}
    ),
}
"""Sets that have such a thing themselves, or that hide all that is far away."""

_LOW: Final = frozenset(
    {"hill", "hills", "hilltop", "cliff", "cliffs", "valley", "crater", "gorge", "plateau"}
    | {"rocky landscape", "volcano", "scotland", "highlands", "ridge"}
)
"""Words for land of the mountains that no range of peaks shows."""

_PEAKS: Final = ("mountain", "peak", "alps", "sierra", "montañ", "montagn", "montanh", "berg")
_OTHER_PEAKS: Final = (*_PEAKS, "alpen", "gipfel", "山", "산", "峰")
"""Parts of the words for snow that name mountains, too."""

_MOST: Final = 2


def landmarks_of(
    scenery: list[tuple[Term, Meaning]], cast: tuple[CastMember, ...], set_name: str
) -> tuple[CastMember, ...]:
    """
    Return what is far behind the cast, each with the words of the prompt that name it.

    That is the landmark of a city, mountains behind another place, or the skyline of a city.
    Rooms show it in a window. A landmark that the prompt names itself is not drawn twice.
    """
    if set_name in _WITHOUT:
        return ()
    there = {member.subject for member in cast}
    found: dict[str, CastMember] = {}
    for term, meaning in scenery:
        subject = _behind(term, meaning, set_name)
        if subject and subject not in there:
            wide = subject in _SHOWN_BY
            member = CastMember(
                subject=subject,
                words=term.text,
                plane=Plane.BACKGROUND,
                facing=subjects()[subject].faces,
                x=0.5 if wide and set_name not in ROOMS else None,
            )
            found.setdefault(subject, member)
    return tuple(found.values())[:_MOST]


def _behind(term: Term, meaning: Meaning, set_name: str) -> str:
    """Return the subject that stands for a place far away, or nothing."""
    named = term.meaning("landmark")
    if named is not None:
        return named.value
    text = term.text.casefold()
    subject = _BACKDROPS.get(meaning.value, "") if meaning.kind == "set" else ""
    if not subject or set_name in _SHOWN_BY[subject] or text in _LOW:
        return ""
    if meaning.value == "snow" and not any(part in text for part in _OTHER_PEAKS):
        return ""
    return subject
