"""Cast the moon that a prompt names, so that it is seen in any night."""

import re
from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Reading
from rushes.engines.animatic.planning.homes import WITHOUT_SKY

_MOON: Final = re.compile(
    r"moon|mond|\bluna\b|\blune\b|\blua\b|\bлун[аыеу]|\bлуной|月亮|满月|明月|満月|^月$|달",  # noqa: RUF001
    re.IGNORECASE,
)
_MOON_AT: Final = (0.82, 0.17)
_LIGHT: Final = re.compile(
    r"light|lit\b|licht|clair|luz|luar|claro|luce|chiaro|свет|лунн|光|明かり|빛", re.IGNORECASE
)


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
