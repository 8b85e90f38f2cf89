"""Serve the storage of Comfy's API, to which ComfyUI's nodes upload the files of a request."""

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
"""Not below the proxy's path. Source: ComfyUI, comfy_api_nodes/util/upload_helpers.py."""

_TYPES: Final = {end: name for name, end in (SUFFIXES | VIDEO_SUFFIXES).items()} | {
    ".jpeg": "image/jpeg"
}
_UNKNOWN_TYPES: Final = frozenset({"", "application/octet-stream"})


class Storage:
    """
    Hands out a link to upload a file to and a link to name the file in a request.

    Args:
        files: Keeps the uploaded files.

        uploads: Makes the links for uploads.
    """

    def __init__(self, files: UploadedFiles, uploads: SignedLinks) -> None:
        self._files = files
        self._uploads = uploads

    def operation(self) -> Operation:
        """Return the route."""
        return Operation(
            path=PATH,
            methods=("POST",),
            handler=errors.showing_inputs(self.create_storage),
            summary="Get a link to upload a file to and a link to name it",
            about=(
                "PUT the bytes to `upload_url`, without a key and with any `Content-Type`."
                " Then a request can name `download_url` as an image or a video."
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
        links: wire.Storage = {
            "upload_url": call.origin + path,
            "download_url": call.url(upload_media_key(upload)),
            "expires_at": ends_at.isoformat().replace("+00:00", "Z"),
        }
        return Response(to_json(links), media_type=JSON)


def _media_type(body: wire.CreateStorage) -> str:
    """Return the media type that the body names, else that of the file name's suffix."""
    named = (body.content_type or "").strip()
    if named.lower() not in _UNKNOWN_TYPES:
        return named
    suffix = PurePosixPath(body.file_name).suffix.lower()
    if suffix not in _TYPES:
        known = ", ".join(_TYPES)
        raise InvalidRequest(
            f"file_name must end in one of {known}, or content_type say what the file is;"
            f" not {body.file_name[-80:]!r}",
            param="file_name",
        )
    return _TYPES[suffix]
