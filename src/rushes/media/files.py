"""Keep finished files in a folder of this machine."""

import asyncio
import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from rushes.core.errors import MediaError
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.kit.private import private, private_folder
from rushes.media.base import Entry

_BLOCK_BYTES = 1 << 20
_NAME_BYTES = 200
"""The longest part of a key; file systems allow 255, and a temporary name is longer."""

_ABSENT = (FileNotFoundError, NotADirectoryError)


class FileMediaStore:
    """
    Keeps each file at its key under *root*, which is created if it is missing.

    Files are copied, not linked: later changes to the original must not reach readers.
    """

    def __init__(self, root: Path) -> None:
        with _translate_errors(f"the media folder {root} cannot be made"):
            private_folder(root)  # callers read files by signed links only
            self._root = root.resolve()

    async def put(self, key: str, file: Path) -> int:
        return await finish_before_cancel(
            asyncio.to_thread(self._put, key, lambda: file.open("rb"))
        )

    async def put_bytes(self, key: str, data: bytes) -> int:
        return await finish_before_cancel(asyncio.to_thread(self._put, key, lambda: BytesIO(data)))

    def _put(self, key: str, source: Callable[[], BinaryIO]) -> int:
        with _translate_errors(f"{key!r} could not be stored"):
            target = self._place(key)
            with source() as data:
                _make_folder(target.parent)
                return _replace_atomically(target, data)

    def path(self, key: str) -> Path | None:
        try:
            file = self._place(key)
        except MediaError:
            return None
        return file if file.is_file() else None

    async def delete(self, prefix: str) -> None:
        await asyncio.to_thread(self._delete, prefix)

    def _delete(self, prefix: str) -> None:
        with _translate_errors(f"{prefix!r} could not be removed"), suppress(*_ABSENT):
            place = self._place(prefix)
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()

    async def touch(self, key: str) -> bool:
        return await asyncio.to_thread(self._touch, key)

    def _touch(self, key: str) -> bool:
        with suppress(OSError, MediaError):
            os.utime(self._place(key))
            return True
        return False

    async def delete_unused(self, key: str, *, since: datetime) -> bool:
        return await asyncio.to_thread(self._delete_unused, key, since.timestamp())

    def _delete_unused(self, key: str, since_s: float) -> bool:
        with _translate_errors(f"{key!r} could not be removed"), suppress(*_ABSENT):
            place = self._place(key)
            if place.stat().st_mtime >= since_s:
                return False
            # A touch after the rename finds no file; one before it shows in the time stamp below.
            aside = place.with_name(f".{place.name}.{uuid4().hex}")
            place.rename(aside)
            if aside.stat().st_mtime >= since_s:
                aside.rename(place)
                return False
            aside.unlink()
            return True
        return False

    async def entries(self, folder: str = "") -> tuple[Entry, ...]:
        return await asyncio.to_thread(self._entries, folder)

    def _entries(self, folder: str) -> tuple[Entry, ...]:
        found: list[Entry] = []
        with _translate_errors(f"{folder!r} could not be read"), suppress(*_ABSENT):
            place = self._place(folder) if folder else self._root
            for entry in os.scandir(place):
                with suppress(*_ABSENT):  # it has gone in between
                    if _is_name(entry.name):
                        used_at = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                        key = f"{folder}/{entry.name}" if folder else entry.name
                        found.append(Entry(key=key, used_at=used_at))
        return tuple(found)

    async def size_bytes(self, prefix: str) -> int:
        return await asyncio.to_thread(self._size_bytes, prefix)

    def _size_bytes(self, prefix: str) -> int:
        with suppress(*_ABSENT, MediaError):
            place = self._place(prefix)
            if place.is_file():
                return place.stat().st_size
            return sum(one.stat().st_size for one in place.rglob("*") if one.is_file())
        return 0

    def _place(self, key: str) -> Path:
        """
        Return the path of *key* under the root, whether it exists or not.

        Raises:
            MediaError: *key* is not valid, or a link leads out of its folder.
        """
        parts = key.split("/")
        if not all(map(_is_name, parts)):
            raise MediaError(f"a media key must be like 'a1b2/video.mp4', not {key!r}")
        place = self._root.joinpath(*parts)
        if place.resolve() != place:
            raise MediaError(f"{key!r} leads out of its folder through a link")
        return place


def _is_name(part: str) -> bool:
    return (
        part.isprintable()
        and not part.startswith(".")  # "", ".", ".." and our temporary names
        and "\\" not in part
        and 0 < len(part.encode()) <= _NAME_BYTES
    )


def _make_folder(folder: Path) -> None:
    """Create *folder* and its parents, each synced into its own parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _replace_atomically(target: Path, data: BinaryIO) -> int:
    """Write a temporary file beside *target*, sync it, then rename it; return its size in bytes."""
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with open(unfinished, "xb", opener=private) as file:  # a Path takes no opener
            shutil.copyfileobj(data, file, _BLOCK_BYTES)
            file.flush()
            os.fsync(file.fileno())
            size_bytes = file.tell()
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return size_bytes


def _sync_folder(folder: Path) -> None:
    """Sync a folder, so that the names in it survive a loss of power."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _translate_errors(what: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise MediaError(f"{what}: {error.strerror or error}") from error
