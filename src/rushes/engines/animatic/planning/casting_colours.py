"""Divide two colours among several things, or tell that a single thing is drawn in one of them."""

from dataclasses import dataclass, replace
from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning.casting_drafts import Phrase
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.wearing import BLACK

ONE_COLOUR: Final = "A subject is drawn in one colour."
_USUAL_NUMBER: Final = 6
"""How many are drawn of several things in two colours."""

_PIED: Final = """
    badger border-collie calf chessboard cow dalmatian lemur magpie orca panda penguin puffin
    raccoon skunk soccer-ball zebra
"""
_BLACK_AND_WHITE: Final = frozenset(_PIED.split())
"""What is drawn in both anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What becomes of the colours before a noun."""

    phrase: Phrase
    """What describes the noun."""

    left_out: Phrase | None = None
    """What describes things of the same name in the first colour."""

    not_shown: tuple[tuple[int, int, str], ...] = ()
    """Where the words for colours are that are not drawn, and the reason."""


def settle_colours(phrase: Phrase, subject: Subject, noun: Meaning, count: int | None) -> Colours:
    """
    Make half of ``red and yellow balloons`` of each colour; of one balloon, tell of the second.

    Args:
        count: How many the noun itself means.
    """
    others = phrase.other_tints
    only = replace(phrase, other_tints=())
    if not others:
        return Colours(phrase=phrase)
    if subject.id in _BLACK_AND_WHITE and phrase.tint == BLACK:
        return Colours(phrase=replace(only, tint=None))
    tint, start, end = others[0]
    number = phrase.count or count or (_USUAL_NUMBER if noun.is_plural else 1)
    is_of_each = start < phrase.tint_span[1] or subject.kind == "clothing"
    if number == 1 or noun.kind != "subject" or is_of_each:
        not_drawn = tuple((start, end, ONE_COLOUR) for _, start, end in others)
        return Colours(phrase=only, not_shown=not_drawn)
    return Colours(
        phrase=replace(only, start=start, count=number // 2, tint=tint, tint_span=(start, end)),
        left_out=replace(only, count=(number + 1) // 2),
    )
