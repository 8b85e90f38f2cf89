"""Choose between two things that share a name by the other words of the prompt: a bat, a crane."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from rushes.engines.animatic.planning.lexicon import Meaning, look_up
from rushes.engines.animatic.planning.reading import Term

_SHOWN_OTHERWISE: Final = "-"
_NO_PICTURE: Final = "?"

_TABLE: Final = Path(__file__).with_name("homonyms.txt")
"""
Language, words (in small letters), what stands in the prompt where they mean another thing, and it.

The first row that fits counts. The other thing is an English noun; ``-`` is what the rest of the
picture shows (the sails of a boat) or nobody sees, ``?`` has no picture.
"""


class _Row(NamedTuple):
    context: re.Pattern[str]
    other: str


@cache
def _rows() -> dict[tuple[str, str], list[_Row]]:
    found: dict[tuple[str, str], list[_Row]] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        language, rest = line.split(" | ", 1)
        words, rest = rest.split(" | ", 1)
        context, _, other = rest.rpartition(" | ")
        for word in words.split(","):
            row = _Row(re.compile(context, re.DOTALL), other)
            found.setdefault((language, word), []).append(row)
    return found


def with_homonyms(prompt: str, terms: Sequence[Term]) -> list[Term]:
    """Return the terms, each homonym with the sense that the rest of the prompt asks for."""
    lowered = prompt.lower()
    found: list[Term] = []
    for term in terms:
        rows = _rows().get((term.language, term.text.lower()), ())
        other = next((row.other for row in rows if row.context.search(lowered)), None)
        found.append(term if other is None else replace(term, meanings=_meanings(other, term)))
    return found


def _meanings(other: str, term: Term) -> tuple[Meaning, ...]:
    if other == _SHOWN_OTHERWISE:
        return (Meaning("style", ""),)
    if other == _NO_PICTURE:
        return (Meaning("subject", ""),)
    noun = next(one for one in look_up(other.split(), "en") if one.kind in _NOUNS)
    several = any(one.is_plural for one in term.meanings)
    return (noun._replace(is_plural=True) if several and noun.kind == "subject" else noun,)


_NOUNS: Final = frozenset({"subject", "set", "group", "effect"})
