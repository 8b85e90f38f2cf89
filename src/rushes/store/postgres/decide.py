"""
Decide which changes of a group can be made, and what they write.

A group of changes takes two round trips. The first locks and loads what the changes depend on; then
:func:`decide` settles in this process which of them can be made, in their order; the second round
trip writes all of these, table by table, and commits.
"""

from rushes.core.errors import (
    Conflict,
    IdempotencyMismatch,
    InsufficientCredits,
    JobTaken,
)
from rushes.core.generation import Generation, State
from rushes.core.ledger import Funds, shortage
from rushes.store.base import Event
from rushes.store.outbox import DeliveryState, delivery_id, plan_deliveries
from rushes.store.postgres.group_rows import CHANGED, TABLES, Rows
from rushes.store.postgres.group_state import Found, Made, Stored
from rushes.store.sql.archive import inputs_of
from rushes.store.sql.connection import Row
from rushes.store.sql.rows import channel, folded, generation_of, moment
from rushes.store.sql.writing import Writing


class Deferred(Exception):  # no error: the change is written in the next group
    """The change depends on another one of its group, so that it cannot be in the same group."""


def decide(writing: Writing, found: Found, rows: Rows) -> Generation | None:
    """
    Add what a change writes to *rows* and to *found*.

    Returns:
        The generation that an equal request made before; then nothing is added.

    Raises:
        RequestError: The change cannot be made; see :meth:`Store.write`. Nothing was added.

        Deferred: It must wait for the group to be written. Nothing was added.
    """
    if earlier := _made_before(writing, found):
        return earlier
    if writing.in_flight_limit is not None:
        writing.in_flight_limit.check(found.in_flight[writing.in_flight_limit.key_id])
    if (limit := writing.channel_limit) is not None:
        limit.check(found.elsewhere[limit.channel, limit.worker])
    stored = _checked_version(writing, found)
    _check_job(writing, found)
    funds = _checked_funds(writing, found)
    rows.opened |= funds.keys() - found.funds.keys()
    found.funds |= funds
    _add(writing, found, rows, stored)
    return None


def _made_before(writing: Writing, found: Found) -> Generation | None:
    once = writing.once
    if once is None:
        return None
    made = found.used.get((writing.change.after.account_id, once.key))
    if made is None:
        return None
    if made.is_of_this_group:
        raise Deferred
    if not once.is_repeat or made.until <= writing.at or made.generation is None:
        return None
    if made.fingerprint != once.fingerprint:
        raise IdempotencyMismatch("this idempotency key was used for another request")
    return generation_of(*made.generation)


def _checked_version(writing: Writing, found: Found) -> Stored | None:
    """Return the stored generation; None if it is new."""
    before, name = writing.change.before, writing.change.after.id
    stored = found.versions.get(name)
    if before is None:
        if stored is not None:
            raise Conflict(f"there is a generation {name} already")
    elif stored is None or stored.version != before.version:
        raise Conflict(f"generation {name} was changed by somebody else")
    if name in found.changed:
        raise Deferred
    return stored


def _check_job(writing: Writing, found: Found) -> None:
    job, name = writing.change.new_job, writing.change.after.id
    if job is not None and found.jobs.get(job, name) != name:
        raise JobTaken(f"job {job[1]} of {job[0]} belongs to another generation")


def _checked_funds(writing: Writing, found: Found) -> dict[str, Funds]:
    """Return the funds after the lines of a change."""
    after: dict[str, Funds] = {}
    for line in writing.lines:
        name = line.account_id
        have = after.get(name) or found.funds.get(name) or Funds(account_id=name)
        if have.balance + line.balance < 0 or (name not in found.funds and line.balance < 0):
            raise InsufficientCredits(shortage(line, have))
        after[name] = Funds(
            account_id=name, balance=have.balance + line.balance, held=have.held + line.held
        )
    return after


def _add(writing: Writing, found: Found, rows: Rows, stored: Stored | None) -> None:
    change, after = writing.change, writing.change.after
    if stored is None:
        seq, turn = found.generation_seqs.pop(0), _next_turn(after, found)
        rows.new["generation"].append((*_columns_of(writing, seq), 0, turn))
        rows.new["input"] += [(key, seq) for key in inputs_of(writing.body)]
    else:
        seq, turn = stored.seq, stored.turn
        values = (*_columns_of(writing, seq), _media_bytes(after), turn)
        changed = dict(zip(TABLES["generation"], values, strict=True))
        rows.changed.append(tuple(changed[name] for name in CHANGED))
    if change.takes_turn:
        model = after.spec.model
        rows.claimed.append((model, turn, seq))
        found.model_turns[model] = max(turn, found.model_turns.get(model, 0))
    found.versions[after.id] = Stored(
        seq, after.version, turn, channel(after), writing.lease_worker
    )
    found.changed.add(after.id)
    if after.state is State.EXPIRED:
        rows.new["litter"].append((after.id,))
        rows.expired.append(seq)
    if (job := change.new_job) and job not in found.jobs:
        rows.new["upstream_job"].append((*job, seq))
        found.jobs[job] = after.id
    _add_credits(writing, rows)
    _add_event(writing, found, rows, seq)
    _count_in_flight(writing, found)
    _count_elsewhere(writing, found, stored)
    if (once := writing.once) is not None:
        rows.new["once"].append(
            (after.account_id, once.key, once.fingerprint, after.id, moment(once.until))
        )
        found.used[after.account_id, once.key] = Made(
            fingerprint=once.fingerprint, until=0, generation=None, is_of_this_group=True
        )


def _columns_of(writing: Writing, seq: int) -> Row:
    after = writing.change.after
    is_final = after.state.is_final
    return (
        seq,
        after.id,
        after.account_id,
        after.spec.model,
        moment(after.created_at),
        after.key_id,
        folded(after.spec.prompt),
        after.spec.makes.value,
        0 if after.quote is None else after.quote.held,
        after.state.value,
        after.version,
        writing.waits_from,
        writing.lease_worker,
        after.progress,
        channel(after),
        writing.body,
        moment(after.finished_at or after.updated_at) if is_final else None,
    )


def _media_bytes(generation: Generation) -> int | None:
    """Return the size of the files of an ended generation."""
    if not generation.state.is_final:
        return None
    return sum(file.size_bytes for file in generation.artifacts)


def _next_turn(generation: Generation, found: Found) -> int:
    """Return the turn of a new generation; see :meth:`Store.next_available`."""
    queue = (generation.spec.model, generation.account_id)
    latest = found.model_turns.get(generation.spec.model, 0)
    found.turns[queue] = 1 + max(latest, found.turns.get(queue, 0))
    return found.turns[queue]


def _add_credits(writing: Writing, rows: Rows) -> None:
    for line in writing.lines:
        rows.new["ledger"].append(
            (
                line.account_id,
                line.kind.value,
                line.reference,
                line.balance,
                line.held,
                moment(line.at),
                line.note,
            )
        )
        balance, held = rows.funds.get(line.account_id, (0, 0))
        rows.funds[line.account_id] = (balance + line.balance, held + line.held)
    if (used := writing.used) is not None:
        group = (
            used.day.isoformat(),
            used.account_id,
            used.key_id or "",
            used.model,
            used.state.value,
        )
        count, micro = rows.used.get(group, (0, 0))
        rows.used[group] = (count + used.count, micro + used.micro)


def _add_event(writing: Writing, found: Found, rows: Rows, seq: int) -> None:
    change, after = writing.change, writing.change.after
    rows.new["event"].append((seq, change.event, writing.at, writing.body))
    if not change.is_news:
        return
    event = Event(seq=0, type=change.event, at=after.updated_at, generation=after)
    webhooks = found.webhooks.get(after.account_id, ())
    for one in plan_deliveries(event, webhooks, announces=change.announces):
        state = DeliveryState.HELD if one.is_held else DeliveryState.PENDING
        rows.owed.append(
            (
                delivery_id(0, one.webhook_id).removeprefix("msg_0"),
                seq,
                after.account_id,
                one.webhook_id or "",
                one.url,
                one.dialect,
                one.format,
                state.value,
                writing.at,
            )
        )


def _count_elsewhere(writing: Writing, found: Found, stored: Stored | None) -> None:
    """Count a change for the limits of channels that the group checks."""
    now = (channel(writing.change.after), writing.lease_worker)
    before = (stored.channel, stored.lease_worker) if stored else (None, None)
    for name, worker in found.elsewhere:
        is_elsewhere, was_elsewhere = (
            at == name and holder != worker for at, holder in (now, before)
        )
        found.elsewhere[name, worker] += is_elsewhere - was_elsewhere


def _count_in_flight(writing: Writing, found: Found) -> None:
    before, after = writing.change.before, writing.change.after
    if after.key_id is not None:
        was_open = before is not None and not before.state.is_final
        found.in_flight[after.key_id] += (not after.state.is_final) - was_open
