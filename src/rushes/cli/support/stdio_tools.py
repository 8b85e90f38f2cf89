"""Serve the tools of ``rushes mcp`` over standard input and output."""

import asyncio
import importlib
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from rushes.cli.support.server_client import ServerClient, connect, image_source
from rushes.core.errors import InvalidRequest
from rushes.kit.inline_images import HEAD_BYTES, image_type
from rushes.mcp_server.calls import ToolHandlers
from rushes.mcp_server.guest import ToolCaller
from rushes.mcp_server.mount import PATH
from rushes.mcp_server.tools import tools, values
from rushes.media.base import MediaStore
from rushes.service.accounts import LOCAL_ACCOUNT, Caller
from rushes.settings import Settings

_ORIGIN: Final = "http://localhost"
"""Stands in links; over standard input no URL reaches this process."""


async def serve_in_process(settings: Settings) -> None:
    from rushes.bootstrap.application import build  # a second, and a relay needs none of it

    application = build(settings)
    async with application.running(dispatcher=False):
        await asyncio.to_thread(importlib.import_module, "rushes.mcp_server.server")
        from rushes.mcp_server.server import (  # a third of a second, for this command only
            build_server,
            over_stdio,
        )

        caller = _tool_caller(application.media)
        offered = tools(
            ToolHandlers(
                application.generations, application.progress_stream, application.shot_plans
            )
        )
        await over_stdio(
            build_server(
                offered, lambda: values(application.catalogue), lambda _: caller, source=picture
            )
        )


async def relay_to_server(server: str, key: str | None) -> None:
    from rushes.mcp_server.relay import RemoteServer, build_relay  # as above
    from rushes.mcp_server.server import over_stdio  # as above

    async with connect(server, key) as http:
        await ServerClient(http).check()  # so that a missing server is reported in one sentence
    remote = RemoteServer(url=server.rstrip("/") + PATH, key=key)
    await over_stdio(build_relay(remote, picture))


def _tool_caller(media: MediaStore) -> ToolCaller:
    def url(media_key: str) -> str:
        where = media.location(media_key)
        return where if "://" in where else Path(where).as_uri()

    return ToolCaller(caller=Caller(account_id=LOCAL_ACCOUNT), origin=_ORIGIN, url=url)


def picture(named: str) -> str:
    """
    Return an image as a request carries it: a URL or data URI as it is, a file as data URI.

    Raises:
        InvalidRequest: There is no such file, or it is no image; no other file leaves the machine.
    """
    if named.startswith(("http://", "https://", "data:")):
        return named
    path = unquote(urlsplit(named).path) if named.startswith("file:") else named
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            kind = image_type(opened.read(HEAD_BYTES))
    except OSError as error:
        why = f"{named!r} is not an http(s) URL and not a readable file: {error.strerror}"
        raise InvalidRequest(why, param="image") from None
    if kind is None:
        raise InvalidRequest(f"{named!r} is not an image", param="image")
    return image_source(str(file))
