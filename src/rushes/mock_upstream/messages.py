"""One request to a stand-in, and the answer to it, as values."""

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from starlette.datastructures import Headers, QueryParams, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

LONGEST_TEXT: Final = 8000
"""Characters of a text that are kept; of a longer one, such as a picture, its digest is."""

LARGEST_PART_BYTES: Final = 256 << 20


class Act(StrEnum):
    """What sort of request it is; a callback is one that we make."""

    SUBMIT = "submit"
    LOOK = "look"
    BATCH = "batch"
    LIST = "list"
    FETCH = "fetch"
    CANCEL = "cancel"
    UPLOAD = "upload"
    """Of a picture or video, ahead of the submit that names it."""

    TEST = "test"
    CALLBACK = "callback"


Fields = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MockRequest:
    """A request that was read."""

    method: str
    path: str
    values: Mapping[str, str]
    """What stands in the path where its pattern has names."""

    query: QueryParams
    headers: Headers
    fields: Fields
    """The body's; empty when it has none, or is no object."""

    is_form: bool
    origin: str
    """The base URL at which it reached us."""

    credential: str
    """Twelve digits of the SHA-256 of the key; empty without one."""

    @property
    def key(self) -> str | None:
        """The idempotency key."""
        return self.headers.get("idempotency-key")

    def text(self, *names: str) -> str:
        """Return the first of these fields that holds text; empty when none does."""
        found = (self.fields.get(name) for name in names)
        return next((one for one in found if isinstance(one, str) and one), "")

    def number(self, name: str, default: int) -> int:
        """Return a number of the query."""
        value = self.query.get(name, "")
        return int(value) if value.isdigit() else default


@dataclass(frozen=True, slots=True)
class MockReply:
    """An answer: JSON, or the bytes of a file."""

    body: object = None
    """A JSON value; with a *media_type*, bytes."""

    status: int = 200
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Refused(Exception):
    """The request is answered with an error, in the words of the API."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def secret(headers: Headers) -> str:
    """Return the key that came with a request, in whichever way it was sent."""
    sent = headers.get("authorization", "") or headers.get("x-api-key", "")
    scheme, _, rest = sent.partition(" ")
    return rest.strip() if scheme.lower() in {"bearer", "key", "token"} else sent.strip()


def digest(text: str) -> str:
    """Return what tells one key from another; empty for none."""
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
    """Return a JSON value with the long texts in it replaced by their length and digest."""
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
