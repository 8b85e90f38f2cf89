"""
``/mcp``: the tools over streamable HTTP, behind the same door as every other path.

The package that speaks the protocol is loaded when the first request comes. Each request stands
for itself: no session is kept, so none can be taken over, and a restart of the server goes
unnoticed.
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
from rushes.mcp_server.calls import Calls
from rushes.mcp_server.guest import NAME, Guest
from rushes.mcp_server.tools import tools, values
from rushes.service.catalogue import Catalogue
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream

PATH: Final = "/mcp"

_CALL: Final = "rushes.call"
_REFUSED: Final = -32600
"""Invalid Request, of JSON-RPC 2.0."""


class McpMount:
    """
    The tools of one server, for whoever has a key.

    Where no key is asked for, only a page or program of this machine may call: its ``Host`` and
    ``Origin`` must be this machine's, whatever name somebody's DNS has for it.
    """

    def __init__(
        self,
        generations: Generations,
        following: ProgressStream,
        catalogue: Catalogue,
        *,
        asks_for_keys: bool,
        body_limit_bytes: int,
        public_url: str | None = None,
    ) -> None:
        self._calls = Calls(generations, following)
        self._catalogue = catalogue
        self._asks_for_keys = asks_for_keys
        self._body_limit_bytes = body_limit_bytes
        self._public_host = urlsplit(public_url).hostname if public_url else None
        self._starting = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._over = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def api(self) -> Api:
        """Return what is mounted; the protocol describes the tools itself."""
        return Api(
            name=NAME,
            about="The Model Context Protocol, for agents.",
            operations=(
                Operation(
                    path=PATH,
                    methods=("POST",),
                    handler=self._handed_over,
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
            self._over.set()
            if self._running is not None:
                await asyncio.gather(self._running, return_exceptions=True)

    async def _handed_over(self, call: Call) -> Response:
        if not self._asks_for_keys:
            self._refuse_strangers(call.request)
        told = header(call.request.scope, b"content-type").split(";")[0].strip().lower()
        if told != JSON:
            raise UnsupportedMediaType(f"Content-Type must be {JSON}, not {quoted_text(told)}")
        return _Handover(await self._started(), call)

    def _refuse_strangers(self, request: Request) -> None:
        """Refuse what another site's page sends through somebody's browser. Raises Forbidden."""
        for name in ("host", "origin"):
            value = header(request.scope, name.encode())
            if value and not self._is_known(_host_of(value)):
                raise Forbidden(
                    f"{name.capitalize()} must be this machine's, like 127.0.0.1, not"
                    f" {quoted_text(value)}: a server that asks for no key serves its own"
                    " machine only"
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
        """Hold the package's own tasks, which must end where they began, until it is over."""
        try:
            # In a thread, for it takes a third of a second, and others are being served.
            await asyncio.to_thread(importlib.import_module, "rushes.mcp_server.server")
            from rushes.mcp_server.server import (  # noqa: PLC0415  # see the module's first lines
                build_server,
                over_http,
            )

            offer = tools(self._calls)
            server = build_server(offer, lambda: values(self._catalogue), _guest_of)
            async with over_http(server, limit_bytes=self._body_limit_bytes) as app:
                ready.set_result(app)
                await self._over.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise


def word(problem: Problem) -> Response:
    """Tell of an error as JSON-RPC has it, which is what a client of the protocol shows."""
    return JSONResponse(
        {
            "jsonrpc": "2.0",
            "id": None,
            "error": {
                "code": _REFUSED,
                "message": problem.detail,
                "data": {"code": problem.code, "request_id": problem.request_id},
            },
        },
        status_code=problem.status,
        headers=retry_header(problem),
    )


def _host_of(value: str) -> str:
    """Return the name or number in a ``Host`` or an ``Origin``."""
    with suppress(ValueError):
        return urlsplit(value if "//" in value else f"//{value}").hostname or ""
    return ""


def _guest_of(context: Any) -> Guest:
    call: Call = context.request.scope[_CALL]
    return Guest(
        caller=call.caller, origin=call.origin, url=call.url, count_submit=call.count_submit
    )


class _Handover(Response):
    """A reply that the protocol's own application gives, to a body that was read already."""

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
