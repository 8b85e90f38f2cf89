"""Renew the leases whose renewals wait at the same time with one statement."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rushes.core.errors import Conflict, StoreError
from rushes.core.generation import Generation
from rushes.store.base import Lease
from rushes.store.postgres.connections import PgConnection
from rushes.store.sql.connection import Reader
from rushes.store.sql.rows import moment

MOST: Final = 1000
"""Renewals in one statement."""

_RENEW: Final = """
    WITH wanted AS (
        SELECT * FROM unnest(
            ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::float8[], ?::text[]
        ) WITH ORDINALITY AS wanted (id, version, worker, until, progress, phase, number)
    ), held AS (
        SELECT wanted.number, generation.seq, wanted.until, wanted.progress, wanted.phase
        FROM wanted JOIN generation ON generation.id = wanted.id COLLATE "C"
        WHERE generation.version = wanted.version AND generation.state = 'running'
            AND generation.lease_worker = wanted.worker COLLATE "C"
        ORDER BY generation.seq FOR UPDATE OF generation
    ), renewed AS (
        UPDATE generation
        SET waits_from = held.until, progress = held.progress, phase = held.phase
        FROM held WHERE generation.seq = held.seq
    )
    SELECT number FROM held
"""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A generation as its worker knows it, with the new end of its lease."""

    generation: Generation
    lease: Lease
    progress: float
    phase: str | None = None


class Renewals:
    """
    Renews leases that their workers still hold.

    While a statement runs, others wait for the next one: with ten times the leases a node makes
    larger statements and not more of them.

    Args:
        reader: Runs statements that may be repeated.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._waiting: list[tuple[Renewal, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def renew(self, renewal: Renewal) -> None:
        """Renew one lease. Raises Conflict if its worker has lost it, and StoreError."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((renewal, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            renewals = [renewal for renewal, _ in batch]
            try:
                held = await self._reader.run(lambda db, them=renewals: renew(db, them))  # type: ignore[misc]  # bound now
            except StoreError as error:
                for _, done in batch:
                    _settle(done, StoreError(str(error)))  # tasks must not share one
                continue
            for number, (renewal, done) in enumerate(batch):
                id_, worker = renewal.generation.id, renewal.lease.worker
                lost = Conflict(f"generation {id_} is no longer {worker}'s")
                _settle(done, None if number in held else lost)


def _settle(done: "asyncio.Future[None]", error: Exception | None) -> None:
    if done.done():
        return  # its caller was cancelled
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


def renew(db: PgConnection, renewals: Sequence[Renewal]) -> frozenset[int]:
    """Extend the leases that their workers still hold; return their positions in *renewals*."""
    rows = [
        (
            one.generation.id,
            one.generation.version,
            one.lease.worker,
            moment(one.lease.until),
            one.progress,
            one.phase,
        )
        for one in renewals
    ]
    with db.raw.pipeline():
        db.execute("BEGIN")
        db.execute("SET LOCAL synchronous_commit = off")  # if it is lost, the leases end early
        written = db.execute(_RENEW, [list(column) for column in zip(*rows, strict=True)])
        db.execute("COMMIT")
    return frozenset(row[0] - 1 for row in written)
