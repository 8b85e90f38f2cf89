"""
Sign links to media files and check them; each link expires.

The proof is in the path, not in a query, so that a link ends with the file's own name. Players,
download managers and some clients need the suffix.
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
    """Makes and checks links. Processes with the same secret accept each other's links."""

    secret: bytes
    lifetime_s: int = 24 * 3600
    """A link is valid for at least this time, and at most an hour longer."""

    prefix: str = PREFIX
    """The beginning of the paths. Links for another purpose need another prefix and secret."""

    def path(self, key: str, *, now: datetime) -> str:
        """
        Return the path at which *key* can be read, e.g. ``/media/1767.../<id>/video.mp4``.

        The path stays the same for an hour, so that a client that polls can use it as a cache key.
        """
        until_s = self.ends_s(now=now)
        return f"{self.prefix}{until_s}.{_cached_proof(self.secret, until_s, key)}/{key}"

    def ends_s(self, *, now: datetime) -> int:
        """Return the end of a path's validity in seconds since 1970, rounded up to the hour."""
        return (int(now.timestamp()) + self.lifetime_s) // _STEP_S * _STEP_S + _STEP_S

    def key(self, path: str, *, now: datetime) -> str | None:
        """Return the key in *path*; None if the path is forged or has expired."""
        found = self._match(path)
        if found is None:
            return None
        until_s, proof, key = int(found[1]), found[2], found[3]
        if not hmac.compare_digest(proof, _proof(self.secret, until_s, key)):
            return None
        return key if now.timestamp() < until_s else None

    def has_expired(self, path: str, *, now: datetime) -> bool:
        """Return whether *path* is a genuine link that has expired."""
        found = self._match(path)
        return (
            found is not None
            and hmac.compare_digest(found[2], _proof(self.secret, int(found[1]), found[3]))
            and now.timestamp() >= int(found[1])
        )

    def _match(self, path: str) -> re.Match[str] | None:
        return _LINK.fullmatch(path, len(self.prefix)) if path.startswith(self.prefix) else None


def _proof(secret: bytes, until_s: int, key: str) -> str:
    """Return the signature of a key and its expiry."""
    digest = hmac.digest(secret, f"{until_s}/{key}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


# Only for links that the server makes: a client that polls gets the same ones again. Incoming
# links are not cached, so that nobody can fill the memory with forged ones.
_cached_proof = lru_cache(maxsize=4096)(_proof)
