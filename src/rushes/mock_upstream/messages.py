"""Represent a request to a mock upstream, and its reply, as values."""

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from starlette.datastructures import Headers, QueryParams, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

LONGEST_TEXT: Final = 8000
"""Texts up to this length are kept; of a longer one, such as an image, the digest is."""

LARGEST_PART_BYTES: Final = 256 << 20


class Act(StrEnum):
    """The kind of a request; a callback is a request by the mock upstream."""

    SUBMIT = "submit"
    LOOK = "look"
    BATCH = "batch"
    LIST = "list"
    FETCH = "fetch"
    CANCEL = "cancel"
    UPLOAD = "upload"
    """Upload of an image or video before the submit that names it."""

    TEST = "test"
    CALLBACK = "callback"


Fields = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MockRequest:
    """A request with its parsed body."""

    method: str
    path: str
    values: Mapping[str, str]
    """The values of the names in the path's pattern."""

    query: QueryParams
    headers: Headers
    fields: Fields
    """The fields of the body; empty if it is no object."""

    is_form: bool
    origin: str
    """The base URL of the request."""

    credential: str
    """Twelve digits of the SHA-256 of the key; empty without one."""

    @property
    def key(self) -> str | None:
        """The idempotency key."""
        return self.headers.get("idempotency-key")

    def text(self, *names: str) -> str:
        """Return the first of these fields with text, or an empty text."""
        found = (self.fields.get(name) for name in names)
        return next((one for one in found if isinstance(one, str) and one), "")

    def number(self, name: str, default: int) -> int:
        """Return a number from the query string."""
        value = self.query.get(name, "")
        return int(value) if value.isdigit() else default


@dataclass(frozen=True, slots=True)
class MockReply:
    """A reply: JSON, or the bytes of a file."""

    body: object = None
    """A JSON value; with a *media_type*, bytes."""

    status: int = 200
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Refused(Exception):
    """The reply is an error, which the API words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def secret(headers: Headers) -> str:
    """Return the key of a request, from any of the usual headers."""
    sent = headers.get("authorization", "") or headers.get("x-api-key", "")
    scheme, _, rest = sent.partition(" ")
    return rest.strip() if scheme.lower() in {"bearer", "key", "token"} else sent.strip()


def digest(text: str) -> str:
    """Return twelve digits that identify a key without showing it; empty for none."""
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""


async def fields(body: bytes, headers: Headers) -> tuple[Fields, bool]:
    """Return the fields of a body, and whether it was a form."""
    if headers.get("content-type", "").startswith("multipart/form-data"):
        return await _form(body, headers), True
    try:
        value: object = json.loads(body) if body else {}
    except ValueError:
        raise Refused(400, "invalid_request", "the body is not JSON") from None
    return (cast("Fields", value) if isinstance(value, dict) else {}), False


async def _form(body: bytes, headers: Headers) -> Fields:
    async def stream() -> AsyncGenerator[bytes]:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_part_size=LARGEST_PART_BYTES).parse()
    except (MultiPartException, KeyError) as error:
        raise Refused(400, "invalid_request", f"the form cannot be read: {error}") from None
    try:
        return {
            name: await _part(value) if isinstance(value, UploadFile) else value
            for name, value in form.multi_items()
        }
    finally:
        await form.close()


async def _part(part: UploadFile) -> Fields:
    data = await part.read()
    return {
        "filename": part.filename,
        "content_type": part.content_type,
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def shortened(value: object) -> object:
    """Replace the long texts in a JSON value by their length and digest."""
    match value:
        case str() if len(value) > LONGEST_TEXT:
            short = hashlib.sha256(value.encode()).hexdigest()
            return f"{value[:40]}... ({len(value)} characters, sha256 {short})"
        case dict():
            return {k: shortened(v) for k, v in cast("Fields", value).items()}
        case list():
            return [shortened(one) for one in cast("list[object]", value)]
        case _:
            return value
