"""Serialize values as JSON for a column, and parse them."""

from functools import cached_property
from typing import Any, Generic, TypeVar

from rushes.core.errors import StoreError

T = TypeVar("T")


class Stored(Generic[T]):
    """
    Serializes and parses values of one type.

    It imports pydantic on first use: commands about keys do not need it, and its import takes
    longer than such a command.
    """

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> Any:
        from pydantic import TypeAdapter  # noqa: PLC0415  # see the class

        return TypeAdapter(self._kind)

    def dump(self, value: T) -> bytes:
        """Return a value as JSON."""
        return bytes(self._adapter.dump_json(value, warnings="error"))

    def load(self, text: bytes | str) -> T:
        """
        Return the value whose JSON is *text*.

        Raises:
            StoreError: It cannot be read, for example because a newer version wrote it.
        """
        try:
            value: T = self._adapter.validate_json(text, strict=True)
        except ValueError as error:  # pydantic's ValidationError is one
            raise StoreError(
                "a stored value cannot be read; a newer version of rushes may have written it"
            ) from error
        return value
