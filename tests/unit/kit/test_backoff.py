"""The laws of waiting longer each time."""

from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.backoff import exponential_s

ATTEMPTS = st.integers(1, 10_000)
BASES_S = st.floats(0.001, 1000)
CAPS_S = st.floats(0.001, 100_000)


@given(BASES_S, CAPS_S)
def test_the_first_pause_is_the_base_or_the_cap(base_s: float, cap_s: float) -> None:
    assert exponential_s(1, base_s=base_s, cap_s=cap_s) == min(base_s, cap_s)


@given(ATTEMPTS, BASES_S, CAPS_S)
def test_no_pause_is_over_the_cap_or_nothing(attempt: int, base_s: float, cap_s: float) -> None:
    assert 0 < exponential_s(attempt, base_s=base_s, cap_s=cap_s) <= cap_s


@given(ATTEMPTS, BASES_S, CAPS_S)
def test_each_pause_is_twice_the_last_until_the_cap(
    attempt: int, base_s: float, cap_s: float
) -> None:
    pause_s = exponential_s(attempt, base_s=base_s, cap_s=cap_s)
    following_s = exponential_s(attempt + 1, base_s=base_s, cap_s=cap_s)
    assert following_s in {min(cap_s, 2 * pause_s), cap_s}
    assert following_s >= pause_s


def test_a_large_count_does_not_overflow() -> None:
    assert exponential_s(10**9, base_s=5, cap_s=300) == 300
