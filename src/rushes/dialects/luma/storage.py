"""The storage of Comfy's API, where ComfyUI's nodes leave pictures before they name them."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.errors import InvalidRequest
from rushes.core.signed_links import SignedLinks
from rushes.dialects.luma import errors, wire
from rushes.dialects.luma.errors import parse_body
from rushes.http.gateway import Call
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.http.uploads import upload_path
from rushes.kit.file_type import VIDEO_SUFFIXES
from rushes.kit.inline_images import SUFFIXES
from rushes.service.upload_bytes import upload_media_key
from rushes.service.uploads import UploadedFiles

PATH: Final = "/customers/storage"
"""Beside the proxies, not behind them. Source: ComfyUI, comfy_api_nodes/util/upload_helpers.py."""

_TYPES: Final = {end: name for name, end in (SUFFIXES | VIDEO_SUFFIXES).items()} | {
    ".jpeg": "image/jpeg"
}
_UNSAID: Final = frozenset({"", "application/octet-stream"})


class Storage:
    """
    Gives a link to put a file to, and the link that names it in a generation.

    Args:
        files: Keeps what is put.

        uploads: Makes the links to which files are put.
    """

    def __init__(self, files: UploadedFiles, uploads: SignedLinks) -> None:
        self._files = files
        self._uploads = uploads

    def operation(self) -> Operation:
        """Return the operation, described."""
        return Operation(
            path=PATH,
            methods=("POST",),
            handler=errors.telling_inputs(self.create_storage),
            summary="Get a link to put a file to, and one to name it by",
            about=(
                "PUT the bytes to `upload_url`, with no key and any `Content-Type`; then"
                " `download_url` can be an image or a video of a generation."
            ),
            body=Body(contents={JSON: wire.CreateStorage}),
            replies={200: Reply(about="The two links.", shape=wire.Storage)},
        )

    async def create_storage(self, call: Call) -> Response:
        body = parse_body(wire.CreateStorage, call)
        media_type = _media_type(body)
        ends_at = datetime.fromtimestamp(call.links.ends_s(now=call.now), UTC)
        try:
            upload = await self._files.create_single(
                media_type, name=body.file_name, expires_at=ends_at, caller=call.caller
            )
        except InvalidRequest as error:
            why = str(error).replace(error.param, "content_type", 1)
            raise InvalidRequest(why, param="content_type") from None
        path = upload_path(self._uploads, upload.id, now=call.now, once=True)
        told: wire.Storage = {
            "upload_url": call.origin + path,
            "download_url": call.url(upload_media_key(upload)),
            "expires_at": ends_at.isoformat().replace("+00:00", "Z"),
        }
        return Response(to_json(told), media_type=JSON)


def _media_type(body: wire.CreateStorage) -> str:
    """Return the type as it is told; else the one that the file's name stands for."""
    told = (body.content_type or "").strip()
    if told.lower() not in _UNSAID:
        return told
    end = PurePosixPath(body.file_name).suffix.lower()
    if end not in _TYPES:
        known = ", ".join(_TYPES)
        raise InvalidRequest(
            f"file_name must end in one of {known}, or content_type say what the file is;"
            f" not {body.file_name[-80:]!r}",
            param="file_name",
        )
    return _TYPES[end]
