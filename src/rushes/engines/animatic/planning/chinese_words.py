"""Know Chinese words in which the sign of a thing means something else, such as 自信 or 停车."""

from functools import cache
from typing import Final

from rushes.engines.animatic.planning.tables import HERE, unpacked

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
    more = HERE.joinpath("chinese_words.txt").read_text("utf-8")
    return frozenset((*unpacked("chinese_words.xz").split(), *more.split()))
