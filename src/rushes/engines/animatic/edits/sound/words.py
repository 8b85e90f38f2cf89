"""Which sounds a prompt asks for."""

import re
from collections.abc import Mapping
from typing import Final

from rushes.engines.animatic.scenes.words import understood

_MOST: Final = 5
"""More sounds than this at once are one noise."""

_HEARD: Final[Mapping[str, str]] = {
    "surf": r"\boceans?\b|\bseas?\b|\bseaside|\bwaves?\b|\bsurf(?:er|ing)?\b|\bbeach(?:es)?\b"
    r"|\bcoast|\bshore|\bharbou?r|\btides?\b",
    "rain": r"\bthunderstorms?\b|\brain(?:y|s|ing|fall|drops?|storm)?\b|\bdrizzl|\bdownpour"
    r"|\bmonsoon",
    "thunder": r"\bthunder|\blightning|(?<!snow)(?<!sand)(?<!dust) ?\bstorm(?:s|y)?\b|\btempest"
    r"|\bhurricane",
    "wind": r"\bwind(?:s|y|swept)?\b|\bbreez|\bgusts?\b|\bgale\b|\bstorm|\bmountains?\b|\bpeaks?\b"
    r"|\balps\b|\bsummit|\bcliffs?\b|\bsnow|\bblizzard|\bdeserts?\b|\bdunes?\b|\bglacier|\barctic"
    r"|\bhills?\b|\bfields?\b|\bmeadows?\b|\bwheat|\bprairie|\bsky\b|\bclouds?\b|\bmars\b",
    "stream": r"\bstreams?\b|\bbrook|\bcreek|\brivers?\b|\bwaterfalls?|\bfountains?|\bwater\b",
    "fire": r"\bfires?\b|\bcamp ?fire|\bbonfire|\bfireplace|\bflames?\b|\bburning|\bembers?\b"
    r"|\binferno|\btorch",
    "city": r"\bcity|\bcities|\burban|\btraffic|\bstreets?\b|\bdowntown|\bskyscraper|\btokyo"
    r"|\bnew york|\bmetropolis|\bneon|\bhighway|\broads?\b|\bcars?\b",
    "crowd": r"\bcrowds?\b|\bmurmur|\bpeople\b|\bmarket|\bcaf[eé]s?\b|\brestaurant|\bchatter"
    r"|\bvoices?\b|\baudience|\bparty\b",
    "birds": r"\bbirds?\b|\bbirdsong|\bchirp|\bforests?\b|\bwoods?\b|\bwoodland|\bjungle"
    r"|\bmeadows?\b|\bgardens?\b|\bpark\b|\bmorning|\bspring\b|\blakes?\b|\bdawn\b",
    "crickets": r"\bcrickets?\b|\bcicadas?|\binsects?\b|\bsummer night|\bfirefl(?:y|ies)\b"
    r"|\bnight(?:time)? (?:in|at|over) (?:the|a) (?:meadow|field|forest|garden|lake)",
    "underwater": r"\bunderwater|\bunder the (?:sea|water|ocean)|\bcoral|\breefs?\b|\bscuba"
    r"|\bsubmarine|\bdeep sea|\baquarium|\bjellyfish|\bwhales?\b",
    "drone": r"\bspace\b|\bplanets?\b|\bgalax|\bnebula|\bcosm|\bastronaut|\bspaceship|\bstars?\b"
    r"|\bdrone sound|\bambient drone|\bsci-?fi|\baurora|\beerie|\bominous|\bmysterious",
    "engine": r"\bengines?\b|\bmotors?\b|\btrucks?\b|\btrains?\b|\bhelicopter|\bairplane|\bmachine"
    r"|\btractor|\bmotorbike|\bmotorcycle",
    "sand": r"\bsand(?:y|storm)?\b|\bdunes?\b|\bdeserts?\b|\bdust storm",
    "leaves": r"\bleaves\b|\btrees?\b|\bforests?\b|\bwoods?\b|\brustl|\bautumn|\bjungle|\bbamboo",
    "hush": r"\bsilen(?:t|ce)\b|\bquiet|\broom tone|\bhush",
}

_NOT: Final = re.compile(
    r"\b(?:no|without|not|never|excluding|except)(?: any)?(?: sounds? of)?"
    r" ((?:\w+(?: and | or )?){1,3})"
)
_SEALED: Final[Mapping[str, frozenset[str]]] = {
    "underwater": frozenset({"surf", "wind", "stream", "birds", "leaves"}),
    "drone": frozenset({"birds"}),
}
"""What is not heard where something else is."""

_LOUD: Final = re.compile(
    r"\b(?:loud|heavy|strong|howl\w*|roar\w*|violent|intense|crash\w*|storm\w*|busy|thunderous)\b"
)
_SOFT: Final = re.compile(
    r"\b(?:soft\w*|gentl[ey]|light|quiet\w*|calm|distant|faint\w*|subtle|peaceful|serene)\b"
)


def sounds_in(prompt: str, unwanted: str | None) -> tuple[str, ...]:
    """Return the names of the layers that the words ask for, at least one: ``hush`` if no other."""
    words = understood(prompt.lower())
    denied = " ".join([*_NOT.findall(words), (unwanted or "").lower()])
    heard = _named(_NOT.sub(" ", words))
    without = set(_named(denied)) | {name for name in LAYER_NAMES if name in denied}
    for place, others in _SEALED.items():
        if place in heard and place not in without:
            without |= others
    return tuple(name for name in heard if name not in without)[:_MOST] or ("hush",)


def loudness_of(prompt: str) -> float:
    """Return how loud the words want it, in LUFS."""
    words = prompt.lower()
    if _LOUD.search(words):
        return -20.0
    return -28.0 if _SOFT.search(words) else -24.0


def _named(words: str) -> list[str]:
    """Return the layers that are named, those named first in front."""
    found = {name: match.start() for name, p in _COMPILED.items() if (match := p.search(words))}
    return sorted(found, key=lambda name: found[name])


_COMPILED: Final = {name: re.compile(pattern) for name, pattern in _HEARD.items()}
LAYER_NAMES: Final = tuple(_HEARD)
