"""Keep upstream jobs in the order in which they are due for a poll."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.worker.stages import at_stage

from rushes.core.generation import AttemptState
from rushes.worker.upstream.schedule import FollowedJob, PollSchedule

PAUSE = timedelta(seconds=2)


@pytest.fixture
def sooner() -> list[bool]:
    return []


@pytest.fixture
def schedule(sooner) -> PollSchedule:
    return PollSchedule(lambda: sooner.append(True))


@pytest.fixture
def job(make_generation, clock):
    def job(name: str, *, state: AttemptState = AttemptState.ACCEPTED) -> FollowedJob:
        generation = at_stage(make_generation(name), state, job_id=f"u-{name}", now=clock.now())
        return FollowedJob(generation=generation, held_until=clock.now(), due_at=clock.now())

    return job


@pytest.fixture
def put(schedule, job, clock):
    def put(name: str, *, due_s: float = 0.0, state=AttemptState.ACCEPTED) -> FollowedJob:
        made = job(name, state=state)
        schedule.put(made, clock.now() + timedelta(seconds=due_s))
        return made

    return put


def names(jobs) -> list[str]:
    return [one.generation.id for one in jobs]


def test_the_job_that_is_due_the_longest_comes_first(schedule, put, clock):
    put("b", due_s=2)
    put("a", due_s=1)
    put("c", due_s=3)
    clock.advance(seconds=5)
    assert names(schedule.take(clock.now(), most=9)) == ["a", "b", "c"]


def test_a_job_that_is_not_due_stays(schedule, put, clock):
    put("a", due_s=1)
    assert not schedule.take(clock.now(), most=9)
    assert schedule.next_at() == clock.now() + timedelta(seconds=1)


def test_no_more_are_taken_than_asked_for(schedule, put, clock):
    for name in "abc":
        put(name)
    assert len(schedule.take(clock.now(), most=2)) == 2


def test_jobs_that_are_due_soon_come_along_but_not_alone(schedule, put, clock):
    put("soon", due_s=1)
    assert not schedule.take(clock.now(), most=9, ahead=PAUSE)
    put("now")
    assert names(schedule.take(clock.now(), most=9, ahead=PAUSE)) == ["now", "soon"]


def test_a_taken_job_is_not_due_until_it_is_put_back(schedule, put, clock):
    taken = put("a")
    schedule.take(clock.now(), most=9)
    assert not schedule.take(clock.now(), most=9)
    assert schedule.next_at() is None
    assert taken in schedule
    schedule.put(taken, clock.now())
    assert names(schedule.take(clock.now(), most=9)) == ["a"]


def test_an_ambiguous_job_comes_alone(schedule, put, clock):
    put("first")
    put("lost", state=AttemptState.AMBIGUOUS)
    put("last")
    taken = [names(schedule.take(clock.now(), most=9)) for _ in range(3)]
    assert taken == [["first"], ["lost"], ["last"]]


def test_a_new_due_time_replaces_the_old_one(schedule, put, clock):
    job = put("a")
    schedule.put(job, clock.now() + timedelta(seconds=9))
    assert not schedule.take(clock.now(), most=9)
    assert schedule.next_at() == clock.now() + timedelta(seconds=9)


def test_a_dropped_job_is_never_due(schedule, put, clock):
    job = put("a")
    schedule.drop(job)
    assert not schedule.take(clock.now(), most=9)
    assert (len(schedule), job in schedule, schedule.get(job.generation.id)) == (0, False, None)


def test_a_newer_job_of_the_same_generation_replaces_the_older_one(schedule, put, clock):
    older = put("a")
    newer = put("a")
    assert (len(schedule), older in schedule, newer in schedule) == (1, False, True)
    assert schedule.take(clock.now(), most=9) == [newer]


def test_only_the_job_that_becomes_first_wakes_the_poller(put, sooner):
    put("later", due_s=9)
    assert len(sooner) == 1
    put("last", due_s=99)
    assert len(sooner) == 1
    put("first", due_s=1)
    assert len(sooner) == 2


def test_a_callback_makes_a_job_due_at_once(schedule, put, clock):
    job = put("a", due_s=99)
    schedule.hasten(job, clock.now(), pause=PAUSE)
    assert schedule.take(clock.now(), most=9) == [job]


def test_a_second_callback_waits_for_the_pause(schedule, put, clock):
    job = put("a", due_s=99)
    schedule.hasten(job, clock.now(), pause=PAUSE)
    schedule.take(clock.now(), most=9)
    schedule.put(job, clock.now() + timedelta(seconds=99))
    schedule.hasten(job, clock.now(), pause=PAUSE)
    assert schedule.next_at() == clock.now() + PAUSE


def test_a_callback_during_a_poll_is_remembered(schedule, put, clock):
    job = put("a")
    schedule.take(clock.now(), most=9)
    schedule.hasten(job, clock.now(), pause=PAUSE)
    assert job.was_called_back
    assert schedule.next_at() is None


def test_finished_jobs_are_counted_while_they_are_followed(schedule, put):
    one, two = put("a"), put("b")
    schedule.mark_finished(one, is_finished=True)
    schedule.mark_finished(one, is_finished=True)
    schedule.mark_finished(two, is_finished=True)
    assert schedule.finished_count == 2
    schedule.mark_finished(one, is_finished=False)
    assert schedule.finished_count == 1
    schedule.drop(two)
    schedule.drop(two)
    assert schedule.finished_count == 0


def test_a_replaced_job_is_counted_once(schedule, put, job, clock):
    schedule.mark_finished(put("a"), is_finished=True)
    again = replace(job("a"), is_finished=True)
    schedule.put(again, clock.now())
    assert schedule.finished_count == 1
    schedule.put(job("a"), clock.now())
    assert schedule.finished_count == 0
