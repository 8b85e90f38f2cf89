"""Compute what a generation costs when it ends."""

from typing import Final

from rushes.core.generation import Artifact, ArtifactKind, AttemptState, Generation

NO_REFUND: Final = (
    "Its price was charged: a service had begun it that gives no money back for what is cancelled."
)
"""The note of a generation that was cancelled too late."""


def completion_charge(generation: Generation, artifacts: tuple[Artifact, ...]) -> int | None:
    """Return the micro-credits that are due for what was made; None when it is free."""
    if generation.quote is None:
        return None
    attempt = generation.open_attempt
    video = next((one for one in artifacts if one.kind is ArtifactKind.VIDEO), None)
    return generation.quote.cost(
        attempt.channel if attempt else None, video.duration_s if video else None
    )


def failure_charge(generation: Generation) -> int | None:
    """Return the micro-credits that are due for what failed: none at all."""
    return None if generation.quote is None else 0


def cancellation_charge(generation: Generation) -> int | None:
    """
    Return the micro-credits that are due for what is cancelled as it is now.

    It costs nothing, unless an upstream has accepted it that takes its money all the same. What
    is in doubt is not charged.
    """
    attempt, quote = generation.open_attempt, generation.quote
    if quote is None or attempt is None or attempt.state is not AttemptState.ACCEPTED:
        return failure_charge(generation)
    if attempt.channel not in quote.kept_when_cancelled:
        return 0
    return quote.cost(attempt.channel, None)
