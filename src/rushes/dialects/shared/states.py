"""
Fold the states of a generation into the four that foreign APIs know.

Each dialect also has one ``match`` of its own over the states, so that a new state is a type
error there, too.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar, assert_never

from rushes.core.generation import Generation, State

Word = TypeVar("Word", bound=str)

CANCELLED: Final = "cancelled by the caller"
FAILED_WITHOUT_REASON: Final = "the generation failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateWords(Generic[Word]):
    """
    The words of one vocabulary for the state of a job.

    Foreign APIs have no word for a cancelled or expired generation: it is failed there, and the
    reason says why.
    """

    queued: Word
    running: Word
    completed: Word
    failed: Word

    def of(self, state: State) -> Word:
        """Return the word for *state*."""
        match state:
            case State.QUEUED:
                return self.queued
            case State.RUNNING:
                return self.running
            case State.COMPLETED:
                return self.completed
            case State.FAILED | State.CANCELLED | State.EXPIRED:
                return self.failed
            case _:
                assert_never(state)


def failure_reason(generation: Generation) -> str | None:
    """Return why there will be no file; None when there is one or may be one."""
    match generation.state:
        case State.QUEUED | State.RUNNING | State.COMPLETED:
            return None
        case State.CANCELLED:
            return CANCELLED
        case State.FAILED | State.EXPIRED:
            return generation.failure.message if generation.failure else FAILED_WITHOUT_REASON
        case _:
            assert_never(generation.state)


def progress_percent(generation: Generation) -> int:
    """Return 100 for a completed generation and at most 99 for any other."""
    if generation.state is State.COMPLETED:
        return 100
    return min(99, int(generation.progress * 100))
