"""How often a key, or an address without one, may come."""

from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Any

import pytest

from rushes.core.errors import TooManyRequests
from rushes.core.generation import AccountId
from rushes.core.keys import KeyLimits
from rushes.kit.clock import FrozenClock
from rushes.kit.rate_buckets import LocalRateBuckets, Reservation
from rushes.service.accounts import Caller
from rushes.service.rate_limits import RateLimits

ELSEWHERE = "203.0.113.7"


def caller(key_id: str = "k", submits_per_minute: int | None = None) -> Caller:
    limits = KeyLimits(submits_per_minute=submits_per_minute)
    return Caller(account_id=AccountId("a"), key_id=key_id, limits=limits)


async def times(act: Callable[[], Awaitable[object]], *, most: int = 100) -> int:
    """Return how often *act* can be done."""
    for number in range(most):
        try:
            await act()
        except TooManyRequests:
            return number
    return most


async def test_a_key_submits_as_often_as_it_may_and_is_told_what_is_left(
    clock: FrozenClock,
) -> None:
    rates, limited = RateLimits(), caller(submits_per_minute=2)
    rate = await rates.count_submit(limited, now=clock.now())
    assert rate is not None
    assert (rate.limit, rate.remaining, rate.reset_s) == (2, 1, 30)
    assert await rates.remaining_submits(limited, now=clock.now()) == rate
    await rates.count_submit(limited, now=clock.now())
    with pytest.raises(TooManyRequests) as refused:
        await rates.count_submit(limited, now=clock.now())
    assert (refused.value.limit, refused.value.retry_after_s, refused.value.reset_s) == (2, 30, 60)
    assert await rates.count_submit(caller("another", 2), now=clock.now()) is not None
    clock.advance(seconds=30)
    assert await rates.count_submit(limited, now=clock.now()) is not None


async def test_a_key_without_a_limit_is_told_of_none(clock: FrozenClock) -> None:
    rates = RateLimits()
    assert await rates.count_submit(caller(), now=clock.now()) is None
    assert await rates.remaining_submits(caller(), now=clock.now()) is None


async def test_polls_have_a_limit_of_their_own(clock: FrozenClock) -> None:
    rates, limited = RateLimits(requests_per_minute=5), caller(submits_per_minute=1)
    assert await times(lambda: rates.count_submit(limited, now=clock.now())) == 1
    assert await times(lambda: rates.count_request(limited, ELSEWHERE, now=clock.now())) == 5
    assert await times(lambda: rates.count_request(caller("b"), ELSEWHERE, now=clock.now())) == 5


async def test_strangers_are_counted_by_address_and_by_network_where_they_have_many(
    clock: FrozenClock,
) -> None:
    rates = RateLimits(anonymous_requests_per_minute=3)

    async def coming_from(*addresses: str) -> int:
        after = iter(addresses * 10)
        return await times(lambda: rates.count_anonymous(next(after), now=clock.now()), most=10)

    assert await coming_from(ELSEWHERE) == 3
    assert await coming_from("203.0.113.8") == 3
    assert await coming_from("2001:db8:1:1::1", "2001:db8:1:1:ffff::2") == 3
    assert await coming_from("2001:db8:1:2::1") == 3
    assert await coming_from("::ffff:198.51.100.1") == 3
    assert await coming_from("::ffff:198.51.100.2") == 3


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
async def test_this_machine_is_not_limited_unless_it_is_said(
    clock: FrozenClock, address: str
) -> None:
    free = RateLimits(requests_per_minute=1, anonymous_requests_per_minute=1)
    held = RateLimits(requests_per_minute=1, anonymous_requests_per_minute=1, on_loopback=True)
    for rates, often in ((free, 100), (held, 1)):
        assert await times(lambda r=rates: r.count_anonymous(address, now=clock.now())) == often  # type: ignore[misc]  # mypy knows no type of a default
        assert (
            await times(lambda r=rates: r.count_request(caller(), address, now=clock.now()))
            == often
        )  # type: ignore[misc]  # as above


async def test_processes_that_share_buckets_count_a_key_together(clock: FrozenClock) -> None:
    buckets, limited = LocalRateBuckets(), caller(submits_per_minute=3)
    nodes = [RateLimits(requests_per_minute=120, buckets=buckets) for _ in range(2)]
    submits = cycle(nodes)
    assert await times(lambda: next(submits).count_submit(limited, now=clock.now())) == 3
    requests = cycle(nodes)

    async def request() -> None:
        await next(requests).count_request(limited, ELSEWHERE, now=clock.now())

    assert await times(request, most=200) == 120


async def test_most_requests_of_a_key_are_counted_without_the_shared_buckets(
    clock: FrozenClock,
) -> None:
    buckets = LocalRateBuckets()
    rates = RateLimits(requests_per_minute=6000, buckets=buckets)
    reserved = []
    reserve = buckets.reserve

    async def note(name: str, **terms: Any) -> Reservation:
        reserved.append(name)
        return await reserve(name, **terms)

    buckets.reserve = note  # type: ignore[method-assign]  # observes
    for _ in range(100):
        await rates.count_request(caller(), ELSEWHERE, now=clock.now())
    assert len(reserved) == 1


async def test_another_limit_of_a_key_starts_a_new_bucket(clock: FrozenClock) -> None:
    rates = RateLimits()
    assert await times(lambda: rates.count_submit(caller("k", 1), now=clock.now())) == 1
    assert await times(lambda: rates.count_submit(caller("k", 2), now=clock.now())) == 2
