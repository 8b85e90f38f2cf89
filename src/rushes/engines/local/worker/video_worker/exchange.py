"""Exchange messages with the server: JSON, one object per line in each direction."""

import json
import os
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

Message = dict[str, Any]


class Events:
    """A stream of events; threads may write at the same time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, event: str, **fields: Any) -> None:
        line = json.dumps({"event": event, **fields}).encode() + b"\n"
        with self._lock:
            self._stream.write(line)


class Inbox:
    """
    The requests that wait for the worker, and the jobs that the server has cancelled.

    A thread of its own reads them, so that a cancellation arrives during a step.

    Args:
        on_end: Called in the reading thread when the server has closed its end. By default the
            process ends at once, even during a step: nobody wants the result any more.
    """

    def __init__(
        self,
        lines: Iterable[bytes],
        events: Events,
        *,
        on_end: Callable[[], object] = lambda: os._exit(0),
    ) -> None:
        self._lines = lines
        self._events = events
        self._on_end = on_end
        self._waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._is_ending = False
        self.on_prepare: Callable[[Message], object] = lambda message: None
        """Called in the reading thread with what may be done beside the job that runs."""

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self.read, name="inbox", daemon=True).start()

    def read(self) -> None:
        """Read until the server closes its end."""
        for line in self._lines:
            try:
                message = json.loads(line)
                operation = message["op"]
            except (ValueError, TypeError, KeyError):
                self._fail(f"this is no request: {line[:200]!r}")
                continue
            if operation == "cancel":
                self._cancelled.add(str(message.get("id")))
            elif operation == "ping":
                self._events.write("pong")
            elif operation == "prepare":
                self.on_prepare(message)
            else:
                self._is_ending |= operation == "exit"
                self._waiting.put(message)
        self._on_end()

    def take(self) -> Message:
        """Return the next request, when there is one."""
        return self._waiting.get()

    def is_cancelled(self, job: str) -> bool:
        """Tell whether to stop a job: it is cancelled, or the worker should end."""
        return self._is_ending or job in self._cancelled

    def forget(self, job: str) -> None:
        """Forget a job that has ended."""
        self._cancelled.discard(job)

    def _fail(self, message: str) -> None:
        self._events.write("failed", id=None, kind="input", message=message)
