"""How writes share commits, and that none of them pays for another."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from rushes.core.errors import Conflict, StoreError
from rushes.store.sqlite.group_commit import GroupCommitWriter
from rushes.store.sqlite.schema import open_reader, open_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rushes.db"


@pytest.fixture
def db(path: Path) -> sqlite3.Connection:
    db = open_writer(path)
    db.execute("CREATE TABLE note (text TEXT UNIQUE)")
    return db


@pytest.fixture
async def writer(db: sqlite3.Connection) -> AsyncIterator[GroupCommitWriter]:
    writer = GroupCommitWriter(db)
    yield writer
    await writer.close()


@pytest.fixture
def reader(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    reader = open_reader(path)
    yield reader
    reader.close()


def note(db: sqlite3.Connection, text: str) -> str:
    db.execute("INSERT INTO note VALUES (?)", (text,))
    return text


def noting(text: str) -> Callable[[sqlite3.Connection], str]:
    return lambda db: note(db, text)


def notes(reader: sqlite3.Connection) -> list[str]:
    return [text for (text,) in reader.execute("SELECT text FROM note ORDER BY rowid")]


class Gate:
    """A write that holds the writer up until it is opened."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.opened = threading.Event()

    def __call__(self, db: sqlite3.Connection) -> None:
        self.begun.set()
        assert self.opened.wait(10)

    async def hold(self, writer: GroupCommitWriter) -> "asyncio.Task[None]":
        held = asyncio.ensure_future(writer.run(self))
        assert await asyncio.to_thread(self.begun.wait, 10)
        return held


async def test_writes_that_wait_together_share_one_commit(
    db: sqlite3.Connection, writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    said: list[str] = []
    db.set_trace_callback(said.append)
    texts = [str(n) for n in range(64)]
    assert await asyncio.gather(*(writer.run(noting(text)) for text in texts)) == texts
    assert said.count("COMMIT") == 1
    assert notes(reader) == texts


async def test_writes_that_come_during_a_commit_share_the_next(
    db: sqlite3.Connection, writer: GroupCommitWriter
) -> None:
    said: list[str] = []
    gate = Gate()
    held = await gate.hold(writer)
    db.set_trace_callback(said.append)
    later = []
    for n in range(20):
        later.append(asyncio.ensure_future(writer.run(noting(str(n)))))
        await asyncio.sleep(0)  # each in a turn of the loop of its own
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(held, *later)
    assert said.count("COMMIT") == 2


async def test_one_that_fails_undoes_only_itself(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    lost = Conflict("lost")

    def fail(db: sqlite3.Connection) -> str:
        note(db, "half done")
        raise lost

    outcomes = await asyncio.gather(
        writer.run(noting("a")),
        writer.run(fail),
        writer.run(noting("a")),
        writer.run(noting("b")),
        return_exceptions=True,
    )
    assert outcomes[0] == "a"
    assert outcomes[1] is lost
    assert isinstance(outcomes[2], StoreError)
    assert outcomes[3] == "b"
    assert notes(reader) == ["a", "b"]


async def test_nobody_hears_of_his_write_before_it_is_committed(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    seen: list[list[str]] = []
    await writer.run(noting("a"), on_written=lambda _: seen.append(notes(reader)))
    assert seen == [["a"]]


async def test_a_caller_who_goes_away_takes_nothing_back(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    gate = Gate()
    held = await gate.hold(writer)
    received: list[str] = []
    leaving = asyncio.ensure_future(writer.run(noting("whole"), on_written=received.append))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    gate.opened.set()
    await held
    await writer.run(noting("next"))
    assert notes(reader) == ["whole", "next"]
    assert received == ["whole"], "those who listen hear of it although its caller has gone"


async def test_a_full_disk_fails_those_who_wrote_and_passes(
    db: sqlite3.Connection, writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    await writer.run(noting("before"))
    await writer.run(lambda db: db.execute("SELECT 1"))
    pages = await writer.run(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await writer.run(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall())
    large = "x" * 100_000
    outcomes = await asyncio.gather(
        writer.run(noting("in the same commit")),
        writer.run(noting(large)),
        return_exceptions=True,
    )
    assert [str(outcome) for outcome in outcomes if isinstance(outcome, StoreError)] == [
        "the store could not write: database or disk is full"
    ] * sum(isinstance(outcome, StoreError) for outcome in outcomes)
    assert isinstance(outcomes[1], StoreError)
    kept = ["before"] + [text for text in outcomes if isinstance(text, str)]
    assert notes(reader) == kept, "what was acknowledged is there, and what was refused is not"
    await writer.run(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    await writer.run(noting(large))
    assert notes(reader) == [*kept, large]


async def test_a_file_that_another_process_holds_too_long_fails_the_write_and_not_the_store(
    db: sqlite3.Connection, writer: GroupCommitWriter, path: Path, reader: sqlite3.Connection
) -> None:
    db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        await writer.run(noting("refused"))
    assert notes(reader) == [], "reading does not wait for whoever writes"
    other.execute("ROLLBACK")
    other.close()
    await writer.run(noting("written"))
    assert notes(reader) == ["written"]


async def test_a_commit_that_fails_is_heard_of_by_all_it_held(
    db: sqlite3.Connection, writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("CREATE TABLE child (note REFERENCES note (text) DEFERRABLE INITIALLY DEFERRED)")
    outcomes = await asyncio.gather(
        writer.run(noting("a")),
        writer.run(lambda db: db.execute("INSERT INTO child VALUES ('missing')")),
        return_exceptions=True,
    )
    assert all(isinstance(outcome, StoreError) for outcome in outcomes)
    assert outcomes[0] is not outcomes[1]
    assert notes(reader) == []
    await writer.run(noting("b"))
    assert notes(reader) == ["b"]


async def test_two_loops_may_write_through_one_store(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    async def elsewhere() -> list[str]:
        return [await writer.run(noting(f"there {n}")) for n in range(20)]

    other = asyncio.to_thread(asyncio.run, elsewhere())
    here = [writer.run(noting(f"here {n}")) for n in range(20)]
    await asyncio.gather(other, *here)
    assert len(notes(reader)) == 40


async def test_a_loop_that_ended_does_not_end_the_writer(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    gate = Gate()

    async def leave() -> None:
        task = await gate.hold(writer)
        task.cancel()

    await asyncio.to_thread(asyncio.run, leave())
    gate.opened.set()
    assert await writer.run(noting("a")) == "a"
    assert notes(reader) == ["a"]


async def test_closing_an_idle_writer_asks_for_no_lock(
    db: sqlite3.Connection, writer: GroupCommitWriter
) -> None:
    said: list[str] = []
    db.set_trace_callback(said.append)
    await writer.close()
    assert said == []


async def test_close_makes_the_writes_that_wait(
    writer: GroupCommitWriter, reader: sqlite3.Connection
) -> None:
    gate = Gate()
    held = await gate.hold(writer)
    waiting = asyncio.ensure_future(writer.run(noting("a")))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(writer.close())
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(held, waiting, closing)
    assert notes(reader) == ["a"]
    with pytest.raises(StoreError, match="closed"):
        await writer.run(noting("b"))
