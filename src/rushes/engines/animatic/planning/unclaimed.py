"""Tell of the English words of a prompt that no rule has read, so that none is dropped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import NotShown
from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning.casting_drafts import NO_PICTURE, UNKNOWN_WORD
from rushes.engines.animatic.planning.inflection import bases_of, singulars_of
from rushes.engines.animatic.planning.lexicon import look_up, look_up_rare, other_words
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.parts import is_part_of
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.text import Token, tokens_of
from rushes.engines.animatic.planning.undrawn_words import (
    ACTIONS,
    ALSO_THINGS,
    DRAWN_BY_SETS,
    LITTLE,
    OF_BODIES,
    THINGS,
)

Span = tuple[int, int]

NO_ACTION: Final = "The engine does not draw this action."
OWN_LOOK: Final = "The picture has its own colours and forms."

_VERB_SIGNS: Final = "to i you he she it they we who can will could would"
_BEFORE_VERBS: Final = frozenset(_VERB_SIGNS.split())
_DENYING: Final = "no not without never nor avoid free"
_DENIES: Final = frozenset(_DENYING.split())
_OPENERS: Final = "a an the his her their its my our your this that these"
_DETERMINERS: Final = frozenset(_OPENERS.split())
_ADJECTIVES: Final = ("tint", "size", "modifier")
_NOUNS: Final = ("subject", "cast", "group", "set", "people", "couple")
_CLOSERS: Final = "in on at with of and or is are was were that which"
_AFTER_NOUNS: Final = frozenset(_CLOSERS.split())
_SEEN: Final = THINGS | OF_BODIES
_LEAST_LETTERS: Final = 3
_MOST_BETWEEN: Final = 2
_MOST_JOINED: Final = 4
_SPACES: Final = re.compile(r"[ \-\u2010\u2011]*")


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Words that no rule has read: those that the picture shows all the same, and the others."""

    shown: tuple[Span, ...] = ()
    missing: tuple[tuple[int, NotShown], ...] = ()


def unclaimed_in(
    prompt: str,
    terms: Sequence[Term],
    *,
    shown: Sequence[Span],
    elsewhere: Sequence[Span],
    cast: Sequence[Subject],
    set_name: str,
) -> Unclaimed:
    """
    Return what to tell of the words that no term covers; prompts in other languages have none.

    Args:
        shown: Where the words are that the picture shows.
        elsewhere: Where words are that other rules list, such as camera moves and writing.
        cast: Who may have the parts that are named.
    """
    if any(term.language != "en" for term in terms):
        return Unclaimed()
    words = _Words(prompt, terms, [*shown, *elsewhere])
    drawn: list[Span] = []
    missing = [
        (*words.with_adjectives(term), NO_PICTURE)
        for term in terms
        if _may_name(term) and words.is_open(term)
    ]
    unknown: list[Span] = []
    has_person = any(one.kind == "person" for one in cast)
    for index in words.unread(elsewhere):
        token = words.tokens[index]
        thing = _thing(token.text)
        start, end = token.start, token.start + len(token.text.removesuffix("'s"))
        if thing and words.is_noun(index):
            described, _ = words.with_adjectives(token)
            if is_part_of(token.text, cast) or set_name in DRAWN_BY_SETS.get(thing, ()):
                drawn.append((start, end))
                missing += [(described, start, OWN_LOOK)] if described < start else []
            else:
                missing.append((described, end, NO_PICTURE))
        elif words.is_action(index):
            missing.append((start, end, NO_ACTION))
        elif not thing and _is_unknown(token.text) and not (has_person and _owns(prompt, token)):
            unknown.append((start, end))
    missing += [(start, end, UNKNOWN_WORD) for start, end in _joined(prompt, unknown)]
    entries = (
        (start, NotShown(words=prompt[start:end].strip(" -"), reason=reason))
        for start, end, reason in missing
    )
    return Unclaimed(tuple(drawn), tuple(entries))


class _Words:
    """The words of a prompt, with which of them a term covers."""

    def __init__(self, prompt: str, terms: Sequence[Term], taken: Sequence[Span]) -> None:
        self._prompt = prompt
        self.tokens = tokens_of(prompt)
        self._terms = {at: term for term in terms for at in range(term.start, term.end)}
        self._taken = {at for start, end in taken for at in range(start, end)}

    def unread(self, elsewhere: Sequence[Span]) -> Iterator[int]:
        """Yield the words that neither a term nor another rule reads and that nothing denies."""
        others = {at for start, end in elsewhere for at in range(start, end)}
        for index, token in enumerate(self.tokens):
            word = token.text.removesuffix("'s")
            plain = not token.is_run and word.isalpha() and len(word) >= _LEAST_LETTERS
            read = token.start in self._terms or token.start in others
            if plain and not read and word not in LITTLE and not self._is_denied(index):
                yield index

    def is_open(self, term: Term) -> bool:
        """Return whether a word of our tables names a thing that no rule has told of."""
        index = self._index(term)
        return term.start not in self._taken and not self._is_denied(index) and self.is_noun(index)

    def with_adjectives(self, noun: Term | Token) -> Span:
        """Return where a noun is with the colours and sizes before it."""
        index, start = self._index(noun), noun.start
        while (before := self._glued(index, -1)) is not None:
            term = self._terms.get(before.start)
            if term is None or before.start in self._taken or not term.meaning(*_ADJECTIVES):
                break
            index, start = index - 1, before.start
        return start, noun.end

    def _index(self, word: Term | Token) -> int:
        return next(at for at, token in enumerate(self.tokens) if token.start == word.start)

    def is_noun(self, index: int) -> bool:
        """Return whether a word that may name a thing does, and describes no other one."""
        before, after = self._glued(index, -1), self._glued(index, 1)
        if before and before.text in _BEFORE_VERBS:
            return False
        if before and self._names(before) and after and after.text in _DETERMINERS:
            return False  # a man boards a train
        if after is None or after.text in _AFTER_NOUNS:
            return True
        return not (self._names(after) or _thing(after.text) or after.text in NOT_VISIBLE["en"])

    def is_action(self, index: int) -> bool:
        """Return whether a form of a verb says what somebody does."""
        word = self.tokens[index].text
        before, after = self._glued(index, -1), self._glued(index, 1)
        if word.endswith("ing"):
            opens = before is not None and before.text in _DETERMINERS
            describes = after is not None and self._names(after)
            return not ACTIONS.isdisjoint(bases_of(word)) and (describes or not opens)
        does = before is not None and (before.text in _BEFORE_VERBS or self._names(before))
        return does and not ACTIONS.isdisjoint((word, *singulars_of(word), *bases_of(word)))

    def _glued(self, index: int, step: int) -> Token | None:
        """Return the word before or after one, if nothing but a space is between."""
        if not 0 <= index + step < len(self.tokens):
            return None
        left, right = sorted((self.tokens[index], self.tokens[index + step]), key=_start)
        glued = _SPACES.fullmatch(self._prompt[left.end : right.start])
        return self.tokens[index + step] if glued else None

    def _names(self, token: Token) -> bool:
        term = self._terms.get(token.start)
        return term is not None and term.meaning(*_NOUNS) is not None

    def _is_denied(self, index: int) -> bool:
        """Return whether ``no`` or ``without`` is right before it or before its adjective."""
        for _ in range(_MOST_BETWEEN):
            before = self._glued(index, -1)
            if before is None:
                return False
            if before.text in _DENIES or before.text.endswith("n't"):
                return True
            index -= 1
        return False


def _may_name(term: Term) -> bool:
    """Return whether a word of another meaning names a thing, too: a pile of gold, a sink."""
    word = term.text.lower()
    named = (one in ALSO_THINGS for one in (word, *singulars_of(word)))
    return term.meaning(*_NOUNS) is None and any(named)


def _owns(prompt: str, token: Token) -> bool:
    """Return whether it is the name of somebody whose lips or gaze the prompt names."""
    return prompt[token.start].isupper() and token.text.endswith("'s")


def _start(token: Token) -> int:
    return token.start


def _thing(word: str) -> str:
    """Return what a word in the singular or the plural names, if it is one of our things."""
    return next((one for one in (word, *singulars_of(word)) if one in _SEEN), "")


def _is_unknown(word: str) -> bool:
    """Return whether no table and no dictionary lists a word in any of its forms."""
    forms = (word, *singulars_of(word), *bases_of(word))
    if word in NOT_VISIBLE["en"] or look_up([word], "en"):
        return False
    return not any(one in other_words() or look_up_rare([one]) for one in forms)


def _joined(prompt: str, spans: list[Span]) -> Iterator[Span]:
    """Yield the spans, a few in a row as one: ``Machu Picchu``."""
    row: list[Span] = []
    for span in spans:
        glued = row and _SPACES.fullmatch(prompt[row[-1][1] : span[0]])
        if row and not (glued and len(row) < _MOST_JOINED):
            yield row[0][0], row[-1][1]
            row = []
        row.append(span)
    if row:
        yield row[0][0], row[-1][1]
