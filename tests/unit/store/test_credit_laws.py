"""Whatever callers, workers and crashes do, in whatever order, no credit is lost or made."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

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

from rushes.core import lifecycle
from rushes.core.errors import (
    Conflict,
    IdempotencyMismatch,
    IllegalTransition,
    InsufficientCredits,
)
from rushes.core.generation import AccountId, AttemptState, Failure, Generation, GenerationId, State
from rushes.core.ledger import Entry, EntryKind
from rushes.core.lifecycle import Change
from rushes.core.pricing import Quote
from rushes.core.spec import GenerationSpec
from rushes.store.base import GenerationFilter, IdempotencyClaim, Lease
from rushes.store.database import Database
from rushes.store.ledger import EntryFilter, UsedFilter
from rushes.store.memory import MemoryStore
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

AnyStore = Database
START = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = Lease(worker="w", until=START + timedelta(days=1))
TROUBLE = Failure(code="x", message="y")
ACCOUNTS = st.sampled_from([AccountId("a"), AccountId("b")])
CHANNELS = st.sampled_from(["cheap", "dear", "keeps", "new"])
PLACES = st.integers(0, 9)
"""Where in a list: which of several writers wins differs from run to run, what is drawn must not."""

ONCES = st.none() | st.sampled_from(["k", "l"])
QUOTES = st.none() | st.builds(
    lambda held, share: Quote(
        held=held,
        rates={"cheap": held * share // 100, "dear": held, "keeps": held * share // 100},
        amount_milli=1000,
        kept_when_cancelled=("keeps",),
    ),
    st.integers(1, 60),
    st.integers(0, 100),
)


@dataclass
class Expected:
    """What must be so, reckoned without a ledger."""

    granted: Counter[AccountId] = field(default_factory=Counter[AccountId])
    known: dict[GenerationId, Generation] = field(default_factory=dict[GenerationId, Generation])
    """Each generation that was ever written, as it was last."""

    def spent(self, account: AccountId) -> int:
        return sum(one.charged or 0 for one in self.known.values() if one.account_id == account)

    def held(self, account: AccountId) -> int:
        every = (one for one in self.known.values() if one.account_id == account)
        return sum(one.price for one in every if not one.state.is_final)

    def balance(self, account: AccountId) -> int:
        return self.granted[account] - self.spent(account) - self.held(account)


class Credits(RuleBasedStateMachine):
    """Drives one store, through two doors where several processes may have it open."""

    on_disk = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        with_tables(Path(self.folder.name) / "rushes.db")
        self.runner = asyncio.Runner()
        self.doors: list[AnyStore] = self.opened()
        self.now = START
        self.expected = Expected()
        self.seen: list[Generation] = []
        self.numbers = 0
        self.requested: dict[tuple[AccountId, str], GenerationId] = {}

    def opened(self) -> list[AnyStore]:
        if not self.on_disk:
            return [MemoryStore()] * 2
        file = Path(self.folder.name) / "rushes.db"
        return [SqliteStore(file), SqliteStore(file)]

    def fresh(self, account: AccountId, quote: Quote | None) -> Generation:
        self.numbers += 1
        return Generation(
            id=GenerationId(f"g{self.numbers}"),
            account_id=account,
            spec=GenerationSpec(model="ray-2", prompt="p"),
            dialect="d",
            origin="http://h",
            created_at=self.now,
            updated_at=self.now,
            available_at=self.now,
            quote=quote,
        )

    def recent(self, place: int) -> Generation:
        """Return one of those that were written last."""
        latest = self.seen[-10:]
        return latest[place % len(latest)]

    def landed(self, written: Generation | BaseException) -> bool:
        """Note what a write has come to; an error has changed nothing."""
        if isinstance(written, BaseException):
            allowed = (Conflict, InsufficientCredits, IdempotencyMismatch)
            assert isinstance(written, allowed), written
            return False
        self.expected.known[written.id] = written
        self.seen.append(written)
        return True

    def together(
        self, changes: list[Change], once: IdempotencyClaim | None = None
    ) -> list[Generation]:
        """Write several changes at once, through all doors; return those that were written."""

        async def writing() -> list[Generation | BaseException]:
            doors = [self.doors[n % 2] for n in range(len(changes))]
            return await asyncio.gather(
                *(
                    door.write(
                        change,
                        lease=LEASE if change.after.state is State.RUNNING else None,
                        once=once,
                    )
                    for door, change in zip(doors, changes, strict=True)
                ),
                return_exceptions=True,
            )

        found = self.runner.run(writing())
        return [one for one in found if self.landed(one) and not isinstance(one, BaseException)]

    @initialize(quote=QUOTES.filter(bool), channel=CHANNELS)
    def something_is_under_way(self, quote: Quote | None, channel: str) -> None:
        self.grant(AccountId("a"), 150, None)
        queued = self.together([lifecycle.submit(self.fresh(AccountId("a"), quote))])[0]
        claim = lifecycle.claim(queued, engine="e", channel=channel, now=self.now)
        asking = lifecycle.submit_upstream(
            self.together([claim])[0], token="t", credential="c", now=self.now
        )
        accepting = lifecycle.accept(self.together([asking])[0], "job", now=self.now)
        self.together([accepting])

    @rule(account=ACCOUNTS, amount=st.integers(-80, 150), name=st.none() | st.integers(0, 3))
    def grant(self, account: AccountId, amount: int, name: int | None) -> None:
        self.numbers += 1
        entry = Entry(
            account_id=account,
            kind=EntryKind.GRANT,
            reference=f"grant {self.numbers if name is None else -name}",
            balance=amount,
            held=0,
            at=self.now,
        )
        before = len(self.ledger())
        with suppress(InsufficientCredits, IdempotencyMismatch):
            self.runner.run(self.doors[0].ledger.grant(entry))
        if len(self.ledger()) > before:
            self.expected.granted[account] += amount

    @rule(account=ACCOUNTS, quote=QUOTES, key=ONCES, times=st.integers(1, 3))
    def submit(self, account: AccountId, quote: Quote | None, key: str | None, times: int) -> None:
        """Ask for one, several times over if there is a key that makes it one."""
        once = key and IdempotencyClaim(
            key=key, fingerprint="f", until=self.now + timedelta(days=9)
        )
        changes = [lifecycle.submit(self.fresh(account, quote)) for _ in range(times)]
        written = self.together(changes, once=once or None)
        if key is not None and written:
            first = self.requested.setdefault((account, key), written[0].id)
            assert {one.id for one in written} == {first}

    @rule(place=PLACES, channel=CHANNELS, places=st.lists(PLACES, min_size=1, max_size=3))
    def move_on(self, place: int, channel: str, places: list[int]) -> None:
        """Move a generation on from a version old or new; one change counts of several at once."""
        if not self.seen:
            return
        generation = self.recent(place)
        now = self.now
        moves: dict[str, Callable[[], Change]] = {
            "accept": lambda: lifecycle.accept(generation, f"job of {generation.id}", now=now),
            "cancel": lambda: lifecycle.cancel(generation, now=now),
            "claim": lambda: lifecycle.claim(generation, engine="e", channel=channel, now=now),
            "complete": lambda: lifecycle.complete(generation, (), now=now),
            "doubt": lambda: lifecycle.doubt(generation, TROUBLE, now=now),
            "fail": lambda: lifecycle.fail(generation, TROUBLE, now=now),
            "release": lambda: lifecycle.release(generation, now=now),
            "resume": lambda: lifecycle.resume(generation, now=now),
            "retry": lambda: lifecycle.retry(generation, pause_s=0, now=now),
            "submit": partial(
                lifecycle.submit_upstream, generation, token="t", credential="c", now=now
            ),
        }
        legal: dict[str, Change] = {}
        for name, move in moves.items():
            with suppress(IllegalTransition):
                legal[name] = move()
        if not legal:
            return
        names = sorted(legal)
        changes = [legal[names[one % len(names)]] for one in places]
        assert len(self.together(changes)) <= 1

    @rule(place=PLACES)
    def remove(self, place: int) -> None:
        if not self.seen:
            return
        generation = self.recent(place)
        with suppress(Conflict):
            self.runner.run(self.doors[1].remove(generation))
            self.requested = {
                key: one for key, one in self.requested.items() if one != generation.id
            }

    @rule(turns=st.integers(0, 3), account=ACCOUNTS, quote=QUOTES)
    def crash(self, turns: int, account: AccountId, quote: Quote | None) -> None:
        """Die while a submit is written: whoever comes next finds it whole, or not at all."""
        if not self.on_disk:
            return
        made = self.fresh(account, quote)

        async def cut_off() -> None:
            writing = asyncio.ensure_future(self.doors[0].write(lifecycle.submit(made)))
            for _ in range(turns):
                await asyncio.sleep(0)
            writing.cancel()
            with suppress(asyncio.CancelledError, InsufficientCredits):
                await writing

        self.runner.run(cut_off())
        self.reopen()
        for found in self.runner.run(self.doors[0].get_many([made.id])):
            self.landed(found)

    @rule()
    def reopen(self) -> None:
        if self.on_disk:
            for door in self.doors:
                self.runner.run(door.close())
            self.doors = self.opened()

    @rule(seconds=st.integers(0, 100_000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def ledger(self) -> tuple[Entry, ...]:
        return self.runner.run(self.doors[0].ledger.entries(EntryFilter(limit=100_000)))

    @invariant()
    def every_account_adds_up(self) -> None:
        for one in self.runner.run(self.doors[1].ledger.audit()):
            assert one.is_sound, one
            assert one.recorded.balance == self.expected.balance(one.recorded.account_id)
            assert one.recorded.held == self.expected.held(one.recorded.account_id)

    @invariant()
    def no_line_is_written_twice_and_none_is_missing(self) -> None:
        lines = self.ledger()
        written = Counter((one.reference, one.kind) for one in lines)
        assert set(written.values()) <= {1}
        of = {(one.reference, one.kind): one for one in lines}
        for generation in self.expected.known.values():
            kinds = [kind for kind in EntryKind if (generation.id, kind) in of]
            if not generation.price:
                assert kinds == []
                continue
            held = sum(of[generation.id, kind].held for kind in kinds)
            assert EntryKind.HOLD in kinds
            assert held == (0 if generation.state.is_final else generation.price)
            settled = of.get((generation.id, EntryKind.SETTLE))
            assert ((settled and -settled.held) or 0) == (generation.charged or 0)

    @invariant()
    def what_is_open_in_the_store_is_what_is_held(self) -> None:
        found = self.runner.run(self.doors[0].list(GenerationFilter(limit=10_000)))
        open_ = [one for one in found if not one.state.is_final]
        funds = self.runner.run(self.doors[0].ledger.all_funds())
        for one in funds:
            assert one.balance >= 0
            assert one.held == sum(g.price for g in open_ if g.account_id == one.account_id)

    @invariant()
    def nobody_pays_for_what_he_did_not_get(self) -> None:
        for one in self.expected.known.values():
            if one.charged:
                assert one.charged <= one.price
                last = one.attempts[-1]
                was_too_late = last.channel == "keeps" and last.accepted_at is not None
                is_cancelled = last.state is AttemptState.CANCELLED
                assert one.state is State.COMPLETED or (is_cancelled and was_too_late)

    @invariant()
    def what_has_ended_is_counted_once(self) -> None:
        used = self.runner.run(self.doors[0].ledger.used(UsedFilter()))
        ended = [one for one in self.expected.known.values() if one.state.is_final]
        assert sum(one.count for one in used) == len(ended)
        assert sum(one.micro for one in used) == sum(one.charged or 0 for one in ended)

    @override
    def teardown(self) -> None:
        for door in self.doors:
            self.runner.run(door.close())
        self.runner.close()
        self.folder.cleanup()


class CreditsOnDisk(Credits):
    """The same with a file, which is closed and opened between steps."""

    on_disk = True


class CreditsInPostgres(Credits):
    """The same with a database, which two stores write at the same time."""

    on_disk = True
    databases: Databases
    url: str | None = None

    @override
    def opened(self) -> list[AnyStore]:
        self.url = self.url or self.databases.restarted()
        return [PostgresStore(self.url), PostgresStore(self.url)]

    @override
    def teardown(self) -> None:
        super().teardown()
        if self.url is not None:
            self.databases.take_back(self.url)


@pytest.mark.slow
def test_no_credit_is_lost_or_made_in_postgres(databases: Databases) -> None:
    CreditsInPostgres.databases = databases
    test_no_credit_is_lost_or_made(CreditsInPostgres, examples=10)


@pytest.mark.slow
@pytest.mark.parametrize(("machine", "examples"), [(Credits, 60), (CreditsOnDisk, 25)])
def test_no_credit_is_lost_or_made(machine: type[Credits], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,  # it writes to a disk that others use too
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
