"""Take a capitalised word that no table lists for a person where a verb of persons follows."""

import re
from collections.abc import Iterator
from typing import Final

from rushes.engines.animatic.planning.inflection import singulars_of
from rushes.engines.animatic.planning.lexicon import Meaning, look_up, look_up_rare, other_words
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.reading import Term

_WOMEN: Final = """
    amelia emma olivia ava sophia isabella mia charlotte emily elizabeth mary anna sarah jane kate
    taylor jennifer jessica alice lucy sophie marie julia maria laura lisa linda susan karen nancy
    helen ruth grace chloe zoe ella rachel rebecca hannah abigail megan scarlett beyonce rihanna
    marilyn angelina billie ariana kim katy adele elsa luna cleopatra yuki sakura mei priya fatima
"""
_MEN: Final = """
    kanye elon donald joe barack tom tim john james robert michael william david richard thomas
    charles daniel matthew mark paul andrew peter jack harry george henry leo brad johnny keanu
    morgan leonardo ryan chris will snoop elvis albert isaac steve bill jeff vladimir jacob luke
    joshua alex sam ben max oliver noah liam ethan lucas pedro juan carlos jose hans kenji ali
    mohammed ahmed omar ivan boris dmitry hiroshi raj luca marco pierre walter jesse obama
    trump messi ronaldo
"""
_WHO: Final = ((_WOMEN, "woman"), (_MEN, "man"))
_KNOWN: Final[dict[str, str]] = {name: who for names, who in _WHO for name in names.split()}

_CHARACTERS: Final = """
    pikachu sonic shrek totoro yoda groot minion minions doraemon snoopy garfield stitch kirby
    bluey peppa scooby tigger eeyore winnie nemo dumbo bambi simba
"""
_NO_PEOPLE: Final = frozenset(_CHARACTERS.split())
"""Well-known characters that nobody takes for a person."""

_NAME: Final = re.compile(
    r"(?<![\w'-])(?P<name>[A-Z][a-z\u00df-\u00ff]+(?: [A-Z][a-z\u00df-\u00ff]+){0,2})"
    r"(?= (?:(?:is|was|who|slowly|happily|quietly|calmly|suddenly) ){0,2}(?P<verb>[a-z]+))"
)
_DOES: Final = frozenset({"walk", "run", "dance", "talk", "sit", "jump", "work", "wave"})
_PLACES: Final = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]f|[Oo]ver|[Tt]he)\s$")


def with_names(prompt: str, terms: list[Term]) -> list[Term]:
    """Return the terms with a person for each name of one: ``Amelia dances in the rain``."""
    found = list(_names(prompt, terms))
    if not found:
        return terms
    kept = [
        term
        for term in terms
        if not any(term.start < name.end and name.start < term.end for name in found)
    ]
    return sorted([*kept, *found], key=lambda term: term.start)


def _names(prompt: str, terms: list[Term]) -> Iterator[Term]:
    verbs = {term.start: term for term in terms}
    for match in _NAME.finditer(prompt):
        words = match["name"].lower().split()
        verb = verbs.get(match.start("verb"))
        action = verb.meaning("action") if verb is not None else None
        near_place = _PLACES.search(prompt[: match.start()]) and words[0] not in _KNOWN
        does = action is not None and action.form in {"s", "ing", "past"} and action.value in _DOES
        if not does or near_place or not _is_name(words):
            continue
        who = _KNOWN.get(words[0]) or ("woman" if words[0].endswith("a") else "man")
        start, end = match.span("name")
        yield Term(
            text=match["name"],
            start=start,
            end=end,
            meanings=(Meaning("subject", who),),
            language="en",
            breaks=_breaks(prompt, start, terms),
        )


def _breaks(prompt: str, start: int, terms: list[Term]) -> bool:
    """Return whether a sentence ends between the word before a name and the name."""
    before = max((term.end for term in terms if term.end <= start), default=0)
    return any(sign in prompt[before:start] for sign in ".!?;")


def _is_name(words: list[str]) -> bool:
    """Return whether the first word is a first name, or no word at all."""
    if words[0] in _KNOWN:
        return True
    if words[0] in _NO_PEOPLE:
        return False
    if look_up(words, "en") or look_up(words[:1], "en"):
        return False
    return not any(
        one in other_words() or one in NOT_VISIBLE["en"] or look_up_rare([one])
        for one in (words[0], *singulars_of(words[0]))
    ) and not words[0].endswith(("ing", "ly", "ed", "thing", "body"))
