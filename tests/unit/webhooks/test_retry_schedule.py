"""When a delivery is tried again, and when it is not."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.store.outbox import DeliveryState
from rushes.webhooks.retry_schedule import (
    JITTER,
    LONGEST_WAIT_S,
    PAUSES_S,
    TryResult,
    next_step,
    pause_s,
    result_of_reply,
    retry_after_s,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
chances = st.floats(0, 1)


def test_the_pauses_are_those_that_are_promised() -> None:
    pauses = [pause_s(n, fast_retries_s=(), chance=0.0) for n in range(1, 9)]

    assert pauses == [10, 30, 120, 600, 3600, 21_600, 86_400, None]


def test_fast_retries_come_first() -> None:
    pauses = [pause_s(n, fast_retries_s=(0.1, 0.1), chance=0.0) for n in range(1, 5)]

    assert pauses == [0.1, 0.1, 10, 30]


@given(failures=st.integers(1, 7), chance=chances)
def test_jitter_only_lengthens_and_only_by_its_share(failures: int, chance: float) -> None:
    pause = pause_s(failures, fast_retries_s=(), chance=chance)

    assert pause is not None
    assert PAUSES_S[failures - 1] <= pause <= PAUSES_S[failures - 1] * (1 + JITTER)


@given(status=st.integers(100, 999))
def test_only_the_200s_are_success_and_only_410_is_final(status: int) -> None:
    result = result_of_reply(status, {}, now=NOW)

    assert (result.error is None) == (200 <= status < 300)
    assert result.may_repeat == (status != 410)
    assert result.error is None or str(status) in result.error


def test_a_redirect_is_named_with_where_it_leads() -> None:
    error = result_of_reply(301, {"location": "https://www.example.test/hook"}, now=NOW).error

    assert error is not None
    assert "redirects are not followed" in error
    assert "https://www.example.test/hook" in error


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_is_busy_may_say_for_how_long(status: int) -> None:
    assert result_of_reply(status, {"retry-after": "77"}, now=NOW).wait_s == 77


@pytest.mark.parametrize("status", [301, 400, 500, 502])
def test_others_may_not(status: int) -> None:
    assert result_of_reply(status, {"retry-after": "77"}, now=NOW).wait_s == 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("999999999999", LONGEST_WAIT_S),
        ("9" * 400, 0),
        ("-5", 0),
        ("1e9", 0),
        ("soon", 0),
        ("", 0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
        ("Thu, 01 Jan 2026 00:00:30 -0000", 30),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT_S),
    ],
)
def test_retry_after_is_read_in_both_spellings_and_bounded(value: str, seconds: float) -> None:
    assert retry_after_s(value, now=NOW) == seconds


@given(value=st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]?\w+"))
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    assert 0 <= retry_after_s(value, now=NOW) <= LONGEST_WAIT_S


verdicts = st.builds(
    TryResult,
    error=st.none() | st.just("no"),
    may_repeat=st.booleans(),
    wait_s=st.floats(0, LONGEST_WAIT_S),
)
fast = st.lists(st.floats(0.05, 5), max_size=4)


@given(result=verdicts, failures=st.integers(1, 20), fast=fast, chance=chances)
def test_the_next_try_is_never_sooner_than_the_receiver_asked(
    result: TryResult, failures: int, fast: list[float], chance: float
) -> None:
    state, next_at = next_step(
        result, failures=failures, fast_retries_s=fast, chance=chance, now=NOW
    )

    assert (state is DeliveryState.DELIVERED) == (result.error is None)
    if state is DeliveryState.PENDING:
        wait = timedelta(seconds=result.wait_s)
        assert result.may_repeat
        assert failures <= len(PAUSES_S) + len(fast)
        assert next_at - NOW >= wait
        assert next_at > NOW
    else:
        assert next_at == NOW


@given(fast=fast)
def test_a_receiver_that_never_answers_is_given_up_after_the_whole_schedule(
    fast: list[float],
) -> None:
    failures, state = 0, DeliveryState.PENDING
    while state is DeliveryState.PENDING:
        failures += 1
        state, _ = next_step(
            TryResult(error="no"), failures=failures, fast_retries_s=fast, chance=0.5, now=NOW
        )

    assert state is DeliveryState.FAILED
    assert failures == 1 + len(fast) + len(PAUSES_S)
