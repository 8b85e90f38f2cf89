"""
Keep NUL characters in texts, which PostgreSQL refuses and SQLite does not.

Callers may name a file with one. DLE, another control character, introduces what stands for it.
"""

from typing import Any, Final

from psycopg.adapt import Buffer
from psycopg.types.string import TextLoader
from typing_extensions import override

_DLE: Final = "\x10"


def storable(value: Any) -> Any:
    """Return a parameter without NUL; everything but texts and lists of texts as it is."""
    if isinstance(value, str):
        return _escaped(value) if "\0" in value or _DLE in value else value
    if isinstance(value, list):
        return [storable(one) for one in value]  # pyright: ignore[reportUnknownVariableType]  # whatever a column holds
    return value


def _escaped(text: str) -> str:
    return text.replace(_DLE, _DLE + _DLE).replace("\0", _DLE + "0")


def original(text: str) -> str:
    """Return the text that :func:`storable` was given."""
    if _DLE not in text:
        return text
    return _DLE.join(part.replace(_DLE + "0", "\0") for part in text.split(_DLE + _DLE))


class NulLoader(TextLoader):
    """Reads texts as they were given."""

    @override
    def load(self, data: Buffer) -> str:
        return original(bytes(data).decode())
