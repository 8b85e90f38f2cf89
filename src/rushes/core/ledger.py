"""
Derive ledger entries from a generation's changes.

An account has a balance, which it may spend, and holds for unfinished generations. Every line has
the change of each, so both are sums over the ledger.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rushes.core.credit_amounts import format_credits
from rushes.core.errors import Conflict
from rushes.core.generation import AccountId, Generation, State
from rushes.core.lifecycle import Change


class EntryKind(StrEnum):
    """The cause of a change of an account's credits."""

    GRANT = "grant"
    """An operator gave credits, or took some back."""

    HOLD = "hold"
    """A generation was submitted."""

    SETTLE = "settle"
    """A generation was completed, or cancelled too late: its price is captured from the hold."""

    RELEASE = "release"
    """The rest of a hold returned to the balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. Its kind and reference together are unique, so that no line is written twice."""

    account_id: AccountId
    kind: EntryKind
    reference: str
    """The id of the generation, or of the grant."""

    balance: int
    """The change of the balance, in micro-credits."""

    held: int
    """The change of the holds, in micro-credits."""

    at: datetime
    note: str | None = None
    seq: int = 0
    """Its position in the ledger; the store assigns it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """The balance and the holds of an account, in micro-credits."""

    account_id: AccountId
    balance: int = 0
    """The credits that the account may spend."""

    held: int = 0
    """The credits that are held for unfinished generations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The funds of an account from three sources, which must agree."""

    recorded: Funds
    """The running totals of the account's row."""

    counted: Funds
    """The sums over the ledger."""

    open_prices: int
    """The sum of the prices of unfinished generations."""

    @property
    def is_sound(self) -> bool:
        """Whether all sources agree, and nothing is below zero."""
        agree = self.recorded == self.counted and self.recorded.held == self.open_prices
        return agree and self.recorded.balance >= 0 and self.recorded.held >= 0


def entries(change: Change) -> tuple[Entry, ...]:
    """Return the ledger entries of a change; none for a free generation."""
    after, quote = change.after, change.after.quote
    if quote is None:
        return ()
    lines: list[Entry] = []
    if change.before is None:
        lines.append(_entry(after, EntryKind.HOLD, balance=-quote.held, held=quote.held))
    if has_ended(change):
        due = after.charged or 0
        lines.append(_entry(after, EntryKind.SETTLE, balance=0, held=-due))
        left = quote.held - due
        lines.append(_entry(after, EntryKind.RELEASE, balance=left, held=-left))
    return tuple(line for line in lines if line.held)


def must_hold_nothing(generation: Generation) -> None:
    """Raise Conflict if a generation holds credits, which its removal would never release."""
    if generation.price and not generation.state.is_final:
        raise Conflict(f"generation {generation.id} still holds credits; cancel it first")


def shortage(line: Entry, have: Funds) -> str:
    """Return the error message for a line that takes more than the balance."""
    wanted, there = format_credits(-line.balance), format_credits(have.balance)
    return f"this takes {wanted} credits, and the account {have.account_id!r} has {there}"


def has_ended(change: Change) -> bool:
    """Return whether the generation became final with this change."""
    before = change.before
    return change.after.state.is_final and not (before is not None and before.state.is_final)


def _entry(generation: Generation, kind: EntryKind, *, balance: int, held: int) -> Entry:
    return Entry(
        account_id=generation.account_id,
        kind=kind,
        reference=generation.id,
        balance=balance,
        held=held,
        at=generation.updated_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The generations of one day, account, key, model and final state."""

    day: date
    """The day of their end, in UTC."""

    account_id: AccountId
    key_id: str | None
    """The key of the requests; None without authentication, and for an operator's requests."""

    model: str
    state: State
    count: int
    micro: int
    """The micro-credits that were charged."""


def usage_of(change: Change) -> Usage | None:
    """Return what a change adds to the usage; None while the generation is unfinished."""
    after = change.after
    if not has_ended(change):
        return None
    return Usage(
        day=(after.finished_at or after.updated_at).date(),
        account_id=after.account_id,
        key_id=after.key_id,
        model=after.spec.model,
        state=after.state,
        count=1,
        micro=after.charged or 0,
    )
