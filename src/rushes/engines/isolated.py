"""
Run any engine in a child process, so that crashes, hangs and memory use stay there.

The child is :mod:`rushes.engines.child`. Both sides exchange JSON, one message per line. A child
is kept warm between renders, and ends when its parent ends, in whatever way.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter

from rushes.core.capabilities import Capabilities
from rushes.core.errors import EngineCrashed, PermanentEngineError, TemporaryEngineError
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Engine, Job, ReportProgress

JOB = TypeAdapter(Job)
RENDERED = TypeAdapter(tuple[Rendered, ...])
_LINE_BYTES = 1 << 20


class IsolatedEngine:
    """
    Renders with *inner* in a child process; it passes the same contract suite as *inner*.

    Args:
        inner: Used in this process only for its name and capabilities.

        options: The keyword arguments with which the child makes its own ``type(inner)``.

        spare: How many idle children to keep warm.
    """

    def __init__(
        self, inner: Engine, options: Mapping[str, object] | None = None, *, spare: int = 1
    ) -> None:
        self.name = inner.name
        self.capabilities: Capabilities = inner.capabilities
        self._recipe = {
            "module": type(inner).__module__,
            "name": type(inner).__qualname__,
            "options": dict(options or {}),
        }
        self._spare = spare
        self._idle: list[Process] = []

    async def warm(self) -> None:
        """Start children before the first render, so that it begins at once."""
        while len(self._idle) < self._spare:
            self._idle.append(await self._start())

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return what is held while *spec* renders: those in 4k, over a GiB each, take turns."""
        if spec.resolution != "4k":
            return nullcontext()
        return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        child = await self._take()
        try:
            rendered = await _exchange(child, job, folder, report)
        except (TemporaryEngineError, PermanentEngineError) as error:
            if isinstance(error, EngineCrashed):
                await _kill(child)
            else:
                await self._put_back(child)
            raise
        except BaseException:
            await _kill(child)
            raise
        await self._put_back(child)
        return rendered

    async def close(self) -> None:
        """End every idle child."""
        while self._idle:
            await _kill(self._idle.pop())

    async def _take(self) -> Process:
        while self._idle:
            child = self._idle.pop()
            if child.returncode is None:
                return child
        return await self._start()

    async def _put_back(self, child: Process) -> None:
        if child.returncode is None and len(self._idle) < self._spare:
            self._idle.append(child)
        else:
            await _kill(child)

    async def _start(self) -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "rushes.engines.child",
            stdin=PIPE,
            stdout=PIPE,
            limit=_LINE_BYTES,
            start_new_session=True,  # the parent handles Ctrl+C
        )
        await _send(child, self._recipe)
        return child


_TURNS: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = WeakKeyDictionary()
"""A lock for each event loop, of which a server has one: all its engines share it."""


async def _exchange(
    child: Process, job: Job, folder: Path, report: ReportProgress
) -> tuple[Rendered, ...]:
    if child.stdout is None:
        raise EngineCrashed("the render process has no output pipe")
    await _send(child, {"job": JOB.dump_python(job, mode="json"), "folder": str(folder)})
    while line := await child.stdout.readline():
        message: dict[str, Any] = json.loads(line)
        if "progress" in message:
            report(message["progress"], message["phase"])
        elif "rendered" in message:
            return RENDERED.validate_python(message["rendered"])
        elif message["again"]:
            raise TemporaryEngineError(message["error"])
        else:
            raise PermanentEngineError(message["error"])
    code = await child.wait()
    raise EngineCrashed(f"the render process ended with {_ending(code)} before it was done")


async def _send(child: Process, message: Mapping[str, object]) -> None:
    if child.stdin is None:
        raise EngineCrashed("the render process has no input pipe")
    try:
        child.stdin.write(json.dumps(message).encode() + b"\n")
        await child.stdin.drain()
    except ConnectionError as error:
        raise EngineCrashed("the render process is gone") from error


async def _kill(child: Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    with suppress(ProcessLookupError):
        child.kill()
    await asyncio.shield(child.wait())


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
