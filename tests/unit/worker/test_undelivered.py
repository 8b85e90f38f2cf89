"""Decide how long to keep trying for the file of a finished upstream job."""

import pytest

from rushes.core.errors import (
    MediaError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.engines.upstream.base import UpstreamTerms
from rushes.worker.undelivered import (
    LONGEST_PAUSE_S,
    OWN_TROUBLE_AFTER_S,
    UNUSABLE_AFTER_S,
    UNUSABLE_TRIES,
    Cause,
    Undelivered,
)

TERMS = UpstreamTerms(result_missing_after_s=900.0, deadline_s=3600.0)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ResultMissing("404"), Cause.MISSING),
        (UpstreamLost("no such job"), Cause.MISSING),
        (ResultUnusable("a page"), Cause.UNUSABLE),
        (UpstreamUnreachable("cut"), Cause.UNREACHABLE),
        (UpstreamBusy("429"), Cause.UNREACHABLE),
        (MediaError("full"), Cause.OURS),
        (TemporaryEngineError("no process"), Cause.OURS),
        (ValueError("a bug"), Cause.OURS),
    ],
)
def test_the_cause_follows_from_the_error(clock, error, cause):
    assert Undelivered().note(error, clock.now()) is cause


def test_pauses_grow_up_to_a_limit(clock):
    tries, pauses = Undelivered(), []
    for _ in range(12):
        tries.note(ResultMissing("404"), clock.now())
        pauses.append(tries.pause_s)
    assert pauses[:3] == sorted(pauses[:3])
    assert pauses[0] < pauses[3]
    assert pauses[-1] <= LONGEST_PAUSE_S


def over_after(clock, error, *, every_s: float, terms: UpstreamTerms = TERMS) -> float:
    """Return the seconds of failed tries after which the file is given up."""
    tries, begun = Undelivered(), clock.now()
    while True:
        tries.note(error, clock.now())
        if tries.is_over(terms, clock.now()):
            return (clock.now() - begun).total_seconds()
        clock.advance(seconds=every_s)


def test_a_missing_file_gets_the_time_that_the_channel_allows(clock):
    assert over_after(clock, ResultMissing("404"), every_s=10) == 900.0


def test_an_unreachable_upstream_gets_its_whole_deadline(clock):
    assert over_after(clock, UpstreamUnreachable("cut"), every_s=10) == 3600.0


def test_an_unusable_file_gets_several_tries_over_some_time(clock):
    assert over_after(clock, ResultUnusable("a page"), every_s=1) == UNUSABLE_AFTER_S


def test_an_unusable_file_gets_several_tries_even_if_they_are_far_apart(clock):
    least_s = (UNUSABLE_TRIES - 1) * 1000.0
    assert over_after(clock, ResultUnusable("a page"), every_s=1000) == least_s


def test_a_full_disk_here_gets_a_day(clock):
    assert over_after(clock, MediaError("full"), every_s=600) == OWN_TROUBLE_AFTER_S


def test_another_cause_starts_the_count_of_that_cause_anew(clock):
    tries = Undelivered()
    tries.note(ResultMissing("404"), clock.now())
    clock.advance(seconds=899)
    tries.note(UpstreamUnreachable("cut"), clock.now())
    clock.advance(seconds=10)
    tries.note(ResultMissing("404"), clock.now())
    assert not tries.is_over(TERMS, clock.now())
    assert (tries.same, tries.lasted_s(clock.now())) == (1, 0.0)


def test_causes_of_the_upstream_that_alternate_do_not_go_on_for_ever(clock):
    tries = Undelivered()
    for turn in range(1000):
        error = UpstreamUnreachable("cut") if turn % 2 else ResultMissing("404")
        tries.note(error, clock.now())
        if tries.is_over(TERMS, clock.now()):
            break
        clock.advance(seconds=10)
    assert turn * 10 == 3600


def test_trouble_of_our_own_between_does_not_count_against_the_upstream(clock):
    tries = Undelivered()
    tries.note(UpstreamUnreachable("cut"), clock.now())
    clock.advance(seconds=3599)
    tries.note(MediaError("full"), clock.now())
    clock.advance(seconds=10)
    tries.note(UpstreamUnreachable("cut"), clock.now())
    assert not tries.is_over(TERMS, clock.now())
