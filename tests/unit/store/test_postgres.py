"""What PostgreSQL adds to the store's promises: other processes, lost connections, migrations."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests.cutting_proxy import CuttingProxy
from tests.postgres import Databases, PostgresServer

from rushes.core import lifecycle
from rushes.core.errors import Conflict, SettingsError, StoreError, TooManyInFlight
from rushes.core.generation import AccountId, Announce, Generation, GenerationId, State
from rushes.core.keys import InFlightLimit
from rushes.core.ledger import Entry, EntryKind
from rushes.core.pricing import Quote
from rushes.kit import clock as clock_module
from rushes.kit.clock import SharedClock
from rushes.store.base import IdempotencyClaim, Lease, RemoteChange
from rushes.store.postgres import PostgresStore
from rushes.store.postgres.connections import Connections
from rushes.store.postgres.schema import Migration, migrate, migrations, schema_status

MakeGeneration = Callable[..., Generation]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(postgres_url)
    yield store
    await store.close()


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[PostgresStore]:
    """Another process's store of the same database."""
    store = PostgresStore(postgres_url)
    yield store
    await store.close()


@pytest.fixture
def proxy(databases: Databases) -> Iterator[CuttingProxy]:
    with CuttingProxy(databases.server.socket) as proxy:
        yield proxy


@pytest.fixture
async def cut_store(postgres_url: str, proxy: CuttingProxy) -> AsyncIterator[PostgresStore]:
    """A store whose connections a proxy can cut."""
    database = psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"]
    store = PostgresStore(f"postgresql://postgres@127.0.0.1:{proxy.port}/{database}")
    yield store
    await store.close()


async def submit(store: PostgresStore, *generations: Generation, **rest: Any) -> None:
    await asyncio.gather(*(store.write(lifecycle.submit(one), **rest) for one in generations))


def once(key: str = "k") -> IdempotencyClaim:
    return IdempotencyClaim(key=key, fingerprint="f", until=LATER)


def outcomes(done: list[Any], kind: type) -> int:
    return sum(isinstance(one, kind) for one in done)


class TestOtherProcesses:
    async def test_they_hear_of_a_change_soon(
        self, store: PostgresStore, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        received: asyncio.Queue[RemoteChange] = asyncio.Queue()
        own: list[RemoteChange] = []
        other.listen_elsewhere(received.put_nowait)
        store.listen_elsewhere(own.append)
        async with asyncio.timeout(30):
            while received.empty():  # until the other one listens
                name = f"g{await store.count_by_state()}"
                await store.write(lifecycle.submit(make_generation(name)))
        change = await received.get()
        assert (change.state, change.event) == (State.QUEUED, "generation.queued")
        assert own == []

    async def test_a_listener_that_left_hears_nothing(
        self, store: PostgresStore, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        received: asyncio.Queue[RemoteChange] = asyncio.Queue()
        left: list[RemoteChange] = []
        leave = other.listen_elsewhere(left.append)
        other.listen_elsewhere(received.put_nowait)
        leave()
        async with asyncio.timeout(30):
            while received.empty():
                name = f"g{await store.count_by_state()}"
                await store.write(lifecycle.submit(make_generation(name)))
        assert left == []

    async def test_behind_a_pooler_it_says_that_it_polls(
        self, store: PostgresStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        store._connections.is_pooled = True
        store.listen_elsewhere(lambda change: None)
        await store.close()  # ends the thread that says it
        assert "store.listen_url is not set" in caplog.text

    async def test_a_direct_address_beside_a_pooler_is_listened_on(self, postgres_url: str) -> None:
        connections = Connections(postgres_url, listen_url=postgres_url)
        connections.is_pooled = True
        assert connections.can_listen

    async def test_workers_that_claim_at_once_do_not_collide(
        self, postgres_url: str, make_generation: MakeGeneration
    ) -> None:
        stores = [PostgresStore(postgres_url, connections=1) for _ in range(4)]
        await submit(stores[0], *(make_generation(f"g{n}") for n in range(40)))
        claimed: list[str] = []
        conflicts: list[str] = []

        async def work(store: PostgresStore) -> None:
            while one := await store.next_available(now=NOW, models=["ray-2"]):
                claim = lifecycle.claim(one, engine="e", now=NOW)
                try:
                    await store.write(claim, lease=Lease(worker="w", until=LATER))
                    claimed.append(one.id)
                except Conflict:
                    conflicts.append(one.id)

        await asyncio.gather(*(work(store) for store in stores))
        assert sorted(claimed) == sorted(f"g{n}" for n in range(40))
        assert len(conflicts) < 8  # an offer ends after a second, which a busy machine may take
        for store in stores:
            await store.close()

    async def test_what_a_closed_store_was_offered_another_one_gets_at_once(
        self, postgres_url: str, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        closing = PostgresStore(postgres_url, connections=1)
        await submit(closing, make_generation("g1"))
        assert await closing.next_available(now=NOW, models=["ray-2"]) is not None
        assert await other.next_available(now=NOW, models=["ray-2"]) is None
        await closing.close()
        assert await other.next_available(now=NOW, models=["ray-2"]) is not None

    async def test_what_one_worker_passes_over_another_one_gets_at_once(
        self, store: PostgresStore, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("g1"))
        (mine,) = [await store.next_available(now=NOW, models=["ray-2"])]
        assert mine is not None
        assert await other.next_available(now=NOW, models=["ray-2"]) is None
        assert await store.next_available(now=NOW, models=["ray-2"], skip=[mine.id]) is None
        assert await other.next_available(now=NOW, models=["ray-2"]) == mine

    async def test_one_idempotency_key_makes_one_generation(
        self, store: PostgresStore, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        made = await asyncio.gather(
            *(
                one.write(lifecycle.submit(make_generation(f"g{n}")), once=once())
                for n, one in enumerate([store, other] * 4)
            )
        )
        assert len({one.id for one in made}) == 1
        assert await store.count_by_state() == {State.QUEUED: 1}

    async def test_a_key_stays_below_its_limit(
        self, store: PostgresStore, other: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        limit = InFlightLimit(key_id="k1", most=3)
        done = await asyncio.gather(
            *(
                one.write(
                    lifecycle.submit(make_generation(f"g{n}", key_id="k1")), in_flight_limit=limit
                )
                for n, one in enumerate([store, other] * 4)
            ),
            return_exceptions=True,
        )
        assert outcomes(done, Generation) == 3
        assert outcomes(done, TooManyInFlight) == 5

    async def test_the_tally_survives_being_folded(
        self, store: PostgresStore, make_generation: MakeGeneration
    ) -> None:
        await submit(store, *(make_generation(f"g{n}") for n in range(5)))
        for _ in range(300):  # more groups than it takes
            with pytest.raises(Conflict):
                await submit(store, make_generation("g0"))
        await submit(store, make_generation("last"))
        assert await store.count_by_state() == {State.QUEUED: 6}


class TestClock:
    async def test_the_server_s_clock_counts_and_not_this_machine_s(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class OneMinuteAhead(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.now(tz) + timedelta(minutes=1)

        monkeypatch.setattr(clock_module, "datetime", OneMinuteAhead)
        clock = SharedClock()
        assert clock.now() - datetime.now(UTC) > timedelta(seconds=50)
        store = PostgresStore(postgres_url, clock=clock)
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=10)
        await store.close()


class TestLostConnections:
    @pytest.mark.parametrize("cut", ["before the commit", "after the commit"])
    async def test_a_write_whose_commit_is_not_answered_is_made_once(
        self, cut: str, cut_store: PostgresStore, proxy: CuttingProxy,
        make_generation: MakeGeneration,
    ) -> None:  # fmt: skip
        quote = Quote(held=5, rates={"a": 1}, amount_milli=5000)
        account = AccountId("acc")
        grant = Entry(
            account_id=account, kind=EntryKind.GRANT, reference="x", balance=9, held=0, at=NOW
        )
        await cut_store.ledger.grant(grant)
        proxy.cut_next(b"COMMIT", is_sent=cut == "after the commit")
        generation = make_generation(quote=quote, announce=Announce(url="https://a.example"))
        assert await cut_store.write(lifecycle.submit(generation), once=once()) == generation
        assert proxy.cuts == 1
        assert len(await cut_store.events(generation.id)) == 1
        assert (await cut_store.ledger.funds(account)).balance == 4

    @pytest.mark.parametrize("is_sent", [False, True])
    async def test_so_is_every_other_write(
        self, is_sent: bool, cut_store: PostgresStore, proxy: CuttingProxy
    ) -> None:
        grant = Entry(
            account_id=AccountId("a"),
            kind=EntryKind.GRANT,
            reference="x",
            balance=9,
            held=0,
            at=NOW,
        )
        proxy.cut_next(b"COMMIT", is_sent=is_sent)
        assert (await cut_store.ledger.grant(grant)).balance == 9
        assert proxy.cuts == 1
        assert (await cut_store.ledger.funds(AccountId("a"))).balance == 9

    @pytest.mark.parametrize("is_sent", [False, True])
    async def test_a_claim_whose_commit_is_not_answered_is_no_conflict(
        self,
        is_sent: bool,
        cut_store: PostgresStore,
        proxy: CuttingProxy,
        make_generation: MakeGeneration,
    ) -> None:
        await submit(cut_store, make_generation())
        claim = lifecycle.claim(make_generation(), engine="e", now=NOW)
        proxy.cut_next(b"COMMIT", is_sent=is_sent)
        assert await cut_store.write(claim, lease=Lease(worker="w", until=LATER)) == claim.after
        assert proxy.cuts == 1
        assert len(await cut_store.events(claim.after.id)) == 2

    async def test_a_change_from_an_old_version_is_a_conflict_even_then(
        self, cut_store: PostgresStore, proxy: CuttingProxy, make_generation: MakeGeneration
    ) -> None:
        await submit(cut_store, make_generation())
        await cut_store.write(lifecycle.cancel(make_generation(), now=NOW))
        proxy.cut_next(b"COMMIT", is_sent=True)
        with pytest.raises(Conflict):
            await cut_store.write(lifecycle.cancel(make_generation(), now=NOW))

    async def test_reads_and_writes_go_on_when_every_connection_is_ended(
        self, store: PostgresStore, postgres_url: str, make_generation: MakeGeneration
    ) -> None:
        await submit(store, make_generation("before"))
        with psycopg.connect(postgres_url, autocommit=True) as raw:
            ended = raw.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'rushes'"
            ).fetchall()
        assert ended
        await submit(store, make_generation("after"))
        assert (await store.get(GenerationId("before"))).id == "before"
        assert await store.count_by_state() == {State.QUEUED: 2}

    async def test_a_server_that_stays_away_is_an_error_and_its_return_ends_it(
        self, make_generation: MakeGeneration
    ) -> None:
        server = PostgresServer.create()
        try:
            store = PostgresStore(server.url())
            store._connections._patience_s = 0.2
            await submit(store, make_generation("before"))
            server.stop()
            with pytest.raises(StoreError):
                await submit(store, make_generation("between"))
            with pytest.raises(StoreError):
                await store.get(GenerationId("before"))
            server.start()
            store._connections._patience_s = 30
            await submit(store, make_generation("after"))
            assert await store.count_by_state() == {State.QUEUED: 2}
            await store.close()
        finally:
            server.remove()

    async def test_a_restart_of_the_server_in_the_middle_of_writes_loses_none(
        self, make_generation: MakeGeneration
    ) -> None:
        server = PostgresServer.create()
        try:
            store = PostgresStore(server.url())
            store._connections._patience_s = 60
            acknowledged: list[str] = []
            begun = asyncio.Event()

            async def write_on(name: str) -> None:
                for n in range(20):
                    await submit(store, make_generation(f"{name}{n}"))
                    acknowledged.append(f"{name}{n}")
                    begun.set()

            writing = [asyncio.create_task(write_on(name)) for name in "abcd"]
            await begun.wait()
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            await asyncio.gather(*writing)
            assert await store.count_by_state() == {State.QUEUED: 80}
            assert len(acknowledged) == 80
            await store.close()
        finally:
            server.remove()


class TestLimitsOfTheServer:
    async def test_a_statement_that_takes_too_long_is_an_error_and_the_next_one_is_not(
        self, postgres_url: str, make_generation: MakeGeneration
    ) -> None:
        store = PostgresStore(f"{postgres_url}&options=-c%20statement_timeout%3D200")
        await submit(store, make_generation())
        claim = lifecycle.claim(make_generation(), engine="e", now=NOW)
        with psycopg.connect(postgres_url) as blocker:
            blocker.execute("SELECT 1 FROM generation FOR UPDATE")
            with pytest.raises(StoreError, match="timeout"):
                await store.write(claim)
        assert await store.write(claim) == claim.after
        await store.close()

    async def test_more_callers_than_connections_wait_for_each_other(
        self, postgres_url: str, make_generation: MakeGeneration
    ) -> None:
        store = PostgresStore(postgres_url, connections=1)
        await submit(store, make_generation())
        found = await asyncio.gather(*(store.get(GenerationId("g1")) for _ in range(50)))
        assert len(found) == 50
        await store.close()

    async def test_a_caller_that_leaves_does_not_break_its_connection(
        self, postgres_url: str, make_generation: MakeGeneration
    ) -> None:
        store = PostgresStore(postgres_url, connections=1)
        await submit(store, make_generation())
        tasks = [asyncio.create_task(store.get(GenerationId("g1"))) for _ in range(20)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (await store.get(GenerationId("g1"))).id == "g1"
        await store.close()

    async def test_a_server_without_a_free_connection_is_an_error_in_the_end(
        self, postgres_url: str, databases: Databases, make_generation: MakeGeneration
    ) -> None:
        name = psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"]
        databases.execute(f"CREATE ROLE {name}_few LOGIN CONNECTION LIMIT 0")
        connections = Connections(postgres_url.replace("postgres@", f"{name}_few@"), patience_s=0.1)
        with pytest.raises(StoreError, match="connection"):
            connections.read(lambda db: db.execute("SELECT 1"), give_up_at=connections.give_up_at())


class TestMigrations:
    def test_several_nodes_may_migrate_at_once(self, databases: Databases) -> None:
        url = databases.empty()
        with ExitStack() as stack:
            raws = [stack.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(4)]
            threads = [threading.Thread(target=migrate, args=(raw,)) for raw in raws]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            known = len(migrations())
            status = schema_status(raws[0])
            assert (status.applied, status.known) == (known, known)

    async def test_the_last_release_works_on_the_tables_of_the_next_one(
        self, databases: Databases, make_generation: MakeGeneration
    ) -> None:
        url = databases.empty()
        more = Migration(
            number=len(migrations()) + 1, name="next", oldest=1,
            script="ALTER TABLE generation ADD COLUMN mood text; CREATE TABLE moods (name text);",
        )  # fmt: skip
        with psycopg.connect(url, autocommit=True) as raw:
            migrate(raw, (*migrations(), more))
        store = PostgresStore(url)
        await submit(store, make_generation())
        assert (await store.get(GenerationId("g1"))).id == "g1"
        await store.close()

    def test_tables_that_this_release_cannot_use_are_refused(self, databases: Databases) -> None:
        url = databases.empty()
        known = migrations()
        more = Migration(number=len(known) + 1, name="next", oldest=len(known) + 1, script="")
        with psycopg.connect(url, autocommit=True) as raw:
            migrate(raw, (*known, replace(more, script="SELECT 1")))
        with pytest.raises(SettingsError, match="update rushes"):
            PostgresStore(url)

    def test_a_migration_that_fails_leaves_nothing(self, databases: Databases) -> None:
        url = databases.empty()
        broken = Migration(
            number=1, name="broken", oldest=1, script="CREATE TABLE one (); SELECT 1/0"
        )
        with psycopg.connect(url, autocommit=True) as raw:
            with pytest.raises(psycopg.errors.DivisionByZero):
                migrate(raw, (broken,))
            assert schema_status(raw).applied == 0
            assert raw.execute("SELECT to_regclass('one')").fetchone() == (None,)

    def test_tables_of_another_program_are_left_alone(self, databases: Databases) -> None:
        url = databases.empty()
        with closing(psycopg.connect(url, autocommit=True)) as raw:
            raw.execute("CREATE TABLE delivery (id integer)")
        with pytest.raises(SettingsError, match="another program"):
            PostgresStore(url)

    def test_an_address_that_leads_nowhere_is_an_error_without_the_password(self) -> None:
        with pytest.raises(SettingsError) as caught:
            PostgresStore("postgresql://me:hush@127.0.0.1:1/db")
        assert "hush" not in str(caught.value)
        assert "store.url" in str(caught.value)

    def test_a_user_who_may_not_create_tables_is_told_what_to_do(
        self, databases: Databases
    ) -> None:
        url = databases.empty()
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        databases.execute(f"CREATE ROLE {name}_guest LOGIN")
        with pytest.raises(SettingsError, match="rushes db migrate"):
            PostgresStore(url.replace("postgres@", f"{name}_guest@"))
