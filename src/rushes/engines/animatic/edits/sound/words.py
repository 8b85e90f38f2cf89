"""Find the sounds that a prompt asks for: those of its shot plan, and what it says is heard."""

import re
from collections.abc import Mapping
from typing import Final

from rushes.engines.animatic.edits.sound.plan_sounds import plan_sounds
from rushes.kit.word_patterns import whole_words

_MOST: Final = 5
"""More sounds than this at once are one noise."""

_LAYER_WORDS: Final = {
    sound: whole_words(said)
    for sound, said in {
        "surf": "tides? surf",
        "rain": "drizzl(?:e|es|ing|y) downpours? monsoons?",
        "thunder": "thunder thunder(?:s|ing|ous) tempests? hurricanes?",
        "wind": "winds? windy windswept breez(?:e|es|y) gusts? gusty gales?",
        "stream": "brooks? gurgl(?:e|es|ing) trickl(?:e|es|ing) babbling",
        "fire": "crackl(?:e|es|ing) embers?",
        "city": "traffic urban honk(?:s|ing)?",
        "crowd": "murmur(?:s|ing)? chatter(?:s|ing)? voices? applause party",
        "birds": "birdsong chirp(?:s|ing)? tweet(?:s|ing)?",
        "crickets": "cicadas? summer_nights?",
        "underwater": "scuba deep_sea",
        "drone": """cosmic drone_sounds? ambient_drones? sci_?fi eerie ominous mysterious""",
        "engine": "engines? motors? machines? machinery",
        "sand": "sandstorms? dust_storms?",
        "leaves": "rustl(?:e|es|ing)",
        "hush": "silen(?:t|ce) quiet quietly room_tone hush hushed",
    }.items()
}
"""Words for what is heard and not seen; the shot plan knows the rest."""

_NOT: Final = re.compile(
    r"\b(?:no|without|not|never|excluding|except)(?: any)?(?: sounds? of)?"
    r" ((?:\w+(?: and | or )?){1,3})"
)
_SEALED: Final[Mapping[str, frozenset[str]]] = {
    "underwater": frozenset({"surf", "wind", "stream", "birds", "leaves"}),
    "drone": frozenset({"birds"}),
}
"""What is not heard where something else is."""

_LOUD: Final = whole_words(
    """loud loudly heavy strong howl(?:s|ing)? roar(?:s|ing)? violent intense crash(?:es|ing)?
    storms? stormy busy thunderous"""
)
_SOFT: Final = whole_words(
    """soft softly softer gentl[ey] light quiet quietly calm distant faint faintly subtle peaceful
    serene"""
)


def sounds_in(prompt: str, unwanted: str | None) -> tuple[str, ...]:
    """Return the names of the layers that a prompt asks for: ``hush`` where it asks for none."""
    words = prompt.lower()
    denied = " ".join([*_NOT.findall(words), (unwanted or "").lower()])
    named = _named(_NOT.sub(" ", words))
    named += [one for one in plan_sounds(prompt, unwanted) if one not in named]
    without = set(_named(denied)) | {name for name in LAYER_NAMES if name in denied}
    for place, others in _SEALED.items():
        if place in named and place not in without:
            without |= others
    return tuple(name for name in named if name not in without)[:_MOST] or ("hush",)


def loudness_of(prompt: str) -> float:
    """Return how loud the words want it, in LUFS."""
    words = prompt.lower()
    if _LOUD.search(words):
        return -20.0
    return -28.0 if _SOFT.search(words) else -24.0


def _named(words: str) -> list[str]:
    """Return the layers that are named, those named first in front."""
    found = {name: match.start() for name, p in _LAYER_WORDS.items() if (match := p.search(words))}
    return sorted(found, key=lambda name: found[name])


LAYER_NAMES: Final = tuple(_LAYER_WORDS)
