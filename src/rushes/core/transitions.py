"""List the legal transitions of a generation, what each means, and the event it leaves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from rushes.core.generation import AttemptState, State


class Trigger(StrEnum):
    """An event that changes a generation."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    RESUME = "resume"
    PLAN = "plan"
    SUBMIT = "submit"
    DOUBT = "doubt"
    ACCEPT = "accept"
    COMPLETE = "complete"
    RETRY = "retry"
    RELEASE = "release"
    FAIL = "fail"
    CANCEL = "cancel"
    EXPIRE = "expire"


TRANSITIONS: Final[Mapping[tuple[State, Trigger], State]] = {
    (State.QUEUED, Trigger.CLAIM): State.RUNNING,
    (State.QUEUED, Trigger.CANCEL): State.CANCELLED,
    (State.RUNNING, Trigger.RECLAIM): State.RUNNING,
    (State.QUEUED, Trigger.RESUME): State.RUNNING,
    (State.RUNNING, Trigger.RESUME): State.RUNNING,
    (State.RUNNING, Trigger.PLAN): State.RUNNING,
    (State.RUNNING, Trigger.SUBMIT): State.RUNNING,
    (State.RUNNING, Trigger.DOUBT): State.RUNNING,
    (State.RUNNING, Trigger.ACCEPT): State.RUNNING,
    (State.RUNNING, Trigger.COMPLETE): State.COMPLETED,
    (State.RUNNING, Trigger.RETRY): State.QUEUED,
    (State.RUNNING, Trigger.RELEASE): State.QUEUED,
    (State.RUNNING, Trigger.FAIL): State.FAILED,
    (State.RUNNING, Trigger.CANCEL): State.CANCELLED,
    (State.COMPLETED, Trigger.EXPIRE): State.EXPIRED,
}
"""Every legal transition. A transition that is not listed cannot happen."""

_NOT_SUBMITTED: Final = frozenset({None, AttemptState.RENDERING})
_UNANSWERED: Final = frozenset({AttemptState.SUBMITTING, AttemptState.AMBIGUOUS})

ATTEMPTS: Final[Mapping[Trigger, frozenset[AttemptState | None]]] = {
    Trigger.CLAIM: _NOT_SUBMITTED,
    Trigger.RECLAIM: _NOT_SUBMITTED,
    Trigger.RESUME: _UNANSWERED | {AttemptState.ACCEPTED},
    Trigger.PLAN: frozenset({AttemptState.RENDERING}),
    Trigger.SUBMIT: frozenset({AttemptState.RENDERING}),
    Trigger.DOUBT: frozenset({AttemptState.SUBMITTING}),
    Trigger.ACCEPT: _UNANSWERED,
    Trigger.COMPLETE: _NOT_SUBMITTED | {AttemptState.ACCEPTED},
}
"""The state of the open attempt that a trigger needs; None: no open attempt.

A trigger that is not listed is possible in any state. Because of this table nothing is paid twice:
a generation on which an upstream may work cannot be claimed again.
"""

MEANINGS: Final[Mapping[Trigger, str]] = {
    Trigger.CLAIM: "a worker takes it, with a lease",
    Trigger.RECLAIM: "its worker's lease ran out, and another worker takes it",
    Trigger.RESUME: "its worker is gone, and another worker follows the upstream's job",
    Trigger.PLAN: "the shot plan of the attempt is recorded before it is drawn",
    Trigger.SUBMIT: "the worker is about to submit it to an upstream; it is never submitted twice",
    Trigger.DOUBT: "the submit got no clear reply, so the upstream may have accepted the job",
    Trigger.ACCEPT: "the upstream accepted the job, and its id is recorded",
    Trigger.COMPLETE: "every artifact is stored and readable",
    Trigger.RETRY: "the attempt failed, but another may succeed; it waits first",
    Trigger.RELEASE: "its worker stops or cannot store files now; the attempt does not count",
    Trigger.FAIL: "there will be no more attempts",
    Trigger.CANCEL: "the caller cancelled it",
    Trigger.EXPIRE: "its files are too old or take too much space, and are deleted",
}
"""One sentence for each trigger; ``docs/lifecycle.md`` is generated from it."""

EVENTS: Final[Mapping[Trigger, str]] = {
    Trigger.CLAIM: "generation.running",
    Trigger.RECLAIM: "generation.reclaimed",
    Trigger.RESUME: "generation.resumed",
    Trigger.PLAN: "generation.planned",
    Trigger.SUBMIT: "generation.submitting",
    Trigger.DOUBT: "generation.unconfirmed",
    Trigger.ACCEPT: "generation.accepted",
    Trigger.COMPLETE: "generation.completed",
    Trigger.RETRY: "generation.retried",
    Trigger.RELEASE: "generation.released",
    Trigger.FAIL: "generation.failed",
    Trigger.CANCEL: "generation.cancelled",
    Trigger.EXPIRE: "generation.expired",
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
"""The events that webhooks announce."""
