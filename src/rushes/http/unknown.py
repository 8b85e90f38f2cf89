"""
Refuse unknown fields of a body, or ignore and report them.

A field is ignored only if the result is still what the caller wants to see. A field that brings a
picture, a video or a sound is an error under any settings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

HEADER: Final = "X-Ignored-Fields"
"""Lists the ignored fields, with commas; other characters are percent-encoded."""

MOST: Final = 20
"""The most ignored fields of one body; a body with more is meant for another API."""

LONGEST_NAME: Final = 100

_MATERIAL: Final = re.compile(
    r"(?:image|img|picture|photo|frame|keyframe|video|clip|footage|mask|media|asset|file"
    r"|url|uri|link|ref|reference|source|init|start|end|first|last|tail"
    r"|character|subject|identity|face|element|audio|sound|music|voice|speech|lora)s?"
)
"""Words in the names of fields that bring a picture, a video or a sound."""

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ADDRESS: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|data:)", re.IGNORECASE)
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9+/_=\s-]{200,}")
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]+)?\s*")

Place = tuple[int | str, ...]


class Unknown:
    """
    The unknown fields of one body.

    Args:
        reports: Whether harmless fields are ignored and reported instead of refused.
    """

    def __init__(self, *, reports: bool = False) -> None:
        self.reports = reports
        self.ignored: list[str] = []
        """The paths of the ignored fields, with dots, as the caller spelled them."""

    def strip(self, model: type[BaseModel], error: ValidationError, value: object) -> object | None:
        """
        Return *value* without its unknown fields, and note them; None if *error* has other causes.

        Raises:
            ValidationError: An unknown field must not be ignored.
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
        """Note ignored fields, up to the limits of a report."""
        self.ignored += [name[:LONGEST_NAME] for name in names[: MOST - len(self.ignored)]]

    @property
    def header(self) -> str:
        """The ignored fields as the value of a header; empty if there are none."""
        return ", ".join(quote(name, safe="._-[]", errors="replace") for name in self.ignored)


def may_be_ignored(place: Place, value: object) -> bool:
    """Tell whether the result without a field is still what the caller wants to see."""
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
    """Yield every text in a JSON value, whose depth the parser limits to 200."""
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
    """Yield each container on the path to a place, with the key or index that leads on."""
    for part in place:
        if isinstance(value, dict) and part in value:
            yield value, part
            value = cast("dict[int | str, object]", value)[part]
        elif isinstance(value, list) and isinstance(part, int):
            yield value, part
            value = cast("list[object]", value)[part]
        # Anything else is pydantic's mark of a union member, which is not in the body.


def _at(value: object, place: Place) -> object:
    for container, part in _steps(value, place):
        value = container[part]
    return value


def _spelled(value: object, place: Place) -> str:
    return ".".join(str(part) for _, part in _steps(value, place))


def _without(value: object, place: Place) -> object:
    """Delete the field at a place of *value*, which the caller owns, and return *value*."""
    *_, (container, part) = _steps(value, place)
    if part == place[-1]:
        del container[part]
    return value


def _refusal(model: type[BaseModel], found: Sequence[tuple[Place, object]]) -> ValidationError:
    known = ", ".join(model.model_fields)
    message = (
        "This field is unknown, and the result without it would be something else;"
        f" the known fields are {known}"
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
