"""Accept the names that settings had in the last release, with a warning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rushes.kit.config_layers import Layer

FORMER_NAMES: Final[Mapping[str, str]] = {
    "limits.strangers_per_minute": "limits.anonymous_requests_per_minute",
}
"""The present names of settings by their names in the last release."""

FORMER_CHANNEL_FIELDS: Final[Mapping[str, str]] = {
    "usual_s": "expected_duration_s",
    "look_every_s": "min_poll_interval_s",
    "look_rarest_s": "max_poll_interval_s",
}
"""The same for the fields of a channel."""


def renamed(origin: str, present: str) -> str:
    """Return the warning about a setting with a former name; *origin* says where it is set."""
    return f"{origin} is called {present} now; the next release removes the former name"


def set_twice(present: str) -> str:
    """Return the mistake of a setting that is set by both of its names in one place."""
    return f"is the former name of {present}, which is set too: leave one"


def with_present_names(layer: Layer) -> tuple[Layer, tuple[str, ...]]:
    """Return a layer with the present names of settings, and a warning for each former name."""
    values, spelling = dict(layer.values), dict(layer.spelling)
    mistakes, warnings = list(layer.mistakes), list[str]()
    for old, new in FORMER_NAMES.items():
        if old not in values:
            continue
        value, origin = values.pop(old), spelling.pop(old)
        if new in values:
            mistakes.append(f"{origin}: {set_twice(new)}")
            continue
        values[new], spelling[new] = value, origin
        warnings.append(renamed(origin, new))
    layer = replace(layer, values=values, spelling=spelling, mistakes=tuple(mistakes))
    return layer, tuple(warnings)


def with_present_fields(table: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """Return a channel's fields by their present names, and the former names by the present."""
    written_as = {
        new: old for old, new in FORMER_CHANNEL_FIELDS.items() if old in table and new not in table
    }
    former = set(written_as.values())
    present = {FORMER_CHANNEL_FIELDS[at] if at in former else at: table[at] for at in table}
    return present, written_as
