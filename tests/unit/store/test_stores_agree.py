"""Whatever is done to them, in whatever order, all stores give the same answers."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.postgres import Databases
from tests.sqlite import with_tables
from typing_extensions import override

from rushes.core import lifecycle, transitions
from rushes.core.errors import IllegalTransition, RequestError
from rushes.core.generation import AccountId, Announce, Failure, Generation, GenerationId, State
from rushes.core.lifecycle import Change
from rushes.core.spec import GenerationSpec
from rushes.store.base import GenerationFilter, IdempotencyClaim, Lease
from rushes.store.database import Database
from rushes.store.memory import MemoryStore
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState, Try, Webhook
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = [f"g{n}" for n in range(8)]
SOME_S = st.integers(0, 40)
WORKERS = st.sampled_from(["w1", "w2"])
URLS = ["https://a.example", "b"]
HOOKS = st.none() | st.sampled_from([Announce(url=url) for url in URLS])
ONCES = st.none() | st.tuples(st.sampled_from("kl"), st.sampled_from("fg"), SOME_S)
Step = Callable[[Any], Awaitable[object]]


async def _told_of(store: Database, one: GenerationId) -> object:
    return (
        await store.events(one),
        await store.deliveries(one),
        await store.count_ahead(one),
    )


class StoresAgree(RuleBasedStateMachine):
    """Does the same to both, from versions new and old, and compares all that can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.memory = MemoryStore()
        self.real = self.open()
        self.now = START
        self.seen: list[Generation] = []
        self.taken: list[Delivery] = []
        self.received: tuple[list[Change], list[Change]] = ([], [])

    def open(self) -> Database:
        """Open the store that is compared with the one in memory; a second time, the same data."""
        raise NotImplementedError

    def discard_data(self) -> None:
        """Remove its data."""
        raise NotImplementedError

    @initialize()
    def listen(self) -> None:
        self.memory.listen(self.received[0].append)
        self.real.listen(self.received[1].append)

    def both(self, step: Step) -> object:
        """Return what both stores answered, or the error that both raised."""

        async def answer(store: Database) -> object:
            try:
                return await step(store)
            except RequestError as error:
                return type(error)

        expected = self.runner.run(answer(self.memory))
        assert self.runner.run(answer(self.real)) == expected
        return expected

    def write(self, change: Change, **rest: Any) -> None:
        written = self.both(lambda store: store.write(change, **rest))
        if isinstance(written, Generation):
            self.seen.append(written)

    def some_lease(self, worker: str, length_s: int) -> Lease:
        return Lease(worker=worker, until=self.now + timedelta(seconds=length_s))

    @rule(seconds=SOME_S)
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        name=st.sampled_from(NAMES),
        account=st.sampled_from("ab"),
        model=st.sampled_from(["ray-2", "ray-3"]),
        delay_s=SOME_S,
        announce=HOOKS,
        once=ONCES,
    )
    def submit(
        self,
        *,
        name: str,
        account: str,
        model: str,
        delay_s: int,
        announce: Announce | None,
        once: tuple[str, str, int] | None,
    ) -> None:
        generation = Generation(
            id=GenerationId(name),
            account_id=AccountId(account),
            spec=GenerationSpec(model=model, prompt="p"),
            dialect="d",
            origin="http://h",
            created_at=self.now,
            updated_at=self.now,
            available_at=self.now + timedelta(seconds=delay_s),
            announce=announce,
        )
        promise = once and IdempotencyClaim(
            key=once[0], fingerprint=once[1], until=self.now + timedelta(seconds=once[2])
        )
        self.write(lifecycle.submit(generation), once=promise)

    @rule(data=st.data(), worker=WORKERS, length_s=SOME_S)
    def change(self, data: st.DataObject, worker: str, length_s: int) -> None:
        if not self.seen:
            return
        generation = data.draw(st.sampled_from(self.seen[-12:]))
        now = self.now
        moves: dict[str, Callable[[], Change]] = {
            "claim": lambda: lifecycle.claim(generation, engine=worker, now=now),
            "complete": lambda: lifecycle.complete(generation, (), now=now),
            "retry": lambda: lifecycle.retry(generation, pause_s=length_s, now=now),
            "release": lambda: lifecycle.release(generation, now=now),
            "fail": lambda: lifecycle.fail(generation, Failure(code="x", message="y"), now=now),
            "cancel": lambda: lifecycle.cancel(generation, now=now),
        }
        try:
            change = moves[data.draw(st.sampled_from(sorted(moves)))]()
        except IllegalTransition:
            return
        is_held = change.after.state is State.RUNNING and data.draw(st.booleans())
        self.write(change, lease=self.some_lease(worker, length_s) if is_held else None)

    @rule(
        data=st.data(),
        worker=WORKERS,
        length_s=SOME_S,
        progress=st.floats(0, 1),
        phase=st.sampled_from([None, "denoise"]),
    )
    def renew(
        self, data: st.DataObject, worker: str, length_s: int, progress: float, phase: str | None
    ) -> None:
        if self.seen:
            generation = data.draw(st.sampled_from(self.seen[-12:]))
            lease = self.some_lease(worker, length_s)
            self.both(
                lambda store: store.renew(generation, lease=lease, progress=progress, phase=phase)
            )

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.seen:
            generation = data.draw(st.sampled_from(self.seen[-12:]))
            self.both(lambda store: store.remove(generation))

    @rule(limit=st.integers(1, 3), length_s=SOME_S, holder=WORKERS)
    def claim_deliveries(self, limit: int, length_s: int, holder: str) -> None:
        now, until = self.now, self.now + timedelta(seconds=length_s)
        taken = self.both(
            lambda store: store.claim_deliveries(now=now, until=until, limit=limit, holder=holder)
        )
        assert isinstance(taken, tuple)
        self.taken += taken

    @rule(data=st.data(), holder=WORKERS, length_s=SOME_S, lets_go=st.booleans())
    def keep_or_let_go(
        self, data: st.DataObject, holder: str, length_s: int, lets_go: bool
    ) -> None:
        if not self.taken:
            return
        names = [one.id for one in data.draw(st.lists(st.sampled_from(self.taken), max_size=3))]
        to = self.now + timedelta(seconds=length_s)
        if lets_go:
            moment = data.draw(st.sampled_from([to, None]))
            self.both(lambda store: store.release_deliveries(names, to=moment, holder=holder))
        else:
            self.both(lambda store: store.renew_deliveries(names, until=to, holder=holder))

    @rule(
        data=st.data(),
        state=st.sampled_from(sorted(set(DeliveryState) - {DeliveryState.HELD})),
        pause_s=SOME_S,
        holder=st.none() | WORKERS,
    )
    def settle(
        self, data: st.DataObject, state: DeliveryState, pause_s: int, holder: str | None
    ) -> None:
        if self.taken:
            name = data.draw(st.sampled_from(self.taken)).id
            tried = Try(at=self.now, status=500, error="no")
            next_at = self.now + timedelta(seconds=pause_s)
            self.both(
                lambda store: store.settle_delivery(
                    name, tried, state=state, next_at=next_at, holder=holder
                )
            )

    @rule(data=st.data())
    def redeliver(self, data: st.DataObject) -> None:
        if self.taken:
            name, now = data.draw(st.sampled_from(self.taken)).id, self.now
            self.both(lambda store: store.redeliver(name, now=now))

    @rule(
        name=st.sampled_from(["wh_1", "wh_2", "wh_3"]),
        account=st.sampled_from("ab"),
        url=st.sampled_from(URLS),
        events=st.frozensets(st.sampled_from(sorted(transitions.ANNOUNCED))),
    )
    def add_webhook(self, name: str, account: str, url: str, events: frozenset[str]) -> None:
        webhook = Webhook(
            id=name,
            account_id=AccountId(account),
            url=url,
            created_at=self.now,
            wording="d:x",
            events=events,
            secrets=("s1", "s2"),
        )
        self.both(lambda store: store.add_webhook(webhook))

    @rule(data=st.data(), disables=st.booleans(), is_stale=st.booleans())
    def change_webhook(self, data: st.DataObject, disables: bool, is_stale: bool) -> None:
        now, every = self.now, self.runner.run(self.memory.webhooks())
        if every:
            before = data.draw(st.sampled_from(every))
            after = replace(
                before,
                disabled_at=now if disables else None,
                disabled_why="it asked for that" if disables else None,
            )
            if is_stale:
                before = replace(before, wording="another")
            self.both(lambda store: store.change_webhook(before, after, now=now))

    @rule(data=st.data())
    def remove_webhook(self, data: st.DataObject) -> None:
        now, every = self.now, self.runner.run(self.memory.webhooks())
        if every:
            webhook = data.draw(st.sampled_from(every))
            self.both(lambda store: store.remove_webhook(webhook, now=now))

    @rule(account=st.sampled_from("ab"), url=st.sampled_from(URLS), number=st.integers(0, 10**9))
    def disable_address(self, account: str, url: str, number: int) -> None:
        now = self.now
        self.both(
            lambda store: store.disable_address(
                AccountId(account), url, webhook_id=f"wh_n{number}", why="gone", now=now
            )
        )

    @rule(
        account=st.none() | st.sampled_from("ab"),
        name=st.none() | st.sampled_from(NAMES),
        states=st.frozensets(st.sampled_from(DeliveryState), max_size=2),
        webhook=st.none() | st.sampled_from(["wh_1", "wh_2"]),
        url=st.none() | st.sampled_from(URLS),
        cursor=st.none() | st.integers(0, 40).map(lambda seq: f"msg_{seq}"),
        limit=st.integers(0, 5),
    )
    def list_deliveries(
        self,
        *,
        account: str | None,
        name: str | None,
        states: frozenset[DeliveryState],
        webhook: str | None,
        url: str | None,
        cursor: str | None,
        limit: int,
    ) -> None:
        wanted = DeliveryFilter(
            account_id=AccountId(account) if account else None,
            generation_id=GenerationId(name) if name else None,
            states=states,
            webhook_id=webhook,
            url=url,
            before_id=cursor,
            limit=limit,
        )
        self.both(lambda store: store.list_deliveries(wanted))

    @rule()
    def reopen(self) -> None:
        self.runner.run(self.real.close())
        self.real = self.open()
        self.real.listen(self.received[1].append)

    @rule(
        account=st.none() | st.sampled_from("ab"),
        states=st.frozensets(st.sampled_from(State), max_size=2),
        model=st.none() | st.sampled_from(["ray-2", "ray-3"]),
        cursor=st.none() | st.sampled_from(NAMES),
        span_s=st.none() | st.tuples(SOME_S, SOME_S),
        offset=st.integers(0, 3),
        limit=st.integers(0, 5),
    )
    def list_some(
        self,
        *,
        account: str | None,
        states: frozenset[State],
        model: str | None,
        cursor: str | None,
        span_s: tuple[int, int] | None,
        offset: int,
        limit: int,
    ) -> None:
        wanted = GenerationFilter(
            account_id=account and AccountId(account),  # type: ignore[arg-type]  # None or an id
            states=states,
            model=model,
            before_id=cursor and GenerationId(cursor),  # type: ignore[arg-type]  # likewise
            offset=offset,
            limit=limit,
        )
        if span_s:
            first, length = (timedelta(seconds=seconds) for seconds in span_s)
            wanted = replace(
                wanted, created_from=START + first, created_before=START + first + length
            )
        self.both(lambda store: store.list(wanted))

    @invariant()
    def everything_reads_the_same(self) -> None:
        now, ids = self.now, [GenerationId(name) for name in NAMES]
        self.both(lambda store: store.get_many(ids))
        self.both(lambda store: store.list(GenerationFilter()))
        self.both(lambda store: store.next_available(now=now))
        self.both(lambda store: store.next_available(now=now, models=("ray-2",), skip=ids[:1]))
        self.both(lambda store: store.count_open())
        self.both(lambda store: store.next_delivery_at())
        self.both(lambda store: store.webhooks())
        self.both(lambda store: store.webhooks(AccountId("a")))
        self.both(lambda store: store.count_by_state())
        for one in ids:
            self.both(partial(_told_of, one=one))
        assert self.received[0] == self.received[1]

    @override
    def teardown(self) -> None:
        self.runner.run(self.real.close())
        self.runner.close()
        self.discard_data()


class SqliteAgrees(StoresAgree):
    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        with_tables(Path(self.folder.name) / "rushes.db")
        super().__init__()

    @override
    def open(self) -> Database:
        return SqliteStore(Path(self.folder.name) / "rushes.db")

    @override
    def discard_data(self) -> None:
        self.folder.cleanup()


class PostgresAgrees(StoresAgree):
    databases: Databases

    def __init__(self) -> None:
        self.url = self.databases.restarted()
        super().__init__()

    @override
    def open(self) -> Database:
        return PostgresStore(self.url)

    @override
    def discard_data(self) -> None:
        self.databases.take_back(self.url)


SETTINGS = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,  # it writes to a disk that others use too
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.slow
def test_sqlite_gives_the_same_answers_as_memory() -> None:
    run_state_machine_as_test(SqliteAgrees, settings=SETTINGS)


@pytest.mark.slow
def test_postgres_gives_the_same_answers_as_memory(databases: Databases) -> None:
    PostgresAgrees.databases = databases
    run_state_machine_as_test(PostgresAgrees, settings=settings(SETTINGS, max_examples=10))
