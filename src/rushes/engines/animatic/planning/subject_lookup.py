"""Look up which subject of the catalogue a noun means, and what a negative prompt excludes."""

from typing import Final

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.casting import CastReader
from rushes.engines.animatic.planning.lexicon import DRAWN_BY_SETS
from rushes.engines.animatic.planning.reading import terms_of

_ANYONE: Final = frozenset({"person", "person-standing"})


def find_subject(noun: str) -> str | None:
    """
    Return the name in the catalogue of what a noun means, by the rules that read prompts.

    None where nothing comes near it, and for what a set draws itself, such as the sun.
    """
    name = noun.strip().lower().replace("_", "-").replace(" ", "-")
    if name in subjects():
        return None if name in DRAWN_BY_SETS else name
    words = noun.replace("_", " ").replace("-", " ")
    drafts = CastReader(words, terms_of(words)).read().drafts
    return drafts[0].subject.id if drafts else None


def excluded_by(negative_prompt: str | None) -> frozenset[tuple[str, str]]:
    """Return what a negative prompt excludes: pairs such as ``("subject", "dog")``."""
    if not negative_prompt:
        return frozenset()
    found = {(one.kind, one.value) for term in terms_of(negative_prompt) for one in term.meanings}
    if any(kind in {"group", "people"} or value in _ANYONE for kind, value in found):
        found |= {("subject", one.id) for one in subjects().values() if one.kind == "person"}
    for kind, value in list(found):
        if kind == "cast":
            found |= {("subject", part) for part in value.split(" + ")}
    return frozenset(found)
