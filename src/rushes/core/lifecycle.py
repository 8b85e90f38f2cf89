"""
Make the changes of a generation; :mod:`rushes.core.transitions` lists the legal ones.

Every function is pure: it takes a generation and returns the change to write. A store writes the
new generation and its event in one transaction, so that no webhook is lost, and none announces a
change that did not happen.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rushes.core import charges
from rushes.core.errors import Expired, IllegalTransition
from rushes.core.generation import Artifact, Attempt, AttemptState, Failure, Generation, State
from rushes.core.shot_plan import ShotPlan
from rushes.core.transitions import ANNOUNCED, ATTEMPTS, EVENTS, TRANSITIONS, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a generation: its state before and after, and the event to announce."""

    before: Generation | None
    after: Generation
    event: str
    """Event type in dotted form, e.g. ``generation.completed``."""

    @property
    def is_news(self) -> bool:
        """Whether webhooks announce this event and have not announced it before."""
        if self.event not in ANNOUNCED:
            return False
        was_announced = self.before is not None and self.before.started_at is not None
        return self.event != "generation.running" or not was_announced

    @property
    def takes_turn(self) -> bool:
        """Whether a worker takes the generation from the queue."""
        was_queued = self.before is not None and self.before.state is State.QUEUED
        return was_queued and self.after.state is State.RUNNING

    @property
    def announces(self) -> bool:
        """Whether the webhook of the request itself announces this event."""
        announce = self.after.announce
        if announce is None or not self.is_news:
            return False
        return self.after.state.is_final or not announce.only_final

    @property
    def new_job(self) -> tuple[str, str] | None:
        """Channel and id of the upstream's job, if this change records it first."""
        attempt = self.after.attempts[-1] if self.after.attempts else None
        if attempt is None or attempt.upstream_id is None:
            return None
        known = self.before.attempts[-1] if self.before and self.before.attempts else None
        if known is not None and known.upstream_id == attempt.upstream_id:
            return None
        return attempt.channel, attempt.upstream_id


def submit(generation: Generation) -> Change:
    """Return the change that creates *generation*."""
    return Change(before=None, after=generation, event="generation.queued")


def claim(
    generation: Generation, *, engine: str, channel: str | None = None, now: datetime
) -> Change:
    """
    Return the claim of a queued generation, or of a running one whose lease ran out.

    Args:
        engine: The name of the engine, as replies show it.

        channel: The channel that will run it; by default the engine's name.

    Raises:
        IllegalTransition: An upstream may work on it: call :func:`resume`.
    """
    trigger = Trigger.RECLAIM if generation.state is State.RUNNING else Trigger.CLAIM
    _check(generation, trigger)
    begun = Attempt(
        number=generation.attempt + 1,
        channel=channel or engine,
        state=AttemptState.RENDERING,
        began_at=now,
    )
    return _move(
        generation,
        trigger,
        now,
        attempt=begun.number,
        attempts=(*_ended(generation, AttemptState.LOST, now), begun),
        progress=0.0,
        engine=engine,
        shot_plan=None,  # this attempt may draw another, or be one of an engine that draws none
        started_at=generation.started_at or now,
    )


def resume(generation: Generation, *, now: datetime) -> Change:
    """
    Return the takeover of a submitted generation; a submit without a reply becomes ambiguous.

    Raises:
        IllegalTransition: It was not submitted to an upstream: call :func:`claim`.
    """
    attempt = _open(generation, Trigger.RESUME)
    if attempt.state is AttemptState.SUBMITTING:
        why = Failure(code="submit_unconfirmed", message="its worker ended while it was submitting")
        attempt = replace(attempt, state=AttemptState.AMBIGUOUS, failure=why)
    return _move(generation, Trigger.RESUME, now, attempts=_with(generation, attempt))


def plan(
    generation: Generation,
    shot_plan: ShotPlan,
    *,
    prompt_used: str | None = None,
    note: str | None = None,
    now: datetime,
) -> Change:
    """Return the record of the plan that the engine is about to draw."""
    return _move(
        generation,
        Trigger.PLAN,
        now,
        shot_plan=shot_plan,
        prompt_used=prompt_used,
        note=note,
    )


def submit_upstream(
    generation: Generation,
    *,
    token: str,
    credential: str,
    prompt_used: str | None = None,
    note: str | None = None,
    now: datetime,
) -> Change:
    """Return the change to record before a submit to an upstream."""
    submitting = replace(
        _open(generation, Trigger.SUBMIT),
        state=AttemptState.SUBMITTING,
        token=token,
        credential=credential,
        submitted_at=now,
    )
    return _move(
        generation,
        Trigger.SUBMIT,
        now,
        attempts=_with(generation, submitting),
        prompt_used=prompt_used,
        note=note,
    )


def doubt(generation: Generation, why: Failure, *, now: datetime) -> Change:
    """Return the change for a submit without a clear reply."""
    attempt = _open(generation, Trigger.DOUBT)
    unsure = replace(attempt, state=AttemptState.AMBIGUOUS, failure=why)
    return _move(generation, Trigger.DOUBT, now, attempts=_with(generation, unsure))


def accept(generation: Generation, upstream_id: str, *, now: datetime) -> Change:
    """Return the acceptance by an upstream under this id, also of an ambiguous submit."""
    accepted = replace(
        _open(generation, Trigger.ACCEPT),
        state=AttemptState.ACCEPTED,
        upstream_id=upstream_id,
        accepted_at=now,
        failure=None,
    )
    return _move(generation, Trigger.ACCEPT, now, attempts=_with(generation, accepted))


def complete(
    generation: Generation,
    artifacts: tuple[Artifact, ...],
    *,
    prompt_used: str | None = None,
    note: str | None = None,
    now: datetime,
) -> Change:
    """Return the completion. Every artifact must be readable in the media store."""
    return _move(
        generation,
        Trigger.COMPLETE,
        now,
        attempts=_ended(generation, AttemptState.COMPLETED, now),
        artifacts=artifacts,
        charged=charges.completion_charge(generation, artifacts),
        progress=1.0,
        prompt_used=prompt_used or generation.prompt_used,
        note=note or generation.note,
        finished_at=now,
    )


def retry(
    generation: Generation,
    *,
    pause_s: float,
    failure: Failure | None = None,
    now: datetime,
) -> Change:
    """
    Return the step back to the queue; no worker may claim the generation for *pause_s* seconds.

    A paid attempt ends with it. Use it only if the upstream did not accept the job, or failed it,
    or if the operator prefers to pay twice.
    """
    available_at = now + timedelta(seconds=pause_s)
    return _move(
        generation,
        Trigger.RETRY,
        now,
        attempts=_ended(generation, AttemptState.FAILED, now, failure),
        available_at=available_at,
        progress=0.0,
    )


def release(generation: Generation, *, pause_s: float = 0.0, now: datetime) -> Change:
    """
    Return the release by a worker that stops, or cannot continue for *pause_s* seconds.

    Without a pause the generation keeps its place in the queue. An attempt on which an upstream may
    work stays as it is.
    """
    is_paid = generation.paid_attempt is not None
    return _move(
        generation,
        Trigger.RELEASE,
        now,
        attempt=generation.attempt - (0 if is_paid else 1),
        attempts=generation.attempts if is_paid else generation.attempts[:-1],
        available_at=now + timedelta(seconds=pause_s) if pause_s else generation.available_at,
        progress=0.0,
    )


def fail(generation: Generation, failure: Failure, *, now: datetime) -> Change:
    """Return the failure, which is final and costs nothing."""
    return _move(
        generation,
        Trigger.FAIL,
        now,
        attempts=_ended(generation, AttemptState.FAILED, now, failure),
        charged=charges.failure_charge(generation),
        failure=failure,
        finished_at=now,
    )


def cancel(generation: Generation, *, now: datetime) -> Change:
    """Return the cancellation, which is final. It may cost credits at some upstreams."""
    due = charges.cancellation_charge(generation)
    return _move(
        generation,
        Trigger.CANCEL,
        now,
        attempts=_ended(generation, AttemptState.CANCELLED, now),
        charged=due,
        note=charges.NO_REFUND if due else generation.note,
        finished_at=now,
    )


def expire(generation: Generation, *, now: datetime) -> Change:
    """Return the expiry of a completed generation: without files, with the reason."""
    message = f"its files were kept until {now:%Y-%m-%d %H:%M} UTC and have been removed"
    why = Failure(code=Expired.code, message=message)
    return _move(generation, Trigger.EXPIRE, now, artifacts=(), failure=why)


def _check(generation: Generation, trigger: Trigger) -> None:
    """Raise IllegalTransition if the tables do not allow the trigger now."""
    if (generation.state, trigger) not in TRANSITIONS:
        raise IllegalTransition(f"cannot {trigger} a generation that is {generation.state}")
    attempt = generation.open_attempt
    if trigger in ATTEMPTS and (attempt and attempt.state) not in ATTEMPTS[trigger]:
        attempt_state = attempt.state if attempt else "not begun"
        raise IllegalTransition(f"cannot {trigger} a generation whose attempt is {attempt_state}")


def _open(generation: Generation, trigger: Trigger) -> Attempt:
    """Return the open attempt, which *trigger* needs."""
    _check(generation, trigger)
    return generation.attempts[-1]


def _with(generation: Generation, attempt: Attempt) -> tuple[Attempt, ...]:
    """Return the attempts, with *attempt* in place of the last."""
    return (*generation.attempts[:-1], attempt)


def _ended(
    generation: Generation, state: AttemptState, now: datetime, failure: Failure | None = None
) -> tuple[Attempt, ...]:
    """Return the attempts; the last one ends if it is open."""
    attempt = generation.open_attempt
    if attempt is None:
        return generation.attempts
    is_failure = state is AttemptState.FAILED
    if is_failure and attempt.state is AttemptState.AMBIGUOUS:
        state = AttemptState.UNCONFIRMED
    ended = replace(attempt, state=state, ended_at=now, failure=failure or attempt.failure)
    return _with(generation, ended)


def _move(generation: Generation, trigger: Trigger, now: datetime, **changes: object) -> Change:
    _check(generation, trigger)
    after = replace(
        generation,
        state=TRANSITIONS[generation.state, trigger],
        version=generation.version + 1,
        updated_at=now,
        phase=None,
        **changes,  # type: ignore[arg-type]  # only the named callers above pass fields
    )
    return Change(before=generation, after=after, event=EVENTS[trigger])
