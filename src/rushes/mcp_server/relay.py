"""Forward tool calls to another server, and add pictures of this machine to them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from rushes import __version__
from rushes.core.errors import RequestError
from rushes.mcp_server.server import Context, refusal
from rushes.mcp_server.tools import INSTRUCTIONS, Source, with_files, with_pictures_loaded

T = TypeVar("T")

_TIMEOUT: Final = httpx2.Timeout(30.0, read=60.0)
"""Seconds; during a long call the server sends a message every fifteen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteServer:
    """The URL of a server's ``/mcp``, and a key."""

    url: str
    key: str | None

    async def call(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """
        Call *work* with a new client and return its result.

        A client that loses its server fails in a background task, where the caller cannot catch
        the error. The server keeps no sessions, so a new client for each call loses nothing.

        Raises:
            MCPError: The server refuses, or does not answer.
        """
        try:
            async with self._client() as client:
                return await work(client)
        except Exception as error:
            cause = _cause(error)
            if isinstance(cause, MCPError):
                raise cause from None
            if isinstance(cause, httpx2.TransportError):
                why = f"no server answers at {self.url} ({cause}); start it and try again"
                raise MCPError(INTERNAL_ERROR, why) from None
            raise

    @asynccontextmanager
    async def _client(self) -> AsyncGenerator[Client]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=_TIMEOUT) as http,
            Client(streamable_http_client(self.url, http_client=http)) as client,
        ):
            yield client


def _cause(error: BaseException) -> BaseException:
    """Return the first error in nested exception groups."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    group = cast("BaseExceptionGroup[BaseException]", error)
    return _cause(group.exceptions[0])


def build_relay(remote: RemoteServer, source: Source) -> "Server[Any]":
    """
    Return a server that offers the tools of another server.

    Args:
        source: Returns a picture in a form that a request can carry; raises RequestError.
    """

    async def list_tools(
        _context: Context, _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        listed = await remote.call(lambda client: client.list_tools())
        for tool in listed.tools:
            tool.input_schema = with_files(tool.input_schema)
        return ListToolsResult(tools=listed.tools)

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        async def report(progress: float, total: float | None, message: str | None) -> None:
            await context.session.report_progress(progress, total, message)

        try:
            arguments = with_pictures_loaded(params.arguments or {}, source)
        except RequestError as error:
            return refusal(str(error))
        return await remote.call(
            lambda client: client.call_tool(params.name, arguments, progress_callback=report)
        )

    return Server(
        "rushes",
        version=__version__,
        title="rushes",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
