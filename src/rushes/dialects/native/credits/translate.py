"""Translate balances, ledger entries and usage into replies."""

from rushes.core.credit_amounts import format_credits
from rushes.core.ledger import Entry, Funds, Usage
from rushes.dialects.native.credits.wire import BalanceView, LedgerEntryView, UsageRow


def from_funds(funds: Funds, *, is_metered: bool) -> BalanceView:
    """Return the view of an account's balance."""
    return BalanceView(
        account=funds.account_id,
        is_metered=is_metered,
        balance=format_credits(funds.balance),
        held=format_credits(funds.held),
    )


def from_entry(entry: Entry) -> LedgerEntryView:
    """Return the view of a ledger entry."""
    return LedgerEntryView(
        seq=entry.seq,
        account=entry.account_id,
        kind=entry.kind,
        reference=entry.reference,
        balance=format_credits(entry.balance),
        held=format_credits(entry.held),
        at=entry.at,
        note=entry.note,
    )


def from_usage(used: Usage) -> UsageRow:
    """Return one row of usage."""
    return UsageRow(
        day=used.day,
        account=used.account_id,
        key_id=used.key_id,
        model=used.model,
        state=used.state,
        count=used.count,
        credits=format_credits(used.micro),
    )
