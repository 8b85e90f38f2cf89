"""When a channel's rest counts."""

from datetime import UTC, datetime, timedelta

import pytest

from rushes.core.channel_pause import ChannelPause, PausedBy

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def a_rest(by: PausedBy, *, until: datetime | None = None) -> ChannelPause:
    return ChannelPause(channel="a", fingerprint="f", reason="why", since=NOW, until=until, by=by)


@pytest.mark.parametrize("by", PausedBy)
def test_a_rest_ends_with_its_time(by: PausedBy) -> None:
    rest = a_rest(by, until=NOW + timedelta(seconds=1))
    assert rest.is_in_force("f", NOW)
    assert not rest.is_in_force("f", NOW + timedelta(seconds=1))


@pytest.mark.parametrize("by", PausedBy)
def test_only_an_operators_rest_outlives_another_configuration(by: PausedBy) -> None:
    rest = a_rest(by)
    assert rest.is_in_force("f", NOW)
    assert rest.is_in_force(None, NOW)
    assert rest.is_in_force("other", NOW) is (by is PausedBy.OPERATOR)
