"""Define the seam to the ledger of credits."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rushes.core.generation import AccountId
from rushes.core.ledger import Audit, Entry, Funds, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Selects lines of the ledger, newest first."""

    account_id: AccountId | None = None
    """None lists all accounts; for operators."""

    before_seq: int | None = None
    """The cursor of the next page: only lines written before this one."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFilter:
    """Selects days and accounts for a report of usage."""

    account_id: AccountId | None = None
    """None: all accounts; for operators."""

    first: date | None = None
    last: date | None = None
    """``first`` and ``last`` are inclusive."""


class Ledger(Protocol):
    """
    Keeps the balances of accounts, and the lines that explain them.

    The store itself writes the holds, captures and releases of generations: it computes them by
    :func:`core.ledger.entries`, in the transaction of the change, which may raise
    InsufficientCredits. The promises are checked for every implementation by
    ``tests/contract/test_ledger.py``.
    """

    async def grant(self, entry: Entry) -> Entry:
        """
        Write a line and return it; or return the earlier line with the same reference.

        Raises:
            InsufficientCredits: It takes more than the balance. Nothing was written.

            IdempotencyMismatch: The reference was used for another amount or account.
        """
        ...

    async def funds(self, account_id: AccountId) -> Funds:
        """Return an account's balance and holds; zeros for an account without lines."""
        ...

    async def all_funds(self) -> tuple[Funds, ...]:
        """Return balance and holds of each account with lines, by name."""
        ...

    async def entries(self, wanted: EntryFilter) -> tuple[Entry, ...]:
        """Return the lines that *wanted* selects, newest first."""
        ...

    async def audit(self) -> tuple[Audit, ...]:
        """Recompute every account from its lines and its unfinished generations."""
        ...

    async def used(self, wanted: UsedFilter) -> tuple[Usage, ...]:
        """Return the usage by day, account, key, model and state, in that order."""
        ...
