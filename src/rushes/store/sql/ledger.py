"""Keep the ledger: its lines, the balances, and the usage."""

from dataclasses import replace
from datetime import date
from typing import Final

from rushes.core.errors import Conflict, IdempotencyMismatch, InsufficientCredits
from rushes.core.generation import AccountId, State
from rushes.core.ledger import Audit, Entry, EntryKind, Funds, Usage, shortage
from rushes.store.ledger import EntryFilter, UsedFilter
from rushes.store.sql.connection import Connection, Reader, Row, Writer, rows
from rushes.store.sql.rows import moment, when

_COLUMNS: Final = "seq, account_id, kind, reference, balance, held, at, note"
_BY_REFERENCE: Final = f"SELECT {_COLUMNS} FROM ledger WHERE reference = ? AND kind = ?"  # noqa: S608  # every part is a constant of this module, here and below
_FUNDS: Final = "SELECT account_id, balance, held FROM funds"

_COUNT: Final = """
    INSERT INTO used (day, account_id, key_id, model, state, count, micro)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (day, account_id, key_id, model, state) DO UPDATE
        SET count = used.count + excluded.count, micro = used.micro + excluded.micro
"""


def post(db: Connection, line: Entry) -> int:
    """
    Write a line, change the balance, and return the line's position.

    Raises:
        Conflict: It was written already.

        InsufficientCredits: The balance would fall below zero.
    """
    added = db.execute(
        "INSERT INTO ledger (account_id, kind, reference, balance, held, at, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference, kind) DO NOTHING RETURNING seq",
        (
            line.account_id,
            line.kind,
            line.reference,
            line.balance,
            line.held,
            moment(line.at),
            line.note,
        ),
    ).fetchall()
    if not added:
        raise Conflict(f"the {line.kind} of {line.reference} was written already")
    moved = db.execute(
        "UPDATE funds SET balance = balance + ?, held = held + ?"
        " WHERE account_id = ? AND balance + ? >= 0",
        (line.balance, line.held, line.account_id, line.balance),
    )
    if moved.rowcount != 1:
        _open_account(db, line)
    return int(added[0][0])


def _open_account(db: Connection, line: Entry) -> None:
    """Open an account with its first line; refuse a line that takes credits."""
    found = db.execute(f"{_FUNDS} WHERE account_id = ?", (line.account_id,)).fetchone()
    have = funds_of(found) if found else Funds(account_id=line.account_id)
    if found or line.balance < 0:
        raise InsufficientCredits(shortage(line, have))
    db.execute(
        "INSERT INTO funds (account_id, balance, held) VALUES (?, ?, ?)",
        (line.account_id, line.balance, line.held),
    )


def count(db: Connection, more: Usage) -> None:
    """Add an ended generation to the usage."""
    day = more.day.isoformat()
    group = (day, more.account_id, more.key_id or "", more.model, more.state)
    db.execute(_COUNT, (*group, more.count, more.micro))


def _grant(db: Connection, entry: Entry) -> Entry:
    found = db.execute(_BY_REFERENCE, (entry.reference, entry.kind)).fetchone()
    if found is None:
        return replace(entry, seq=post(db, entry))
    earlier = _entry_of(found)
    if (earlier.account_id, earlier.balance) != (entry.account_id, entry.balance):
        raise IdempotencyMismatch(f"{entry.reference} was used for another grant")
    return earlier


class SqlLedger:
    """
    Implements :class:`Ledger`.

    Args:
        audit: The query that recomputes every account: account, balance, held, both again as
            counted over the ledger, and what unfinished generations hold.
    """

    def __init__(self, writer: Writer, reader: Reader, *, audit: str) -> None:
        self._writer = writer
        self._reader = reader
        self._audit = audit

    async def grant(self, entry: Entry) -> Entry:
        return await self._writer.run(lambda db: _grant(db, entry), alone_for=entry.account_id)

    async def funds(self, account_id: AccountId) -> Funds:
        found = await rows(self._reader, f"{_FUNDS} WHERE account_id = ?", account_id)
        return funds_of(found[0]) if found else Funds(account_id=account_id)

    async def all_funds(self) -> tuple[Funds, ...]:
        return tuple(
            funds_of(row) for row in await rows(self._reader, f"{_FUNDS} ORDER BY account_id")
        )

    async def entries(self, wanted: EntryFilter) -> tuple[Entry, ...]:
        conditions: list[str] = ["TRUE"]
        values: list[object] = []
        if wanted.account_id is not None:
            conditions.append("account_id = ?")
            values.append(wanted.account_id)
        if wanted.before_seq is not None:
            conditions.append("seq < ?")
            values.append(wanted.before_seq)
        where = " AND ".join(conditions)
        query = f"SELECT {_COLUMNS} FROM ledger WHERE {where} ORDER BY seq DESC LIMIT ?"  # noqa: S608  # as above
        return tuple(
            _entry_of(row) for row in await rows(self._reader, query, *values, wanted.limit)
        )

    async def audit(self) -> tuple[Audit, ...]:
        return tuple(_audit_of(row) for row in await rows(self._reader, self._audit))

    async def used(self, wanted: UsedFilter) -> tuple[Usage, ...]:
        conditions: list[str] = ["TRUE"]
        values: list[object] = []
        for condition, value in (
            ("account_id = ?", wanted.account_id),
            ("day >= ?", wanted.first and wanted.first.isoformat()),
            ("day <= ?", wanted.last and wanted.last.isoformat()),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        where = " AND ".join(conditions)
        query = f"""
            SELECT day, account_id, key_id, model, state, count, micro FROM used
            WHERE {where} ORDER BY day, account_id, key_id, model, state
        """  # noqa: S608  # as above
        return tuple(_used_of(row) for row in await rows(self._reader, query, *values))


def funds_of(row: Row) -> Funds:
    """Return the funds of a row."""
    account_id, balance, held = row
    return Funds(account_id=AccountId(account_id), balance=balance, held=held)


def _entry_of(row: Row) -> Entry:
    seq, account_id, kind, reference, balance, held, at, note = row
    return Entry(
        seq=seq,
        account_id=AccountId(account_id),
        kind=EntryKind(kind),
        reference=reference,
        balance=balance,
        held=held,
        at=when(at),
        note=note,
    )


def _audit_of(row: Row) -> Audit:
    account_id, balance, held, counted_balance, counted_held, open_prices = row
    name = AccountId(account_id)
    return Audit(
        recorded=Funds(account_id=name, balance=balance, held=held),
        counted=Funds(account_id=name, balance=counted_balance, held=counted_held),
        open_prices=open_prices,
    )


def _used_of(row: Row) -> Usage:
    day, account_id, key_id, model, state, how_many, micro = row
    return Usage(
        day=date.fromisoformat(day),
        account_id=AccountId(account_id),
        key_id=key_id or None,
        model=model,
        state=State(state),
        count=how_many,
        micro=micro,
    )
