"""Read the fields of a body that is JSON or a form, whatever its content type claims."""

import re
from base64 import b64encode
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final, cast
from urllib.parse import parse_qsl

from pydantic_core import from_json
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from typing_extensions import override

from rushes.core.errors import InvalidRequest
from rushes.kit.file_type import media_type
from rushes.kit.inline_images import HEAD_BYTES, bytes_from_text

MOST_FIELDS: Final = 1000
MOST_FILES: Final = 16
DEEPEST: Final = 8
"""The most brackets in one name of a form field."""

_MARK: Final = b"\xef\xbb\xbf"
_JSON_BEGINS: Final = (b"{", b"[")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_BRACKETED: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")

Fields = dict[str, object]
"""The fields of a JSON object or a form; a form's values are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file in a form."""

    name: str | None
    """The sender's name of the file, if any; untrusted, never part of a path."""

    media_type: str | None
    data: bytes


async def fields(raw: bytes, content_type: str) -> Fields:
    """
    Return the fields of a body.

    JSON is read under any *content_type*, since some clients label it as text or as a form. In a
    form, ``a[b]=1`` is a field within a field, ``a[]=1`` and a repeated name are lists, and a file
    becomes a data URI. An empty body has no fields.

    Raises:
        InvalidRequest: The body is neither a JSON object in UTF-8 nor a form.
    """
    raw = raw.removeprefix(_MARK).strip(b" \t\r\n")
    kind = content_type.partition(";")[0].strip().lower()
    if raw and not raw.startswith(_JSON_BEGINS):
        if kind == "multipart/form-data":
            return nested(
                (name, value if isinstance(value, str) else data_uri(value.data))
                for name, value in await parts(raw, content_type)
            )
        if kind == "application/x-www-form-urlencoded":
            return nested(_urlencoded(raw))
    return json_object(raw) if raw else {}


def json_object(raw: bytes) -> Fields:
    """Return the JSON object in *raw*. Raises InvalidRequest, also for NaN and a depth over 200."""
    try:
        value = from_json(raw, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise _refused(f"the body is not JSON in UTF-8: {error}") from None
    if not isinstance(value, dict):
        raise _refused("the body must be a JSON object, like {...}")
    return cast("Fields", value)


def data_uri(data: bytes) -> str:
    """Return *data* as a data URI of no particular type."""
    return "data:application/octet-stream;base64," + b64encode(data).decode()


def nested(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Return a form's fields, nested by the brackets in their names."""
    root: Fields = {}
    for name, value in pairs:
        parts = _parts(name)
        is_list = len(parts) > 1 and not parts[-1]
        *path, last = parts[:-1] if is_list else parts
        node = root
        for part in path:
            node = _as_fields(node.setdefault(part, {}), name)
        existing = node.get(last)
        if isinstance(existing, dict):
            raise _refused(f"{name} has a value of its own and fields within it")
        if isinstance(existing, list):
            cast("list[object]", existing).append(value)
        elif existing is not None:
            node[last] = [existing, value]
        else:
            node[last] = [value] if is_list else value
    return root


def _parts(name: str) -> list[str]:
    found = _BRACKETED.fullmatch(name)
    if found is None:
        return [name]
    parts = [found[1], *found[2][1:-1].split("][")]
    if len(parts) - 1 > DEEPEST:
        raise _refused(f"a field is more than {DEEPEST} brackets deep: {name[:80]}")
    return parts


def _as_fields(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise _refused(f"{name} lies within a field that has a value of its own")
    return cast("Fields", value)


def _urlencoded(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise _refused(f"the body is not a form in UTF-8 of at most {MOST_FIELDS} fields") from None


async def parts(raw: bytes, content_type: str) -> list[tuple[str, str | Part]]:
    """
    Return the parts of a multipart form with their names.

    A part is a file if it has a file name, the type of a picture or video, or the bytes of one,
    since clients that send bytes from memory leave the name out.

    Raises:
        InvalidRequest: It is not a multipart form, or has too many fields or files.
    """

    async def once() -> AsyncGenerator[bytes, None]:
        yield raw

    parser = _Parser(
        Headers({"content-type": content_type}),
        once(),
        max_files=MOST_FILES,
        max_fields=MOST_FIELDS,
        max_part_size=len(raw),
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        why = error.message if isinstance(error, MultiPartException) else "no boundary"
        raise _refused(f"the body is not a multipart form: {why}") from None
    try:
        return [(name, await _part(value)) for name, value in form.multi_items()]
    finally:
        await form.close()


class _Parser(MultiPartParser):
    """Starlette's parser, except that a file without a name stays bytes."""

    @override
    def on_part_end(self) -> None:
        part = self._current_part
        data = bytes(part.data)
        kind = dict(part.item_headers).get(b"content-type", b"").decode("latin-1")
        if part.file is None and _is_file(data, kind):
            headers = Headers(raw=part.item_headers)
            file = UploadFile(BytesIO(data), size=len(data), headers=headers)
            self.items.append((part.field_name, file))
        else:
            super().on_part_end()


def _is_file(data: bytes, kind: str) -> bool:
    if kind.strip().lower().startswith(("image/", "video/")):
        return True
    if _CONTROL.search(data, 0, HEAD_BYTES) is None:
        return False  # text, even if it begins like a file
    return media_type(data) is not None or not _is_utf8(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


async def _part(value: str | UploadFile) -> str | Part:
    if isinstance(value, str):
        return value
    data = await value.read()
    if value.headers.get("content-transfer-encoding", "").strip().lower() == "base64":
        data = _decoded(data)
    return Part(name=value.filename, media_type=value.content_type, data=data)


def _decoded(data: bytes) -> bytes:
    """Decode base64, which RFC 7578 deprecates and old clients still send."""
    with suppress(UnicodeDecodeError):
        found = bytes_from_text(data.decode("ascii"), limit_bytes=len(data))
        return data if found is None else found
    return data


def _refused(detail: str) -> InvalidRequest:
    return InvalidRequest(detail, param="body")
