"""
Run a real server for the tests of a client.

.. code-block:: python

    with rushes.testing.serve() as server:
        client = LumaAI(base_url=f"{server.url}/dream-machine/v1", auth_token=server.key)

The server is a ``rushes serve`` process of its own on a free loopback port, with a temporary data
folder. It stops when the block ends, and also when this process dies. With pytest, use the fixture
``rushes_server`` instead; see :mod:`rushes.testing.plugin`.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Final

__all__ = ["Server", "ServerFailed", "serve"]

_START_S: Final = 60.0
_STOP_S: Final = 20.0
_LOG_LINES: Final = 30
_PREFIX: Final = "RUSHES_"

_SETTINGS: Final[Mapping[str, object]] = {
    "log.level": "warning",
    "network.allow": "127.0.0.0/8, ::1",  # a test's webhooks and pictures are on this machine
    "worker.stop_grace_s": 0,  # a test needs no running renders
}


class ServerFailed(RuntimeError):
    """The server did not start; the message has the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    url: str
    """Its base URL, such as ``http://127.0.0.1:41234``, without a slash at the end."""

    key: str = field(repr=False)
    """An API key with all scopes, for clients' and operators' endpoints."""

    pid: int
    engine: str
    data: Path
    """The temporary data folder."""

    log_file: Path

    @property
    def env(self) -> dict[str, str]:
        """
        The environment variables with which SDKs find the server, from their own sources.

        ``lumaai``, ``luma-agents``, ``openai`` (LiteLLM reads its variables too) and
        ``@ai-sdk/luma``, which has a variable for its key only.
        """
        return {
            "LUMAAI_BASE_URL": f"{self.url}/dream-machine/v1",
            "LUMAAI_API_KEY": self.key,
            "LUMA_BASE_URL": f"{self.url}/v1",
            "LUMA_AGENTS_API_KEY": self.key,
            "LUMA_API_KEY": self.key,
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "OPENAI_API_KEY": self.key,
            "RUSHES_KEY": self.key,
        }

    @property
    def log(self) -> str:
        """The warnings and errors in the server's log."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def create_key(self, name: str) -> str:
        """
        Return the secret of a new key with an account of its own, which has no generations yet.

        Raises:
            OSError: The server refused; ``urllib.error.HTTPError`` says why.
        """
        from urllib.request import Request, urlopen  # noqa: PLC0415  # slow to import, and rarely needed

        request = Request(  # noqa: S310  # the address is our own server's
            f"{self.url}/api/v1/keys",
            data=json.dumps({"name": name}).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=_START_S) as reply:  # noqa: S310  # as above
            return str(json.load(reply)["key"])


@contextmanager
def serve(
    *, engine: str = "slate", settings: Mapping[str, object] | None = None
) -> Generator[Server]:
    """
    Run a server as long as the block runs.

    Neither the settings of this process's environment nor a ``rushes.toml`` in its folder have
    any effect on it.

    Args:
        engine: ``slate`` delivers a card at once, ``animatic`` draws a preview.

        settings: More settings by their dotted names, such as ``{"limits.on_loopback": True}``.
            Servers of tests may call webhooks and fetch pictures on this machine.

    Raises:
        ServerFailed: It did not start.
    """
    with TemporaryDirectory(prefix="rushes-testing-", ignore_cleanup_errors=True) as folder:
        log_file = Path(folder) / "server.log"
        process = _start(Path(folder), log_file, engine, {**_SETTINGS, **(settings or {})})
        try:
            ready = _ready(process, log_file)
            yield Server(
                url=ready["url"],
                key=ready["key"] or "",
                pid=ready["pid"],
                engine=ready["engine"],
                data=Path(ready["data"]),
                log_file=log_file,
            )
        finally:
            _stop(process)


def _start(
    folder: Path, log_file: Path, engine: str, settings: Mapping[str, object]
) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "rushes", "serve", "--json", "--stop-on-eof"]
    command += ["--host", "127.0.0.1", "--port", "0", "--engine", engine]
    command += ["--data", str(folder / "data")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
    ours = {
        _PREFIX + name.upper().replace(".", "__"): str(value) for name, value in settings.items()
    }
    with log_file.open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # its end tells the server that this process is gone
            stdout=subprocess.PIPE,
            stderr=log,
            env=kept | ours,
            cwd=folder,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches the tests only, which then stop the server
        )


def _ready(process: "subprocess.Popen[str]", log_file: Path) -> dict[str, Any]:
    """Return the line of JSON that the server prints when it is ready."""
    lines: SimpleQueue[str] = SimpleQueue()
    output = process.stdout
    if output is None:
        raise ServerFailed("the server has no output to be read")
    threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=_START_S)
    except Empty:
        raise _failed(f"the server was not ready in {_START_S:g} s", log_file) from None
    if not line:
        raise _failed("the server ended before it was ready", log_file)
    fields: dict[str, Any] = json.loads(line)
    return fields


def _failed(why: str, log_file: Path) -> ServerFailed:
    log = log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    return ServerFailed("\n".join([f"{why}:", *log[-_LOG_LINES:]]))


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
