"""Record why a channel takes no work, who decided it, and until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PausedBy(StrEnum):
    """Who has decided that a channel takes no work."""

    BREAKER = "breaker"
    """It failed too often in a row; it is tried again by itself."""

    REFUSAL = "refusal"
    """Its upstream refuses its key or its address; that does not mend by itself."""

    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPause:
    """Why a channel takes no new work at present, and until when."""

    channel: str
    fingerprint: str
    """Of the channel's configuration then; a rest that was no operator's ends with it."""

    reason: str
    since: datetime
    until: datetime | None
    """None: until somebody ends it, or changes the configuration."""

    by: PausedBy

    def is_in_force(self, fingerprint: str | None, now: datetime) -> bool:
        """Return whether it counts at *now*, for a channel of this *fingerprint*."""
        if self.until is not None and self.until <= now:
            return False
        return self.by is PausedBy.OPERATOR or fingerprint in {None, self.fingerprint}
