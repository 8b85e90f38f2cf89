"""Keep finished files in a folder of this machine."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from rushes.core.errors import MediaChanged, MediaError
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.kit.private import private, private_folder
from rushes.media.base import Entry, StoredFile, Unfinished, check_key, is_name

_BLOCK_BYTES = 1 << 20
_READ_BYTES = 256 << 10
"""How much of a file a reader holds in memory."""

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

    async def find(self, key: str) -> StoredFile | None:
        return await asyncio.to_thread(self._find, key)

    def _find(self, key: str) -> StoredFile | None:
        if (file := self.path(key)) is None:
            return None
        with _translate_errors(f"{key!r} could not be read"), suppress(*_ABSENT):
            return _described(key, file.stat())
        return None

    async def read(
        self, file: StoredFile, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        with _translate_errors(f"{file.key!r} could not be read"):
            try:
                opened = await asyncio.to_thread(self._place(file.key).open, "rb")
            except FileNotFoundError as error:
                raise MediaChanged(f"{file.key!r} was deleted") from error
            with opened:
                if os.fstat(opened.fileno()).st_size != file.size_bytes:
                    raise MediaChanged(f"{file.key!r} was replaced")
                opened.seek(start)
                left = (file.size_bytes if end is None else end) - start
                while left > 0:
                    block = await asyncio.to_thread(opened.read, min(left, _READ_BYTES))
                    if not block:
                        raise MediaError(f"{file.key!r} has become shorter")
                    left -= len(block)
                    yield block

    async def direct_url(self, file: StoredFile, *, method: str) -> str | None:
        return None

    async def local_file(self, key: str, folder: Path) -> Path | None:
        return await asyncio.to_thread(self.path, key)

    def location(self, key: str) -> str:
        return str(self._place(key))

    def path(self, key: str) -> Path | None:
        """Return the path of the file at *key*; None if there is none."""
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
        return await asyncio.to_thread(self._delete_unused, key, since)

    def _delete_unused(self, key: str, since: datetime) -> bool:
        with _translate_errors(f"{key!r} could not be removed"), suppress(*_ABSENT):
            place = self._place(key)
            if _used_at(place.stat()) >= since:
                return False
            # A touch after the rename finds no file; one before it shows in the time stamp below.
            aside = place.with_name(f".{place.name}.{uuid4().hex}")
            place.rename(aside)
            if _used_at(aside.stat()) >= since:
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
                    if is_name(entry.name):
                        used_at = _used_at(entry.stat())
                        key = f"{folder}/{entry.name}" if folder else entry.name
                        found.append(Entry(key=key, used_at=used_at))
        return tuple(found)

    async def unfinished(self, *, before: datetime) -> tuple[Unfinished, ...]:
        return ()  # a file that was not renamed lies in the folder of its attempt, and goes with it

    async def discard(self, unfinished: Unfinished) -> None:
        raise MediaError(f"{unfinished.key!r} is not unfinished")

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
        check_key(key)
        place = self._root.joinpath(*key.split("/"))
        if place.resolve() != place:
            raise MediaError(f"{key!r} leads out of its folder through a link")
        return place


def _used_at(stat: os.stat_result) -> datetime:
    """Return when a file was written or touched, in the whole microseconds that a caller sees."""
    return datetime.fromtimestamp(stat.st_mtime, UTC)


def _described(key: str, stat: os.stat_result) -> StoredFile:
    version = f"{stat.st_mtime_ns}-{stat.st_size}".encode()
    return StoredFile(
        key=key,
        size_bytes=stat.st_size,
        modified_at=_used_at(stat),
        etag=f'"{hashlib.blake2b(version, digest_size=16).hexdigest()}"',
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
