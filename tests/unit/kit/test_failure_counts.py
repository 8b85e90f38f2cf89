"""When what fails is left in peace, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.failure_counts import (
    LONGEST_PAUSE_S,
    FailureCount,
    LocalFailureCounts,
    count_failure,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def failed(times: int, *, threshold: int) -> FailureCount:
    count = FailureCount()
    for _ in range(times):
        count = count_failure(count, threshold=threshold, now=NOW)
    return count


def test_failures_below_the_threshold_change_nothing() -> None:
    assert failed(2, threshold=3).pause_at(NOW) is None


def test_pauses_double_until_the_longest_and_end_by_themselves() -> None:
    count, pauses, now = failed(1, threshold=2), [], NOW
    for _ in range(6):
        count = count_failure(count, threshold=2, now=now)
        until = count.pause_at(now)
        assert until is not None
        pauses.append((until - now).total_seconds())
        now = until
        assert count.pause_at(now) is None, "it may be tried once the pause is over"

    assert pauses == [30, 60, 120, 240, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_what_was_under_way_when_the_pause_began_makes_it_no_longer() -> None:
    count = failed(5, threshold=2)

    assert count.pause_at(NOW) == after(30)
    count = count_failure(count, threshold=2, now=NOW, requested_s=40)
    assert count.pause_at(NOW) == after(40), "unless it asked for that"


@pytest.mark.parametrize(("requested_s", "pause_s"), [(7.0, 7.0), (10**9, LONGEST_PAUSE_S)])
def test_who_asks_to_be_left_in_peace_is(requested_s: float, pause_s: float) -> None:
    count = count_failure(FailureCount(), threshold=9, now=NOW, requested_s=requested_s)

    assert count.pause_at(NOW) == after(pause_s)


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1e9)), max_size=40))
def test_no_pause_is_longer_than_the_longest(steps: list[tuple[float, float]]) -> None:
    count, now = FailureCount(), NOW
    for gap_s, requested_s in steps:
        now += timedelta(seconds=gap_s)
        count = count_failure(count, threshold=3, now=now, requested_s=requested_s)
        until = count.pause_at(now)
        assert until is None or now < until <= now + timedelta(seconds=LONGEST_PAUSE_S)


async def test_names_are_counted_apart_and_a_success_forgives_everything() -> None:
    counts = LocalFailureCounts()
    await counts.add_failure("a", threshold=1, now=NOW)
    await counts.add_failure("b", threshold=2, now=NOW)

    found = await counts.failure_counts(["a", "b", "c"])
    assert {name: count.pause_at(NOW) for name, count in found.items()} == {
        "a": after(30),
        "b": None,
    }
    await counts.reset_failures("a")
    assert (await counts.add_failure("a", threshold=2, now=NOW)).pause_at(NOW) is None


async def test_what_is_remembered_has_an_end() -> None:
    counts = LocalFailureCounts(limit=10)
    for number in range(11):
        await counts.add_failure(str(number), threshold=1, now=NOW)

    assert set(await counts.failure_counts(["0", "1", "10"])) == {"1", "10"}
