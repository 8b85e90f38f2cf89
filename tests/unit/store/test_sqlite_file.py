"""The file itself: who may open it, what is in it, and how it is searched."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rushes.core import lifecycle
from rushes.core.errors import SettingsError, StoreError
from rushes.core.generation import AccountId, Announce, Generation, GenerationId, State
from rushes.core.keys import Key
from rushes.kit.clock import FrozenClock
from rushes.store.base import GenerationFilter, IdempotencyClaim, Lease
from rushes.store.outbox import DeliveryFilter, DeliveryState, Try
from rushes.store.sql import deliveries, keys
from rushes.store.sql.rows import body, moment, when
from rushes.store.sqlite import SqliteStore, queries
from rushes.store.sqlite.schema import migrations, open_writer

MakeGeneration = Callable[..., Generation]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rushes.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    await store.close()


def meddle(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


class TestOpening:
    async def test_a_new_file_is_its_owners_alone(self, path: Path, store: SqliteStore) -> None:
        for file in path.parent.glob("rushes.db*"):
            assert file.stat().st_mode & 0o077 == 0, file.name

    async def test_reopening_gives_everything_back(
        self, path: Path, make_generation: MakeGeneration
    ) -> None:
        hook = Announce(url="https://example.com/hook")
        once = IdempotencyClaim(key="k", fingerprint="f", until=LATER)
        key = Key(id="k", account_id=AccountId("a"), name="n", digest="d", hint="h", created_at=NOW)
        tried = Try(at=NOW, status=None, error="nobody is there", took_s=1.5)
        first = SqliteStore(path)
        queued = await first.write(lifecycle.submit(make_generation(announce=hook)), once=once)
        claimed = await first.write(
            lifecycle.claim(queued, engine="scripted", now=NOW),
            lease=Lease(worker="w", until=NOW + timedelta(seconds=30)),
        )
        await first.renew(claimed, lease=Lease(worker="w", until=LATER), progress=0.5)
        (taken,) = await first.claim_deliveries(now=NOW, until=LATER, limit=9)
        await first.settle_delivery(taken.id, tried, state=DeliveryState.PENDING, next_at=LATER)
        await first.add_key(key)
        events = await first.events(queued.id)
        await first.close()

        second = SqliteStore(path)
        now = replace(claimed, progress=0.5)
        assert await second.get(queued.id) == now
        assert await second.write(lifecycle.submit(make_generation("g2")), once=once) == now
        assert await second.next_available(now=LATER - timedelta(seconds=1)) is None
        assert await second.next_available(now=LATER) == now
        assert await second.events(queued.id) == events
        assert await second.deliveries(queued.id) == (
            replace(taken, tries=(tried,), next_at=LATER),
        )
        assert await second.keys() == (key,)
        assert await second.count_by_state() == {State.RUNNING: 1}
        await second.close()

    async def test_a_commit_is_synced_and_readers_do_not_wait(self, path: Path) -> None:
        with closing(open_writer(path)) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert db.execute("PRAGMA synchronous").fetchone() == (2,), "2 is FULL"

    def test_many_may_open_a_new_file_at_once(self, path: Path) -> None:
        def open_and_close(_: int) -> int:
            with closing(open_writer(path)) as db:
                return int(db.execute("PRAGMA user_version").fetchone()[0])

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(open_and_close, range(16))) == {len(migrations())}

    async def test_deliveries_of_an_older_file_are_still_owed(
        self, path: Path, make_generation: MakeGeneration
    ) -> None:
        hook = Announce(url="https://example.com/hook", format="plain")
        path.parent.mkdir()
        before = next(
            n for n, script in enumerate(migrations()) if "CREATE TABLE webhook" in script
        )
        with closing(sqlite3.connect(path)) as db, db:
            for script in migrations()[:before]:
                db.executescript(script)
            db.execute(f"PRAGMA user_version = {before}")
            db.execute(f"PRAGMA application_id = {0x52555348}")
            text = body(make_generation(announce=hook))
            db.execute(
                "INSERT INTO generation (id, account_id, model, state, version, created_at,"
                " progress, body) VALUES ('g1', 'acc', 'ray-2', 'queued', 1, 0, 0.0, ?)",
                (text,),
            )
            for seq, state in ((3, "delivered"), (5, "pending")):
                db.execute(
                    "INSERT INTO event VALUES (?, 1, 'generation.running', 0, ?)", (seq, text)
                )
                db.execute(
                    "INSERT INTO delivery (seq, generation, url, format, state, next_at, free_at)"
                    " VALUES (?, 1, ?, 'plain', ?, 7, 9)",
                    (seq, hook.url, state),
                )

        store = SqliteStore(path)
        done, owed = await store.deliveries(GenerationId("g1"))
        later = await store.claim_deliveries(now=LATER, until=LATER, limit=9)
        await store.close()

        assert [(one.id, one.state) for one in (done, owed)] == [
            ("msg_3", DeliveryState.DELIVERED),
            ("msg_5", DeliveryState.PENDING),
        ]
        assert (owed.url, owed.dialect, owed.format) == (hook.url, "luma_relay", "plain")
        assert (owed.webhook_id, owed.tries, owed.next_at) == (None, (), when(7))
        assert later == (owed,)

    async def test_opening_does_not_wait_for_whoever_writes(
        self, store: SqliteStore, path: Path
    ) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            second = SqliteStore(path)
            assert await second.keys() == ()
            await second.close()
            other.execute("ROLLBACK")

    async def test_a_file_of_a_newer_version_is_refused_and_left_alone(self, path: Path) -> None:
        await SqliteStore(path).close()
        meddle(path, "PRAGMA user_version = 99")
        with pytest.raises(SettingsError, match="newer version of rushes"):
            SqliteStore(path)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (99,)

    def test_another_programs_database_is_refused_and_left_alone(self, path: Path) -> None:
        path.parent.mkdir()
        meddle(path, "CREATE TABLE theirs (x)")
        with pytest.raises(SettingsError, match="another program"):
            SqliteStore(path)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]

    def test_what_is_no_database_is_refused(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"a diary, and quite a long one " * 100)
        with pytest.raises(SettingsError, match="not a database"):
            SqliteStore(path)
        assert path.read_bytes().startswith(b"a diary")

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(SettingsError, match="file/data/rushes"):
            SqliteStore(tmp_path / "file" / "data" / "rushes.db")

    async def test_a_path_may_have_any_characters(self, tmp_path: Path) -> None:
        store = SqliteStore(tmp_path / "a b?c#d%20\u65e5" / "rushes.db")
        assert await store.keys() == ()
        await store.close()


class TestStrangeRows:
    """What a newer version wrote, or somebody by hand, spoils nothing beside it."""

    @pytest.fixture
    async def strange(self, store: SqliteStore, path: Path, make_generation: MakeGeneration) -> str:
        """Return the name of a generation with a state that we lack, between two others."""
        hook = Announce(url="https://example.com/hook")
        for name in ("a", "strange", "b"):
            queued = await store.write(lifecycle.submit(make_generation(name, announce=hook)))
            claimed = lifecycle.claim(queued, engine="scripted", now=NOW)
            await store.write(claimed, lease=Lease(worker="w", until=NOW))
        unread = """ SET body = CAST(
            replace(CAST(body AS TEXT), '"state":"running"', '"state":"dreaming"') AS BLOB
        ) WHERE """
        meddle(path, "UPDATE generation" + unread + "id = 'strange'")
        meddle(path, "UPDATE event" + unread + "generation = 2")
        meddle(path, "UPDATE generation SET state = 'dreaming' WHERE id = 'strange'")
        return "strange"

    async def test_it_cannot_be_read_itself(self, store: SqliteStore, strange: str) -> None:
        with pytest.raises(StoreError, match="newer version"):
            await store.get(GenerationId(strange))

    async def test_others_are_listed_in_full_pages(self, store: SqliteStore, strange: str) -> None:
        assert [one.id for one in await store.list(GenerationFilter(limit=2))] == ["b", "a"]
        requested = [GenerationId(name) for name in ("a", strange, "b")]
        assert [one.id for one in await store.get_many(requested)] == ["a", "b"]

    async def test_others_are_offered_counted_and_told(
        self, store: SqliteStore, strange: str, path: Path
    ) -> None:
        meddle(path, "UPDATE generation SET waits_from = 0 WHERE id = 'strange'")
        found = await store.next_available(now=LATER)
        assert found is not None
        assert found.id == "a"
        assert await store.count_by_state() == {State.RUNNING: 2}
        taken = await store.claim_deliveries(now=NOW, until=LATER, limit=9)
        assert [one.event.generation.id for one in taken] == ["a", "b"]
        assert await store.next_delivery_at() == LATER, "what cannot be told does not spin"
        kinds = [event.type for event in await store.events(GenerationId(strange))]
        assert kinds == ["generation.queued"]

    async def test_a_field_that_we_lack_is_passed_over(
        self, store: SqliteStore, make_generation: MakeGeneration, path: Path
    ) -> None:
        await store.write(lifecycle.submit(make_generation()))
        meddle(
            path,
            "UPDATE generation SET body ="
            " CAST(json_set(CAST(body AS TEXT), '$.mood', 'blue') AS BLOB)",
        )
        assert await store.get(GenerationId("g1")) == make_generation()


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "binds"),
        [
            (queries.GENERATION, 1),
            (queries.WAITING, 2),
            (queries.BEGUN, 2),
            (queries.EVENTS, 1),
            (deliveries.DELIVERIES, 1),
            (deliveries.DELIVERY, 1),
            (deliveries.NEXT_DELIVERY, 0),
            (deliveries.WEBHOOKS_OF, 1),
            (deliveries.WEBHOOK_AT, 2),
            (queries.AHEAD, 1),
            (keys.KEY_BY_DIGEST, 2),
            (keys.IN_FLIGHT, 1),
            *(
                (query, len(values))
                for query, values in (
                    queries.listing(GenerationFilter()),
                    queries.listing(GenerationFilter(account_id=AccountId("a"))),
                    queries.listing(
                        GenerationFilter(
                            account_id=AccountId("a"),
                            states=frozenset(State),
                            model="m",
                            created_from=NOW,
                            before_id=GenerationId("g"),
                        )
                    ),
                    deliveries.delivery_listing(
                        DeliveryFilter(
                            account_id=AccountId("a"),
                            states=frozenset(DeliveryState),
                            webhook_id="wh_1",
                            before_id="msg_1",
                        )
                    ),
                    deliveries.delivery_listing(
                        DeliveryFilter(account_id=AccountId("a"), generation_id=GenerationId("g"))
                    ),
                )
            ),
        ],
    )
    def test_hot_queries_follow_an_index_and_sort_nothing(
        self, path: Path, query: str, binds: int
    ) -> None:
        with closing(open_writer(path)) as db:
            plan = db.execute(f"EXPLAIN QUERY PLAN {query}", ("1",) * binds).fetchall()
        steps = [step[-1] for step in plan]
        assert not [step for step in steps if "TEMP B-TREE" in step], steps
        tables = ("generation", "event", "delivery", "webhook", "key")
        assert not [table for table in tables if f"SCAN {table}" in steps], steps


class TestOnceKeys:
    async def test_those_that_ended_are_removed_in_time(
        self, store: SqliteStore, path: Path, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        for name in "abc":
            once = IdempotencyClaim(
                key=name, fingerprint="f", until=clock.now() + timedelta(hours=1)
            )
            await store.write(lifecycle.submit(make_generation(name)), once=once)
            clock.advance(seconds=45 * 60)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT key FROM once ORDER BY key").fetchall() == [("b",), ("c",)]


def test_moments_are_kept_to_the_microsecond() -> None:
    exact = datetime(2026, 7, 8, 9, 10, 11, 123_457, tzinfo=UTC)
    assert when(moment(exact)) == exact
    assert moment(exact + timedelta(microseconds=1)) == moment(exact) + 1
