"""A data folder with work under way moves to PostgreSQL, and all of it ends, paid for once."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.cli.conftest import RUSHES, environment

from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving_in_thread

PATIENCE_S = 120.0
SETTINGS = """
    engine = "slate"
    [worker]
    slots = 1
    lease_s = 1
    [network]
    allow = ["127.0.0.1"]
    [channels.up]
    kind = "relay"
    base_url = "{url}"
    key_file = "key"
    models = ["ray-2"]
    min_poll_interval_s = 0.1
    max_poll_interval_s = 0.5
    expected_duration_s = 1
"""


@contextmanager
def serving(data: Path, **variables: str) -> Iterator[tuple[httpx2.Client, Any]]:
    command = (*RUSHES, "serve", "--json", "--no-auth", "--port", "0", "--data", str(data))
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment(**variables), text=True, cwd=data
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx2.Client(base_url=url, timeout=30, trust_env=False) as http:
            yield http, process
    finally:
        process.kill()
        process.communicate()


def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def state(http: httpx2.Client, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = http.get(f"/api/v1/generations/{name}").raise_for_status().json()
    return shown


def submit(http: httpx2.Client, prompt: str, model: str) -> str:
    body = {
        "prompt": prompt,
        "model": model,
        "duration_s": 5,
        "resolution": "720p",
        "aspect_ratio": "16:9",
    }
    return str(http.post("/api/v1/generations", json=body).raise_for_status().json()["id"])


def accepted(ledger: Path) -> Counter[str]:
    """Return how often the upstream accepted a job for each key."""
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    return Counter(line["key"] for line in lines if line["event"] == "accepted")


@pytest.mark.slow
def test_work_under_way_goes_on_after_a_move_to_postgres(postgres_url: str, tmp_path: Path) -> None:
    data, ledger = tmp_path / "data", tmp_path / "ledger.jsonl"
    data.mkdir()
    (data / "key").write_text("a-key")
    (data / "key").chmod(0o600)
    role = Role(kind="relay", takes=Durations(2.0, 2.0), seed=1)
    with serving_in_thread(MockUpstream(role, ledger=ledger)) as upstream:
        (data / "rushes.toml").write_text(SETTINGS.format(url=upstream))
        with serving(data) as (http, process):
            rendering = submit(http, "a lake [delay: 3s]", "ray-flash-2")
            queued = submit(http, "a hill", "ray-flash-2")
            submitted = submit(http, "a sea", "ray-2")
            until(lambda: state(http, rendering)["state"] == "running")
            until(lambda: bool(accepted(ledger)) and state(http, submitted)["state"] == "running")
            before = {one: state(http, one)["state"] for one in (rendering, queued, submitted)}
            process.kill()
            process.wait()
        assert before == {rendering: "running", queued: "queued", submitted: "running"}
        subprocess.run(
            (*RUSHES, "db", "copy", "postgres", "--data", str(data)),
            env=environment(RUSHES_STORE__URL=postgres_url),
            cwd=tmp_path,
            check=True,
            timeout=120,
        )
        with serving(data, RUSHES_STORE__URL=postgres_url) as (http, _):
            until(lambda: all(state(http, one)["state"] == "completed" for one in before))
            attempts = http.get(f"/api/v1/generations/{submitted}/attempts").json()["attempts"]
        assert len(attempts) == 1, "the same job was followed"
    assert set(accepted(ledger).values()) == {1}
    assert len(accepted(ledger)) == 1
