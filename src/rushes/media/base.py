"""What a media store promises."""

from pathlib import Path
from typing import Protocol


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
