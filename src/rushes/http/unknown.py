"""
Fields of a body that no shape lists: refused, or left out and told of.

A field is left out only where that cannot hide what the caller wanted to see: one that brings a
picture, a video or a sound of its own stays an error, whatever the settings say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

HEADER: Final = "X-Ignored-Fields"
"""Names what was left out, with commas; what a header cannot carry is percent-encoded."""

MOST: Final = 20
"""How many fields of one body may be left out; more are a body of some other API."""

LONGEST_NAME: Final = 100

_MATERIAL: Final = re.compile(
    r"(?:image|img|picture|photo|frame|keyframe|video|clip|footage|mask|media|asset|file"
    r"|url|uri|link|ref|reference|source|init|start|end|first|last|tail"
    r"|character|subject|identity|face|element|audio|sound|music|voice|speech|lora)s?"
)
"""A word in the name of a field that brings something to see or to hear."""

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ADDRESS: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|data:)", re.IGNORECASE)
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9+/_=\s-]{200,}")
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]+)?\s*")

Place = tuple[int | str, ...]


class Unknown:
    """
    What of one body is not known here.

    Args:
        reports: Whether harmless fields are left out and told of, rather than refused.
    """

    def __init__(self, *, reports: bool = False) -> None:
        self.reports = reports
        self.ignored: list[str] = []
        """The fields that were left out, with dots, as the caller spelled them."""

    def strip(self, model: type[BaseModel], error: ValidationError, value: object) -> object | None:
        """
        Return *value* without its unknown fields, having noted them; None if *error* stands.

        Raises:
            ValidationError: An unknown field must not be left out.
        """
        places = _extra(error)
        if not self.reports or not places or len(places) > MOST:
            return None
        kept = [place for place in places if not may_be_ignored(place, _at(value, place))]
        if kept:
            raise _refusal(model, [(place, _at(value, place)) for place in kept])
        self.note([_spelled(value, place) for place in places])
        for place in places:
            value = _without(value, place)
        return value

    def note(self, names: Sequence[str]) -> None:
        """Note fields that were left out, as far as they can be told of."""
        self.ignored += [name[:LONGEST_NAME] for name in names[: MOST - len(self.ignored)]]

    @property
    def header(self) -> str:
        """The names as a header tells them; empty where there are none."""
        return ", ".join(quote(name, safe="._-[]", errors="replace") for name in self.ignored)


def may_be_ignored(place: Place, value: object) -> bool:
    """Tell whether what is made without a field is still what its sender wants to see."""
    name = str(place[-1])
    if len(name) > LONGEST_NAME:
        return False
    if value is None or value is False or value in ("", [], {}):
        return True
    if any(_ADDRESS.match(text) or _PAYLOAD.fullmatch(text) for text in _texts(value)):
        return False
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return True
    return not any(_MATERIAL.fullmatch(word.lower()) for word in _WORDS.findall(name))


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a JSON value; JSON is at most 200 deep here."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _texts(inner)


def _extra(error: ValidationError) -> list[Place]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [one["loc"] for one in found if one["type"] == "extra_forbidden"]


def _steps(value: object, place: Place) -> Iterator[tuple[Any, int | str]]:
    """Yield each container on the way to a place, and what leads on from it."""
    for part in place:
        if isinstance(value, dict) and part in value:
            yield value, part
            value = cast("dict[int | str, object]", value)[part]
        elif isinstance(value, list) and isinstance(part, int):
            yield value, part
            value = cast("list[object]", value)[part]
        # Anything else is the mark of one of several shapes, which is not in the body.


def _at(value: object, place: Place) -> object:
    for container, part in _steps(value, place):
        value = container[part]
    return value


def _spelled(value: object, place: Place) -> str:
    return ".".join(str(part) for _, part in _steps(value, place))


def _without(value: object, place: Place) -> object:
    """Return *value*, which nobody else holds, without what lies at a place."""
    *_, (container, part) = _steps(value, place)
    if part == place[-1]:
        del container[part]
    return value


def _refusal(model: type[BaseModel], found: Sequence[tuple[Place, object]]) -> ValidationError:
    known = ", ".join(model.model_fields)
    message = (
        "This field is not known here, and what is made without it would be something else;"
        f" known are {known}"
    )
    return ValidationError.from_exception_data(
        model.__name__,
        [
            InitErrorDetails(
                type=PydanticCustomError("extra_forbidden", "{message}", {"message": message}),
                loc=place,
                input=value,
            )
            for place, value in found
        ],
    )
