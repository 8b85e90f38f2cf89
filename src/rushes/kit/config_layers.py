"""Merge configuration values from flags, variables and a TOML file, with the origin of each."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from rushes.kit.toml_lines import line_of, lines

Place = Callable[..., str]
"""Describes the origin of a value by its keys: ``place("server", "port")``."""


def _nowhere(*keys: str) -> str:
    return ".".join(keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The values of one source."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    spelling: dict[str, str] = field(default_factory=dict[str, str])
    """The origin of each value, by dotted name, as in ``app.toml:3: server.port``."""

    mistakes: tuple[str, ...] = ()
    """Unknown or unreadable entries, one sentence each."""

    apart: dict[str, Any] = field(default_factory=dict[str, Any])
    """Whole tables that other code parses, by name."""

    place: Place = _nowhere
    """Describes the origins of values in :attr:`apart`."""


def from_flags(given: Mapping[str, object], spell: Callable[[str], str]) -> Layer:
    """Return the layer of command line flags, by dotted name; None means not given."""
    values = {name: value for name, value in given.items() if value is not None}
    return Layer(values=values, spelling={name: spell(name) for name in values})


def from_variables(
    environ: Mapping[str, str], *, prefix: str, names: Collection[str], spell: Callable[[str], str]
) -> Layer:
    """Return the layer of the variables that begin with *prefix*; empty ones do not count."""
    known = {spell(name): name for name in names}
    given = {k: v for k, v in environ.items() if k.startswith(prefix) and v != ""}
    return Layer(
        values={known[k]: v for k, v in given.items() if k in known},
        spelling={known[k]: k for k in given if k in known},
        mistakes=tuple(f"{k}: {unknown(k, known)}" for k in given if k not in known),
    )


def from_toml(path: Path, *, names: Collection[str], apart: Collection[str] = ()) -> Layer:
    """
    Return the layer of a TOML file; an unreadable file becomes a mistake of the layer.

    Args:
        names: The valid dotted names.

        apart: Names of top-level tables that other code parses.
    """
    try:
        text = path.read_text(encoding="utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        return Layer(mistakes=(f"{path}: cannot be read: {error.strerror}",))
    except UnicodeDecodeError as error:
        return Layer(mistakes=(f"{path}: is not TOML: {error}",))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        return Layer(mistakes=(f"{path}{f':{at[1]}' if at else ''}: is not TOML: {error}",))
    known = lines(text)

    def place(*keys: str) -> str:
        line = line_of(known, keys)
        return f"{path}{f':{line}' if line else ''}: {'.'.join(keys)}"

    others = {name: tree.pop(name) for name in apart if name in tree}
    found = {".".join(keys): (keys, value) for keys, value in _flat(tree, names)}
    return Layer(
        values={name: value for name, (_, value) in found.items() if name in names},
        spelling={name: place(*keys) for name, (keys, _) in found.items() if name in names},
        mistakes=tuple(
            f"{place(*keys)}: {unknown(name, names)}"
            for name, (keys, _) in found.items()
            if name not in names
        ),
        apart=others,
        place=place,
    )


def merged(layers: Iterable[Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """Merge layers, later ones win; return the tree of values, and the origin of each."""
    tree: dict[str, Any] = {}
    spelling: dict[str, str] = {}
    for layer in layers:
        spelling |= layer.spelling
        for name, value in layer.values.items():
            group, _, leaf = name.rpartition(".")
            (tree.setdefault(group, {}) if group else tree)[leaf] = value
    return tree, spelling


def unknown(name: str, known: Collection[str]) -> str:
    """Return the error message for an unknown name, with the closest of the *known* names."""
    close = get_close_matches(name, known, n=1)
    return "there is no such setting" + (f"; did you mean {close[0]}?" if close else "")


def _flat(
    tree: Mapping[str, object], names: Collection[str], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in tree.items():
        if isinstance(value, dict) and ".".join((*above, key)) not in names:  # else a whole table
            yield from _flat(cast("dict[str, object]", value), names, (*above, key))
        else:
            yield (*above, key), value
