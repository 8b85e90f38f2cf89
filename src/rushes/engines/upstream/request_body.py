"""Writes what is asked of an upstream as the body of a request."""

import json as jsons
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx2

from rushes.core.errors import PermanentEngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPart:
    """A file in a form."""

    name: str
    content: bytes
    media_type: str


def encoded(
    json: object, form: Sequence[tuple[str, str]], files: Mapping[str, BodyPart]
) -> tuple[bytes | None, Mapping[str, str]]:
    """
    Return a request's body and the headers that describe it; None when it has none.

    Raises:
        PermanentEngineError: It holds what JSON cannot say.
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
