"""Buckets let in as many as they should, whenever they come."""

from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.token_bucket import Bucket, Buckets

gaps_s = st.lists(st.floats(0, 90), max_size=80)
sizes = st.integers(1, 30)


@given(sizes, gaps_s)
def test_over_any_time_no_more_are_taken_than_it_holds_and_gets_back(
    per_minute: int, gaps_s: list[float]
) -> None:
    bucket, now_s, taken_at = Bucket(per_minute, now_s=0.0), 0.0, list[float]()
    for gap_s in gaps_s:
        now_s += gap_s
        if bucket.take(now_s=now_s).taken:
            taken_at.append(now_s)
    for first, begin_s in enumerate(taken_at):
        for last, end_s in enumerate(taken_at[first:], first):
            assert last - first + 1 <= per_minute + (end_s - begin_s) * per_minute / 60 + 1e-6


@given(sizes, gaps_s)
def test_who_waits_as_long_as_he_is_told_is_let_in(per_minute: int, gaps_s: list[float]) -> None:
    bucket, now_s = Bucket(per_minute, now_s=0.0), 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        level = bucket.take(now_s=now_s)
        assert 0 <= level.remaining <= level.limit == per_minute
        if not level.taken:
            assert level.wait_s > 0
            now_s += level.wait_s + 1e-6
            assert bucket.take(now_s=now_s).taken


def test_after_a_pause_as_many_may_come_at_once_as_in_a_minute() -> None:
    bucket = Bucket(3, now_s=0.0)
    assert [bucket.take(now_s=0.0).taken for _ in range(4)] == [True, True, True, False]
    full_again_s = bucket.take(now_s=0.0, count=0).reset_s
    assert full_again_s == 60
    assert [bucket.take(now_s=full_again_s).taken for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_is_set_back_lets_nobody_in_and_locks_nobody_out() -> None:
    bucket = Bucket(1, now_s=1000.0)
    assert bucket.take(now_s=1000.0).taken
    assert not bucket.take(now_s=0.0).taken
    assert bucket.take(now_s=60.0).taken


def test_each_name_has_a_bucket_of_its_own_and_another_size_is_another_bucket() -> None:
    buckets = Buckets()
    assert buckets.take("a", per_minute=1, now_s=0).taken
    assert buckets.take("b", per_minute=1, now_s=0).taken
    assert not buckets.take("a", per_minute=1, now_s=0).taken
    assert buckets.take("a", per_minute=2, now_s=0).taken


def test_however_many_names_come_along_few_are_kept_and_those_in_use_first() -> None:
    buckets = Buckets(most=10)
    buckets.take("busy", per_minute=1, now_s=100)
    for number in range(50):
        buckets.take(str(number), per_minute=60, now_s=100 + 2 * number / 50)
    assert len(buckets) <= 10
    buckets = Buckets(most=10)
    buckets.take("busy", per_minute=1, now_s=100)
    for number in range(50):
        buckets.take(f"idle {number}", per_minute=600_000, now_s=100 + number / 1000)
    assert not buckets.take("busy", per_minute=1, now_s=101).taken
