"""Media over HTTP: signed links, ranges, conditional requests; nothing is held in memory."""

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from rushes.core.errors import Gone, NotFound, RequestError
from rushes.core.links import PREFIX, Links
from rushes.http.door import Wording
from rushes.http.problems import problem
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore

TYPES: Final = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}


def media_route(*, media: MediaStore, links: Links, clock: Clock, word: Wording) -> Route:
    """Return the route that serves every file whose link is good."""

    async def serve(request: Request) -> Response:
        try:
            return _serve(request, media, links, clock)
        except RequestError as error:
            return word(problem(error, request_id=request.scope["request_id"]))

    return Route(PREFIX + "{rest:path}", serve, methods=["GET", "HEAD"])


def _serve(request: Request, media: MediaStore, links: Links, clock: Clock) -> Response:
    path = request.url.path
    key = links.key(path, now=clock.now())
    if key is None and links.has_expired(path, now=clock.now()):
        raise Gone("this link has expired; ask for the generation again to get a new one")
    file = media.path(key) if key is not None else None
    if key is None or file is None:
        raise NotFound("there is no such file, or the link is not one of ours")
    suffix = file.suffix.lower()
    # FileResponse answers ranges and If-Range by itself; If-None-Match it leaves to us.
    response = FileResponse(
        file,
        media_type=TYPES.get(suffix, "application/octet-stream"),
        stat_result=file.stat(),
        headers={
            "Cache-Control": "private, max-age=3600, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{key.replace("/", "-")}"',
        },
    )
    if _matches(request.headers.get("if-none-match"), response.headers["etag"]):
        kept = ("etag", "cache-control", "last-modified")
        return Response(status_code=304, headers={name: response.headers[name] for name in kept})
    return response


def _matches(asked: str | None, etag: str) -> bool:
    if asked is None:
        return False
    known = [one.strip().removeprefix("W/") for one in asked.split(",")]
    return "*" in known or etag in known
