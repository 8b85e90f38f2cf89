"""A real server, killed in the middle of its work, loses none of it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
import pytest

from rushes.media.probe import probe

LEASE_S = "2"


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client, str | None]]:
    command = (sys.executable, "-m", "rushes", "serve", "--json", "--port", "0")
    process = subprocess.Popen(
        (*command, "--data", str(data)),
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": "/usr/bin:/bin", "RUSHES_WORKER__LEASE_S": LEASE_S},
    )
    try:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        with httpx2.Client(base_url=reported["url"], timeout=30) as client:
            yield process, client, reported["key"]
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def ask(client: httpx2.Client, number: int) -> str:
    body = {
        "user_prompt": f"a lake at dawn, take {number}",
        "resolution": "540p",
        "aspect_ratio": "1:1",
    }
    return client.post("/luma/generations", json=body).raise_for_status().json()["id"]


def until(client: httpx2.Client, ids: list[str], done, *, deadline_s: float) -> list[dict]:
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        shown = client.post("/luma/tasks", json={"ids": ids}).raise_for_status().json()
        if done(shown):
            return shown
        time.sleep(0.1)
    pytest.fail(f"not so after {deadline_s} s: {[one['state'] for one in shown]}")


@pytest.mark.slow
def test_a_server_killed_amid_ten_renders_loses_none(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as (process, client, key):
        client.headers["Authorization"] = f"Bearer {key}"
        ids = [ask(client, number) for number in range(10)]
        until(
            client, ids, lambda all_: any(0 < one["progress"] < 100 for one in all_), deadline_s=30
        )
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        assert psutil.wait_procs(children, timeout=10)[1] == [], "a render outlived its server"
    with serving(data) as (process, client, _):
        client.headers["Authorization"] = f"Bearer {key}"
        done = until(
            client,
            ids,
            lambda all_: all(one["state"] in {"completed", "failed"} for one in all_),
            deadline_s=120,
        )
        assert [one["id"] for one in done] == ids
        assert {one["state"] for one in done} == {"completed"}
        last = tmp_path / "last.mp4"
        last.write_bytes(httpx2.get(done[-1]["video"]["url"]).raise_for_status().content)
    facts = probe(last)
    assert (facts.width_px, facts.height_px, facts.frames) == (540, 540, 121)
