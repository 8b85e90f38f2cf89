"""
The one place that decides what may follow what.

Every function is pure: it takes a generation and returns the change to be written. A store
writes the new generation and its event in one transaction, so an announcement can be neither
lost nor made for something that did not happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rushes.core.errors import IllegalTransition
from rushes.core.generation import Artifact, Failure, Generation, State


class Trigger(StrEnum):
    """What can happen to a generation."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    COMPLETE = "complete"
    RETRY = "retry"
    RELEASE = "release"
    FAIL = "fail"
    CANCEL = "cancel"


TRANSITIONS: Final[Mapping[tuple[State, Trigger], State]] = {
    (State.QUEUED, Trigger.CLAIM): State.RUNNING,
    (State.QUEUED, Trigger.CANCEL): State.CANCELLED,
    (State.RUNNING, Trigger.RECLAIM): State.RUNNING,
    (State.RUNNING, Trigger.COMPLETE): State.COMPLETED,
    (State.RUNNING, Trigger.RETRY): State.QUEUED,
    (State.RUNNING, Trigger.RELEASE): State.QUEUED,
    (State.RUNNING, Trigger.FAIL): State.FAILED,
    (State.RUNNING, Trigger.CANCEL): State.CANCELLED,
}
"""Every legal move. What is not listed cannot happen."""

MEANINGS: Final[Mapping[Trigger, str]] = {
    Trigger.CLAIM: "a worker takes it, with a lease",
    Trigger.RECLAIM: "its worker's lease ran out, and another worker takes it",
    Trigger.COMPLETE: "every artifact is stored and readable",
    Trigger.RETRY: "the attempt failed in a way that another may not; it waits first",
    Trigger.RELEASE: "its worker must stop or cannot keep files now; the attempt is uncounted",
    Trigger.FAIL: "no more attempts will be made",
    Trigger.CANCEL: "the caller asked",
}
"""One sentence for each trigger; ``docs/lifecycle.md`` is made from it."""

EVENTS: Final[Mapping[Trigger, str]] = {
    Trigger.CLAIM: "generation.running",
    Trigger.RECLAIM: "generation.reclaimed",
    Trigger.COMPLETE: "generation.completed",
    Trigger.RETRY: "generation.retried",
    Trigger.RELEASE: "generation.released",
    Trigger.FAIL: "generation.failed",
    Trigger.CANCEL: "generation.cancelled",
}
"""The event that each trigger leaves behind; a new generation leaves ``generation.queued``."""

ANNOUNCED: Final = frozenset(
    {
        "generation.running",
        "generation.completed",
        "generation.failed",
        "generation.cancelled",
    }
)
"""The events that a caller who asked to be told is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of one generation: what it was, what it becomes, what is to be told."""

    before: Generation | None
    after: Generation
    event: str
    """Event type in dotted form, e.g. ``generation.completed``."""

    @property
    def announces(self) -> bool:
        """Whether the caller asked to be told, and this is one of the things he is told."""
        announce = self.after.announce
        if announce is None or self.event not in ANNOUNCED:
            return False
        if announce.only_final:
            return self.after.state.is_final
        was_told = self.before is not None and self.before.started_at is not None
        return self.event != "generation.running" or not was_told


def submit(generation: Generation) -> Change:
    """Return the change that brings *generation* into being."""
    return Change(before=None, after=generation, event="generation.queued")


def claim(generation: Generation, *, engine: str, now: datetime) -> Change:
    """Return the claim of a queued generation, or of a running one whose lease ran out."""
    trigger = Trigger.RECLAIM if generation.state is State.RUNNING else Trigger.CLAIM
    return _move(
        generation,
        trigger,
        now,
        attempt=generation.attempt + 1,
        progress=0.0,
        engine=engine,
        started_at=generation.started_at or now,
    )


def complete(
    generation: Generation,
    artifacts: tuple[Artifact, ...],
    *,
    prompt_used: str | None = None,
    note: str | None = None,
    now: datetime,
) -> Change:
    """Return the completion: every artifact must already be readable."""
    return _move(
        generation,
        Trigger.COMPLETE,
        now,
        artifacts=artifacts,
        progress=1.0,
        prompt_used=prompt_used,
        note=note,
        finished_at=now,
    )


def retry(generation: Generation, *, pause_s: float, now: datetime) -> Change:
    """Return the step back to the queue, not to be claimed for *pause_s* seconds."""
    available_at = now + timedelta(seconds=pause_s)
    return _move(generation, Trigger.RETRY, now, available_at=available_at, progress=0.0)


def release(generation: Generation, *, pause_s: float = 0.0, now: datetime) -> Change:
    """
    Return the giving back by a worker that must stop, or cannot go on for *pause_s* seconds.

    Without a pause it keeps its place in the queue.
    """
    return _move(
        generation,
        Trigger.RELEASE,
        now,
        attempt=generation.attempt - 1,
        available_at=now + timedelta(seconds=pause_s) if pause_s else generation.available_at,
        progress=0.0,
    )


def fail(generation: Generation, failure: Failure, *, now: datetime) -> Change:
    """Return the failure; it is final."""
    return _move(generation, Trigger.FAIL, now, failure=failure, finished_at=now)


def cancel(generation: Generation, *, now: datetime) -> Change:
    """Return the cancellation; it is final."""
    return _move(generation, Trigger.CANCEL, now, finished_at=now)


def _move(generation: Generation, trigger: Trigger, now: datetime, **changes: object) -> Change:
    state = TRANSITIONS.get((generation.state, trigger))
    if state is None:
        raise IllegalTransition(f"cannot {trigger} a generation that is {generation.state}")
    after = replace(
        generation,
        state=state,
        version=generation.version + 1,
        updated_at=now,
        **changes,  # type: ignore[arg-type]  # only the named callers above pass fields
    )
    return Change(before=generation, after=after, event=EVENTS[trigger])
