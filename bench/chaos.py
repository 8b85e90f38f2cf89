"""
Kill rushes with SIGKILL and break its connection to an upstream at every step of an attempt.

    python -m bench.chaos [--runs 300] [--seed 0] [--full-every 20] [--keep DIR] [--postgres]

A seed decides everything in a run: the kind of upstream, the number of processes, whether there
are callbacks, which faults the upstream has, when a process is killed or frozen, and what callers
cancel. Then the faults end and every generation must reach a final state. `law.py` checks the
result against the mock upstream's ledger and the store. The exit status is 1 if a run violated a
rule.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from threading import Thread
from types import TracebackType
from typing import Any, Self

from bench.chaos_child import work
from bench.law import Evidence, Heard, broken
from tests.postgres import Databases, PostgresServer

from rushes.bootstrap.database import FILE
from rushes.core import lifecycle
from rushes.core.errors import Conflict, IllegalTransition, NotFound
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.faults import InjectedFault
from rushes.mock_upstream.jobs import Job, Submit
from rushes.mock_upstream.messages import Act
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving_in_thread
from rushes.store.database import Database
from rushes.store.postgres import PostgresStore
from rushes.store.sqlite import SqliteStore

LEASE_S = 0.5
AMBIGUOUS_S = 6.0
MAX_END_S = 60.0
"""Seconds in which every generation must reach a final state once the faults have ended."""

BEFORE_ACCEPTANCE = ("cut-unread", "cut", "cut-after", "refuse:503", "busy:0.2", "html", "empty")
AFTER_ACCEPTANCE = ("status-after:502", "html-after", "delay:0.4", "hollow", "bad-json", "truncate")
FAULTS: dict[str, Sequence[str]] = {
    "submit": (*BEFORE_ACCEPTANCE, *AFTER_ACCEPTANCE),
    "look": (*BEFORE_ACCEPTANCE, *AFTER_ACCEPTANCE, "missing", "word:exploding", "strings"),
    "batch": (*BEFORE_ACCEPTANCE, *AFTER_ACCEPTANCE, "missing", "word:exploding", "strings"),
    "list": (*BEFORE_ACCEPTANCE, *AFTER_ACCEPTANCE, "missing", "strings"),
    "fetch": ("cut", "refuse:503", "delay:0.3", "truncate:2000", "chunked", "no-range", "html"),
    "callback": ("lost", "twice", "early", "late:0.5"),
}


@dataclass(frozen=True, kw_only=True)
class UpstreamKind:
    """A kind of upstream."""

    kind: str
    shape: str = ""
    base: str = ""
    more: str = ""
    duration_s: float = 5.0
    lists: bool = False
    """Whether its list shows lost jobs."""


UPSTREAM_KINDS = (
    UpstreamKind(kind="relay", shape="chainhub", more="batch = 3", lists=True),
    UpstreamKind(kind="relay", shape="kkiai"),
    UpstreamKind(kind="relay", shape="gpt-best", lists=True),
    UpstreamKind(kind="relay", shape="yescale"),
    UpstreamKind(kind="dream-machine", base="/dream-machine/v1", lists=True),
    UpstreamKind(kind="agents", base="/v1"),
    UpstreamKind(kind="openai-videos", shape="openai", base="/v1", duration_s=4.0, lists=True),
    UpstreamKind(kind="openai-videos", shape="sglang", base="/v1", more='flavour = "sglang"'),
    UpstreamKind(kind="lightx2v", base="/v1", lists=True),
)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The parameters of one run, drawn with a seed."""

    seed: int
    upstream_kind: UpstreamKind
    generations: int
    has_equal_prompts: bool
    """Whether some generations have the same prompt."""

    workers: int
    is_public: bool
    honours_keys: bool
    resubmits: bool
    takes: Durations
    fails: float
    trouble: float
    """The share of requests that meet a fault."""

    kill_at_request: float
    """The share of submits at which a process is killed; for polls, a tenth of it."""

    kills: tuple[float, ...]
    freezes: tuple[float, ...]
    cancels: float
    chaos_s: float
    is_light: bool
    """Whether results are not checked by sandboxed processes, which takes most of the time."""

    @classmethod
    def of(cls, seed: int, *, is_light: bool = True) -> "Scenario":
        draw = Random(seed)
        chaos_s = draw.uniform(1.0, 3.0)
        honours = draw.random() < 0.25
        moments = tuple(sorted(draw.uniform(0.1, chaos_s) for _ in range(draw.randint(1, 5))))
        frozen = tuple(draw.uniform(0.2, chaos_s) for _ in range(draw.choice((0, 0, 1, 2))))
        return cls(
            seed=seed,
            upstream_kind=UPSTREAM_KINDS[seed % len(UPSTREAM_KINDS)],
            generations=draw.randint(4, 9),
            has_equal_prompts=draw.random() < 0.25,
            workers=draw.choice((1, 1, 2)),
            is_public=draw.random() < 0.5,
            honours_keys=honours,
            resubmits=draw.random() < 0.15,
            takes=Durations(0.0, draw.choice((0.3, 1.0, 2.0))),
            fails=draw.choice((0.0, 0.2, 0.4)),
            trouble=draw.choice((0.1, 0.3, 0.5)),
            kill_at_request=draw.choice((0.0, 0.1, 0.3)),
            kills=moments,
            freezes=frozen,
            cancels=draw.choice((0.0, 0.0, 0.2)),
            chaos_s=chaos_s,
            is_light=is_light,
        )

    def settings(self, url: str, port: int) -> str:
        server = f'public_url = "http://127.0.0.1:{port}"\n' if self.is_public else ""
        return f"""
            [server]
            auth = false
            {server}
            [worker]
            lease_s = {LEASE_S}
            slots = 1
            stop_grace_s = 0.5
            [animatic]
            enabled = false
            [network]
            allow = ["127.0.0.1"]
            [models]
            default = "ray-2"
            [channels.up]
            kind = "{self.upstream_kind.kind}"
            base_url = "{url}{self.upstream_kind.base}"
            key_file = "key"
            models = ["ray-2"]
            concurrency = 50
            requests_per_minute = 60000
            min_poll_interval_s = 0.05
            max_poll_interval_s = 0.5
            expected_duration_s = 0.5
            answer_s = 2.0
            submit_s = 2.0
            connect_s = 2.0
            ambiguous_after_s = {AMBIGUOUS_S + self.chaos_s}
            on_ambiguous = "{"resubmit" if self.resubmits else "fail"}"
            honours_idempotency = {str(self.honours_keys).lower()}
            {self.upstream_kind.more}
        """


@dataclass
class Processes:
    """The processes of rushes; they are killed, frozen and restarted."""

    start: list[Any]
    """One function for each process; it starts the process."""

    up: list[BaseProcess | None] = field(default_factory=list)
    thaw_at: dict[int, float] = field(default_factory=dict)
    room_at: dict[int, float] = field(default_factory=dict)
    """When the disk of a process has room again."""

    killed: int = 0
    frozen: int = 0
    is_over: bool = False

    def restart(self) -> None:
        """Restart killed processes, and resume frozen ones whose time is over."""
        now = time.monotonic()
        for number, at in list(self.thaw_at.items()):
            if now >= at or self.is_over:
                del self.thaw_at[number]
                self._signal(self.up[number], signal.SIGCONT)
        for number, at in list(self.room_at.items()):
            if now >= at or self.is_over:
                del self.room_at[number]
                self._limit_files(number, resource.RLIM_INFINITY)
        self.up += [None] * (len(self.start) - len(self.up))
        for number, one in enumerate(self.up):
            if one is None or not one.is_alive():
                self.up[number] = self.start[number]()

    def kill_or_freeze(self, chance: Random, *, only_freeze: bool = False) -> None:
        """Kill a random process, or freeze it for about as long as its lease."""
        one = chance.randrange(len(self.start))
        if self.is_over or one >= len(self.up):
            return
        if only_freeze or chance.random() < 0.2:
            if one not in self.thaw_at:
                self.thaw_at[one] = time.monotonic() + LEASE_S * chance.uniform(0.5, 4.0)
                self.frozen += 1
                self._signal(self.up[one], signal.SIGSTOP)
        else:
            self.killed += 1
            self._signal(self.up[one], signal.SIGKILL)

    def fill_disk(self, chance: Random) -> None:
        """Let a random process write no file longer than 1 KiB for a while: its disk is full."""
        one = chance.randrange(len(self.start))
        if self.is_over or one >= len(self.up):
            return
        self.room_at[one] = time.monotonic() + chance.uniform(0.5, 2.0)
        self._limit_files(one, 1024)

    def _limit_files(self, number: int, size_bytes: int) -> None:
        one = self.up[number]
        if one is not None and one.pid is not None and one.is_alive():
            with suppress(ProcessLookupError):
                limits = (size_bytes, resource.RLIM_INFINITY)
                resource.prlimit(one.pid, resource.RLIMIT_FSIZE, limits)

    def restart_all(self) -> None:
        """Kill all processes once more, so that the last ones start without any state."""
        self.is_over = True
        for one in self.up:
            self._signal(one, signal.SIGKILL)
            if one is not None:
                one.join()
        self.thaw_at.clear()
        self.room_at.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.is_over = True
        for one in self.up:
            self._signal(one, signal.SIGKILL)
            if one is not None:
                one.join()

    def _signal(self, one: BaseProcess | None, what: signal.Signals) -> None:
        if one is not None and one.pid is not None and one.is_alive():
            with suppress(ProcessLookupError):
                os.kill(one.pid, what)


@contextmanager
def hooks(heard: set[Heard]) -> Generator[str]:
    """Receive webhooks and record their ids and states."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size_bytes = int(self.headers["content-length"])
            body = self.rfile.read(size_bytes)
            if len(body) < size_bytes:
                return  # its sender was killed
            told = json.loads(body)
            heard.add((str(told.get("id")), str(told.get("state"))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def generation(scenario: Scenario, number: int, hook: str | None) -> Generation:
    words = number // 2 if scenario.has_equal_prompts else number
    now = datetime.now(UTC)
    return Generation(
        id=GenerationId(f"g{number}"),
        account_id=AccountId("acc"),
        spec=GenerationSpec(
            prompt=f"a lake at dawn, take {words}",
            model="ray-2",
            resolution="720p",
            aspect_ratio="16:9",
            duration_s=scenario.upstream_kind.duration_s,
        ),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=now,
        updated_at=now,
        available_at=now,
        announce=Announce(url=hook) if hook else None,
    )


def process_starter(data: Path, *, is_light: bool) -> Callable[[str, int], Any]:
    """Return a function that returns a function that starts a process in a role."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["bench.chaos_child"])

    def start(role: str, port: int) -> Any:
        def start_process() -> BaseProcess:
            process = made.Process(target=work, args=(role, str(data), port, is_light))
            process.start()
            return process

        return start_process

    return start


@dataclass
class Run:
    """One run of a scenario in its own folder."""

    scenario: Scenario
    folder: Path
    database: str | None = None
    """The address of an empty PostgreSQL database; None for a SQLite file."""

    max_end_s: float = MAX_END_S

    heard: set[Heard] = field(default_factory=set)

    @property
    def ids(self) -> list[GenerationId]:
        """The generations that were submitted."""
        return [GenerationId(f"g{number}") for number in range(self.scenario.generations)]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    async def run(self) -> tuple[list[str], Counter[str]]:
        """Run the scenario; return the violated rules and counts of what happened."""
        mock, port = self._prepare(), free_port()
        processes = Processes(start=[])
        with ExitStack() as stack:
            url = stack.enter_context(serving_in_thread(mock))
            hook = stack.enter_context(hooks(self.heard))
            store_table = f'[store]\nurl = "{self.database}"' if self.database else ""
            self._write_settings(url, port, store_table)
            stack.enter_context(processes)
            store: Database = (
                PostgresStore(self.database) if self.database else SqliteStore(self.data / FILE)
            )
            try:
                self._inject_faults(mock, processes)
                processes.start = self._processes(port)
                restarting = asyncio.create_task(self._restart_regularly(processes))
                await self._chaos(store, processes, hook)
                self._end_faults(mock, processes)
                await self._wait_for_the_end(store, processes)
                restarting.cancel()
                return await self._check(store, processes)
            finally:
                await store.close()

    def _prepare(self) -> MockUpstream:
        """Make the data folder and the key, and return the mock upstream."""
        one = self.scenario
        role = Role(
            kind=one.upstream_kind.kind,
            shape=one.upstream_kind.shape,
            takes=one.takes,
            fails=one.fails,
            seed=one.seed,
            honours_keys=one.honours_keys,
        )
        self.data.mkdir(parents=True)
        (self.data / "key").write_text("a-key")
        (self.data / "key").chmod(0o600)
        return MockUpstream(role, ledger=self.ledger)

    def _write_settings(self, upstream_url: str, port: int, tables: str) -> None:
        text = self.scenario.settings(upstream_url, port)
        text = text.replace('"key"', f'"{self.data}/key"')
        (self.data / "rushes.toml").write_text(f"{text}\n{tables}\n")

    async def _restart_regularly(self, processes: Processes) -> None:
        """Restart and resume processes all the time: a frozen one may hold the store's lock."""
        while True:
            processes.restart()
            await asyncio.sleep(0.02)

    def _processes(self, port: int) -> list[Any]:
        start = process_starter(self.data, is_light=self.scenario.is_light)
        return [start("serve", port), *[start("worker", port)] * (self.scenario.workers - 1)]

    def _inject_faults(self, mock: MockUpstream, processes: Processes) -> None:
        one, draw = self.scenario, Random(self.scenario.seed + 2)
        for act, every in FAULTS.items():
            chosen = draw.sample(every, k=min(4, len(every)))
            mock.by_chance(act, dict.fromkeys(chosen, one.trouble / len(chosen)))
        judge, accept = mock.fault_plan.draw, mock.jobs.accept

        def kill_and_judge(act: Act) -> InjectedFault:
            drawn = draw.random() * (1 if act in {Act.SUBMIT, Act.LIST} else 10)
            if act is not Act.CALLBACK and drawn < one.kill_at_request:
                processes.kill_or_freeze(draw)
            return judge(act)

        def accept_and_kill(submit: Submit) -> Job:
            job = accept(submit)
            if draw.random() < one.kill_at_request:
                processes.kill_or_freeze(draw)  # the id is on its way, but no process will read it
            return job

        mock.fault_plan.draw = kill_and_judge  # type: ignore[method-assign]  # to observe each request
        mock.jobs.accept = accept_and_kill  # type: ignore[method-assign]  # as above

    async def _chaos(self, store: Database, processes: Processes, hook: str) -> None:
        one, draw = self.scenario, Random(self.scenario.seed + 3)
        started = time.monotonic()
        attacks = [(at, False) for at in one.kills] + [(at, True) for at in one.freezes]
        attacks.sort()
        later = sorted(draw.uniform(0.0, one.chaos_s / 2) for _ in range(one.generations // 2))
        arrivals = [0.0] * (one.generations - len(later)) + later
        asked = 0
        while (elapsed := time.monotonic() - started) < one.chaos_s:
            while asked < len(arrivals) and arrivals[asked] <= elapsed:
                await store.write(lifecycle.submit(generation(one, asked, hook)))
                asked += 1
            while attacks and attacks[0][0] <= elapsed:
                processes.kill_or_freeze(draw, only_freeze=attacks.pop(0)[1])
            if draw.random() < one.cancels * 0.02 / one.chaos_s * one.generations:
                await self._cancel(store, draw.randrange(one.generations))
            await asyncio.sleep(0.02)
        for number in range(asked, one.generations):
            await store.write(lifecycle.submit(generation(one, number, hook)))

    async def _cancel(self, store: Database, number: int) -> None:
        with suppress(NotFound, Conflict, IllegalTransition):
            found = await store.get(GenerationId(f"g{number}"))
            await store.write(lifecycle.cancel(found, now=datetime.now(UTC)))

    def _end_faults(self, mock: MockUpstream, processes: Processes) -> None:
        for act in FAULTS:
            mock.by_chance(act, {})
        processes.restart_all()

    async def _wait_for_the_end(self, store: Database, processes: Processes) -> None:
        until = time.monotonic() + self.max_end_s
        while time.monotonic() < until:
            await store.end_pause("up")
            found = await store.get_many(self.ids)
            if all(one.state.is_final for one in found) and self._are_announced(found):
                break
            await asyncio.sleep(0.05)

    def _are_announced(self, found: Sequence[Generation]) -> bool:
        told = {id_ for id_, state in self.heard if state in {"completed", "failed", "cancelled"}}
        return told >= {one.id for one in found if one.announce}

    async def _check(self, store: Database, processes: Processes) -> tuple[list[str], Counter[str]]:
        one = self.scenario
        found = await store.get_many(self.ids)
        owed = {
            delivery.event.generation.id
            for generation in found
            for delivery in await store.deliveries(generation.id)
            if delivery.state == "pending"
        }
        lines = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        evidence = Evidence(
            generations={generation.id: generation for generation in found},
            asked=len(self.ids),
            lines=lines,
            media=self.data / "media",
            heard=self.heard,
            owed=owed,
            is_findable=one.upstream_kind.lists or one.honours_keys,
            resubmits=one.resubmits,
        )
        states = Counter(str(generation.state) for generation in found)
        states.update(f"failed as {g.failure.code}" for g in found if g.failure)
        states["accepted jobs"] = sum(line["event"] == "accepted" for line in lines)
        states["kills"], states["freezes"] = processes.killed, processes.frozen
        return list(broken(evidence)), states


def run_one(
    scenario: Scenario, folder: Path, database: str | None = None
) -> tuple[list[str], Counter[str]]:
    """
    Run a scenario in an empty folder; return the violated rules and counts of what happened.

    Args:
        database: The address of an empty PostgreSQL database; by default it uses a SQLite file.
    """
    return asyncio.run(Run(scenario, folder, database).run())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first run")
    parser.add_argument(
        "--full-every", type=int, default=20, help="every Nth run checks results in the sandbox"
    )
    parser.add_argument("--keep", type=Path, help="folder for the data of failed runs")
    parser.add_argument("--postgres", action="store_true", help="use PostgreSQL instead of SQLite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        databases = None
        if asked.postgres:
            server = PostgresServer.create()
            stack.callback(server.remove)
            databases = Databases(server)
        return run_all(asked, databases)


def run_all(asked: argparse.Namespace, databases: Databases | None) -> int:
    """Run the scenarios; return the exit status."""
    total: Counter[str] = Counter()
    bad, started = 0, time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.runs):
        scenario = Scenario.of(seed)
        scenario = replace(scenario, is_light=seed % asked.full_every != asked.full_every - 1)
        folder = Path(tempfile.mkdtemp(prefix="rushes-chaos-"))
        wrong, happened = run_one(
            scenario, folder / "run", databases.fresh() if databases else None
        )
        total.update(happened)
        if wrong:
            bad += 1
            print(
                json.dumps(
                    {
                        "seed": seed,
                        "upstream_kind": str(scenario.upstream_kind.kind),
                        "wrong": wrong,
                    }
                )
            )
            if asked.keep:
                shutil.copytree(folder / "run", asked.keep / str(seed), dirs_exist_ok=True)
        sys.stdout.flush()
        shutil.rmtree(folder, ignore_errors=True)
    took_s = round(time.monotonic() - started)
    print(json.dumps({"runs": asked.runs, "broken": bad, "took_s": took_s, **total}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
