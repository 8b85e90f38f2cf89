"""When a receiver is left in peace, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.webhooks.circuit_breaker import LONGEST_REST_S, MOST_KNOWN, CircuitBreaker
from rushes.webhooks.url_grouping import spot_of, target_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_failures_below_the_threshold_change_nothing() -> None:
    breaker = CircuitBreaker(threshold=3)
    for _ in range(2):
        breaker.failed("a", now=NOW)

    assert breaker.rests_until("a", now=NOW) is None


def test_rests_double_until_the_longest_and_end_by_themselves() -> None:
    breaker, rests = CircuitBreaker(threshold=2), []
    now = NOW
    breaker.failed("a", now=now)
    for _ in range(6):
        breaker.failed("a", now=now)
        until = breaker.rests_until("a", now=now)
        assert until is not None
        rests.append((until - now).total_seconds())
        now = until
        assert breaker.rests_until("a", now=now) is None, "it may be tried once the rest is over"

    assert rests == [30, 60, 120, 240, LONGEST_REST_S, LONGEST_REST_S]


def test_what_was_under_way_when_the_rest_began_makes_it_no_longer() -> None:
    breaker = CircuitBreaker(threshold=2)
    for _ in range(5):
        breaker.failed("a", now=NOW)

    assert breaker.rests_until("a", now=NOW) == after(30)
    breaker.failed("a", now=NOW, asked_s=40)
    assert breaker.rests_until("a", now=NOW) == after(40), "unless it asked for that"


def test_a_success_forgives_everything() -> None:
    breaker = CircuitBreaker(threshold=2)
    for _ in range(5):
        breaker.failed("a", now=NOW)
    breaker.succeeded("a")

    assert breaker.rests_until("a", now=NOW) is None
    breaker.failed("a", now=NOW)
    assert breaker.rests_until("a", now=NOW) is None


def test_one_receiver_s_failures_are_not_another_s() -> None:
    breaker = CircuitBreaker(threshold=1)
    breaker.failed("a", now=NOW)

    assert breaker.rests_until("b", now=NOW) is None


@pytest.mark.parametrize(("asked_s", "rest_s"), [(7.0, 7.0), (10**9, LONGEST_REST_S)])
def test_who_asks_to_be_left_in_peace_is(asked_s: float, rest_s: float) -> None:
    breaker = CircuitBreaker(threshold=9)
    breaker.failed("a", now=NOW, asked_s=asked_s)

    assert breaker.rests_until("a", now=NOW) == after(rest_s)


def test_what_is_remembered_has_an_end() -> None:
    breaker = CircuitBreaker(threshold=1)
    for number in range(MOST_KNOWN + 1):
        breaker.failed(number, now=NOW)

    assert breaker.rests_until(0, now=NOW) is None
    assert breaker.rests_until(1, now=NOW) is not None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1000), st.floats(0, 1e9)), max_size=40))
def test_no_rest_is_longer_than_the_longest(steps: list[tuple[bool, float, float]]) -> None:
    breaker, now = CircuitBreaker(threshold=3), NOW
    for well, pause_s, asked_s in steps:
        now += timedelta(seconds=pause_s)
        if well:
            breaker.succeeded("a")
        else:
            breaker.failed("a", now=now, asked_s=asked_s)
        until = breaker.rests_until("a", now=now)
        assert until is None or now < until <= now + timedelta(seconds=LONGEST_REST_S)


@pytest.mark.parametrize(
    ("url", "target", "spot"),
    [
        ("https://A.example/x?id=1#y", "a.example", "https://A.example/x"),
        ("http://u:p@a.example:81/x", "a.example:81", "http://u:p@a.example:81/x"),
        ("http://[::1", "http://[::1", "http://[::1"),
    ],
)
def test_what_a_receiver_is_known_by(url: str, target: str, spot: str) -> None:
    assert target_of(url) == target
    assert spot_of(url) == spot
