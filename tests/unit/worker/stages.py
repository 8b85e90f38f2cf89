"""Generations at every stage of an attempt at an upstream."""

from datetime import datetime

from rushes.core import lifecycle
from rushes.core.generation import AttemptState, Failure, Generation
from rushes.core.lifecycle import Change
from rushes.worker.context import WorkerContext

UP = "up"
"""The name of the channel."""

IN_DOUBT = Failure(code="submit_unconfirmed", message="the line was cut")


def changes(
    generation: Generation, until: AttemptState, *, job_id: str = "u1", now: datetime
) -> list[Change]:
    """Return the changes that bring a queued generation's attempt to a state."""
    steps = [lifecycle.claim(generation, engine="scripted", channel=UP, now=now)]
    if until is AttemptState.RENDERING:
        return steps
    steps.append(
        lifecycle.submit_upstream(steps[-1].after, token="t" * 32, credential="c", now=now)
    )
    if until is AttemptState.AMBIGUOUS:
        steps.append(lifecycle.doubt(steps[-1].after, IN_DOUBT, now=now))
    if until is AttemptState.ACCEPTED:
        steps.append(lifecycle.accept(steps[-1].after, job_id, now=now))
    return steps


def at_stage(
    generation: Generation, until: AttemptState, *, job_id: str = "u1", now: datetime
) -> Generation:
    """Return a generation whose attempt is in a state."""
    return changes(generation, until, job_id=job_id, now=now)[-1].after


async def stored(
    context: WorkerContext, generation: Generation, until: AttemptState, *, job_id: str = "u1"
) -> Generation:
    """Store a generation whose attempt is in a state, leased by the context's worker."""
    await context.store.write(lifecycle.submit(generation))
    for change in changes(generation, until, job_id=job_id, now=context.clock.now()):
        await context.store.write(change, lease=context.lease())
    return await context.store.get(generation.id)


def failed_times(generation: Generation, codes: list[str], *, now: datetime) -> Generation:
    """Return a running generation whose earlier attempts failed with these codes."""
    for code in codes:
        running = lifecycle.claim(generation, engine="scripted", channel=UP, now=now).after
        why = Failure(code=code, message="no")
        generation = lifecycle.retry(running, pause_s=0.0, failure=why, now=now).after
    return lifecycle.claim(generation, engine="scripted", channel=UP, now=now).after
