"""What comes back when something is asked of a stranger's server."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass


class BadReply(Exception):
    """An answer came, but not the file that was asked for."""

    def __init__(self, detail: str, *, status: int) -> None:
        super().__init__(detail)
        self.status = status


class TooLarge(Exception):
    """The body is over the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with its body in memory."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header, the last."""

    body: bytes
    truncated: bool = False
    """Whether the body was longer than it was allowed to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What was written to a file."""

    size_bytes: int
    media_type: str
    """What the server calls it, lower case, without parameters; empty when it does not say."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedReply:
    """An answer whose body is still on its way."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header, the last."""

    codings: tuple[str, ...] = ()
    """The content codings that are taken off *pieces*; where there is any, parts of the body
    cannot be put together."""

    pieces: AsyncIterator[bytes]
