"""Limit the requests of each key in all processes together, and of each address in this one."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from rushes.core.errors import TooManyRequests
from rushes.kit.rate_buckets import LOCAL_LIMIT, LocalRateBuckets, RateBuckets, Reservation
from rushes.service.accounts import Caller

_MINUTE: Final = timedelta(minutes=1)
_SITE_BITS: Final = 64
"""An IPv6 site has complete networks of addresses; the addresses of one network count as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The remaining part of a limit."""

    limit: int
    remaining: int
    reset_s: float
    """Seconds until the complete limit is available again, without further requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    name: str
    per_minute: int

    @property
    def cost(self) -> timedelta:
        """What one request pours into a bucket that holds a minute."""
        return _MINUTE // self.per_minute


@dataclass(slots=True, kw_only=True)
class _Share:
    """Requests that this process has reserved in the shared bucket of a key."""

    left: int
    reserved_at: datetime
    ends_at: datetime


class RateLimits:
    """
    Counts requests and refuses those above a limit.

    Args:
        requests_per_minute: Requests of one key, without submits; 0: no limit.

        anonymous_requests_per_minute: Requests of one address without a valid key; 0: no limit.
            Each process counts them for itself, so that strangers cause no writes.

        on_loopback: Whether these two limits also apply to callers on this machine.

        buckets: Counts the requests of keys; None: in this process only.
    """

    def __init__(
        self,
        requests_per_minute: int = 0,
        anonymous_requests_per_minute: int = 0,
        *,
        on_loopback: bool = False,
        buckets: RateBuckets | None = None,
    ) -> None:
        self._requests_per_minute = requests_per_minute
        self._anonymous_requests_per_minute = anonymous_requests_per_minute
        self._on_loopback = on_loopback
        self._buckets = LocalRateBuckets() if buckets is None else buckets
        self._anonymous = LocalRateBuckets()
        self._shares: OrderedDict[str, _Share] = OrderedDict()

    async def count_submit(self, caller: Caller, *, now: datetime) -> Rate | None:
        """
        Count a submit; return the remaining part of the limit, or None without a limit.

        Raises:
            TooManyRequests: The limit is exceeded.
        """
        limit = _submit_limit(caller)
        if limit is None:
            return None
        rate = await _count(self._buckets, limit, now=now)
        return _granted(rate, limit, "requests for a generation a minute with this key")

    async def remaining_submits(self, caller: Caller, *, now: datetime) -> Rate | None:
        """Return the remaining submits without counting one; None without a limit."""
        limit = _submit_limit(caller)
        if limit is None:
            return None
        return _rate(await _count(self._buckets, limit, now=now, count=0), limit)

    async def count_request(self, caller: Caller, address: str, *, now: datetime) -> None:
        """Count any other request of a key. Raises TooManyRequests above the limit."""
        most = self._requests_per_minute
        if not most or (not self._on_loopback and _is_loopback(address)):
            return
        limit = _Limit(name=f"requests:{caller.key_id or _site(address)}", per_minute=most)
        if not self._take_from_share(limit.name, now):
            await self._reserve_share(limit, now)

    async def count_anonymous(self, address: str, *, now: datetime) -> None:
        """Count a request without a valid key. Raises TooManyRequests above the limit."""
        most = self._anonymous_requests_per_minute
        if not most or (not self._on_loopback and _is_loopback(address)):
            return
        limit = _Limit(name=_site(address), per_minute=most)
        counted = await _count(self._anonymous, limit, now=now)
        _granted(counted, limit, "requests a minute without a key from one address")

    def _take_from_share(self, name: str, now: datetime) -> bool:
        share = self._shares.get(name)
        if share is None or not share.left or not share.reserved_at <= now < share.ends_at:
            return False
        share.left -= 1
        return True

    async def _reserve_share(self, limit: _Limit, now: datetime) -> None:
        """Count the request, and reserve what a second allows, to spare the store the others."""
        count = max(1, limit.per_minute // 60)
        counted = await _count(self._buckets, limit, now=now, count=count)
        if not counted.granted and count > 1:
            counted, count = await _count(self._buckets, limit, now=now), 1
        _granted(counted, limit, "requests a minute with this key")
        self._shares[limit.name] = _Share(
            left=count - 1, reserved_at=now, ends_at=now + timedelta(seconds=1)
        )
        self._shares.move_to_end(limit.name)
        if len(self._shares) > LOCAL_LIMIT:
            self._shares.popitem(last=False)


def _submit_limit(caller: Caller) -> _Limit | None:
    most = caller.limits.submits_per_minute
    if most is None or caller.key_id is None:
        return None
    return _Limit(name=f"submits:{caller.key_id}", per_minute=most)


async def _count(
    buckets: RateBuckets, limit: _Limit, *, now: datetime, count: int = 1
) -> Reservation:
    # Another limit is another bucket, which starts empty.
    name = f"{limit.name}:{limit.per_minute}"
    return await buckets.reserve(name, cost=limit.cost * count, capacity=_MINUTE, now=now)


def _granted(counted: Reservation, limit: _Limit, what: str) -> Rate:
    if not counted.granted:
        raise TooManyRequests(
            f"the limit is {limit.per_minute} {what}",
            retry_after_s=(counted.level + limit.cost - _MINUTE).total_seconds(),
            limit=limit.per_minute,
            reset_s=counted.level.total_seconds(),
        )
    return _rate(counted, limit)


def _rate(counted: Reservation, limit: _Limit) -> Rate:
    return Rate(
        limit=limit.per_minute,
        remaining=(_MINUTE - counted.level) // limit.cost,
        reset_s=counted.level.total_seconds(),
    )


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
