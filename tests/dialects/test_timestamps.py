from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.dialects.shared.timestamps import rfc3339


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_has_six_digits_of_a_second(at: datetime) -> None:
    assert rfc3339(at) == f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


@pytest.mark.parametrize(
    ("microsecond", "text"), [(0, "2026-01-31T12:00:00Z"), (120, "2026-01-31T12:00:00.000120Z")]
)
def test_zeros_are_left_out_only_where_that_is_the_format(microsecond: int, text: str) -> None:
    east = timezone(timedelta(hours=1))

    at = datetime(2026, 1, 31, 13, 0, 0, microsecond, tzinfo=east)

    assert rfc3339(at, timespec="auto") == text
