"""Read the emoji of a prompt as nouns, by the names that Unicode gives them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from rushes.engines.animatic.planning.lexicon import Meaning, look_up, look_up_rare

_OTHER_SIGNS: Final = "☀☁☂☔☕☠⚓⚔⚡⚽⚾⛄⛅⛈⛏⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺✂✈✏❄⭐"
"""Emoji among the older signs; the rest of those are typography, such as stars and ticks."""

_WORKERS: Final = {
    "\U0001f680": "astronaut",
    "\U0001f692": "firefighter",
    "\u2708": "pilot",
    "\U0001f3a4": "singer",
    "\U0001f3a8": "painter",
    "\U0001f3eb": "teacher",
    "\U0001f52c": "scientist",
    "\U0001f527": "mechanic",
    "\U0001f33e": "farmer",
    "\u2695": "doctor",
    "\u2696": "judge",
    "\U0001f393": "student",
    "\U0001f373": "cook",
}
"""What the emoji of a person is that is joined with the emoji of a tool."""

_PICTURES: Final = (
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff"
)
_MODIFIERS: Final = "[\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI: Final = re.compile(
    f"[\U0001f468\U0001f469\U0001f9d1]{_MODIFIERS}\u200d(?P<tool>[{''.join(_WORKERS)}])\ufe0f?"
    f"|(?P<one>[{_PICTURES}{_OTHER_SIGNS}]){_MODIFIERS}"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
)
_NAMES: Final = {
    "adult": "person",
    "dancer": "dancing woman",
    "mage": "wizard",
    "merperson": "mermaid",
    "person": "person",
    "hot beverage": "coffee",
    "water wave": "wave",
    "cloud with rain": "rain",
    "umbrella with rain drops": "umbrella",
    "sleuth or spy": "detective",
    "earth globe europe-africa": "earth",
    "earth globe americas": "earth",
    "earth globe asia-australia": "earth",
}
"""Words that the tables list, for names that they do not."""

_CUT: Final = re.compile(r" (?:with|without|over|at|and|or) .*| (?:face|building|symbol)$")
_KINDS: Final = frozenset(
    {"subject", "cast", "group", "people", "couple", "set", "time", "weather", "effect", "landmark"}
)
_MOOD: Final = re.compile(
    r"\b(?:face|heart|hearts|sparkles|hand|hands|sign|mark|arrow|symbol|button|square|circle"
    r"|thumbs|hundred points|star|stars|musical note)\b"
)
"""Emoji that name a mood and nothing to see, as words for style do."""

_UNKNOWN: Final = (Meaning("unknown", ""),)


class Emoji(NamedTuple):
    """An emoji of a prompt with what it may mean."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


def emoji_of(prompt: str) -> Iterator[Emoji]:
    """Yield the emoji that name something to see; without a picture their kind is ``unknown``."""
    for match in _EMOJI.finditer(prompt):
        if match["tool"]:
            meanings = _nouns(_WORKERS[match["tool"]])
        else:
            meanings = _meanings(match["one"]) if match["one"] else _UNKNOWN
        if meanings:
            yield Emoji(match.start(), match.end(), meanings)


@cache
def _meanings(sign: str) -> tuple[Meaning, ...]:
    name = unicodedata.name(sign, "").lower()
    name = _NAMES.get(name, name)
    short = _CUT.sub("", name)
    is_mood = _MOOD.search(name) is not None
    for words in (name, short, *(() if is_mood else _endings(short))):
        if found := _nouns(words):
            return found
    return () if is_mood else _UNKNOWN


def _endings(name: str) -> Iterator[str]:
    words = name.split()
    for start in range(1, len(words)):
        yield " ".join(words[start:])


def _nouns(name: str) -> tuple[Meaning, ...]:
    words = name.replace("-", " ").split()
    found = look_up(words, "en") or look_up_rare(words)
    return tuple(one for one in found if one.kind in _KINDS and one.value)
