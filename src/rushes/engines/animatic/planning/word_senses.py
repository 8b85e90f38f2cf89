"""Choose what a word of several senses means by the words around it: a fruit, a colour, a verb."""

import re
from collections.abc import Sequence
from typing import Final

from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_STYLE: Final = Meaning("style", "")
_STYLE_OF: Final = re.compile(
    r"[\s-]+(?:(?:illustration|film|movie|art|game|painting|drawing|cartoon)\s+)?styled?\b",
    re.IGNORECASE,
)
"""What follows a noun that only names a style: ``sticker illustration style``."""

_ALSO_COLOURS: Final = frozenset({"tangerine", "rose", "lavender"})
"""Subjects whose names without an article are rather colours."""

NOUNS: Final = ("subject", "cast", "group", "hair", "veil")
_BEFORE_NOUNS: Final = ("tint", "size", "modifier", "action", "style", "and")


_MATERIAL_WORDS: Final = """
    wooden wood leather stone marble concrete granite glass crystal metal metallic steel iron paper
    porcelain silk bone clay terracotta ceramic chrome titanium diamond mechanical robotic
"""
_MATERIALS: Final = frozenset(_MATERIAL_WORDS.split())
_DOZEN: Final = 12
_TEN: Final = 10
_HUNDRED: Final = 100


def is_material(word: str) -> bool:
    """Return whether an English word for a tint names a material, which has many colours."""
    return word.lower() in _MATERIALS


def joined_count(before: int | None, value: int, word: str) -> int:
    """Return how many two words for numbers mean: ``twenty-five``, ``two dozen``, ``a few``."""
    if before is None:
        return value
    if word.lower() == "dozen" and before < _TEN:
        return _DOZEN * before
    if value < _TEN < before < _HUNDRED and before % _TEN == 0:
        return before + value
    return before if value == 1 else value


def no_noun(
    prompt: str, terms: Sequence[Term], index: int, noun: Meaning, *, determined: bool
) -> Meaning | None:
    """Return what a word is that could be a noun: a style, or what several things do."""
    term = terms[index]
    if _STYLE_OF.match(prompt, term.end):
        return _STYLE
    verb = term.meaning("action")
    if noun.kind in {"subject", "cast"} and _ONLY_LIKE_IT.match(prompt, term.end):
        return _STYLE
    if verb and verb.form == "s" and noun.is_plural and _follows_camera(terms, index):
        return _STYLE  # an FPV drone flies: no insects
    if verb and verb.form == "s" and noun.is_plural and term.unknown_before and not determined:
        return verb  # Darth Vader watches: no clocks
    if _is_verb_of_several(terms, index, noun, determined=determined):
        return verb or _STYLE
    return None


_ONLY_LIKE_IT: Final = re.compile(
    r"-(?:still|like|thin|clear|smooth|cold|soft|hard|sharp|deep|high|wide|free|friendly|proof"
    r"|powered|themed|inspired|colou?red|scented|sized|grade|quality|white|black|red|blue|green)\b"
)
"""What follows a noun that is not there: ``mirror-still water``."""


def _follows_camera(terms: Sequence[Term], index: int) -> bool:
    term, before = terms[index], terms[index - 1] if index else None
    framed = before is not None and before.meaning("framing", "style") is not None
    return framed and term.is_glued and not term.unknown_before


def _is_verb_of_several(
    terms: Sequence[Term], index: int, noun: Meaning, *, determined: bool
) -> bool:
    """Return whether it is rather what several things do: ``raindrops slide down a window``."""
    term = terms[index]
    if index == 0 or noun.is_plural or determined or not term.is_glued or term.language != "en":
        return False
    before, following = terms[index - 1], terms[index + 1 : index + 2]
    several = before.text.lower().endswith("s") and before.meaning("effect", "subject")
    goes_on = any(one.is_glued and one.meaning("relation", "pace") for one in following)
    return bool(several) and goes_on


def colour_or_material(
    terms: Sequence[Term], index: int, noun: Meaning | None, *, determined: bool
) -> Meaning | None:
    """
    Return what a word means that is no noun here, but a colour, a material or a shape.

    Args:
        noun: Its meaning as a noun.
        determined: Whether an article or a count stands before it.
    """
    term = terms[index]
    adjective, modifier = term.meaning("tint"), term.meaning("modifier")
    if not noun or term.language != "en":
        return None
    if adjective and _is_colour(terms, index, noun, determined=determined):
        return adjective
    if modifier and noun.kind != "group":
        qualifies = _is_before(terms, index, "set", "style") or describes_noun(terms, index)
        return modifier if qualifies else None
    return None


def describes_noun(terms: Sequence[Term], index: int) -> bool:
    """Return whether the next words are the noun that an adjective belongs to."""
    for term in terms[index + 1 : index + 4]:
        if term.unknown_before > 1 or term.breaks or term.comma:
            return False
        if term.meaning(*NOUNS):
            return True
        if not term.meaning(*_BEFORE_NOUNS):
            return False
    return False


def _is_before(terms: Sequence[Term], index: int, *kinds: str) -> bool:
    """Return whether the next word is right behind it and has a meaning of one of the kinds."""
    return any(one.is_glued and one.meaning(*kinds) for one in terms[index + 1 : index + 2])


def _is_colour(terms: Sequence[Term], index: int, noun: Meaning, *, determined: bool) -> bool:
    """Return whether a word such as orange is no fruit: ``shades of orange``."""
    if _is_before(terms, index, "style", "light"):
        return True
    term, following = terms[index], terms[index + 1 : index + 2]
    listed = term.comma or any(one.comma for one in following)
    alone = not (determined or noun.is_plural or listed)
    return alone and index > 0 and noun.value in _ALSO_COLOURS
