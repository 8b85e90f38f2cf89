"""What may follow what: the table, and the laws that every path through it keeps."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rushes.core import lifecycle
from rushes.core.errors import IllegalTransition
from rushes.core.generation import (
    AccountId,
    Announce,
    Artifact,
    ArtifactKind,
    Failure,
    Generation,
    GenerationId,
    State,
)
from rushes.core.lifecycle import ANNOUNCED, EVENTS, MEANINGS, TRANSITIONS, Change, Trigger
from rushes.core.spec import GenerationSpec

MakeGeneration = Callable[..., Generation]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOOK = Announce(url="https://example.com/hook")
TROUBLE = Failure(code="engine_timeout", message="It took longer than 600 s.")
VIDEO = Artifact(
    kind=ArtifactKind.VIDEO,
    key="g1/video.mp4",
    media_type="video/mp4",
    size_bytes=1,
    width_px=2,
    height_px=2,
)

MOVES: Final[Mapping[Trigger, Callable[[Generation, datetime], Change]]] = {
    Trigger.CLAIM: lambda g, now: lifecycle.claim(g, engine="e", now=now),
    Trigger.RECLAIM: lambda g, now: lifecycle.claim(g, engine="e", now=now),
    Trigger.COMPLETE: lambda g, now: lifecycle.complete(g, (VIDEO,), now=now),
    Trigger.RETRY: lambda g, now: lifecycle.retry(g, pause_s=10, now=now),
    Trigger.RELEASE: lambda g, now: lifecycle.release(g, now=now),
    Trigger.FAIL: lambda g, now: lifecycle.fail(g, TROUBLE, now=now),
    Trigger.CANCEL: lambda g, now: lifecycle.cancel(g, now=now),
}
BOTH_CLAIMS: Final = {Trigger.CLAIM, Trigger.RECLAIM}
"""One function serves both; which it is follows from the state."""


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class TestTable:
    @pytest.mark.parametrize("trigger", Trigger)
    @pytest.mark.parametrize("state", State)
    def test_what_is_listed_happens_and_nothing_else(
        self, make_generation: MakeGeneration, state: State, trigger: Trigger
    ) -> None:
        generation = make_generation(state=state, attempt=1)
        same = BOTH_CLAIMS if trigger in BOTH_CLAIMS else {trigger}
        allowed = [TRANSITIONS[state, t] for t in same if (state, t) in TRANSITIONS]
        if allowed:
            assert MOVES[trigger](generation, at(1)).after.state is allowed[0]
        else:
            with pytest.raises(IllegalTransition, match=f"that is {state}"):
                MOVES[trigger](generation, at(1))

    def test_no_way_leads_out_of_a_final_state(self) -> None:
        assert not [state for state, _ in TRANSITIONS if state.is_final]

    def test_every_state_can_be_reached_and_left_or_is_final(self) -> None:
        assert {State.QUEUED, *TRANSITIONS.values()} == set(State)
        assert {state for state, _ in TRANSITIONS} == {s for s in State if not s.is_final}

    def test_every_trigger_has_its_move_its_meaning_and_its_event(self) -> None:
        assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)
        assert set(MEANINGS) == set(EVENTS) == set(Trigger) == set(MOVES)
        assert len(set(EVENTS.values())) == len(Trigger)
        assert set(EVENTS.values()) >= ANNOUNCED


class TestMoves:
    def test_a_submission_comes_from_nothing(self, make_generation: MakeGeneration) -> None:
        generation = make_generation()
        change = lifecycle.submit(generation)
        assert (change.before, change.after) == (None, generation)
        assert change.event == "generation.queued"

    def test_a_claim_begins_an_attempt(self, make_generation: MakeGeneration) -> None:
        after = lifecycle.claim(make_generation(), engine="animatic", now=at(5)).after
        assert (after.attempt, after.engine, after.started_at) == (1, "animatic", at(5))

    def test_a_second_claim_keeps_the_first_start(self, make_generation: MakeGeneration) -> None:
        first = lifecycle.claim(make_generation(), engine="a", now=at(5)).after
        change = lifecycle.claim(first, engine="b", now=at(50))
        assert change.event == "generation.reclaimed"
        after = change.after
        assert (after.attempt, after.engine, after.started_at) == (2, "b", at(5))

    def test_completion_keeps_the_files_and_what_is_to_be_said(
        self, make_generation: MakeGeneration
    ) -> None:
        after = lifecycle.complete(
            make_generation(state=State.RUNNING), (VIDEO,), prompt_used="p", note="n", now=at(9)
        ).after
        assert after.artifact(ArtifactKind.VIDEO) == VIDEO
        assert after.artifact(ArtifactKind.THUMBNAIL) is None
        assert (after.prompt_used, after.note, after.progress) == ("p", "n", 1.0)

    def test_a_retry_waits_and_a_release_does_not(self, make_generation: MakeGeneration) -> None:
        running = lifecycle.claim(make_generation(), engine="e", now=at(1)).after
        retried = lifecycle.retry(running, pause_s=10, now=at(2)).after
        released = lifecycle.release(running, now=at(2)).after
        assert (retried.available_at, retried.attempt) == (at(12), 1)
        assert (released.available_at, released.attempt) == (NOW, 0)
        later = lifecycle.release(running, pause_s=30, now=at(2)).after
        assert (later.available_at, later.attempt) == (at(32), 0)


class TestAnnouncing:
    @pytest.mark.parametrize("event", sorted({*EVENTS.values(), "generation.queued"}))
    def test_only_who_asked_is_told_and_only_of_what_matters(
        self, make_generation: MakeGeneration, event: str
    ) -> None:
        silent = Change(before=None, after=make_generation(attempt=1), event=event)
        asked = Change(before=None, after=make_generation(attempt=1, announce=HOOK), event=event)
        assert not silent.announces
        assert asked.announces == (event in ANNOUNCED)

    @pytest.mark.parametrize("event", sorted(ANNOUNCED))
    def test_who_asked_for_the_end_alone_is_told_of_nothing_else(
        self, make_generation: MakeGeneration, event: str
    ) -> None:
        state = State(event.removeprefix("generation."))
        hook = replace(HOOK, only_final=True)
        told = make_generation(state=state, attempt=1, announce=hook)
        change = Change(before=None, after=told, event=event)
        assert change.announces == state.is_final

    def test_that_it_runs_is_told_once(self, make_generation: MakeGeneration) -> None:
        queued = make_generation(announce=HOOK)
        first = lifecycle.claim(queued, engine="e", now=NOW)
        retried = lifecycle.retry(first.after, pause_s=0, now=NOW).after
        again = lifecycle.claim(retried, engine="e", now=NOW)
        assert (first.announces, again.announces) == (True, False)


class Life(RuleBasedStateMachine):
    """One generation through any legal moves at any times."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.generation = Generation(
            id=GenerationId("g1"),
            account_id=AccountId("acc"),
            spec=GenerationSpec(model="ray-2", prompt="p"),
            dialect="d",
            origin="http://h",
            created_at=NOW,
            updated_at=NOW,
            available_at=NOW,
            announce=HOOK,
        )
        self.changes = [lifecycle.submit(self.generation)]

    @rule(seconds=st.floats(0, 1000))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: not self.generation.state.is_final)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        legal = [trigger for state, trigger in TRANSITIONS if state is self.generation.state]
        change = MOVES[data.draw(st.sampled_from(legal))](self.generation, self.now)
        self.changes.append(change)
        self.generation = change.after

    @precondition(lambda self: self.generation.state.is_final)
    @rule(trigger=st.sampled_from(Trigger))
    def nothing_moves_what_is_final(self, trigger: Trigger) -> None:
        with pytest.raises(IllegalTransition):
            MOVES[trigger](self.generation, self.now)

    @invariant()
    def each_change_follows_the_one_before(self) -> None:
        for earlier, later in zip(self.changes, self.changes[1:], strict=False):
            assert later.before == earlier.after
        versions = [change.after.version for change in self.changes]
        assert versions == list(range(1, len(versions) + 1))

    @invariant()
    def who_asked_what_and_when_never_changes(self) -> None:
        first, last = self.changes[0].after, self.generation
        kept = ("id", "account_id", "spec", "dialect", "origin", "created_at", "announce")
        assert [getattr(first, name) for name in kept] == [getattr(last, name) for name in kept]

    @invariant()
    def the_facts_fit_the_state(self) -> None:
        generation = self.generation
        assert (generation.finished_at is not None) == generation.state.is_final
        assert (generation.failure is not None) == (generation.state is State.FAILED)
        assert bool(generation.artifacts) == (generation.state is State.COMPLETED)
        assert generation.attempt >= (1 if generation.state is State.RUNNING else 0)
        if generation.state is State.RUNNING:
            assert generation.engine is not None
            assert generation.started_at is not None
        if generation.state is State.QUEUED:
            assert generation.progress == 0.0

    @invariant()
    def attempts_are_the_claims_that_were_not_given_back(self) -> None:
        events = [change.event for change in self.changes]
        claims = events.count("generation.running") + events.count("generation.reclaimed")
        assert self.generation.attempt == claims - events.count("generation.released")

    @invariant()
    def times_never_run_backwards(self) -> None:
        times = [change.after.updated_at for change in self.changes]
        assert times == sorted(times)
        assert self.generation.updated_at <= self.now

    @invariant()
    def the_end_is_told_exactly_once(self) -> None:
        ends = [change for change in self.changes if change.after.state.is_final]
        assert [change.announces for change in ends] == [True] * len(ends)
        assert len(ends) <= 1


TestLife = Life.TestCase
