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
    Attempt,
    AttemptState,
    Failure,
    Generation,
    GenerationId,
    State,
)
from rushes.core.lifecycle import Change
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.core.transitions import (
    ANNOUNCED,
    ATTEMPTS,
    EVENTS,
    MEANINGS,
    TRANSITIONS,
    Trigger,
)

MakeGeneration = Callable[..., Generation]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOOK = Announce(url="https://example.com/hook")
TROUBLE = Failure(code="engine_timeout", message="It took longer than 600 s.")
PLAN = ShotPlan(set="desert")
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
    Trigger.RESUME: lambda g, now: lifecycle.resume(g, now=now),
    Trigger.PLAN: lambda g, now: lifecycle.plan(g, PLAN, now=now),
    Trigger.SUBMIT: lambda g, now: lifecycle.submit_upstream(g, token="t", credential="c", now=now),
    Trigger.DOUBT: lambda g, now: lifecycle.doubt(g, TROUBLE, now=now),
    Trigger.ACCEPT: lambda g, now: lifecycle.accept(g, "u1", now=now),
    Trigger.COMPLETE: lambda g, now: lifecycle.complete(g, (VIDEO,), now=now),
    Trigger.RETRY: lambda g, now: lifecycle.retry(g, pause_s=10, now=now),
    Trigger.RELEASE: lambda g, now: lifecycle.release(g, now=now),
    Trigger.FAIL: lambda g, now: lifecycle.fail(g, TROUBLE, now=now),
    Trigger.CANCEL: lambda g, now: lifecycle.cancel(g, now=now),
    Trigger.EXPIRE: lambda g, now: lifecycle.expire(g, now=now),
}
BOTH_CLAIMS: Final = {Trigger.CLAIM, Trigger.RECLAIM}
"""One function serves both; which it is follows from the state."""


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def attempt_that_is(state: AttemptState | None) -> tuple[Attempt, ...]:
    if state is None:
        return ()
    return (Attempt(number=1, channel="c", state=state, began_at=NOW),)


def legal(trigger: Trigger, generation: Generation) -> bool:
    attempt = generation.open_attempt
    fits = trigger not in ATTEMPTS or (attempt and attempt.state) in ATTEMPTS[trigger]
    return (generation.state, trigger) in TRANSITIONS and fits


class TestTable:
    @pytest.mark.parametrize("trigger", Trigger)
    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("attempt", [None, *(one for one in AttemptState if one.is_open)])
    def test_what_is_listed_happens_and_nothing_else(
        self,
        make_generation: MakeGeneration,
        state: State,
        attempt: AttemptState | None,
        trigger: Trigger,
    ) -> None:
        generation = make_generation(state=state, attempt=1, attempts=attempt_that_is(attempt))
        same = BOTH_CLAIMS if trigger in BOTH_CLAIMS else {trigger}
        allowed = [TRANSITIONS[state, t] for t in same if legal(t, generation)]
        if allowed:
            assert MOVES[trigger](generation, at(1)).after.state is allowed[0]
        else:
            with pytest.raises(IllegalTransition):
                MOVES[trigger](generation, at(1))

    def test_what_an_upstream_may_be_at_work_on_is_never_begun_again(self) -> None:
        paid = {one for one in AttemptState if one.is_paid}
        for trigger in (*BOTH_CLAIMS, Trigger.SUBMIT):
            assert not paid & ATTEMPTS[trigger]

    def test_no_way_leads_out_of_a_final_state_but_expiry(self) -> None:
        final = {move: after for move, after in TRANSITIONS.items() if move[0].is_final}
        assert final == {(State.COMPLETED, Trigger.EXPIRE): State.EXPIRED}

    def test_every_state_can_be_reached_and_left_or_is_final(self) -> None:
        assert {State.QUEUED, *TRANSITIONS.values()} == set(State)
        assert {state for state, _ in TRANSITIONS} == {State.QUEUED, State.RUNNING, State.COMPLETED}

    def test_every_trigger_has_its_move_its_meaning_and_its_event(self) -> None:
        assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)
        assert set(MEANINGS) == set(EVENTS) == set(Trigger) == set(MOVES)
        assert len(set(EVENTS.values())) == len(Trigger)
        assert set(EVENTS.values()) >= ANNOUNCED


class TestMoves:
    def test_a_plan_is_known_while_it_is_drawn_and_not_that_of_an_attempt_before(
        self, make_generation: MakeGeneration
    ) -> None:
        claimed = lifecycle.claim(make_generation(), engine="e", now=at(1)).after
        planned = lifecycle.plan(claimed, PLAN, prompt_used="dunes", note="n", now=at(2))
        assert planned.event == "generation.planned"
        assert not planned.is_news
        done = lifecycle.complete(planned.after, (VIDEO,), now=at(3)).after
        assert (done.drawn_plan, done.prompt_used, done.note) == (PLAN, "dunes", "n")
        failed = lifecycle.retry(planned.after, pause_s=0, failure=TROUBLE, now=at(3)).after
        assert lifecycle.claim(failed, engine="other", now=at(4)).after.drawn_plan is None

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


class TestAttempts:
    def test_a_submit_is_on_record_before_and_after(self, make_generation: MakeGeneration) -> None:
        claimed = lifecycle.claim(make_generation(), engine="luma", channel="l1", now=at(1)).after
        requested = lifecycle.submit_upstream(claimed, token="t", credential="c", now=at(2)).after
        taken = lifecycle.accept(requested, "u1", now=at(3)).after
        done = lifecycle.complete(taken, (VIDEO,), now=at(4)).after
        assert requested.paid_attempt is not None
        assert requested.paid_attempt.submitted_at == at(2)
        assert done.made_by == Attempt(
            number=1,
            channel="l1",
            state=AttemptState.COMPLETED,
            began_at=at(1),
            token="t",
            credential="c",
            upstream_id="u1",
            submitted_at=at(2),
            accepted_at=at(3),
            ended_at=at(4),
        )

    def test_who_finds_a_submit_without_an_answer_is_in_doubt(
        self, make_generation: MakeGeneration
    ) -> None:
        claimed = lifecycle.claim(make_generation(), engine="e", now=at(1)).after
        requested = lifecycle.submit_upstream(claimed, token="t", credential="c", now=at(2)).after
        found = lifecycle.resume(requested, now=at(90)).after
        assert (found.attempt, found.attempts[-1].state) == (1, AttemptState.AMBIGUOUS)
        given_up = lifecycle.fail(found, TROUBLE, now=at(400)).after
        assert given_up.attempts[-1].state is AttemptState.UNCONFIRMED

    def test_what_an_upstream_works_on_outlives_its_worker(
        self, make_generation: MakeGeneration
    ) -> None:
        claimed = lifecycle.claim(make_generation(), engine="e", now=at(1)).after
        requested = lifecycle.submit_upstream(claimed, token="t", credential="c", now=at(2)).after
        taken = lifecycle.accept(requested, "u1", now=at(3)).after
        released = lifecycle.release(taken, now=at(4)).after
        resumed = lifecycle.resume(released, now=at(5)).after
        assert resumed.attempts == taken.attempts
        with pytest.raises(IllegalTransition):
            lifecycle.claim(released, engine="e", now=at(5))

    def test_why_an_attempt_failed_is_kept(self, make_generation: MakeGeneration) -> None:
        claimed = lifecycle.claim(make_generation(), engine="e", now=at(1)).after
        waiting = lifecycle.retry(claimed, pause_s=1, failure=TROUBLE, now=at(2)).after
        assert [(one.state, one.failure) for one in waiting.attempts] == [
            (AttemptState.FAILED, TROUBLE)
        ]


class TestAnnouncing:
    @pytest.mark.parametrize("event", sorted({*EVENTS.values(), "generation.queued"}))
    def test_only_who_asked_is_told_and_only_of_what_matters(
        self, make_generation: MakeGeneration, event: str
    ) -> None:
        silent = Change(before=None, after=make_generation(attempt=1), event=event)
        requested = Change(
            before=None, after=make_generation(attempt=1, announce=HOOK), event=event
        )
        assert not silent.announces
        assert requested.announces == (event in ANNOUNCED)

    @pytest.mark.parametrize("event", sorted(ANNOUNCED))
    def test_who_asked_for_the_end_alone_is_told_of_nothing_else(
        self, make_generation: MakeGeneration, event: str
    ) -> None:
        state = State(event.removeprefix("generation."))
        hook = replace(HOOK, only_final=True)
        reported = make_generation(state=state, attempt=1, announce=hook)
        change = Change(before=None, after=reported, event=event)
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
        possible = [trigger for trigger in Trigger if legal(trigger, self.generation)]
        change = MOVES[data.draw(st.sampled_from(possible))](self.generation, self.now)
        self.changes.append(change)
        self.generation = change.after

    @precondition(lambda self: self.generation.state.is_final)
    @rule(trigger=st.sampled_from(Trigger))
    def nothing_moves_what_is_final_but_its_time(self, trigger: Trigger) -> None:
        if legal(trigger, self.generation):
            assert trigger is Trigger.EXPIRE
            change = lifecycle.expire(self.generation, now=self.now)
            assert not change.announces
            self.changes.append(change)
            self.generation = change.after
            return
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
        assert (generation.failure is not None) == (
            generation.state in {State.FAILED, State.EXPIRED}
        )
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
        given_back = [
            change
            for change in self.changes
            if change.event == "generation.released" and not change.after.paid_attempt
        ]
        assert self.generation.attempt == claims - len(given_back)
        numbers = [attempt.number for attempt in self.generation.attempts]
        assert numbers == list(range(1, self.generation.attempt + 1))

    @invariant()
    def an_attempt_asks_an_upstream_once_at_most(self) -> None:
        requested = [
            (attempt.number, attempt.began_at)
            for change in self.changes
            if change.event == "generation.submitting"
            for attempt in change.after.attempts[-1:]
        ]
        assert len(requested) == len(set(requested))

    @invariant()
    def only_the_last_attempt_is_open_and_none_of_what_is_final(self) -> None:
        attempts = self.generation.attempts
        assert not [one for one in attempts[:-1] if one.state.is_open]
        assert [one.ended_at is None for one in attempts] == [o.state.is_open for o in attempts]
        if self.generation.state.is_final:
            assert self.generation.open_attempt is None

    @invariant()
    def the_id_that_an_upstream_gave_is_never_forgotten(self) -> None:
        given = {one.number: one.upstream_id for c in self.changes for one in c.after.attempts}
        kept = {one.number: one.upstream_id for one in self.generation.attempts}
        assert {n: given[n] for n in kept} == kept

    @invariant()
    def times_never_run_backwards(self) -> None:
        times = [change.after.updated_at for change in self.changes]
        assert times == sorted(times)
        assert self.generation.updated_at <= self.now

    @invariant()
    def the_end_is_told_exactly_once(self) -> None:
        final = [change for change in self.changes if change.after.state.is_final]
        ends = [change for change in final if change.after.state is not State.EXPIRED]
        assert [change.announces for change in ends] == [True] * len(ends)
        assert len(ends) <= 1


TestLife = Life.TestCase
