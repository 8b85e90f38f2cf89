"""Define the seam to media stores, which keep finished files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of the media store."""

    key: str
    used_at: datetime
    """When the file was last put or touched; for a folder, when its entries last changed."""


class MediaStore(Protocol):
    """
    Keeps finished files under keys like ``<generation id>/video.mp4``.

    The promises below are checked for every implementation by
    ``tests/contract/test_media.py``.
    """

    async def put(self, key: str, file: Path) -> int:
        """
        Store *file* under *key*, synced to disk; return its size in bytes.

        Readers see the whole file or none, whatever happens to *file* afterwards. A second put
        replaces the first; a reader of the first still reads it to its end.

        Raises:
            MediaError: It could not be stored, or *key* is not valid. Nothing has changed under
                *key*.
        """
        ...

    async def put_bytes(self, key: str, data: bytes) -> int:
        """Store *data*, as :meth:`put` does with a file."""
        ...

    def path(self, key: str) -> Path | None:
        """Return the path of the file at *key* on this machine; None if there is none."""
        ...

    async def delete(self, prefix: str) -> None:
        """
        Remove the file at *prefix*, or everything below it. A missing file is no error.

        Raises:
            MediaError: It could not be removed, or *prefix* is not valid.
        """
        ...

    async def touch(self, key: str) -> bool:
        """Mark the file at *key* as used now; return whether it exists."""
        ...

    async def delete_unused(self, key: str, *, since: datetime) -> bool:
        """
        Remove the file at *key* unless it was put or touched since a moment.

        If :meth:`touch` runs at the same time, the file stays or :meth:`touch` returns False.

        Returns:
            Whether it was removed.

        Raises:
            MediaError: It could not be removed.
        """
        ...

    async def entries(self, folder: str = "") -> tuple[Entry, ...]:
        """Return the entries of a folder, by default of the root; none if it does not exist."""
        ...

    async def size_bytes(self, prefix: str) -> int:
        """Return the size of the file at *prefix*, or of everything below it."""
        ...
