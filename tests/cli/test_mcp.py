"""``rushes mcp`` as a process: what it says when it cannot work, and how it is stopped."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mcp import Client
from tests.cli.conftest import Done, environment

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}) + "\n"


@pytest.fixture
def agent(tmp_path: Path):
    """Start the command as an agent does, with its standard input held open."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            (sys.executable, "-m", "rushes", "mcp", *arguments),
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


def answered(process: "subprocess.Popen[str]") -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(PING)
    process.stdin.flush()
    return bool(json.loads(process.stdout.readline())["id"] == 1)


@pytest.mark.parametrize(
    ("how", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (None, 0)]
)
def test_it_ends_when_it_is_told_to_or_its_agent_is_gone(
    agent, how: signal.Signals | None, status: int
) -> None:
    process = agent()
    assert answered(process)
    if how is None:
        process.stdin.close()
    else:
        process.send_signal(how)
    assert process.wait(timeout=20) == status
    assert "Traceback" not in process.stderr.read()


def test_what_is_logged_does_not_come_between_the_messages(agent) -> None:
    process = agent("--data", "kept")
    assert answered(process)
    assert answered(process)
    process.stdin.close()
    assert process.stdout.read() == ""


def test_a_server_that_is_not_there_is_told_of_at_once(rushes: Callable[..., Done]) -> None:
    reported = rushes("mcp", "--server", "http://127.0.0.1:9")
    assert reported.status == 3
    assert reported.err.startswith("rushes: no server answers at http://127.0.0.1:9/")
    assert reported.out == ""


def test_a_bad_key_is_told_of_at_once(rushes: Callable[..., Done], server) -> None:
    reported = rushes("mcp", "--server", server.url, "--key", "rsk_wrong")
    assert reported.status == 5
    assert "the API key is not valid here" in reported.err


async def test_a_server_that_is_stopped_lets_those_go_who_wait(serve, tmp_path: Path) -> None:
    queued = asyncio.Event()

    async def received(progress: float, total: float | None, message: str | None) -> None:
        assert message == "queued, next"
        queued.set()

    with serve(tmp_path / "data", "--no-worker", "--no-auth") as up:
        async with Client(f"{up.url}/mcp") as client:
            await client.list_tools()  # or it would look up the tool's schema afterwards
            requested = {"prompt": "a lake", "wait_s": 600}
            asking = client.call_tool("generate", requested, progress_callback=received)
            waiting = asyncio.create_task(asking)
            async with asyncio.timeout(30):
                await queued.wait()
            up.process.send_signal(signal.SIGTERM)
            reported = await waiting
        assert await asyncio.to_thread(up.process.wait, 20) == 0
    assert reported.structured_content["state"] == "queued"
