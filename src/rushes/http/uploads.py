"""Files that come in over HTTP, each to a link that says by itself that it may."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from rushes.core.errors import Gone, NotFound, RushesError
from rushes.core.links import Links
from rushes.http.door import Wording
from rushes.http.problems import problem
from rushes.kit.clock import Clock
from rushes.service.files import Files

PREFIX = "/uploads/"
LIFETIME_S = 3600
"""How long a link to put a file to is good, at least."""


def upload_route(*, files: Files, links: Links, clock: Clock, word: Wording) -> Route:
    """Return the route that takes every file whose link is good, as a stream."""

    async def receive(request: Request) -> Response:
        try:
            await _receive(request, files, links, clock)
        except RushesError as error:
            return word(problem(error, request_id=request.scope["request_id"]))
        except ClientDisconnect:
            pass  # nobody is there to hear of it
        return Response()

    return Route(PREFIX + "{rest:path}", receive, methods=["PUT"])


async def _receive(request: Request, files: Files, links: Links, clock: Clock) -> None:
    path, now = request.url.path, clock.now()
    upload_id = links.key(path, now=now)
    if upload_id is None and links.has_expired(path, now=now):
        raise Gone("this link has expired; announce the file again to get a new one")
    if upload_id is None:
        raise NotFound("nothing can be put here: the link is not one of ours")
    told = request.headers.get("content-length", "")
    told_bytes = int(told) if told.isdigit() else None
    await files.receive(upload_id, request.stream(), told_bytes=told_bytes)
