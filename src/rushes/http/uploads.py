"""Files that come in over HTTP, each to a link that says by itself that it may."""

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
"""How long a link to put a file to is good, at least."""

_ONCE: Final = "/once"
"""How the key of a link ends to which one file may be put, which is ready then."""


def upload_path(links: SignedLinks, upload_id: str, *, now: datetime, once: bool = False) -> str:
    """
    Return the path to which the bytes of an announced file may be put.

    Args:
        once: Whether they may come once only, and the file is ready then.
    """
    return links.path(upload_id + (_ONCE if once else ""), now=now)


def upload_operation(files: UploadedFiles, links: SignedLinks) -> Operation:
    """Return the operation that takes every file whose link is good, as a stream."""

    async def put(call: Call) -> Response:
        await _receive(call, files, links)
        return Response()

    return Operation(
        path=PREFIX + "{rest:path}",
        methods=("PUT",),
        handler=put,
        summary="Put the bytes of a file that was announced",
        about="The address is one that a reply gave; it proves by itself that it may be used.",
        open_to_all=True,
        streams=True,
        body=Body(contents={"*/*": bytes}, checked=False),
        replies={200: Reply(about="They are here; say so where the file was announced.")},
        problems=(409, 410),
    )


async def _receive(call: Call, files: UploadedFiles, links: SignedLinks) -> None:
    path = call.request.url.path
    key = links.key(path, now=call.now)
    if key is None and links.has_expired(path, now=call.now):
        raise Gone("this link has expired; announce the file again to get a new one")
    if key is None:
        raise NotFound("nothing can be put here: the link is not one of ours")
    told = call.request.headers.get("content-length", "")
    content_length = int(told) if told.isascii() and told.isdigit() else None
    receive = files.receive_single if key.endswith(_ONCE) else files.receive
    await receive(key.removesuffix(_ONCE), call.request.stream(), content_length=content_length)
