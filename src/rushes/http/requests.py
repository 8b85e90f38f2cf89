"""What is read from a request before any dialect looks at it: who, from where, which bytes."""

import hashlib
import re
from secrets import token_hex
from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from rushes.core.errors import TooLarge
from rushes.service.accounts import Caller

MAX_BODY_BYTES: Final = 32 << 20
"""Room for two images of ten megabytes as base64; anything larger is refused as it comes in."""

_SCHEMES: Final = ("bearer ", "key ", "token ")
_SAFE_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def secret(request: Request) -> str | None:
    """
    Return the API key that a request carries, in any of the spellings that clients use.

    ``Authorization: Bearer k``, ``Key k``, ``Token k`` or the bare key, or ``X-API-Key: k``.
    """
    value = request.headers.get("authorization", "").strip()
    for scheme in _SCHEMES:
        if value.lower().startswith(scheme):
            value = value[len(scheme) :].strip()
            break
    return value or request.headers.get("x-api-key", "").strip() or None


def request_id(scope: Scope) -> str:
    """Return the caller's own request id when it is a plain one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if _SAFE_ID.fullmatch(text):
                return str(text)
    return f"req_{token_hex(16)}"


def origin(request: Request, *, public_url: str | None) -> str:
    """Return the base URL at which the caller reached us, or *public_url* when that is set."""
    if public_url:
        return public_url.rstrip("/")
    host = request.headers.get("host", "")
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
    """
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit_bytes:
        raise _too_large(limit_bytes)
    chunks: list[bytes] = []
    size_bytes = 0
    async for chunk in request.stream():
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise _too_large(limit_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def fingerprint(caller: Caller, request: Request, raw: bytes) -> str:
    """Return a hash of who asks what where, for telling a repetition from a new request."""
    head = f"{caller.key_id}\n{request.method}\n{request.scope['path']}\n".encode()
    return hashlib.sha256(head + raw).hexdigest()


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        f"the body is over the limit of {limit_bytes >> 20} MiB; send images as URLs, or smaller"
    )
