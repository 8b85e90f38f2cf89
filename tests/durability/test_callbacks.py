"""Callbacks of upstreams: they are not trusted, but they make the worker poll at once."""

import json

import pytest
from tests.durability.scripted_upstream import DONE, ScriptedUpstream, channel
from tests.durability.test_upstreams import attempts, clip

from rushes.core.errors import (
    AmbiguousSubmit,
    NotFound,
    NotReady,
    UpstreamUnreachable,
)
from rushes.core.generation import AttemptState, State
from rushes.service.callbacks import Callbacks

__all__ = ["clip"]


@pytest.fixture
def upstream(clip) -> ScriptedUpstream:
    return ScriptedUpstream(clip=clip, lists=False)


class Reachable:
    """A server with a public address, and one worker at one channel."""

    def __init__(self, cluster, upstream) -> None:
        self.cluster = cluster
        one = channel(upstream, expected_duration_s=1000.0)
        self.worker = cluster.upstream_worker(one, public_url="https://rushes.test")
        self.callbacks = Callbacks(
            store=cluster.store, channels=[one], nudge=self.worker.poll_now, clock=cluster.clock
        )
        self.elsewhere = Callbacks(
            store=cluster.store, channels=[one], nudge=lambda _: False, clock=cluster.clock
        )


@pytest.fixture
def server(cluster, upstream) -> Reachable:
    return Reachable(cluster, upstream)


def name_of(upstream) -> str:
    url = upstream.orders[-1].callback_url
    prefix = "https://rushes.test/callbacks/up/"
    assert url.startswith(prefix)
    return url.removeprefix(prefix)


def body(**reported) -> bytes:
    return json.dumps(reported).encode()


async def test_a_callback_makes_the_worker_poll_the_job_at_once(
    cluster, generation, upstream, server
):
    await cluster.submit(generation)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="completed"))
    await server.worker.poll_due()
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


async def test_the_content_of_a_callback_is_not_trusted(cluster, generation, upstream, server):
    await cluster.submit(generation)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="failed"))
    await server.worker.poll_due()
    assert (await cluster.store.get(generation.id)).state is State.RUNNING


async def test_a_callback_about_progress_causes_no_poll(cluster, generation, upstream, server):
    await cluster.submit(generation)
    await server.worker.run_next()
    reported = body(data={"task_id": "u1", "status": "IN_PROGRESS"})
    await server.callbacks.receive("up", name_of(upstream), reported)
    await server.worker.poll_due()
    assert upstream.looked == []


async def test_a_callback_for_a_job_of_another_process_takes_nothing_from_it(
    cluster, generation, upstream, server
):
    await cluster.submit(generation)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await server.elsewhere.receive("up", name_of(upstream), body(id="u1", state="completed"))
    other = cluster.upstream_worker(channel(upstream), name="w2")
    await other.run_next()
    await other.poll_due()
    await cluster.poll(server.worker, after_s=60)
    done = await cluster.store.get(generation.id)
    assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)
    assert upstream.cancels == []


@pytest.mark.parametrize(
    "reported",
    [
        {"id": "u1", "state": "completed"},
        {"task_id": "u1"},
        {"code": 0, "data": {"task_id": "u1", "task_status": "succeed"}},
        {"id": "evt_1", "type": "video.completed", "data": {"id": "u1"}},
    ],
)
async def test_a_callback_reveals_the_job_id_of_an_unanswered_submit(
    cluster, generation, upstream, server, reported
):
    upstream.answers, upstream.accepts_first = [AmbiguousSubmit("cut off")], True
    await cluster.submit(generation)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(**reported))
    assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
    upstream.sightings["u1"] = DONE
    await server.worker.run_next()
    await server.worker.poll_due()
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


async def test_an_id_that_the_upstream_does_not_know_is_not_taken(
    cluster, generation, upstream, server
):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await cluster.submit(generation)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(id="u1"))
    assert await attempts(cluster, generation) == [("up", AttemptState.AMBIGUOUS, None)]


async def test_a_callback_that_cannot_be_verified_now_asks_for_another_call(
    cluster, generation, upstream, server
):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await cluster.submit(generation)
    await server.worker.run_next()
    upstream.sightings["u1"] = UpstreamUnreachable("502")
    with pytest.raises(NotReady):
        await server.callbacks.receive("up", name_of(upstream), body(id="u1"))


async def test_a_callback_before_the_submit_reply_changes_nothing(
    cluster, generation, upstream, server
):
    await cluster.submit(generation)

    async def call():
        await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="queued"))

    upstream.during = call
    await server.worker.run_next()
    assert await attempts(cluster, generation) == [("up", AttemptState.ACCEPTED, "u1")]
    assert upstream.cancels == []
    upstream.sightings["u1"] = DONE
    await cluster.poll(server.worker, after_s=31)
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{", b"[" * 9999, b'{"id": 7}', b'{"data": {"data": []}}']
)
async def test_a_callback_with_nonsense_changes_nothing(cluster, generation, upstream, server, raw):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await cluster.submit(generation)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), raw)
    assert await attempts(cluster, generation) == [("up", AttemptState.AMBIGUOUS, None)]


async def test_a_callback_to_a_wrong_address_is_refused(cluster, generation, upstream, server):
    await cluster.submit(generation)
    await server.worker.run_next()
    good = name_of(upstream)
    generation_id, _, token = good.partition(".")
    wrong = [
        ("up", f"{generation_id}.{token[::-1]}"),
        ("up", f"{generation_id}."),
        ("up", f"other.{token}"),
        ("up", "nonsense"),
        ("other", good),
    ]
    for channel_name, name in wrong:
        with pytest.raises(NotFound):
            await server.callbacks.receive(channel_name, name, body(id="u1", state="completed"))


async def test_a_callback_for_a_settled_generation_succeeds(cluster, generation, upstream, server):
    await cluster.submit(generation)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await cluster.poll(server.worker, after_s=60)
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="completed"))
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED
