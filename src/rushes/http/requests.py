"""What is read from a request before any dialect looks at it: who, from where, which bytes."""

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Final, cast
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from rushes.core.errors import TooLarge
from rushes.service.accounts import Caller

MAX_BODY_BYTES: Final = 32 << 20
"""Room for two images of ten megabytes as base64; anything larger is refused as it comes in."""

_SCHEMES: Final = ("bearer ", "key ", "token ")
_SAFE_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def first_headers(scope: Scope) -> Mapping[bytes, bytes]:
    """
    Return the first value of each header, by its name in lower case.

    It is made once a request: Starlette's own headers are looked through from the beginning for
    each name, and one that is not there costs an exception.
    """
    first = scope.get("first_headers")
    if first is None:
        first = scope["first_headers"] = dict(reversed(scope["headers"]))
    return cast("Mapping[bytes, bytes]", first)


def header(scope: Scope, name: bytes) -> str:
    """Return the first header of this name, given in lower case; empty when there is none."""
    return first_headers(scope).get(name, b"").decode("latin-1")


def secret(request: Request) -> str | None:
    """
    Return the API key that a request carries, in any of the spellings that clients use.

    ``Authorization: Bearer k``, ``Key k``, ``Token k`` or the bare key, or ``X-API-Key: k``.
    """
    value = header(request.scope, b"authorization").strip()
    for scheme in _SCHEMES:
        if value.lower().startswith(scheme):
            value = value[len(scheme) :].strip()
            break
    return value or header(request.scope, b"x-api-key").strip() or None


def address(scope: Scope) -> str:
    """Return the address that a request came from; empty where there is none to tell."""
    client = scope.get("client")
    return client[0] if client else ""


def is_at_home(scope: Scope, *, public_url: str | None = None) -> bool:
    """
    Tell whether a request's ``Host`` and ``Origin``, if it has any, name this machine.

    A page of another site has its own ``Origin``, and one whose name somebody's DNS has led here
    its own ``Host``.
    """
    known = urlsplit(public_url).hostname if public_url else None
    named = filter(None, (header(scope, b"host"), header(scope, b"origin")))
    return all(_is_ours(_host_of(value), known) for value in named)


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
    """Return the caller's own request id when it is a plain one, else a new one."""
    text = header(scope, b"x-request-id")
    return text if _SAFE_ID.fullmatch(text) else f"req_{os.urandom(16).hex()}"


def origin(request: Request, *, public_url: str | None) -> str:
    """Return the base URL at which the caller reached us, or *public_url* when that is set."""
    if public_url:
        return public_url.rstrip("/")
    host = header(request.scope, b"host")
    if not _HOST.fullmatch(host):
        server = request.scope.get("server") or ("127.0.0.1", 80)
        host = f"{server[0]}:{server[1]}"
    return f"{request.scope.get('scheme', 'http')}://{host}"


async def body(request: Request, *, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """
    Return the body.

    Raises:
        TooLarge: It says that it is, or turns out to be, over *limit_bytes*; the rest is not
            read.

        ClientDisconnect: The client has gone before it was whole.
    """
    told = header(request.scope, b"content-length")
    if told.isdigit() and int(told) > limit_bytes:
        raise _too_large(limit_bytes)
    chunks: list[bytes] = []
    size_bytes = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size_bytes += len(chunks[-1])
        if size_bytes > limit_bytes:
            raise _too_large(limit_bytes)
        more = message.get("more_body", False)
    return b"".join(chunks)


def fingerprint(caller: Caller, request: Request, raw: bytes) -> str:
    """Return a hash of who asks what where, for telling a repetition from a new request."""
    head = f"{caller.account_id}\n{request.method}\n{request.scope['path']}\n".encode()
    digest = hashlib.sha256(head)
    digest.update(raw)
    return digest.hexdigest()


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        f"the body is over the limit of {limit_bytes >> 20} MiB; send images as URLs, or smaller"
    )
