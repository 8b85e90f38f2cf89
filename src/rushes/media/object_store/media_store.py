"""
Keep finished files in an object store: S3 and its relatives, Google Cloud Storage, Azure.

An object appears with its last byte, so readers see the whole file or none. Files of more than one
part are sent as a multipart upload: a process that dies in the middle of one leaves parts that
nobody sees and that the bucket's owner pays for. :meth:`ObjectMediaStore.unfinished` finds them.

Object stores cannot mark an object as used, nor delete it on a condition. Two kinds of small
objects below ``.rushes/`` do that work: ``used/<key>`` holds the time of the last touch, and
``removing/<key>`` exists while a process deletes the file. A touch writes its mark first and then
waits until nobody deletes; a deletion announces itself first and then looks for new marks. So one
of the two always sees the other.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, Final, Protocol

import obstore
from obstore.store import AzureStore, GCSStore, MemoryStore, S3Store

from rushes.core.errors import MediaChanged, MediaError
from rushes.kit.clock import Clock
from rushes.kit.file_type import media_type, type_of_name
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.kit.inline_images import HEAD_BYTES
from rushes.kit.private import private
from rushes.media.base import Entry, StoredFile, Unfinished, check_key, is_name
from rushes.media.object_store.errors import is_bucket_missing, translate_errors

Objects = S3Store | GCSStore | AzureStore | MemoryStore
Signing = S3Store | GCSStore | AzureStore
_Meta = Mapping[str, Any]
"""What an object store tells of an object; obstore's own type exists for type checkers only."""

_PART_BYTES: Final = 8 << 20
"""The size of a part; smaller files are sent in one request. S3 demands 5 MiB or more."""

_PARTS_AT_ONCE: Final = 4
_READ_BYTES: Final = 1 << 20
"""How much of a file a reader holds in memory; each block is a request of its own."""

_STATE: Final = ".rushes"
_USED: Final = f"{_STATE}/used"
_REMOVING: Final = f"{_STATE}/removing"
_REMOVAL_LASTS_S: Final = 20.0
"""A deletion that takes longer gives up, because others may not wait for it any more."""

_REMOVAL_WAIT_S: Final = 30.0
_POLL_S: Final = 0.05
_BUCKET_KNOWN_S: Final = 10.0
"""How long a bucket counts as existing after it was seen, while files are not found in it."""


class MultipartUploads(Protocol):
    """Finds multipart uploads that were begun and never ended."""

    async def begun(self, *, before: datetime) -> tuple[Unfinished, ...]:
        """Return the uploads that began before a moment. Raises MediaError."""
        ...

    async def abort(self, unfinished: Unfinished) -> None:
        """Remove the parts of an upload. Raises MediaError."""
        ...


class ObjectMediaStore:
    """
    Keeps each file as an object.

    Args:
        objects: The bucket, with the prefix of all keys.

        url: The URL of the bucket and prefix, for operators.

        clock: Tells when a file is used.

        part_bytes: The size of the parts of multipart uploads; smaller files need no parts.

        signing: Makes the URLs at which clients get files from the object store itself; None:
            they get them from this server.

        link_s: Seconds for which such a URL works.

        uploads: Finds unfinished multipart uploads, where that is possible.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        url: str,
        clock: Clock,
        part_bytes: int = _PART_BYTES,
        signing: Signing | None = None,
        link_s: float = 3600.0,
        uploads: MultipartUploads | None = None,
    ) -> None:
        self._objects = objects
        self._url = url.rstrip("/")
        self._clock = clock
        self._part_bytes = part_bytes
        self._signing = signing
        self._link_s = link_s
        self._uploads = uploads
        self._bucket_known_until_s = 0.0

    async def put(self, key: str, file: Path) -> int:
        return await finish_before_cancel(self._put(key, file))

    async def put_bytes(self, key: str, data: bytes) -> int:
        return await finish_before_cancel(self._put(key, data))

    async def _put(self, key: str, source: Path | bytes) -> int:
        check_key(key)
        with translate_errors(f"{key!r} could not be stored"):
            head, size_bytes = (
                (source, len(source))
                if isinstance(source, bytes)
                else await asyncio.to_thread(_head_and_size, source)
            )
            in_parts = size_bytes > self._part_bytes
            if isinstance(source, Path) and not in_parts:
                source = await asyncio.to_thread(source.read_bytes)
                size_bytes = len(source)
            await obstore.put_async(
                self._objects,
                key,
                source,
                attributes=_attributes(key, head),
                use_multipart=in_parts,
                chunk_size=self._part_bytes,
                max_concurrency=_PARTS_AT_ONCE,
            )
        return size_bytes

    async def find(self, key: str) -> StoredFile | None:
        try:
            check_key(key)
        except MediaError:
            return None
        with translate_errors(f"{key!r} could not be read"):
            try:
                return _described(await obstore.head_async(self._objects, key))
            except FileNotFoundError:
                await self._check_bucket(key)
        return None

    async def _check_bucket(self, key: str) -> None:
        """Raise FileNotFoundError if the bucket is missing: the reply to a HEAD does not say so."""
        now_s = time.monotonic()
        if now_s < self._bucket_known_until_s:
            return
        try:
            await obstore.get_async(self._objects, key)
        except FileNotFoundError as error:
            if is_bucket_missing(error):
                raise
        self._bucket_known_until_s = now_s + _BUCKET_KNOWN_S

    async def read(
        self, file: StoredFile, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        end = file.size_bytes if end is None else end
        while start < end:
            # One request a block: a reader may be slow, and a connection may break in between.
            part = (start, min(start + _READ_BYTES, end))
            with translate_errors(f"{file.key!r} could not be read"):
                block = await self._block(file, part)
            if not block:
                raise MediaError(f"{file.key!r} has become shorter")
            start += len(block)
            yield block

    async def _block(self, file: StoredFile, part: tuple[int, int]) -> bytes:
        """Return the bytes from the first to before the second of *part*."""
        try:
            found = await obstore.get_async(
                self._objects, file.key, options={"range": part, "if_match": file.etag}
            )
        except FileNotFoundError as error:
            if is_bucket_missing(error):
                raise
            raise MediaChanged(f"{file.key!r} was deleted") from None
        return bytes(await found.bytes_async())

    async def direct_url(self, file: StoredFile, *, method: str) -> str | None:
        if self._signing is None:
            return None
        with translate_errors(f"no URL could be made for {file.key!r}"):
            return await obstore.sign_async(
                self._signing,
                "HEAD" if method == "HEAD" else "GET",
                file.key,
                timedelta(seconds=self._link_s),
            )

    async def local_file(self, key: str, folder: Path) -> Path | None:
        file = await self.find(key)
        if file is None:
            return None
        copy = folder / f"{token_hex(8)}{PurePosixPath(key).suffix}"
        with (
            translate_errors(f"{key!r} could not be copied to this machine"),
            await asyncio.to_thread(open, copy, "xb", opener=private) as written,
        ):
            async for block in self.read(file):
                await asyncio.to_thread(written.write, block)
        return copy

    def location(self, key: str) -> str:
        check_key(key)
        return f"{self._url}/{key}"

    async def delete(self, prefix: str) -> None:
        check_key(prefix)
        with translate_errors(f"{prefix!r} could not be removed"):
            below = [one["path"] async for one in self._list(prefix)]
            await self._remove(*below, prefix)

    async def touch(self, key: str) -> bool:
        if await self.find(key) is None:
            return False
        await self._mark(_USED, key)
        with translate_errors(f"{key!r} could not be read"):
            waited_until_s = time.monotonic() + _REMOVAL_WAIT_S
            while await self._exists(f"{_REMOVING}/{key}"):
                if time.monotonic() > waited_until_s:  # its process has died
                    await self._remove(f"{_REMOVING}/{key}")
                await asyncio.sleep(_POLL_S)
        return await self.find(key) is not None

    async def delete_unused(self, key: str, *, since: datetime) -> bool:
        return await finish_before_cancel(self._delete_unused(key, since))

    async def _delete_unused(self, key: str, since: datetime) -> bool:
        with translate_errors(f"{key!r} could not be removed"):
            if not await self._is_unused(key, since):
                return False
            began_s = time.monotonic()
            await self._mark(_REMOVING, key)
            try:
                if not await self._is_unused(key, since):
                    return False
                if time.monotonic() - began_s > _REMOVAL_LASTS_S:
                    return False
                await self._remove(key, f"{_USED}/{key}")
                return True
            finally:
                await self._remove(f"{_REMOVING}/{key}")

    async def entries(self, folder: str = "") -> tuple[Entry, ...]:
        if folder:
            check_key(folder)
        with translate_errors(f"{folder!r} could not be read"):
            changed: dict[str, datetime] = {}
            async for one in self._list(folder):
                name = one["path"].removeprefix(f"{folder}/" if folder else "").partition("/")[0]
                key = f"{folder}/{name}" if folder else name
                if is_name(name):
                    changed[key] = max(one["last_modified"], changed.get(key, _LONG_AGO))
            async for one in self._list(f"{_USED}/{folder}" if folder else _USED):
                key = one["path"].removeprefix(f"{_USED}/")
                if key in changed:
                    changed[key] = max(one["last_modified"], changed[key])
        return tuple(Entry(key=key, used_at=moment) for key, moment in changed.items())

    async def size_bytes(self, prefix: str) -> int:
        with translate_errors(f"{prefix!r} could not be read"):
            if (file := await self.find(prefix)) is not None:
                return file.size_bytes
            return sum([one["size"] async for one in self._list(prefix)])

    async def unfinished(self, *, before: datetime) -> tuple[Unfinished, ...]:
        begun = await self._uploads.begun(before=before) if self._uploads else ()
        with translate_errors("marks of use could not be read"):
            old = [one["path"] async for one in self._list(_STATE) if one["last_modified"] < before]
            used = [one for one in old if one.startswith(f"{_USED}/")]
            tops = {one.removeprefix(f"{_USED}/").partition("/")[0] for one in used}
            kept = {one["path"] for top in tops for one in [x async for x in self._list(top)]}
            stray = [one for one in old if one.removeprefix(f"{_USED}/") not in kept]
        return (*begun, *(Unfinished(key=one, upload_id=None) for one in stray))

    async def discard(self, unfinished: Unfinished) -> None:
        with translate_errors(f"{unfinished.key!r} could not be removed"):
            if unfinished.upload_id is None:
                await self._remove(unfinished.key)
            elif self._uploads is not None:
                await self._uploads.abort(unfinished)

    async def _is_unused(self, key: str, since: datetime) -> bool:
        file = await self.find(key)
        return file is not None and max(file.modified_at, await self._touched_at(key)) < since

    async def _touched_at(self, key: str) -> datetime:
        with suppress(FileNotFoundError):
            mark = await obstore.get_async(self._objects, f"{_USED}/{key}")
            with suppress(ValueError):
                return datetime.fromisoformat(bytes(await mark.bytes_async()).decode())
        return _LONG_AGO

    async def _mark(self, kind: str, key: str) -> None:
        now = self._clock.now().isoformat().encode()
        with translate_errors(f"{key!r} could not be marked"):
            await obstore.put_async(self._objects, f"{kind}/{key}", now, use_multipart=False)

    async def _exists(self, path: str) -> bool:
        with suppress(FileNotFoundError):
            await obstore.head_async(self._objects, path)
            return True
        return False

    async def _list(self, folder: str) -> AsyncIterator[_Meta]:
        # obstore's other replies are of a library that is not installed here.
        pages = obstore.list(self._objects, prefix=folder or None, chunk_size=1000)  # pyright: ignore[reportUnknownMemberType]
        async for page in pages:
            for one in page:
                yield one

    async def _remove(self, *paths: str) -> None:
        for path in paths:
            with suppress(FileNotFoundError):  # not every object store takes that for success
                await obstore.delete_async(self._objects, path)


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _described(meta: _Meta) -> StoredFile:
    changed = meta["last_modified"]
    etag = meta["e_tag"] or f"{meta['size']}-{changed.timestamp()}"
    return StoredFile(
        key=meta["path"],
        size_bytes=meta["size"],
        modified_at=changed,
        etag=f'"{etag.removeprefix("W/").strip(chr(34))}"',
    )


def _head_and_size(file: Path) -> tuple[bytes, int]:
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
        return head, opened.seek(0, 2)


def _attributes(key: str, head: bytes) -> dict[str, str]:
    """Return the headers with which the object store itself serves a file."""
    return {
        "Content-Type": media_type(head) or type_of_name(key),
        "Content-Disposition": f'inline; filename="{key.replace("/", "-")}"',
        "Cache-Control": "private, max-age=3600, immutable",
    }
