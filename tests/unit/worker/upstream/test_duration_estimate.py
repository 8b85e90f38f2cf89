"""Estimate how long upstream jobs take, to poll them when they are likely to be done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.worker.upstream.duration_estimate import DurationEstimate

SECONDS = st.floats(min_value=0, max_value=1e5)


def learnt(*durations_s: float) -> DurationEstimate:
    estimate = DurationEstimate(60.0)
    for took_s in durations_s:
        estimate.learn(took_s)
    return estimate


def test_the_first_estimate_is_the_configured_duration():
    assert DurationEstimate(60.0).mean_s == 60.0


def test_the_estimate_approaches_what_jobs_really_take():
    estimate = learnt(*[200.0] * 30)
    assert estimate.mean_s == pytest.approx(200.0, abs=1.0)
    assert estimate.spread_s < 10.0


def test_one_odd_job_changes_little():
    before = learnt(*[60.0] * 30)
    after = learnt(*[60.0] * 30, 600.0)
    assert after.mean_s - before.mean_s < 120.0


def test_a_job_that_cannot_be_done_yet_is_left_alone_for_long():
    estimate = learnt(*[200.0] * 30)
    assert estimate.pause_s(0.0, shortest_s=2.0, longest_s=300.0) > 30.0


def test_a_job_is_polled_often_when_it_should_be_done():
    estimate = learnt(*[200.0] * 30)
    assert estimate.pause_s(200.0, shortest_s=2.0, longest_s=300.0) == 2.0


def test_an_overdue_job_is_polled_more_and_more_rarely():
    estimate = learnt(*[200.0] * 30)
    pauses = [
        estimate.pause_s(elapsed_s, shortest_s=2.0, longest_s=300.0)
        for elapsed_s in (250.0, 500.0, 1000.0)
    ]
    assert pauses[0] < pauses[1] < pauses[2]


@given(durations_s=st.lists(SECONDS, max_size=20), elapsed_s=SECONDS)
def test_a_pause_is_never_outside_its_limits(durations_s, elapsed_s):
    pause_s = learnt(*durations_s).pause_s(elapsed_s, shortest_s=2.0, longest_s=30.0)
    assert 2.0 <= pause_s <= 30.0


@given(durations_s=st.lists(SECONDS, max_size=20), elapsed_s=SECONDS, more_s=SECONDS)
def test_guessed_progress_grows_and_never_reaches_the_end(durations_s, elapsed_s, more_s):
    estimate = learnt(*durations_s)
    assert 0.0 <= estimate.progress(elapsed_s) <= estimate.progress(elapsed_s + more_s) < 1.0
