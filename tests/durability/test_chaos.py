"""Killed, frozen, cut off and lied to at every step, it pays once and loses nothing."""

from dataclasses import replace

import pytest
from bench.chaos import SORTS, Scenario, run_one

# The stand-in's connections are collected at a moment of no test's choosing: who held them was killed.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. 'uvloop:pytest.PytestUnraisableExceptionWarning",
    "ignore:unclosed resource:ResourceWarning",
)

LIGHT = range(len(SORTS))
FULL = (4,)
"""Seeds whose results are read by confined processes, as in production; that takes longer."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", LIGHT)
def test_whatever_is_cut_and_killed_it_pays_once_and_loses_nothing(seed, tmp_path) -> None:
    wrong, happened = run_one(Scenario.of(seed), tmp_path / "run")
    assert wrong == []
    assert happened["accepted jobs"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", FULL)
def test_so_it_is_with_the_results_looked_into(seed, tmp_path) -> None:
    scenario = replace(Scenario.of(seed, is_light=False), generations=4, chaos_s=1.5)
    wrong, _ = run_one(scenario, tmp_path / "run")
    assert wrong == []


def test_the_scenarios_cover_what_is_promised() -> None:
    drawn = [Scenario.of(seed) for seed in range(300)]
    assert {one.workers for one in drawn} == {1, 2}
    assert {one.is_public for one in drawn} == {True, False}
    assert {one.honours_keys for one in drawn} == {True, False}
    assert {one.resubmits for one in drawn} == {True, False}
    assert {one.sort.kind for one in drawn} == {
        *("relay", "dream-machine", "agents", "openai-videos", "lightx2v")
    }
    assert sum(len(one.kills) for one in drawn) > 500
