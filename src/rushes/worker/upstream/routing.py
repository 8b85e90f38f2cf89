"""Choose a channel for a generation."""

from collections.abc import Collection, Sequence
from typing import Final

from rushes.core.generation import AttemptState, Generation
from rushes.engines.base import Channel

_UNSUCCESSFUL: Final = frozenset({AttemptState.FAILED, AttemptState.UNCONFIRMED})


def choose_channel(
    capable: Sequence[Channel], ready: Collection[str], generation: Generation, *, chance: float
) -> Channel | None:
    """
    Return the channel for a generation; None if no capable channel is ready.

    A channel that has failed this generation is chosen only when no other is ready. Among the
    others the highest priority wins, and a random draw by weight decides between equals.

    Args:
        capable: Channels that can make the generation as specified.

        ready: Names of the channels that have free capacity and are not paused.

        chance: 0.0 to below 1.0; decides the draw.
    """
    failed = {one.channel for one in generation.attempts if one.state in _UNSUCCESSFUL}
    fresh = [channel for channel in capable if channel.name not in failed]
    free = [channel for channel in fresh if channel.name in ready]
    if not free:  # better a channel that failed it than none
        free = [channel for channel in capable if channel.name in ready]
    if not free:
        return None
    highest = max(channel.priority for channel in free)
    return _draw_by_weight([channel for channel in free if channel.priority == highest], chance)


def _draw_by_weight(equals: Sequence[Channel], chance: float) -> Channel:
    left = chance * sum(channel.weight for channel in equals)
    for channel in equals:
        left -= channel.weight
        if left < 0:
            return channel
    return equals[-1]
