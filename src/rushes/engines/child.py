"""The other side of :mod:`rushes.engines.isolated`: one engine, one render at a time."""

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
"""A render yields the processor to the API beside it."""


def main() -> None:
    """Make the engine that the first line names, then render what each further line asks."""
    os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints goes to the log, not between our lines
    asked: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    made = asked.get()
    engine = _make(made)
    with asyncio.Runner() as runner:
        while True:
            request = asked.get()
            runner.run(_serve(engine, request, _teller(answers)))
            _give_memory_back()


def _listen(asked: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Read requests until the parent is gone; then end at once, whatever is being rendered."""
    for line in sys.stdin.buffer:
        asked.put(json.loads(line))
    os._exit(0)


def _make(made: dict[str, Any]) -> Engine:
    found: Any = importlib.import_module(made["module"])
    for part in made["name"].split("."):
        found = getattr(found, part)
    engine = cast("Engine", found(**made["options"]))
    warm: Callable[[], object] | None = getattr(engine, "preload", None)
    if warm is not None:
        warm()
    return engine


def _give_memory_back() -> None:
    """Return freed memory to the system: an idle child should be a small one."""
    with suppress(OSError, AttributeError):  # there is no malloc_trim but in glibc
        ctypes.CDLL(None).malloc_trim(0)


def _teller(answers: BinaryIO) -> Callable[[dict[str, object]], None]:
    lock = threading.Lock()

    def tell(message: dict[str, object]) -> None:
        with lock:
            answers.write(json.dumps(message).encode() + b"\n")

    return tell


async def _serve(
    engine: Engine, request: dict[str, Any], tell: Callable[[dict[str, object]], None]
) -> None:
    try:
        rendered = await engine.render(
            _JOB.validate_python(request["job"]),
            Path(request["folder"]),
            lambda share: tell({"progress": share}),
        )
    except EngineError as error:
        tell({"error": str(error), "again": isinstance(error, TemporaryEngineError)})
    else:
        tell({"rendered": _RENDERED.dump_python(rendered, mode="json")})


if __name__ == "__main__":
    main()
