"""Kill and freeze the server and break its connection at every step: it pays once and loses nothing."""

from dataclasses import replace

import pytest
from bench.chaos import UPSTREAM_KINDS, Scenario, run_one

# The process at the other end is killed, so the mock upstream's connections are collected at any time.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. 'uvloop:pytest.PytestUnraisableExceptionWarning",
    "ignore:unclosed resource:ResourceWarning",
)

LIGHT = range(len(UPSTREAM_KINDS))
ON_POSTGRES = range(0, len(UPSTREAM_KINDS), 2)
FULL = (4,)
"""Seeds whose results are checked in the sandbox, as in production; that takes longer."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", LIGHT)
def test_it_pays_once_and_loses_nothing(seed, tmp_path) -> None:
    wrong, happened = run_one(Scenario.of(seed), tmp_path / "run")
    assert wrong == []
    assert happened["accepted jobs"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", ON_POSTGRES)
def test_it_pays_once_and_loses_nothing_on_postgres(seed, tmp_path, postgres_url) -> None:
    wrong, happened = run_one(Scenario.of(seed), tmp_path / "run", postgres_url)
    assert wrong == []
    assert happened["accepted jobs"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", FULL)
def test_it_pays_once_and_loses_nothing_when_results_are_checked_too(seed, tmp_path) -> None:
    scenario = replace(Scenario.of(seed, is_light=False), generations=4, chaos_s=1.5)
    wrong, _ = run_one(scenario, tmp_path / "run")
    assert wrong == []


def test_the_scenarios_cover_what_is_promised() -> None:
    drawn = [Scenario.of(seed) for seed in range(300)]
    assert {one.workers for one in drawn} == {1, 2}
    assert {one.is_public for one in drawn} == {True, False}
    assert {one.honours_keys for one in drawn} == {True, False}
    assert {one.resubmits for one in drawn} == {True, False}
    assert {one.upstream_kind.kind for one in drawn} == {
        *("relay", "dream-machine", "agents", "openai-videos", "lightx2v")
    }
    assert sum(len(one.kills) for one in drawn) > 500
