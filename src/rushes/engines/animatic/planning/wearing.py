"""Choose the figure of a person who wears clothes, a veil or a hair style."""

from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject, people, subjects
from rushes.engines.animatic.cast.clothes import ON_ANIMALS, WORN
from rushes.engines.animatic.cast.garments import GARMENTS, is_garment

_WORN: Final = {
    ("woman", "dress", "#d32f2f"): "woman-in-red-dress",
    ("woman", "dress", "#7b1e28"): "woman-in-red-dress",
    ("woman", "dress", "#fafafa"): "woman-in-white-dress",
    ("woman", "dress", ""): "woman-in-white-dress",
    ("woman", "kimono", ""): "woman-in-kimono",
    ("woman", "coat", ""): "woman-in-coat",
    ("woman", "scarf", ""): "woman-with-headscarf",
    ("man", "coat", ""): "man-in-coat",
    ("man", "top-hat", ""): "man-with-hat",
    ("man", "womans-hat", ""): "man-with-hat",
}
"""Who in which clothes is a figure of its own; without a colour the figure is tinted."""

WHITE: Final = "#fafafa"
BLACK: Final = "#212121"


def with_veil(subject: Subject, *, is_white: bool = False) -> Subject:
    """
    Return the person with a veil.

    Args:
        is_white: The veil stays white where the person has a colour.
    """
    male = subject.id.startswith(("man", "boy", "old-man"))
    if male:
        return subjects()["man-with-veil"]
    return subjects()["bride" if is_white else "woman-with-veil"]


def with_hair(subject: Subject, hair: str) -> Subject:
    """Return the person with such hair; the same person where there is no such picture."""
    who = subject.id.partition("-")[0]
    plain = who in {"woman", "man", "person"} and subject.id in {who, f"{who}-standing"}
    if not hair or not plain:
        return subject
    return subjects().get(f"{who}-{hair}", subject)


def dressed(subject: Subject, clothes: Subject, tint: str | None) -> Subject | None:
    """Return the figure of a person in such clothes; None where there is none."""
    who = "man" if subject.id.startswith(("man", "boy")) else "woman"
    if subject.id not in {who, f"{who}-standing", f"{who}-walking"}:
        return None
    known = _WORN.get((who, clothes.id, tint or "")) or _WORN.get((who, clothes.id, ""))
    return subjects().get(known or "")


_HATS: Final = frozenset(
    {"womans-hat", "top-hat", "billed-cap", "crown", "military-helmet", "cowboy-hat", "hard-hat"}
    | {"motorcycle-helmet", "pirate-hat", "viking-helmet", "sailor-hat", "captain-hat", "chef-hat"}
)
_WITH_HATS: Final = frozenset({"snowman", "snowman-without-snow"})
"""Those without a drawn body whose picture has a hat on."""


def has_on(subject: Subject, clothes: Subject, tint: str | None) -> bool:
    """Return whether the figure of a person wears such clothes anyway, as a knight a helmet."""
    if tint is not None:
        return False
    if subject.id in _WITH_HATS and clothes.id in _HATS:
        return True
    person = people().get(subject.id)
    if person is None:
        return False
    if clothes.id in GARMENTS and GARMENTS[clothes.id].cut == person.garment:
        return True
    if clothes.id in _HATS and (person.hat or person.garment == "armour"):
        return True
    return any(part.partition(":")[0] == clothes.id for part in person.extra)


def can_put_on(subject: Subject, clothes: Subject) -> bool:
    """Return whether such clothes are drawn on such a wearer."""
    on_animal = clothes.id in ON_ANIMALS and subject.kind in {"animal", "bird"}
    return clothes.id in WORN or is_garment(clothes.id, subject) or on_animal


def is_on_each(subject: Subject, clothes: Subject) -> bool:
    """Return whether all of several who wear such clothes are drawn in them."""
    return is_garment(clothes.id, subject)


def covers(clothes: Subject) -> bool:
    """Return whether its colour is the colour of the whole figure."""
    return clothes.id in {
        "dress",
        "coat",
        "kimono",
        "t-shirt",
        "sari",
        "lab-coat",
        "womans-clothes",
    }
