"""Read hours of the clock as times of the day, and lengths of clips as no counts (``3 am``)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_TABLE: Final = Path(__file__).with_name("clock_times.txt")
"""Each line is the name of a part and a regular expression for it."""


@cache
def _pattern(part: str) -> re.Pattern[str]:
    lines = (line.partition(" ") for line in _TABLE.read_text("utf-8").splitlines())
    anyone = "|".join(pattern for name, _, pattern in lines if name == part)
    numbers = f"(?:{_pattern('number').pattern})" if part == "hour" else ""
    return re.compile(anyone.replace("{NUMBER}", numbers), re.IGNORECASE)


def with_clock_times(prompt: str, terms: Sequence[Term]) -> list[Term]:
    """Return the terms; hours of the clock are times of the day, and lengths of clips nothing."""
    hours = [
        (one.start(), one.end(), _is_night(one.group()))
        for one in _pattern("hour").finditer(prompt)
    ]
    lengths = [(one.start(), one.end(), False) for one in _pattern("length").finditer(prompt)]
    spans = [*hours, *lengths]
    found: list[Term] = []
    named: set[int] = set()
    for term in terms:
        span = next((one for one in spans if one[0] <= term.start < one[1]), None)
        if span is None or (term.meaning("time") and not span[2]):
            found.append(term)
            continue
        first = span[2] and span[0] not in named
        named.add(span[0])
        meaning = Meaning("time", "night") if first else Meaning("style", "")
        found.append(replace(term, meanings=(meaning,)))
    return found


def _is_night(words: str) -> bool:
    return _pattern("night").search(words) is not None
