"""
Measure what each step of a submit and of a get costs, in microseconds of CPU time.

64 requests at a time go through the whole application in this process, without a socket and
without a worker. The steps are functions of the source, wrapped for the measurement; a step's time
is that of its function without the steps inside it and without waiting. What a wrapper costs is
measured too. Each figure is the median of rounds; the floor is a bare ASGI app over the same store.

    .venv/bin/python bench/steps.py               # a minute
    .venv/bin/python bench/steps.py --rounds 3    # a few seconds
"""

import argparse
import asyncio
import functools
import inspect
import json
import statistics
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    MutableMapping,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from api import bare_app
from instructions import BODY, Headers, request

from rushes.bootstrap.application import Application, build
from rushes.core import lifecycle
from rushes.dialects.luma_relay import handlers
from rushes.dialects.luma_relay.reply_cache import ReplyCache
from rushes.http import app as http_app
from rushes.http import gateway
from rushes.service.accounts import Accounts
from rushes.service.admission import Admission
from rushes.service.rate_limits import RateLimits
from rushes.settings import load
from rushes.store.sql.group_commit import GroupCommit
from rushes.store.sql.writing import Writing
from rushes.store.sqlite import store as sqlite_store

TASKS, EACH = 64, 8
"""Requests at a time, and how many each of them is followed by in a round."""

LOOP, OTHERS = "on the event loop", "on other threads"

OUTERMOST = http_app._Outermost  # noqa: SLF001  # it is what is measured

STEPS: dict[str, list[tuple[Any, str]]] = {
    "id of the request, path, route, send": [(OUTERMOST, "__call__")],
    "telemetry": [(OUTERMOST, "_record")],
    "endpoint": [(gateway.Endpoint, "respond")],
    "authenticate": [(gateway.Gateway, "caller"), (Accounts, "authenticate")],
    "limits": [(RateLimits, "count_submit"), (RateLimits, "count_request")],
    "read the body": [(gateway, "body")],
    "parse": [(handlers, "_fields"), (handlers, "read"), (handlers, "unread")],
    "make the spec": [(handlers, "to_spec")],
    "fingerprint and context": [(gateway.Call, "ask")],
    "admission": [(Admission, "check")],
    "generation and price": [(Admission, "queue")],
    "lifecycle": [(lifecycle, "submit")],
    "encode the row": [(Writing, "of")],
    "write, and wait for the disk": [(sqlite_store.SqliteStore, "write"), (GroupCommit, "run")],
    "read the row": [(sqlite_store.SqliteStore, name) for name in ("get", "get_changed")],
    "decode the row": [(sqlite_store, "first")],
    "encode the reply": [(ReplyCache, "__call__"), (handlers, "_Json")],
}


class Stopwatch:
    """Adds up the CPU time of this thread by step, each without the steps inside it."""

    def __init__(self) -> None:
        self.spent_ns: defaultdict[str, int] = defaultdict(int)
        self._inside: list[str] = []
        self._since_ns = 0

    def _switch(self) -> None:
        now_ns = time.thread_time_ns()
        if self._inside:
            self.spent_ns[self._inside[-1]] += now_ns - self._since_ns
        self._since_ns = now_ns

    def enter(self, step: str) -> None:
        self._switch()
        self._inside.append(step)

    def leave(self) -> None:
        self._switch()
        self._inside.pop()

    def wrap(self, function: Callable[..., Any], step: str) -> Callable[..., Any]:
        """Return *function*, timed; a coroutine function stays one."""
        if inspect.iscoroutinefunction(function):
            return lambda *args, **kwargs: _Timed(self, step, function(*args, **kwargs))

        @functools.wraps(function, updated=())
        def called(*args: Any, **kwargs: Any) -> Any:
            self.enter(step)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        return called

    def install(self) -> None:
        for step, functions in STEPS.items():
            for owner, name in functions:
                plain = inspect.getattr_static(owner, name)
                if isinstance(plain, classmethod):
                    setattr(owner, name, classmethod(self.wrap(plain.__func__, step)))
                else:
                    setattr(owner, name, self.wrap(plain, step))


@dataclass
class _Timed:
    """A coroutine whose time counts for a step while it runs, not while it waits."""

    watch: Stopwatch
    step: str
    coroutine: Coroutine[Any, Any, Any]

    def __await__(self) -> Generator[Any, Any, Any]:
        value = None
        while True:
            self.watch.enter(self.step)
            try:
                waits_for = self.coroutine.send(value)
            except StopIteration as ended:
                return ended.value
            finally:
                self.watch.leave()
            value = yield waits_for


App = Callable[..., Awaitable[None]]


def headers(key: str | None, *more: tuple[bytes, bytes]) -> Headers:
    size = (b"content-length", str(len(BODY)).encode())
    known = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json"), size, *more]
    return [*known, (b"authorization", f"Bearer {key}".encode())] if key else known


async def measure(
    app: App, path: str, key: str | None, rounds: int, watch: Stopwatch
) -> dict[str, dict[str, float]]:
    """Return the microseconds of a submit and of a get: of each step, and in all."""
    run_id = uuid.uuid4().hex
    made = ""

    async def submit(number: int) -> None:
        nonlocal made
        once = ((b"idempotency-key", f"{run_id}-{number}".encode()),) if key else ()
        reply = await request(app, "POST", path, headers(key, *once), BODY)
        made = json.loads(reply)["id"] if key else reply[:36].decode()

    async def get(_: int) -> None:
        await request(app, "GET", f"{path}/{made}", headers(key))

    async def several(one: Callable[[int], Awaitable[None]], first: int) -> None:
        for number in range(first, first + EACH):
            await one(number)

    found: dict[str, dict[str, float]] = {}
    for what, one in (("submit", submit), ("get", get)):
        rows: list[dict[str, float]] = []
        for turn in range(rounds + 1):
            watch.spent_ns.clear()
            all_ns, main_ns = time.process_time_ns(), time.thread_time_ns()
            first = turn * TASKS * EACH
            await asyncio.gather(*(several(one, first + task * EACH) for task in range(TASKS)))
            main_ns = time.thread_time_ns() - main_ns
            all_ns = time.process_time_ns() - all_ns
            spent_ns = {**watch.spent_ns, LOOP: main_ns, OTHERS: all_ns - main_ns}
            rows.append({step: ns / 1000 / TASKS / EACH for step, ns in spent_ns.items()})
        del rows[0]  # it filled caches
        found[what] = {step: statistics.median(row[step] for row in rows) for step in rows[0]}
    return found


def wrapper_us() -> float:
    """Return what one wrapped call adds to the steps around it."""
    watch = Stopwatch()
    inner = watch.wrap(lambda: None, "inner")
    outer = watch.wrap(lambda: [inner() for _ in range(20_000)], "outer")
    outer()
    return watch.spent_ns["outer"] / 20_000 / 1000


async def bench(rounds: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rushes-bench-"))
    (folder / "bare").mkdir()
    store = sqlite_store.SqliteStore(folder / "bare" / "rushes.db")
    floor = await measure(bare_app(store), "/x", None, rounds, Stopwatch())
    await store.close()

    plain = await full(folder / "plain", rounds, Stopwatch())
    watch = Stopwatch()
    watch.install()
    steps = await full(folder / "full", rounds, watch)
    for what, found in steps.items():
        whole, bare = plain[what][LOOP], floor[what][LOOP]
        print(f"\n{what}: {whole:.0f} us on the event loop, the bare app {bare:.0f}; on the thread")
        print(f"of the store {plain[what][OTHERS]:.0f} and {floor[what][OTHERS]:.0f}")
        for step in STEPS:
            if found.get(step, 0.0) > 0:
                print(f"  {step:<36}{found[step]:>7.1f}")
    print(
        f"\nA wrapper adds about {wrapper_us():.1f} us to the step around it; it is in the figures."
    )


async def full(data: Path, rounds: int, watch: Stopwatch) -> dict[str, dict[str, float]]:
    """Measure the whole application on a new data folder."""
    async with running(data) as (application, key):
        return await measure(application.app, "/luma/generations", key, rounds, watch)


@asynccontextmanager
async def running(data: Path) -> AsyncGenerator[tuple[Application, str]]:
    """Run the whole application without a worker, and yield it with a key for it."""
    application = build(load(overrides={"data": data, "worker.enabled": False}))
    asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    started = asyncio.Event()

    async def send(_: MutableMapping[str, Any]) -> None:
        started.set()

    async def live() -> None:
        await application.app({"type": "lifespan"}, asked.get, send)

    asked.put_nowait({"type": "lifespan.startup"})
    life = asyncio.create_task(live())
    await started.wait()
    _, key = await application.accounts.create_key("bench")
    yield application, key
    asked.put_nowait({"type": "lifespan.shutdown"})
    await life


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    uvloop.run(bench(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
