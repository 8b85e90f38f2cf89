"""Encode the body of a request to an upstream, as JSON or as a multipart form."""

import json as jsons
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx2

from rushes.core.errors import PermanentEngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPart:
    """A file in a multipart form."""

    name: str
    content: bytes
    media_type: str


def encode_body(
    json: object, form: Sequence[tuple[str, str]], files: Mapping[str, BodyPart]
) -> tuple[bytes | None, Mapping[str, str]]:
    """
    Return a request's body, None when it is empty, and the headers that describe it.

    Raises:
        PermanentEngineError: *json* holds a value that JSON cannot represent.
    """
    if form or files:
        fields = [(name, (None, value.encode(), None)) for name, value in form]
        parts = [(name, (p.name, p.content, p.media_type)) for name, p in files.items()]
        request = httpx2.Request("POST", "http://form", files=[*fields, *parts])
        return request.read(), {"Content-Type": request.headers["content-type"]}
    if json is None:
        return None, {}
    try:
        content = jsons.dumps(json, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError) as error:
        raise PermanentEngineError("the request cannot be written as JSON") from error
    return content, {"Content-Type": "application/json"}
