"""Cast the moon that a prompt names, so that it is seen in any night."""

import re
from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_MEMBERS,
    Draft,
    Reading,
    index_of,
    take_out,
)
from rushes.engines.animatic.planning.homes import WITHOUT_SKY
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_MOON: Final = re.compile(
    r"moon|mond|\bluna\b|\blune\b|\blua\b|\bлун[аыеу]|\bлуной|月亮|满月|明月|満月|^月$|달",  # noqa: RUF001
    re.IGNORECASE,
)
_MOON_AT: Final = (0.82, 0.17)
_LIGHT: Final = re.compile(
    r"light|lit\b|licht|clair|luz|luar|claro|luce|chiaro|свет|лунн|光|明かり|빛", re.IGNORECASE
)


_AT_THE_MOON: Final = re.compile(r"\bна луну\b", re.IGNORECASE)  # noqa: RUF001
_CRATER: Final = re.compile(
    r"\bcraters?\b|\blunar\b|cráter|cratère|krater|cratera|кратер|环形山|陨石坑|クレーター|분화구",
    re.IGNORECASE,
)
_IN_THE_SKY: Final = "globe-showing-europe-africa"
_ON_FOOT: Final = frozenset({Action.SIT, Action.STAND, Action.WALK, Action.RUN, Action.JUMP})


def land_on_moon(prompt: str, reading: Reading) -> None:
    """Make the moon the place of an astronaut at a crater, or under the earth: it draws both."""
    if _AT_THE_MOON.search(prompt):
        # The forms of a Russian noun have one spelling here: who howls at the moon is not on it.
        reading.scenery = [
            (term, Meaning("time", "night") if one.value == "moon_surface" else one)
            for term, one in reading.scenery
        ]
    drafts, said = reading.drafts, reading.scenery
    astronauts = [one for one in drafts if "astronaut" in one.subject.id]
    if not astronauts or "volcan" in prompt.lower():
        return
    crater = _CRATER.search(prompt)
    earth = next((one for one in drafts if one.subject.id == _IN_THE_SKY), None)
    places = [(term, one.value) for term, one in said if one.kind == "set"]
    named = [
        value
        for term, value in places
        if value not in {"clouds", "space"} and not _CRATER.search(term.text)
    ]
    under = earth is not None and astronauts[0].action in _ON_FOOT
    if named or not (crater or under):
        return
    said[:] = [pair for pair in said if pair[1].kind != "set"]
    at = crater.span() if crater else (astronauts[0].start, astronauts[0].end)
    term = Term(text="", start=at[0], end=at[1], meanings=(), language="")
    said.append((term, Meaning("set", "moon_surface")))
    if earth is not None:
        reading.used.append((earth.start, earth.end))
        take_out(reading, index_of(drafts, earth))


def add_moon(reading: Reading, set_name: str) -> None:
    """Cast the moon that the prompt names at night, for that of a sky is small or behind clouds."""
    named = [
        term
        for term, one in reading.scenery
        if one.kind in {"light", "time"}
        and _MOON.search(term.text)
        and not _LIGHT.search(term.text)
    ]
    moons = any(draft.subject.id.endswith("-moon") for draft in reading.drafts)
    full = len(reading.drafts) >= MOST_MEMBERS
    if not named or moons or full or set_name in WITHOUT_SKY:
        return
    crescent = named[0].text.lower().startswith("crescent")
    moon = subjects()["crescent-moon" if crescent else "full-moon"]
    reading.drafts.append(
        Draft(
            subject=moon, start=named[0].start, end=named[0].end, count=1, plane=Plane.SKY,
            x=_MOON_AT[0], y=_MOON_AT[1], action=Action.STAND, is_object=True,
        )
    )  # fmt: skip
