"""
Kills rushes with SIGKILL, and spoils its line to an upstream, at every step of an attempt.

    python -m bench.chaos [--runs 300] [--seed 0] [--full-every 20] [--keep DIR]

Each run is drawn with its seed: the kind of upstream, one or two processes, callbacks or none, what
the upstream does wrong, when a process is killed or frozen, and what callers cancel. Then the
upstream tells the truth, and everything must come to its end. What happened is judged from the
stand-in's own ledger and the store; see `law.py`. The exit status is 1 when a run broke the law.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
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
from rushes.store.sqlite import SqliteStore

LEASE_S = 0.5
AMBIGUOUS_S = 6.0
ALL_OVER_S = 60.0
"""Seconds in which everything must have come to its end once nothing is done wrong any more."""

SPOILT = ("cut-unread", "cut", "cut-after", "refuse:503", "busy:0.2", "html", "empty")
AFTER = ("status-after:502", "html-after", "delay:0.4", "hollow", "bad-json", "truncate")
MISDEEDS: dict[str, Sequence[str]] = {
    "submit": (*SPOILT, *AFTER),
    "look": (*SPOILT, *AFTER, "missing", "word:exploding", "strings"),
    "batch": (*SPOILT, *AFTER, "missing", "word:exploding", "strings"),
    "list": (*SPOILT, *AFTER, "missing", "strings"),
    "fetch": ("cut", "refuse:503", "delay:0.3", "truncate:2000", "chunked", "no-range", "html"),
    "callback": ("lost", "twice", "early", "late:0.5"),
}


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A kind of upstream."""

    kind: str
    shape: str = ""
    base: str = ""
    more: str = ""
    duration_s: float = 5.0
    lists: bool = False
    """Whether a job can be found in its list."""


SORTS = (
    Sort(kind="relay", shape="chainhub", more="batch = 3", lists=True),
    Sort(kind="relay", shape="kkiai"),
    Sort(kind="relay", shape="gpt-best", lists=True),
    Sort(kind="relay", shape="yescale"),
    Sort(kind="dream-machine", base="/dream-machine/v1", lists=True),
    Sort(kind="agents", base="/v1"),
    Sort(kind="openai-videos", shape="openai", base="/v1", duration_s=4.0, lists=True),
    Sort(kind="openai-videos", shape="sglang", base="/v1", more='flavour = "sglang"'),
    Sort(kind="lightx2v", base="/v1", lists=True),
)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is drawn with a seed."""

    seed: int
    sort: Sort
    generations: int
    alike: bool
    """Whether some of them are asked for in the same words."""

    workers: int
    is_public: bool
    honours_keys: bool
    resubmits: bool
    takes: Durations
    fails: float
    trouble: float
    """Share of the requests that go wrong."""

    kill_at_request: float
    """Share of the submits at which the one who asks is killed; looks, a tenth of it."""

    kills: tuple[float, ...]
    freezes: tuple[float, ...]
    cancels: float
    chaos_s: float
    is_light: bool
    """Whether results are not looked into by confined processes, which takes most of the time."""

    @classmethod
    def of(cls, seed: int, *, is_light: bool = True) -> "Scenario":
        draw = Random(seed)
        chaos_s = draw.uniform(1.0, 3.0)
        honours = draw.random() < 0.25
        moments = tuple(sorted(draw.uniform(0.1, chaos_s) for _ in range(draw.randint(1, 5))))
        frozen = tuple(draw.uniform(0.2, chaos_s) for _ in range(draw.choice((0, 0, 1, 2))))
        return cls(
            seed=seed,
            sort=SORTS[seed % len(SORTS)],
            generations=draw.randint(4, 9),
            alike=draw.random() < 0.25,
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
            kind = "{self.sort.kind}"
            base_url = "{url}{self.sort.base}"
            key_file = "key"
            models = ["ray-2"]
            concurrency = 50
            requests_per_minute = 60000
            look_every_s = 0.05
            look_rarest_s = 0.5
            usual_s = 0.5
            answer_s = 2.0
            submit_s = 2.0
            connect_s = 2.0
            ambiguous_after_s = {AMBIGUOUS_S + self.chaos_s}
            on_ambiguous = "{"resubmit" if self.resubmits else "fail"}"
            honours_idempotency = {str(self.honours_keys).lower()}
            {self.sort.more}
        """


@dataclass
class Crew:
    """The processes of rushes, which are killed, frozen and begun again."""

    begin: list[Any]
    """Makes each of the processes."""

    up: list[BaseProcess | None] = field(default_factory=list)
    thaw_at: dict[int, float] = field(default_factory=dict)
    killed: int = 0
    frozen: int = 0
    is_calm: bool = False

    def tend(self) -> None:
        """Begin again who was killed, and thaw whose time is over."""
        now = time.monotonic()
        for number, at in list(self.thaw_at.items()):
            if now >= at or self.is_calm:
                del self.thaw_at[number]
                self._tell(self.up[number], signal.SIGCONT)
        self.up += [None] * (len(self.begin) - len(self.up))
        for number, one in enumerate(self.up):
            if one is None or not one.is_alive():
                self.up[number] = self.begin[number]()

    def strike(self, chance: Random, *, only_freeze: bool = False) -> None:
        """Kill one of them; or freeze it for longer than its lease."""
        one = chance.randrange(len(self.begin))
        if self.is_calm or one >= len(self.up):
            return
        if only_freeze or chance.random() < 0.2:
            if one not in self.thaw_at:
                self.thaw_at[one] = time.monotonic() + LEASE_S * chance.uniform(0.5, 4.0)
                self.frozen += 1
                self._tell(self.up[one], signal.SIGSTOP)
        else:
            self.killed += 1
            self._tell(self.up[one], signal.SIGKILL)

    def calm(self) -> None:
        """Kill all of them once more, so that the last ones begin with nothing in mind."""
        self.is_calm = True
        for one in self.up:
            self._tell(one, signal.SIGKILL)
            if one is not None:
                one.join()
        self.thaw_at.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.is_calm = True
        for one in self.up:
            self._tell(one, signal.SIGKILL)
            if one is not None:
                one.join()

    def _tell(self, one: BaseProcess | None, what: signal.Signals) -> None:
        if one is not None and one.pid is not None and one.is_alive():
            with suppress(ProcessLookupError):
                os.kill(one.pid, what)


@contextmanager
def hooks(heard: set[Heard]) -> Generator[str]:
    """Take webhooks, and note what they tell."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
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
    words = number // 2 if scenario.alike else number
    now = datetime.now(UTC)
    return Generation(
        id=GenerationId(f"g{number}"),
        account_id=AccountId("acc"),
        spec=GenerationSpec(
            prompt=f"a lake at dawn, take {words}",
            model="ray-2",
            resolution="720p",
            aspect_ratio="16:9",
            duration_s=scenario.sort.duration_s,
        ),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=now,
        updated_at=now,
        available_at=now,
        announce=Announce(url=hook) if hook else None,
    )


@dataclass
class Run:
    """One run of a scenario in a folder of its own."""

    scenario: Scenario
    folder: Path
    heard: set[Heard] = field(default_factory=set)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    async def play(self) -> tuple[list[str], Counter[str]]:
        """Return what broke the law, and what happened."""
        one = self.scenario
        part = Role(
            kind=one.sort.kind,
            shape=one.sort.shape,
            takes=one.takes,
            fails=one.fails,
            seed=one.seed,
            honours_keys=one.honours_keys,
        )
        self.data.mkdir(parents=True)
        standin, port = MockUpstream(part, ledger=self.ledger), free_port()
        crew = Crew(begin=[])
        (self.data / "key").write_text("a-key")
        (self.data / "key").chmod(0o600)
        with ExitStack() as stack:
            url = stack.enter_context(serving_in_thread(standin))
            hook = stack.enter_context(hooks(self.heard))
            text = one.settings(url, port).replace('"key"', f'"{self.data}/key"')
            (self.data / "rushes.toml").write_text(text)
            stack.enter_context(crew)
            store = SqliteStore(self.data / "rushes.db")
            try:
                self._spoil(standin, crew)
                crew.begin = self._processes(port)
                tending = asyncio.create_task(self._tend(crew))
                await self._chaos(store, crew, hook)
                self._tell_the_truth(standin, crew)
                await self._come_to_an_end(store, crew)
                tending.cancel()
                return await self._judged(store, crew)
            finally:
                await store.close()

    async def _tend(self, crew: Crew) -> None:
        """Tend to the crew beside all else: who is frozen may hold the store's lock."""
        while True:
            crew.tend()
            await asyncio.sleep(0.02)

    def _processes(self, port: int) -> list[Any]:
        made = multiprocessing.get_context("forkserver")
        made.set_forkserver_preload(["bench.chaos_child"])

        def begin(role: str) -> Any:
            def beginning() -> BaseProcess:
                asked = (role, str(self.data), port, self.scenario.is_light)
                process = made.Process(target=work, args=asked)
                process.start()
                return process

            return beginning

        return [begin("serve"), *[begin("worker")] * (self.scenario.workers - 1)]

    def _spoil(self, standin: MockUpstream, crew: Crew) -> None:
        one, draw = self.scenario, Random(self.scenario.seed + 2)
        for act, every in MISDEEDS.items():
            chosen = draw.sample(every, k=min(4, len(every)))
            standin.by_chance(act, dict.fromkeys(chosen, one.trouble / len(chosen)))
        judge, accept = standin.misdeeds.draw, standin.jobs.accept

        def kill_and_judge(act: Act) -> InjectedFault:
            drawn = draw.random() * (1 if act in {Act.SUBMIT, Act.LIST} else 10)
            if act is not Act.CALLBACK and drawn < one.kill_at_request:
                crew.strike(draw)
            return judge(act)

        def accept_and_kill(submit: Submit) -> Job:
            job = accept(submit)
            if draw.random() < one.kill_at_request:
                crew.strike(draw)  # its id is on its way, and nobody will read it
            return job

        standin.misdeeds.draw = kill_and_judge  # type: ignore[method-assign]  # as a wiretap
        standin.jobs.accept = accept_and_kill  # type: ignore[method-assign]  # as above

    async def _chaos(self, store: SqliteStore, crew: Crew, hook: str) -> None:
        one, draw = self.scenario, Random(self.scenario.seed + 3)
        begun = time.monotonic()
        strikes = [(at, False) for at in one.kills] + [(at, True) for at in one.freezes]
        strikes.sort()
        later = sorted(draw.uniform(0.0, one.chaos_s / 2) for _ in range(one.generations // 2))
        arrivals = [0.0] * (one.generations - len(later)) + later
        asked = 0
        while (elapsed := time.monotonic() - begun) < one.chaos_s:
            while asked < len(arrivals) and arrivals[asked] <= elapsed:
                await store.write(lifecycle.submit(generation(one, asked, hook)))
                asked += 1
            while strikes and strikes[0][0] <= elapsed:
                crew.strike(draw, only_freeze=strikes.pop(0)[1])
            if draw.random() < one.cancels * 0.02 / one.chaos_s * one.generations:
                await self._cancel(store, draw.randrange(one.generations))
            await asyncio.sleep(0.02)
        for number in range(asked, one.generations):
            await store.write(lifecycle.submit(generation(one, number, hook)))

    async def _cancel(self, store: SqliteStore, number: int) -> None:
        with suppress(NotFound, Conflict, IllegalTransition):
            found = await store.get(GenerationId(f"g{number}"))
            await store.write(lifecycle.cancel(found, now=datetime.now(UTC)))

    def _tell_the_truth(self, standin: MockUpstream, crew: Crew) -> None:
        for act in MISDEEDS:
            standin.by_chance(act, {})
        crew.calm()

    async def _come_to_an_end(self, store: SqliteStore, crew: Crew) -> None:
        ids = [GenerationId(f"g{number}") for number in range(self.scenario.generations)]
        until = time.monotonic() + ALL_OVER_S
        while time.monotonic() < until:
            await store.end_rest("up")
            found = await store.get_many(ids)
            if all(one.state.is_final for one in found) and self._are_told(found):
                break
            await asyncio.sleep(0.05)

    def _are_told(self, found: Sequence[Generation]) -> bool:
        told = {id_ for id_, state in self.heard if state in {"completed", "failed", "cancelled"}}
        return told >= {one.id for one in found if one.announce}

    async def _judged(self, store: SqliteStore, crew: Crew) -> tuple[list[str], Counter[str]]:
        one = self.scenario
        ids = [GenerationId(f"g{number}") for number in range(one.generations)]
        found = await store.get_many(ids)
        owed = {
            delivery.event.generation.id
            for generation in found
            for delivery in await store.deliveries(generation.id)
            if delivery.state == "pending"
        }
        lines = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        evidence = Evidence(
            generations={generation.id: generation for generation in found},
            asked=one.generations,
            lines=lines,
            media=self.data / "media",
            heard=self.heard,
            owed=owed,
            is_findable=one.sort.lists or one.honours_keys,
            resubmits=one.resubmits,
        )
        states = Counter(str(generation.state) for generation in found)
        states.update(f"failed as {g.failure.code}" for g in found if g.failure)
        states["accepted jobs"] = sum(line["event"] == "accepted" for line in lines)
        states["kills"], states["freezes"] = crew.killed, crew.frozen
        return list(broken(evidence)), states


def run_one(scenario: Scenario, folder: Path) -> tuple[list[str], Counter[str]]:
    """Play a scenario in a folder that is empty; return what broke the law, and what happened."""
    return asyncio.run(Run(scenario, folder).play())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; each has its own")
    parser.add_argument("--full-every", type=int, default=20, help="runs with confined readers")
    parser.add_argument("--keep", type=Path, help="where the folders of bad runs are kept")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    bad, begun = 0, time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.runs):
        scenario = Scenario.of(seed)
        scenario = replace(scenario, is_light=seed % asked.full_every != asked.full_every - 1)
        folder = Path(tempfile.mkdtemp(prefix="rushes-chaos-"))
        wrong, happened = run_one(scenario, folder / "run")
        total.update(happened)
        if wrong:
            bad += 1
            print(json.dumps({"seed": seed, "sort": str(scenario.sort.kind), "wrong": wrong}))
            if asked.keep:
                shutil.copytree(folder / "run", asked.keep / str(seed), dirs_exist_ok=True)
        sys.stdout.flush()
        shutil.rmtree(folder, ignore_errors=True)
    took_s = round(time.monotonic() - begun)
    print(json.dumps({"runs": asked.runs, "broken": bad, "took_s": took_s, **total}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
