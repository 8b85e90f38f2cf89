"""Compute the cost of a generation when it ends."""

from typing import Final

from rushes.core.generation import Artifact, ArtifactKind, AttemptState, Generation

NO_REFUND: Final = (
    "Its price was charged: a service had begun it that gives no money back for what is cancelled."
)
"""The note of a generation that was cancelled too late."""


def completion_charge(generation: Generation, artifacts: tuple[Artifact, ...]) -> int | None:
    """Return the micro-credits due for a completed generation; None when it is free."""
    if generation.quote is None:
        return None
    attempt = generation.open_attempt
    video = next((one for one in artifacts if one.kind is ArtifactKind.VIDEO), None)
    return generation.quote.cost(
        attempt.channel if attempt else None, video.duration_s if video else None
    )


def failure_charge(generation: Generation) -> int | None:
    """Return the micro-credits due for a failed generation: 0, or None when it is free."""
    return None if generation.quote is None else 0


def cancellation_charge(generation: Generation) -> int | None:
    """
    Return the micro-credits due if the generation is cancelled now.

    A cancellation is free, unless an upstream has accepted the job and charges for cancelled jobs.
    An ambiguous submit is free.
    """
    attempt, quote = generation.open_attempt, generation.quote
    if quote is None or attempt is None or attempt.state is not AttemptState.ACCEPTED:
        return failure_charge(generation)
    if attempt.channel not in quote.kept_when_cancelled:
        return 0
    return quote.cost(attempt.channel, None)
