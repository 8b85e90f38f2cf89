"""Servers that are drained and restarted one after the other answer every request meanwhile."""

import asyncio
import json
import random
import subprocess
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.cli.conftest import RUSHES, environment

SERVERS = 2
CLIENTS = 3
POLL_S = 0.02
PATIENCE_S = 90.0


class Server:
    """A process that serves the API at one port, again and again."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._port = 0
        self.url = ""
        self.process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start a process, and return when it says that it is ready."""
        command = (*RUSHES, "serve", "--json", "--no-auth", "--engine", "slate")
        self.process = subprocess.Popen(
            (*command, "--port", str(self._port), "--data", str(self._data)),
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        assert self.process.stdout is not None
        self.url = json.loads(self.process.stdout.readline())["url"]
        self._port = int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        """Ask the process to stop, and return its exit status."""
        assert self.process is not None
        self.process.terminate()
        self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


class Balancer:
    """Sends each request to a server that is ready, as a load balancer does."""

    def __init__(self, servers: list[Server], http: httpx2.AsyncClient) -> None:
        self.servers = servers
        self.http = http
        self.ready: set[int] = set()
        self.under_way: Counter[int] = Counter()
        self.statuses: Counter[int] = Counter()

    async def watch(self) -> None:
        """Ask every server again and again whether it is ready."""
        while True:
            for number, server in enumerate(self.servers):
                answer = None
                with suppress(httpx2.HTTPError):
                    answer = await self.http.get(f"{server.url}/health/ready")
                is_ready = answer is not None and answer.status_code == 200
                (self.ready.add if is_ready else self.ready.discard)(number)
            await asyncio.sleep(POLL_S)

    async def request(self, method: str, path: str, **fields: Any) -> Any:
        """Return the JSON of an answer; a request without one fails the test."""
        number = random.choice(sorted(self.ready))
        self.under_way[number] += 1
        try:
            answer = await self.http.request(method, self.servers[number].url + path, **fields)
        finally:
            self.under_way[number] -= 1
        self.statuses[answer.status_code] += 1
        return answer.json()

    async def until(self, number: int, *, is_ready: bool) -> None:
        """Wait until a server gets requests again, or none any more."""
        async with asyncio.timeout(PATIENCE_S):
            while not self._is_settled(number, is_ready=is_ready):  # noqa: ASYNC110  # a server decides
                await asyncio.sleep(POLL_S)

    def _is_settled(self, number: int, *, is_ready: bool) -> bool:
        return number in self.ready if is_ready else not self._gets_requests(number)

    def _gets_requests(self, number: int) -> bool:
        return number in self.ready or self.under_way[number] > 0


async def use(balancer: Balancer, over: asyncio.Event, made: list[str]) -> None:
    """Submit generations one after the other, and follow each to its end."""
    while not over.is_set():
        body = {"prompt": "a lake [delay: 200ms]", "resolution": "540p"}
        reply = await balancer.request("POST", "/api/v1/generations", json=body)
        made.append(reply["id"])
        state = "queued"
        while state in {"queued", "running"}:
            await asyncio.sleep(POLL_S)
            state = (await balancer.request("GET", f"/api/v1/generations/{made[-1]}"))["state"]


async def drain(balancer: Balancer, server: Server) -> None:
    listed = await balancer.request("GET", "/api/v1/nodes")
    (name,) = (n["name"] for n in listed["nodes"] if n["name"].split(":")[-2] == str(server.pid))
    await balancer.request("POST", f"/api/v1/nodes/{name}/drain")


@pytest.mark.slow
async def test_a_rolling_restart_under_load_answers_every_request(tmp_path: Path) -> None:
    servers = [Server(tmp_path / "data") for _ in range(SERVERS)]
    over, made = asyncio.Event(), list[str]()
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.kill)
            await asyncio.to_thread(server.start)
        former = [server.pid for server in servers]
        async with httpx2.AsyncClient(timeout=30, trust_env=False) as http:
            balancer = Balancer(servers, http)
            watching = asyncio.create_task(balancer.watch())
            for number in range(SERVERS):
                await balancer.until(number, is_ready=True)
            clients = [asyncio.create_task(use(balancer, over, made)) for _ in range(CLIENTS)]
            for number, server in enumerate(servers):
                await drain(balancer, server)
                await balancer.until(number, is_ready=False)
                assert await asyncio.to_thread(server.stop) == 0
                await asyncio.to_thread(server.start)
                await balancer.until(number, is_ready=True)
            over.set()
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*clients)
            states = {
                (await balancer.request("GET", f"/api/v1/generations/{one}"))["state"]
                for one in made
            }
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    assert not set(former) & {server.pid for server in servers}
    assert {status // 100 for status in balancer.statuses} == {2}
    assert states == {"completed"}
    assert len(made) > CLIENTS
