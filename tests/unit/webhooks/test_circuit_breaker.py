"""When a receiver is left in peace, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.webhooks.circuit_breaker import LONGEST_PAUSE_S, MAX_TARGETS, CircuitBreaker
from rushes.webhooks.target_queues import address_of, host_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_failures_below_the_threshold_change_nothing() -> None:
    breaker = CircuitBreaker(threshold=3)
    for _ in range(2):
        breaker.record_failure("a", now=NOW)

    assert breaker.paused_until("a", now=NOW) is None


def test_rests_double_until_the_longest_and_end_by_themselves() -> None:
    breaker, rests = CircuitBreaker(threshold=2), []
    now = NOW
    breaker.record_failure("a", now=now)
    for _ in range(6):
        breaker.record_failure("a", now=now)
        until = breaker.paused_until("a", now=now)
        assert until is not None
        rests.append((until - now).total_seconds())
        now = until
        assert breaker.paused_until("a", now=now) is None, "it may be tried once the rest is over"

    assert rests == [30, 60, 120, 240, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_what_was_under_way_when_the_rest_began_makes_it_no_longer() -> None:
    breaker = CircuitBreaker(threshold=2)
    for _ in range(5):
        breaker.record_failure("a", now=NOW)

    assert breaker.paused_until("a", now=NOW) == after(30)
    breaker.record_failure("a", now=NOW, requested_s=40)
    assert breaker.paused_until("a", now=NOW) == after(40), "unless it asked for that"


def test_a_success_forgives_everything() -> None:
    breaker = CircuitBreaker(threshold=2)
    for _ in range(5):
        breaker.record_failure("a", now=NOW)
    breaker.record_success("a")

    assert breaker.paused_until("a", now=NOW) is None
    breaker.record_failure("a", now=NOW)
    assert breaker.paused_until("a", now=NOW) is None


def test_one_receiver_s_failures_are_not_another_s() -> None:
    breaker = CircuitBreaker(threshold=1)
    breaker.record_failure("a", now=NOW)

    assert breaker.paused_until("b", now=NOW) is None


@pytest.mark.parametrize(("requested_s", "rest_s"), [(7.0, 7.0), (10**9, LONGEST_PAUSE_S)])
def test_who_asks_to_be_left_in_peace_is(requested_s: float, rest_s: float) -> None:
    breaker = CircuitBreaker(threshold=9)
    breaker.record_failure("a", now=NOW, requested_s=requested_s)

    assert breaker.paused_until("a", now=NOW) == after(rest_s)


def test_what_is_remembered_has_an_end() -> None:
    breaker = CircuitBreaker(threshold=1)
    for number in range(MAX_TARGETS + 1):
        breaker.record_failure(number, now=NOW)

    assert breaker.paused_until(0, now=NOW) is None
    assert breaker.paused_until(1, now=NOW) is not None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1000), st.floats(0, 1e9)), max_size=40))
def test_no_rest_is_longer_than_the_longest(steps: list[tuple[bool, float, float]]) -> None:
    breaker, now = CircuitBreaker(threshold=3), NOW
    for well, pause_s, requested_s in steps:
        now += timedelta(seconds=pause_s)
        if well:
            breaker.record_success("a")
        else:
            breaker.record_failure("a", now=now, requested_s=requested_s)
        until = breaker.paused_until("a", now=now)
        assert until is None or now < until <= now + timedelta(seconds=LONGEST_PAUSE_S)


@pytest.mark.parametrize(
    ("url", "target", "spot"),
    [
        ("https://A.example/x?id=1#y", "a.example", "https://A.example/x"),
        ("http://u:p@a.example:81/x", "a.example:81", "http://u:p@a.example:81/x"),
        ("http://[::1", "http://[::1", "http://[::1"),
    ],
)
def test_what_a_receiver_is_known_by(url: str, target: str, spot: str) -> None:
    assert host_of(url) == target
    assert address_of(url) == spot
