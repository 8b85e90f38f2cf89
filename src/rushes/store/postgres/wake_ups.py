"""
Tell other processes of changes with NOTIFY, hear of theirs, and follow the database's clock.

A commit that notifies holds a lock of the whole server, so changes are announced after their
commit, by a thread of its own, as many at once as wait. What is lost is found by polling.
"""

import asyncio
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Final

import psycopg

from rushes.core.generation import GenerationId, State
from rushes.core.lifecycle import Change
from rushes.kit.clock import SharedClock
from rushes.store.base import RemoteChange
from rushes.store.postgres.connections import Connections, Raw

CHANNEL: Final = "rushes_changes"

CLOCK_S: Final = 10.0
"""Seconds between two readings of the database's clock."""

_log: Final = logging.getLogger(__name__)
_RECONNECT_S: Final = 1.0
_AT_ONCE: Final = 60
"""Changes in one notification, whose text may have 8,000 bytes."""


class WakeUps:
    """
    Announces changes to other processes, and hears of theirs.

    Threads are started when they are first needed.

    Args:
        clock: The clock that follows the database's clock; None: no clock does.
    """

    def __init__(self, connections: Connections, *, clock: SharedClock | None) -> None:
        self._connections = connections
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Callable[[RemoteChange], None]]] = []
        self._queue: SimpleQueue[Change | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()

    def listen(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Add a listener, to be called on the running event loop; return what removes it."""
        entry = (asyncio.get_running_loop(), listener)
        self._listeners = [*self._listeners, entry]
        self._start("rushes-listen", self._hear)

        def remove_listener() -> None:
            self._listeners = [other for other in self._listeners if other is not entry]

        return remove_listener

    def announce(self, change: Change) -> None:
        """Tell other processes of a change that was committed."""
        self._start("rushes-notify", self._send)
        self._queue.put(change)

    async def close(self) -> None:
        """Send what waits, and end the threads. A second close does nothing."""
        self._closed.set()
        self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _start(self, name: str, run: Callable[[], None]) -> None:
        if self._closed.is_set() or any(one.name == name for one in self._threads):
            return
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _send(self) -> None:
        raw: Raw | None = None
        while (changes := self._next_changes()) is not None:
            try:
                raw = raw or self._connections.open()
                self._notify(raw, changes)
            except psycopg.Error:  # others find the changes when they poll
                if raw is not None:
                    raw.close()
                raw = None
        if raw is not None:
            raw.close()

    def _next_changes(self) -> Sequence[Change] | None:
        """Wait for changes; None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        changes = [first]
        with suppress(Empty):
            while len(changes) < _AT_ONCE:
                more = self._queue.get_nowait()
                if more is None:
                    self._queue.put(None)
                    break
                changes.append(more)
        return changes

    def _notify(self, raw: Raw, changes: Sequence[Change]) -> None:
        text = json.dumps(
            [
                self._name,
                [[one.after.id, one.after.state, one.event, one.is_news] for one in changes],
            ]
        )
        with raw.pipeline():
            raw.execute(b"BEGIN")
            raw.execute(b"SET LOCAL synchronous_commit = off")
            raw.execute(b"SELECT pg_notify(%s, %s)", (CHANNEL, text))
            raw.execute(b"COMMIT")

    def _hear(self) -> None:
        if not self._connections.can_listen:
            _log.warning(
                "store.url leads through a pooler and store.listen_url is not set:"
                " this process notices the changes of others by polling"
            )
        while not self._closed.is_set():
            with suppress(psycopg.Error):
                if self._connections.can_listen:
                    with self._connections.open_listener() as raw:
                        self._hear_on(raw)
                else:
                    with self._connections.open() as raw:
                        self._follow_clock(raw)
                    self._closed.wait(CLOCK_S)
                    continue
            self._closed.wait(_RECONNECT_S)

    def _hear_on(self, raw: Raw) -> None:
        raw.execute(f"LISTEN {CHANNEL}".encode())
        read_at_s = -CLOCK_S
        while not self._closed.is_set():
            if time.monotonic() - read_at_s >= CLOCK_S:
                read_at_s = time.monotonic()
                self._follow_clock(raw)
            for notice in raw.notifies(timeout=0.2, stop_after=1):
                self._pass_on(notice.payload)

    def _follow_clock(self, raw: Raw) -> None:
        if self._clock is not None:
            read_clock(raw, self._clock)

    def _pass_on(self, payload: str) -> None:
        for change in _read(payload, own_name=self._name):
            for loop, listener in self._listeners:
                with suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(listener, change)


def read_clock(raw: Raw, clock: SharedClock) -> None:
    """Let *clock* follow the database's clock."""
    began_s = time.monotonic()
    row = raw.execute(b"SELECT clock_timestamp()").fetchone()
    if row is not None:
        clock.follow(row[0], read_at_s=(began_s + time.monotonic()) / 2)


def _read(payload: str, *, own_name: str) -> list[RemoteChange]:
    """Return the changes of a notification; none of this process and none of a newer release."""
    try:
        name, changes = json.loads(payload)
        return [] if name == own_name else [_change(*one) for one in changes]
    except (TypeError, ValueError):
        return []


def _change(generation_id: str, state: str, event: str, is_news: Any) -> RemoteChange:
    return RemoteChange(
        generation_id=GenerationId(generation_id),
        state=State(state),
        event=event,
        is_news=bool(is_news),
    )
