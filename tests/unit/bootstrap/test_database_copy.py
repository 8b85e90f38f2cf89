"""A database moves from SQLite to PostgreSQL and back, with work under way."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.postgres import Databases, programs

from rushes.bootstrap.database_copy import copy_to_postgres, copy_to_sqlite
from rushes.core import lifecycle
from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.core.errors import SettingsError
from rushes.core.generation import AccountId, Announce, Generation, GenerationId, State
from rushes.core.keys import Key
from rushes.core.ledger import Entry, EntryKind
from rushes.core.pricing import Quote
from rushes.core.spec import GenerationSpec
from rushes.core.upload import Purpose, Upload
from rushes.store.base import GenerationFilter, IdempotencyClaim, Lease
from rushes.store.database import Database
from rushes.store.outbox import Webhook
from rushes.store.postgres import PostgresStore
from rushes.store.sql.copied_columns import TABLES
from rushes.store.sqlite import SqliteStore
from rushes.store.sqlite.schema import open_writer

MakeGeneration = Callable[..., Generation]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = AccountId("acc")
PROMPT = '"\u65e5\u672c \U0001f3ac\n\x00\\'


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def fill(store: Database, make: MakeGeneration) -> None:
    """Write something into every table."""
    await store.add_key(
        Key(id="k1", account_id=ACCOUNT, name="a\x00\x10b", digest="d", hint="rk", created_at=NOW)
    )
    await store.add_upload(
        Upload(
            id="u1", account_id=ACCOUNT, purpose=Purpose.INPUT, media_type="image/png",
            size_bytes=10**10, created_at=NOW, name="\x00\u00e9\x10.png",
        )
    )  # fmt: skip
    await store.add_webhook(
        Webhook(
            id="wh_1", account_id=ACCOUNT, url="https://b.example", created_at=NOW,
            events=frozenset({"generation.completed"}), secrets=("s1", "s2"),
        )
    )  # fmt: skip
    await store.set_pause(
        ChannelPause(
            channel="c", fingerprint="f", reason="r", since=NOW, until=None, by=PausedBy.OPERATOR
        )
    )
    await store.ledger.grant(
        Entry(account_id=ACCOUNT, kind=EntryKind.GRANT, reference="g", balance=99, held=0, at=NOW)
    )
    quote = Quote(held=10, rates={"a": 2}, amount_milli=5000)
    for n in range(6):
        spec = GenerationSpec(model="ray-2", prompt=PROMPT, resolution="720p")
        hook = Announce(url="https://a.example")
        one = make(f"g{n}", spec=spec, quote=quote, key_id="k1", announce=hook)
        until = at(99)
        once = IdempotencyClaim(key=f"o{n}", fingerprint="f", until=until)
        await store.write(lifecycle.submit(one), once=once)
        if n:
            claim = lifecycle.claim(one, engine="e", channel="a", now=at(n))
            one = await store.write(claim, lease=Lease(worker="w", until=at(50)))
        if n == 2:
            await store.write(lifecycle.cancel(one, now=at(9)))
    await store.archive.take_lock("gc", who="w", now=NOW, until=at(60))
    await store.reserve("b", cost=timedelta(seconds=9), capacity=None, now=NOW)
    await store.add_failure("f", threshold=1, now=NOW)
    gone = make("gone")
    await store.write(lifecycle.submit(gone))
    await store.remove(gone)


async def reading(store: Database) -> list[object]:
    """Return everything that can be read of a store."""
    listed = await store.list(GenerationFilter(account_id=ACCOUNT, words=("\u65e5",)))
    return [
        listed,
        [await store.events(one.id) for one in listed],
        [await store.deliveries(one.id) for one in listed],
        await store.keys(),
        await store.accounts(),
        await store.find_upload("u1"),
        await store.webhooks(),
        await store.pauses(),
        await store.ledger.audit(),
        await store.count_by_state(),
        await store.count_open(),
        await store.holders(),
        await store.archive.removable_folders(limit=9),
        await store.next_available(now=at(100)),
    ]


@pytest.fixture
async def filled(tmp_path: Path, make_generation: MakeGeneration) -> Path:
    path = tmp_path / "rushes.db"
    store = SqliteStore(path)
    await fill(store, make_generation)
    await store.close()
    return path


async def test_everything_moves_to_postgres_and_back(
    filled: Path, postgres_url: str, tmp_path: Path
) -> None:
    before = SqliteStore(filled)
    expected = await reading(before)
    await before.close()
    copied = copy_to_postgres(filled, postgres_url)
    assert {one.name: bool(one.rows) for one in copied} == {
        name: name not in {"upstream_job", "input"} for name in TABLES
    }
    moved = PostgresStore(postgres_url)
    assert await reading(moved) == expected
    await moved.close()
    back = tmp_path / "back.db"
    assert copy_to_sqlite(postgres_url, back) == copied
    again = SqliteStore(back)
    assert await reading(again) == expected
    await again.close()


async def test_work_under_way_goes_on_after_the_move(filled: Path, postgres_url: str) -> None:
    copy_to_postgres(filled, postgres_url)
    store = PostgresStore(postgres_url)
    left = await store.next_available(now=at(100), models=["ray-2"], skip=[GenerationId("g0")])
    assert left is not None
    assert (left.id, left.state) == ("g1", State.RUNNING)
    claim = lifecycle.claim(left, engine="e", channel="a", now=at(100))
    taken = await store.write(claim, lease=Lease(worker="new", until=at(200)))
    last = max(event.seq for event in await store.events(taken.id))
    assert last > max(event.seq for event in await store.events(GenerationId("g5")))
    repeated = await store.write(
        lifecycle.submit(replace(taken, id=GenerationId("again"), updated_at=NOW)),
        once=IdempotencyClaim(key="o0", fingerprint="f", until=at(99)),
    )
    assert repeated.id == "g0"
    await store.close()


async def test_a_target_that_is_not_empty_is_left_alone(
    filled: Path, postgres_url: str, make_generation: MakeGeneration
) -> None:
    store = PostgresStore(postgres_url)
    await store.write(lifecycle.submit(make_generation("mine")))
    await store.close()
    with pytest.raises(SettingsError, match="not empty"):
        copy_to_postgres(filled, postgres_url)
    store = PostgresStore(postgres_url)
    assert await store.count_by_state() == {State.QUEUED: 1}
    await store.close()


async def test_a_source_that_a_server_has_open_is_not_copied(
    filled: Path, postgres_url: str, tmp_path: Path
) -> None:
    server = SqliteStore(filled)
    with pytest.raises(SettingsError, match="stop every server"):
        copy_to_postgres(filled, postgres_url)
    await server.close()
    copy_to_postgres(filled, postgres_url)
    other = PostgresStore(postgres_url)
    await other.count_by_state()
    with pytest.raises(SettingsError, match="stop every server"):
        copy_to_sqlite(postgres_url, tmp_path / "back.db")
    await other.close()


def test_the_list_of_tables_is_that_of_both_schemas(tmp_path: Path, postgres_url: str) -> None:
    computed = {"generation": {"folded_prompt", "makes", "held", "offered_to", "offered_until"}}
    with closing(open_writer(tmp_path / "new.db")) as db:
        query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = {row[0] for row in db.execute(query)} - {"tally", "node"}
        assert names == set(TABLES)
        for name, columns in TABLES.items():
            assert {row[1] for row in db.execute(f"PRAGMA table_info({name})")} == set(columns)
    with psycopg.connect(postgres_url) as raw:
        there: dict[str, set[str]] = {}
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        for table, column in raw.execute(query):
            there.setdefault(table, set()).add(column)
    del there["tally"], there["node"], there["rushes_migration"]
    assert there == {name: {*columns, *computed.get(name, ())} for name, columns in TABLES.items()}


async def test_a_copy_that_differs_is_undone(filled: Path, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        raw.execute(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN new.name := 'other'; RETURN new; END $$;"
            " CREATE TRIGGER spoil BEFORE INSERT ON key FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
        with pytest.raises(SettingsError, match="table key differs"):
            copy_to_postgres(filled, postgres_url)
        assert raw.execute("SELECT count(*) FROM account").fetchone() == (0,)
        raw.execute("DROP FUNCTION spoil CASCADE")
    with closing(sqlite3.connect(filled)) as db:
        assert db.execute("SELECT count(*) FROM generation").fetchone() == (6,)


async def test_a_dump_restores_everything(
    filled: Path, postgres_url: str, databases: Databases, tmp_path: Path
) -> None:
    copy_to_postgres(filled, postgres_url)
    before = PostgresStore(postgres_url)
    expected = await reading(before)
    await before.close()
    dump, empty = tmp_path / "rushes.dump", databases.empty()
    for command in (
        ("pg_dump", "--format=custom", f"--file={dump}", postgres_url),
        ("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={empty}", dump),
    ):
        program, *arguments = command
        await asyncio.to_thread(subprocess.run, [programs() / program, *arguments], check=True)
    restored = PostgresStore(empty)
    assert await reading(restored) == expected
    await restored.close()
