"""Values by dotted name from several places, each remembered with how that place spells it."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from rushes.kit.toml_lines import line_of, lines

Place = Callable[..., str]
"""Spells the place of a value, which is given by its keys: ``place("server", "port")``."""


def _nowhere(*keys: str) -> str:
    return ".".join(keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one place says."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    spelling: dict[str, str] = field(default_factory=dict[str, str])
    """Dotted name to what a person would look for, e.g. ``app.toml:3: server.port``."""

    mistakes: tuple[str, ...] = ()
    """What that place says and nobody understands, a sentence each."""

    apart: dict[str, Any] = field(default_factory=dict[str, Any])
    """Whole tables that somebody else reads, by name."""

    place: Place = _nowhere
    """Spells the places of what is in :attr:`apart`."""


def from_flags(given: Mapping[str, object], spell: Callable[[str], str]) -> Layer:
    """Return the values that were given by dotted name; None stands for not given."""
    values = {name: value for name, value in given.items() if value is not None}
    return Layer(values=values, spelling={name: spell(name) for name in values})


def from_variables(
    environ: Mapping[str, str], *, prefix: str, names: Collection[str], spell: Callable[[str], str]
) -> Layer:
    """Return what the variables that begin with *prefix* say; an empty one says nothing."""
    known = {spell(name): name for name in names}
    given = {k: v for k, v in environ.items() if k.startswith(prefix) and v != ""}
    return Layer(
        values={known[k]: v for k, v in given.items() if k in known},
        spelling={known[k]: k for k in given if k in known},
        mistakes=tuple(f"{k}: {unknown(k, known)}" for k in given if k not in known),
    )


def from_toml(path: Path, *, names: Collection[str], apart: Collection[str] = ()) -> Layer:
    """
    Return what a TOML file says; one that cannot be read is a mistake, too.

    Args:
        names: The dotted names that there are.

        apart: Names at the top of which everything is left to somebody else.
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
    """Return one tree of values, of which later layers win, and how each is spelled."""
    tree: dict[str, Any] = {}
    spelling: dict[str, str] = {}
    for layer in layers:
        spelling |= layer.spelling
        for name, value in layer.values.items():
            group, _, leaf = name.rpartition(".")
            (tree.setdefault(group, {}) if group else tree)[leaf] = value
    return tree, spelling


def unknown(name: str, known: Collection[str]) -> str:
    """Return the sentence about a name that is none of the *known*, with what was likely meant."""
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
