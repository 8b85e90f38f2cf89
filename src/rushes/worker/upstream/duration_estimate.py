"""Estimate how long upstream jobs take, to poll them when they are likely to be done."""

from typing import Final

_LEARNING_RATE: Final = 0.2
"""The weight of one job against all jobs before it."""

_SHARE_OF_REMAINDER: Final = 0.35
"""The share of a job's expected remaining time that passes until the next poll."""

_SHARE_OF_OVERRUN: Final = 0.15
"""The share of the time a job is overdue that passes until the next poll."""


class DurationEstimate:
    """The mean and the spread of the duration of a channel's jobs, learnt from finished jobs."""

    def __init__(self, expected_duration_s: float) -> None:
        self.mean_s = expected_duration_s
        self.spread_s = expected_duration_s / 2

    def learn(self, took_s: float) -> None:
        """Include the duration of a finished job."""
        difference_s = took_s - self.mean_s
        self.mean_s += _LEARNING_RATE * difference_s
        self.spread_s += _LEARNING_RATE * (abs(difference_s) - self.spread_s)

    def pause_s(self, elapsed_s: float, *, shortest_s: float, longest_s: float) -> float:
        """
        Return the pause until the next poll of a job that is *elapsed_s* old.

        The pause is long while the job cannot be done yet, shortest around the usual duration, and
        grows again while the job is overdue.
        """
        early_s = self.mean_s - 2 * self.spread_s - elapsed_s
        late_s = elapsed_s - self.mean_s - 2 * self.spread_s
        wanted_s = max(early_s * _SHARE_OF_REMAINDER, late_s * _SHARE_OF_OVERRUN)
        return min(max(wanted_s, shortest_s), longest_s)

    def progress(self, elapsed_s: float) -> float:
        """Guess the share that is done, below 1.0, for an upstream that reports no progress."""
        return 0.95 * elapsed_s / (elapsed_s + max(self.mean_s, 1.0) / 3)
