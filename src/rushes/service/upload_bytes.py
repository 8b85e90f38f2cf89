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
"""The largest video that may be brought; no engine works on a larger one by default."""

UPLOADS: Final = "uploads/"
"""Their folder in the media store."""

_BLOCK_BYTES: Final = 1 << 20


def check_upload(upload: Upload, head: bytes) -> Upload:
    """Return an upload whose bytes are here as ready or, without its bytes, as failed."""
    found = media_type(head)
    if found is not None and found.partition("/")[0] == upload.media_type.partition("/")[0]:
        return replace(upload, state=UploadState.READY, media_type=found)
    told = f"it was announced as {upload.media_type}, but its bytes are"
    failure = f"{told} no image or video" if found is None else f"{told} {found}"
    return replace(upload, state=UploadState.FAILED, key=None, failure=failure)


async def spool(
    chunks: AsyncIterator[bytes], into: Path, *, limit_bytes: int, upload: Upload
) -> tuple[bytes, int]:
    """Write what comes, a block at a time; return the first few bytes, and how many there are."""
    head, held, size_bytes = b"", bytearray(), 0
    with await asyncio.to_thread(open, into, "xb", opener=private) as file:
        async for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise too_large(limit_bytes, upload)
            if len(head) < HEAD_BYTES:
                head += chunk[: HEAD_BYTES - len(head)]
            held += chunk
            if len(held) >= _BLOCK_BYTES:
                await asyncio.to_thread(file.write, held)
                held = bytearray()
        await asyncio.to_thread(file.write, held)
    return head, size_bytes


def too_large(limit_bytes: int, upload: Upload) -> TooLarge:
    """Return the error for more bytes than there may be."""
    return TooLarge(f"file {upload.id} may have at most {limit_bytes} bytes; there are more")


def size_limit(medium: Medium) -> int:
    """Return how many bytes a file of a medium may have."""
    return IMAGE_LIMIT_BYTES if medium is Medium.IMAGE else VIDEO_LIMIT_BYTES


def upload_media_key(upload: Upload) -> str:
    """Return where in the media store the bytes of a file will be that is received once."""
    return f"{upload_folder(upload)}/file{suffix_of(upload.media_type)}"


def upload_folder(upload: Upload) -> str:
    """Return where in the media store the bytes of an upload are."""
    return UPLOADS + upload.id


def read_head(path: Path) -> bytes:
    """Return the first few bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
