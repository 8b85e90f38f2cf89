"""Keep everything in dictionaries of this process."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice

from typing_extensions import override

from rushes.core.errors import Conflict, GenerationNotFound, IdempotencyMismatch, JobTaken
from rushes.core.generation import AccountId, Generation, GenerationId, Revision, State
from rushes.core.keys import InFlightLimit
from rushes.core.ledger import must_hold_nothing
from rushes.core.lifecycle import Change
from rushes.kit.failure_counts import FailureCount, LocalFailureCounts
from rushes.kit.rate_buckets import LocalRateBuckets, Reservation
from rushes.store.base import (
    COUNT_AHEAD_LIMIT,
    ChannelLimit,
    Event,
    GenerationFilter,
    IdempotencyClaim,
    Lease,
    RemoteChange,
)
from rushes.store.memory.archive import MemoryArchive
from rushes.store.memory.keys import KeysInMemory
from rushes.store.memory.ledger import MemoryLedger
from rushes.store.memory.nodes import NodesInMemory
from rushes.store.memory.outbox import OutboxInMemory
from rushes.store.memory.uploads import UploadsInMemory


@dataclass(slots=True)
class _Kept:
    seq: int
    generation: Generation
    lease: Lease | None
    turn: int
    """The round of its model's queue in which it is claimed."""

    @property
    def place(self) -> tuple[datetime, int]:
        """The position in a listing; the largest is the newest."""
        return self.generation.created_at, self.seq

    @property
    def waits_from(self) -> datetime | None:
        """The start of its wait for a worker; None when it needs no worker."""
        match self.generation.state:
            case State.QUEUED:
                return self.generation.available_at
            case State.RUNNING:
                return self.lease.until if self.lease else self.generation.updated_at
            case _:
                return None

    @property
    def is_queued(self) -> bool:
        """Whether it waits for its first attempt or for a further one."""
        return self.waits_from is not None and not self.is_begun

    @property
    def channel(self) -> str | None:
        """The channel of the unfinished attempt, if there is one."""
        attempt = self.generation.open_attempt
        return attempt.channel if attempt is not None else None

    @property
    def is_begun(self) -> bool:
        """Whether the last attempt is unfinished."""
        is_running = self.generation.state is State.RUNNING
        return is_running or self.generation.open_attempt is not None


@dataclass(slots=True)
class _ModelQueue:
    """How far a model's queue has come."""

    turn: int = 0
    """The latest turn of which something was claimed."""

    last_claim: int = 0
    """The number of the event of the last claim."""


class MemoryStore(OutboxInMemory, KeysInMemory, UploadsInMemory, NodesInMemory):
    """Keeps everything in dictionaries of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._seq = count(1)
        self._event_seq = count(1)
        self._kept: dict[GenerationId, _Kept] = {}
        self._events: list[Event] = []
        self._once: dict[tuple[AccountId, str], tuple[IdempotencyClaim, GenerationId]] = {}
        self._jobs: dict[tuple[str, str], GenerationId] = {}
        self._model_queues: dict[str, _ModelQueue] = {}
        self._buckets = LocalRateBuckets()
        self._failures = LocalFailureCounts()
        self._listeners: list[Callable[[Change], None]] = []
        self.ledger = MemoryLedger(self._generations)
        self.archive = MemoryArchive(
            self._generations,
            self._events,
            lambda: (one.delivery for one in self._stored.values()),
            self._forget_delivery,
        )

    def _forget_delivery(self, delivery_id: str) -> None:
        del self._stored[delivery_id]

    def _generations(self) -> Iterator[Generation]:
        self._open()
        return (kept.generation for kept in self._kept.values())

    async def write(
        self,
        change: Change,
        *,
        lease: Lease | None = None,
        once: IdempotencyClaim | None = None,
        in_flight_limit: InFlightLimit | None = None,
        channel_limit: ChannelLimit | None = None,
    ) -> Generation:
        self._open()
        after = change.after
        if once is not None and once.is_repeat and (earlier := self._made_by(after, once)):
            return earlier
        if in_flight_limit is not None:
            in_flight_limit.check(await self.count_in_flight(in_flight_limit.key_id))
        if channel_limit is not None:
            channel_limit.check(self._count_elsewhere(channel_limit))
        kept = self._kept.get(after.id)
        if (kept and kept.generation.version) != (change.before and change.before.version):
            raise Conflict(f"generation {after.id} was changed by somebody else")
        self.ledger.check(change)
        self._take_job(change)
        self.ledger.note(change)
        seq = kept.seq if kept else next(self._seq)
        turn = kept.turn if kept else self._next_turn(after)
        self._kept[after.id] = _Kept(seq=seq, generation=after, lease=lease, turn=turn)
        self._add_event(change)
        if change.takes_turn:
            queue = self._model_queues.setdefault(after.spec.model, _ModelQueue())
            queue.turn = max(queue.turn, turn)
            queue.last_claim = self._events[-1].seq
        if after.state is State.EXPIRED:
            self.archive.mark_removable(after.id)
        if once is not None:
            self._once[after.account_id, once.key] = (once, after.id)
        for listener in self._listeners:
            asyncio.get_running_loop().call_soon(listener, change)
        await asyncio.sleep(0)  # listeners run before the caller continues
        return after

    def _count_elsewhere(self, room: ChannelLimit) -> int:
        """Return how many generations of the channel other workers have under way, or nobody."""
        return sum(
            (attempt := kept.generation.open_attempt) is not None
            and attempt.channel == room.channel
            and (kept.lease is None or kept.lease.worker != room.worker)
            for kept in self._kept.values()
        )

    def _next_turn(self, generation: Generation) -> int:
        model, account_id = generation.spec.model, generation.account_id
        own = (
            kept.turn
            for kept in self._kept.values()
            if kept.is_queued
            and (kept.generation.spec.model, kept.generation.account_id) == (model, account_id)
        )
        queue = self._model_queues.get(model, _ModelQueue())
        return 1 + max(queue.turn, max(own, default=0))

    def _take_job(self, change: Change) -> None:
        job = change.new_job
        if job is not None and self._jobs.setdefault(job, change.after.id) != change.after.id:
            raise JobTaken(f"job {job[1]} of {job[0]} belongs to another generation")

    def _made_by(self, after: Generation, once: IdempotencyClaim) -> Generation | None:
        used, generation_id = self._once.get((after.account_id, once.key), (None, None))
        if used is None or generation_id is None or used.until <= after.updated_at:
            return None
        kept = self._kept.get(generation_id)
        if kept is None:
            return None  # removed meanwhile: the key is free again
        if used.fingerprint != once.fingerprint:
            raise IdempotencyMismatch("this idempotency key was used for another request")
        return kept.generation

    def _add_event(self, change: Change) -> None:
        after = change.after
        event = Event(
            seq=next(self._event_seq), type=change.event, at=after.updated_at, generation=after
        )
        self._events.append(event)
        if change.is_news:
            self.add_deliveries(event, announces=change.announces)

    async def renew(
        self, generation: Generation, *, lease: Lease, progress: float, phase: str | None = None
    ) -> None:
        self._open()
        kept = self._kept.get(generation.id)
        if (
            kept is None
            or kept.lease is None
            or (kept.generation.version, kept.generation.state, kept.lease.worker)
            != (generation.version, State.RUNNING, lease.worker)
        ):
            raise Conflict(f"generation {generation.id} is no longer {lease.worker}'s")
        kept.lease = lease
        kept.generation = replace(kept.generation, progress=progress, phase=phase)

    async def holders(self) -> frozenset[str]:
        self._open()
        return frozenset(kept.lease.worker for kept in self._kept.values() if kept.lease)

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        self._open()
        held = [one for one in self._kept.values() if one.lease and one.lease.worker == worker]
        for kept in held:
            kept.lease = Lease(worker=worker, until=now)
        return len(held)

    async def get(self, generation_id: GenerationId) -> Generation:
        for generation in await self.get_many((generation_id,)):
            return generation
        raise GenerationNotFound(f"there is no generation {generation_id!r}")

    async def get_changed(self, generation_id: GenerationId, known: Revision) -> Generation | None:
        found = await self.get(generation_id)
        return None if found.revision == known else found

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        self._open()
        return tuple(self._kept[one].generation for one in ids if one in self._kept)

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        self._open()
        found = islice(self._wanted(wanted), wanted.offset, wanted.offset + wanted.limit)
        return tuple(kept.generation for kept in found)

    def _wanted(self, wanted: GenerationFilter) -> Iterator[_Kept]:
        ordered = sorted(
            self._kept.values(), key=lambda kept: kept.place, reverse=not wanted.oldest_first
        )
        if wanted.before_id is not None:
            last = self._kept.get(wanted.before_id)
            ordered = ordered[ordered.index(last) + 1 :] if last is not None else []
        return (kept for kept in ordered if _is_wanted(kept.generation, wanted))

    async def next_available(
        self,
        *,
        now: datetime,
        models: Collection[str] | None = None,
        skip: Collection[GenerationId] = (),
        other_channels: Collection[str] = (),
    ) -> Generation | None:
        self._open()
        waiting = [
            (since, kept.seq, kept)
            for kept in self._kept.values()
            if (since := kept.waits_from) is not None
            and since <= now
            and kept.generation.id not in skip
            and kept.channel not in other_channels
        ]
        begun = [one for one in waiting if models is None or one[2].is_begun]
        if begun:
            return min(begun)[2].generation
        heads: dict[str, tuple[int, int, datetime, _Kept]] = {}
        for since, seq, kept in waiting:
            model, place = kept.generation.spec.model, (kept.turn, seq, since, kept)
            if models is not None and model in models:
                heads[model] = min(place, heads.get(model, place))
        queues = [
            (self._model_queues.get(model, _ModelQueue()).last_claim, since, seq, kept)
            for model, (_, seq, since, kept) in heads.items()
        ]
        return min(queues)[3].generation if queues else None

    async def count_open(self) -> Mapping[str, int]:
        self._open()
        attempts = [kept.generation.open_attempt for kept in self._kept.values()]
        return Counter(attempt.channel for attempt in attempts if attempt is not None)

    async def count_ahead(self, generation_id: GenerationId) -> int:
        self._open()
        own = self._kept.get(generation_id)
        if own is None or not own.is_queued:
            return 0
        ahead = sum(
            kept.is_queued
            and kept.generation.spec.model == own.generation.spec.model
            and (kept.turn, kept.seq) < (own.turn, own.seq)
            for kept in self._kept.values()
        )
        return min(ahead, COUNT_AHEAD_LIMIT)

    async def remove(self, generation: Generation) -> None:
        self._open()
        kept = self._kept.get(generation.id)
        if kept is None or kept.generation.version != generation.version:
            raise Conflict(f"generation {generation.id} was changed by somebody else")
        must_hold_nothing(generation)
        del self._kept[generation.id]
        self.archive.mark_removable(generation.id)
        self._events[:] = [e for e in self._events if e.generation.id != generation.id]
        self._jobs = {job: owner for job, owner in self._jobs.items() if owner != generation.id}
        self.forget_deliveries(generation.id)

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        self._open()
        return tuple(event for event in self._events if event.generation.id == generation_id)

    async def count_by_state(self) -> dict[State, int]:
        self._open()
        states = [kept.generation.state for kept in self._kept.values()]
        return {state: states.count(state) for state in State if state in states}

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        def call(change: Change) -> None:
            # A new function each time, so that a listener added twice can be removed once.
            listener(change)

        self._listeners = [*self._listeners, call]

        def remove_listener() -> None:
            self._listeners = [other for other in self._listeners if other is not call]

        return remove_listener

    def listen_elsewhere(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        return lambda: None  # no other process has it

    async def remove_account(self, account_id: AccountId) -> bool:
        self._open()
        if any(kept.generation.account_id == account_id for kept in self._kept.values()):
            raise Conflict(f"account {account_id!r} still has generations")
        uploads = [one.id for one in self._uploads.values() if one.account_id == account_id]
        used = [owned for owned in self._once if owned[0] == account_id]
        for upload_id in uploads:
            del self._uploads[upload_id]
        for owned in used:
            del self._once[owned]
        had_webhooks = self.forget_webhooks(account_id)
        return self._forget(account_id) or had_webhooks or bool(uploads or used)

    async def reserve(
        self, bucket: str, *, cost: timedelta, capacity: timedelta | None, now: datetime
    ) -> Reservation:
        self._open()
        return await self._buckets.reserve(bucket, cost=cost, capacity=capacity, now=now)

    async def failure_counts(self, names: Collection[str]) -> Mapping[str, FailureCount]:
        self._open()
        return await self._failures.failure_counts(names)

    async def add_failure(
        self, name: str, *, threshold: int, now: datetime, requested_s: float = 0.0
    ) -> FailureCount:
        self._open()
        return await self._failures.add_failure(
            name, threshold=threshold, now=now, requested_s=requested_s
        )

    async def reset_failures(self, name: str) -> None:
        self._open()
        await self._failures.reset_failures(name)

    async def count_in_flight(self, key_id: str) -> int:
        self._open()
        under_way = (kept for kept in self._kept.values() if kept.waits_from is not None)
        return sum(kept.generation.key_id == key_id for kept in under_way)

    async def close(self) -> None:
        self._closed = True

    @override
    def check_open(self) -> None:
        self._open()


def _is_wanted(generation: Generation, wanted: GenerationFilter) -> bool:
    return (
        (wanted.account_id is None or generation.account_id == wanted.account_id)
        and (not wanted.states or generation.state in wanted.states)
        and (wanted.model is None or generation.spec.model == wanted.model)
        and (wanted.makes is None or generation.spec.makes is wanted.makes)
        and all(word.casefold() in generation.spec.prompt.casefold() for word in wanted.words)
        and (wanted.created_from is None or generation.created_at >= wanted.created_from)
        and (wanted.created_before is None or generation.created_at < wanted.created_before)
    )
