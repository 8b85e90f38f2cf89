"""Record why a channel takes no work, who decided it, and until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PausedBy(StrEnum):
    """The cause of a pause."""

    BREAKER = "breaker"
    """The channel failed too often in a row; the server tries it again by itself."""

    REFUSAL = "refusal"
    """The upstream refuses the key or the address; an operator has to correct it."""

    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPause:
    """The reason why a channel takes no new work at present, and its end."""

    channel: str
    fingerprint: str
    """Identifies the channel's configuration at that time. A new configuration ends the pause,
    unless an operator made it."""

    reason: str
    since: datetime
    until: datetime | None
    """None: until an operator ends the pause or changes the configuration."""

    by: PausedBy

    def is_in_force(self, fingerprint: str | None, now: datetime) -> bool:
        """Return whether the pause applies at *now* to a channel with this *fingerprint*."""
        if self.until is not None and self.until <= now:
            return False
        return self.by is PausedBy.OPERATOR or fingerprint in {None, self.fingerprint}
