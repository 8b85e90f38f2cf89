"""Define the replies and errors of the outbound HTTP client."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass


class BadReply(Exception):
    """The server replied, but not with a usable body. ``status`` is that of the reply."""

    def __init__(self, detail: str, *, status: int) -> None:
        super().__init__(detail)
        self.status = status


class TooLarge(Exception):
    """The body is larger than the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply with its body in memory."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case. A repeated header has its last value."""

    body: bytes
    truncated: bool = False
    """Whether the body was cut off at the limit, or where it could no longer be decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file that was downloaded."""

    size_bytes: int
    media_type: str
    """The server's ``Content-Type``, lower case, without parameters; empty when it sends none."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedReply:
    """A reply whose body is still arriving."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case. A repeated header has its last value."""

    codings: tuple[str, ...] = ()
    """The content codings that *pieces* were decoded from. A body with any cannot be resumed, since
    byte ranges count coded bytes."""

    pieces: AsyncIterator[bytes]
