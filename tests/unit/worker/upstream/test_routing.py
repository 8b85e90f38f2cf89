"""Choose a channel for a generation."""

import pytest
from tests.unit.worker.stages import failed_times

from rushes.engines.base import Channel
from rushes.engines.scripted import ScriptedEngine
from rushes.worker.upstream.routing import choose_channel


def channel(name: str, *, priority: int = 0, weight: int = 1) -> Channel:
    engine = ScriptedEngine([])
    models = {"ray-2": "ray-2"}
    return Channel(name=name, engine=engine, models=models, priority=priority, weight=weight)


def chosen(generation, *channels: Channel, ready=None, chance: float = 0.0) -> str | None:
    names = {one.name for one in channels} if ready is None else set(ready)
    found = choose_channel(channels, names, generation, chance=chance)
    return found and found.name


@pytest.fixture
def generation(make_generation):
    return make_generation()


def test_the_highest_priority_wins(generation):
    low, high = channel("low"), channel("high", priority=1)
    assert chosen(generation, low, high, chance=0.99) == "high"


def test_a_lower_priority_is_chosen_while_the_higher_one_is_not_ready(generation):
    low, high = channel("low"), channel("high", priority=1)
    assert chosen(generation, low, high, ready={"low"}) == "low"


def test_equals_share_the_work_by_weight(generation):
    one, three = channel("one"), channel("three", weight=3)
    draws = [chosen(generation, one, three, chance=number / 100) for number in range(100)]
    assert (draws.count("one"), draws.count("three")) == (25, 75)


def test_no_channel_is_chosen_when_none_is_ready(generation):
    assert chosen(generation, channel("one"), ready=set()) is None
    assert chosen(generation) is None


@pytest.fixture
def failed_at_up(make_generation, clock):
    return failed_times(make_generation(), ["engine_error"], now=clock.now())


def test_a_channel_that_failed_the_generation_comes_last(failed_at_up):
    failed, other = channel("up", priority=9), channel("other")
    assert chosen(failed_at_up, failed, other) == "other"


def test_a_channel_that_failed_the_generation_is_better_than_none(failed_at_up):
    failed, other = channel("up"), channel("other")
    assert chosen(failed_at_up, failed, other, ready={"up"}) == "up"
