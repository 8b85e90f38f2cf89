"""Break a cluster of servers and workers in every way: it pays once and loses nothing."""

from collections.abc import Iterator

import pytest
from bench.chaos import Scenario
from bench.cluster_chaos import Services, run_cluster, services

# The process at the other end is killed, so the mock upstream's connections are collected at any time.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. 'uvloop:pytest.PytestUnraisableExceptionWarning",
        "ignore:unclosed resource:ResourceWarning",
    ),
]

SEEDS = range(4)
"""A run takes about twenty seconds; `python -m bench.cluster_chaos --runs 20` makes more."""


@pytest.fixture(scope="module")
def cluster_services() -> Iterator[Services]:
    with services() as shared:
        yield shared


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cluster_pays_once_and_loses_nothing(
    seed: int, tmp_path, cluster_services: Services
) -> None:
    wrong, happened = run_cluster(Scenario.of(seed), tmp_path / "run", cluster_services)
    assert wrong == [], f"seed {seed}: python -m bench.cluster_chaos --runs 1 --seed {seed}"
    assert happened["accepted jobs"] > 0
