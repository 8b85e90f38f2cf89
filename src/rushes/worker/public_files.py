"""How an upstream gets at our files, and where it can call us back."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rushes.core.callback_url import callback_path
from rushes.core.generation import Attempt, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFiles:
    """What upstreams can reach of a server; nothing, as long as it has no public address."""

    public_url: str | None = None
    """The base URL at which the whole world reaches us, without a slash at its end."""

    media: MediaStore | None = None
    links: SignedLinks | None = None
    clock: Clock | None = None

    def callback_url(self, generation_id: GenerationId, attempt: Attempt) -> str | None:
        """Return where an attempt's upstream may call; None: it could not."""
        if self.public_url is None:
            return None
        return self.public_url + callback_path(generation_id, attempt)

    async def urls(self, files: Iterable[Path]) -> dict[Path, str]:
        """
        Keep *files* and return where each can be fetched; empty while we cannot be reached.

        They are kept by their content, so that the same picture is kept once. Raises MediaError.
        """
        if self.public_url is None or not (self.media and self.links and self.clock):
            return {}
        now = self.clock.now()
        found: dict[Path, str] = {}
        for file in files:
            key = f"inputs/{await asyncio.to_thread(_digest, file)}{file.suffix}"
            if not await self.media.touch(key):
                await self.media.put(key, file)
            found[file] = self.public_url + self.links.path(key, now=now)
        return found


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
