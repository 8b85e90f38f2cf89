"""Run one engine in a child process, for :mod:`rushes.engines.isolated`."""

import asyncio
import ctypes
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydantic import TypeAdapter

from rushes.core.errors import EngineError, TemporaryEngineError
from rushes.core.rendered import Rendered
from rushes.engines.base import Engine, Job

_JOB = TypeAdapter(Job)
_RENDERED = TypeAdapter(tuple[Rendered, ...])
_NICENESS = 5
"""Renders give way to the API on the same processor."""

_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD`` of glibc's ``malloc.h``."""

_LARGE = 4_000_000
"""Bytes. What is used anew for each frame of 720p is smaller, and is best kept."""


def main() -> None:
    """Make the engine that the first line names, then render the job of each further line."""
    os.nice(_NICENESS)
    _return_large_memory()
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # output of libraries goes to the log, not between our messages
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    recipe = requests.get()
    engine = _make(recipe)
    with asyncio.Runner() as runner:
        while True:
            request = requests.get()
            runner.run(_serve(engine, request, _sender(replies)))
            _release_memory()


def _listen(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Read requests until the parent closes the pipe; then exit at once, even during a render."""
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)


def _make(recipe: dict[str, Any]) -> Engine:
    found: Any = importlib.import_module(recipe["module"])
    for part in recipe["name"].split("."):
        found = getattr(found, part)
    engine = cast("Engine", found(**recipe["options"]))
    warm: Callable[[], object] | None = getattr(engine, "preload", None)
    if warm is not None:
        warm()
    return engine


def _return_large_memory() -> None:
    """Let large memory go back to the system when it is freed, rather than be kept in pieces."""
    with suppress(OSError, AttributeError):  # only glibc has mallopt
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _release_memory() -> None:
    """Return freed memory to the system, so that an idle child is small."""
    with suppress(OSError, AttributeError):  # only glibc has malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def _sender(replies: BinaryIO) -> Callable[[dict[str, object]], None]:
    lock = threading.Lock()

    def send(message: dict[str, object]) -> None:
        with lock:
            replies.write(json.dumps(message).encode() + b"\n")

    return send


async def _serve(
    engine: Engine, request: dict[str, Any], send: Callable[[dict[str, object]], None]
) -> None:
    try:
        rendered = await engine.render(
            _JOB.validate_python(request["job"]),
            Path(request["folder"]),
            lambda share, phase=None: send({"progress": share, "phase": phase}),
        )
    except EngineError as error:
        send({"error": str(error), "again": isinstance(error, TemporaryEngineError)})
    else:
        send({"rendered": _RENDERED.dump_python(rendered, mode="json")})


if __name__ == "__main__":
    main()
