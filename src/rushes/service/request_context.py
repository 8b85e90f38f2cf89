"""Hold the parts of a request that are not its spec: dialect, webhook, idempotency."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from rushes.core.generation import Announce
from rushes.kit.light_values import NEW_DICT, light_value
from rushes.store.base import IdempotencyClaim

KEY_LIFETIME: Final = timedelta(hours=24)
"""How long an idempotency key refers to its first request."""

SDK_RETRY_WINDOW: Final = timedelta(minutes=5)
"""How long an equal request that calls itself a retry counts as one."""


@light_value
class RequestContext:
    """The parts of a submit beside its spec."""

    dialect: str
    origin: str
    """The base URL at which the caller reached the server."""

    announce: Announce | None = None
    memo: Mapping[str, str] = field(default_factory=NEW_DICT)
    """See ``Generation.memo``."""

    idempotency_key: str | None = None
    fingerprint: str = ""
    """A hash of route and body."""

    sdk_retry: int | None = None
    """The number of earlier tries that the client's library reports; None: no report."""

    ignored_fields: tuple[str, ...] = ()
    """See ``Generation.ignored_fields``."""

    def idempotency_claim(self, now: datetime) -> IdempotencyClaim | None:
        """Return the claim that recognizes repetitions; None: each request is a new one."""
        if self.idempotency_key:
            return IdempotencyClaim(
                key=self.idempotency_key, fingerprint=self.fingerprint, until=now + KEY_LIFETIME
            )
        if self.sdk_retry is None:
            return None
        return IdempotencyClaim(
            key=f"sdk:{self.fingerprint}",
            fingerprint=self.fingerprint,
            until=now + SDK_RETRY_WINDOW,
            is_repeat=self.sdk_retry > 0,
        )
