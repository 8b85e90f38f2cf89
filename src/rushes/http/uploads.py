"""Files that come in over HTTP, each to a link that says by itself that it may."""

from typing import Final

from starlette.responses import Response

from rushes.core.errors import Gone, NotFound
from rushes.core.links import Links
from rushes.http.door import Call
from rushes.http.operation import Body, Operation, Reply
from rushes.service.files import Files

PREFIX: Final = "/uploads/"
LIFETIME_S: Final = 3600
"""How long a link to put a file to is good, at least."""


def upload_operation(files: Files, links: Links) -> Operation:
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


async def _receive(call: Call, files: Files, links: Links) -> None:
    path = call.request.url.path
    upload_id = links.key(path, now=call.now)
    if upload_id is None and links.has_expired(path, now=call.now):
        raise Gone("this link has expired; announce the file again to get a new one")
    if upload_id is None:
        raise NotFound("nothing can be put here: the link is not one of ours")
    told = call.request.headers.get("content-length", "")
    told_bytes = int(told) if told.isascii() and told.isdigit() else None
    await files.receive(upload_id, call.request.stream(), told_bytes=told_bytes)
