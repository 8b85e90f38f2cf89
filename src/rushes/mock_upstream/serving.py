"""A stand-in on a port of this machine: in this event loop, or in a thread of its own."""

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
    """Lets the app cut the connection of a request."""

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope = cast("dict[str, Any]", self.scope)
        scope["extensions"] = {TRANSPORT: self.transport}


def _config(standin: MockUpstream) -> uvicorn.Config:
    return uvicorn.Config(
        standin,
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
async def serving(standin: MockUpstream) -> AsyncGenerator[str]:
    """Serve it on a free port of the loopback, beside everything else here; yield its address."""
    config, state, listening = _config(standin), ServerState(), _listening()
    config.load()
    # Without uvicorn's own server, which begins and ends in steps of a tenth of a second.
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
        standin.close()


@contextmanager
def serving_in_thread(standin: MockUpstream) -> Generator[str]:
    """Serve it as :func:`serving` does, from a thread; yield its address."""
    listening = _listening()
    ready = threading.Event()
    up = Server(standin, ready.set)
    thread = threading.Thread(target=up.run, args=([listening],), daemon=True)
    thread.start()
    try:
        if not ready.wait(_START_S):
            raise TimeoutError(f"the stand-in did not start within {_START_S:g} s")
        yield _address(listening)
    finally:
        up.should_exit = True
        thread.join()


class Server(uvicorn.Server):
    """
    Serves a stand-in until it is told to stop.

    Args:
        ready: Called when it takes requests.

        heeds: Signals that tell it to stop; others are left to whoever runs it.
    """

    def __init__(
        self,
        standin: MockUpstream,
        ready: Callable[[], None],
        *,
        heeds: tuple[signal.Signals, ...] = (),
    ) -> None:
        super().__init__(_config(standin))
        self._ready = ready
        self._heeds = heeds

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
        before = {one: signal.signal(one, self.handle_exit) for one in self._heeds}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _hang_up(state: ServerState) -> None:
    """Cut every connection, so that nobody waits for an answer that hangs."""
    for connection in cast("set[Cuttable]", set(state.connections)):
        connection.transport.abort()


def _listening() -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    # asyncio does not know such a socket for TCP; without this each kept answer takes 40 ms
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"
