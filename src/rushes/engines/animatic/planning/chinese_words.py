"""Know Chinese words in which the sign of a thing means something else, such as 自信 or 停车."""

import lzma
from functools import cache
from importlib.resources import files
from typing import Final

LONGEST_HIDING: Final = 4
"""Signs of the longest such word."""


def hiding_word_at(text: str, start: int) -> str:
    """Return the longest such word that begins at a place of a text, or nothing."""
    known = _hiding()
    for length in range(LONGEST_HIDING, 1, -1):
        word = text[start : start + length]
        if len(word) == length and word in known:
            return word
    return ""


@cache
def _hiding() -> frozenset[str]:
    here = files("rushes.engines.animatic.planning")
    packed = here.joinpath("chinese_words.xz").read_bytes()
    more = here.joinpath("chinese_words.txt").read_text("utf-8")
    return frozenset((*lzma.decompress(packed).decode().split(), *more.split()))
