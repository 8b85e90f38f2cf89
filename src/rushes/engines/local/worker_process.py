"""
Supervise the worker process of a local model: start it, follow it, end it when it must end.

The process starts with the first job and ends when it has been idle, when its parent ends, when it
reports no progress for too long, and after the GPU ran out of memory. The next job starts it anew.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import structlog

from rushes.core.errors import (
    Conflict,
    EngineCrashed,
    EngineError,
    InputUnusable,
    NotFound,
    PermanentEngineError,
    TemporaryEngineError,
)
from rushes.core.generation import RenderPhase
from rushes.engines.local.messages import (
    CancelledEvent,
    DepthRequest,
    DoneEvent,
    DrawRequest,
    FailedEvent,
    GenerateRequest,
    JobRequest,
    LoadedEvent,
    Memory,
    ModelToLoad,
    PrepareRequest,
    ProgressEvent,
    ReadyEvent,
    cancel_line,
    job_line,
    load_line,
    prepare_line,
)
from rushes.engines.local.shared_device import SharedDevice
from rushes.engines.local.worker_child import WorkerChild, WorkerCommand, start_child
from rushes.local_models.use_lock import in_use

T = TypeVar("T")

_log: Final = structlog.get_logger()


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


class WorkerProcess:
    """
    A worker process that makes one job at a time with one model.

    Args:
        model: None: it only estimates depth, with models that the requests name.

        device: Shared by all workers of one GPU; by default this worker has its own.

        name: The channel's name, for the log.
    """

    def __init__(
        self,
        command: WorkerCommand,
        model: ModelToLoad | None,
        *,
        limits: WorkerLimits | None = None,
        device: SharedDevice | None = None,
        name: str = "local",
    ) -> None:
        self._command = command
        self._model = model
        self._limits = limits or WorkerLimits()
        self._name = name
        self._child: WorkerChild | None = None
        self.device = device or SharedDevice()
        self._memory: Memory | None = None
        """A smaller profile than the model's, since a job ran out of memory."""

        self._too_large = 0
        """The size of that job."""

        self._loaded_memory = ""
        """The profile of the process; empty: it says none, or has no GPU."""

        self._ending = set[asyncio.Task[None]]()
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The id of the running process, if there is one."""
        child = self._child
        return child.pid if child is not None and child.is_alive else None

    @contextmanager
    def holding_model(self) -> Generator[None]:
        """
        Keep the model from being removed while the block runs.

        Raises:
            TemporaryEngineError: It was removed; another channel may be found for the job.
        """
        with ExitStack() as held:
            if self._model is not None:
                try:
                    held.enter_context(in_use(self._model.folder))
                except (NotFound, Conflict) as error:
                    raise TemporaryEngineError(str(error)) from error
            yield

    async def generate(
        self, request: JobRequest, report: Callable[[ProgressEvent], None], *, advice: str = ""
    ) -> DoneEvent:
        """
        Make one job and return what the worker says of the file.

        A job that runs out of memory is tried once more, with the memory profile that needs least.
        A cancellation stops the job at its next step; the process is kept if it does.

        Args:
            advice: What the caller could ask for where memory is short, after "ask for".

        Raises:
            TemporaryEngineError: The process crashed or hung.

            PermanentEngineError: The model cannot be loaded, or cannot do this, or the GPU has too
                little memory for it.
        """
        if self.device.is_busy:
            report(_before(request, "waiting for the device"))
        async with self.device.turn(self):
            self._cancel_idle()
            try:
                return await self._generate_in_memory(request, report, advice)
            finally:
                self._start_idle()

    def prepare(self, request: PrepareRequest) -> None:
        """Tell the worker of the next job's prompt, if it has its model and another job runs."""
        if self._child is not None and self.device.is_busy:
            self._child.hint(prepare_line(request))

    async def probe(self) -> ReadyEvent:
        """
        Start the process without a model, end it, and return what it found.

        Raises:
            EngineError: It cannot be started, or lacks a library.
        """
        child, ready = await self._start()
        await child.end(self._limits.cancel_s)
        return ready

    async def end(self) -> None:
        """End the process; the next job starts another one. No job is running."""
        self._cancel_idle()
        if (child := self._child) is not None:
            self._child = None
            await child.end(self._limits.cancel_s)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _generate_in_memory(
        self, request: JobRequest, report: Callable[[ProgressEvent], None], advice: str
    ) -> DoneEvent:
        """Make one job, with less memory if it runs out; see :meth:`generate`."""
        if self._memory is not None and 0 < _size(request) < self._too_large:
            self._memory = None  # a smaller job fits, as others did before, and is faster
            await self.end()
        try:
            return await self._generate(request, report)
        except _OutOfMemoryError as error:
            if self._loaded_memory not in _LARGE:
                raise PermanentEngineError(_too_little(error, "", advice)) from error
        _log.warning("local_worker_out_of_memory", channel=self._name, memory=self._loaded_memory)
        self._memory, self._too_large = _SMALLEST, _size(request)
        try:
            return await self._generate(request, report)
        except _OutOfMemoryError as error:
            what = f", also with the memory profile {_SMALLEST!r}"
            raise PermanentEngineError(_too_little(error, what, advice)) from error

    async def _generate(
        self, request: JobRequest, report: Callable[[ProgressEvent], None]
    ) -> DoneEvent:
        if self.pid is None:
            report(_before(request, "load model"))
        child = await self._loaded()
        try:
            await child.send(job_line(request))
            return await self._follow(child, request.id, report)
        except asyncio.CancelledError:
            # In a task of its own: asyncio.timeout of Python 3.11.2 fails in a cancelled one.
            await self._shielded(self._cancel(child, request.id))
            raise
        except InputUnusable:
            raise
        except EngineError:
            await self._shielded(self._drop(child))
            raise

    async def _loaded(self) -> WorkerChild:
        """Return the process with the model, which may have to be started. Raises EngineError."""
        await asyncio.gather(*self._ending, return_exceptions=True)
        if self._child is not None and self._child.is_alive:
            return self._child
        if self._child is not None:
            _log.warning("local_worker_gone", channel=self._name)
            await self._drop(self._child)
        child, ready = await self._start()
        has_gpu = ready.device != "cpu"
        try:
            if self._model is not None:
                memory = self._memory or self._model.memory
                self._loaded_memory = memory if has_gpu else ""  # as far as the load comes
                await child.send(load_line(replace(self._model, memory=memory)))
                loaded = await self._expect(
                    child, LoadedEvent, self._limits.load_s, "load the model"
                )
                self._loaded_memory = loaded.memory if has_gpu else ""
        except BaseException:
            await self._shielded(child.kill())
            raise
        self._child = child
        return child

    async def _start(self) -> tuple[WorkerChild, ReadyEvent]:
        child = await start_child(self._command, self._name)
        try:
            return child, await self._expect(child, ReadyEvent, self._limits.start_s, "start")
        except PermanentEngineError as error:
            await self._shielded(child.kill())
            raise PermanentEngineError(
                f"{error}; install `rushes[local]` for {self._command.python}, or set `python` of"
                f" channel {self._name} to an interpreter that has it"
            ) from error
        except BaseException:
            await self._shielded(child.kill())
            raise

    async def _expect(self, child: WorkerChild, kind: type[T], limit_s: float, what: str) -> T:
        """Return the next event of a kind. Raises EngineError: It failed, ended or is late."""
        while True:
            event = await child.next_event(limit_s, f"did not {what} within")
            if isinstance(event, kind):
                return event
            if isinstance(event, FailedEvent):
                raise _error_of(event)

    async def _follow(
        self, child: WorkerChild, job_id: str, report: Callable[[ProgressEvent], None]
    ) -> DoneEvent:
        """Read events until the job is done; a process that is silent for too long is late."""
        now, slowest_s = asyncio.get_running_loop().time, 0.0
        since_s = now()
        while True:
            limit_s = max(self._limits.silence_s, self._limits.silence_factor * slowest_s)
            event = await child.next_event(limit_s, "reported no progress for")
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

    async def _cancel(self, child: WorkerChild, job_id: str) -> None:
        """Stop a job; kill the process if it does not stop in time."""
        try:
            async with asyncio.timeout(self._limits.cancel_s):
                await child.send(cancel_line(job_id))
                while True:
                    event = await child.next_event(self._limits.cancel_s, "did not stop in")
                    if isinstance(event, CancelledEvent | DoneEvent) and event.id == job_id:
                        return
                    if isinstance(event, FailedEvent):
                        break
        except (TimeoutError, EngineError):
            _log.warning("local_worker_killed", channel=self._name, why="it did not cancel")
        await self._drop(child)

    async def _drop(self, child: WorkerChild) -> None:
        """Kill a process, so that the next job starts another one."""
        if self._child is child:
            self._child = None
        await child.kill()

    async def _shielded(self, work: Coroutine[Any, Any, None]) -> None:
        """Finish *work* although the caller may be cancelled again; the next job waits for it."""
        await asyncio.shield(self._in_background(work))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

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
        self._in_background(child.end(self._limits.cancel_s))


class _OutOfMemoryError(EngineError):
    """The GPU ran out of memory. No caller of this module sees it; see _generate_in_memory."""


_SMALLEST: Final[Memory] = "group-offload"
_LARGE: Final = frozenset({"auto", "resident", "model-offload"})
"""The memory profiles that need more than the smallest."""


def _size(request: JobRequest) -> int:
    """Return how large a job is, in pixels of all its frames; 0: it has no size of its own."""
    match request:
        case GenerateRequest():
            return request.width * request.height * request.frames
        case DrawRequest():
            return request.width * request.height
        case DepthRequest():
            return 0


def _too_little(error: EngineError, what: str, advice: str) -> str:
    ask = f"ask for {advice}" if advice else "a smaller model may fit"
    return (
        f"the GPU has too little memory for this{what}: {ask}; `rushes models list` says which"
        f" models this machine can run ({error})"
    )


def _before(request: JobRequest, phase: RenderPhase) -> ProgressEvent:
    """Return the event of a phase before the worker has begun with the job."""
    return ProgressEvent(event="progress", id=request.id, phase=phase, step=0, steps=1)


def _error_of(event: FailedEvent) -> EngineError:
    match event.kind:
        case "out of memory":
            return _OutOfMemoryError(f"it ran out of memory: {event.message}")
        case "input":
            return InputUnusable(event.message)
        case "model":
            return PermanentEngineError(event.message)
        case "internal":
            return EngineCrashed(f"the worker failed: {event.message}")
