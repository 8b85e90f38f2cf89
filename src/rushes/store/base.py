"""What a store promises: generations, keys, uploads; :mod:`rushes.store.outbox` has the rest."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from rushes.core.channel_pause import ChannelPause
from rushes.core.generation import AccountId, Generation, GenerationId, State
from rushes.core.keys import Account, InFlightLimit, Key
from rushes.core.lifecycle import Change
from rushes.core.spec import Medium
from rushes.core.upload import Purpose, Upload, UploadState


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A worker's claim on a generation, and until when it stands without renewal."""

    worker: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyClaim:
    """A promise that one request makes one generation, however often it is sent."""

    key: str
    """The caller's idempotency key; unique within his account."""

    fingerprint: str
    """A hash of what was asked; the same key with another fingerprint is a mistake."""

    until: datetime
    """After this moment the key may be used anew."""

    is_repeat: bool = True
    """False when the caller says that this is no repetition: an earlier use is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFilter:
    """Which generations to list, newest first unless it says otherwise."""

    account_id: AccountId | None = None
    """None lists every account's; for operators."""

    states: frozenset[State] = field(default=frozenset())
    """Empty means any."""

    model: str | None = None
    makes: Medium | None = None
    """Only those of which such a file comes; None: any."""

    words: tuple[str, ...] = field(default=())
    """Only those whose prompt has each of these somewhere, in capitals or not."""

    created_from: datetime | None = None
    """Inclusive."""

    created_before: datetime | None = None
    """Exclusive."""

    before_id: GenerationId | None = None
    """Only those listed after this one: the cursor of the next page. After an unknown one: none."""

    oldest_first: bool = False
    """Whether to list in the opposite order; ``before_id`` then too is the last one seen."""

    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that became true of a generation, with the generation as it was then."""

    seq: int
    """Grows over the whole store; later events have larger numbers."""

    type: str
    at: datetime
    generation: Generation


MOST_AHEAD: Final = 10_000
"""As far as it is counted how many wait before a generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFilter:
    """Which uploads to list, newest first."""

    account_id: AccountId | None = None
    """None lists every account's."""

    states: frozenset[UploadState] = field(default=frozenset())
    """Empty means any."""

    purpose: Purpose | None = None
    due_at: datetime | None = None
    """Only those about which something has to be done at this moment; see ``Upload.due_at``."""

    before_id: str | None = None
    """Only those listed after this one: the cursor of the next page. After an unknown one: none."""

    limit: int = 100


class Store(Protocol):
    """
    Keeps generations and what is owed to their callers, durably and atomically.

    Every method raises StoreError when the disk or the file fails it, and once it is closed. What
    a newer version of this package wrote and this one cannot read is a StoreError where it is
    asked for by its id, and is left out wherever several are returned.

    The promises below are checked for every implementation by
    ``tests/contract/test_store.py``.
    """

    async def write(
        self,
        change: Change,
        *,
        lease: Lease | None = None,
        once: IdempotencyClaim | None = None,
        room: InFlightLimit | None = None,
    ) -> Generation:
        """
        Write the generation, its event, its credits and the deliveries that it owes; or none.

        The folder of media of a generation that expires is litter from now on.

        What was written survives the loss of power once this returns; when the caller is
        cancelled while he waits, it is written whole or not at all. What it means for the account's
        credits is what ``core.ledger.entries`` makes of the change. The generation's lease
        becomes *lease*: a change without one ends the lease that was held. *once* is judged by
        the time at which ``change.after`` was updated; *room* only where it has made nothing yet.

        Returns:
            What is stored now: ``change.after``; or, when *once* was used before for an equal
            request, the generation that it made then, as it is now.

        Raises:
            Conflict: The stored version is not the one the change was made from, or, for
                a new generation, the id is taken. Nothing was written.

            IdempotencyMismatch: *once* was used for another request. Nothing was written.

            InsufficientCredits: A new generation holds more than its account has. Nothing was
                written.

            JobTaken: The upstream's job that the last attempt now has is on record as the job of
                another generation. Nothing was written.

            TooManyInFlight: The key of *room* has as many waiting and running as it may.
                Nothing was written.
        """
        ...

    async def renew(self, generation: Generation, *, lease: Lease, progress: float) -> None:
        """
        Extend a lease and note the progress, beside the version.

        Raises:
            Conflict: The stored version is no longer *generation*'s, another worker holds it,
                or nobody does: the caller has lost it and must stop.
        """
        ...

    async def holders(self) -> frozenset[str]:
        """Return the workers that hold a generation, or held one when they were last heard of."""
        ...

    async def end_leases(self, worker: str, *, now: datetime) -> int:
        """End the leases of a worker that is known to be gone; return how many there were."""
        ...

    async def get(self, generation_id: GenerationId) -> Generation:
        """
        Return the generation as last written, with its latest progress.

        Raises:
            NotFound: There is none with this id.
        """
        ...

    async def get_many(self, ids: Sequence[GenerationId]) -> tuple[Generation, ...]:
        """Return those that exist, in the order of *ids*."""
        ...

    async def list(self, wanted: GenerationFilter) -> tuple[Generation, ...]:
        """Return the generations that *wanted* describes, newest first."""
        ...

    async def next_available(
        self,
        *,
        now: datetime,
        models: Collection[str] | None = None,
        skip: Collection[GenerationId] = (),
    ) -> Generation | None:
        """
        Return the one to claim next.

        That is the queued generation that has waited longest of those that may run at *now*,
        or a running one whose lease has run out, whichever waited longer; of equals, the one
        written first. A running one that was written without a lease waits since then.

        Args:
            models: Only what is for one of these; but what has an attempt under way, whatever it
                is for. None: any.

            skip: Not these.
        """
        ...

    async def count_open(self) -> Mapping[str, int]:
        """Return how many generations have an attempt under way, by channel."""
        ...

    async def count_ahead(self, generation_id: GenerationId) -> int:
        """
        Return how many wait for a worker before this one, 10,000 at most.

        It is 0 for one that does not wait, and for one that there is not.
        """
        ...

    async def remove(self, generation: Generation) -> None:
        """
        Forget a generation, its events and its deliveries, those not yet made included.

        Its folder of media is litter from now on.

        An idempotency key that led to it may be used anew.

        Raises:
            Conflict: The stored version is not *generation*'s, or there is none, or it holds
                credits. Nothing was removed.
        """
        ...

    async def events(self, generation_id: GenerationId) -> tuple[Event, ...]:
        """Return what became true of a generation, oldest first; empty when it is unknown."""
        ...

    async def count_by_state(self) -> dict[State, int]:
        """Return how many generations there are in each state that occurs."""
        ...

    def listen(self, told: Callable[[Change], None]) -> Callable[[], None]:
        """
        Call *told* after each change that this store object has written, on the event loop.

        It is called before the writer goes on, and an error in it reaches the loop's exception
        handler only. What another process wrote is not heard of.

        Returns:
            A function that ends it.
        """
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the files; closing twice is harmless."""
        ...


class ChannelPauses(Protocol):
    """Keeps which channels take no work; the same object as the store, seen from the channels'."""

    async def rests(self) -> tuple[ChannelPause, ...]:
        """Return what is on record, also what has ended by now."""
        ...

    async def set_rest(self, rest: ChannelPause) -> None:
        """Write a rest, instead of the one that the channel had."""
        ...

    async def end_rest(self, channel: str) -> bool:
        """Forget a channel's rest; return whether there was one."""
        ...


class Keyring(Protocol):
    """Keeps accounts and their keys; the same object as the store, seen from their side."""

    async def add_account(self, account: Account) -> None:
        """
        Write a new account.

        Raises:
            Conflict: There is one with its id.
        """
        ...

    async def accounts(self) -> tuple[Account, ...]:
        """Return every account, oldest first."""
        ...

    async def remove_account(self, account_id: AccountId) -> bool:
        """
        Forget an account, its keys, its idempotency keys and what is known of its uploads.

        Returns:
            Whether there was anything of it.

        Raises:
            Conflict: It still has generations. Nothing was removed.
        """
        ...

    async def add_key(self, key: Key) -> None:
        """
        Write a new key, and its account under its id's name if there is none yet.

        Raises:
            Conflict: Its id or its digest is taken.
        """
        ...

    async def find_key(self, digest: str) -> Key | None:
        """Return the key with this digest, now or formerly, whether it is still good or not."""
        ...

    async def get_key(self, key_id: str) -> Key:
        """
        Return the key with this id.

        Raises:
            NotFound: There is none.
        """
        ...

    async def keys(self) -> tuple[Key, ...]:
        """Return every key, oldest first."""
        ...

    async def change_key(self, before: Key, after: Key) -> None:
        """
        Write *after* over *before*, which has the same id; when it was last used is not touched.

        Raises:
            Conflict: The stored one is not *before*, or there is none. Nothing was written.
        """
        ...

    async def note_use(self, key_id: str, *, at: datetime) -> None:
        """Note that a key was used, if nothing later is noted; an unknown key is no error."""
        ...

    async def revoke_key(self, key_id: str, *, now: datetime) -> Key:
        """
        Mark a key as revoked; revoking twice is harmless.

        Raises:
            NotFound: There is none with this id.
        """
        ...

    async def count_in_flight(self, key_id: str) -> int:
        """Return how many generations that this key has asked for wait or run."""
        ...


class Uploads(Protocol):
    """Keeps what is known of uploaded files; the same object as the store, seen from theirs."""

    async def add_upload(self, upload: Upload) -> None:
        """
        Write a new upload.

        Raises:
            Conflict: Its id is taken.
        """
        ...

    async def change_upload(self, before: Upload, after: Upload) -> None:
        """
        Write *after* over *before*, which has the same id.

        Raises:
            Conflict: The stored one has another state or another key than *before*, or there is
                none. Nothing was written.
        """
        ...

    async def find_upload(self, upload_id: str) -> Upload | None:
        """Return the upload with this id, whatever its state."""
        ...

    async def uploads(self, wanted: UploadFilter) -> tuple[Upload, ...]:
        """Return the uploads that *wanted* describes; of two, the one added later comes first."""
        ...


class Past(StrEnum):
    """What is told of generations beside themselves, and can be forgotten earlier than they."""

    EVENTS = "events"
    """Those of which nothing is told any more: an event goes after its deliveries."""

    DELIVERIES = "deliveries"
    """Those that were settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much there is, counted at one moment."""

    media_bytes: int
    """In the files of completed generations."""

    queued_since: datetime | None
    """When the generation was asked for that has waited longest; None: none waits."""

    deliveries: int
    """How many deliveries are pending."""

    pending_since: datetime | None
    """When the oldest event became true whose delivery is pending; None: none is."""


class Archive(Protocol):
    """Tells what is old, and forgets it; a part of each store, for the janitor's use."""

    async def tally(self) -> Tally:
        """Return how much there is."""
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
        Return the generations in these final states, those that ended longest ago first.

        Args:
            before: Only those that had ended by then. None: all.
        """
        ...

    async def past(self, what: Past, *, before: datetime) -> int:
        """Return how much there is of what became true before a moment, and could be forgotten."""
        ...

    async def forget(self, what: Past, *, before: datetime, limit: int) -> int:
        """Forget the oldest of it, up to *limit*; return how much. Only of final generations."""
        ...

    async def named(self, keys: Collection[str]) -> frozenset[str]:
        """
        Return those media keys below ``inputs/`` that a generation names that may need them.

        It is one that waits, runs, or is completed.
        """
        ...

    async def with_files(self, ids: Collection[str]) -> frozenset[str]:
        """Return those that are ids of generations which have not expired."""
        ...

    async def litter(self, *, limit: int) -> tuple[str, ...]:
        """
        Return folders of media whose generations have expired or were removed, the oldest first.

        A folder is on record from the moment when it is not needed any more until :meth:`tidied`
        says that it is gone, whatever happens in between.
        """
        ...

    async def tidied(self, folders: Collection[str]) -> None:
        """Strike folders off that record: they have been removed."""
        ...

    async def take_turn(self, what: str, *, who: str, now: datetime, until: datetime) -> bool:
        """
        Take the turn at something that one does at a time over all processes; or extend it.

        Returns:
            Whether it is *who*'s now; else it is another's, until he ends it or its time is over.
        """
        ...

    async def end_turn(self, what: str, *, who: str) -> None:
        """Let others have the turn, if it is *who*'s."""
        ...
