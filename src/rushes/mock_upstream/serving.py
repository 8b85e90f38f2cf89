"""Serve a mock upstream on a port: in the running event loop, in a thread, or as a process."""

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, cast

import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.exchange import TRANSPORT

_GRACE_S: Final = 1
_START_S: Final = 20.0


class Cuttable(HttpToolsProtocol):
    """Gives the app access to the connection of a request, so that it can cut it."""

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope = cast("dict[str, Any]", self.scope)
        scope["extensions"] = {TRANSPORT: self.transport}


def _config(mock: MockUpstream) -> uvicorn.Config:
    return uvicorn.Config(
        mock,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http=Cuttable,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_S,
    )


@asynccontextmanager
async def serving(mock: MockUpstream) -> AsyncGenerator[str]:
    """Serve on a free loopback port in the running event loop; yield the base URL."""
    config, state, listening = _config(mock), ServerState(), _listening()
    config.load()
    # Without uvicorn's own server, which starts and stops in steps of a tenth of a second.
    server = await asyncio.get_running_loop().create_server(
        lambda: Cuttable(config=config, server_state=state, app_state={}), sock=listening
    )
    try:
        yield _address(listening)
    finally:
        server.close()
        _hang_up(state)
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=_GRACE_S)
        mock.close()


@contextmanager
def serving_in_thread(mock: MockUpstream) -> Generator[str]:
    """Serve on a free loopback port in a thread; yield the base URL."""
    listening = _listening()
    ready = threading.Event()
    up = Server(mock, ready.set)
    thread = threading.Thread(target=up.run, args=([listening],), daemon=True)
    thread.start()
    try:
        if not ready.wait(_START_S):
            raise TimeoutError(f"the mock upstream did not start within {_START_S:g} s")
        yield _address(listening)
    finally:
        up.should_exit = True
        thread.join()


class Server(uvicorn.Server):
    """
    Serves a mock upstream until a signal or ``should_exit`` stops it.

    Args:
        ready: Called when the server accepts requests.

        stop_signals: Signals that stop the server; other handlers stay as they are.
    """

    def __init__(
        self,
        mock: MockUpstream,
        ready: Callable[[], None],
        *,
        stop_signals: tuple[signal.Signals, ...] = (),
    ) -> None:
        super().__init__(_config(mock))
        self._ready = ready
        self._stop_signals = stop_signals

    async def startup(  # type: ignore[explicit-override]  # typing has no override in Python 3.11
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(  # type: ignore[explicit-override]  # as above
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        _hang_up(self.server_state)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:  # type: ignore[explicit-override]  # as above
        before = {one: signal.signal(one, self.handle_exit) for one in self._stop_signals}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _hang_up(state: ServerState) -> None:
    """Abort every connection, so that no client waits for a reply that hangs."""
    for connection in cast("set[Cuttable]", set(state.connections)):
        connection.transport.abort()


def _listening() -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    # asyncio sets it for its own sockets only; without it a kept connection answers after 40 ms
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"
