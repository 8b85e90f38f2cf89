"""Store files that came inside requests, each content once."""

import asyncio
import hashlib
from typing import Final

from rushes.core.errors import Conflict
from rushes.core.generation import Generation
from rushes.core.spec import MEDIA_PREFIX
from rushes.media.base import MediaStore
from rushes.service.references import input_addresses

INPUTS: Final = "inputs"
"""Their folder in the media store."""


async def store_input(media: MediaStore, data: bytes, suffix: str) -> str:
    """Keep a file by its content; return its key."""
    digest = await asyncio.to_thread(hashlib.sha256, data)
    key = f"{INPUTS}/{digest.hexdigest()}{suffix}"
    if not await media.touch(key):
        await media.put_bytes(key, data)
    return key


async def exists(media: MediaStore, key: str) -> bool:
    """Return whether a file is there; one of ours stays so for whoever is about to name it."""
    if key.startswith(f"{INPUTS}/"):
        return await media.touch(key)
    return media.path(key) is not None


async def require_inputs(media: MediaStore, earlier: Generation) -> None:
    """
    Let another generation name what an earlier one named.

    Raises:
        Conflict: A file is not here any more.
    """
    for _, address, _ in input_addresses(earlier.spec):
        kept = address.startswith(MEDIA_PREFIX)
        if kept and not await exists(media, address.removeprefix(MEDIA_PREFIX)):
            raise Conflict(
                f"a file that came with generation {earlier.id} has been removed;"
                " ask for it anew, with the file"
            )
