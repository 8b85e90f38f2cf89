"""Run one sandboxed task on an untrusted file and read its answer."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

PROGRAM: Final = Path(__file__).parent
"""This folder, which Python runs as a program."""

MAX_ANSWER_BYTES: Final = 4096


class TooSlow(Exception):
    """The process used up its time and was killed."""


class Crashed(Exception):
    """A signal ended the process before it answered, or its answer was a lie."""


async def run_task(
    task: str, *arguments: str, limits: Mapping[str, object], folder: Path, wall_s: float
) -> object:
    """
    Run a task in a process of its own and return its answer; None if it gave no readable one.

    The process has ended when this returns or raises. It writes its answer to a file, not to a
    pipe: a process that was taken over could fill a pipe or pass it on to another process, and
    asyncio would then wait for the end of that pipe for ever.

    Args:
        task: The name of a module in ``sandbox/tasks``.

        limits: What the file may be and what the process may use; ``cpu_s`` and ``memory_bytes``
            are needed by every task.

        folder: The folder for the temporary file of the answer.

        wall_s: Seconds after which the process is killed.

    Raises:
        TooSlow: The task took longer than *wall_s* or used more processor time than ``cpu_s``.

        Crashed: A signal ended the process.

        OSError: The process could not be started.
    """
    words = (task, *arguments, json.dumps(limits))
    with TemporaryFile(dir=folder) as output:
        code = await _wait(await _start(words, output), wall_s)
        output.seek(0)
        text = output.read(MAX_ANSWER_BYTES)
    if code == -signal.SIGXCPU:
        raise TooSlow
    if code < 0:
        raise Crashed
    try:
        return json.loads(text) if code == 0 else None
    except ValueError:
        return None


async def _start(words: tuple[str, ...], output: IO[bytes]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM), *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.DEVNULL,
        env={"MALLOC_ARENA_MAX": "2"},  # nothing else: our environment holds keys and paths
        start_new_session=True,  # Ctrl-C goes to us, and we then kill the whole session
    )


async def _wait(process: asyncio.subprocess.Process, wall_s: float) -> int:
    try:
        async with asyncio.timeout(wall_s):
            return await process.wait()
    except TimeoutError:
        raise TooSlow from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
