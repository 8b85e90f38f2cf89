"""
Sign links to media files and check them; each link expires.

The proof is in the path, not in a query, so that a link ends in the file's own name: players,
download managers and clients that look at the suffix all want that.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

PREFIX: Final = "/media/"
_LINK: Final = re.compile(r"(\d{1,12})\.([A-Za-z0-9_-]{32})/([^?#]+)")
_STEP_S: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLinks:
    """Makes and checks links; two processes with the same secret agree."""

    secret: bytes
    lifetime_s: int = 24 * 3600
    """A link is good for at least this long, and at most an hour longer."""

    prefix: str = PREFIX
    """Where the paths begin. Another prefix is another use, and needs a secret of its own."""

    def path(self, key: str, *, now: datetime) -> str:
        """
        Return the path at which *key* can be read, e.g. ``/media/1767.../<id>/video.mp4``.

        The same path comes back for an hour, so that a client which polls can cache by it.
        """
        until_s = self.ends_s(now=now)
        return f"{self.prefix}{until_s}.{_kept_proof(self.secret, until_s, key)}/{key}"

    def ends_s(self, *, now: datetime) -> int:
        """Return until when a path made now is good, in seconds since 1970: a whole hour."""
        return (int(now.timestamp()) + self.lifetime_s) // _STEP_S * _STEP_S + _STEP_S

    def key(self, path: str, *, now: datetime) -> str | None:
        """Return the key that *path* gives access to; None if it is forged or has expired."""
        found = self._match(path)
        if found is None:
            return None
        until_s, proof, key = int(found[1]), found[2], found[3]
        if not hmac.compare_digest(proof, _proof(self.secret, until_s, key)):
            return None
        return key if now.timestamp() < until_s else None

    def has_expired(self, path: str, *, now: datetime) -> bool:
        """Return whether *path* was a good link once, and its time is over."""
        found = self._match(path)
        return (
            found is not None
            and hmac.compare_digest(found[2], _proof(self.secret, int(found[1]), found[3]))
            and now.timestamp() >= int(found[1])
        )

    def _match(self, path: str) -> re.Match[str] | None:
        return _LINK.fullmatch(path, len(self.prefix)) if path.startswith(self.prefix) else None


def _proof(secret: bytes, until_s: int, key: str) -> str:
    """Return what nobody else can make."""
    digest = hmac.digest(secret, f"{until_s}/{key}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


# For links that we make: a client that polls asks for the same ones. Never for links that come in,
# with which strangers would fill the memory.
_kept_proof = lru_cache(maxsize=4096)(_proof)
