"""Keep the ledger in memory."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from rushes.core.errors import Conflict, IdempotencyMismatch, InsufficientCredits
from rushes.core.generation import AccountId, Generation
from rushes.core.ledger import Audit, Entry, EntryKind, Funds, Usage, entries, shortage, usage_of
from rushes.core.lifecycle import Change
from rushes.store.ledger import EntryFilter, UsedFilter

_Group = tuple[object, ...]


class MemoryLedger:
    """
    Keeps lines in a list of this process.

    Args:
        kept: Returns every generation of the store; raises StoreError when that is closed.
    """

    def __init__(self, kept: Callable[[], Iterable[Generation]]) -> None:
        self._kept = kept
        self._lines: list[Entry] = []
        self._written: dict[tuple[str, EntryKind], Entry] = {}
        self._funds: dict[AccountId, Funds] = {}
        self._used: dict[_Group, Usage] = {}

    def check(self, change: Change) -> None:
        """Raise the error that :meth:`note` of a change would raise, without writing."""
        for line in entries(change):
            if (line.reference, line.kind) in self._written:
                raise Conflict(f"the {line.kind} of {line.reference} was written already")
            have = self._have(line.account_id)
            if have.balance + line.balance < 0:
                raise InsufficientCredits(shortage(line, have))

    def note(self, change: Change) -> None:
        """Write the lines of a change that was checked."""
        for line in entries(change):
            self._write(line)
        more = usage_of(change)
        if more is not None:
            before = self._used.get(_group(more), replace(more, count=0, micro=0))
            self._used[_group(more)] = replace(
                before, count=before.count + more.count, micro=before.micro + more.micro
            )

    async def grant(self, entry: Entry) -> Entry:
        self._kept()
        earlier = self._written.get((entry.reference, entry.kind))
        if earlier is not None:
            if (earlier.account_id, earlier.balance) != (entry.account_id, entry.balance):
                raise IdempotencyMismatch(f"{entry.reference} was used for another grant")
            return earlier
        have = self._have(entry.account_id)
        if have.balance + entry.balance < 0:
            raise InsufficientCredits(shortage(entry, have))
        return self._write(entry)

    def _write(self, line: Entry) -> Entry:
        line = replace(line, seq=len(self._lines) + 1)
        have = self._have(line.account_id)
        self._lines.append(line)
        self._written[line.reference, line.kind] = line
        self._funds[line.account_id] = replace(
            have, balance=have.balance + line.balance, held=have.held + line.held
        )
        return line

    def _have(self, account_id: AccountId) -> Funds:
        return self._funds.get(account_id, Funds(account_id=account_id))

    async def funds(self, account_id: AccountId) -> Funds:
        self._kept()
        return self._have(account_id)

    async def all_funds(self) -> tuple[Funds, ...]:
        self._kept()
        return tuple(self._funds[name] for name in sorted(self._funds))

    async def entries(self, wanted: EntryFilter) -> tuple[Entry, ...]:
        self._kept()
        found = (
            line
            for line in reversed(self._lines)
            if wanted.account_id in {None, line.account_id}
            and (wanted.before_seq is None or line.seq < wanted.before_seq)
        )
        return tuple(islice(found, wanted.limit))

    async def audit(self) -> tuple[Audit, ...]:
        held = [one for one in self._kept() if one.price and not one.state.is_final]
        names = {*self._funds, *(one.account_id for one in held)}
        return tuple(
            Audit(
                recorded=self._have(name),
                counted=Funds(
                    account_id=name,
                    balance=sum(one.balance for one in self._lines if one.account_id == name),
                    held=sum(one.held for one in self._lines if one.account_id == name),
                ),
                open_prices=sum(one.price for one in held if one.account_id == name),
            )
            for name in sorted(names)
        )

    async def used(self, wanted: UsedFilter) -> tuple[Usage, ...]:
        self._kept()
        found = [one for one in self._used.values() if _is_wanted(one, wanted)]
        return tuple(sorted(found, key=_group))


def _group(one: Usage) -> _Group:
    return (one.day, one.account_id, one.key_id or "", one.model, one.state)


def _is_wanted(one: Usage, wanted: UsedFilter) -> bool:
    return (
        wanted.account_id in {None, one.account_id}
        and (wanted.first is None or one.day >= wanted.first)
        and (wanted.last is None or one.day <= wanted.last)
    )
