"""Start one process of a local model's worker, exchange lines with it, and end it for certain."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from rushes.core.errors import EngineCrashed, EngineError, PermanentEngineError
from rushes.engines.local.messages import WorkerEvent, exit_line, parse_event

_log: Final = structlog.get_logger()

PROGRAM: Final = Path(__file__).parent / "worker"
"""The folder that the interpreter of the worker runs as a program."""

_LINE_BYTES: Final = 1 << 20
_LOGGED_CHARACTERS: Final = 500
_LOGGED_LINES: Final = 200
"""Lines of one process that go to the log; libraries may print without end."""

_OUTPUT_S: Final = 1.0
"""How long the last output of a process that has ended may take to arrive."""

_LAST_LINES: Final = 5
"""Lines that an error quotes when the process ends unexpectedly."""

_PASSED: Final = frozenset(
    {"PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV"}
)
_PASSED_PREFIXES: Final = (
    *("CUDA", "NVIDIA_", "HIP_", "ROCR_", "HSA_", "TORCH", "PYTORCH_", "TRITON_"),
    *("HF_", "XDG_", "OMP_", "MKL_", "LC_"),
)
_SECRET: Final = frozenset({"HF_TOKEN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """How the worker is started."""

    python: Path
    """The interpreter, which has torch and diffusers and need not have this package."""

    environ: Mapping[str, str]
    """The complete environment of the process."""

    program: Path = PROGRAM


def worker_environment(environ: Mapping[str, str], *, gpu: int | None = None) -> dict[str, str]:
    """
    Return what the worker may know of this process's environment, which also holds keys.

    Args:
        gpu: The number of the only GPU that the worker sees; None: it sees all.
    """
    passed = {
        name: value
        for name, value in environ.items()
        if name not in _SECRET and (name in _PASSED or name.startswith(_PASSED_PREFIXES))
    }
    passed |= {"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    return passed if gpu is None else passed | {"CUDA_VISIBLE_DEVICES": str(gpu)}


class WorkerChild:
    """
    A running process of the worker.

    Args:
        name: The channel's name, for the log.
    """

    def __init__(self, process: Process, name: str) -> None:
        self._process = process
        self._name = name
        self._last_lines = deque[str](maxlen=_LAST_LINES)
        self._output = asyncio.create_task(self._log_output())
        self._is_killed = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def send(self, line: bytes) -> None:
        """Send a line. Raises EngineCrashed: The process is gone."""
        stdin = self._process.stdin
        if stdin is None:
            raise EngineCrashed("the worker has no input pipe")
        try:
            stdin.write(line)
            await stdin.drain()
        except ConnectionError:
            raise await self._crashed() from None

    def hint(self, line: bytes) -> None:
        """Send a line that the process may as well miss."""
        if self._process.stdin is not None and self.is_alive:
            self._process.stdin.write(line)

    async def next_event(self, limit_s: float, late: str) -> WorkerEvent:
        """
        Return the next event that this version knows.

        Args:
            limit_s: The most seconds without a line.

            late: What took too long, before the number of seconds in a message.

        Raises:
            EngineCrashed: The process is late, or has ended.
        """
        stdout = self._process.stdout
        if stdout is None:
            raise EngineCrashed("the worker has no output pipe")
        while True:
            try:
                # Not asyncio.wait_for: before Python 3.12 it may swallow a cancellation.
                async with asyncio.timeout(limit_s):
                    line = await stdout.readline()
            except TimeoutError:
                raise EngineCrashed(f"the worker {late} {limit_s:g} s, and was ended") from None
            except ValueError:  # a line longer than the limit
                continue
            if not line:
                raise await self._crashed()
            if (event := parse_event(line)) is not None:
                return event
            _log.warning("local_worker_sent_nonsense", channel=self._name, line=_shown(line))

    async def end(self, limit_s: float) -> None:
        """Ask the process to end, and kill it if it does not within *limit_s* seconds."""
        with suppress(TimeoutError, EngineError):
            await self.send(exit_line())
            await asyncio.wait_for(self._process.wait(), limit_s)
        await self.kill()

    async def kill(self) -> None:
        """Kill the process and all that it has started, and wait for its end."""
        if not self._is_killed:
            self._is_killed = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    async def _crashed(self) -> EngineCrashed:
        """Return the error of a process that has closed its pipes."""
        await self.kill()  # it may still run
        code = self._process.returncode or 0
        ending = f"signal {-code}" if code < 0 else f"exit code {code}"
        await asyncio.wait([self._output], timeout=_OUTPUT_S)  # what it printed last says why
        quoted = " | ".join(self._last_lines)
        return EngineCrashed(
            f"the worker ended with {ending} before it was done" + (f": {quoted}" if quoted else "")
        )

    async def _log_output(self) -> None:
        """Copy what the process prints to the log, up to a limit."""
        stderr = self._process.stderr
        if stderr is None:
            return
        count = 0
        while True:
            try:
                line = await stderr.readline()
            except ValueError:
                continue  # a line longer than the limit
            if not line:
                return
            if not (text := _shown(line)):
                continue
            self._last_lines.append(text)
            count += 1
            if count < _LOGGED_LINES:
                _log.info("local_worker_output", channel=self._name, line=text)
            elif count == _LOGGED_LINES:
                _log.warning("local_worker_output_left_out", channel=self._name, after=count)


async def start_child(command: WorkerCommand, name: str) -> WorkerChild:
    """Start a process. Raises PermanentEngineError: The interpreter cannot be started."""
    try:
        process = await asyncio.create_subprocess_exec(
            *(str(command.python), str(command.program)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_BYTES,
            env=dict(command.environ),
            start_new_session=True,  # the parent handles Ctrl+C, and kills the whole session
        )
    except OSError as error:
        raise PermanentEngineError(
            f"the interpreter {command.python} of channel {name} cannot be started:"
            f" {error.strerror}; set its `python`"
        ) from error
    return WorkerChild(process, name)


def _shown(line: bytes) -> str:
    """Return a line for the log; of a bar that redraws itself, the last state."""
    return line.decode(errors="replace").rstrip().rpartition("\r")[2][:_LOGGED_CHARACTERS]
