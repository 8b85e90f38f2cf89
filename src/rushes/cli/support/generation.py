"""Generate a video for ``rushes generate``, on a server or in this process."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx2

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.output import complain
from rushes.cli.support.preview import Preview
from rushes.cli.support.progress import ReportProgress, progress
from rushes.cli.support.server_client import ServerClient, connect
from rushes.cli.support.shot_plans import explain_plan
from rushes.settings import Settings
from rushes.settings.channel_kinds import KIND_RULES

_CANCEL_S: Final = 5.0
"""Seconds for the cancel request after Ctrl-C; a second Ctrl-C does not wait for it."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A server's address and key; None for this process."""

    server: str | None
    key: str | None


async def explain_request(
    body: Mapping[str, object], place: Place, settings: Settings
) -> dict[str, Any]:
    """Return the shot plan of a request."""
    async with _connect(place, settings) as http:
        return await explain_plan(http, body)


async def generate_video(
    body: dict[str, object],
    out: Path,
    place: Place,
    settings: Settings,
    *,
    shown: bool,
    preview: Preview | None,
) -> tuple[tuple[Path, ...], dict[str, object]]:
    """
    Generate a video, write it and its images to files, and return these and the reply.

    Args:
        shown: Show a progress bar.

        preview: Show this picture above the bar.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    picture = preview.at if preview else None
    with progress(out.name, shown=shown, picture=picture) as report:
        report(0.0, "connecting" if place.server else "starting")
        async with _connect(place, settings) as http:
            client = ServerClient(http)
            generation = await _complete(client, body, report)
            report(1.0, "downloading")
            return await client.download(generation, out), generation


async def _complete(
    client: ServerClient, body: dict[str, object], report: ReportProgress
) -> dict[str, object]:
    """Submit a generation and return it when it is completed; cancel it when this is cancelled."""
    submitting = asyncio.ensure_future(client.submit(body))
    try:
        return await client.wait(await asyncio.shield(submitting), report)
    except asyncio.CancelledError:
        # In a task of its own: asyncio.timeout of Python 3.11.2 fails in a cancelled one.
        await asyncio.create_task(_cancel(client, submitting))
        raise


async def _cancel(client: ServerClient, submitting: asyncio.Future[str]) -> None:
    """Cancel the submitted generation, also if the reply to the submit is not here yet."""
    try:
        async with asyncio.timeout(_CANCEL_S):
            await client.cancel(await submitting)
    except (TimeoutError, httpx2.HTTPError, CommandError) as error:
        complain(f"rushes: the server may still be at work: {str(error) or 'it does not answer'}")


def _must_cost_nothing(settings: Settings) -> None:
    """
    Refuse to spend money in a process that keeps no record of it.

    Raises:
        CommandError: Channels are configured; their jobs would be lost when this process ends.
    """
    paid = [name for name, one in settings.channels.items() if KIND_RULES[one.kind].is_remote]
    if paid:
        raise CommandError(
            f"videos of {', '.join(paid)} cost money, and only a server keeps track of paid jobs:"
            " start `rushes serve` and use --server, or name a --config without channels",
            ExitCode.USAGE,
        )


@asynccontextmanager
async def _connect(place: Place, settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    """Connect to a server, or to an application in this process with temporary data."""
    if place.server:
        async with connect(place.server, place.key) as http:
            yield http
        return
    from rushes.bootstrap.application import build  # a second, of no use to clients of a server

    _must_cost_nothing(settings)
    with tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        alone = replace(
            settings,
            data=Path(folder),
            server=replace(settings.server, host="127.0.0.1", auth=False, public_url=None),
            worker=replace(settings.worker, slots=1, stop_grace_s=0.0),
        )
        application = build(alone)
        transport = httpx2.ASGITransport(application.app)
        async with (
            application.running(dispatcher=False),
            httpx2.AsyncClient(transport=transport, base_url="http://rushes.local") as http,
        ):
            yield http
