"""One store file and several processes: beside each other, and killed."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from rushes.core.generation import AccountId, GenerationId, State
from rushes.core.ledger import Entry, EntryKind
from rushes.store.base import GenerationFilter
from rushes.store.ledger import EntryFilter
from rushes.store.sqlite import SqliteStore

CHILD = Path(__file__).with_name("writing_child.py")
ENDLESS = 10**9


def start(path: Path, doing: str, name: str, count: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), str(path), doing, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(child: subprocess.Popen[str]) -> list[str]:
    """Return the names that the child has said, once it has ended well."""
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return said.split()


def kill_after(child: subprocess.Popen[str], lines: int) -> list[str]:
    """Return what the child had said by the time that it was killed, all of it."""
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    whole = rest[: rest.rfind("\n") + 1]
    return said + whole.split()


async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "rushes.db"
    acknowledged: list[str] = []
    for life in range(3):
        child = start(path, "submit", f"life{life}", ENDLESS)
        acknowledged += await asyncio.to_thread(kill_after, child, 40)
    store = SqliteStore(path)
    try:
        found = await store.get_many([GenerationId(name) for name in acknowledged])
        assert [generation.id for generation in found] == acknowledged
        every = await store.list(GenerationFilter(limit=10**6))
        assert (await store.count_by_state())[State.QUEUED] == len(every) >= 120
        for generation in every:
            (event,) = await store.events(generation.id)
            assert event.generation == generation
    finally:
        await store.close()


async def test_kill_9_loses_and_makes_no_credit(tmp_path: Path) -> None:
    path = tmp_path / "rushes.db"
    account = AccountId("acc")
    granted = Entry(
        account_id=account,
        kind=EntryKind.GRANT,
        reference="grant",
        balance=10**9,
        held=0,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    store = SqliteStore(path)
    await store.ledger.grant(granted)
    await store.close()
    for life in range(4):
        lives = [start(path, "spend", f"life{life}-{twin}") for twin in range(2)]
        for child in lives:
            await asyncio.to_thread(kill_after, child, 10 + 7 * life)
    store = SqliteStore(path)
    try:
        every = await store.list(GenerationFilter(limit=10**6))
        assert len({one.state for one in every}) >= 4
        (audit,) = await store.ledger.audit()
        assert audit.is_sound
        due = sum(one.charged or 0 for one in every)
        held = sum(one.price for one in every if not one.state.is_final)
        assert (audit.recorded.balance, audit.recorded.held) == (10**9 - due - held, held)
        lines = await store.ledger.entries(EntryFilter(limit=10**6))
        written = Counter((one.reference, one.kind) for one in lines)
        assert set(written.values()) == {1}
        assert sum(kind is EntryKind.HOLD for _, kind in written) == len(every)
    finally:
        await store.close()


async def test_two_processes_write_the_same_new_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rushes.db"
    children = [start(path, "submit", name, 50) for name in ("a", "b")]
    said = await asyncio.gather(*(asyncio.to_thread(finish, child) for child in children))
    store = SqliteStore(path)
    try:
        written = {generation.id for generation in await store.list(GenerationFilter(limit=1000))}
        assert written == {*said[0], *said[1]}
        assert len(written) == 400
    finally:
        await store.close()


async def test_two_processes_never_claim_the_same_generation(tmp_path: Path) -> None:
    path = tmp_path / "rushes.db"
    finish(start(path, "submit", "g", 25))
    workers = [start(path, "claim", name) for name in ("w1", "w2")]
    said = await asyncio.gather(*(asyncio.to_thread(finish, worker) for worker in workers))
    won = said[0] + said[1]
    assert len(won) == len(set(won)) == 100
