"""Tell whether a noun of another language is in the plural, by its ending and its neighbours."""

import re
from typing import Final

from rushes.engines.animatic.planning.inflection import RUSSIAN_PLURALS, lemmas_of, plain
from rushes.engines.animatic.planning.lexicon import phrases_of


def is_plural_form(words: list[str], language: str, before: str) -> bool:
    """
    Return whether a noun is in the plural, judged by its ending and by its singular.

    Args:
        before: The word before it; after a singular article a German noun is none.
    """
    last = words[-1]
    if language in _S_PLURALS:
        if not (words[1:] and words[1] in _OF):
            return _is_s_plural(words, language)
        heads = [one for one in lemmas_of(words[0], language) if one != words[0]]
        return _is_s_plural(words[:1], language) or any(
            _is_noun([one, *words[1:]], language) for one in heads
        )
    if language == "de":
        if before in _SINGULAR_ARTICLES:
            return False
        cut = (last.removesuffix(end) for end in ("er", "en", "e", "n", "s") if last.endswith(end))
        forms = [one for one in (*cut, plain(last, "de")) if len(one) > 2 and one != last]
        forms += [plain(one, "de") for one in forms]
        return any(_is_noun([*words[:-1], one], language) for one in forms)
    return language == "ru" and _is_russian_plural(words, before)


def _is_russian_plural(words: list[str], before: str) -> bool:
    *first, last = words
    if _ALWAYS_PLURAL.fullmatch(last):
        return False
    if last.endswith(("ы", "и")) and not last.endswith(RUSSIAN_PLURALS):
        described = before.endswith(_OF_SEVERAL) or before in {"", "и"}
        masculine = (last[:-1], f"{last[:-1]}й")
        return described or any(_is_noun([*first, one], "ru") for one in masculine)
    if not last.endswith(RUSSIAN_PLURALS):
        return False
    return not (last.endswith(("ов", "ев")) and _is_noun(words, "ru"))  # an island is one


_OF_SEVERAL: Final = ("ые", "ие", "ут", "ют", "ат", "ят")
"""How Russian adjectives and verbs of several end."""

_ALWAYS_PLURAL: Final = re.compile(
    r"(?:сан|очк|час|ножниц|брюк|джинс|качел|ворот|штан|шорт|наушник|дух|пельмен|дров|весы)\w{0,3}"
)
"""Russian nouns that have no singular, such as the word for a sledge."""


def _is_s_plural(words: list[str], language: str) -> bool:
    last = words[-1]
    if not last.endswith(("s", "x")):
        return False
    singulars = (last[:-1], *(one for one in lemmas_of(last, language) if one != last))
    starts = [words[:-1]]
    if words[1:]:
        starts += [[first, *words[1:-1]] for first in lemmas_of(words[0], language)]
    singular = (one for one in singulars if len(one) > 2)
    return any(_is_noun([*start, one], language) for one in singular for start in starts)


_OF: Final = frozenset({"de", "d", "du", "des", "à", "a", "en", "do", "da", "con", "al"})
_S_PLURALS: Final = frozenset({"es", "fr", "pt", "es-mx"})
_SINGULAR_ARTICLE_WORDS: Final = """
    ein eine einen einem einer eines der das den dem des mein sein ihr ihrem seinem seinen ihren
    seiner ihrer im am vom zum zur beim ins
"""
_SINGULAR_ARTICLES: Final = frozenset(_SINGULAR_ARTICLE_WORDS.split())


def is_singular_article(word: str) -> bool:
    """Return whether it is a German article after which a noun is in the singular."""
    return word in _SINGULAR_ARTICLES


def _is_noun(words: list[str], language: str) -> bool:
    """Return whether it is a noun as it is written, with no ending taken off."""
    known = phrases_of(language)
    phrase = " ".join(words)
    return any(one.kind == "subject" for one in known.get(phrase, ()))
