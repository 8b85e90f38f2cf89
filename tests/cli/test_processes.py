"""``rushes serve --processes N``: several processes answer on one port."""

import asyncio
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import psutil
import pytest
from structlog.testing import capture_logs

from rushes.cli.support.api_processes import ApiProcesses

BODY = {"user_prompt": "a lake", "model_name": "ray-v2", "duration": "5s", "resolution": "540p"}


def serving(http: httpx2.Client) -> set[int]:
    """Return the ids of the processes that serve and have not ended."""
    nodes = http.get("/api/v1/nodes").raise_for_status().json()["nodes"]
    return {
        int(one["name"].split(":")[1])
        for one in nodes
        if "serves" in one["roles"] and one["state"] != "lost"
    }


def until(holds: Callable[[], bool], *, within_s: float = 60.0) -> None:
    end_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def client(url: str) -> httpx2.Client:
    """Return a client that opens a connection for each request, so that any process may get it."""
    limits = httpx2.Limits(max_keepalive_connections=0)
    transport = httpx2.HTTPTransport(retries=2, limits=limits)
    return httpx2.Client(base_url=url, transport=transport, trust_env=False, timeout=30)


def test_an_api_process_that_dies_comes_back_and_nothing_acknowledged_is_lost(
    serve, tmp_path: Path
) -> None:
    arguments = ("--processes", "3", "--no-worker", "--no-auth")
    with serve(tmp_path / "data", *arguments) as up, client(up.url) as http:
        until(lambda: len(serving(http)) == 3)
        first = serving(http)
        assert up.process.pid in first
        killed = next(iter(first - {up.process.pid}))
        os.kill(killed, signal.SIGKILL)
        made = [http.post("/luma/generations", json=BODY).raise_for_status() for _ in range(20)]
        until(lambda: len(serving(http) - first) == 1)
        for one in made:
            http.get(f"/luma/generations/{one.json()['id']}").raise_for_status()
        children = psutil.Process(up.process.pid).children()
        assert up.stop()[0] == 0
        assert psutil.wait_procs(children, timeout=10)[1] == []


def counted(http: httpx2.Client) -> float:
    """Return how many requests for the health of the server its metrics have."""
    line = r'^rushes_requests_total\{[^}]*route="/health/live"[^}]*\} (\S+)$'
    return sum(map(float, re.findall(line, http.get("/metrics").text, re.MULTILINE)))


def test_the_metrics_are_those_of_all_processes_also_of_one_that_has_died(
    serve, tmp_path: Path
) -> None:
    arguments = ("--processes", "3", "--no-worker", "--no-auth")
    with serve(tmp_path / "data", *arguments) as up, client(up.url) as http:
        until(lambda: len(serving(http)) == 3)
        for _ in range(60):
            http.get("/health/live").raise_for_status()
        assert [counted(http) for _ in range(9)] == [60.0] * 9, "whichever process answers"
        first = serving(http)
        os.kill(next(iter(first - {up.process.pid})), signal.SIGKILL)
        until(lambda: len(serving(http) - first) == 1)
        assert [counted(http) for _ in range(9)] == [60.0] * 9
        shown = http.get("/metrics").text
        assert 'rushes_generations{state="queued"} 0.0' in shown
        assert "pid=" not in shown
        assert up.stop()[0] == 0


async def test_a_process_that_cannot_start_is_tried_again_and_does_not_keep_the_server_from_stopping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = asyncio.Event()

    async def fail(*_: object, **__: object) -> None:
        tried.set()
        raise OSError("no more processes")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", fail)
    with socket.socket() as listening, capture_logs() as logs:
        processes = ApiProcesses(listening, 2)
        processes.start()
        await tried.wait()
        await processes.stop()
    assert {one["event"] for one in logs} <= {"api_process_ended"}


def test_the_further_processes_end_when_the_first_one_is_killed(serve, tmp_path: Path) -> None:
    arguments = ("--processes", "2", "--no-worker", "--no-auth")
    with serve(tmp_path / "data", *arguments) as up, client(up.url) as http:
        until(lambda: len(serving(http)) == 2)
        children = psutil.Process(up.process.pid).children()
        up.process.kill()
        up.process.wait()
        assert psutil.wait_procs(children, timeout=20)[1] == []
