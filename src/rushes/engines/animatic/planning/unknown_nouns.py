"""Find the nouns of a prompt that no table lists, so that a plan can tell that they are missing."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from rushes.engines.animatic.planning.inflection import singulars_of
from rushes.engines.animatic.planning.lexicon import other_words
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.text import Token
from rushes.engines.animatic.planning.unknown_chinese_nouns import unknown_chinese_nouns

Span = tuple[int, int]
Known = Callable[[int], bool]
"""Whether the character at a place of the prompt is in a known word."""


def unknown_nouns(
    prompt: str, tokens: list[Token], is_known: Known, languages: tuple[str, ...]
) -> list[Span]:
    """
    Return where unknown words stand that must be nouns, by what surrounds them.

    Each language shows its nouns in its own way: by an article before them, a capital letter, an
    ending or a particle behind them. A word that shows nothing of this is left out.
    """
    language = languages[0]
    find = _FINDERS.get(language)
    return list(find(prompt, tokens, is_known, language)) if find else []


UNREAD_LANGUAGE: Final = "The rules do not read this language."
"""The reason why words in letters that no table has are not shown."""

_FOREIGN: Final = (
    "[\u0370-\u03ff\u0530-\u08ff\u0a00-\u0dff\u0e80-\u10ff\u1200-\u1cff\u1f00-\u1fff"
    "\ua000-\uabff\ufb13-\ufdff\ufe70-\ufefc]"
)
_UNREAD: Final = re.compile(rf"{_FOREIGN}{{3,}}(?:[\s\u200b-\u200f]+{_FOREIGN}+)*")


def unread_words(prompt: str) -> list[Span]:
    """Return where words stand in letters that no table has, such as Arabic or Greek."""
    return [match.span() for match in _UNREAD.finditer(prompt)]


def _is_visible(word: str, language: str) -> bool:
    return word not in NOT_VISIBLE.get(language, frozenset())


# English and the Romance languages: after an article.

_ARTICLES: Final = {
    "en": """a an the his her their its my our your this that these those two three four five six
        seven eight nine ten several many some""",
    "es": """el la los las un una unos unas del al su sus mi tu este esta estos estas ese esa dos
        tres cuatro cinco varios varias""",
    "fr": """le la les l un une des du au aux son sa ses leur leurs mon ma mes ce cet cette ces d
        deux trois quatre cinq plusieurs""",
    "pt": """o a os as um uma uns umas do da dos das no na nos nas num numa ao aos pelo pela seu sua
        seus suas este esta dois duas três quatro cinco vários várias""",
    "it": """il lo la i gli le un una uno del della dei delle nel nella al alla sul sulla suo sua
        due tre""",
}
_LISTING: Final = {
    "es": "con de y entre sin",
    "fr": "avec de et à sans",
    "pt": "com de e entre sem",
    "it": "con di e tra senza",
}
"""Words before which a noun in the plural needs no article."""

_SPACES: Final = re.compile(r"[ '\u2019\-]*")
_LEAST_LETTERS: Final = 3


def _after_article(
    prompt: str, tokens: list[Token], is_known: Known, language: str
) -> Iterator[Span]:
    articles = frozenset(_ARTICLES[language].split())
    listing = frozenset(_LISTING[language].split())
    for before, token in pairwise(tokens):
        elided, _, word = token.text.rpartition("'")
        start = token.end - len(word)
        if is_known(start) or not _SPACES.fullmatch(prompt[before.end : token.start]):
            continue
        plural = before.text in listing and word.endswith("s") and len(word) > _LEAST_LETTERS + 1
        opened = elided or before.text in articles or plural
        if opened and len(word) >= _LEAST_LETTERS and _is_visible(word, language):
            yield start, token.end


_ENDS_PHRASE: Final = re.compile(r"\s*(?:[,.;:!?)]|$)")
_AFTER_NOUN_WORDS: Final = """
    in on at with of from under over behind beside beneath near into onto to and or while as
    that who which is are was were by inside through across around along above below between
    against next before after during
"""
_AFTER_NOUN: Final = frozenset(_AFTER_NOUN_WORDS.split())
_LIKE_ADJECTIVES: Final = ("ed", "ing", "ful", "ous", "ive", "less", "able", "ible", "ish", "ly")
_LIKE_ADJECTIVES_ALSO: Final = ("al", "ic", "est", "ent", "ant", "ary")


def _english(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    articles = frozenset(_ARTICLES[language].split())
    for index, token in enumerate(tokens):
        word = token.text.removesuffix("'s")
        is_name = index > 0 and prompt[token.start].isupper()
        if is_known(token.start) or len(word) < _LEAST_LETTERS or not word.isalpha() or is_name:
            continue
        follows = tokens[index + 1] if index + 1 < len(tokens) else None
        ends = _ENDS_PHRASE.match(prompt, token.end) or (follows and follows.text in _AFTER_NOUN)
        if not ends or word.endswith(_LIKE_ADJECTIVES + _LIKE_ADJECTIVES_ALSO):
            continue
        opened = _opened(prompt, tokens, index, articles)
        if opened and _is_visible(word, language) and _is_rare(word):
            yield token.start, token.start + len(word)


def _is_rare(word: str) -> bool:
    """Return whether it is none of the common words that name nothing to see."""
    return not any(one in other_words() for one in (word, *singulars_of(word)))


_MOST_ADJECTIVES: Final = 3


def _opened(prompt: str, tokens: list[Token], index: int, articles: frozenset[str]) -> bool:
    """Return whether an article stands before, with no more than a few words between."""
    for back in range(1, _MOST_ADJECTIVES + 1):
        if index < back:
            return False
        left, right = tokens[index - back], tokens[index - back + 1]
        if not _SPACES.fullmatch(prompt[left.end : right.start]) or left.text in _AFTER_NOUN:
            return False
        if left.text in articles:
            return True
    return False


# German: by its capital letter.

_ENDS_SENTENCE: Final = re.compile(r"[.!?:]\s*$")


_TAILS_OF_STYLE: Final = """
    licht kamera bewegung stimmung perspektive einstellung aufnahme hintergrund vordergrund farben
    atmosphäre schärfe qualität auflösung stil ästhetik tempo führung verlauf schwenk
"""
_OF_STYLE: Final = tuple(_TAILS_OF_STYLE.split())
"""How compounds for light and framing end, such as that for the light of a window."""


def _german(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    for index, token in enumerate(tokens):
        first = index == 0 or _ENDS_SENTENCE.search(prompt[: token.start])
        if first or is_known(token.start) or not prompt[token.start].isupper():
            continue
        is_style = token.text.endswith(_OF_STYLE) or not _is_visible(token.text, language)
        if len(token.text) >= _LEAST_LETTERS and not is_style:
            yield token.start, token.end


# Russian: by a preposition before it, or by an ending that only nouns have.

_PREPOSITION_WORDS: Final = """
    в во на с со у под над из к ко за перед между около возле без для от до по через о об при
    среди вокруг
"""
_PREPOSITIONS: Final = frozenset(_PREPOSITION_WORDS.split())
_ADJECTIVE_ENDINGS: Final = """
    ый ий ой ая яя ое ее ые ие ого его ому ему ым им ых их ую юю ыми ими ном нем ком том емом щая
    щий щие вший
"""
_OF_ADJECTIVES: Final = tuple(_ADJECTIVE_ENDINGS.split())
_VERB_ENDINGS: Final = """
    ет ёт ит ют ут ат ят ал ла ло ли ть ться тся лся лась лись шь ся сь ив ав ев яв ая яя вшись
"""
_OF_VERBS: Final = tuple(_VERB_ENDINGS.split())
_OF_ADVERBS: Final = ("о", "ски", "е")
_LEAST_RUSSIAN: Final = 4


def _russian(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    for index, token in enumerate(tokens):
        word = token.text
        if is_known(token.start) or len(word) < _LEAST_RUSSIAN or not _is_visible(word, language):
            continue
        if word.endswith(_OF_ADJECTIVES):
            continue
        before = tokens[index - 1].text if index else ""
        describes = len(before) >= _LEAST_RUSSIAN and before.endswith(_OF_ADJECTIVES)
        opened = before in _PREPOSITIONS or describes
        if opened or not word.endswith(_OF_VERBS + _OF_ADVERBS):
            yield token.start, token.end


# Korean: by the particle behind it, which must suit the last letter.

_AFTER_CONSONANT: Final = ("을", "과", "으로", "이")
_AFTER_VOWEL: Final = ("를", "와", "로", "가")
_AFTER_ANY: Final = ("의", "에서", "에게", "에")
_SYLLABLES: Final = "가", "힣"
_FINALS: Final = 28


def _korean(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    for token in tokens:
        if any(is_known(place) for place in range(token.start, token.end)):
            continue
        stem = _without_particle(token.text)
        if stem and len(stem) > 1 and _is_visible(stem, language):
            yield token.start, token.start + len(stem)


def _without_particle(word: str) -> str:
    for particle in (*_AFTER_ANY, *_AFTER_CONSONANT, *_AFTER_VOWEL):
        stem = word.removesuffix(particle)
        if stem == word or not stem or not _SYLLABLES[0] <= stem[-1] <= _SYLLABLES[1]:
            continue
        closed = (ord(stem[-1]) - ord(_SYLLABLES[0])) % _FINALS > 0
        if particle in _AFTER_ANY or closed == (particle in _AFTER_CONSONANT):
            return stem
    return ""


_LEAST_SIGNS: Final = 2


# Japanese: a run of one script that ends before a particle.

_JAPANESE: Final = re.compile(
    r"(?:[\u4e00-\u9fff々]{2,6}|[ァ-ヺー]{3,})(?=[がをにのはともへや、。]|$)"
)
_DOES: Final = "するさし"


def _japanese(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    for match in _JAPANESE.finditer(prompt):
        start, end = match.span()
        while start < end and is_known(start):
            start += 1
        rest = prompt[start:end]
        if any(is_known(place) for place in range(start, end)) or len(rest) < _LEAST_SIGNS:
            continue
        if _is_visible(rest, language):
            yield start, end


def _chinese(prompt: str, tokens: list[Token], is_known: Known, language: str) -> Iterator[Span]:
    return unknown_chinese_nouns(prompt, is_known)


_FINDERS: Final = {
    "en": _english,
    "es": _after_article,
    "es-mx": _after_article,
    "fr": _after_article,
    "pt": _after_article,
    "it": _after_article,
    "de": _german,
    "ru": _russian,
    "ko": _korean,
    "ja": _japanese,
    "zh": _chinese,
}
