"""Convert generations and events to rows and back."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from rushes.core.errors import StoreError
from rushes.core.generation import Generation, State
from rushes.core.spec import Kind, Medium
from rushes.store.base import Event, Lease
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.stored import Stored

T = TypeVar("T")

_GENERATION: Final = Stored[Generation](Generation)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_log: Final = logging.getLogger(__name__)


def moment(at: datetime) -> int:
    """Return microseconds since 1970. Raises TypeError for a time without a zone."""
    return (at - _EPOCH) // _MICROSECOND


def when(microseconds: int) -> datetime:
    """Return the time in UTC; the inverse of :func:`moment`."""
    return _EPOCH + timedelta(microseconds=microseconds)


def body(generation: Generation) -> bytes:
    """Return a generation as JSON."""
    return _GENERATION.dump(generation)


def folded(text: str) -> str:
    """Return *text* for a comparison that ignores case, without NUL, which databases refuse."""
    return text.casefold().replace("\0", "\ufffd")


def folded_prompt(text: bytes) -> str:
    """Return the prompt in a generation's JSON, folded for a search."""
    spec = json.loads(text).get("spec", {})
    return folded(spec.get("prompt", ""))


def makes(text: bytes) -> str:
    """Return the medium of the generation whose JSON is *text*."""
    spec: dict[str, Any] = json.loads(text).get("spec", {})
    kind: str = spec.get("kind", Kind.VIDEO)
    source: dict[str, Any] = spec.get("source") or {}
    if kind == Kind.REFRAME:
        return str(source.get("medium", Medium.VIDEO))
    return str(Medium.IMAGE if kind == Kind.IMAGE else Medium.VIDEO)


def waits_from(generation: Generation, lease: Lease | None) -> int | None:
    """Return the start of a generation's wait for a worker; None when it needs no worker."""
    match generation.state:
        case State.QUEUED:
            return moment(generation.available_at)
        case State.RUNNING:
            return moment(lease.until if lease else generation.updated_at)
        case _:
            return None


def channel(generation: Generation) -> str | None:
    """Return the channel of the unfinished attempt; ``""`` if unknown, None without an attempt."""
    attempt = generation.open_attempt
    if attempt is not None:
        return attempt.channel
    return "" if generation.state is State.RUNNING else None


def generation_of(text: bytes, progress: float, phase: str | None = None) -> Generation:
    """
    Return the generation whose JSON is *text*, with its latest progress and phase.

    Raises:
        StoreError: It cannot be read, for example because a newer version wrote it.
    """
    generation = _GENERATION.load(text)
    if generation.state is not State.RUNNING:
        phase = None  # a release that knows no phases has ended it
    if (generation.progress, generation.phase) == (progress, phase):
        return generation
    return replace(generation, progress=progress, phase=phase)


def readable(rows: Iterable[Row]) -> Iterator[Generation]:
    """Yield the generations of rows ``(id, body, progress, phase)``, without unreadable ones."""
    return leaving_out(rows, lambda row: generation_of(*row[1:4]))


def first(
    db: Connection, query: str, values: Row, *, offset: int = 0, limit: int
) -> tuple[Generation, ...]:
    """Return *limit* readable generations of a query, which has no limit itself."""
    found: list[Generation] = []
    while len(found) < limit:
        page = db.execute(f"{query} LIMIT ? OFFSET ?", (*values, limit, offset)).fetchall()
        found += readable(page)
        offset += limit
        if len(page) < limit:
            break
    return tuple(found[:limit])


def readable_events(rows: Iterable[Row]) -> Iterator[Event]:
    """Yield the events of rows ``(seq, type, at, body)``, without unreadable ones."""
    return leaving_out(rows, event_of)


def leaving_out(rows: Iterable[Row], read: Callable[[Row], T]) -> Iterator[T]:
    """Yield the result of *read* for each row, without rows that it cannot read."""
    for row in rows:
        try:
            value = read(row)
        except StoreError:
            _log.warning("row %s cannot be read and is left out", row[0], exc_info=True)
        else:
            yield value


def event_of(row: Row) -> Event:
    """Return the event of a row ``(seq, type, at, body)``."""
    seq, kind, at, text = row
    generation = _GENERATION.load(text)
    return Event(seq=seq, type=kind, at=when(at), generation=generation)
