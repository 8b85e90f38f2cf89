"""Take the name of a person for the person: ``Amelia dances in the rain``."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from rushes.engines.animatic.planning.inflection import singulars_of
from rushes.engines.animatic.planning.lexicon import Meaning, look_up, look_up_rare, other_words
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.reading import Term, joined
from rushes.engines.animatic.planning.tables import lines_in

FIRST_NAMES: Final = "first_names.txt"
"""A line for each figure: the subject, and common first names of many languages."""

UNKNOWN: Final = "person"
"""The figure for a name that no line lists."""

_CHARACTERS: Final = """
    pikachu sonic shrek totoro yoda groot minion minions doraemon snoopy garfield stitch kirby
    bluey peppa scooby tigger eeyore winnie nemo dumbo bambi simba
"""
_NO_PEOPLE: Final = frozenset(_CHARACTERS.split())
"""Well-known characters that nobody takes for a person."""

_WORD: Final = r"[A-Z][a-z\u00df-\u00ff]+"
_NAME: Final = re.compile(
    rf"(?<![\w'-])(?P<name>{_WORD}(?: {_WORD}){{0,2}})(?P<owns>['\u2019]s)?(?!\w)"
)
_DOES: Final = frozenset(
    {"walk", "run", "dance", "talk", "sit", "jump", "work", "wave", "eat", "fight", "kick", "throw"}
    | {"push", "climb", "kneel", "lie", "hug"}
)
_VERB: Final = re.compile(
    r" (?:(?:is|was|who|slowly|happily|quietly|calmly|suddenly) ){0,2}(?P<verb>[a-z]+)"
)
_OF_A_PLACE: Final = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]ver|[Tt]he|[Ss]t\.?|[Ss]anta|[Ss]an|Mona)\s$"
)
_BY_AN_ARTIST: Final = re.compile(
    r"\b(?:by|style of|inspired by|works? of|paintings? of)\s$", re.IGNORECASE
)
_AFTER_AN_ARTIST: Final = re.compile(
    r"(?:['\u2019]s)? (?:style |oil )?(?:paintings?|drawings?|prints?|murals?|style)\b"
)
_ARTICLE: Final = re.compile(r"\b(?:an?|the)\s$", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:named|called)\s$")
_WHO: Final = re.compile(r",? (?=(?:the|an?) )")
_LOOKS: Final = re.compile(r" (?:\w+ ){0,2}(?:face|eyes|lips|gaze|smile|stare|hair|expression)\b")
_REACH: Final = 24
"""Letters before a name that say what it is of."""

_MOST_ADJECTIVES: Final = 4
_PLACES: Final = """
    falls bay lake street park church hospital island islands beach bridge castle palace school
    square avenue cathedral statue city airport museum road river tower temple hill mountain
    station harbour harbor valley desert beach canyon peak house hall
"""
_PLACE: Final = frozenset(_PLACES.split())


class _Name(NamedTuple):
    """A name in a prompt: whom it means, or nothing where it names nobody who is seen."""

    start: int
    end: int
    subject: str
    is_known: bool = False
    """Whether the one who has it has been named before."""


def with_names(prompt: str, terms: list[Term]) -> list[Term]:
    """Return the terms with a person for each name of one, and none for a name of an artist."""
    found = list(_names(prompt, terms))
    if not found:
        return terms
    kept = [
        term
        for term in terms
        if not any(term.start < name.end and name.start < term.end for name in found)
    ]
    return joined(prompt, [*kept, *(term for name in found for term in _terms_of(prompt, name))])


def _terms_of(prompt: str, name: _Name) -> Iterator[Term]:
    meaning = Meaning("subject", name.subject) if name.subject else Meaning("style", "")
    term = Term(
        text=prompt[name.start : name.end],
        start=name.start,
        end=name.end,
        meanings=(meaning,),
        language="en",
    )
    if name.is_known:
        the = Meaning("the", "the")
        yield Term(text="the", start=name.start, end=name.start, meanings=(the,), language="en")
    yield term


def _names(prompt: str, terms: list[Term]) -> Iterator[_Name]:
    reader = _NameReader(prompt, terms)
    known: dict[str, str] = {}
    for match in _NAME.finditer(prompt):
        start, end = _start(match), match.end("name")
        words = prompt[start:end].lower().split()
        if reader.is_english and words[0] in known:
            yield _Name(start, end, known[words[0]], is_known=True)
        elif (described := reader.described(start, end, words)) is not None:
            known |= {words[0]: described} if described else {}
            yield _Name(start, end, "")
        elif match["owns"] and not _LOOKS.match(prompt, match.end()):
            if reader.is_english and words[0] in _figures():
                yield _Name(start, end, "")
        elif reader.is_person(start, end, words):
            known[words[0]] = _figures().get(words[0], UNKNOWN)
            yield _Name(start, end, known[words[0]])


class _NameReader:
    """Look at what is before and after a name."""

    def __init__(self, prompt: str, terms: list[Term]) -> None:
        self._prompt, self._terms = prompt, terms
        self._by_start = {term.start: index for index, term in enumerate(terms)}
        self._by_end = {term.end: term for term in terms}
        phrases = (term for term in terms if " " in term.text and term.meaning("subject", "set"))
        self._in_phrases = {at for term in phrases for at in range(term.start, term.end)}
        self.is_english = all(term.language == "en" for term in terms)

    def described(self, start: int, end: int, words: list[str]) -> str | None:
        """
        Return which subject a name is of that the prompt names beside it: ``a girl named Emily``.

        It is empty where nobody is seen, as of the name of an artist; None where there is none.
        """
        before = self._before(start)
        if not self.is_english:
            return None
        paints = _ARTICLE.search(before) and _AFTER_AN_ARTIST.match(self._prompt, end)
        if (paints or _BY_AN_ARTIST.search(before)) and _is_name(words):
            return ""
        named = _NAMED.search(before)
        if named or words[0] in _figures():
            noun = self._by_end.get(start - 1 - len(named.group() if named else ""))
            if named or _subject_of(noun):
                return _subject_of(noun)
        return _subject_of(self._apposition(end)) or None if _is_name(words) else None

    def _apposition(self, end: int) -> Term | None:
        """Return the noun that says who somebody is: ``Mia the mouse``, ``Max, a dog, runs``."""
        opened = _WHO.match(self._prompt, end)
        first = self._by_start.get(opened.end()) if opened else None
        if opened is None or first is None:
            return None
        for term in self._terms[first : first + _MOST_ADJECTIVES]:
            if _subject_of(term):
                closed = self._prompt[term.end : term.end + 1] in {",", ".", ""}
                return term if closed or not opened.group().startswith(",") else None
            if not term.meaning("the", "count", "tint", "size", "modifier"):
                return None
        return None

    def is_person(self, start: int, end: int, words: list[str]) -> bool:
        """Return whether a person is seen who has the name, by its words or by what follows."""
        is_listed = words[0] in _figures()
        before = self._before(start)
        near_place = _OF_A_PLACE.search(before) or (not is_listed and _ARTICLE.search(before))
        if start in self._in_phrases:
            return False  # a Saint Bernard, Big Ben
        after = _VERB.match(self._prompt, end)
        index = self._by_start.get(after.start("verb")) if after else None
        action = self._terms[index].meaning("action") if index is not None else None
        if action is not None and action.form in {"s", "ing", "past"} and action.value in _DOES:
            return _is_name(words) and (is_listed or not near_place)
        return self.is_english and is_listed and not near_place and _PLACE.isdisjoint(words)

    def _before(self, start: int) -> str:
        return self._prompt[max(0, start - _REACH) : start]


def _start(match: re.Match[str]) -> int:
    """Return where the first name begins: not at the title in ``Little Timmy``."""
    words = match["name"].split()
    lead = next((at for at, word in enumerate(words) if word.lower() in _figures()), 0)
    if not all(look_up([word.lower()], "en") for word in words[:lead]):
        return match.start()
    return match.start() + sum(len(word) + 1 for word in words[:lead])


def _subject_of(term: Term | None) -> str:
    meaning = term.meaning("subject") if term is not None else None
    return meaning.value if meaning else ""


@cache
def _figures() -> dict[str, str]:
    """Return the subject for each common first name."""
    rows = (line.split(": ") for line in lines_in(FIRST_NAMES))
    return {name: subject for subject, names in rows for name in names.split(",")}


def _is_name(words: list[str]) -> bool:
    """Return whether the first word is a first name, or no word at all."""
    if words[0] in _figures():
        return True
    if words[0] in _NO_PEOPLE:
        return False
    if look_up(words, "en") or look_up(words[:1], "en"):
        return False
    return not any(
        one in other_words() or one in NOT_VISIBLE["en"] or look_up_rare([one])
        for one in (words[0], *singulars_of(words[0]))
    ) and not words[0].endswith(("ing", "ly", "ed", "thing", "body"))
