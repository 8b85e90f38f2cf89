"""Define the seam to media stores, which keep finished files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from rushes.core.errors import MediaError

_CROSSINGS: Final = 3
"""How often a deletion may cross a put of the same key; once is rare."""

_NAME_BYTES: Final = 200
"""The longest part of a key; file systems allow 255, and a temporary name is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of the media store."""

    key: str
    used_at: datetime
    """The time of the last put or touch; for a folder, of the last change of its entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One version of a file of the media store."""

    key: str
    size_bytes: int
    modified_at: datetime
    etag: str
    """A strong entity tag with its quotes; every version of the file has another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What a process left behind that died while it stored a file; no reader sees it."""

    key: str
    upload_id: str | None
    """The multipart upload that it is a part of; None: it is an object of its own."""


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

    async def find(self, key: str) -> StoredFile | None:
        """
        Return the file at *key*; None if there is none, or if *key* is not valid.

        Raises:
            MediaError: The store cannot be asked.
        """
        ...

    def read(
        self, file: StoredFile, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """
        Yield the bytes of a file that :meth:`find` returned, in blocks.

        Args:
            start: The first byte.

            end: The byte after the last one; by default the end of the file.

        Raises:
            MediaError: It could not be read, or it is no longer this version.
        """
        ...

    async def direct_url(self, file: StoredFile, *, method: str) -> str | None:
        """
        Return a URL at which the store itself serves a file, without a key, for a limited time.

        Args:
            method: ``GET`` or ``HEAD``; the URL works for no other.

        Returns:
            None if the store serves no files, or if the operator wants them served by this server.

        Raises:
            MediaError: The URL could not be made.
        """
        ...

    async def local_file(self, key: str, folder: Path) -> Path | None:
        """
        Return a file on this machine with the content at *key*; None if there is none.

        The caller only reads it. It is the stored file itself, or a copy in *folder* that goes with
        that folder.

        Raises:
            MediaError: It could not be read, or the copy could not be written.
        """
        ...

    def location(self, key: str) -> str:
        """Return where an operator finds the file at *key*: a path or a URL."""
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

    async def unfinished(self, *, before: datetime) -> tuple[Unfinished, ...]:
        """Return what was begun before a moment and not finished. Raises MediaError."""
        ...

    async def discard(self, unfinished: Unfinished) -> None:
        """Remove what :meth:`unfinished` returned. Raises MediaError."""
        ...

    async def size_bytes(self, prefix: str) -> int:
        """Return the size of the file at *prefix*, or of everything below it."""
        ...


async def put_if_absent(media: MediaStore, key: str, source: Path | bytes) -> None:
    """
    Store a file whose key says its content, unless it is there, and mark it as used now.

    A deletion may cross a put; the touch after it tells. A store that can mark nothing has the
    file all the same after the last try.

    Raises:
        MediaError: It could not be stored.
    """
    for _ in range(_CROSSINGS):
        if await media.touch(key):
            return
        if isinstance(source, Path):
            await media.put(key, source)
        else:
            await media.put_bytes(key, source)


def check_key(key: str) -> None:
    """Raise MediaError if *key* is not like ``a1b2/video.mp4``."""
    if not all(map(is_name, key.split("/"))):
        raise MediaError(f"a media key must be like 'a1b2/video.mp4', not {key!r}")


def is_name(part: str) -> bool:
    """Return whether a part of a key is valid: no dot in front, nothing that leads elsewhere."""
    return (
        part.isprintable()
        and not part.startswith(".")  # "", ".", ".." and our temporary names
        and "\\" not in part
        and 0 < len(part.encode()) <= _NAME_BYTES
    )
