"""Parse ``[channels.NAME.can]``: an operator's corrections of a channel's capabilities."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, cast, get_type_hints

from pydantic import TypeAdapter, ValidationError

from rushes.core.capabilities import Capabilities
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX, STILL_SIZES, UPSCALED_PX
from rushes.kit.config_layers import unknown

CAPABILITY_NAMES: Final = tuple(field.name for field in fields(Capabilities))
"""The fields of :class:`core.capabilities.Capabilities`, which are those of the table."""

_TYPES: Final[Mapping[str, Any]] = get_type_hints(Capabilities)
_KNOWN: Final[Mapping[str, Iterable[str]]] = {
    "resolutions": SHORT_SIDES_PX,
    "ratios": RATIOS,
    "still_ratios": STILL_SIZES,
    "still_formats": ("jpg", "png"),
    "upscales": UPSCALED_PX,
}
_MUST_BE: Final[Mapping[type, str]] = {bool: "true or false", float: "a number", int: "a number"}


def parse_capabilities(table: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the capabilities in *table*, and its mistakes: field names with sentences."""
    if not isinstance(table, dict):
        return {}, [("", "must be a table, [channels.NAME.can]")]
    capabilities: dict[str, Any] = {}
    mistakes: list[tuple[str, str]] = []
    for name, value in cast("dict[str, object]", table).items():
        if name not in CAPABILITY_NAMES:
            mistakes.append((name, unknown(name, CAPABILITY_NAMES)))
            continue
        try:
            capabilities[name] = TypeAdapter(_TYPES[name]).validate_python(value)
        except ValidationError as error:
            mistakes.append((name, _sentence(name, value, error)))
            continue
        mistakes += [(name, why) for why in _wrong(name, capabilities[name])]
    return capabilities, mistakes


def _sentence(name: str, value: object, error: ValidationError) -> str:
    kind = _TYPES[name]
    if kind in _MUST_BE:
        return f"must be {_MUST_BE[kind]}, not {value!r}"
    if not isinstance(value, list):
        return f"must be a list, not {value!r}"
    detail = error.errors()[0]
    message = detail["msg"].replace("Input should be", "must be")
    return f"{message}, not {detail['input']!r}"


def _wrong(name: str, value: Any) -> Iterable[str]:
    known = _KNOWN.get(name)
    if known is not None:
        for one in value:
            if one not in known:
                yield f"must be of {', '.join(known)}, not {one!r}"
    if name == "kinds" and not value:
        yield "must name one kind at least"
    numbers = value if name == "durations_s" else (value,) if name.startswith("source_") else ()
    if any(not 0 < one < 1e12 for one in numbers):
        yield f"must be more than 0, not {value!r}"
