"""Submits and gets a second of the bare store, with many callers; a floor for bench/api.py.

    python bench/store.py [--seconds 3] [--callers 64] [--folder DIR]

Prints one JSON line a measurement. `ratio` is to the floor measured in the same run: the same
bytes written by one thread into a table with nothing but a key, 64 rows a commit, fully synced.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.ledger import Entry, EntryKind
from rushes.core.pricing import Quote
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.store.base import GenerationFilter, IdempotencyClaim, Lease
from rushes.store.memory import MemoryStore
from rushes.store.sql.rows import body, generation_of
from rushes.store.sql.writing import Writing
from rushes.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS_A_COMMIT = 64


def generation() -> Generation:
    """Return one as a dialect would make it, about a kilobyte as JSON."""
    return Generation(
        id=GenerationId(str(uuid.uuid4())),
        account_id=AccountId("acc"),
        spec=GenerationSpec(
            model="ray-2",
            prompt="An astronaut rides a horse on the beach at sunset, waves, slow push in. " * 3,
            keyframes=(Keyframe(position=Position.FIRST, image="https://example.com/a.jpg"),),
            aspect_ratio="16:9",
            resolution="720p",
        ),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=NOW,
        updated_at=NOW,
        available_at=NOW,
        announce=Announce(url="https://example.com/hook"),
    )


def tell(measured: str, **figures: float | str | None) -> None:
    rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}
    print(json.dumps({"measured": measured, **rounded}), flush=True)


def each_us(call: Callable[[], object], *, times: int = 3000) -> float:
    """Return what one call costs, in microseconds: the best of five rounds."""
    rounds: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(times):
            call()
        rounds.append((time.perf_counter() - began) / times)
    return min(rounds) * 1e6


def floor(folder: Path, *, seconds: float) -> float:
    """Return rows a second of one thread and one plain table, fully synced."""
    db = sqlite3.connect(folder / "floor.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE row (id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT")
    data = body(generation())
    rows, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        db.execute("BEGIN IMMEDIATE")
        for _ in range(ROWS_A_COMMIT):
            db.execute("INSERT INTO row VALUES (?, ?)", (str(uuid.uuid4()), data))
        db.execute("COMMIT")
        rows += ROWS_A_COMMIT
    db.close()
    return rows / took


async def rate(
    call: Callable[[], Awaitable[object]], *, callers: int, seconds: float
) -> dict[str, float]:
    """Return calls a second of so many callers, and how long one call takes."""
    end = time.perf_counter() + seconds
    took_ms: list[float] = []

    async def caller() -> None:
        while (began := time.perf_counter()) < end:
            await call()
            took_ms.append((time.perf_counter() - began) * 1e3)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    a_second = len(took_ms) / (time.perf_counter() - began)
    took_ms.sort()
    return {
        "a_second": a_second,
        "p50_ms": took_ms[len(took_ms) // 2],
        "p99_ms": took_ms[len(took_ms) * 99 // 100],
    }


async def paying(store: SqliteStore, template: Generation) -> Callable[[], Awaitable[object]]:
    """Return a submit by an account that pays for it, and has enough."""
    grant = Entry(
        account_id=template.account_id,
        kind=EntryKind.GRANT,
        reference="grant",
        balance=10**15,
        held=0,
        at=NOW,
    )
    await store.ledger.grant(grant)
    quote = Quote(held=1_600_000, rates={"luma": 320_000, "relay": 200_000}, amount_milli=5000)
    priced = replace(template, quote=quote)

    async def submit() -> None:
        new = replace(priced, id=GenerationId(str(uuid.uuid4())))
        await store.write(lifecycle.submit(new))

    return submit


async def measure(folder: Path, *, callers: int, seconds: float) -> None:
    least = floor(folder, seconds=seconds)
    tell("floor: plain rows, one thread", a_second=least, ratio=1.0)
    made: list[GenerationId] = []
    template = generation()
    store = SqliteStore(folder / "rushes.db")
    memory = MemoryStore()
    turn = 0

    def fresh() -> Generation:
        return replace(template, id=GenerationId(str(uuid.uuid4())))

    async def submit() -> None:
        made.append((await store.write(lifecycle.submit(fresh()))).id)

    async def submit_once() -> None:
        new = fresh()
        once = IdempotencyClaim(key=new.id, fingerprint="f", until=NOW + timedelta(days=1))
        await store.write(lifecycle.submit(new), once=once)

    async def submit_to_memory() -> None:
        await memory.write(lifecycle.submit(fresh()))

    async def get() -> None:
        nonlocal turn
        turn = (turn + 1) % len(made)
        await store.get(made[turn])

    async def list_page() -> None:
        await store.list(GenerationFilter(account_id=template.account_id, limit=20))

    async def claim() -> None:
        waiting = await store.next_available(now=NOW)
        if waiting is not None:
            lease = Lease(worker="w", until=NOW + timedelta(days=1))
            await store.write(lifecycle.claim(waiting, engine="e", now=NOW), lease=lease)

    for name, call, many in (
        ("submit", submit, callers),
        ("submit with an idempotency key", submit_once, callers),
        ("submit that holds credits", await paying(store, template), callers),
        ("submit, one caller", submit, 1),
        ("get", get, callers),
        ("list of 20", list_page, 4),
        ("claim, one worker", claim, 1),
        ("submit, memory", submit_to_memory, callers),
    ):
        figures = await rate(call, callers=many, seconds=seconds)
        tell(name, callers=many, **figures, ratio=figures["a_second"] / least)
    change = lifecycle.submit(template)
    text = body(template)
    tell(
        "python of a submit on the loop",
        us=each_us(lambda: Writing.of(change, None, None, None, None)),
    )
    tell("dump", us=each_us(lambda: body(template)), size_bytes=len(text))
    tell("load", us=each_us(lambda: generation_of(text, 0.0)))
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the bare store.")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each measurement")
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        tell(
            "machine",
            cpus=os.cpu_count(),
            sqlite=sqlite3.sqlite_version,
            load=os.getloadavg()[0],
        )
        asyncio.run(measure(Path(folder), callers=asked.callers, seconds=asked.seconds))


if __name__ == "__main__":
    main()
