"""A real server that is asked to stop does so in time, whoever still holds on to it."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import psutil
import pytest

GRACE_S = 4


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "tmp").mkdir()
    return tmp_path / "data", tmp_path / "tmp"


@pytest.fixture
def serving(folders: tuple[Path, Path]) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    with served(*folders) as serving:
        yield serving


@contextmanager
def served(
    data: Path, temporary: Path, *, key: str | None = None
) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    command = (sys.executable, "-m", "rushes", "serve", "--json", "--port", "0")
    process = subprocess.Popen(
        (*command, "--data", str(data)),
        stdout=subprocess.PIPE,
        text=True,
        env={
            "PATH": "/usr/bin:/bin",
            "TMPDIR": str(temporary),
            "RUSHES_WORKER__STOP_GRACE_S": str(GRACE_S),
            "RUSHES_WORKER__LEASE_S": "1",
        },
    )
    try:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {key or reported['key']}"}
        with httpx2.Client(base_url=reported["url"], headers=headers, timeout=30) as client:
            yield process, client
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def rendering(client: httpx2.Client, **requested: str) -> str:
    """Return the id of a generation that will be rendered for a good while yet."""
    body = {"user_prompt": "a forest", "resolution": "1080p", "duration": "10s", **requested}
    generation_id = client.post("/luma/generations", json=body).raise_for_status().json()["id"]
    return until(client, generation_id, "processing")


def until(client: httpx2.Client, generation_id: str, state: str) -> str:
    end = time.monotonic() + 30
    while client.get(f"/luma/generations/{generation_id}").json()["state"] != state:
        assert time.monotonic() < end
        time.sleep(0.05)
    return generation_id


def holding_on(client: httpx2.Client, generation_id: str) -> list[socket.socket]:
    """Return connections that want more: a stream that is followed, and a body that never ends."""
    host, port = client.base_url.host, client.base_url.port
    key = client.headers["Authorization"]
    head = f"HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {key}\r\n"
    requested = (
        f"GET /api/v1/generations/{generation_id}/progress {head}\r\n",
        f'POST /luma/generations {head}Content-Length: 5000\r\n\r\n{{"user',
        "GET /health/live HT",
    )
    connections = [socket.create_connection((host, port)) for _ in requested]
    for connection, text in zip(connections, requested, strict=True):
        connection.sendall(text.encode())
    connections[0].recv(1000)
    return connections


def test_a_stop_takes_one_grace_and_gives_everything_back(serving, folders) -> None:
    process, client = serving
    data, temporary = folders
    generation_id = rendering(client)
    held = holding_on(client, generation_id)
    children = psutil.Process(process.pid).children(recursive=True)
    begun_s = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    took_s = time.monotonic() - begun_s
    for connection in held:
        connection.close()
    assert took_s < 2 * GRACE_S - 0.5, "the worker waited for those who were still served"
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert list(temporary.iterdir()) == []
    command = (sys.executable, "-m", "rushes", "generations", "list", "--data", str(data), "--json")
    reported = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (left,) = json.loads(reported)
    assert (left["id"], left["state"], left["attempt"]) == (generation_id, "queued", 0)


def test_a_server_that_stops_is_listed_as_draining_until_it_has_ended(serving, folders) -> None:
    process, client = serving
    rendering(client)
    process.send_signal(signal.SIGTERM)
    with closing(sqlite3.connect(folders[0] / "rushes.db")) as db:
        shown = set[object]()
        while process.poll() is None and (1,) not in shown:
            shown |= set(db.execute("SELECT draining FROM node"))
            time.sleep(0.01)
        assert (1,) in shown
        assert process.wait(timeout=30) == 0
        assert db.execute("SELECT count(*) FROM node").fetchone() == (0,)


def test_a_killed_server_leaves_nothing_behind_for_long(serving, folders) -> None:
    process, client = serving
    data, temporary = folders
    generation_id = rendering(client, resolution="540p", duration="5s", aspect_ratio="1:1")
    key = client.headers["Authorization"].removeprefix("Bearer ")
    end = time.monotonic() + 10
    while not list(temporary.iterdir()):  # the shot is planned before the folder is made
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert len(list(temporary.iterdir())) == 1
    half = data / "media" / generation_id / "1"
    half.mkdir(parents=True, exist_ok=True)
    (half / ".video.mp4.0123").write_bytes(b"half of it")
    with served(data, temporary, key=key) as (_, client):
        until(client, generation_id, "completed")
        end = time.monotonic() + 5
        while list(temporary.iterdir()) or half.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        assert [one.name for one in half.parent.iterdir()] == ["2"]
