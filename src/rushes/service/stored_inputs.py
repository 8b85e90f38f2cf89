"""Store the files inside requests, each content once."""

import asyncio
import hashlib
from typing import Final

from rushes.core.errors import Conflict
from rushes.core.generation import Generation
from rushes.core.spec import MEDIA_PREFIX
from rushes.media.base import MediaStore, put_if_absent
from rushes.service.references import input_addresses

INPUTS: Final = "inputs"
"""The folder of these files in the media store."""


async def store_input(media: MediaStore, data: bytes, suffix: str) -> str:
    """Store a file under the hash of its content; return its key."""
    digest = await asyncio.to_thread(hashlib.sha256, data)
    key = f"{INPUTS}/{digest.hexdigest()}{suffix}"
    await put_if_absent(media, key, data)
    return key


async def exists(media: MediaStore, key: str) -> bool:
    """Return whether a file exists. A stored input counts as used now, so that it stays."""
    if key.startswith(f"{INPUTS}/"):
        return await media.touch(key)
    return await media.find(key) is not None


async def require_inputs(media: MediaStore, earlier: Generation) -> None:
    """
    Check that the files of an earlier generation exist, for a new generation with them.

    Raises:
        Conflict: A file has been removed.
    """
    for _, address, _ in input_addresses(earlier.spec):
        kept = address.startswith(MEDIA_PREFIX)
        if kept and not await exists(media, address.removeprefix(MEDIA_PREFIX)):
            raise Conflict(
                f"a file that came with generation {earlier.id} has been removed;"
                " ask for it anew, with the file"
            )
