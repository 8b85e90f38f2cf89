"""What an upstream's call changes: nothing by itself, but it is looked into at once."""

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

    def __init__(self, shop, upstream) -> None:
        self.shop = shop
        one = channel(upstream, usual_s=1000.0)
        self.worker = shop.relaying(one, public_url="https://rushes.test")
        self.callbacks = Callbacks(
            store=shop.store, channels=[one], nudge=self.worker.poll_now, clock=shop.clock
        )
        self.elsewhere = Callbacks(
            store=shop.store, channels=[one], nudge=lambda _: False, clock=shop.clock
        )


@pytest.fixture
def server(shop, upstream) -> Reachable:
    return Reachable(shop, upstream)


def name_of(upstream) -> str:
    url = upstream.orders[-1].callback_url
    prefix = "https://rushes.test/callbacks/up/"
    assert url.startswith(prefix)
    return url.removeprefix(prefix)


def body(**told) -> bytes:
    return json.dumps(told).encode()


async def test_a_job_is_looked_at_as_soon_as_its_upstream_calls(shop, asked, upstream, server):
    await shop.submit(asked)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="completed"))
    await server.worker.poll_due()
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


async def test_what_a_call_says_is_not_believed(shop, asked, upstream, server):
    await shop.submit(asked)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="failed"))
    await server.worker.poll_due()
    assert (await shop.store.get(asked.id)).state is State.RUNNING


async def test_that_it_is_being_made_is_no_news(shop, asked, upstream, server):
    await shop.submit(asked)
    await server.worker.run_next()
    told = body(data={"task_id": "u1", "status": "IN_PROGRESS"})
    await server.callbacks.receive("up", name_of(upstream), told)
    await server.worker.poll_due()
    assert upstream.looked == []


async def test_a_job_that_another_process_follows_is_left_to_whoever_looks_first(
    shop, asked, upstream, server
):
    await shop.submit(asked)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await server.elsewhere.receive("up", name_of(upstream), body(id="u1", state="completed"))
    other = shop.relaying(channel(upstream), name="w2")
    await other.run_next()
    await other.poll_due()
    await shop.look(server.worker, after_s=60)
    done = await shop.store.get(asked.id)
    assert (done.state, len(upstream.orders)) == (State.COMPLETED, 1)
    assert upstream.cancels == []


@pytest.mark.parametrize(
    "told",
    [
        {"id": "u1", "state": "completed"},
        {"task_id": "u1"},
        {"code": 0, "data": {"task_id": "u1", "task_status": "succeed"}},
        {"id": "evt_1", "type": "video.completed", "data": {"id": "u1"}},
    ],
)
async def test_a_call_tells_under_what_id_an_unanswered_submit_was_accepted(
    shop, asked, upstream, server, told
):
    upstream.answers, upstream.accepts_first = [AmbiguousSubmit("cut off")], True
    await shop.submit(asked)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(**told))
    assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
    upstream.sightings["u1"] = DONE
    await server.worker.run_next()
    await server.worker.poll_due()
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


async def test_an_id_that_the_upstream_does_not_know_is_not_taken(shop, asked, upstream, server):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await shop.submit(asked)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), body(id="u1"))
    assert await attempts(shop, asked) == [("up", AttemptState.AMBIGUOUS, None)]


async def test_while_the_upstream_cannot_be_asked_it_is_told_to_call_again(
    shop, asked, upstream, server
):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await shop.submit(asked)
    await server.worker.run_next()
    upstream.sightings["u1"] = UpstreamUnreachable("502")
    with pytest.raises(NotReady):
        await server.callbacks.receive("up", name_of(upstream), body(id="u1"))


async def test_a_call_that_is_faster_than_the_answer_changes_nothing(shop, asked, upstream, server):
    await shop.submit(asked)

    async def call():
        await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="queued"))

    upstream.during = call
    await server.worker.run_next()
    assert await attempts(shop, asked) == [("up", AttemptState.ACCEPTED, "u1")]
    assert upstream.cancels == []
    upstream.sightings["u1"] = DONE
    await shop.look(server.worker, after_s=31)
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{", b"[" * 9999, b'{"id": 7}', b'{"data": {"data": []}}']
)
async def test_nonsense_is_borne_with(shop, asked, upstream, server, raw):
    upstream.answers = [AmbiguousSubmit("cut off")]
    await shop.submit(asked)
    await server.worker.run_next()
    await server.callbacks.receive("up", name_of(upstream), raw)
    assert await attempts(shop, asked) == [("up", AttemptState.AMBIGUOUS, None)]


async def test_nobody_can_call_who_was_not_given_the_address(shop, asked, upstream, server):
    await shop.submit(asked)
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


async def test_who_calls_when_all_is_over_hears_that_it_is_fine(shop, asked, upstream, server):
    await shop.submit(asked)
    await server.worker.run_next()
    upstream.sightings["u1"] = DONE
    await shop.look(server.worker, after_s=60)
    await server.callbacks.receive("up", name_of(upstream), body(id="u1", state="completed"))
    assert (await shop.store.get(asked.id)).state is State.COMPLETED
