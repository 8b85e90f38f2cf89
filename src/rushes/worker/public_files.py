"""Give upstreams public URLs of our files, and of the callback of each attempt."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rushes.core.callback_url import callback_path
from rushes.core.generation import Attempt, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore, put_if_absent


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFiles:
    """The part of this server that upstreams can reach."""

    public_url: str
    """The server's base URL on the internet, without a slash at its end."""

    media: MediaStore
    links: SignedLinks
    clock: Clock

    def callback_url(self, generation_id: GenerationId, attempt: Attempt) -> str:
        """Return the URL at which an attempt's upstream reports changes."""
        return self.public_url + callback_path(generation_id, attempt)

    async def urls(self, files: Iterable[Path]) -> dict[Path, str]:
        """
        Store *files* and return a signed URL for each.

        The storage key is a digest of the content, so the same picture is stored once.

        Raises:
            MediaError: A file could not be stored.
        """
        now = self.clock.now()
        found: dict[Path, str] = {}
        for file in files:
            key = f"inputs/{await asyncio.to_thread(_digest, file)}{file.suffix}"
            await put_if_absent(self.media, key, file)
            found[file] = self.public_url + self.links.path(key, now=now)
        return found


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
