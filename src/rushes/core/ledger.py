"""
Derive ledger entries from a generation's changes.

An account has a balance, which may be spent, and what is held for generations that are not
done. Every line says by how much each of the two changes, so both are sums over the ledger.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rushes.core.credit_amounts import format_credits
from rushes.core.errors import Conflict
from rushes.core.generation import AccountId, Generation, State
from rushes.core.lifecycle import Change


class EntryKind(StrEnum):
    """Why an account's credits have changed."""

    GRANT = "grant"
    """An operator has given some, or taken some back."""

    HOLD = "hold"
    """A generation was asked for."""

    SETTLE = "settle"
    """It is due: the generation was made, or was cancelled too late."""

    RELEASE = "release"
    """What was held and is not due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. Its kind and reference together are unique: nothing is written twice."""

    account_id: AccountId
    kind: EntryKind
    reference: str
    """The id of the generation, or of the grant."""

    balance: int
    """By how many micro-credits the balance grows."""

    held: int
    """By how many micro-credits that what is held grows."""

    at: datetime
    note: str | None = None
    seq: int = 0
    """Its place in the ledger, which the store gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What an account has, in micro-credits."""

    account_id: AccountId
    balance: int = 0
    """What may be spent."""

    held: int = 0
    """What is set aside for generations that are not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an account has according to its row, its ledger, and the generations that are open."""

    kept: Funds
    """The running sums."""

    counted: Funds
    """The sums over the ledger."""

    open_prices: int
    """What is held according to the generations themselves."""

    @property
    def is_sound(self) -> bool:
        """Whether all of them say the same, and nothing is below zero."""
        agree = self.kept == self.counted and self.kept.held == self.open_prices
        return agree and self.kept.balance >= 0 and self.kept.held >= 0


def entries(change: Change) -> tuple[Entry, ...]:
    """Return what a change adds to the ledger: nothing, for what is free."""
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
    """Raise Conflict when a generation must not be forgotten: it holds what nobody would free."""
    if generation.price and not generation.state.is_final:
        raise Conflict(f"generation {generation.id} still holds credits; cancel it first")


def shortage(line: Entry, have: Funds) -> str:
    """Return the sentence about a line that takes more than there is."""
    wanted, there = format_credits(-line.balance), format_credits(have.balance)
    return f"this takes {wanted} credits, and the account {have.account_id!r} has {there}"


def has_ended(change: Change) -> bool:
    """Return whether this is the change with which a generation became final."""
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
    """What one account has used on one day, as far as it ended alike."""

    day: date
    """In UTC, on which it ended."""

    account_id: AccountId
    key_id: str | None
    """The key that asked; None where the server asked for none, or an operator did."""

    model: str
    state: State
    count: int
    micro: int
    """The micro-credits that were due."""


def usage_of(change: Change) -> Usage | None:
    """Return what a change adds to what was used; None while the generation goes on."""
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
