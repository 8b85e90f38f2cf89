"""What a media store promises."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of the media store."""

    key: str
    used_at: datetime
    """When it was last put or touched, of a folder: when something came into it or went."""


class MediaStore(Protocol):
    """
    Keeps finished files under keys like ``<generation id>/video.mp4``.

    The promises below are checked for every implementation by
    ``tests/contract/test_media.py``.
    """

    async def put(self, key: str, file: Path) -> int:
        """
        Take *file* in under *key*, whole and synced to disk; return its size in bytes.

        A reader sees the whole file or none, whatever becomes of *file* afterwards. Putting
        twice is harmless; the later wins, and who reads the earlier reads it to its end.

        Raises:
            MediaError: It could not be kept, or *key* is no name of a file in here; nothing is
                visible under *key* that was not before.
        """
        ...

    async def put_bytes(self, key: str, data: bytes) -> int:
        """Do as :meth:`put` does, from memory."""
        ...

    def path(self, key: str) -> Path | None:
        """Return where *key* can be read on this machine; None if there is no such file."""
        ...

    async def delete(self, prefix: str) -> None:
        """
        Remove the file at *prefix*, or everything below it; what is not there is no error.

        Raises:
            MediaError: It could not be removed, or *prefix* is no name of anything in here.
        """
        ...

    async def touch(self, key: str) -> bool:
        """Note that the file at *key* is needed from now on; return whether there is one."""
        ...

    async def delete_unused(self, key: str, *, since: datetime) -> bool:
        """
        Remove the file at *key* unless it was put or touched since a moment.

        One that is touched while this runs is there afterwards, or :meth:`touch` has said no.

        Returns:
            Whether it was removed.

        Raises:
            MediaError: It could not be.
        """
        ...

    async def entries(self, folder: str = "") -> tuple[Entry, ...]:
        """Return what lies in a folder, by default at the top; nothing if there is none."""
        ...

    async def size_bytes(self, prefix: str) -> int:
        """Return how much the file at *prefix* has, or everything below it."""
        ...
