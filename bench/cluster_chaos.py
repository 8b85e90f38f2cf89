"""
Break a cluster of rushes in every way while clients use it, and check that nothing is lost.

    python -m bench.cluster_chaos [--runs 20] [--seed 0] [--keep DIR]

Three API servers and three workers run as processes on one PostgreSQL server and one S3 server,
in front of a mock upstream with faults. Clients submit, poll, cancel and extend over HTTP at any
of the API servers. Meanwhile processes are killed and frozen, their disks are full, connections to
PostgreSQL are cut and slowed, and both servers crash and start again. Then the faults end, every
acknowledged generation must reach a final state, and `law.py` checks that none was submitted
upstream twice, that every file is there, and that every webhook arrived. A seed decides everything
but the timing of the machine.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

import httpx2
from bench.chaos import Processes, Run, Scenario, free_port, hooks, process_starter
from tests.cutting_proxy import CuttingProxy
from tests.object_storage import BUCKET, KEY_ID, SECRET, SeaweedServer, new_server
from tests.postgres import Databases, PostgresServer

from rushes.bootstrap.media import open_media
from rushes.core.generation import GenerationId
from rushes.kit.clock import SystemClock
from rushes.mock_upstream.serving import serving_in_thread
from rushes.settings import load
from rushes.store.postgres import PostgresStore

SERVERS: Final = 3
WORKERS: Final = 3
CHAOS_S: Final = 8.0
CLIENTS: Final = 4
MAX_START_S: Final = 60.0
MAX_END_S: Final = 300.0
"""Long, because six processes start anew, perhaps on a busy machine."""

ATTACKS: Final = ("kill", "kill", "kill", "freeze", "cut", "slow", "postgres", "storage", "disk")
EXTENDS: Final = 0.3
"""The share of generations after which a client extends an earlier one."""

EXTEND_POLLS: Final = 40


@dataclass(frozen=True, kw_only=True)
class Services:
    """The servers that all nodes share; they are made once for many runs."""

    postgres: PostgresServer
    databases: Databases
    storage: SeaweedServer

    def restart_postgres(self) -> None:
        self.postgres.stop()
        self.postgres.start()

    def restart_storage(self) -> None:
        self.storage.stop()
        self.storage.start()


@contextmanager
def services() -> Generator[Services]:
    """Start PostgreSQL and SeaweedFS."""
    with ExitStack() as stack:
        postgres = PostgresServer.create()
        stack.callback(postgres.remove)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rushes-weed-")))
        storage = new_server(folder)
        storage.start()
        stack.callback(storage.stop)
        yield Services(postgres=postgres, databases=Databases(postgres), storage=storage)


@dataclass
class ClusterRun(Run):
    """One run on a cluster, in its own folder, database and prefix of the bucket."""

    services: Services = field(kw_only=True)
    max_end_s: float = MAX_END_S
    acknowledged: list[str] = field(default_factory=list)
    """The ids of the generations that an API server has acknowledged."""

    happened: Counter[str] = field(default_factory=Counter)
    urls: list[str] = field(default_factory=list)
    """Of the API servers."""

    async def run(self) -> tuple[list[str], Counter[str]]:
        mock, ports = self._prepare(), [free_port() for _ in range(SERVERS)]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        processes = Processes(start=[])
        with ExitStack() as stack:
            upstream_url = stack.enter_context(serving_in_thread(mock))
            hook = stack.enter_context(hooks(self.heard))
            proxy = stack.enter_context(CuttingProxy(self.services.postgres.socket))
            self._write_settings(upstream_url, ports[0], self._services_tables(proxy.port))
            stack.enter_context(processes)
            assert self.database is not None
            store = PostgresStore(self.database)
            try:
                start = process_starter(self.data, is_light=self.scenario.is_light)
                processes.start = [start("serve", port) for port in ports]
                processes.start += [start("worker", 0)] * WORKERS
                restarting = asyncio.create_task(self._restart_regularly(processes))
                await self._wait_until_up()
                self._inject_faults(mock, processes)
                await self._break_everything(processes, proxy, hook)
                self._end_faults(mock, processes)
                await self._wait_for_the_end(store, processes)
                restarting.cancel()
                await self._fetch_files(store)
                wrong, states = await self._check(store, processes)
                return wrong, states + self.happened
            finally:
                await store.close()

    @property
    def ids(self) -> list[GenerationId]:
        return [GenerationId(one) for one in self.acknowledged]

    def _services_tables(self, proxy_port: int) -> str:
        """Return the tables of the settings that name the shared services."""
        database = (self.database or "").split("@/")[1].partition("?")[0]
        return f"""
            [store]
            url = "postgresql://postgres@127.0.0.1:{proxy_port}/{database}"
            [media]
            url = "s3://{BUCKET}/chaos/{self.folder.parent.name}"
            endpoint = "{self.services.storage.endpoint}"
            access_key_id = "{KEY_ID}"
            secret_access_key = "{SECRET}"
            timeout_s = 5
        """

    async def _wait_until_up(self) -> None:
        until = time.monotonic() + MAX_START_S
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as http:
            for url in self.urls:
                while time.monotonic() < until:
                    with suppress(httpx2.HTTPError):
                        if (await http.get(f"{url}/health/live")).status_code == 200:
                            break
                    await asyncio.sleep(0.05)

    async def _break_everything(self, processes: Processes, proxy: CuttingProxy, hook: str) -> None:
        """Let clients work for a while, and break something every now and then."""
        draw = Random(self.scenario.seed + 5)
        count = draw.randint(4, 8)
        attacks = sorted((draw.uniform(0.2, CHAOS_S), draw.choice(ATTACKS)) for _ in range(count))
        clients = [asyncio.create_task(self._use(number, hook)) for number in range(CLIENTS)]
        started = time.monotonic()
        for at, attack in attacks:
            await asyncio.sleep(max(0.0, at - (time.monotonic() - started)))
            self.happened[attack] += 1
            match attack:
                case "kill" | "freeze":
                    processes.kill_or_freeze(draw, only_freeze=attack == "freeze")
                case "cut":
                    proxy.cut_all()
                case "disk":
                    processes.fill_disk(draw)
                case "slow":
                    proxy.delay_s = draw.uniform(0.01, 0.2)
                case "postgres":
                    await asyncio.to_thread(self.services.restart_postgres)
                case _:
                    await asyncio.to_thread(self.services.restart_storage)
        await asyncio.gather(*clients)
        proxy.delay_s = 0.0

    async def _use(self, number: int, hook: str) -> None:
        """Submit generations one after the other; poll some, cancel a few, and extend some."""
        draw = Random(self.scenario.seed * 100 + number)
        async with httpx2.AsyncClient(timeout=10, trust_env=False) as http:
            for turn in range(max(1, self.scenario.generations // 2)):
                name = f"{number}-{turn}"
                words = name if not self.scenario.has_equal_prompts else name[0]
                body = self._new_video(words)
                made = await self._submit(http, draw, name, body | {"webhook_url": hook})
                assert made is not None
                await asyncio.sleep(draw.uniform(0.0, 2 * CHAOS_S / self.scenario.generations))
                path = f"/api/v1/generations/{made}"
                await self._try(draw, lambda url, path=path: http.get(url + path))  # type: ignore[misc]  # bound now
                if draw.random() < self.scenario.cancels:
                    path += "/cancel"
                    await self._try(draw, lambda url, path=path: http.post(url + path))  # type: ignore[misc]  # bound now
                elif draw.random() < EXTENDS:
                    await self._extend(http, draw, name, made, hook)

    async def _extend(
        self, http: httpx2.AsyncClient, draw: Random, name: str, earlier: str, hook: str
    ) -> None:
        """Extend a generation once it is completed, if the upstream can."""
        for _ in range(EXTEND_POLLS):
            reply = await self._try(
                draw, lambda url: http.get(f"{url}/api/v1/generations/{earlier}")
            )
            if reply is not None and reply.status_code == 200:
                if reply.json()["state"] == "completed":
                    break
                if reply.json()["state"] in {"failed", "cancelled"}:
                    return
            await asyncio.sleep(0.2)
        body: dict[str, object] = {
            "prompt": f"the lake of {name} at noon",
            "model": "ray-2",
            "keyframes": {"first": {"generation_id": earlier}},
            "webhook_url": hook,
        }
        made = await self._submit(http, draw, f"{name}-extended", body, may_refuse=True)
        self.happened["extended" if made else "not extended"] += 1

    def _new_video(self, words: str) -> dict[str, object]:
        return {
            "prompt": f"a lake at dawn, take {words}",
            "model": "ray-2",
            "resolution": "720p",
            "aspect_ratio": "16:9",
            "duration_s": self.scenario.upstream_kind.duration_s,
        }

    async def _submit(
        self,
        http: httpx2.AsyncClient,
        draw: Random,
        name: str,
        body: dict[str, object],
        *,
        may_refuse: bool = False,
    ) -> str | None:
        """Submit a generation at any server until it is acknowledged; None if it is refused."""
        headers = {"Idempotency-Key": f"{self.scenario.seed}-{name}"}
        while True:
            reply = await self._try(
                draw,
                lambda url: http.post(f"{url}/api/v1/generations", json=body, headers=headers),
            )
            if reply is not None and reply.status_code < 300:
                self.acknowledged.append(str(reply.json()["id"]))
                return self.acknowledged[-1]
            if reply is not None and reply.status_code < 500:
                if may_refuse:
                    return None
                raise AssertionError(f"a submit was refused: {reply.status_code} {reply.text}")
            await asyncio.sleep(0.1)

    async def _try(
        self, draw: Random, call: Callable[[str], Awaitable[httpx2.Response]]
    ) -> httpx2.Response | None:
        """Call any API server; return None if it is not there."""
        try:
            reply = await call(draw.choice(self.urls))
        except httpx2.HTTPError:
            self.happened["unreachable"] += 1
            return None
        self.happened[f"{reply.status_code // 100}xx"] += 1
        return reply

    async def _fetch_files(self, store: PostgresStore) -> None:
        """Copy the files of all generations from the object store, where `law.py` looks."""
        media = open_media(load(overrides={"data": self.data}), SystemClock())
        for one in await store.get_many(self.ids):
            for artifact in one.artifacts:
                place = self.data / "media" / artifact.key
                place.parent.mkdir(parents=True, exist_ok=True)
                found = await media.find(artifact.key)
                if found is not None:
                    place.write_bytes(b"".join([part async for part in media.read(found)]))


def run_cluster(
    scenario: Scenario, folder: Path, services: Services
) -> tuple[list[str], Counter[str]]:
    """Run a scenario on a cluster; return the violated rules and counts of what happened."""
    # The time to search for a lost job follows from it, and has to be longer than the faults last.
    scenario = replace(scenario, chaos_s=CHAOS_S)
    run = ClusterRun(scenario, folder, services.databases.fresh(), services=services)
    return asyncio.run(run.run())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first run")
    parser.add_argument("--keep", type=Path, help="folder for the data of failed runs")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    bad, started = 0, time.monotonic()
    with services() as shared:
        for seed in range(asked.seed, asked.seed + asked.runs):
            scenario = Scenario.of(seed)
            folder = Path(tempfile.mkdtemp(prefix="rushes-cluster-"))
            wrong, happened = run_cluster(scenario, folder / "run", shared)
            total.update(happened)
            print(json.dumps({"seed": seed, "wrong": wrong, **happened}), flush=True)
            bad += bool(wrong)
            if wrong and asked.keep:
                shutil.copytree(folder / "run", asked.keep / str(seed), dirs_exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
    took_s = round(time.monotonic() - started)
    print(json.dumps({"runs": asked.runs, "broken": bad, "took_s": took_s, **total}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
