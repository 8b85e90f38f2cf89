"""Pause channels that fail, and obey pauses set elsewhere."""

from datetime import timedelta

import pytest
from tests.durability.scripted_upstream import ScriptedUpstream, channel

from rushes.core.channel_pause import ChannelPause, PausedBy
from rushes.worker.upstream.channel_health import (
    BUSY_S,
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    MAX_FAILURES,
    MAX_UNDELIVERED,
    ChannelHealth,
)


async def fail(health, times: int = MAX_FAILURES) -> None:
    for _ in range(times):
        await health.record_failure("up", "no route")


def paused_s(health, clock) -> float | None:
    pause = health.pause_of("up")
    return (pause.until - clock.now()).total_seconds() if pause and pause.until else None


async def test_a_few_failures_pause_nothing(health):
    await fail(health, MAX_FAILURES - 1)
    assert health.pause_of("up") is None


async def test_many_failures_in_a_row_pause_the_channel_for_a_while(health, clock):
    await fail(health)
    pause = health.pause_of("up")
    assert (pause.by, pause.reason) == (PausedBy.BREAKER, "no route")
    assert paused_s(health, clock) == FIRST_PAUSE_S
    clock.advance(seconds=FIRST_PAUSE_S)
    assert health.pause_of("up") is None


async def test_a_success_between_starts_the_count_anew(health):
    await fail(health, MAX_FAILURES - 1)
    health.record_success("up")
    await fail(health, MAX_FAILURES - 1)
    assert health.pause_of("up") is None


async def test_after_a_pause_one_failure_is_enough_and_the_pause_doubles(health, clock):
    await fail(health)
    clock.advance(seconds=FIRST_PAUSE_S)
    assert health.is_half_open("up")
    await fail(health, 1)
    assert paused_s(health, clock) == 2 * FIRST_PAUSE_S


async def test_a_pause_has_a_longest_length(health, clock):
    await fail(health)
    for _ in range(12):
        clock.advance(seconds=LONGEST_PAUSE_S)
        await fail(health, 1)
    assert paused_s(health, clock) == LONGEST_PAUSE_S


async def test_failures_of_requests_that_began_before_a_pause_do_not_prolong_it(health, clock):
    await fail(health, 3 * MAX_FAILURES)
    assert paused_s(health, clock) == FIRST_PAUSE_S


async def test_a_success_after_a_pause_closes_the_circuit(health, clock):
    await fail(health)
    clock.advance(seconds=FIRST_PAUSE_S)
    health.record_success("up")
    assert not health.is_half_open("up")
    await fail(health, MAX_FAILURES - 1)
    assert health.pause_of("up") is None


async def test_jobs_without_files_pause_the_channel_although_it_answers(health):
    for _ in range(MAX_UNDELIVERED):
        health.record_success("up")
        await health.record_undelivered("up", "404")
    assert "404" in health.pause_of("up").reason


async def test_one_job_that_is_lost_for_good_is_enough(health):
    await health.record_undelivered("up", "404", is_lost=True)
    assert health.pause_of("up") is not None


async def test_only_a_delivered_file_ends_the_doubt_about_deliveries(health, clock):
    await health.record_undelivered("up", "404", is_lost=True)
    clock.advance(seconds=FIRST_PAUSE_S)
    health.record_success("up")
    assert (health.is_half_open("up"), health.awaits_delivery("up")) == (True, True)
    health.record_delivery("up")
    assert (health.is_half_open("up"), health.awaits_delivery("up")) == (False, False)


async def test_a_refused_key_pauses_the_channel_until_somebody_acts(health, clock):
    await health.record_refusal("up", "401")
    clock.advance(seconds=10 * LONGEST_PAUSE_S)
    assert health.is_refused("up")
    assert health.pause_of("up").until is None


async def test_a_pause_of_the_breaker_is_no_refusal(health):
    await fail(health)
    assert not health.is_refused("up")


async def test_a_busy_upstream_gets_the_pause_that_it_asks_for(health, clock):
    health.record_busy("up", 30.0)
    clock.advance(seconds=29)
    assert health.is_busy("up")
    clock.advance(seconds=1)
    assert not health.is_busy("up")


async def test_a_busy_upstream_that_names_no_pause_gets_the_usual_one(health, clock):
    health.record_busy("up", None)
    assert health.is_busy("up")
    clock.advance(seconds=BUSY_S)
    assert not health.is_busy("up")


@pytest.fixture
def other_worker(store, clock):
    def other(fingerprint: str = "f") -> ChannelHealth:
        up = channel(ScriptedUpstream(), fingerprint=fingerprint)
        return ChannelHealth(store, [up], clock)

    return other


async def test_other_workers_learn_of_a_pause(health, other_worker):
    await health.record_refusal("up", "401")
    other = other_worker()
    assert other.pause_of("up") is None
    await other.refresh()
    assert other.is_refused("up")


async def test_a_changed_configuration_ends_a_refusal(health, other_worker):
    await health.record_refusal("up", "401")
    changed = other_worker("another key")
    await changed.refresh()
    assert changed.pause_of("up") is None


async def test_an_operators_pause_outlives_a_changed_configuration(other_worker, store, clock):
    await store.set_pause(
        ChannelPause(
            channel="up",
            fingerprint="f",
            reason="maintenance",
            since=clock.now(),
            until=clock.now() + timedelta(hours=1),
            by=PausedBy.OPERATOR,
        )
    )
    changed = other_worker("another key")
    await changed.refresh()
    assert changed.pause_of("up").reason == "maintenance"
