"""Run the API server of ``rushes serve`` with uvicorn."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import uvicorn

from rushes import __version__
from rushes.bootstrap.application import Application, build
from rushes.bootstrap.required_services import wait_for_services
from rushes.cli.support.api_processes import ApiProcesses
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.http_protocol import BoundedHttp
from rushes.cli.support.listen_socket import address, inherited_socket, listen
from rushes.cli.support.metrics_folder import metrics_share
from rushes.cli.support.output import print_json, say
from rushes.cli.support.setting_views import setting_views
from rushes.core.keys import Key
from rushes.settings import Loaded, Settings
from rushes.telemetry.metrics_share import MetricsShare

EXAMPLE: Final = (
    '{"user_prompt": "Waves roll in under a red sunset, slow push in", "model_name": "ray-v2",'
    ' "duration": "5s", "resolution": "720p"}'
)


async def serve_api(loaded: Loaded, *, json: bool, stop_on_eof: bool) -> None:
    """
    Serve the API until SIGTERM or SIGINT.

    Args:
        json: Print one line of JSON when the server is ready, instead of text.

        stop_on_eof: Also stop when standard input ends.

    Raises:
        CommandError: The server could not start.

        SettingsError: The database or the object store cannot be used.
    """
    await wait_for_services(loaded.settings)
    with metrics_share(loaded.settings.server.processes) as share:
        await _serve(loaded, share, json=json, stop_on_eof=stop_on_eof)


async def _serve(
    loaded: Loaded, share: MetricsShare | None, *, json: bool, stop_on_eof: bool
) -> None:
    settings, inherited = loaded.settings, inherited_socket()
    is_first = inherited is None
    listening = inherited or listen(settings.server.host, settings.server.port)
    url = address(listening)
    application = build(settings, setting_views=setting_views(loaded), metrics_share=share)

    ending: asyncio.Task[None] | None = None
    others = ApiProcesses(listening, settings.server.processes - 1 if is_first else 0)

    async def ready() -> None:
        if not is_first:
            return
        others.start()
        oldest, secret = None, None
        if settings.server.auth:
            oldest, secret = await application.accounts.create_first_key(socket.gethostname())
        if json:
            print_json(_ready_fields(url, settings, secret), on_one_line=True)
        else:
            _greet(url, settings, oldest, secret)

    def stopping() -> None:
        nonlocal ending
        ending = asyncio.create_task(others.stop())
        application.heartbeat.stop()
        application.progress_stream.stop()
        application.worker.stop()  # during the grace period of open requests, not after it

    server = _Server(_uvicorn(application, settings), ready, stopping)
    if stop_on_eof or not is_first:
        threading.Thread(target=_stop_on_eof, args=(server,), daemon=True).start()
    await server.serve(sockets=[listening])
    if ending is not None:
        await ending
    if not server.started:
        raise CommandError("the server could not start; the log above says why", ExitCode.FAILED)
    if is_first and not json:
        say("stopped")


def _stop_on_eof(server: uvicorn.Server) -> None:
    """Read standard input to its end, then stop the server."""
    with suppress(OSError):  # there is no standard input
        while os.read(0, 4096):  # not sys.stdin: its lock must be free when the process ends
            pass
    server.should_exit = True


def _ready_fields(url: str, settings: Settings, secret: str | None) -> dict[str, object]:
    """Return the line of ``--json`` for the program that started this server."""
    return {
        "ready": True,
        "url": url,
        "key": secret,
        "pid": os.getpid(),
        "engine": settings.engine,
        "data": settings.data,
    }


def _create_key_command(data: Path) -> str:
    return f"rushes keys create NAME --data {_quoted(data)}"


def _greet(url: str, settings: Settings, oldest: Key | None, secret: str | None) -> None:
    say(f"rushes {__version__} is ready at {url}, with its data in {settings.data}")
    header = f" -H 'Authorization: Bearer {secret}'" if secret else ""
    if secret:
        say()
        say(f"The first key, shown only once: {secret}")
        say(f"It can operate the server. For clients: {_create_key_command(settings.data)}")
    elif settings.server.auth:
        if oldest:
            say(f"The oldest key is {oldest.name!r}, of {oldest.created_at:%Y-%m-%d %H:%M} UTC.")
        say(f"Create a key: {_create_key_command(settings.data)}")
        return
    else:
        say("It requires no key: any program on this machine may use it.")
    say(f"Open {url} in a browser, or try:")
    say()
    say(f"  curl {url}/luma/generations{header} -H 'Content-Type: application/json' -d '{EXAMPLE}'")
    say()


def _quoted(path: Path) -> str:
    text = str(path)
    return f"'{text}'" if " " in text else text


def _uvicorn(application: Application, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application.app,
        loop="none",
        http=BoundedHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=settings.log.level == "debug",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=max(1, round(settings.worker.stop_grace_s)),
    )


class _Server(uvicorn.Server):
    """Reports when it is ready, and exits with status 0 after SIGINT and SIGTERM."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], Awaitable[None]],
        stopping: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(  # type: ignore[explicit-override]  # typing has no override in Python 3.11
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        await super().startup(sockets)
        if self.started:
            await self._ready()

    async def shutdown(  # type: ignore[explicit-override]  # as above
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        self._stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:  # type: ignore[explicit-override]  # as above
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {one: signal.signal(one, self.handle_exit) for one in handled}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
