"""Make two different members of one that stands for two of a kind."""

from dataclasses import replace
from typing import Final

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.casting_drafts import Draft, Reading

_OTHERS: Final = {
    "woman": "woman-curly-hair",
    "man": "man-beard",
    "person-standing": "woman-red-hair",
    "person-walking": "woman-red-hair",
}
"""The second of two people, who would otherwise look like twins."""


def split(reading: Reading, pair: Draft) -> Draft:
    """Make two members of one that is two of a kind; return the second one."""
    pair.count = 1
    other = _OTHERS.get(pair.subject.id, pair.subject.id)
    second = replace(pair, subject=subjects()[other])
    reading.drafts.append(second)
    return second
