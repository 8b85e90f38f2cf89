"""Turn the worker's phases and steps into one share of the work that never decreases."""

from collections.abc import Mapping, Sequence
from typing import Final

from rushes.core.generation import RenderPhase
from rushes.engines.base import ReportProgress
from rushes.engines.local.messages import ProgressEvent

_SHARES: Final[Mapping[RenderPhase, tuple[float, float]]] = {
    "encode prompt": (0.0, 0.05),
    "denoise": (0.05, 0.75),
    "decode": (0.75, 0.95),
    "write": (0.95, 1.0),
}
"""From where to where each phase is in one part: denoising takes longest, decoding most of the
rest. The phases before the first are at its beginning."""

MADE: Final = 0.97
"""The share when the worker has made all parts; joining them and the pictures are the rest."""


class PartProgress:
    """
    Reports the progress of a job in several parts.

    Args:
        frames: The frames of each part; a part counts as much as it has frames.
    """

    def __init__(self, frames: Sequence[int], report: ReportProgress) -> None:
        self._ends = [sum(frames[: number + 1]) / sum(frames) for number in range(len(frames))]
        self._report = report
        self._share = 0.0

    def follow(self, part: int, event: ProgressEvent) -> None:
        """Report an event of the part with this number, from 0."""
        begin = self._ends[part - 1] if part else 0.0
        phase_begin, phase_end = _SHARES.get(event.phase, (0.0, 0.0))
        within = phase_begin + (phase_end - phase_begin) * min(
            1.0, event.step / max(1, event.steps)
        )
        self._share = max(self._share, MADE * (begin + (self._ends[part] - begin) * within))
        self._report(self._share, event.phase)
