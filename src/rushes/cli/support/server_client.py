"""Speak ``/api/v1`` to a rushes server: submit, follow, cancel and download generations."""

import asyncio
import base64
import json
import mimetypes
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.progress import ReportProgress
from rushes.core.generation import State

PATH: Final = "/api/v1/generations"

FILES: Final = {"video": "", "thumbnail": ".thumbnail.jpg", "last_frame": ".last_frame.jpg"}
"""The artifacts that :meth:`ServerClient.download` writes, and the suffixes of their files."""

_POLL_S: Final = 0.25
_TIMEOUT: Final = httpx2.Timeout(30.0, read=120.0)
_IMAGES: Final = {".heic": "image/heic", ".avif": "image/avif", ".webp": "image/webp"}


@asynccontextmanager
async def connect(server: str, key: str | None) -> AsyncGenerator[httpx2.AsyncClient]:
    """Open an HTTP client for the server at a base URL, which sends *key* with each request."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient(base_url=server, headers=headers, timeout=_TIMEOUT) as http:
        yield http


class ServerClient:
    """
    Speaks ``/api/v1`` over *http*, whose base URL is the server's.

    Every method raises :class:`CommandError` with the server's own sentence when the server
    refuses, and ``httpx2.TransportError`` when no server answers.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def check(self) -> None:
        """Return if the server answers and accepts the key."""
        json_of(await self._http.get("/api/v1/account"))

    async def submit(self, body: Mapping[str, object]) -> str:
        """Submit a generation, in the fields of ``POST /api/v1/generations``; return its id."""
        return str(json_of(await self._http.post(PATH, json=dict(body)))["id"])

    async def get(self, generation_id: str) -> dict[str, Any]:
        """Return the current state of one generation."""
        return json_of(await self._http.get(f"{PATH}/{generation_id}"))

    async def cancel(self, generation_id: str) -> None:
        """Cancel a generation; a final one stays as it is."""
        reply = await self._http.post(f"{PATH}/{generation_id}/cancel")
        if reply.status_code != HTTPStatus.CONFLICT:
            json_of(reply)

    async def wait(self, generation_id: str, report: ReportProgress) -> dict[str, Any]:
        """
        Poll a generation until it is completed, and return it.

        Raises:
            CommandError: The generation failed, expired or was cancelled.
        """
        while True:
            reply = await self.get(generation_id)
            state = State(reply["state"])
            report(float(reply["progress"]), reply.get("phase") or state)
            if state is State.COMPLETED:
                return reply
            if state.is_final:
                failure: dict[str, Any] = reply["failure"] or {}
                reason = failure.get("message") or "the server gives no reason"
                ending = f"failed: {reason}" if state is State.FAILED else f"is {state}"
                raise CommandError(f"generation {generation_id} {ending}", ExitCode.FAILED)
            await asyncio.sleep(_POLL_S)

    async def follow(self, generation_id: str) -> AsyncGenerator[dict[str, Any]]:
        """
        Yield the progress of a generation until it is final.

        A stream that ends early, because a proxy has cut it for one, is resumed where it ended.
        """
        last_id, is_final = "0", False
        while not is_final:
            headers = {"Last-Event-ID": last_id}
            url = f"{PATH}/{generation_id}/progress"
            async with self._http.stream("GET", url, headers=headers) as reply:
                if not reply.is_success:
                    await reply.aread()
                    json_of(reply)
                if reply.status_code == HTTPStatus.NO_CONTENT:
                    return
                async for line in reply.aiter_lines():
                    name, _, value = line.partition(": ")
                    if name == "id":
                        last_id = value
                    elif name == "data":
                        progress: dict[str, Any] = json.loads(value)
                        is_final = State(progress["state"]).is_final
                        if progress["event"] is None:  # with an event it has no position
                            yield progress

    async def download(self, generation: Mapping[str, Any], video: Path) -> tuple[Path, ...]:
        """Write the video to *video*, thumbnail and last frame beside it; return all paths."""
        artifacts = generation["artifacts"]
        files = {
            kind: video.with_suffix(suffix) if suffix else video
            for kind, suffix in FILES.items()
            if kind in artifacts
        }
        for kind, file in files.items():
            await self._download(str(artifacts[kind]["url"]), file)
        return tuple(files.values())

    async def _download(self, url: str, file: Path) -> None:
        partial = file.with_name(f"{file.name}.partial")
        try:
            async with self._http.stream("GET", _reachable(url)) as reply:
                if not reply.is_success:
                    raise CommandError(f"{url} answers {reply.status_code}", ExitCode.FAILED)
                with partial.open("wb") as out:
                    async for chunk in reply.aiter_bytes():
                        out.write(chunk)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


def _reachable(url: str) -> str:
    """Return a media URL as a path, so that it is fetched from the address of the API."""
    parts = urlsplit(url)
    return parts.path if parts.path.startswith("/media/") else url


def json_of(reply: httpx2.Response) -> dict[str, Any]:
    """
    Return the JSON of a reply.

    Raises:
        CommandError: The server refuses; the message is the server's own sentence.
    """
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
    fields = cast("dict[str, Any]", body)
    if reply.is_success:
        return fields
    message = fields.get("detail") or fields.get("message") or fields
    if reply.status_code == HTTPStatus.NOT_FOUND:
        raise CommandError(str(message), ExitCode.NOT_FOUND)
    raise CommandError(f"the server refuses ({reply.status_code}): {message}", ExitCode.REFUSED)


def image_source(image: str) -> str:
    """
    Return an image as a request carries it: a URL or data URI as it is, a file as data URI.

    Raises:
        CommandError: There is no such file.
    """
    if image.startswith(("http://", "https://", "data:")):
        return image
    file = Path(image).expanduser()
    if not file.is_file():
        raise CommandError(
            f"there is no file {image!r}, and it is not an http(s) URL", ExitCode.NOT_FOUND
        )
    kind = _IMAGES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0]
    data = base64.b64encode(file.read_bytes()).decode()
    return f"data:{kind or 'application/octet-stream'};base64,{data}"
