"""Describe transport errors in our own words, without quoting the other side."""

import ssl
from collections.abc import Iterator, Sequence
from typing import Final

import httpcore2

from rushes.kit.address_rules import ForbiddenAddress
from rushes.kit.safe_http import Unreachable

TRANSPORT_ERRORS = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ConnectionNotAvailable,
    OSError,
    TimeoutError,
    Unreachable,
    ForbiddenAddress,
)


class TooLong(Exception):
    """The reply is longer than the limit."""


_WORDS: Final[Sequence[tuple[type[BaseException], str]]] = (
    (TooLong, "it is too long"),
    (ssl.SSLCertVerificationError, "its certificate is not valid for its name"),
    (ssl.SSLError, "no secure connection could be agreed on"),
    (httpcore2.ConnectTimeout, "no connection was accepted in time"),
    (httpcore2.ConnectError, "connections are refused"),
    (httpcore2.ProtocolError, "the reply is cut off, or not HTTP"),
    (TimeoutError, "no reply in time"),
    (httpcore2.TimeoutException, "no reply in time"),
)


def describe_error(error: Exception) -> str:
    """Return a short description that contains nothing of what either side sent."""
    if isinstance(error, Unreachable | ForbiddenAddress):
        return str(error)
    chain = tuple(_causes(error))
    return next(
        (words for kind, words in _WORDS if any(isinstance(link, kind) for link in chain)),
        "the connection broke",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
