"""Create, receive, list and delete uploaded files."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from rushes.core.errors import Conflict, InvalidRequest, NotFound, TooLarge
from rushes.core.spec import Medium
from rushes.core.upload import DELETED_BYTES_STAY, Purpose, Upload, UploadState
from rushes.kit.clock import Clock
from rushes.kit.file_type import VIDEO_SUFFIXES, media_type, suffix_of
from rushes.kit.inline_images import HEAD_BYTES, SUFFIXES, TooLong, bytes_from_text
from rushes.kit.private import private_folder
from rushes.kit.quoting import quoted_text
from rushes.media.base import MediaStore, StoredFile
from rushes.service.accounts import Caller
from rushes.service.stored_inputs import store_input
from rushes.service.upload_bytes import (
    VIDEO_LIMIT_BYTES,
    check_upload,
    size_limit,
    spool,
    too_large,
    upload_folder,
    upload_media_key,
)
from rushes.store.base import UploadFilter, Uploads

READABLE: Final = (*SUFFIXES, *VIDEO_SUFFIXES)
"""The media types of uploads."""

_AT_ONCE: Final = 100
_OTHER_NAMES: Final = {"image/jpg": "image/jpeg", "video/matroska": "video/x-matroska"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that a caller announces, with the caller's own data."""

    media_type: str
    size_bytes: int
    purpose: Purpose = Purpose.INPUT
    name: str | None = None
    tag: str | None = None
    expires_at: datetime | None = None


class UploadedFiles:
    """
    The use cases of uploads.

    Expired files are deleted with each request for files, and by garbage collection.

    Args:
        folder: The folder for incoming bytes; it is created if it is missing.
    """

    def __init__(self, *, uploads: Uploads, media: MediaStore, clock: Clock, folder: Path) -> None:
        self._uploads = uploads
        self._media = media
        self._clock = clock
        self._folder = folder
        private_folder(folder)
        long_ago = (clock.now() - DELETED_BYTES_STAY).timestamp()
        for left in folder.glob("*.partial"):  # of a process that was interrupted
            if left.stat().st_mtime < long_ago:
                left.unlink(missing_ok=True)

    async def create(self, new: NewFile, *, caller: Caller) -> Upload:
        """
        Record an announced file; :meth:`receive` and then :meth:`complete` follow.

        Raises:
            InvalidRequest: Its type is not supported, or its expiry is in the past.

            TooLarge: It is larger than the limit of its type.
        """
        await self.sweep()
        upload = self._new(new, caller)
        await self._uploads.add_upload(upload)
        return upload

    async def create_single(
        self, media_type: str, *, name: str, expires_at: datetime, caller: Caller
    ) -> Upload:
        """
        Record an announced file of unknown size; :meth:`receive_single` follows.

        Raises:
            InvalidRequest: Its type is not supported.
        """
        medium = Medium.VIDEO if media_type.lower().startswith("video/") else Medium.IMAGE
        new = NewFile(
            media_type=media_type,
            size_bytes=size_limit(medium),
            name=name,
            expires_at=expires_at,
        )
        return await self.create(new, caller=caller)

    async def store(self, new: NewFile, data: bytes, *, caller: Caller) -> Upload:
        """Store a complete file, and return it as ready or failed. Raises like :meth:`create`."""
        await self.sweep()
        upload = self._new(new, caller)
        key = f"{upload_folder(upload)}/{token_hex(8)}{suffix_of(media_type(data))}"
        checked = check_upload(replace(upload, key=key), data[:HEAD_BYTES])
        if checked.key is not None:
            await self._media.put_bytes(key, data)
        await self._uploads.add_upload(checked)
        return checked

    async def receive(
        self, upload_id: str, chunks: AsyncIterator[bytes], *, content_length: int | None
    ) -> Upload:
        """
        Store the bytes of an announced file. The caller of this method has checked the permission.

        Until the upload is completed, new bytes replace earlier ones.

        Args:
            content_length: The size that the sender announces, if it does.

        Raises:
            NotFound: There is no such upload.

            Conflict: It was completed or deleted.

            TooLarge: There are more bytes than announced; the rest was not read.

            InvalidRequest: There are fewer bytes than announced.
        """
        before = await self._find(upload_id)
        if before.state is not UploadState.PENDING:
            raise Conflict(f"file {before.id} is {before.state}; no more can be put into it")
        if content_length is not None and content_length > before.size_bytes:
            raise too_large(before.size_bytes, before)
        partial = self._folder / f"{token_hex(16)}.partial"
        try:
            limit_bytes = before.size_bytes
            head, size_bytes = await spool(chunks, partial, limit_bytes=limit_bytes, upload=before)
            if size_bytes < limit_bytes:
                raise InvalidRequest(
                    f"file {before.id} was announced with {limit_bytes} bytes, {size_bytes} came",
                    param="size_bytes",
                )
            key = f"{upload_folder(before)}/{token_hex(8)}{suffix_of(media_type(head))}"
            await self._media.put(key, partial)
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)
        after = replace(before, key=key)
        try:
            await self._uploads.change_upload(before, after)
        except Conflict:
            await self._media.delete(key)
            raise
        if before.key is not None:
            await self._media.delete(before.key)
        return after

    async def receive_single(
        self, upload_id: str, chunks: AsyncIterator[bytes], *, content_length: int | None
    ) -> Upload:
        """
        Store the bytes of an announced file, which is ready afterwards.

        The announced size is a limit. A client that lost the reply may send the same bytes again,
        but no others.

        Raises:
            NotFound: There is no such upload.

            Conflict: Other bytes were received before, or it has expired.

            TooLarge: There are more bytes than announced; the rest was not read.

            InvalidRequest: The bytes are no image or video, or of another type than announced.
        """
        before = await self._find(upload_id)
        if before.state not in {UploadState.PENDING, UploadState.READY}:
            raise Conflict(f"file {before.id} is {before.state}; ask for a new upload URL")
        limit_bytes = size_limit(before.medium)
        if content_length is not None and content_length > limit_bytes:
            raise too_large(limit_bytes, before)
        partial = self._folder / f"{token_hex(16)}.partial"
        try:
            head, size_bytes = await spool(chunks, partial, limit_bytes=limit_bytes, upload=before)
            return await self._settle_once(before, partial, head, size_bytes)
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)

    async def _settle_once(
        self, before: Upload, partial: Path, head: bytes, size_bytes: int
    ) -> Upload:
        key = before.key or upload_media_key(before)
        after = replace(check_upload(replace(before, key=key), head), size_bytes=size_bytes)
        if after.key is None:
            raise InvalidRequest(f"file {before.id}: {after.failure}", param="content_type")
        kept = await self._media.find(key)
        if before.state is UploadState.READY and kept is not None:
            if await self._has_bytes_of(kept, partial):
                return before
            raise Conflict(f"file {before.id} is here already; ask for a new upload URL")
        # The state first: of two concurrent senders, one fails before any byte is visible.
        await self._uploads.change_upload(before, after)
        await self._media.put(key, partial)
        return after

    async def _has_bytes_of(self, kept: StoredFile, file: Path) -> bool:
        if kept.size_bytes != (await asyncio.to_thread(file.stat)).st_size:
            return False
        with await asyncio.to_thread(file.open, "rb") as opened:
            async for block in self._media.read(kept):
                if block != await asyncio.to_thread(opened.read, len(block)):
                    return False
        return True

    async def complete(self, upload_id: str, *, caller: Caller) -> Upload:
        """
        Complete an upload, and return it as ready or failed; a repetition returns the same.

        Raises:
            NotFound: The caller has no such file.

            InvalidRequest: No bytes were received.
        """
        while True:
            before = await self.get(upload_id, caller=caller)
            if before.state is not UploadState.PENDING:
                return before
            kept = await self._media.find(before.key) if before.key else None
            if kept is None:
                raise InvalidRequest(
                    f"file {before.id} has no bytes yet: PUT them to its upload URL first",
                    param="file_id",
                )
            head = [part async for part in self._media.read(kept, end=_head_bytes(kept))]
            after = check_upload(before, b"".join(head))
            try:
                await self._uploads.change_upload(before, after)
            except Conflict:
                continue  # another process changed it meanwhile
            if after.key is None:
                await self._media.delete(upload_folder(before))
            return after

    async def get(self, upload_id: str, *, caller: Caller) -> Upload:
        """Return one of the caller's files. Raises NotFound, also for another account's."""
        found = await self._find(upload_id)
        if found.account_id != caller.account_id:
            raise NotFound(f"there is no file {quoted_text(upload_id)}")
        return found

    async def list(self, wanted: UploadFilter, *, caller: Caller) -> tuple[Upload, ...]:
        """Return the caller's files, newest first; deleted ones only if *wanted* names them."""
        await self.sweep()
        states = wanted.states or frozenset(UploadState) - {UploadState.DELETED}
        return await self._uploads.uploads(
            replace(wanted, account_id=caller.account_id, states=states)
        )

    async def delete(self, upload_id: str, *, caller: Caller) -> None:
        """Delete a file for new generations; its bytes stay a day longer. Raises NotFound."""
        while True:
            before = await self.get(upload_id, caller=caller)
            if before.state is UploadState.DELETED:
                return None
            after = replace(before, state=UploadState.DELETED, deleted_at=self._clock.now())
            try:
                return await self._uploads.change_upload(before, after)
            except Conflict:
                continue  # another process changed it meanwhile

    async def key(self, upload_id: str, *, medium: Medium, param: str, caller: Caller) -> str:
        """
        Return the media key of a file to which a generation refers.

        Raises:
            NotFound: The caller has no such file.

            InvalidRequest: It is not ready, or is not of this *medium*.
        """
        found = await self.get(upload_id, caller=caller)
        problem = f"{param}: file {found.id}"
        if found.state is not UploadState.READY or found.key is None:
            why = f": {found.failure}" if found.failure else ""
            raise InvalidRequest(f"{problem} is {found.state}, not ready{why}", param=param)
        if found.medium is not medium:
            raise InvalidRequest(
                f"{problem} must be {_an(medium)}, not {found.media_type}", param=param
            )
        if await self._media.find(found.key) is None:
            raise InvalidRequest(f"{problem} is no longer here; bring it again", param=param)
        return found.key

    async def keep_video(self, text: str, *, param: str) -> str:
        """
        Store a video sent as base64 or data URI; return its key in the media store.

        Raises:
            InvalidRequest: It is no base64 of a video, or too large.
        """
        try:
            data = await asyncio.to_thread(bytes_from_text, text, limit_bytes=VIDEO_LIMIT_BYTES)
        except TooLong as error:
            raise InvalidRequest(f"{param} {error}", param=param) from None
        if data is None:
            raise InvalidRequest(f"{param} must be base64 of a video", param=param)
        found = media_type(data)
        if found not in VIDEO_SUFFIXES:
            problem = f"{param} must be one of {', '.join(VIDEO_SUFFIXES)}"
            raise InvalidRequest(
                f"{problem}; the bytes that came are of something else", param=param
            )
        return await store_input(self._media, data, suffix_of(found))

    def _new(self, new: NewFile, caller: Caller) -> Upload:
        kind = new.media_type.partition(";")[0].strip().lower()
        kind = _OTHER_NAMES.get(kind, kind)
        if kind not in READABLE:
            raise InvalidRequest(
                f"media_type must be one of {', '.join(READABLE)},"
                f" not {quoted_text(new.media_type)}",
                param="media_type",
            )
        now = self._clock.now()
        if new.expires_at is not None and new.expires_at <= now:
            raise InvalidRequest("expires_at must be in the future", param="expires_at")
        upload = Upload(
            id=str(uuid.uuid4()),
            account_id=caller.account_id,
            purpose=new.purpose,
            media_type=kind,
            size_bytes=new.size_bytes,
            created_at=now,
            name=new.name,
            tag=new.tag,
            expires_at=new.expires_at,
        )
        limit_bytes = size_limit(upload.medium)
        if new.size_bytes > limit_bytes:
            raise TooLarge(f"{_an(upload.medium)} may have at most {limit_bytes >> 20} MiB")
        return upload

    async def _find(self, upload_id: str) -> Upload:
        try:
            found = await self._uploads.find_upload(str(uuid.UUID(upload_id)))
        except ValueError:
            found = None
        if found is None:
            raise NotFound(f"there is no file {quoted_text(upload_id)}")
        if found.due_at is None or found.due_at > self._clock.now():
            return found
        with suppress(Conflict):
            return await self._settle_due(found)
        return await self._uploads.find_upload(found.id) or found

    async def sweep(self) -> None:
        """Delete uploads that have expired, were never completed, or were deleted a day ago."""
        due = UploadFilter(due_at=self._clock.now(), limit=_AT_ONCE)
        for upload in await self._uploads.uploads(due):
            with suppress(Conflict):  # another process has done it
                await self._settle_due(upload)

    async def _settle_due(self, before: Upload) -> Upload:
        """Carry out the due action on an upload, and return the changed upload."""
        if before.state is UploadState.READY:
            after = replace(before, state=UploadState.DELETED, deleted_at=before.expires_at)
        else:
            await self._media.delete(upload_folder(before))
            after = replace(before, key=None)
        if before.state is UploadState.PENDING:
            after = _abandoned(after, now=self._clock.now())
        await self._uploads.change_upload(before, after)
        return after


def _head_bytes(file: StoredFile) -> int:
    return min(HEAD_BYTES, file.size_bytes)


def _abandoned(upload: Upload, *, now: datetime) -> Upload:
    if upload.expires_at is not None and upload.expires_at <= now:
        return replace(upload, state=UploadState.DELETED, deleted_at=upload.expires_at)
    return replace(upload, state=UploadState.FAILED, failure="it was not completed within a day")


def _an(medium: Medium) -> str:
    return "an image" if medium is Medium.IMAGE else "a video"
