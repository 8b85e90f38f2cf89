"""Find the known words of a prompt: the longest phrases first, with all that they may mean."""

import re
from dataclasses import dataclass, replace
from typing import Final

from rushes.engines.animatic.planning.emoji import emoji_of
from rushes.engines.animatic.planning.false_friends import FALSE_FRIENDS
from rushes.engines.animatic.planning.lexicon import (
    LONGEST_PHRASE,
    Meaning,
    look_up,
    look_up_rare,
    other_words,
    phrases_of,
)
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.plurals import is_plural_form, is_singular_article
from rushes.engines.animatic.planning.runs import as_plural, words_in_run
from rushes.engines.animatic.planning.text import (
    LATIN,
    UNSPACED,
    Token,
    is_little_word,
    languages_of,
    tokens_of,
)
from rushes.engines.animatic.planning.unknown_nouns import (
    UNREAD_LANGUAGE,
    unknown_nouns,
    unread_words,
)

_MOST_COUNTED: Final = 999
_LONGEST_NUMBER: Final = 100
_FEW_WORDS: Final = 4
_JOINS: Final = re.compile(r"[\s\-\u2010\u2011]*")
_BREAK: Final = re.compile(r"[.;:!?\n\u3002\uff1b\uff01\uff1f\u2014()]|\s-\s|--")
_COMMA: Final = re.compile(r"[,\u3001\uff0c]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A known word or phrase of the prompt."""

    text: str
    """As the caller wrote it."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]
    language: str
    is_possessive: bool = False
    is_glued: bool = False
    """Whether nothing but a space or a hyphen is between it and the term before."""

    unknown_before: int = 0
    """How many unknown words are between it and the term before."""

    breaks: bool = False
    """Whether a sentence ended between it and the term before."""

    comma: bool = False

    def meaning(self, *kinds: str) -> Meaning | None:
        """Return its meaning of one of these kinds, the first kind that it has."""
        for kind in kinds:
            for meaning in self.meanings:
                if meaning.kind == kind:
                    return meaning
        return None


def terms_of(prompt: str) -> list[Term]:
    """Return the known words of a prompt in their order."""
    tokens = tokens_of(prompt)
    languages = languages_of(prompt, tokens, _knows)
    if languages == ("en",) and _may_be_anything(tokens):
        languages = ("en", *LATIN)
    capitals = _capitalises(prompt, tokens)
    found: list[Term] = []
    index, unknown = 0, 0
    while index < len(tokens):
        token = tokens[index]
        if token.is_run:
            inside = _inside_run(prompt, token, languages)
            for term in inside:
                _append(found, prompt, term, unknown)
                unknown = 0
            past = inside[-1].end if inside else token.end
            while index < len(tokens) and tokens[index].start < max(past, token.end):
                index += 1
            continue
        best = _best(prompt, tokens, index, languages, capitals=capitals)
        if best is None:
            unknown += 1
            index += 1
            continue
        count, term = best
        _append(found, prompt, term, unknown)
        unknown = 0
        index += count
    return _with_emoji(prompt, _with_unknown_nouns(prompt, tokens, found, languages))


def _with_emoji(prompt: str, found: list[Term]) -> list[Term]:
    """Add emoji as nouns; one that pictures a word of the prompt is an ornament."""
    emoji = list(emoji_of(prompt))
    if not emoji:
        return found
    named = {one.value for term in found for one in term.meanings if one.kind in _NOUNS}
    added = {
        one.start: Term(
            text=prompt[one.start : one.end],
            start=one.start,
            end=one.end,
            meanings=one.meanings,
            language="en",
        )
        for one in emoji
        if not any(meaning.value and meaning.value in named for meaning in one.meanings)
    }
    merged: list[Term] = []
    for term in sorted((*found, *added.values()), key=lambda one: one.start):
        before = merged[-1:]
        _append(merged, prompt, term, term.unknown_before)
        nouns = [one for one in (*before, term) if one.meaning(*_NOUNS, "unknown")]
        if len(nouns) > 1 and any(one.start in added for one in nouns):
            merged[-1] = replace(merged[-1], comma=True, is_glued=False)  # a list, no compound
    return merged


_NOUNS: Final = ("subject", "cast", "group", "people", "set")


def _with_unknown_nouns(
    prompt: str, tokens: list[Token], found: list[Term], languages: tuple[str, ...]
) -> list[Term]:
    """Add what must be nouns and is in no table, as terms whose meaning is unknown."""
    known = {place for term in found for place in range(term.start, term.end)}
    missing = [
        Term(
            text=prompt[start:end],
            start=start,
            end=end,
            meanings=(Meaning("unknown", ""),),
            language=languages[0],
        )
        for start, end in unknown_nouns(prompt, tokens, known.__contains__, languages)
    ]
    missing += [
        Term(
            text=prompt[start:end],
            start=start,
            end=end,
            meanings=(Meaning("unknown", UNREAD_LANGUAGE),),
            language=languages[0],
        )
        for start, end in unread_words(prompt)
    ]
    if not missing:
        return found
    return joined(prompt, [*found, *missing])


def joined(prompt: str, terms: list[Term]) -> list[Term]:
    """Return terms in their order, each with what is between it and the one before."""
    found: list[Term] = []
    for term in sorted(terms, key=lambda one: (one.start, one.end)):
        _append(found, prompt, term, term.unknown_before)
    return found


def _knows(word: str, language: str) -> bool:
    if word in phrases_of(language):
        return True
    return language == "en" and (word in other_words() or bool(look_up_rare([word])))


def _may_be_anything(tokens: list[Token]) -> bool:
    if len(tokens) > _FEW_WORDS or any(is_little_word(token.text, "en") for token in tokens):
        return False
    return not all(look_up([token.text], "en") or look_up_rare([token.text]) for token in tokens)


def _append(found: list[Term], prompt: str, term: Term, unknown: int) -> None:
    before = found[-1].end if found else 0
    gap = prompt[before : term.start]
    found.append(
        Term(
            text=term.text,
            start=term.start,
            end=term.end,
            meanings=term.meanings,
            language=term.language,
            is_possessive=term.is_possessive,
            is_glued=bool(found) and not found[-1].is_possessive and bool(_JOINS.fullmatch(gap)),
            unknown_before=unknown,
            breaks=bool(_BREAK.search(gap)),
            comma=bool(_COMMA.search(gap)),
        )
    )


def _best(
    prompt: str, tokens: list[Token], index: int, languages: tuple[str, ...], *, capitals: bool
) -> tuple[int, Term] | None:
    """
    Return the longest known phrase that begins at a word, and of how many words it is.

    Args:
        capitals: The prompt writes some words with capitals, so that German nouns have one.
    """
    longest = _reach(prompt, tokens, index)
    for count in range(longest, 0, -1):
        words = [token.text for token in tokens[index : index + count]]
        for language in languages:
            if language in UNSPACED or (
                language == "en"
                and languages[0] != "en"
                and count == 1
                and (
                    is_little_word(words[0], languages[0])
                    or words[0] in FALSE_FRIENDS.get(languages[0], ())
                )
            ):
                continue
            if count == 1 and words[0].isdecimal():
                return 1, _number(prompt, tokens[index])
            for plain, is_possessive in _with_and_without_possessive(words):
                meanings = look_up(plain, language)
                if language == "en" and _is_verb_of_one(plain):
                    meanings = ()  # a woman cooks: no cooks
                if language == "en" == languages[0] and not meanings:
                    meanings = _rare(plain, tokens[index - 1].text if index else "")
                elif language != "en":
                    at = tokens[index + count - 1].start
                    before = _article_before(tokens, index, language)
                    capital = prompt[at].isupper() or (languages[0] == "de" and not capitals)
                    meanings = _foreign(meanings, plain, language, capital=capital, before=before)
                if meanings:
                    last = tokens[index + count - 1]
                    start, end = tokens[index].start, last.end - (2 if is_possessive else 0)
                    return count, Term(
                        text=prompt[start:end],
                        start=start,
                        end=end,
                        meanings=meanings,
                        language=language,
                        is_possessive=is_possessive,
                    )
    return None


_ONE_PERSON: Final = frozenset({"man", "woman", "person"})


def _is_verb_of_one(words: list[str]) -> bool:
    """Return whether it is one person and a verb rather than a plural: ``woman cooks``."""
    pair = len(words) == 2 and words[0] in _ONE_PERSON and words[1].endswith("s")
    return pair and any(one.kind == "subject" and one.is_plural for one in look_up(words, "en"))


def _foreign(
    meanings: tuple[Meaning, ...], words: list[str], language: str, *, capital: bool, before: str
) -> tuple[Meaning, ...]:
    """
    Return what words of another language mean, by their capitals and their endings too.

    Args:
        capital: They may be a German noun.
        before: The word before them.
    """
    if language == "de" and capital and words[-1] == "paar":
        return look_up(["liebespaar"], "de")  # a pair of lovers, and no few things
    if language == "de" and len(words) == 1:
        if capital:
            meanings = meanings or _head_of_compound(words[0])
        else:
            meanings = tuple(one for one in meanings if one.kind != "subject")
    if meanings and is_plural_form(words, language, before):
        return tuple(as_plural(one) for one in meanings)
    return meanings


def _article_before(tokens: list[Token], index: int, language: str) -> str:
    """Return the word before a noun, or of a German one the word before its adjective."""
    if not index:
        return ""
    before = tokens[index - 1].text
    if language != "de" or index < _MOST_ADJECTIVES or is_singular_article(before):
        return before
    described = before.endswith(_OF_GERMAN_ADJECTIVES)
    return tokens[index - 2].text if described else before


_MOST_ADJECTIVES: Final = 2
_OF_GERMAN_ADJECTIVES: Final = ("en", "es", "er", "em", "e")


def _capitalises(prompt: str, tokens: list[Token]) -> bool:
    """Return whether a German prompt writes its nouns with capitals, as most do."""
    return any(prompt[token.start].isupper() for token in tokens[1:])


_SHORT_HEADS: Final = ("zug", "see", "bus", "hut", "kuh", "weg")
"""German nouns that are the last part of many compounds, such as of a ``Bergsee``."""

_LEAST_PART: Final = 3
_LEAST_HEAD: Final = 4
_LONGEST_COMPOUND: Final = 40
_HEADS: Final = frozenset(
    {"subject", "set", "cast", "group", "people", "effect", "weather", "time", "light"}
)


_CUT_SYLLABLE: Final = re.compile(r"(?:sp|rp|[bcdfgkptvw][lr]|[bdfgjklmnrvwxz]h)$|^[^aeiouyäöü]*$")
"""How no German word ends: a ``Skispringer`` is no ringer, and a ``Federhalter`` not old."""


def _head_of_compound(word: str) -> tuple[Meaning, ...]:
    """Return what the last part of a German compound means: a ``Segelflugzeug`` is a plane."""
    if len(word) > _LONGEST_COMPOUND or word in NOT_VISIBLE["de"]:
        return ()
    least = _LEAST_HEAD - word.endswith(_SHORT_HEADS)
    for cut in range(_LEAST_PART, len(word) - least + 1):
        if _CUT_SYLLABLE.search(word[:cut]):
            continue
        found = look_up([word[cut:]], "de")
        if any(one.kind in _HEADS and one.value for one in found):
            return tuple(one for one in found if one.kind in _HEADS)
    return ()


def _number(prompt: str, token: Token) -> Term:
    """Return a numeral as a count; a large one is no count but a year or a size."""
    value = int(token.text[:_LONGEST_NUMBER])  # int() refuses thousands of digits
    kind = "count" if 0 < value <= _MOST_COUNTED or value in _ROUND else "style"
    kind = kind if value else "no"
    return Term(
        text=prompt[token.start : token.end],
        start=token.start,
        end=token.end,
        meanings=(Meaning(kind, str(value)),),
        language="en",
    )


_ROUND: Final = frozenset({1000, 5000, 10000, 100000, 1000000})
"""Large numbers that are neither years nor widths of pictures."""

_OPENERS: Final = "a an the his her its their my our your this that"
_NOUN_OPENERS: Final = frozenset(_OPENERS.split())


def _rare(words: list[str], before: str) -> tuple[Meaning, ...]:
    """Look a rarer noun up; one of our words with a word before it, as ``red fox``, is none."""
    found = look_up_rare(words)
    if words[-1].endswith("ing") and before not in _NOUN_OPENERS:
        found = tuple(one for one in found if one.value)  # lapping waves: a verb, no thing
    known = look_up(words[-1:], "en") if len(words) > 1 else ()
    return () if known else found


def _reach(prompt: str, tokens: list[Token], index: int) -> int:
    """Return how many words from one on are parted by nothing but spaces and hyphens."""
    count = 1
    while index + count < len(tokens) and count < LONGEST_PHRASE:
        left, right = tokens[index + count - 1], tokens[index + count]
        if right.is_run or not _JOINS.fullmatch(prompt[left.end : right.start]):
            break
        count += 1
    return count


def _with_and_without_possessive(words: list[str]) -> list[tuple[list[str], bool]]:
    last = words[-1]
    if last.endswith("'s"):
        return [(words, False), ([*words[:-1], last[:-2]], True)]
    if "'" in last and not last.startswith("'"):
        return [(words, False), ([*words[:-1], last.rpartition("'")[2]], False)]
    first = words[0].rpartition("'")[2]
    if words[1:] and first not in {"", words[0]}:
        return [(words, False), ([first, *words[1:]], False)]  # l'étoile de mer
    return [(words, False)]


def _inside_run(prompt: str, token: Token, languages: tuple[str, ...]) -> list[Term]:
    return [
        Term(text=prompt[start:end], start=start, end=end, meanings=meanings, language=language)
        for start, end, language, meanings in words_in_run(prompt, token, languages)
    ]
