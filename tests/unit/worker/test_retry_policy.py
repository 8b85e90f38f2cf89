"""Decide what follows a failed attempt."""

from datetime import timedelta

import pytest
from tests.unit.worker.stages import at_stage, failed_times

from rushes.core.errors import (
    ContentRejected,
    MediaError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, Failure, State
from rushes.engines.upstream.base import JobStatus, Phase
from rushes.worker.retry_policy import (
    MAX_EXCUSED,
    REPEAT_S,
    after_deadline,
    after_failure,
    after_undelivered,
    after_upstream_failure,
    counted_attempts,
    excused_attempts,
)
from rushes.worker.undelivered import Undelivered


@pytest.fixture
def running(make_generation, clock):
    def running(*codes):
        return failed_times(make_generation(), list(codes), now=clock.now())

    return running


def test_a_temporary_error_queues_another_attempt(running, clock):
    change = after_failure(
        running(), TemporaryEngineError("later"), max_attempts=3, now=clock.now()
    )
    assert change.after.state is State.QUEUED
    assert change.after.attempts[-1].failure == Failure(code="engine_unavailable", message="later")


def test_a_permanent_error_fails_the_generation(running, clock):
    change = after_failure(running(), ContentRejected("no"), max_attempts=3, now=clock.now())
    assert (change.after.state, change.after.failure.code) == (State.FAILED, "content_rejected")


def test_the_last_attempt_fails_the_generation(running, clock):
    third = running("engine_unavailable", "engine_unavailable")
    change = after_failure(third, TemporaryEngineError("later"), max_attempts=3, now=clock.now())
    assert change.after.state is State.FAILED


def test_the_pause_doubles_with_each_attempt_up_to_a_limit(running, clock):
    pauses = []
    for earlier in range(10):
        generation = running(*["engine_unavailable"] * earlier)
        error = TemporaryEngineError("later")
        change = after_failure(generation, error, max_attempts=99, now=clock.now())
        pauses.append((change.after.available_at - clock.now()).total_seconds())
    assert pauses[0] < pauses[1] < pauses[2]
    assert max(pauses) <= 300.0


def test_the_error_may_say_how_long_to_wait(running, clock):
    error = TemporaryEngineError("later", retry_after_s=77.0)
    change = after_failure(running(), error, max_attempts=3, now=clock.now())
    assert change.after.available_at == clock.now() + timedelta(seconds=77)


def test_an_explicit_pause_wins(running, clock):
    error = TemporaryEngineError("later", retry_after_s=77.0)
    change = after_failure(running(), error, max_attempts=3, pause_s=0.5, now=clock.now())
    assert change.after.available_at == clock.now() + timedelta(seconds=0.5)


@pytest.mark.parametrize("error", [UpstreamBusy("429"), UpstreamUnreachable("no route")])
def test_failures_of_the_channel_do_not_use_up_attempts(running, clock, error):
    generation = running(*[error.code] * 5)
    change = after_failure(generation, error, max_attempts=1, now=clock.now())
    assert change.after.state is State.QUEUED


def test_failures_of_the_channel_have_a_limit_of_their_own(running, clock):
    generation = running(*["upstream_busy"] * (MAX_EXCUSED - 1))
    change = after_failure(generation, UpstreamBusy("429"), max_attempts=3, now=clock.now())
    assert change.after.state is State.FAILED


def test_excused_attempts_are_not_counted(running):
    generation = running("upstream_busy", "engine_error", "channel_unusable")
    assert (excused_attempts(generation), counted_attempts(generation)) == (2, 2)


@pytest.fixture
def accepted(make_generation, clock):
    return at_stage(make_generation(), AttemptState.ACCEPTED, job_id="job-7", now=clock.now())


def status(*, may_repeat: bool = False, failure: Failure | None = None) -> JobStatus:
    return JobStatus(phase=Phase.FAILED, failure=failure, may_repeat=may_repeat)


def test_a_job_that_failed_for_good_fails_with_the_reason_of_its_upstream(accepted, clock):
    why = Failure(code="content_rejected", message="a face")
    change = after_upstream_failure(accepted, status(failure=why), max_attempts=3, now=clock.now())
    assert (change.after.state, change.after.failure) == (State.FAILED, why)


def test_a_job_that_failed_without_a_reason_has_a_failure_with_words(accepted, clock):
    change = after_upstream_failure(accepted, status(), max_attempts=3, now=clock.now())
    assert change.after.failure.code == "engine_error"
    assert change.after.failure.message


def test_a_job_that_may_succeed_next_time_is_repeated_soon(accepted, clock):
    change = after_upstream_failure(
        accepted, status(may_repeat=True), max_attempts=3, now=clock.now()
    )
    assert change.after.state is State.QUEUED
    assert change.after.available_at == clock.now() + timedelta(seconds=REPEAT_S)


def test_a_job_past_its_deadline_fails_and_names_the_job(accepted, clock):
    change = after_deadline(accepted, deadline_s=60.0, now=clock.now())
    assert (change.after.state, change.after.failure.code) == (State.FAILED, "engine_timeout")
    assert "job-7" in change.after.failure.message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ResultMissing("404"), "result_missing"),
        (UpstreamUnreachable("no route"), "result_missing"),
        (MediaError("the disk is full"), "engine_unavailable"),
        (ResultUnusable("a web page"), "result_unusable"),
    ],
)
def test_a_paid_job_without_its_file_fails_and_is_not_made_again(accepted, clock, error, code):
    tries = Undelivered()
    tries.note(error, clock.now())
    clock.advance(seconds=90)
    change = after_undelivered(accepted, error, tries, now=clock.now())
    assert (change.after.state, change.after.failure.code) == (State.FAILED, code)
    if code != "result_unusable":
        assert "job-7" in change.after.failure.message
        assert "90 s" in change.after.failure.message
