"""Read the key, address, id and body of a request."""

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from rushes.core.errors import TooLarge
from rushes.service.accounts import Caller

MAX_BODY_BYTES: Final = 32 << 20
"""Room for two images of ten megabytes as base64; a larger body is refused while it arrives."""

_SCHEMES: Final = ("bearer ", "key ", "token ")
_SAFE_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_LONGEST_HOST: Final = 259
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def first_headers(scope: Scope) -> Mapping[bytes, bytes]:
    """
    Return the first value of each header, by its name in lower case.

    The mapping is made once per request: Starlette searches its list of headers for each name and
    raises an exception for a missing one.
    """
    first: Mapping[bytes, bytes] | None = scope.get("first_headers")
    if first is None:
        first = scope["first_headers"] = dict(reversed(scope["headers"]))
    return first


def header(scope: Scope, name: bytes) -> str:
    """Return the first header with this name, in lower case; empty if there is none."""
    return first_headers(scope).get(name, b"").decode("latin-1")


def secret(scope: Scope) -> str | None:
    """
    Return the API key of a request, from any of the headers that clients use.

    ``Authorization: Bearer k``, ``Key k``, ``Token k`` or the bare key, or ``X-API-Key: k``.
    """
    value = header(scope, b"authorization").strip()
    for scheme in _SCHEMES:
        if value[: len(scheme)].lower() == scheme:
            value = value[len(scheme) :].strip()
            break
    return value or header(scope, b"x-api-key").strip() or None


def address(scope: Scope) -> str:
    """Return the client's address; empty if the server does not know it."""
    client = scope.get("client")
    return client[0] if client else ""


def is_local_request(scope: Scope, *, public_url: str | None = None) -> bool:
    """
    Tell whether the ``Host`` and ``Origin`` of a request, if any, name this machine.

    This refuses pages of other sites, which have their own ``Origin``, and DNS rebinding, which has
    its own ``Host``.
    """
    known = urlsplit(public_url).hostname if public_url else None
    hosts = filter(None, (header(scope, b"host"), header(scope, b"origin")))
    return all(_is_ours(_host_of(value), known) for value in hosts)


def _host_of(value: str) -> str:
    with suppress(ValueError):
        return urlsplit(value if "//" in value else f"//{value}").hostname or ""
    return ""


def _is_ours(host: str, known: str | None) -> bool:
    if host in {"localhost", known}:
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False


def request_id(scope: Scope) -> str:
    """Return the client's request id if it is well-formed, else a new one."""
    if b"x-request-id" in first_headers(scope):
        text = header(scope, b"x-request-id")
        if _SAFE_ID.fullmatch(text):
            return text
    return f"req_{os.urandom(16).hex()}"


def origin(scope: Scope, *, public_url: str | None) -> str:
    """Return the base URL that the client used, or *public_url* if that is set."""
    if public_url:
        return public_url.rstrip("/")
    scheme, sent = scope.get("scheme", "http"), first_headers(scope).get(b"host", b"")
    found = _origin(scheme, sent) if len(sent) <= _LONGEST_HOST else None
    if found is not None:
        return found
    server = scope.get("server") or ("127.0.0.1", 80)
    return f"{scheme}://{server[0]}:{server[1]}"


@lru_cache(maxsize=256)
def _origin(scheme: str, sent: bytes) -> str | None:
    """Return the base URL for a ``Host`` header, which most requests to a server share."""
    host = sent.decode("latin-1")
    return f"{scheme}://{host}" if _HOST.fullmatch(host) else None


async def body(scope: Scope, receive: Receive, *, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """
    Return the body.

    Raises:
        TooLarge: It announces more than *limit_bytes*, or has more; the rest is not read.

        ClientDisconnect: The client has gone before the end of the body.
    """
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise _too_large(limit_bytes)
    chunks: list[bytes] = []
    size_bytes = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size_bytes += len(chunks[-1])
        if size_bytes > limit_bytes:
            raise _too_large(limit_bytes)
        more = message.get("more_body", False)
    return b"".join(chunks)


def fingerprint(caller: Caller, scope: Scope, raw: bytes) -> str:
    """Return a hash of account, method, path and body, to recognize a repeated request."""
    head = f"{caller.account_id}\n{scope['method']}\n{scope['path']}\n".encode()
    return hashlib.sha256(head + raw).hexdigest()


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        f"the body is over the limit of {limit_bytes >> 20} MiB; send images as URLs, or smaller"
    )
