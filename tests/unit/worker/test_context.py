"""Hold what every attempt of a worker needs."""

from dataclasses import replace
from datetime import timedelta


def test_a_lease_begins_now_and_names_the_worker(context, clock):
    lease = context.lease()
    assert (lease.worker, lease.until) == ("w1", clock.now() + timedelta(seconds=15))


def test_a_lease_may_be_longer_than_usual(context, clock):
    assert context.lease(times=4.0).until == clock.now() + timedelta(seconds=60)


def test_polls_are_observed_with_their_due_times(context, clock):
    observed = []
    observing = replace(context, observe_polls=lambda *what: observed.append(what))
    due = [clock.now() - timedelta(seconds=1)]
    observing.record_polls("up", due)
    assert observed == [("up", due, clock.now())]


def test_polls_need_no_observer(context):
    context.record_polls("up", [])
