"""Take an animal in the role of a person for one animal: a mouse knight, a cat as a cook."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.animal_families import settle_species
from rushes.engines.animatic.planning.casting_drafts import Draft, Reading, take_out

_ANIMALS: Final = frozenset({"animal", "bird", "insect", "fish"})

_WITH_ANIMALS: Final = frozenset(
    {"farmer", "woman-farmer", "man-farmer", "hunter", "fisherman", "angler", "shepherd", "butcher"}
    | {
        "photographer",
        "health-worker",
        "cowboy",
        "cowgirl",
        "beekeeper",
        "bullfighter",
        "cameraman",
    }
    | {"woman", "man", "person", "person-standing", "person-walking", "girl", "boy", "child"}
    | {"baby", "toddler", "old-man", "old-woman", "older-person", "tourist", "dancer", "gardener"}
    | {"courier", "guard", "jockey", "doctor", "athlete", "businessman", "businesswoman", "tamer"}
)
"""People before whose name an animal is rather what they work with, as in ``pig farmer``."""

_AS: Final = re.compile(
    r"[-\u2010\u2011\u30fb]|の|姿の|"
    r"\s+(?:dressed (?:up )?)?as (?:an? )?|\s+als (?:eine?n? )?(?:verkleidet\w* )?"
    r"|\s+(?:vestid[oa]|disfrazad[oa]|fantasiad[oa]) de |\s+déguisée? en |\s+comme un "
)
"""What is between an animal and the person whose role it plays."""

_YOUNG_OF: Final = re.compile(r"(?:の)?")
_HALF: Final = 0.5


def plays_role(animal: Subject, person: Subject) -> bool:
    """Return whether the two nouns beside each other are one animal, as in ``a fox detective``."""
    return animal.kind in _ANIMALS and kinds.is_person(person) and person.id not in _WITH_ANIMALS


def is_young(person: Subject, animal: Subject) -> bool:
    """Return whether a baby beside an animal is that animal: ``아기 판다``."""
    return person.id == "baby" and animal.kind in _ANIMALS


def settle_animals(prompt: str, reading: Reading) -> None:
    """Decide which animals there are: in a role, as a mother, as the young of another."""
    _join_roles(prompt, reading)
    settle_species(prompt, reading.drafts)


def _join_roles(prompt: str, reading: Reading) -> None:
    """Make one animal of an animal and the person, or the baby, that it is said to be."""
    at = _first_pair(prompt, reading.drafts)
    while at is not None:
        first, second = reading.drafts[at], reading.drafts[at + 1]
        first_is_animal = first.subject.kind in _ANIMALS
        animal, other = (first, second) if first_is_animal else (second, first)
        if other.subject.id == "baby":
            animal.scale = _HALF
            animal.start, animal.end = first.start, second.end
        else:
            words = animal.subject.id.replace("-", " ")
            reason = f"Only the {words} of these words is drawn."
            reading.not_shown.append((other.start, other.end, reason))
        if animal.action is None and other.action is not None:
            animal.action = kinds.suited([other.action], animal.subject)
            animal.verb = other.verb
        take_out(reading, at + 1 if first_is_animal else at)
        at = _first_pair(prompt, reading.drafts)


def _first_pair(prompt: str, drafts: Sequence[Draft]) -> int | None:
    for at, (first, second) in enumerate(pairwise(drafts)):
        gap = prompt[first.end : second.start]
        one, other = first.subject, second.subject
        baby = is_young(one, other) or is_young(other, one)
        if baby and _YOUNG_OF.fullmatch(gap):
            return at
        if plays_role(one, other) and _AS.fullmatch(gap):
            return at
    return None
