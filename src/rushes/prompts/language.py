"""Detect English prompts by a few of the most common words."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")

_ENGLISH_WORDS: Final = """
    the and of with is are was by to from into onto through over under while its his her their it
    he she they for that this there across behind between up down out
"""
_FOREIGN_WORDS: Final = """
    el la los las una uno unos unas del por para su sus que mientras de con
    le les des du et dans avec une qui sous aux vers
    der das ein eine einen einem einer und mit auf von zu ist durch bei
    il gli di della dello nel nella sul sulla che
    os um uma ao na dos das com enquanto pela pelo
    een het van aan bij naar
    och att som till ett og til af det jeg w z jest przez oraz
    bir ve ile bu yang dengan sebuah
"""
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_FOREIGN: Final = frozenset(_FOREIGN_WORDS.split())
_MAX_FOREIGN_LETTERS: Final = 0.15
"""The share of all letters; English has words such as caf\u00e9."""


def is_english(text: str) -> bool:
    """
    Return whether *text* is most likely English.

    Neutral words (``neon koi pond``) count as English. Letters of other alphabets do not, and
    neither does a text with more small words of other languages than English ones.
    """
    found = [word.lower() for word in _WORD.findall(text)]
    letters = "".join(found)
    if not letters:
        return False
    if sum(not letter.isascii() for letter in letters) > _MAX_FOREIGN_LETTERS * len(letters):
        return False
    english = sum(word in _ENGLISH for word in found)
    foreign = sum(word in _FOREIGN for word in found)
    return foreign == 0 or english > foreign
