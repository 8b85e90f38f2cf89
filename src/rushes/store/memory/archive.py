"""Find and remove old data in memory."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime

from rushes.core.generation import Generation, GenerationId, State
from rushes.core.spec import MEDIA_PREFIX, GenerationSpec
from rushes.store.base import Event, History, Tally
from rushes.store.outbox import Delivery, DeliveryState

_MAY_NEED = frozenset({State.QUEUED, State.RUNNING, State.COMPLETED})


class MemoryArchive:
    """
    Implements :class:`Archive` for the store in memory.

    Args:
        kept: Returns every generation of the store; raises StoreError when that is closed.

        events: The store's list of events.

        deliveries: Returns every delivery.

        drop: Removes the delivery with that id.
    """

    def __init__(
        self,
        kept: Callable[[], Iterable[Generation]],
        events: list[Event],
        deliveries: Callable[[], Iterable[Delivery]],
        drop: Callable[[str], object],
    ) -> None:
        self._generations = kept
        self._events = events
        self._deliveries = deliveries
        self._drop = drop
        self._litter: dict[str, None] = {}
        self._locks: dict[str, tuple[str, datetime]] = {}

    async def tally(self) -> Tally:
        every = list(self._generations())
        queued = [one.created_at for one in every if one.state is State.QUEUED]
        pending = [d for d in self._deliveries() if d.state is DeliveryState.PENDING]
        return Tally(
            media_bytes=sum(file.size_bytes for one in every for file in one.artifacts),
            queued_since=min(queued, default=None),
            deliveries=len(pending),
            pending_since=min((one.event.at for one in pending), default=None),
        )

    async def ended(
        self,
        states: frozenset[State],
        *,
        before: datetime | None = None,
        offset: int = 0,
        limit: int = 100,
    ) -> tuple[Generation, ...]:
        found = [
            one
            for one in self._generations()
            if one.state in states and (before is None or _end(one) <= before)
        ]
        return tuple(sorted(found, key=_end)[offset : offset + limit])

    async def past(self, what: History, *, before: datetime) -> int:
        return len(self._old(what, before))

    async def forget(self, what: History, *, before: datetime, limit: int) -> int:
        expired = self._old(what, before)[:limit]
        for one in expired:
            if isinstance(one, Event):
                self._events.remove(one)
            else:
                self._drop(one.id)
        return len(expired)

    def _old(self, what: History, before: datetime) -> Sequence[Event | Delivery]:
        """Return the removable entries of a history, the oldest first."""
        final = {one.id for one in self._generations() if one.state.is_final}
        deliveries = [one for one in self._deliveries() if one.event.generation.id in final]
        if what is History.DELIVERIES:
            done = [one for one in deliveries if not one.state.is_open and one.event.at < before]
            return sorted(done, key=_became_true)
        kept = {one.event.seq for one in deliveries}
        return [
            event
            for event in self._events
            if event.at < before and event.generation.id in final and event.seq not in kept
        ]

    async def named(self, keys: Collection[str]) -> frozenset[str]:
        every = {
            key
            for one in self._generations()
            if one.state in _MAY_NEED
            for key in _inputs(one.spec)
        }
        return frozenset(keys) & every

    async def with_files(self, ids: Collection[str]) -> frozenset[str]:
        here = {str(one.id) for one in self._generations() if one.state is not State.EXPIRED}
        return frozenset(ids) & here

    async def removable_folders(self, *, limit: int) -> tuple[str, ...]:
        return tuple(self._litter)[:limit]

    async def mark_removed(self, folders: Collection[str]) -> None:
        for folder in folders:
            self._litter.pop(folder, None)

    async def take_lock(self, what: str, *, who: str, now: datetime, until: datetime) -> bool:
        holder, ends_at = self._locks.get(what, (who, now))
        if holder != who and ends_at > now:
            return False
        self._locks[what] = (who, until)
        return True

    async def release_lock(self, what: str, *, who: str) -> None:
        if self._locks.get(what, ("", None))[0] == who:
            del self._locks[what]

    def mark_removable(self, generation_id: GenerationId) -> None:
        """Record the media folder of a generation as removable."""
        self._litter[generation_id] = None


def _became_true(delivery: Delivery) -> datetime:
    return delivery.event.at


def _end(generation: Generation) -> datetime:
    return generation.finished_at or generation.updated_at


def _inputs(spec: GenerationSpec) -> Iterator[str]:
    """Yield the media keys in ``inputs/`` that a spec names."""
    named = [one.image for one in spec.keyframes]
    named += [one.image for one in spec.still.references] if spec.still else []
    named += [spec.source.file] if spec.source else []
    for address in named:
        if address is not None and address.startswith(f"{MEDIA_PREFIX}inputs/"):
            yield address.removeprefix(MEDIA_PREFIX)
