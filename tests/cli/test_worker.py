"""API and worker apart, and what an operator does to what waits between them."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

SMALL = {"user_prompt": "a quiet lake", "resolution": "540p", "aspect_ratio": "1:1"}


@pytest.fixture
def queued(serve, tmp_path: Path) -> str:
    """Return the id of a generation that nobody has begun, on the data folder ``d``."""
    with serve(tmp_path / "d", "--no-worker", "--no-auth") as up:
        made = httpx2.post(f"{up.url}/luma/generations", json=SMALL).json()
        up.stop()
    return str(made["id"])


def state(rushes, generation_id: str) -> str:
    shown = rushes("generations", "show", generation_id, "--data", "d", "--json").json
    return str(shown["generation"]["state"])


def test_without_a_worker_it_waits_and_a_worker_makes_it(
    rushes, queued: str, tmp_path: Path
) -> None:
    assert state(rushes, queued) == "queued"
    worker = subprocess.Popen(
        (sys.executable, "-m", "rushes", "worker", "--data", "d", "--slots", "1"),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stderr is not None
        settled = next(line for line in worker.stderr if "settled" in line)
        assert queued in settled
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert state(rushes, queued) == "completed"


def test_a_worker_serves_its_metrics_and_health(begin) -> None:
    worker = begin("worker", "--data", "d", "--metrics-port", "0")
    assert worker.stderr is not None
    working = next(line for line in worker.stderr if "working" in line)
    url = working.partition("metrics=")[2].split()[0].removesuffix("/metrics")
    with httpx2.Client(base_url=url) as client:
        assert client.get("/health/live").status_code == 200
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]["worker"]) == (200, "ok")
        assert "rushes_generations" in client.get("/metrics").text
        assert client.get("/luma/generations").status_code == 404
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=30)
    assert worker.returncode == 0


def test_metrics_that_others_can_reach_need_a_key(begin, tmp_path: Path) -> None:
    settings = '[server]\nhost = "0.0.0.0"\n[metrics]\ntoken = "reads-metrics"\n'
    (tmp_path / "rushes.toml").write_text(settings)
    worker = begin("worker", "--data", "d", "--metrics-port", "0", "--config", "rushes.toml")
    assert worker.stderr is not None
    working = next(line for line in worker.stderr if "working" in line)
    url = working.partition("metrics=")[2].split()[0]
    assert httpx2.get(url).status_code == 401
    assert httpx2.get(url, headers={"Authorization": "Bearer reads-metrics"}).status_code == 200


def test_what_waits_can_be_cancelled_and_asked_for_anew(rushes, queued: str) -> None:
    assert rushes("generations", "cancel", queued, "--data", "d").status == 0
    assert state(rushes, queued) == "cancelled"
    again = rushes("generations", "cancel", queued, "--data", "d")
    assert again.status == 5
    anew = rushes("generations", "retry", queued, "--data", "d", "--json").json
    assert anew["id"] != queued
    assert anew["state"] == "queued"
    listed = rushes("generations", "list", "--state", "cancelled", "--data", "d", "--json").json
    assert [one["id"] for one in listed] == [queued]
    events = rushes("generations", "events", queued, "--data", "d")
    assert "generation.cancelled" in events.out


def test_a_table_in_a_pipe_is_not_folded(rushes, queued: str) -> None:
    assert queued in rushes("generations", "list", "--data", "d").out
