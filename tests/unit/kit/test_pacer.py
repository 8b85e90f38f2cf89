"""Processes that share a pace make no more calls together than it allows."""

import pytest

from rushes.core.errors import StoreError
from rushes.kit.clock import FrozenClock
from rushes.kit.pacer import SHARE_S, SharedPacer
from rushes.kit.rate_buckets import LocalRateBuckets


class Nodes:
    """Two processes with one clock and one shared pace."""

    def __init__(self, clock: FrozenClock, per_minute: float) -> None:
        self.clock, self.buckets = clock, LocalRateBuckets()
        self._now_s = 0.0
        self.pacers = [
            SharedPacer(
                self.buckets, "luma", per_minute, clock=clock.now, monotonic_s=lambda: self._now_s
            )
            for _ in range(2)
        ]

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        self._now_s += seconds


async def test_two_processes_get_slots_one_after_the_other(clock: FrozenClock) -> None:
    nodes = Nodes(clock, per_minute=60)
    slots = [await nodes.pacers[n % 2].pause_s() for n in range(4)]
    assert slots == pytest.approx([0, 0, 1, 2])  # unused calls of one second are made up for


async def test_a_fast_pace_is_reserved_in_shares_and_stays_within_the_limit(
    clock: FrozenClock,
) -> None:
    nodes = Nodes(clock, per_minute=6000)
    slots = sorted([await nodes.pacers[n % 2].pause_s() for n in range(400)])
    share = SHARE_S * 100
    for n, slot_s in enumerate(slots):
        assert slot_s >= (n - 100 - share) / 100 - 1e-6
    assert slots[-1] <= (400 - 100 + 2 * share) / 100


async def test_slots_that_were_not_used_in_time_are_lost(clock: FrozenClock) -> None:
    nodes = Nodes(clock, per_minute=6000)
    await nodes.pacers[0].pause_s()
    nodes.advance(3600)
    slots = [await nodes.pacers[0].pause_s() for _ in range(201)]
    assert slots[100] <= 0.01
    assert slots[-1] == pytest.approx(1.0, abs=0.02)


async def test_a_store_in_trouble_holds_the_call_back(clock: FrozenClock) -> None:
    class Broken(LocalRateBuckets):
        async def reserve(self, *_: object, **__: object):  # type: ignore[no-untyped-def,override]  # fails
            raise StoreError("gone")

    pacer = SharedPacer(Broken(), "luma", 60, clock=clock.now)
    with pytest.raises(StoreError):
        await pacer.wait()
