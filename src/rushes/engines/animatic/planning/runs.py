"""Find the known words inside runs of letters that no spaces part, as in Chinese."""

import re
from collections.abc import Iterator
from typing import Final

from rushes.engines.animatic.planning.chinese_words import hiding_word_at
from rushes.engines.animatic.planning.lexicon import Meaning, phrases_of
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.numerals import after_digits, counted_at
from rushes.engines.animatic.planning.text import UNSPACED, Token

_LONGEST_RUN: Final = 12
_PARTICLE_WORDS: Final = """
    이 가 은 는 을 를 의 에 에서 와 과 도 로 으로 에게 들 들이 들은 들을 들의 한 한테 부터 까지
    만 이나 나 위 위에 위로 속 속의 속에 속에서 안 안에 안의 옆 옆에 앞 앞에 아래 밑 뒤 뒤에
    처럼 같은 된 되는 하는 인
"""
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
"""What may follow a Korean noun of one syllable without a space."""

Found = tuple[int, int, str, tuple[Meaning, ...]]
"""Start and end of a known word, its language, and all that it may mean."""


def words_in_run(prompt: str, token: Token, languages: tuple[str, ...]) -> Iterator[Found]:
    """Yield the known words of a run from left to right, at each place the longest one."""
    lowered = prompt.lower() if len(prompt.lower()) == len(prompt) else prompt
    position, last = after_digits(lowered, token.start, languages[0]), token.start
    while position < token.end:
        begins = position in {token.start, last}
        found = _longest_in_run(lowered, position, token, languages, begins=begins)
        if found and _splits_loanword(lowered, position, found[0], begins=begins):
            found = None
        length = found[0] - position if found else 0
        number = counted_at(lowered, position, languages[0])
        if number and number.end - position >= length:
            kind = "the" if number.is_same else "count"
            yield position, number.end, languages[0], (Meaning(kind, str(number.number)),)
            position = last = number.end
            continue
        hidden = _not_visible(lowered, position, languages[0], length)
        if length <= 1 and not hidden:
            hidden = _hidden(lowered, position, token, languages, begins=begins)
        if found is None or hidden:
            position += max(1, hidden)
            continue
        end, language, meanings = found
        if language == "ja" and prompt.startswith("屋", end) and _names_subject(meanings):
            position = last = end + 1  # a shop, and nothing of what it sells
            continue
        if _OF_MANY.search(prompt, position, end) or _MANY.match(prompt, end):
            meanings = tuple(as_plural(one) for one in meanings)
        yield position, end, language, meanings
        position = last = end
        joined = _AND.get(language, _NEVER).match(lowered, end)
        if joined and language != "zh":
            start = joined.end() + (language == "ko")
            after = _longest_in_run(lowered, start, token, languages, begins=True)
            number = counted_at(lowered, start, language)
            named = after is not None and any(one.kind in _NAMES for one in after[2])
            joined = joined if number or named else None
        if joined and any(one.kind in _JOINED for one in meanings):
            yield end, joined.end(), language, (Meaning("and", "and"),)
            position = last = joined.end()


def _names_subject(meanings: tuple[Meaning, ...]) -> bool:
    return any(one.kind == "subject" for one in meanings)


_JOINED: Final = frozenset({"subject", "cast", "group", "people"})
_NAMES: Final = _JOINED | {"tint", "size", "modifier"}
_NEVER: Final = re.compile("(?!)")
_AND: Final = {
    "ja": re.compile("[とや](?=[^\\s、。うきしてっ])"),
    "ko": re.compile("(?:와|과|이?랑|하고)(?= )"),
    "zh": re.compile("(?:以及|和|与|跟|及)"),
}
"""``And`` right after a noun."""


def _splits_loanword(text: str, start: int, end: int, *, begins: bool) -> bool:
    """Return whether a short Japanese loanword is only a part of another, as a bar in a lever."""
    if end - start >= _LEAST_LOANWORD or not _LOANWORD.fullmatch(text, start, end):
        return False
    if not begins and start > 0 and _KATAKANA.match(text, start - 1):
        return True
    rest = _LOANWORD.match(text, end)
    return rest is not None and rest.group() not in phrases_of("ja")


_KATAKANA: Final = re.compile("[ァ-ヴー]")
_LOANWORD: Final = re.compile("[ァ-ヴー]+")
_LEAST_LOANWORD: Final = 3


def _not_visible(text: str, position: int, language: str, length: int) -> int:
    """Return how long a word for what cannot be seen is, if it is longer than a known one."""
    words = NOT_VISIBLE.get(language, frozenset())
    longest = min(_LONGEST_HIDDEN, len(text) - position)
    lengths = range(longest, max(1, length), -1)
    return next((one for one in lengths if text[position : position + one] in words), 0)


_LONGEST_HIDDEN: Final = 5


def _hidden(
    text: str, position: int, token: Token, languages: tuple[str, ...], *, begins: bool
) -> int:
    """Return how many letters from a place on are a word in which no shorter one is to be found."""
    if languages[0] == "zh":
        length = len(hiding_word_at(text, position))
        for start in range(position + 1, position + length):
            known = _longest_in_run(text, start, token, languages, begins=True)
            if known and known[0] >= max(position + length, start + 2):
                return 0  # a little house is a house, though there is a word for both signs
        return length
    if languages[0] != "ja" or not _KANJI.match(text, position):
        return 0
    before, after = text[position - 1 : position] if position > token.start else "", position + 1
    if _KANJI.match(before) and not begins and before not in _BEFORE_NOUNS:
        return 1
    if after >= token.end or not _KANJI.match(text, after):
        return 0
    known = _longest_in_run(text, after, token, languages, begins=True)
    return 0 if known or counted_at(text, after, "ja") else 1


_KANJI: Final = re.compile("[\u4e00-\u9fff々]")
_BEFORE_NOUNS: Final = frozenset("大小老若古新名")
"""Signs before a Japanese noun that only describe it."""


def as_plural(meaning: Meaning) -> Meaning:
    """Return the meaning of a noun as that of its plural; others stay as they are."""
    return meaning._replace(is_plural=True) if meaning.kind == "subject" else meaning


_PLACED: Final = re.compile("の[上下中横前後間隣側内外周そ]")
_MANY: Final = re.compile("们|たち|達|들")
_OF_MANY: Final = re.compile("(?:们|たち|達|들)[的の]?$")
"""What makes several of a noun in Chinese, Japanese and Korean."""


def _longest_in_run(
    lowered: str, position: int, token: Token, languages: tuple[str, ...], *, begins: bool
) -> tuple[int, str, tuple[Meaning, ...]] | None:
    """
    Return the end of the longest known word at a place inside a run of letters, and its meanings.

    Args:
        begins: It is the first of its run, or comes right after a known word.
    """
    for length in range(_LONGEST_RUN, 0, -1):
        end = position + length
        for language in languages:
            borrowed = length == 1 and (languages[0], language) == ("zh", "ja")
            last = len(lowered) if language == "ko" else token.end
            if language not in UNSPACED or borrowed or end > last:
                continue
            meanings = phrases_of(language).get(lowered[position:end], ())
            if language == "ja" and _PLACED.match(lowered, end - 1):
                continue  # under a tree, not a wooden one
            if language == "ja" and not _stands_alone(lowered, position, end, begins=begins):
                continue
            if language == "ko":
                meanings = _korean(meanings, lowered, (position, end), token, begins=begins)
            if meanings:
                return end, language, meanings
    return None


_KANA_WORD: Final = re.compile("[ぁ-ん]{2,4}")
_BEFORE_KANA: Final = frozenset("のがをはとにでもやへ")
_AFTER_KANA: Final = frozenset("のがをはとにでもやへさた")


def _stands_alone(text: str, start: int, end: int, *, begins: bool) -> bool:
    """Return whether a short word in hiragana is a word: no turnip is in ``振りかぶって``."""
    if not _KANA_WORD.fullmatch(text, start, end):
        return True
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    opened = begins or not before or not _HIRAGANA.match(before) or before in _BEFORE_KANA
    return opened and (not _HIRAGANA.match(after) or after in _AFTER_KANA)


_HIRAGANA: Final = re.compile("[ぁ-ん]")


def _korean(
    meanings: tuple[Meaning, ...], text: str, span: tuple[int, int], token: Token, *, begins: bool
) -> tuple[Meaning, ...]:
    """Return what Korean letters mean that may be a part of a longer word."""
    if not meanings or _is_part(text, *span, token) or _SELLS.search(text[: span[1]]):
        return ()
    if not begins:
        meanings = tuple(one for one in meanings if one.kind != "action")
    if _names_subject(meanings) and _is_compound(text, *span, token, begins=begins):
        return ()
    return meanings


_OF_SAME_WORD: Final = frozenset("꽃잎떼님씨색빛형째쯤만뿐때네쪽쌍측랑야여다씩요인였들상")
"""Korean syllables after which a noun still means the same."""


def _is_compound(text: str, start: int, end: int, token: Token, *, begins: bool) -> bool:
    """Return whether a syllable before or after a short noun makes another word of it."""
    if end - start != _SHORT:
        return False
    if not begins and start - token.start == 1:
        return True
    if not begins and end == token.end and text[end - 1] in _PARTICLES:
        return True  # treasures, and no painter, whose word ends like a particle
    rest = text[end : token.end]
    tails = {rest.removesuffix(one) for one in _PARTICLES} | {rest}
    return all(tail and tail not in _PARTICLES for tail in tails) and any(
        len(tail) == 1 and tail not in _OF_SAME_WORD for tail in tails
    )


_SHORT: Final = 2


_SELLS: Final = re.compile(r"[을를]\s?(?:많이\s|팔고\s)?판다$")
"""``Sells`` after its object; in other places the word is a panda."""


def _is_part(text: str, start: int, end: int, token: Token) -> bool:
    """Return whether Korean letters are only a part of a longer word."""
    if start > token.start and end - start == 1:
        return True
    rest = re.match(r"\w*", text[end:])
    tail = rest.group() if rest else ""
    return end - start == 1 and bool(tail) and tail not in _PARTICLES
