"""Go into a building that the prompt says somebody is in, or into a ship of space."""

import re
from typing import Final

from rushes.engines.animatic.planning.casting_drafts import Reading, take_out
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.outside_weather import WINDOW
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.tables import lines_of

_ROOMS: Final = """
church: church
hall: castle japanese-castle bank synagogue classical-building
hotel_lobby: hotel
mosque: mosque
temple: hindu-temple shinto-shrine pagoda
factory: factory
greenhouse: greenhouse
hospital: hospital
shop: convenience-store department-store
tent: tent camping
barn: barn
classroom: school
spaceship: spaceship satellite rocket
living_room: house log-cabin hut house-with-garden
office: office-building
stage: circus-tent
"""


def _by_building() -> dict[str, str]:
    rows = (line.partition(": ") for line in lines_of(_ROOMS))
    return {building: room for room, _, listed in rows for building in listed.split()}


ROOM_OF: Final = _by_building()
"""The room that one is in, by the building that is named."""

_IN: Final = re.compile(
    r"(?:^|\s)(?:in|inside|within|inside of|aboard|through|dentro d[eoa]|dans|im|em|num|numa|no|na"
    r"|innerhalb|внутри|в|во)\s+"
    r"(?:(?:the|el|la|le|the same|der|dem|den)\s+)?$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(r"(?:\s?内部?|里|裡|裏|の中|の操縦席|内で|で(?!す)|\s?안|에서)")
_ON_DECK: Final = re.compile(
    r"(?:deck|cubierta|pont|convés|палуб\w*)\s+(?:of|del?|d'|du|des|eines|do|von)?\s*$",
    re.IGNORECASE,
)
_THROUGH_THE_WINDOW: Final = frozenset(
    {"globe-showing-europe-africa", "ringed-planet", "star", "full-moon", "crescent-moon"}
)


def enter_buildings(prompt: str, reading: Reading) -> None:
    """
    Make the room of a building the place, where the prompt says that one is in it.

    An astronaut who looks out of a window is in a ship of space, and the window shows the earth.
    """
    for index in range(len(reading.drafts) - 1, -1, -1):
        draft = reading.drafts[index]
        before = prompt[: draft.start]
        room = ROOM_OF.get(draft.subject.id)
        inside = bool(_IN.search(before) or _AFTER.match(prompt, draft.end))
        if room == "spaceship" and WINDOW.search(prompt[draft.start : draft.end]):
            inside = True  # at the window of a space station
        if draft.subject.kind == "boat" and _ON_DECK.search(before):
            room, inside = "ship_deck", True
        if room and inside and draft.count == 1:
            _go_in(reading, index, room)
    ids = {draft.subject.id for draft in reading.drafts}
    if "window" in ids and any("astronaut" in one for one in ids):
        index = next(i for i, one in enumerate(reading.drafts) if one.subject.id == "window")
        _go_in(reading, index, "spaceship")
    if any(one.value == "spaceship" for _, one in reading.scenery):
        for index in range(len(reading.drafts) - 1, -1, -1):
            if reading.drafts[index].subject.id in _THROUGH_THE_WINDOW:
                reading.used.append((reading.drafts[index].start, reading.drafts[index].end))
                take_out(reading, index)


def _go_in(reading: Reading, index: int, room: str) -> None:
    draft = reading.drafts[index]
    term = Term(text="", start=draft.start, end=draft.end, meanings=(), language="")
    reading.scenery.append((term, Meaning("set", room)))
    take_out(reading, index)
