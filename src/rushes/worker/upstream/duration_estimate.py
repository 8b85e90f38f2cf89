"""When it is worth looking at an upstream's job again."""

from typing import Final

_LEARNS: Final = 0.2
"""How much one job counts against all that were before it."""

_SHARE_OF_REST: Final = 0.35
"""Of the time that a job is expected to take still, how much passes until the next look."""

_SHARE_OF_OVERRUN: Final = 0.15


class DurationEstimate:
    """How long the jobs of one channel take, learnt from those that were seen to end."""

    def __init__(self, usual_s: float) -> None:
        self.mean_s = usual_s
        self.spread_s = usual_s / 2

    def learn(self, took_s: float) -> None:
        """Count a job that took so long."""
        off_s = took_s - self.mean_s
        self.mean_s += _LEARNS * off_s
        self.spread_s += _LEARNS * (abs(off_s) - self.spread_s)

    def pause_s(self, elapsed_s: float, *, shortest_s: float, longest_s: float) -> float:
        """
        Return the pause until the next look at a job that is *elapsed_s* old.

        Long while it can't be done yet, shortest around the time at which most are, and longer
        again the longer it is overdue.
        """
        early_s = self.mean_s - 2 * self.spread_s - elapsed_s
        late_s = elapsed_s - self.mean_s - 2 * self.spread_s
        wanted_s = max(early_s * _SHARE_OF_REST, late_s * _SHARE_OF_OVERRUN)
        return min(max(wanted_s, shortest_s), longest_s)

    def progress(self, elapsed_s: float) -> float:
        """Return a guess at the share that is done, below 1.0, for who says nothing of it."""
        return 0.95 * elapsed_s / (elapsed_s + max(self.mean_s, 1.0) / 3)
