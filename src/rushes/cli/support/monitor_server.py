"""Serve health checks and metrics of a worker, which serves no API."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn

from rushes.cli.support.http_protocol import BoundedHttp
from rushes.cli.support.listen_socket import address

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp


@asynccontextmanager
async def monitor_server(app: "ASGIApp", listening: "socket.socket") -> AsyncGenerator[str]:
    """Serve *app* on a listening socket while the block runs; yield its base URL."""
    url = address(listening)
    server = _Server(
        uvicorn.Config(
            app,
            loop="none",
            http=BoundedHttp,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield url
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals to the worker."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:  # type: ignore[explicit-override]  # typing has no override in Python 3.11
        yield
