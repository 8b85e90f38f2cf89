"""
A whole server whose engine makes nothing of everything, at once: for tools that try an API.

    python tests/http/serve_scripted.py PORT FOLDER

It prints one line of JSON, its ``url`` and the ``key`` that it made, and serves until it is stopped.
It looks up no name and dials no address: whatever a tool makes up stays on this machine.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import httpcore2
import uvicorn
from typing_extensions import override

from rushes.bootstrap.application import build
from rushes.cli.support.logs import log_to_stderr
from rushes.core.errors import PermanentEngineError
from rushes.engines.scripted import ScriptedEngine
from rushes.kit.address_rules import Address
from rushes.kit.safe_http import SafeHttpClient
from rushes.kit.safe_http.dialer import Resolver, Unresolved
from rushes.service.catalogue import MODELS
from rushes.settings import Settings

STEPS = (b"a", b"b", b"c", PermanentEngineError("every fourth is refused"))


class NoNames(Resolver):
    """A resolver that knows nobody."""

    @override
    async def look_up(self, name: str, port: int) -> Sequence[Address]:
        raise Unresolved(f"{name} has no address")


class NoWire(httpcore2.AsyncNetworkBackend):
    """A network whose cable is pulled."""

    @override
    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> Any:
        raise httpcore2.ConnectError(f"{host}:{port} cannot be reached")


def unplugged() -> SafeHttpClient:
    """Return what checks every target as ever, and reaches none."""
    http = SafeHttpClient()
    http._dialer._resolver = NoNames()
    http._dialer._inner = NoWire()
    return http


async def main(port: int, folder: Path) -> None:
    engine = ScriptedEngine(cycle(STEPS))
    usual = Settings()
    settings = replace(
        usual,
        data=folder,
        # What cannot be fetched fails at once, so that nobody waits for a stream to end.
        worker=replace(usual.worker, slots=8, max_attempts=1),
        log=replace(usual.log, level="error"),
    )
    log_to_stderr(settings.log)
    running_app = build(settings, engines=dict.fromkeys(MODELS, engine), http=unplugged())
    _, secret = await running_app.accounts.create_key("tried")
    # With the protocol by its name asyncio sends each piece at once; else every answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        print(json.dumps({"url": url, "key": secret}), flush=True)  # noqa: T201  # somebody waits for it
        config = uvicorn.Config(running_app.app, http="httptools", log_config=None)
        await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
