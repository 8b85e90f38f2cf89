"""Split a prompt into words with their places, and tell in which languages it may be."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_RUN: Final = r"[\u3005\u3041-\u30ff\u3400-\u9fff\u0e01-\u0e4e]+"
_LETTERS: Final = rf"(?:(?!{_RUN})(?:[^\W_]|[\u0300-\u036f\u0900-\u0963\u0981-\u09e3]))+"
_TOKEN: Final = re.compile(rf"{_RUN}|{_LETTERS}(?:['\u2019]{_LETTERS})*")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_KANA: Final = re.compile(r"[\u3041-\u30ff]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_CHINESE: Final = re.compile(r"[的了着著是在个個们們这這那只隻]")
"""Signs for little words that only Chinese has: such a prompt borrows no Japanese words."""

_THAI: Final = re.compile(r"[\u0e01-\u0e4e]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile(r"[\u0456\u0457\u0454\u0491]")
_DEVANAGARI: Final = re.compile(r"[\u0900-\u097f]")
_BENGALI: Final = re.compile(r"[\u0980-\u09ff]")
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
"""Full-width letters and digits, as some Asian keyboards type them, to those of ASCII."""

_STARTS_A_RUN: Final = re.compile(_RUN)

LATIN: Final = (
    "es",
    "fr",
    "de",
    "pt",
    "it",
    "nl",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "et",
    "lt",
    "hu",
    "vi",
    "ms",
)
UNSPACED: Final = frozenset({"zh", "zh-hant", "ja", "th", "ko"})
"""Languages whose words are looked up inside runs of letters."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, or a run of letters of a language that puts no spaces between words."""

    text: str
    """In lower case, with straight apostrophes."""

    start: int
    end: int
    is_run: bool = False


def tokens_of(prompt: str) -> list[Token]:
    """Return the words of a prompt; a hyphen parts words as a space does."""
    found: list[Token] = []
    for match in _TOKEN.finditer(prompt):
        text = match.group().replace("\u2019", "'").translate(_NARROW)
        lowered = text.lower()
        if len(lowered) != len(text):
            # A few letters change their length; their words keep their case instead.
            lowered = text
        is_run = bool(_STARTS_A_RUN.match(text) or _HANGUL.search(text))
        found.append(Token(lowered, match.start(), match.end(), is_run))
    return found


def languages_of(
    prompt: str, tokens: list[Token], knows: Callable[[str, str], bool]
) -> tuple[str, ...]:
    """
    Return the languages to look words up in, the likeliest first.

    English is always among them: prompts of all languages borrow its words.

    Args:
        knows: Whether the tables of a language list a word.
    """
    found: list[str] = []
    if _KANA.search(prompt):
        found += ["ja"]
    elif _HAN.search(prompt):
        found += ["zh", "zh-hant"] if _CHINESE.search(prompt) else ["zh", "zh-hant", "ja"]
    if _HANGUL.search(prompt):
        found += ["ko"]
    if _CYRILLIC.search(prompt):
        found += ["uk", "ru"] if _UKRAINIAN.search(prompt) else ["ru", "uk"]
    for script, language in ((_THAI, "th"), (_DEVANAGARI, "hi"), (_BENGALI, "bn")):
        if script.search(prompt):
            found.append(language)
    return (*found, *_latin_languages(tokens, knows))


def _latin_languages(tokens: list[Token], knows: Callable[[str, str], bool]) -> tuple[str, ...]:
    words = [word for token in tokens for word in (token.text, *token.text.split("'")[:-1])]
    little = {language: sum(word in these for word in words) for language, these in _LITTLE.items()}
    plain = {word for word in words if word not in _ALL_LITTLE and word[:1] < _PAST_LATIN}
    english = little.pop("en")
    most = max(little.values())
    if (english >= _CLEARLY and english > most) or not (plain or most) or words == ["no"]:
        return ("en",)  # beside emoji, ``no`` is no Portuguese ``in the``
    known = sum(knows(word, "en") for word in plain)
    if not most and known > _MOSTLY * len(plain):
        return ("en",)
    scores = {one: count for one, count in little.items() if count == most}
    for language in scores if most >= _CLEARLY and len(scores) == 1 else _WITH_TABLES:
        near = most < _CLEARLY or little[language] == most
        if near and language in _WITH_TABLES:
            scores[language] = little[language] + sum(knows(word, language) for word in plain)
    best = max(scores.values())
    is_tie = best and best == english + known
    # ``no cats``: the English word is a Portuguese and an Italian one, too
    if best > english + known or (is_tie and not english and most and "no" not in words):
        return (*(one for one in scores if scores[one] == best), "en")
    return ("en",)


_PAST_LATIN: Final = "\u0370"
"""The first letter that is not Latin."""

_CLEARLY: Final = 2
_MOSTLY: Final = 0.6
_WITH_TABLES: Final = ("es", "fr", "de", "pt")
"""Languages whose content words tell them apart, too."""

_FUNCTION_WORDS: Final = {
    "en": """the a an and of in on at with is are to from into over under through as while by for
        its his her their it he she they that this across behind between up down out near
        against""",
    "es": """el la los las un una unos unas dos de del en con y por para al sobre bajo que se su muy
        mientras""",
    "fr": """le la les un une des du de dans avec et sur sous au aux qui se sa son en par pour
        vers pendant l d""",
    "de": """der die das ein eine einen einem einer und mit im in am auf über unter durch bei von zu
        zum zur dem den des ist während aus vor""",
    "pt": "o a os as um uma de do da dos das em no na com e por para ao sobre sob que se sua seu",
    "it": """il lo la i gli le un una uno di del della nel nella con e su sul sulla in per che al
        alla""",
    "nl": "de het een van in op met en door over onder aan bij naar is zijn",
    "sv": "en ett och i på med av över under genom den det som vid till",
    "da": "en et og i på med af over under gennem den det som ved til",
    "nb": "en ei et og i på med av over under gjennom den det som ved til",
    "pl": "i w na z ze nad pod przez do o przy się jest",
    "fi": "ja on joka yli alla kanssa",
    "et": "ja on mis üle all",
    "lt": "ir per ant su virš yra kuris",
    "hu": "a az egy és a van alatt felett",
    "vi": "một và trong trên với của dưới đang những các",
    "ms": "dan di yang dengan sebuah seekor seorang dari pada atas",
}
"""The commonest short words, which distinguish a language from others with the same letters."""
_LITTLE: Final = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_ALL_LITTLE: Final = frozenset(word for words in _LITTLE.values() for word in words)


def is_little_word(word: str, language: str) -> bool:
    """Return whether it is one of a language's commonest little words."""
    return word in _LITTLE.get(language, frozenset())
