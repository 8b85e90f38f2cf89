"""Runs what reads the files of strangers: one of our scripts, in a process with narrow limits."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

ANSWER_BYTES: Final = 4096


class TooSlow(Exception):
    """It used up its time; it has been ended."""


class Crashed(Exception):
    """It ended without an answer: a signal, or the kernel for its memory."""


async def run_script(script: Path, *arguments: str, folder: Path, wall_s: float) -> object:
    """
    Run a script and return what it said, read as JSON; None if that could not be read.

    It has ended when this returns, whatever happened. It speaks into a file and not into a
    pipe: a child that was taken over could fill a pipe, or give it to a process of its own, and
    asyncio would wait for that pipe for ever.

    Args:
        folder: Where it may speak.

    Raises:
        TooSlow: It took longer than *wall_s*, or than its own limit of processor time.

        Crashed: It ended by a signal.

        OSError: It could not be started.
    """
    with TemporaryFile(dir=folder) as said:
        code = await _wait_for(await _start(script, arguments, said), wall_s)
        said.seek(0)
        text = said.read(ANSWER_BYTES)
    if code == -signal.SIGXCPU:
        raise TooSlow
    if code < 0:
        raise Crashed
    try:
        return json.loads(text) if code == 0 else None
    except ValueError:
        return None


async def _start(
    script: Path, arguments: tuple[str, ...], said: IO[bytes]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(script), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=said,
        stderr=asyncio.subprocess.DEVNULL,
        env={"MALLOC_ARENA_MAX": "2"},  # and nothing of ours: no key, no path
        start_new_session=True,  # a Ctrl-C is for us, who then end the child with all it started
    )


async def _wait_for(child: asyncio.subprocess.Process, wall_s: float) -> int:
    try:
        async with asyncio.timeout(wall_s):
            return await child.wait()
    except TimeoutError:
        raise TooSlow from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
