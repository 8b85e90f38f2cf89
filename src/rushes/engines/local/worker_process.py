"""
Supervise the worker process of a local model: start it, follow it, end it when it must end.

The process starts with the first job and ends when it has been idle, when its parent ends, when it
reports no progress for too long, and after the GPU ran out of memory. The next job starts it anew.
"""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from rushes.core.errors import (
    EngineCrashed,
    EngineError,
    InputUnusable,
    PermanentEngineError,
    TemporaryEngineError,
)
from rushes.engines.local.messages import (
    CancelledEvent,
    DoneEvent,
    FailedEvent,
    GenerateRequest,
    LoadedEvent,
    ModelToLoad,
    ProgressEvent,
    ReadyEvent,
    WorkerEvent,
    cancel_line,
    exit_line,
    generate_line,
    load_line,
    parse_event,
)

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """How long the server waits for a worker, in seconds."""

    start_s: float = 300.0
    """To import its libraries; a cold disk takes minutes."""

    load_s: float = 1800.0
    """To load the model."""

    silence_s: float = 600.0
    """A job may always be silent for this long: a first step may compile the model."""

    silence_factor: float = 10.0
    """A job may be silent for this many times its slowest step so far."""

    cancel_s: float = 30.0
    """To stop a job that is cancelled, or to end when asked; then the process is killed."""

    idle_s: float | None = 600.0
    """Without a job, before the process ends and frees its memory; None: it stays."""


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


@dataclass(slots=True, eq=False)
class _Child:
    """A running process, its recent output, and whether it has the model."""

    process: Process
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))
    reading: asyncio.Task[None] | None = None
    is_killed: bool = False

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None


class SharedDevice:
    """
    A GPU or CPU on which one model at a time is loaded.

    Workers on one device take turns. A worker that takes the turn ends the idle process of the
    worker that had it before, so that its memory is free.
    """

    def __init__(self) -> None:
        self.permit = asyncio.Lock()
        """Held by an engine while it renders."""

        self._turn = asyncio.Lock()
        self._holder: WorkerProcess | None = None

    @asynccontextmanager
    async def turn(self, worker: "WorkerProcess") -> AsyncGenerator[None]:
        """Hold the device for a job of *worker*, while no other worker is in its memory."""
        async with self._turn:
            if self._holder is not None and self._holder is not worker:
                await self._holder.end()
            self._holder = worker
            yield

    @property
    def is_busy(self) -> bool:
        """Whether a job is running."""
        return self._turn.locked()


class WorkerProcess:
    """
    A worker process that makes one job at a time with one model.

    Args:
        device: Shared by all workers of one GPU; by default this worker has its own.

        name: The channel's name, for the log.
    """

    def __init__(
        self,
        command: WorkerCommand,
        model: ModelToLoad,
        *,
        limits: WorkerLimits | None = None,
        device: SharedDevice | None = None,
        name: str = "local",
    ) -> None:
        self._command = command
        self._model = model
        self._limits = limits or WorkerLimits()
        self._name = name
        self._child: _Child | None = None
        self.device = device or SharedDevice()
        self._ending = set[asyncio.Task[None]]()
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The id of the running process, if there is one."""
        child = self._child
        return child.process.pid if child is not None and child.is_alive else None

    async def generate(
        self, request: GenerateRequest, report: Callable[[ProgressEvent], None]
    ) -> DoneEvent:
        """
        Make one job and return what the worker says of the file.

        A cancellation stops the job at its next step; the process is kept if it does.

        Raises:
            TemporaryEngineError: The process crashed or hung, or the GPU ran out of memory.

            PermanentEngineError: The model cannot be loaded, or cannot do this.
        """
        async with self.device.turn(self):
            self._cancel_idle()
            try:
                return await self._generate(request, report)
            finally:
                self._start_idle()

    async def probe(self) -> ReadyEvent:
        """
        Start the process without a model, end it, and return what it found.

        Raises:
            EngineError: It cannot be started, or lacks a library.
        """
        child, ready = await self._start()
        await self._end(child)
        return ready

    async def end(self) -> None:
        """End the process; the next job starts another one. No job is running."""
        self._cancel_idle()
        if self._child is not None:
            await self._end(self._child)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _generate(
        self, request: GenerateRequest, report: Callable[[ProgressEvent], None]
    ) -> DoneEvent:
        child = await self._loaded()
        try:
            await self._send(child, generate_line(request))
            return await self._follow(child, request.id, report)
        except asyncio.CancelledError:
            # In a task of its own: asyncio.timeout of Python 3.11.2 fails in a cancelled one.
            await self._shielded(self._cancel(child, request.id))
            raise
        except InputUnusable:
            raise
        except EngineError:
            await self._shielded(self._kill(child))
            raise

    async def _loaded(self) -> _Child:
        """Return the process with the model, which may have to be started. Raises EngineError."""
        await asyncio.gather(*self._ending, return_exceptions=True)
        if self._child is not None and self._child.is_alive:
            return self._child
        if self._child is not None:
            _log.warning("local_worker_gone", channel=self._name)
            await self._kill(self._child)
        child, _ = await self._start()
        try:
            await self._send(child, load_line(self._model))
            await self._expect(child, LoadedEvent, self._limits.load_s, "load the model")
        except BaseException:
            await self._shielded(self._kill(child))
            raise
        self._child = child
        return child

    async def _start(self) -> tuple[_Child, ReadyEvent]:
        command = self._command
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
                f"the interpreter {command.python} of channel {self._name} cannot be started:"
                f" {error.strerror}; set its `python`"
            ) from error
        child = _Child(process=process)
        child.reading = asyncio.create_task(self._log_output(child))
        try:
            return child, await self._expect(child, ReadyEvent, self._limits.start_s, "start")
        except BaseException:
            await self._shielded(self._kill(child))
            raise

    async def _expect(self, child: _Child, kind: type[T], limit_s: float, what: str) -> T:
        """Return the next event of a kind. Raises EngineError: It failed, ended or is late."""
        while True:
            event = await self._next_event(child, limit_s, f"did not {what} within")
            if isinstance(event, kind):
                return event
            if isinstance(event, FailedEvent):
                raise _error_of(event)

    async def _follow(
        self, child: _Child, job_id: str, report: Callable[[ProgressEvent], None]
    ) -> DoneEvent:
        """Read events until the job is done, and kill a process that is silent for too long."""
        now, slowest_s = asyncio.get_running_loop().time, 0.0
        since_s = now()
        while True:
            limit_s = max(self._limits.silence_s, self._limits.silence_factor * slowest_s)
            event = await self._next_event(child, limit_s, "reported no progress for")
            slowest_s, since_s = max(slowest_s, now() - since_s), now()
            match event:
                case DoneEvent() if event.id == job_id:
                    return event
                case FailedEvent() if event.id in {job_id, None}:
                    raise _error_of(event)
                case ProgressEvent() if event.id == job_id:
                    report(event)
                case _:
                    pass

    async def _next_event(self, child: _Child, limit_s: float, late: str) -> WorkerEvent:
        """Return the next event that this version knows; *late* describes what took too long."""
        stdout = child.process.stdout
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
                raise await self._crashed(child)
            if (event := parse_event(line)) is not None:
                return event
            _log.warning("local_worker_sent_nonsense", channel=self._name, line=_shown(line))

    async def _crashed(self, child: _Child) -> EngineCrashed:
        """Return the error of a process that has closed its output."""
        await self._kill(child)  # it may still run
        code = child.process.returncode or 0
        ending = f"signal {-code}" if code < 0 else f"exit code {code}"
        if child.reading is not None:  # what it printed last says why
            await asyncio.wait([child.reading], timeout=_OUTPUT_S)
        quoted = " | ".join(child.last_lines)
        return EngineCrashed(
            f"the worker ended with {ending} before it was done" + (f": {quoted}" if quoted else "")
        )

    async def _cancel(self, child: _Child, job_id: str) -> None:
        """Stop a job; kill the process if it does not stop in time."""
        try:
            async with asyncio.timeout(self._limits.cancel_s):
                await self._send(child, cancel_line(job_id))
                while True:
                    event = await self._next_event(child, self._limits.cancel_s, "did not stop in")
                    if isinstance(event, CancelledEvent | DoneEvent) and event.id == job_id:
                        return
                    if isinstance(event, FailedEvent):
                        break
        except (TimeoutError, EngineError):
            _log.warning("local_worker_killed", channel=self._name, why="it did not cancel")
        await self._kill(child)

    async def _send(self, child: _Child, line: bytes) -> None:
        stdin = child.process.stdin
        if stdin is None:
            raise EngineCrashed("the worker has no input pipe")
        try:
            stdin.write(line)
            await stdin.drain()
        except ConnectionError:
            raise await self._crashed(child) from None

    async def _end(self, child: _Child) -> None:
        """Ask the process to end, and kill it if it does not."""
        with suppress(TimeoutError, EngineError):
            await self._send(child, exit_line())
            await asyncio.wait_for(child.process.wait(), self._limits.cancel_s)
        await self._kill(child)

    async def _kill(self, child: _Child) -> None:
        """Kill the process and all that it has started, and wait for its end."""
        if self._child is child:
            self._child = None
        if not child.is_killed:
            child.is_killed = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
        if child.process.stdin is not None:
            child.process.stdin.close()
        await child.process.wait()

    async def _shielded(self, work: Coroutine[Any, Any, None]) -> None:
        """Finish *work* although the caller may be cancelled again; the next job waits for it."""
        task = asyncio.ensure_future(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        await asyncio.shield(task)

    async def _log_output(self, child: _Child) -> None:
        """Copy what the process prints to the log, up to a limit."""
        stderr = child.process.stderr
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
            child.last_lines.append(text)
            count += 1
            if count < _LOGGED_LINES:
                _log.info("local_worker_output", channel=self._name, line=text)
            elif count == _LOGGED_LINES:
                _log.warning("local_worker_output_left_out", channel=self._name, after=count)

    def _start_idle(self) -> None:
        if self._limits.idle_s is not None and self._child is not None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._limits.idle_s, self._on_idle)

    def _cancel_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _on_idle(self) -> None:
        if self._child is None or self.device.is_busy:
            return
        _log.info("local_worker_idle", channel=self._name)
        child, self._child = self._child, None
        task = asyncio.ensure_future(self._end(child))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _shown(line: bytes) -> str:
    """Return a line for the log; of a bar that redraws itself, the last state."""
    return line.decode(errors="replace").rstrip().rpartition("\r")[2][:_LOGGED_CHARACTERS]


_ADVICE: Final = (
    "ask for a shorter or smaller video, or set the channel's `memory` to 'model-offload'"
    " or 'group-offload'"
)


def _error_of(event: FailedEvent) -> EngineError:
    match event.kind:
        case "out of memory":
            return TemporaryEngineError(
                f"the GPU ran out of memory, and the worker was started anew; {_ADVICE}"
                f" ({event.message})"
            )
        case "input":
            return InputUnusable(event.message)
        case "model":
            return PermanentEngineError(event.message)
        case "internal":
            return EngineCrashed(f"the worker failed: {event.message}")
