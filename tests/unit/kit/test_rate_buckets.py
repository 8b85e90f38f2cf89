"""Buckets let in as many calls as they should, whenever they come."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.rate_buckets import LocalRateBuckets, Reservation, pour

MINUTE = timedelta(minutes=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
gaps_s = st.lists(st.floats(0, 90), max_size=80)
rates = st.integers(1, 30)


class Bucket:
    """A bucket for so many calls a minute."""

    def __init__(self, per_minute: int) -> None:
        self.cost = MINUTE // per_minute
        self._empty_at: datetime | None = None

    def take(self, *, now: datetime, count: int = 1) -> Reservation:
        outcome, self._empty_at = pour(
            self._empty_at, cost=self.cost * count, capacity=MINUTE, now=now
        )
        return outcome


@given(rates, gaps_s)
def test_over_any_time_no_more_are_taken_than_a_minute_holds_and_drains(
    per_minute: int, gaps_s: list[float]
) -> None:
    bucket, now, taken_at = Bucket(per_minute), START, list[datetime]()
    for gap_s in gaps_s:
        now += timedelta(seconds=gap_s)
        if bucket.take(now=now).granted:
            taken_at.append(now)
    for first, begin in enumerate(taken_at):
        for last, end in enumerate(taken_at[first:], first):
            span_s = (end - begin).total_seconds()
            assert last - first + 1 <= per_minute + span_s * per_minute / 60 + 1e-3


@given(rates, gaps_s)
def test_a_caller_that_waits_until_there_is_room_is_let_in(
    per_minute: int, gaps_s: list[float]
) -> None:
    bucket, now = Bucket(per_minute), START
    for gap_s in gaps_s:
        now += timedelta(seconds=gap_s)
        outcome = bucket.take(now=now)
        assert timedelta() <= outcome.level <= MINUTE
        if not outcome.granted:
            now += outcome.level + bucket.cost - MINUTE
            assert bucket.take(now=now).granted


def test_after_a_pause_as_many_may_come_at_once_as_in_a_minute() -> None:
    bucket = Bucket(3)
    assert [bucket.take(now=START).granted for _ in range(4)] == [True, True, True, False]
    assert bucket.take(now=START, count=0).level == MINUTE
    later = START + MINUTE
    assert [bucket.take(now=later).granted for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_is_set_back_lets_nobody_in_and_locks_nobody_out() -> None:
    bucket = Bucket(1)
    assert bucket.take(now=START).granted
    back = START - timedelta(hours=1)
    assert not bucket.take(now=back).granted
    assert bucket.take(now=back + MINUTE).granted


def test_a_bucket_without_a_capacity_grants_everything_and_tells_how_long_to_wait() -> None:
    empty_at, levels = None, []
    for _ in range(3):
        outcome, empty_at = pour(empty_at, cost=MINUTE, capacity=None, now=START)
        assert outcome.granted
        levels.append(outcome.level)
    assert levels == [MINUTE, 2 * MINUTE, 3 * MINUTE]


def reserve(buckets: LocalRateBuckets, name: str, *, cost: timedelta, now: datetime) -> bool:
    reserving = buckets.reserve(name, cost=cost, capacity=MINUTE, now=now)
    return asyncio.run(reserving).granted


def test_each_name_has_a_bucket_of_its_own() -> None:
    buckets = LocalRateBuckets()
    assert reserve(buckets, "a", cost=MINUTE, now=START)
    assert reserve(buckets, "b", cost=MINUTE, now=START)
    assert not reserve(buckets, "a", cost=MINUTE, now=START)


def test_of_very_many_names_few_are_kept_and_those_in_use_first() -> None:
    buckets = LocalRateBuckets(limit=10)
    second = timedelta(seconds=1)
    for number in range(50):
        reserve(buckets, str(number), cost=second, now=START + 2 * second * number / 50)
    assert len(buckets) <= 10
    buckets = LocalRateBuckets(limit=10)
    reserve(buckets, "busy", cost=MINUTE, now=START)
    for number in range(50):
        reserve(buckets, f"idle {number}", cost=second / 1000, now=START + second * number / 100)
    assert not reserve(buckets, "busy", cost=MINUTE, now=START + second)
