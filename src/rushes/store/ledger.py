"""What a store promises of credits, beside what it promises of generations."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rushes.core.generation import AccountId
from rushes.core.ledger import Audit, Entry, Funds, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which lines of the ledger to list, newest first."""

    account_id: AccountId | None = None
    """None lists every account's; for operators."""

    before_seq: int | None = None
    """Only those written before this one: the cursor of the next page."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFilter:
    """Which days of which account."""

    account_id: AccountId | None = None
    """None: every account's; for operators."""

    first: date | None = None
    last: date | None = None
    """Inclusive, both of them."""


class Ledger(Protocol):
    """
    Keeps what accounts have, and why.

    Nobody writes here what a generation holds, settles or releases: a store does that by itself,
    by :func:`core.ledger.entries`, in the transaction of the change and at the risk of
    InsufficientCredits. The promises are checked for every implementation by
    ``tests/contract/test_ledger.py``.
    """

    async def grant(self, entry: Entry) -> Entry:
        """
        Write a line and return it; or the one with that reference that was there before.

        Raises:
            InsufficientCredits: It takes more than the balance. Nothing was written.

            IdempotencyMismatch: Its reference was used for another amount or account.
        """
        ...

    async def funds(self, account_id: AccountId) -> Funds:
        """Return what an account has; of one that never had anything, zeros."""
        ...

    async def all_funds(self) -> tuple[Funds, ...]:
        """Return what each account has that ever had anything, by name."""
        ...

    async def entries(self, wanted: EntryFilter) -> tuple[Entry, ...]:
        """Return the lines that *wanted* describes, newest first."""
        ...

    async def audit(self) -> tuple[Audit, ...]:
        """Count every account anew, from its lines and from the generations that are open."""
        ...

    async def used(self, wanted: UsedFilter) -> tuple[Usage, ...]:
        """Return what was used, by day, account, key, model and state, in that order."""
        ...
