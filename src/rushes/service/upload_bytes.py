"""Receive the bytes of an upload, and check their size and type."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from rushes.core.errors import TooLarge
from rushes.core.spec import Medium
from rushes.core.upload import Upload, UploadState
from rushes.kit.file_type import media_type, suffix_of
from rushes.kit.inline_images import HEAD_BYTES
from rushes.kit.private import private
from rushes.service.inline_pictures import IMAGE_LIMIT_BYTES

VIDEO_LIMIT_BYTES: Final = 100 << 20
"""The largest video for an upload; by default no engine accepts a larger one."""

UPLOADS: Final = "uploads/"
"""The folder of uploads in the media store."""

_BLOCK_BYTES: Final = 1 << 20


def check_upload(upload: Upload, head: bytes) -> Upload:
    """Return a received upload as ready, or as failed and without its bytes."""
    found = media_type(head)
    if found is not None and found.partition("/")[0] == upload.media_type.partition("/")[0]:
        return replace(upload, state=UploadState.READY, media_type=found)
    problem = f"it was announced as {upload.media_type}, but its bytes are"
    failure = f"{problem} no image or video" if found is None else f"{problem} {found}"
    return replace(upload, state=UploadState.FAILED, key=None, failure=failure)


async def spool(
    chunks: AsyncIterator[bytes], into: Path, *, limit_bytes: int, upload: Upload
) -> tuple[bytes, int]:
    """Write the chunks in blocks; return the first bytes and the size."""
    head, buffer, size_bytes = b"", bytearray(), 0
    with await asyncio.to_thread(open, into, "xb", opener=private) as file:
        async for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise too_large(limit_bytes, upload)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
            buffer += chunk
            if len(buffer) >= _BLOCK_BYTES:
                await asyncio.to_thread(file.write, buffer)
                buffer = bytearray()
        await asyncio.to_thread(file.write, buffer)
    return head, size_bytes


def too_large(limit_bytes: int, upload: Upload) -> TooLarge:
    """Return the error for an upload above its limit."""
    return TooLarge(f"file {upload.id} may have at most {limit_bytes} bytes; there are more")


def size_limit(medium: Medium) -> int:
    """Return the largest size of a file of this medium, in bytes."""
    return IMAGE_LIMIT_BYTES if medium is Medium.IMAGE else VIDEO_LIMIT_BYTES


def upload_media_key(upload: Upload) -> str:
    """Return the media key of an upload whose bytes can be received only once."""
    return f"{upload_folder(upload)}/file{suffix_of(upload.media_type)}"


def upload_folder(upload: Upload) -> str:
    """Return the folder of an upload in the media store."""
    return UPLOADS + upload.id
