"""Which of the channels that could do it is asked."""

from collections.abc import Collection, Sequence
from typing import Final

from rushes.core.generation import AttemptState, Generation
from rushes.engines.base import Channel

_IN_VAIN: Final = frozenset({AttemptState.FAILED, AttemptState.UNCONFIRMED})


def choose_channel(
    able: Sequence[Channel], ready: Collection[str], generation: Generation, *, chance: float
) -> Channel | None:
    """
    Return the channel to ask; None: those that are able have no room now.

    One that has failed this generation is asked again only when no other is free. Of the rest
    those with the highest priority are preferred, and among equals it is a draw by weight.

    Args:
        able: Channels that can do all of what was asked.

        ready: Names of the channels that have room and do not rest.

        chance: 0.0 to below 1.0; decides the draw.
    """
    failed = {one.channel for one in generation.attempts if one.state in _IN_VAIN}
    fresh = [channel for channel in able if channel.name not in failed]
    free = [channel for channel in fresh if channel.name in ready]
    if not free:  # rather one that has failed it than none
        free = [channel for channel in able if channel.name in ready]
    if not free:
        return None
    highest = max(channel.priority for channel in free)
    return _drawn([channel for channel in free if channel.priority == highest], chance)


def _drawn(equals: Sequence[Channel], chance: float) -> Channel:
    left = chance * sum(channel.weight for channel in equals)
    for channel in equals:
        left -= channel.weight
        if left < 0:
            return channel
    return equals[-1]
