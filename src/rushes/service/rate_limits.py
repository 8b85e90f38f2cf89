"""Limit the requests of each key and address, counted in this process."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from rushes.core.errors import TooManyRequests
from rushes.kit.token_bucket import Buckets, Level
from rushes.service.accounts import Caller

_SITE_BITS: Final = 64
"""An IPv6 site has complete networks of addresses; the addresses of one network count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The remaining part of a limit."""

    limit: int
    remaining: int
    reset_s: float
    """Seconds until the complete limit is available again, without further requests."""


class RateLimits:
    """
    Counts requests and refuses those above a limit.

    Args:
        requests_per_minute: Requests of one key, without submits; 0: no limit.

        anonymous_requests_per_minute: Requests of one address without a valid key; 0: no limit.

        on_loopback: Whether these two limits also apply to callers on this machine.
    """

    def __init__(
        self,
        requests_per_minute: int = 0,
        anonymous_requests_per_minute: int = 0,
        *,
        on_loopback: bool = False,
    ) -> None:
        self._requests_per_minute = requests_per_minute
        self._anonymous_requests_per_minute = anonymous_requests_per_minute
        self._on_loopback = on_loopback
        self._submits = Buckets()
        self._requests = Buckets()
        self._anonymous = Buckets()

    def count_submit(self, caller: Caller, *, now: datetime) -> Rate | None:
        """
        Count a submit; return the remaining part of the limit, or None without a limit.

        Raises:
            TooManyRequests: The limit is exceeded.
        """
        most = caller.limits.submits_per_minute
        if most is None or caller.key_id is None:
            return None
        level = self._submits.take(caller.key_id, per_minute=most, now_s=now.timestamp())
        return _counted(level, "requests for a generation a minute with this key")

    def remaining_submits(self, caller: Caller, *, now: datetime) -> Rate | None:
        """Return the remaining submits without counting one; None without a limit."""
        most = caller.limits.submits_per_minute
        if most is None or caller.key_id is None:
            return None
        now_s = now.timestamp()
        return _rate(self._submits.take(caller.key_id, per_minute=most, now_s=now_s, count=0))

    def count_request(self, caller: Caller, address: str, *, now: datetime) -> None:
        """Count any other request of a key. Raises TooManyRequests above the limit."""
        most = self._requests_per_minute
        if not most or (not self._on_loopback and _is_loopback(address)):
            return
        name = caller.key_id or _site(address)
        level = self._requests.take(name, per_minute=most, now_s=now.timestamp())
        _counted(level, "requests a minute with this key")

    def count_anonymous(self, address: str, *, now: datetime) -> None:
        """Count a request without a valid key. Raises TooManyRequests above the limit."""
        most = self._anonymous_requests_per_minute
        if not most or (not self._on_loopback and _is_loopback(address)):
            return
        level = self._anonymous.take(_site(address), per_minute=most, now_s=now.timestamp())
        _counted(level, "requests a minute without a key from one address")


def _counted(level: Level, what: str) -> Rate:
    if not level.taken:
        raise TooManyRequests(
            f"the limit is {level.limit} {what}",
            retry_after_s=level.wait_s,
            limit=level.limit,
            reset_s=level.reset_s,
        )
    return _rate(level)


def _rate(level: Level) -> Rate:
    return Rate(limit=level.limit, remaining=level.remaining, reset_s=level.reset_s)


@lru_cache(maxsize=4096)
def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return not address  # a Unix socket, or a test's transport, has none


@lru_cache(maxsize=4096)
def _site(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> _SITE_BITS << _SITE_BITS))
    return address
