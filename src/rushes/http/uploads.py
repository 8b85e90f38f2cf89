"""Receive uploaded files at signed links."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from rushes.core.errors import Gone, NotFound
from rushes.core.signed_links import SignedLinks
from rushes.http.gateway import Call
from rushes.http.operation import Body, Operation, Reply
from rushes.service.uploads import UploadedFiles

PREFIX: Final = "/uploads/"
LIFETIME_S: Final = 3600
"""The shortest lifetime of a link for uploads."""

_ONCE: Final = "/once"
"""The suffix of the key in a link that takes one upload, whose file is then ready."""


def upload_path(links: SignedLinks, upload_id: str, *, now: datetime, once: bool = False) -> str:
    """
    Return the signed path for the bytes of an announced file.

    Args:
        once: Whether the link takes one upload, after which the file is ready.
    """
    return links.path(upload_id + (_ONCE if once else ""), now=now)


def upload_operation(files: UploadedFiles, links: SignedLinks) -> Operation:
    """Return the route that receives a file from anyone with a valid link, as a stream."""

    async def put(call: Call) -> Response:
        await _receive(call, files, links)
        return Response()

    return Operation(
        path=PREFIX + "{rest:path}",
        methods=("PUT",),
        handler=put,
        summary="Upload the bytes of an announced file",
        about="A reply has the URL, which is signed and needs no key.",
        open_to_all=True,
        streams=True,
        body=Body(contents={"*/*": bytes}, checked=False),
        replies={
            200: Reply(about="The bytes are stored. Complete the file where you announced it.")
        },
        problems=(409, 410),
    )


async def _receive(call: Call, files: UploadedFiles, links: SignedLinks) -> None:
    path = call.request.url.path
    key = links.key(path, now=call.now)
    if key is None and links.has_expired(path, now=call.now):
        raise Gone("this link has expired; announce the file again to get a new one")
    if key is None:
        raise NotFound("no file can be uploaded here: the link is not one of ours")
    header = call.request.headers.get("content-length", "")
    content_length = int(header) if header.isascii() and header.isdigit() else None
    receive = files.receive_single if key.endswith(_ONCE) else files.receive
    await receive(key.removesuffix(_ONCE), call.request.stream(), content_length=content_length)
