"""Find the species of an animal's mother, of its young and of its friends in English prompts."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.inflection import singulars_of

_YOUNG: Final = {
    "calf": """elephant giraffe hippopotamus rhinoceros spouting-whale whale dolphin orca moose
        camel bison mammoth reindeer""",
    "cub": """lioness lion tiger polar-bear bear red-panda panda fox wolf leopard cheetah jaguar
        panther hyena raccoon badger""",
    "pup": "sea-lion seal wolf fox otter meerkat hyena bat",
    "chick": "penguin owl flamingo eagle ostrich stork puffin seagull swan goose hawk crow",
    "joey": "kangaroo koala",
    "baby": "",
}
"""Words for the young of animals, and whose they are; ``baby`` is of all of them."""

_GROWN: Final = {
    "calf": "cow",
    "puppy": "dog",
    "kitten": "cat",
    "lamb": "ewe",
    "foal": "horse",
    "piglet": "pig",
    "duckling": "duck",
    "baby-chick": "chicken",
    "tiger-cub": "tiger",
    "lion-cub": "lioness",
    "fawn": "deer",
}
"""The mothers of young animals that have pictures of their own."""

_DRAWN_CUBS: Final = {"lion": "lion-cub", "lioness": "lion-cub", "tiger": "tiger-cub"}
"""The cubs that have pictures of their own; others are small ones of their species."""

_PARENTS: Final = frozenset(
    ["mother", "father", "mom", "mum", "mama", "papa", "dad", "parent", "mate"]
)
_ITS: Final = re.compile(r"\b(?:its|his|her|their)\s+(?:\w+\s+)?$", re.IGNORECASE)
_FRIEND: Final = re.compile(r"\b(?:friend|buddy|companion|neighbou?r|pal)$", re.IGNORECASE)
_NAMED_NEXT: Final = re.compile(r",?\s+the\s+", re.IGNORECASE)
_HALF: Final = 0.5
_ANIMAL_KINDS: Final = frozenset({"animal", "bird", "fish"})


def settle_species(prompt: str, drafts: Sequence[Draft]) -> None:
    """Make ``its mother`` and ``her cubs`` animals of the same species as whose they are."""
    for at, draft in enumerate(drafts):
        words = prompt[draft.start : draft.end].lower()
        *before, last = words.replace("'s", "").split() or [""]
        if draft.subject.id == "bear" and _BEAR_CUBS.search(words) and _has_polar_bear(drafts):
            draft.subject, draft.scale = subjects()["polar-bear"], _HALF
            continue
        species = _own_species(last, " ".join(before)) or _species_of_another(prompt, drafts, at)
        if species is None:
            continue
        drawn = _DRAWN_CUBS.get(species.id) if _singular(last) == "cub" else None
        young = _singular(last) in _YOUNG
        if young and drawn is None and draft.scale == 1.0:
            draft.scale = _HALF
        draft.subject = subjects()[drawn] if drawn else species


def doubled_friend(prompt: str, drafts: Sequence[Draft]) -> int | None:
    """Return the place of ``his friend`` in ``his friend the mole``: the mole is who is there."""
    for at, (draft, following) in enumerate(pairwise(drafts)):
        named = _NAMED_NEXT.match(prompt, draft.end)
        is_friend = _FRIEND.search(prompt[draft.start : draft.end])
        is_general = is_friend and draft.subject.id == "person-standing"
        if is_general and named and following.start <= named.end():
            return at
    return None


_BEAR_CUBS: Final = re.compile(
    "osezn|ourson|\u043c\u0435\u0434\u0432\u0435\u0436\u0430\u0442|ursinho|bärchen"
)
"""Spanish, French, Russian, Portuguese and German words for the young of a bear."""


def _has_polar_bear(drafts: Sequence[Draft]) -> bool:
    return any(draft.subject.id == "polar-bear" for draft in drafts)


def _singular(word: str) -> str:
    return next(singulars_of(word), word)


@cache
def _animals() -> tuple[str, ...]:
    named = (one.id for one in subjects().values() if one.kind in _ANIMAL_KINDS)
    return tuple(sorted(named, key=len, reverse=True))  # a polar bear before a bear


def _own_species(last: str, before: str) -> Subject | None:
    """Return the species that the words name themselves: ``a lion cub``, ``a cheetah mother``."""
    named, word = f" {before} ", _singular(last)
    for one in _animals() if word in _PARENTS else _YOUNG.get(word, "").split():
        if f" {one.replace('-', ' ')} " in named and one in subjects():
            return subjects()[one]
    return None


def _species_of_another(prompt: str, drafts: Sequence[Draft], at: int) -> Subject | None:
    draft = drafts[at]
    word = _singular(prompt[draft.start : draft.end].lower().split()[-1].replace("'s", ""))
    owned = _ITS.search(prompt[: draft.start]) or _ITS.match(prompt[draft.start : draft.end])
    others = [one for one in drafts[:at] if kinds.is_alive(one.subject)]
    if word in _PARENTS or word == "baby":
        last = others[-1].subject if others else None
        if last is None or not owned or last.kind not in _ANIMAL_KINDS:
            return None
        return subjects()[_GROWN.get(last.id, last.id)]
    known = _YOUNG.get(word, "").split()
    around = [*reversed(others), *drafts[at + 1 :]]
    return next((one.subject for one in around if one.subject.id in known), None)
