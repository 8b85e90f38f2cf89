"""Run further API processes of ``rushes serve`` on the socket of the first one."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Final

import structlog

from rushes.cli.support.listen_socket import LISTEN_VARIABLE
from rushes.cli.support.metrics_folder import NUMBER_VARIABLE

_log = structlog.get_logger()

RESTART_S: Final = 1.0
"""The pause before an ended process is started again."""


class ApiProcesses:
    """
    Keeps further API processes running.

    Each runs this command line again, without a worker. It also ends when the first process dies,
    because its standard input ends then.

    Args:
        listening: The socket that all processes share.

        count: The number of further processes.
    """

    def __init__(self, listening: socket.socket, count: int) -> None:
        self._listening = listening
        self._count = count
        self._keeping: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._running: set[asyncio.subprocess.Process] = set()

    def start(self) -> None:
        """Start the processes; one that ends is started again a second later."""
        self._keeping = [
            asyncio.create_task(self._keep_one(number)) for number in range(1, self._count + 1)
        ]

    async def stop(self) -> None:
        """Ask the processes to stop, and wait for their open requests."""
        self._stopping.set()
        for process in self._running:
            _end(process)
        await asyncio.gather(*self._keeping)

    async def _keep_one(self, number: int) -> None:
        while not self._stopping.is_set():
            try:
                status: int | str = await self._run_one(number)
            except OSError as error:  # the machine is out of processes or memory
                status = f"did not start: {error}"
            if self._stopping.is_set():
                return
            _log.warning("api_process_ended", status=status, restart_s=RESTART_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(RESTART_S):
                    await self._stopping.wait()

    async def _run_one(self, number: int) -> int:
        descriptor = self._listening.fileno()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rushes", *sys.argv[1:]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            env=os.environ | {LISTEN_VARIABLE: str(descriptor), NUMBER_VARIABLE: str(number)},
            pass_fds=(descriptor,),
        )
        self._running.add(process)
        if self._stopping.is_set():  # meanwhile
            _end(process)
        try:
            return await process.wait()
        finally:
            self._running.discard(process)


def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
