"""Decide how long to keep trying for the file of a finished upstream job."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from rushes.core.errors import (
    ResultMissing,
    ResultUnusable,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.engines.upstream.base import UpstreamTerms
from rushes.kit.backoff import exponential_s

FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 120.0

UNUSABLE_TRIES: Final = 3
UNUSABLE_AFTER_S: Final = 60.0
"""A file that is not a video is fetched this many times, over at least this long.

A relay may report a job as completed a little early and serve something else until then.
"""

OWN_TROUBLE_AFTER_S: Final = 86_400.0
"""How long the server waits for space on a full disk; a person needs time to act."""


class Cause(Enum):
    """Why the file of a finished job could not be fetched or stored."""

    MISSING = auto()
    """The upstream answers that there is none."""

    UNUSABLE = auto()
    """The upstream sends something that is not the video or still."""

    UNREACHABLE = auto()
    """The upstream did not answer; the file may exist."""

    OURS = auto()
    """This machine could not read or store the file."""


@dataclass(slots=True)
class Undelivered:
    """The failed tries in a row for one job's file."""

    tries: int = 0
    cause: Cause | None = None
    """Of the last try."""

    same: int = 0
    """Tries in a row that failed for that cause."""

    same_since: datetime | None = None
    upstream_since: datetime | None = None
    """The time since which every try has failed because of the upstream."""

    is_reported: bool = False
    """Whether it was counted against the health of its channel."""

    def note(self, error: Exception, now: datetime) -> Cause:
        """Count a failed try and return its cause."""
        cause = _cause(error)
        if cause is not self.cause:
            self.cause, self.same, self.same_since = cause, 0, now
        self.tries += 1
        self.same += 1
        if cause is Cause.OURS:
            self.upstream_since = None
        elif self.upstream_since is None:
            self.upstream_since = now
        return cause

    @property
    def pause_s(self) -> float:
        """Seconds until the next try; longer after each that failed."""
        return exponential_s(max(self.tries, 1), base_s=FIRST_PAUSE_S, cap_s=LONGEST_PAUSE_S)

    def lasted_s(self, now: datetime) -> float:
        """Return for how many seconds the last cause has lasted."""
        return _seconds(self.same_since, now)

    def is_over(self, terms: UpstreamTerms, now: datetime) -> bool:
        """
        Return whether to give up on the file.

        The video is paid for, so patience depends on how certain its loss is: a file that is
        missing gets ``result_missing_after_s``. An upstream that cannot be reached gets at least
        its ``deadline_s``, because an outage says nothing about the file.
        """
        same_s = _seconds(self.same_since, now)
        outage_s = max(terms.deadline_s, terms.result_missing_after_s)
        if _seconds(self.upstream_since, now) >= outage_s:
            return True
        match self.cause:
            case Cause.MISSING:
                return same_s >= terms.result_missing_after_s
            case Cause.UNUSABLE:
                return self.same >= UNUSABLE_TRIES and same_s >= UNUSABLE_AFTER_S
            case Cause.OURS:
                return same_s >= OWN_TROUBLE_AFTER_S
            case _:
                return False


def _cause(error: Exception) -> Cause:
    if isinstance(error, ResultMissing | UpstreamLost):
        return Cause.MISSING
    if isinstance(error, ResultUnusable):
        return Cause.UNUSABLE
    if isinstance(error, UpstreamUnreachable | UpstreamBusy):
        return Cause.UNREACHABLE
    return Cause.OURS


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()
