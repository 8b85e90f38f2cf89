"""
Measure submits, gets, claims and events on SQLite and PostgreSQL, with one node and with three.

    python -m bench.cluster [--seconds 4] [--nodes 1 3]
    python -m bench.cluster --processes 1 2 4

Submits and gets go over HTTP to API servers (`rushes serve --no-worker`), each loaded by a process
of its own. Claims and ends are made by worker processes on the store: a claim is a search for work
and the change to "running", an end is the change to "completed"; each writes an event and tells the
other nodes. The CPU time of the nodes and of the database stands beside each rate, because on a
machine that others use it is the steadier figure.

With `--processes` it is one API server with so many processes (`rushes serve --processes N`),
loaded over three times as many connections; the last column is the rate as a ratio to the first.
"""

import argparse
import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx2
import psutil
import psycopg
from bench import load as http_load
from tests.postgres import PostgresServer

from rushes.bootstrap.database import FILE
from rushes.core import lifecycle
from rushes.core.errors import Conflict
from rushes.core.generation import Generation
from rushes.store.base import Lease
from rushes.store.database import Database
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

CONNECTIONS: Final = 16
"""Connections to each API server, and ends at the same time in each worker."""

MODEL: Final = "ray-2"
BODY: Final = json.dumps(
    {"prompt": "a lighthouse at dusk, waves, slow push in", "model": MODEL, "resolution": "720p"}
).encode()
PATH: Final = "/api/v1/generations"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the nodes keep everything."""

    name: str
    data: Path
    url: str | None = None
    server: psutil.Process | None = None
    """The first process of PostgreSQL."""

    @property
    def variables(self) -> dict[str, str]:
        return {"RUSHES_STORE__URL": self.url} if self.url else {}

    def open(self) -> Database:
        return PostgresStore(self.url) if self.url else SqliteStore(self.data / FILE)

    def cpu_s(self) -> float:
        """Return the CPU time of the database's own processes so far."""
        return 0.0 if self.server is None else cpu_s(self.server)


def cpu_s(process: psutil.Process) -> float:
    """Return the CPU time of a process and its children so far, also of those that have ended."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system
    ended = process.cpu_times()
    return total + ended.children_user + ended.children_system


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement."""

    place: str
    nodes: int
    work: str
    count: int
    seconds: float
    node_cpu_s: float
    database_cpu_s: float
    errors: int = 0

    @property
    def per_s(self) -> float:
        return self.count / self.seconds

    def __str__(self) -> str:
        node_us, database_us = (
            1e6 * cpu / max(self.count, 1) for cpu in (self.node_cpu_s, self.database_cpu_s)
        )
        share = self.database_cpu_s / max(self.node_cpu_s + self.database_cpu_s, 1e-9)
        return (
            f"| {self.place} | {self.nodes} | {self.work} | {self.per_s:,.0f}"
            f" | {node_us:,.0f} | {database_us:,.0f} | {share:.0%} | {self.errors} |"
        )


HEADING: Final = (
    "| store | nodes | operation | a second | CPU us in nodes | CPU us in the database"
    " | share of the database | failed |\n|---|---:|---|---:|---:|---:|---:|---:|"
)


def drive(
    port: int, ids: Sequence[str], seconds: float, connections: int = CONNECTIONS
) -> tuple[int, int]:
    """Load a server with gets of *ids*, or with submits if there are none; runs in a process."""
    paths = itertools.cycle(ids)

    def make() -> bytes:
        if not ids:
            return http_load.request("POST", PATH, body=BODY)
        return http_load.request("GET", f"{PATH}/{next(paths)}")

    found = http_load.run(port, make, connections=connections, seconds=seconds)
    return found.requests, found.errors


@contextmanager
def servers(
    place: Place, count: int, processes: int = 1
) -> Generator[list[tuple[int, psutil.Process]]]:
    """Run API servers of so many processes each; give their ports and first processes."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("RUSHES_")}
    limits = {"RUSHES_LIMITS__ANONYMOUS_REQUESTS_PER_MINUTE": "0"}
    command = (sys.executable, "-m", "rushes", "serve", "--no-worker", "--no-auth", "--json")
    shared = () if processes == 1 else ("--processes", str(processes))
    with ExitStack() as stack:
        found: list[tuple[int, psutil.Process]] = []
        for _ in range(count):
            process = subprocess.Popen(
                (*command, *shared, "--port", "0", "--data", str(place.data)),
                env={**kept, **limits, **place.variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            stack.callback(process.communicate)
            stack.callback(process.terminate)
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            found.append((int(url.rpartition(":")[2]), psutil.Process(process.pid)))
        yield found


def over_http(
    place: Place, count: int, seconds: float, processes: int = 1, connections: int = CONNECTIONS
) -> Generator[Row]:
    with servers(place, count, processes) as found, ProcessPoolExecutor(count) as drivers:
        first = f"http://127.0.0.1:{found[0][0]}{PATH}"
        headers = {"Content-Type": "application/json"}
        ids = [
            httpx2.post(first, content=BODY, headers=headers).raise_for_status().json()["id"]
            for _ in range(64)
        ]
        for work, asked in (("submit", ()), ("get", ids)):
            before = sum(cpu_s(one) for _, one in found), place.cpu_s()
            began_s = time.perf_counter()
            running = [
                drivers.submit(drive, port, asked, seconds, connections) for port, _ in found
            ]
            counts = [one.result() for one in running]
            yield Row(
                place=place.name,
                nodes=count * processes,
                work=work,
                count=sum(made for made, _ in counts),
                errors=sum(failed for _, failed in counts),
                seconds=time.perf_counter() - began_s,
                node_cpu_s=sum(cpu_s(one) for _, one in found) - before[0],
                database_cpu_s=place.cpu_s() - before[1],
            )


async def work(place: Place, seconds: float) -> None:
    """Claim, then end what was claimed, each when the parent says so; print what was done."""
    store, claimed, collisions = place.open(), list[Generation](), 0
    name = str(os.getpid())

    async def claim(until_s: float, most: float = inf) -> None:
        nonlocal collisions
        while time.perf_counter() < until_s and len(claimed) < most:
            now = datetime.now(UTC)
            found = await store.next_available(now=now, models=[MODEL])
            if found is None:
                return
            lease = Lease(worker=name, until=now + timedelta(hours=1))
            change = lifecycle.claim(found, engine="e", channel="a", now=now)
            try:
                claimed.append(await store.write(change, lease=lease))
            except Conflict:
                collisions += 1

    async def end(until_s: float) -> None:
        while claimed and time.perf_counter() < until_s:
            one = claimed.pop()
            await store.write(lifecycle.complete(one, (), now=datetime.now(UTC)))

    await claim(time.perf_counter() + 60, most=5)  # connections and statements are made now
    print("ready", flush=True)
    for step, callers in ((claim, 1), (end, CONNECTIONS)):  # a worker claims one after the other
        await asyncio.to_thread(sys.stdin.readline)
        before, until_s = len(claimed), time.perf_counter() + seconds
        await asyncio.gather(*(step(until_s) for _ in range(callers)))
        print(json.dumps([abs(len(claimed) - before), collisions]), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await store.close()


def on_store(place: Place, count: int, seconds: float) -> Generator[Row]:
    command = (sys.executable, "-m", "bench.cluster", "--work", place.url or str(place.data))
    with ExitStack() as stack:
        workers = []
        for _ in range(count):
            process = subprocess.Popen(
                (*command, "--seconds", str(seconds)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.communicate, "\n")
            workers.append((process, psutil.Process(process.pid)))
        for process, _ in workers:  # their start is not counted
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for step in ("claim", "end"):
            before = sum(cpu_s(one) for _, one in workers), place.cpu_s()
            began_s = time.perf_counter()
            for process, _ in workers:
                assert process.stdin is not None
                process.stdin.write("\n")
                process.stdin.flush()
            counts = [json.loads(process.stdout.readline()) for process, _ in workers]  # type: ignore[union-attr]  # a pipe
            yield Row(
                place=place.name,
                nodes=count,
                work=step,
                count=sum(made for made, _ in counts),
                errors=sum(collided for _, collided in counts) if step == "claim" else 0,
                seconds=time.perf_counter() - began_s,
                node_cpu_s=sum(cpu_s(one) for _, one in workers) - before[0],
                database_cpu_s=place.cpu_s() - before[1],
            )


@contextmanager
def new_places() -> Generator[Callable[[], Iterator[Place]]]:
    """Give a function that makes an empty SQLite file and an empty database of PostgreSQL."""
    numbers = itertools.count()
    with ExitStack() as stack:
        server = PostgresServer.create(fsync=True)
        stack.callback(server.remove)
        first = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

        def made() -> Iterator[Place]:
            yield Place(name="SQLite", data=Path(stack.enter_context(TemporaryDirectory())))
            database = f"cluster{next(numbers)}"
            with psycopg.connect(server.url(), autocommit=True) as raw:
                raw.execute(f"CREATE DATABASE {database}".encode())
            yield Place(
                name="PostgreSQL",
                data=Path(stack.enter_context(TemporaryDirectory())),
                url=server.url(database),
                server=psutil.Process(first),
            )

        yield made


def print_processes(
    places: Callable[[], Iterator[Place]], processes: Sequence[int], seconds: float
) -> None:
    """Print a row for each number, store and operation, with its ratio to the first number."""
    first, _, rest = HEADING.replace("| nodes |", "| processes |").partition("\n")
    print(f"{first} ratio |\n{rest}---:|")
    one: dict[tuple[str, str], float] = {}
    for count in processes:
        for place in places():
            for row in over_http(place, 1, seconds, count, 3 * CONNECTIONS):
                ratio = row.per_s / one.setdefault((row.place, row.work), row.per_s)
                print(f"{row} {ratio:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="for each measurement")
    parser.add_argument("--nodes", type=int, nargs="+", default=[1, 3])
    parser.add_argument("--processes", type=int, nargs="+", help="of one API server, in its place")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        url = chosen.work if chosen.work.startswith("postgresql:") else None
        asyncio.run(work(Place(name="", data=Path(chosen.work), url=url), chosen.seconds))
        return
    with new_places() as places:
        if chosen.processes:
            print_processes(places, chosen.processes, chosen.seconds)
            return
        print(HEADING)
        for count in chosen.nodes:
            for place in places():
                for row in (
                    *over_http(place, count, chosen.seconds),
                    *on_store(place, count, chosen.seconds),
                ):
                    print(row, flush=True)


if __name__ == "__main__":
    main()
