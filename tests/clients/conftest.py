"""A real server in a process of its own, from ``rushes.testing``, for clients of every make."""

import gc
import json
import os
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

import rushes.testing

NODE = Path(__file__).parent / "node"
PACKAGES = NODE / "node_modules"


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A server that is up, and its key."""

    url: str
    key: str
    data: Path


@dataclass(kw_only=True)
class Receiver:
    """A webhook's receiver on this machine, and the bodies that it got."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        with self.news:
            assert self.news.wait_for(lambda: enough(self.bodies), timeout=60), self.bodies
            return list(self.bodies)


@pytest.fixture(autouse=True)
def _leave_no_litter() -> Iterator[None]:
    """Collect what a client library has left open here, not in somebody else's test."""
    gc.freeze()  # nothing of that is the test's, and to look through litellm takes 0.2 s
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def first_account() -> Iterator[Serving]:
    """One server for all the tests of a process, as those who test a client with us have it."""
    with rushes.testing.serve() as up:
        yield Serving(url=up.url, key=up.key, data=up.data)


@pytest.fixture(scope="session")
def server(first_account: Serving) -> Serving:
    """The server with the key that it made for itself; a file of tests may have its own."""
    return first_account


@pytest.fixture(scope="session")
def account_of(first_account: Serving) -> Callable[[str], Serving]:
    """Return the same server with the key of another account, to whom it is empty."""

    def made(name: str) -> Serving:
        create = ("keys", "create", name, "--data", str(first_account.data), "--json")
        reported = subprocess.check_output((sys.executable, "-m", "rushes", *create), text=True)
        return replace(first_account, key=json.loads(reported)["key"])

    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who is told of generations."""
    got = Receiver(url="")

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            with got.news:
                got.bodies.append(body)
                got.news.notify_all()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as listening:
        got.url = f"http://127.0.0.1:{listening.server_port}/told"
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield got
        listening.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def node(server: Serving) -> Callable[..., Any]:
    """Run a script of ours under Node, with the packages beside it; return the JSON it prints."""
    program = shutil.which("node")
    if program is None or not PACKAGES.is_dir():
        missing = "node" if program is None else f"{PACKAGES.relative_to(NODE.parents[2])}"
        reported = f"{missing} is missing: npm ci --prefix tests/clients/node"
        if os.environ.get("CI") == "true":
            pytest.fail(f"nothing is skipped in CI, but {reported}")
        pytest.skip(reported)

    def run(script: str, *arguments: str) -> Any:
        done = subprocess.run(
            (program, str(NODE / script), *arguments),
            env={**os.environ, "RUSHES_URL": server.url, "RUSHES_KEY": server.key},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def finished_at(origin: str, key: str, id_: str) -> None:
    """Return once a generation is final: its progress is followed, so that nobody sleeps."""
    headers = {"Authorization": f"Bearer {key}"}
    path = f"{origin}/api/v1/generations/{id_}/progress"
    with httpx2.stream("GET", path, headers=headers, timeout=180) as progress:
        assert progress.status_code == 200
        for _ in progress.iter_lines():
            pass
