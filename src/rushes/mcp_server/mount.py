"""
Serve the tools over streamable HTTP at ``/mcp``, behind the same gateway as every other path.

The ``mcp`` package is imported at the first request. There are no sessions: nobody can take one
over, and clients do not notice a restart of the server.
"""

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection
from typing_extensions import override

from rushes.core.errors import Forbidden, UnsupportedMediaType
from rushes.core.keys import Scope
from rushes.http.gateway import Call
from rushes.http.operation import JSON, PLAIN, Api, Operation, Reply
from rushes.http.problems import Problem, retry_header
from rushes.http.requests import header
from rushes.kit.quoting import quoted_text
from rushes.mcp_server.calls import ToolHandlers
from rushes.mcp_server.guest import NAME, ToolCaller
from rushes.mcp_server.tools import tools, values
from rushes.service.catalogue import Catalogue
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream
from rushes.service.shot_plans import ShotPlans

PATH: Final = "/mcp"

_CALL: Final = "rushes.call"
_INVALID_REQUEST: Final = -32600
"""Invalid Request, of JSON-RPC 2.0."""


class McpMount:
    """
    The tools of one server, for callers with a key.

    A server that needs no key serves only pages and programs of this machine: ``Host`` and
    ``Origin`` must name it, which also stops DNS rebinding.
    """

    def __init__(
        self,
        generations: Generations,
        progress_stream: ProgressStream,
        catalogue: Catalogue,
        plans: ShotPlans,
        *,
        asks_for_keys: bool,
        body_limit_bytes: int,
        public_url: str | None = None,
    ) -> None:
        self._calls = ToolHandlers(generations, progress_stream, plans)
        self._catalogue = catalogue
        self._asks_for_keys = asks_for_keys
        self._body_limit_bytes = body_limit_bytes
        self._public_host = urlsplit(public_url).hostname if public_url else None
        self._starting = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def api(self) -> Api:
        """Return the route; the protocol itself describes the tools."""
        return Api(
            name=NAME,
            about="The Model Context Protocol, for agents.",
            operations=(
                Operation(
                    path=PATH,
                    methods=("POST",),
                    handler=self._forward,
                    operation_id="handed_over",
                    scope=Scope.READ,
                    summary="Speak the Model Context Protocol",
                    replies={200: Reply(about="JSON-RPC, alone or as server-sent events.")},
                ),
            ),
            word=word,
            problem=PLAIN,
        )

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Serve as long as the block runs."""
        try:
            yield
        finally:
            self._stopping.set()
            if self._running is not None:
                await asyncio.gather(self._running, return_exceptions=True)

    async def _forward(self, call: Call) -> Response:
        if not self._asks_for_keys:
            self._refuse_other_sites(call.request)
        media_type = header(call.scope, b"content-type").split(";")[0].strip().lower()
        if media_type != JSON:
            raise UnsupportedMediaType(
                f"Content-Type must be {JSON}, not {quoted_text(media_type)}"
            )
        return _ProtocolReply(await self._started(), call)

    def _refuse_other_sites(self, request: Request) -> None:
        """Refuse requests from pages of other sites. Raises Forbidden."""
        for name in ("host", "origin"):
            value = header(request.scope, name.encode())
            if value and not self._is_known(_host_of(value)):
                raise Forbidden(
                    f"{name.capitalize()} must be this machine's, like 127.0.0.1, not"
                    f" {quoted_text(value)}: a server without keys serves only its own"
                    " machine"
                )

    def _is_known(self, host: str) -> bool:
        if host in {"localhost", self._public_host}:
            return True
        with suppress(ValueError):
            return ip_address(host).is_loopback
        return False

    async def _started(self) -> ASGIApp:
        async with self._starting:
            if self._app is None:
                ready: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
                self._running = asyncio.create_task(self._run(ready))
                self._app = await ready
            return self._app

    async def _run(self, ready: "asyncio.Future[ASGIApp]") -> None:
        """Run the package's application; its tasks have to start and end in this one task."""
        try:
            # In a thread: the import takes a third of a second, and other requests go on.
            await asyncio.to_thread(importlib.import_module, "rushes.mcp_server.server")
            from rushes.mcp_server.server import (  # noqa: PLC0415  # see the module's docstring
                build_server,
                over_http,
            )

            offered = tools(self._calls)
            server = build_server(offered, lambda: values(self._catalogue), _caller_of)
            async with over_http(server, limit_bytes=self._body_limit_bytes) as app:
                ready.set_result(app)
                await self._stopping.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise


def word(problem: Problem) -> Response:
    """Return an error in JSON-RPC's format, which clients of the protocol show."""
    return JSONResponse(
        {
            "jsonrpc": "2.0",
            "id": None,
            "error": {
                "code": _INVALID_REQUEST,
                "message": problem.detail,
                "data": {"code": problem.code, "request_id": problem.request_id},
            },
        },
        status_code=problem.status,
        headers=retry_header(problem),
    )


def _host_of(value: str) -> str:
    """Return the host name or IP address in a ``Host`` or ``Origin`` header."""
    with suppress(ValueError):
        return urlsplit(value if "//" in value else f"//{value}").hostname or ""
    return ""


def _caller_of(context: Any) -> ToolCaller:
    call: Call = context.request.scope[_CALL]
    return ToolCaller(
        caller=call.caller, origin=call.origin, url=call.url, count_submit=call.count_submit
    )


class _ProtocolReply(Response):
    """A reply that the protocol's application sends, for a body that is already read."""

    def __init__(self, app: ASGIApp, call: Call) -> None:
        super().__init__()
        self._app = app
        self._call = call

    @override
    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        body: list[Message] = [{"type": "http.request", "body": self._call.raw, "more_body": False}]

        async def again() -> Message:
            return body.pop() if body else await receive()

        await self._app({**scope, _CALL: self._call}, again, send)
