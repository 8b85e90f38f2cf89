"""
Serves the web page's files out of the package, each with its type, its tag and its policy.

The page is asked for anew each time; its files lie below a path that changes when one of them
does, so that a browser may keep them for good.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PREFIX: Final = "/play"
"""Where the page's files lie."""

_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_PAGE: Final = "index.html"
_MODULES: Final = re.compile(r"^( *)<!-- modules -->$", re.MULTILINE)
_KEPT: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    body: bytes
    media_type: str

    @property
    def tag(self) -> str:
        return f'"{_digest(self.body)}"'


def playground_routes(*, public_url: str | None = None) -> list[Route]:
    """
    Return the page at ``/`` and its files below ``/play``.

    Args:
        public_url: The base URL of links to media, where it is another than the page's own.
    """
    found = _files()
    folder = f"{PREFIX}/{_digest(b''.join(one.body for one in found.values()))}"
    page = _File(body=_page(found, folder), media_type=_TYPES[".html"])
    headers = {**_HEADERS, "Content-Security-Policy": _policy(public_url)}

    async def index(request: Request) -> Response:
        return _unless_known(request, page, {**headers, "Cache-Control": _REVALIDATE})

    async def file(request: Request) -> Response:
        one = found.get(request.path_params["path"])
        if one is None:
            raise HTTPException(404)
        return _unless_known(request, one, {**_HEADERS, "Cache-Control": _KEPT})

    return [
        Route("/", index, methods=["GET"]),
        Route(folder + "/{path:path}", file, methods=["GET"]),
    ]


_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _policy(public_url: str | None) -> str:
    """Return what the page may do: run and show what is ours, and speak to us only."""
    media = "'self' blob: data:"
    if public_url:
        media += " {0.scheme}://{0.netloc}".format(urlsplit(public_url))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"img-src {media}",
            f"media-src {media}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@cache
def _files() -> Mapping[str, _File]:
    """Return every file of the page by its path below ``web``, in order."""
    return {
        path: _File(body=one.read_bytes(), media_type=_TYPES[PurePosixPath(path).suffix])
        for path, one in sorted(_below(files("rushes.playground") / "web", ""))
    }


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _below(one, f"{path}{one.name}/")
        else:
            yield path + one.name, one


def _page(found: Mapping[str, _File], folder: str) -> bytes:
    """Return the page with its files' folder in it, and each module named, to be fetched ahead."""
    text = found[_PAGE].body.decode().replace("{folder}", folder)
    modules = [path for path in found if path.endswith(".js")]
    return _MODULES.sub(
        lambda match: "\n".join(
            f'{match[1]}<link rel="modulepreload" href="{folder}/{path}">' for path in modules
        ),
        text,
    ).encode()


def _unless_known(request: Request, file: _File, headers: Mapping[str, str]) -> Response:
    reply_headers = {**headers, "ETag": file.tag}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=reply_headers)
    return Response(file.body, headers=reply_headers, media_type=file.media_type)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
