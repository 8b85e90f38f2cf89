"""Render one claimed generation on this machine and settle it."""

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs
from tests.unit.worker.stages import stored

from rushes.core import lifecycle
from rushes.core.errors import ContentRejected, MediaError, TemporaryEngineError
from rushes.core.generation import ArtifactKind, AttemptState, State
from rushes.core.shot_plan import ShotPlan
from rushes.engines.scripted import ScriptedEngine
from rushes.prompts.shot_planning import PlannedShot, ShotPlanner
from rushes.worker.local_attempt import LocalAttempt

PLAN = ShotPlan(set="desert", shown=("a dune",))


@pytest.fixture
async def generation(context, make_generation):
    return await stored(context, make_generation(), AttemptState.RENDERING)


@pytest.fixture
def attempt(context, generation):
    def attempt(*steps, before=None, limits=None) -> LocalAttempt:
        used = replace(context, limits=limits or context.limits)
        return LocalAttempt(used, generation, ScriptedEngine(steps, before=before))

    return attempt


async def run(attempt: LocalAttempt) -> list[str]:
    with capture_logs() as logs:
        await attempt.run()
    return [entry["event"] for entry in logs]


async def test_rendered_files_are_stored_and_the_generation_completes(attempt, context, generation):
    await run(attempt(b"video"))
    done = await context.store.get(generation.id)
    assert done.state is State.COMPLETED
    file = context.media.path(done.artifact(ArtifactKind.VIDEO).key)
    assert file.read_bytes() == b"video"


@pytest.mark.parametrize(
    ("error", "state"),
    [(TemporaryEngineError("later"), State.QUEUED), (ContentRejected("no"), State.FAILED)],
)
async def test_an_engines_error_decides_between_another_attempt_and_failure(
    attempt, store, generation, error, state
):
    await run(attempt(error))
    assert (await store.get(generation.id)).state is state


async def test_a_crash_of_an_engine_ends_the_attempt_and_not_the_worker(attempt, store, generation):
    async def crash(_):
        raise KeyError("frames")

    events = await run(attempt(b"video", before=crash))
    found = await store.get(generation.id)
    assert (found.state, found.attempts[-1].failure.code) == (State.QUEUED, "engine_crashed")
    assert "attempt_crashed" in events


@pytest.fixture
def planning(context, generation):
    """Return an attempt at a generation, of an engine that draws plans."""

    def planning(plan=PLAN, *, before=None) -> LocalAttempt:
        planner = ShotPlanner(lambda _request: plan)
        engine = ScriptedEngine((b"video",), before=before)
        return LocalAttempt(replace(context, planner=planner), generation, engine)

    return planning


async def test_the_plan_is_known_while_it_is_drawn(planning, store, generation):
    seen = []

    async def look(_):
        seen.append(await store.get(generation.id))

    await run(planning(before=look))
    assert [(one.state, one.drawn_plan) for one in seen] == [(State.RUNNING, PLAN)]
    done = await store.get(generation.id)
    assert (done.state, done.drawn_plan) == (State.COMPLETED, PLAN)
    events = [event.type for event in await store.events(generation.id)]
    assert events[-2:] == ["generation.planned", "generation.completed"]


async def test_what_is_cancelled_before_its_plan_is_recorded_is_not_drawn(
    planning, context, store, generation, monkeypatch
):
    async def cancelled(self, spec, prompt):
        await store.write(lifecycle.cancel(generation, now=context.clock.now()))
        return PlannedShot(plan=PLAN)

    async def draw(_):
        pytest.fail("drawn")

    monkeypatch.setattr(ShotPlanner, "plan_for", cancelled)
    events = await run(planning(before=draw))
    assert (await store.get(generation.id)).state is State.CANCELLED
    assert events == ["attempt_lost"]


async def test_a_callers_own_plan_is_not_recorded_again(planning, store, generation):
    attempt = planning()
    own = replace(generation, spec=replace(generation.spec, shot_plan=PLAN))
    attempt._keeper.generation = own
    await run(attempt)
    events = [event.type for event in await store.events(generation.id)]
    assert "generation.planned" not in events


async def test_a_render_that_takes_too_long_is_stopped(attempt, context, store, generation):
    async def hang(_):
        await asyncio.Event().wait()

    limits = replace(context.limits, render_timeout_s=0.01)
    await run(attempt(b"video", before=hang, limits=limits))
    assert (await store.get(generation.id)).attempts[-1].failure.code == "engine_timeout"


async def test_a_channel_may_give_a_render_another_time(context, store, generation):
    async def forever(_) -> None:
        await asyncio.Event().wait()

    engine = ScriptedEngine([], before=forever)
    await run(LocalAttempt(context, generation, engine, timeout_s=0.01))
    (attempted,) = (await store.get(generation.id)).attempts
    assert attempted.failure.message == "not done after 0.01 s"


class Noting(ScriptedEngine):
    """An engine that says how it made the video."""

    async def render(self, job, folder, report):
        first, *rest = await super().render(job, folder, report)
        return (replace(first, note="It was enlarged."), *rest)


async def test_the_caller_learns_how_the_engine_made_it(context, store, generation):
    await run(LocalAttempt(context, generation, Noting([b"video"])))
    assert (await store.get(generation.id)).note == "It was enlarged."


async def test_a_full_disk_releases_the_generation_uncounted_for_a_while(
    attempt, context, generation, clock, monkeypatch
):
    async def full(*_):
        raise MediaError("full")

    monkeypatch.setattr(context.media, "put", full)
    await run(attempt(b"video"))
    found = await context.store.get(generation.id)
    assert (found.state, found.attempt) == (State.QUEUED, 0)
    pause_s = (found.available_at - clock.now()).total_seconds()
    assert pause_s == context.limits.disk_full_pause_s


async def test_a_lost_attempt_leaves_no_files_and_no_trace(
    attempt, context, store, generation, clock
):
    async def cancel(_):
        await store.write(lifecycle.cancel(generation, now=clock.now()))

    await run(attempt(b"video", before=cancel))
    assert (await store.get(generation.id)).state is State.CANCELLED
    assert context.media.path(f"{generation.id}/1/video.mp4") is None


async def test_a_marked_attempt_stops_at_once(attempt, store, generation):
    begun = asyncio.Event()

    async def hang(_):
        begun.set()
        await asyncio.Event().wait()

    one = attempt(b"video", before=hang)
    running = asyncio.create_task(run(one))
    await begun.wait()
    one.mark_lost()
    assert await running == ["attempt_lost"]
    assert (await store.get(generation.id)).state is State.RUNNING


async def test_cancelling_returns_the_generation_to_the_queue(attempt, store, generation):
    begun = asyncio.Event()

    async def hang(_):
        begun.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(run(attempt(b"video", before=hang)))
    await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    found = await store.get(generation.id)
    assert (found.state, found.attempt) == (State.QUEUED, 0)


async def test_files_of_crashed_attempts_go_when_a_later_one_completes(
    context, store, make_generation
):
    first = await stored(context, make_generation(), AttemptState.RENDERING)
    await context.media.put_bytes(f"{first.id}/1/video.mp4", b"half")
    again = lifecycle.claim(first, engine="scripted", now=context.clock.now())
    second = await store.write(again, lease=context.lease())
    await run(LocalAttempt(context, second, ScriptedEngine([b"video"])))
    assert context.media.path(f"{first.id}/1/video.mp4") is None
    assert context.media.path(f"{first.id}/2/video.mp4") is not None
