"""Define the seam to stores: generations, keys and uploads.

:mod:`rushes.store.outbox` defines deliveries, :mod:`rushes.store.ledger` credits.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from rushes.core.channel_pause import ChannelPause
from rushes.core.errors import ChannelFull
from rushes.core.generation import AccountId, Generation, GenerationId, Revision, State
from rushes.core.keys import Account, InFlightLimit, Key
from rushes.core.lifecycle import Change
from rushes.core.node import Node
from rushes.core.spec import Medium
from rushes.core.upload import Purpose, Upload, UploadState
from rushes.kit.light_values import light_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A worker's claim on a generation, and its end without renewal."""

    worker: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLimit:
    """How many generations of a channel other workers may have under way for a claim to succeed."""

    channel: str
    worker: str
    """The worker that claims; its own generations do not count."""

    most_elsewhere: int
    """At most this many, so that this worker's and theirs are within the channel's limit."""

    def check(self, elsewhere: int) -> None:
        """Raise ChannelFull if other workers have more under way."""
        if elsewhere > self.most_elsewhere:
            raise ChannelFull(f"other workers have {elsewhere} of {self.channel} under way")


@light_value
class IdempotencyClaim:
    """Ensures that one request makes one generation, however often it is sent."""

    key: str
    """The caller's idempotency key; unique within the account."""

    fingerprint: str
    """A hash of the request. The same key with another fingerprint is an error."""

    until: datetime
    """After this moment the key may be used again."""

    is_repeat: bool = True
    """False when the caller says that the request is new: then an earlier use is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFilter:
    """Selects generations for a listing, newest first by default."""

    account_id: AccountId | None = None
    """None lists all accounts; for operators."""

    states: frozenset[State] = field(default=frozenset())
    """Empty means any."""

    model: str | None = None
    makes: Medium | None = None
    """Only generations that make this medium; None: any."""

    words: tuple[str, ...] = field(default=())
    """Only generations whose prompt contains each of these words, ignoring case."""

    created_from: datetime | None = None
    """Inclusive."""

    created_before: datetime | None = None
    """Exclusive."""

    before_id: GenerationId | None = None
    """The cursor of the next page: only entries after this one. An unknown id selects none."""

    oldest_first: bool = False
    """Whether to list the oldest first; ``before_id`` then still is the last entry of a page."""

    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change in a generation's life, with the generation as it was then."""

    seq: int
    """The position in the whole store; later events have larger numbers."""

    type: str
    at: datetime
    generation: Generation


COUNT_AHEAD_LIMIT: Final = 10_000
"""The largest number that :meth:`Store.count_ahead` returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFilter:
    """Selects uploads for a listing, newest first."""

    account_id: AccountId | None = None
    """None lists every account's."""

    states: frozenset[UploadState] = field(default=frozenset())
    """Empty means any."""

    purpose: Purpose | None = None
    due_at: datetime | None = None
    """Only uploads that need an action at this moment; see ``Upload.due_at``."""

    before_id: str | None = None
    """The cursor of the next page: only entries after this one. An unknown id selects none."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteChange:
    """What one process hears of a change that another one has written."""

    generation_id: GenerationId
    state: State
    event: str
    is_news: bool


class Store(Protocol):
    """
    Keeps generations, their events and their deliveries, durably and atomically.

    Every method raises StoreError when the disk or the file fails, and after :meth:`close`. Rows of
    a newer version that this version cannot read raise StoreError when requested by id, and are
    left out of listings.

    The promises below are checked for every implementation by
    ``tests/contract/test_store.py``.
    """

    async def write(
        self,
        change: Change,
        *,
        lease: Lease | None = None,
        once: IdempotencyClaim | None = None,
        in_flight_limit: InFlightLimit | None = None,
        channel_limit: ChannelLimit | None = None,
    ) -> Generation:
        """
        Write the generation, its event, its credits and its deliveries: all of them or none.

        When a generation expires, its media folder is recorded as removable.

        After the return the write survives a loss of power. If the caller is cancelled meanwhile,
        the write is made completely or not at all. The effect on credits is that of
        ``core.ledger.entries``. The generation's lease becomes *lease*; a change without one ends
        the lease. *once* is checked at the time of ``change.after.updated_at``; *in_flight_limit*
        only for a request that has not made a generation before.

        Returns:
            ``change.after``; or, if *once* was used before for an equal request, the current state
            of the generation that it made then.

        Raises:
            ChannelFull: Other workers leave no room in the channel of *channel_limit*. Nothing was
                written.

            Conflict: The stored version is not the one that the change started from, or the id of
                a new generation is taken. Nothing was written.

            IdempotencyMismatch: *once* was used for another request. Nothing was written.

            InsufficientCredits: A new generation holds more than the account's balance. Nothing
                was written.

            JobTaken: The upstream job of the last attempt belongs to another generation. Nothing
                was written.

            TooManyInFlight: The key of *in_flight_limit* has reached its limit of unfinished
                generations. Nothing was written.
        """
        ...

    async def renew(
        self, generation: Generation, *, lease: Lease, progress: float, phase: str | None = None
    ) -> None:
        """
        Extend a lease and record progress and phase, without raising the version.

        Raises:
            Conflict: The stored version differs, another worker holds the lease, or none does: the
                caller has lost the generation and must stop.
        """
        ...

    async def holders(self) -> frozenset[str]:
        """Return the workers that hold a lease, also an expired one."""
        ...

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        """End the leases of a dead worker; return their number."""
        ...

    async def get(self, generation_id: GenerationId) -> Generation:
        """
        Return the generation as last written, with its latest progress and phase.

        Raises:
            GenerationNotFound: The id is unknown.
        """
        ...

    async def get_changed(self, generation_id: GenerationId, known: Revision) -> Generation | None:
        """
        Return the generation unless *known* is still its revision; then None, which is quicker.

        Raises:
            GenerationNotFound: The id is unknown.
        """
        ...

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        """Return those that exist, in the order of *ids*."""
        ...

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        """Return the generations that *wanted* selects, newest first."""
        ...

    async def next_available(
        self,
        *,
        now: datetime,
        models: Collection[str] | None = None,
        skip: Collection[GenerationId] = (),
        other_channels: Collection[str] = (),
    ) -> Generation | None:
        """
        Return the generation to claim next.

        A generation waits for a worker while it is queued and may run at *now*, or is running with
        an expired lease. A running one without a lease waits since its last write.

        With *models*, an unfinished attempt comes first, the longest waiting before others. Then
        comes the model of which nothing was claimed for the longest time, and of its queue the
        smallest turn. A new generation's turn is one more than the larger of these: the latest turn
        of which its model's queue had a claim, and the last turn that the same account waits for.
        So accounts take turns, and one with 10,000 queued does not delay another with one.

        Without *models*, the generation that has waited longest comes first. Among equals the one
        written first wins.

        Args:
            models: Only generations for one of these models, and all with an unfinished attempt.
                None: any.

            skip: Ids to leave out.

            other_channels: Leave out unfinished attempts at these channels.
        """
        ...

    async def count_open(self) -> Mapping[str, int]:
        """Return the number of generations with an unfinished attempt, by channel."""
        ...

    async def count_ahead(self, generation_id: GenerationId) -> int:
        """
        Return how many generations of its model are queued before this one, at most 10,000.

        It is 0 for a generation that is not queued, has an unfinished attempt, or does not exist.
        """
        ...

    async def remove(self, generation: Generation) -> None:
        """
        Remove a generation, its events and its deliveries, including pending ones.

        Its media folder is recorded as removable. Its idempotency key may be used again.

        Raises:
            Conflict: The stored version differs, the generation does not exist, or it holds
                credits. Nothing was removed.
        """
        ...

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        """Return a generation's events, oldest first; empty when it is unknown."""
        ...

    async def count_by_state(self) -> dict[State, int]:
        """Return how many generations there are in each state that occurs."""
        ...

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """
        Call *listener* on the event loop after each change that this store object has written.

        The call comes before the writing caller continues; its errors go to the loop's exception
        handler. Changes by other processes cause no call.

        Returns:
            A function that removes the listener.
        """
        ...

    def listen_elsewhere(self, listener: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """
        Call *listener* on the event loop soon after a change that another process has written.

        This saves time and promises nothing: calls may be missing, and only some stores make them.

        Returns:
            A function that removes the listener.
        """
        ...

    async def close(self) -> None:
        """Finish pending writes and close the files. A second close does nothing."""
        ...


class ChannelPauses(Protocol):
    """Keeps the pauses of channels. The store implements this, too."""

    async def pauses(self) -> tuple[ChannelPause, ...]:
        """Return all recorded pauses, also expired ones."""
        ...

    async def set_pause(self, pause: ChannelPause) -> None:
        """Write a pause; it replaces the channel's earlier one."""
        ...

    async def end_pause(self, channel: str) -> bool:
        """Remove a channel's pause; return whether there was one."""
        ...


class Nodes(Protocol):
    """Keeps the list of processes that share the store. The store implements this, too."""

    async def nodes(self) -> tuple[Node, ...]:
        """Return every node, also lost ones, the one that started first first."""
        ...

    async def heartbeat(self, node: Node) -> Node:
        """
        Write what a node reports of itself.

        Returns:
            The node as stored: ``is_draining`` of a known node stays as :meth:`set_draining` left
            it, whatever the node reports.
        """
        ...

    async def set_draining(self, name: str, *, is_draining: bool) -> Node:
        """
        Tell a node to drain or to resume; it reads that with its next heartbeat.

        Raises:
            NotFound: There is no node of this name.
        """
        ...

    async def remove_node(self, name: str) -> None:
        """Remove a node; ignores unknown names. The heartbeat of a live one adds it again."""
        ...


class Keyring(Protocol):
    """Keeps accounts and their keys. The store implements this, too."""

    async def add_account(self, account: Account) -> None:
        """
        Write a new account.

        Raises:
            Conflict: The id is taken.
        """
        ...

    async def accounts(self) -> tuple[Account, ...]:
        """Return every account, oldest first."""
        ...

    async def remove_account(self, account_id: AccountId) -> bool:
        """
        Remove an account, its keys, its idempotency keys and its records of uploads.

        Returns:
            Whether anything was removed.

        Raises:
            Conflict: It still has generations. Nothing was removed.
        """
        ...

    async def add_key(self, key: Key) -> None:
        """
        Write a new key, and its account if that is new; the account's id becomes its name.

        Raises:
            Conflict: Its id or its digest is taken.
        """
        ...

    async def add_first_key(self, key: Key) -> bool:
        """
        Write a new key as :meth:`add_key` does, unless there is a key already, even a revoked one.

        Of several calls at the same time only one writes.

        Returns:
            Whether it was written.
        """
        ...

    async def find_key(self, digest: str) -> Key | None:
        """Return the key with this current or former digest, whether it is valid or not."""
        ...

    async def get_key(self, key_id: str) -> Key:
        """
        Return the key with this id.

        Raises:
            NotFound: The id is unknown.
        """
        ...

    async def keys(self) -> tuple[Key, ...]:
        """Return every key, oldest first."""
        ...

    async def change_key(self, before: Key, after: Key) -> None:
        """
        Replace *before* by *after*, which has the same id; the time of its last use stays.

        Raises:
            Conflict: The stored key differs from *before* or does not exist. Nothing was written.
        """
        ...

    async def note_use(self, key_id: str, *, at: datetime) -> None:
        """Record the use of a key, unless a later use is recorded; ignores unknown keys."""
        ...

    async def revoke_key(self, key_id: str, *, now: datetime) -> Key:
        """
        Mark a key as revoked; a second time changes nothing.

        Raises:
            NotFound: The id is unknown.
        """
        ...

    async def count_in_flight(self, key_id: str) -> int:
        """Return the number of unfinished generations that this key has submitted."""
        ...


class Uploads(Protocol):
    """Keeps the records of uploaded files. The store implements this, too."""

    async def add_upload(self, upload: Upload) -> None:
        """
        Write a new upload.

        Raises:
            Conflict: The id is taken.
        """
        ...

    async def change_upload(self, before: Upload, after: Upload) -> None:
        """
        Replace *before* by *after*, which has the same id.

        Raises:
            Conflict: The stored upload has another state or key than *before*, or does not exist.
                Nothing was written.
        """
        ...

    async def find_upload(self, upload_id: str) -> Upload | None:
        """Return the upload with this id, whatever its state."""
        ...

    async def uploads(self, wanted: UploadFilter) -> tuple[Upload, ...]:
        """Return the uploads that *wanted* selects, the one added last first."""
        ...


class History(StrEnum):
    """The history of generations, which can be removed before the generations themselves."""

    EVENTS = "events"
    """Events without deliveries: an event is removed after its deliveries."""

    DELIVERIES = "deliveries"
    """Settled deliveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Totals of the store at one moment."""

    media_bytes: int
    """The size of the files of completed generations."""

    queued_since: datetime | None
    """The start of the longest wait in the queue; None when the queue is empty."""

    deliveries: int
    """The number of pending deliveries."""

    pending_since: datetime | None
    """The time of the oldest event with a pending delivery; None when none is pending."""


class Archive(Protocol):
    """Finds and removes old data, for garbage collection. It is a part of each store."""

    async def tally(self) -> Tally:
        """Return the totals."""
        ...

    async def ended(
        self,
        states: frozenset[State],
        *,
        before: datetime | None = None,
        offset: int = 0,
        limit: int = 100,
    ) -> tuple[Generation, ...]:
        """
        Return the generations in these final states, the one that ended first first.

        Args:
            before: Only generations that had ended by then. None: all.
        """
        ...

    async def past(self, what: History, *, before: datetime) -> int:
        """Return how many entries of a history are older than *before* and removable."""
        ...

    async def forget(self, what: History, *, before: datetime, limit: int) -> int:
        """Remove the oldest entries of final generations, up to *limit*; return their number."""
        ...

    async def named(self, keys: Collection[str]) -> frozenset[str]:
        """
        Return the media keys below ``inputs/`` that a generation still needs.

        Generations that wait, run or are completed need their inputs.
        """
        ...

    async def with_files(self, ids: Collection[str]) -> frozenset[str]:
        """Return the ids of generations that have not expired."""
        ...

    async def removable_folders(self, *, limit: int) -> tuple[str, ...]:
        """
        Return the media folders of expired or removed generations, the oldest first.

        A folder stays on record until :meth:`mark_removed`, so that a crash leaves none behind.
        """
        ...

    async def mark_removed(self, folders: Collection[str]) -> None:
        """Remove the records of media folders that were deleted."""
        ...

    async def take_lock(self, what: str, *, who: str, now: datetime, until: datetime) -> bool:
        """
        Take or extend a lock for work that only one process does at a time.

        Returns:
            Whether *who* has it now. Otherwise another process has it until it ends or expires.
        """
        ...

    async def release_lock(self, what: str, *, who: str) -> None:
        """Release the lock, if *who* has it."""
        ...
