"""A client of ``/luma/generations``: submit, watch, fetch."""

import asyncio
import base64
import mimetypes
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.progress import Told

FILES: Final = {"video": "", "thumbnail": ".thumbnail.jpg", "last_frame": ".last_frame.jpg"}
"""The parts of a completed reply that are kept, and how the files' names end."""

_POLL_S: Final = 0.25
_TIMEOUT: Final = httpx2.Timeout(30.0, read=120.0)
_IMAGES: Final = {".heic": "image/heic", ".avif": "image/avif", ".webp": "image/webp"}


@asynccontextmanager
async def connected(server: str, key: str | None) -> AsyncGenerator[httpx2.AsyncClient]:
    """Connect to the server at a base URL, with its key if it wants one."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient(base_url=server, headers=headers, timeout=_TIMEOUT) as http:
        yield http


class RelayClient:
    """
    Speaks the relay dialect over *http*, whose base URL is the server's.

    Every method raises :class:`Stop` with the server's own sentence when it refuses, and
    ``httpx2.TransportError`` when it does not answer.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def check(self) -> None:
        """Return if the server is there and takes the key."""
        body_of(await self._http.get("/api/v1/account"))

    async def submit(self, wanted: Mapping[str, object]) -> str:
        """Ask for a generation, in the dialect's own fields; return its id."""
        reply = await self._http.post("/luma/generations", json=dict(wanted))
        return str(body_of(reply)["id"])

    async def cancel(self, generation_id: str) -> None:
        """Stop a generation; one that has ended meanwhile stays as it is."""
        reply = await self._http.delete(f"/luma/generations/{generation_id}")
        if reply.status_code != HTTPStatus.CONFLICT:
            body_of(reply)

    async def watch(self, generation_id: str, told: Told) -> dict[str, Any]:
        """Return the completed reply, telling the progress on the way there."""
        while True:
            reply = body_of(await self._http.get(f"/luma/generations/{generation_id}"))
            state = str(reply["state"])
            told(float(reply.get("progress") or 0) / 100, state)
            if state == "completed":
                return reply
            if state == "failed":
                why = reply.get("failure_reason") or "the server gives no reason"
                raise CommandError(f"generation {generation_id} failed: {why}", ExitCode.FAILED)
            await asyncio.sleep(_POLL_S)

    async def fetch(self, reply: Mapping[str, Any], video: Path) -> tuple[Path, ...]:
        """Write the video to *video*, thumbnail and last frame beside it; return all three."""
        files = [video.with_suffix(end) if end else video for end in FILES.values()]
        for kind, file in zip(FILES, files, strict=True):
            await self._fetch(str(reply[kind]["url"]), file)
        return tuple(files)

    async def _fetch(self, url: str, file: Path) -> None:
        partial = file.with_name(f"{file.name}.partial")
        try:
            async with self._http.stream("GET", self._reachable(url)) as reply:
                if not reply.is_success:
                    raise CommandError(f"{url} answers {reply.status_code}", ExitCode.FAILED)
                with partial.open("wb") as out:
                    async for chunk in reply.aiter_bytes():
                        out.write(chunk)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)

    def _reachable(self, url: str) -> str:
        """Return *url* as seen from here: the server's own media at the address that we use."""
        parts = urlsplit(url)
        return parts.path if parts.path.startswith("/media/") else url


def body_of(reply: httpx2.Response) -> dict[str, Any]:
    """Return the JSON of a reply. Raises Stop, with the server's own sentence, when it refuses."""
    try:
        body: object = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise CommandError(
            f"{reply.url.copy_with(query=None)} answers {reply.status_code} with something that is"
            " not JSON; --server must be the base URL of a rushes server",
            ExitCode.UNREACHABLE,
        )
    told = cast("dict[str, Any]", body)
    if reply.is_success:
        return told
    why = told.get("message") or told.get("detail") or told
    if reply.status_code == HTTPStatus.NOT_FOUND:
        raise CommandError(str(why), ExitCode.NOT_FOUND)
    raise CommandError(f"the server refuses ({reply.status_code}): {why}", ExitCode.REFUSED)


def as_source(image: str) -> str:
    """
    Return an image as a request carries it: a URL or data URI as it is, a file as data URI.

    Raises:
        Stop: There is no such file.
    """
    if image.startswith(("http://", "https://", "data:")):
        return image
    file = Path(image).expanduser()
    if not file.is_file():
        raise CommandError(
            f"there is no file {image!r}, and it is no http(s) URL", ExitCode.NOT_FOUND
        )
    kind = _IMAGES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0]
    data = base64.b64encode(file.read_bytes()).decode()
    return f"data:{kind or 'application/octet-stream'};base64,{data}"
