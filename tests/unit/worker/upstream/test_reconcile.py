"""Find the upstream job of a submit that got no answer, or give up after a while."""

from dataclasses import replace

import pytest
from tests.durability.scripted_upstream import channel
from tests.unit.worker.stages import at_stage, changes, stored

from rushes.core import lifecycle
from rushes.core.errors import UpstreamUnreachable
from rushes.core.generation import AttemptState, State
from rushes.engines.base import Job
from rushes.engines.upstream.base import SubmitOrder
from rushes.worker.upstream.acceptance import record_acceptance
from rushes.worker.upstream.reconcile import LONGEST_PAUSE_S, Reconciler


@pytest.fixture
def make_order(make_generation):
    spec = make_generation().spec
    return lambda: SubmitOrder(job=Job(spec=spec, prompt=spec.prompt), model="m", key="k")


@pytest.fixture
async def ambiguous(context, make_generation):
    return await stored(context, make_generation(), AttemptState.AMBIGUOUS)


@pytest.fixture
def two_jobs(upstream, make_order):
    upstream.jobs |= {"u1": make_order(), "u2": make_order()}
    return upstream


@pytest.fixture
def resubmits() -> list[str]:
    return []


@pytest.fixture
def reconciler(context, upstream, resubmits):
    def reconciler(**terms) -> Reconciler:
        async def resubmit(generation):
            resubmits.append(generation.id)

        return Reconciler(context, channel(upstream, **terms), resubmit)

    return reconciler


async def test_a_job_in_the_upstreams_list_is_taken(reconciler, ambiguous, upstream, make_order):
    upstream.jobs["u1"] = make_order()
    result = await reconciler().reconcile(ambiguous)
    assert result.generation.attempts[-1].upstream_id == "u1"
    assert result.generation.attempts[-1].state is AttemptState.ACCEPTED


async def test_a_job_of_another_generation_is_passed_over(
    reconciler, ambiguous, two_jobs, context, make_generation
):
    other = await stored(context, make_generation("g2"), AttemptState.SUBMITTING)
    await record_acceptance(context, two_jobs, other, "u1")
    result = await reconciler().reconcile(ambiguous)
    assert result.generation.attempts[-1].upstream_id == "u2"


async def test_the_failed_job_of_an_earlier_attempt_is_passed_over(
    reconciler, two_jobs, context, make_generation
):
    first = await stored(context, make_generation(), AttemptState.ACCEPTED, job_id="u1")
    retried = lifecycle.retry(first, pause_s=0, now=context.clock.now())
    await context.store.write(retried)
    second = at_stage(retried.after, AttemptState.AMBIGUOUS, now=context.clock.now())
    for change in changes(retried.after, AttemptState.AMBIGUOUS, now=context.clock.now()):
        await context.store.write(change, lease=context.lease())
    result = await reconciler().reconcile(second)
    assert result.generation.attempts[-1].upstream_id == "u2"


async def test_the_upstream_is_asked_with_all_that_is_known_of_the_submit(
    reconciler, ambiguous, upstream, monkeypatch
):
    queries = []

    async def find(query):
        queries.append(query)

    monkeypatch.setattr(upstream, "find", find)
    await reconciler().reconcile(ambiguous)
    (query,) = queries
    assert query.spec == ambiguous.spec
    assert (query.model, query.key) == ("their-ray", f"rushes-{ambiguous.id}-1")
    assert query.since == ambiguous.attempts[-1].submitted_at


async def test_a_job_that_is_not_found_is_searched_for_again_and_less_often(
    reconciler, ambiguous, clock
):
    one, pauses = reconciler(ambiguous_after_s=300.0), []
    for _ in range(4):
        result = await one.reconcile(ambiguous)
        assert (result.generation, result.change) == (None, None)
        pauses.append(result.pause_s)
        clock.advance(seconds=result.pause_s + 5)
    assert pauses == sorted(pauses)
    assert max(pauses) <= LONGEST_PAUSE_S


async def test_the_last_search_is_not_later_than_the_limit(reconciler, ambiguous, clock):
    clock.advance(seconds=299)
    result = await reconciler(ambiguous_after_s=300.0).reconcile(ambiguous)
    assert result.pause_s == 1.0


async def test_after_the_limit_the_generation_fails_and_is_not_paid_twice(
    reconciler, ambiguous, clock
):
    clock.advance(seconds=300)
    result = await reconciler(ambiguous_after_s=300.0).reconcile(ambiguous)
    after = result.change.after
    assert (after.state, after.failure.code) == (State.FAILED, "submit_unconfirmed")
    assert after.attempts[-1].state is AttemptState.UNCONFIRMED
    assert "the line was cut" in after.failure.message


async def test_after_the_limit_it_is_submitted_again_where_the_operator_accepts_to_pay_twice(
    reconciler, ambiguous, clock
):
    clock.advance(seconds=300)
    result = await reconciler(ambiguous_after_s=300.0, resubmits=True).reconcile(ambiguous)
    assert result.change.after.state is State.QUEUED


@pytest.fixture
def without_replies(upstream, monkeypatch):
    async def find(_):
        raise UpstreamUnreachable("no route")

    monkeypatch.setattr(upstream, "find", find)


@pytest.mark.parametrize("searched_s", [0, 300, 3599])
@pytest.mark.usefixtures("without_replies")
async def test_a_search_without_a_reply_does_not_show_that_there_is_no_job(
    reconciler, ambiguous, clock, searched_s
):
    clock.advance(seconds=searched_s)
    terms = {"ambiguous_after_s": 300.0, "deadline_s": 3600.0}
    result = await reconciler(**terms).reconcile(ambiguous)
    assert (result.generation, result.change) == (None, None)
    assert 0 < result.pause_s <= LONGEST_PAUSE_S


@pytest.mark.usefixtures("without_replies")
async def test_an_upstream_that_never_replies_is_given_up_at_the_deadline_of_a_job(
    reconciler, ambiguous, clock
):
    clock.advance(seconds=3600)
    terms = {"ambiguous_after_s": 300.0, "deadline_s": 3600.0}
    result = await reconciler(**terms).reconcile(ambiguous)
    assert result.change.after.failure.code == "submit_unconfirmed"
    assert "within 3600 s" in result.change.after.failure.message


async def test_a_submit_is_repeated_only_where_the_upstream_honours_keys(
    reconciler, ambiguous, resubmits
):
    await reconciler().reconcile(ambiguous)
    assert resubmits == []
    await reconciler(honours_keys=True).reconcile(ambiguous)
    assert resubmits == [ambiguous.id]


async def test_a_job_that_another_worker_recorded_during_the_repeated_submit_is_that_workers(
    context, upstream, ambiguous
):
    async def resubmit(generation) -> None:
        change = lifecycle.accept(generation, "u1", now=context.clock.now())
        await context.store.write(change, lease=replace(context.lease(), worker="another"))

    reconciler = Reconciler(context, channel(upstream, honours_keys=True), resubmit)
    result = await reconciler.reconcile(ambiguous)
    assert (result.generation, result.change) == (None, None)
