"""Parse lists and tables from strings: with commas, or as JSON."""

import json
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from rushes.service.catalogue import ALIASES, MODELS


def _listed(value: object) -> object:
    """Read a list from ``a, b`` or from JSON, for environment variables."""
    if not isinstance(value, str):
        return value
    read = _json(value, "[")  # which an address such as [fd00::1]:9000 is not
    return value.split(",") if read is None else read


def _paired(value: object) -> object:
    """Read a table from ``a=b, c=d`` or from JSON, for environment variables."""
    if not isinstance(value, str):
        return value
    if (read := _json(value, "{")) is not None:
        return read
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if not all(equals for _, equals, _ in pairs):
        raise ValueError("must be like 'ours=ray-2, theirs=ray-3', or an object in JSON")
    return {name.strip(): model.strip() for name, _, model in pairs}


def _json(text: str, begin: str) -> object:
    """Return the value of a JSON text that starts with *begin*; None for any other text."""
    try:
        return json.loads(text) if text.lstrip().startswith(begin) else None
    except ValueError:
        return None


def _stripped(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for part in entries if part.strip())


def _aliases(table: dict[str, str]) -> dict[str, str]:
    for name, model in table.items():
        if model in ALIASES:
            raise ValueError(f"{model} is another name of {ALIASES[model]}; write that")
        if name in MODELS:
            raise ValueError(f"{name} is a model itself")
    return table


def _lowered(name: object) -> object:
    """Normalize a name as requests do."""
    return name.strip().lower() if isinstance(name, str) else name


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_stripped)]
Alias = Annotated[str, BeforeValidator(_lowered), Field(min_length=1, max_length=200)]
Aliases = Annotated[dict[Alias, Alias], BeforeValidator(_paired), AfterValidator(_aliases)]
