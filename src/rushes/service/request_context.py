"""Hold the parts of a request that are not its spec: dialect, webhook, idempotency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from rushes.core.generation import Announce
from rushes.store.base import IdempotencyClaim

REMEMBERED: Final = timedelta(hours=24)
"""How long an idempotency key stands for the request that it was first sent with."""

SDK_RETRY: Final = timedelta(minutes=5)
"""How long an equal request that calls itself a retry is taken for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Who asks how, as far as the service wants to know."""

    dialect: str
    origin: str
    """The base URL at which the caller reached us."""

    announce: Announce | None = None
    memo: Mapping[str, str] = field(default_factory=dict[str, str])
    """See ``Generation.memo``."""

    idempotency_key: str | None = None
    fingerprint: str = ""
    """A hash of route and body."""

    sdk_retry: int | None = None
    """How often the client's library says it has sent this before; None if it does not say."""

    ignored_fields: tuple[str, ...] = ()
    """See ``Generation.ignored_fields``."""

    def idempotency_claim(self, now: datetime) -> IdempotencyClaim | None:
        """Return what makes a repetition of it one; None when it may be made anew."""
        if self.idempotency_key:
            return IdempotencyClaim(
                key=self.idempotency_key, fingerprint=self.fingerprint, until=now + REMEMBERED
            )
        if self.sdk_retry is None:
            return None
        return IdempotencyClaim(
            key=f"sdk:{self.fingerprint}",
            fingerprint=self.fingerprint,
            until=now + SDK_RETRY,
            is_repeat=self.sdk_retry > 0,
        )
