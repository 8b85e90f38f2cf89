"""Field types and JSON Schema parts that several dialects use in their wire formats."""

from typing import Any, Final

from rushes.http.openapi import VALUES

HTTP_URL: Final = r"^https?://[A-Za-z0-9\[][^\s]*$"
"""Matches an http(s) URL."""

PICTURE: Final = r"^(https?://[A-Za-z0-9\[][^\s]*|data:[^\s,]*,[^\s]*)$"
"""Matches an http(s) URL or a data URI."""


def offered(mark: str) -> dict[str, Any]:
    """Return the mark of values that only a running server knows; see ``http.openapi``."""
    return {VALUES: mark}


def one_of(*names: str) -> dict[str, Any]:
    """Return the schema of an object that has exactly one of these text fields."""
    return {
        "oneOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]
    }
