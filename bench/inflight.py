"""
Measure the lag and the cost of polling with 100, 1,000 and 10,000 jobs in flight.

    python bench/inflight.py [--sizes 100,1000,10000] [--per-minute 6000] [--takes 30..90]

A mock upstream in its own process has jobs of scripted lengths. The store has their generations as
accepted, as after a restart, and a real worker takes them over and polls them. The lag is the time
from the end of a job until the worker has read that it is done. Files are neither downloaded nor
checked: that costs the same for any number of jobs, and four are done at a time. Jobs that end
before the worker has taken over all of them are not counted. Each measurement is one JSON line.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx2
import psutil

from rushes.bootstrap.application import build
from rushes.cli.support.logs import log_to_stderr
from rushes.cli.support.run_command import run
from rushes.core import lifecycle
from rushes.core.generation import AccountId, Artifact, ArtifactKind, Generation, GenerationId
from rushes.core.lifecycle import Change
from rushes.core.spec import GenerationSpec
from rushes.engines.upstream.base import JobStatus, Phase, UpstreamChannel
from rushes.engines.upstream.relay import RelayUpstream
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.jobs import Submit
from rushes.mock_upstream.messages import digest
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving_in_thread
from rushes.settings import load
from rushes.store.base import Lease
from rushes.store.sqlite import SqliteStore
from rushes.worker.context import WorkerContext
from rushes.worker.upstream import collector

KEY = "a-key"
HEAD_START_S = 2.0
"""Seconds between the end of the preparation and the start of the jobs."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """The parameters of one measurement."""

    jobs: int
    batch: int
    per_minute: float
    takes: Durations
    calls: bool
    """Whether the upstream calls back."""

    @property
    def mean_s(self) -> float:
        return (self.takes.low_s + self.takes.high_s) / 2


def mock_upstream(measurement: Measurement, port: int, pipe: Connection) -> None:
    """Run the upstream: create the jobs on request and serve until the end."""
    mock = MockUpstream(Role(kind="relay", shape="chainhub", takes=measurement.takes))
    with serving_in_thread(mock) as url:
        pipe.send(url)
        begins_at, names = pipe.recv()
        ends: dict[str, float] = {}
        for name in names:
            job = mock.jobs.accept(
                Submit(
                    kind="video",
                    path="/luma/generations",
                    request_fields={"user_prompt": name},
                    prompt=name,
                    model="ray-2",
                    key=name,
                    credential=digest(KEY),
                    callback_url=None,
                    origin=url,
                )
            )
            takes_s = job.ends_at - job.accepted_at
            job.accepted_at = job.starts_at = begins_at
            job.ends_at = begins_at + takes_s
            ends[job.id] = job.ends_at
        pipe.send(ends)
        pipe.recv()


def follow(data: str, out: str, pipe: Connection) -> None:
    """Run the worker and record when it sees that each job is done."""
    seen: list[tuple[str, float]] = []

    async def complete_unfetched(
        context: WorkerContext,
        generation: Generation,
        channel: UpstreamChannel,
        sighting: JobStatus,
    ) -> Change:
        artifact = Artifact(
            kind=ArtifactKind.VIDEO,
            key=f"{generation.id}/video.mp4",
            media_type="video/mp4",
            size_bytes=1,
            width_px=1,
            height_px=1,
        )
        return lifecycle.complete(generation, (artifact,), now=context.clock.now())

    async def poll_many(self: RelayUpstream, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        found = await looking(self, job_ids)
        now = time.time()
        seen.extend((one, now) for one, status in found.items() if status.phase is Phase.COMPLETED)
        return found

    async def poll(self: RelayUpstream, job_id: str) -> JobStatus:
        found = await looking_at_one(self, job_id)
        seen.extend([(job_id, time.time())] if found.phase is Phase.COMPLETED else [])
        return found

    looking, looking_at_one = RelayUpstream.poll_many, RelayUpstream.poll
    RelayUpstream.poll_many, RelayUpstream.poll = poll_many, poll  # type: ignore[method-assign]  # to record the time
    collector.collect_results = complete_unfetched  # type: ignore[assignment]  # see the module's docstring

    async def work() -> None:
        settings = load(overrides={"data": data})
        log_to_stderr(settings.log)
        application = build(settings)
        async with application.running(worker=True, dispatcher=False):
            pipe.send("up")
            while not await asyncio.to_thread(pipe.poll, 0.5):
                taken = application.worker.followed_jobs
                pipe.send(taken)

    run(work(), handles_signals=True)
    Path(out).write_text(json.dumps(seen))


def settings(measurement: Measurement, url: str, key: Path) -> str:
    return f"""
        [animatic]
        enabled = false
        [network]
        allow = ["127.0.0.1"]
        [models]
        default = "ray-2"
        [log]
        level = "warning"
        [channels.up]
        kind = "relay"
        base_url = "{url}"
        key_file = "{key}"
        models = ["ray-2"]
        concurrency = 100000
        requests_per_minute = {measurement.per_minute}
        expected_duration_s = {measurement.mean_s}
        batch = {measurement.batch}
    """


def accepted(name: str, job_id: str, at: datetime) -> Generation:
    """Return a generation whose job was just accepted for a worker that has died."""
    made = Generation(
        id=GenerationId(name),
        account_id=AccountId("bench"),
        spec=GenerationSpec(
            model="ray-2",
            prompt="An astronaut rides a horse on the beach at sunset, slow push in. " * 3 + name,
            resolution="720p",
            aspect_ratio="16:9",
        ),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=at,
        updated_at=at,
        available_at=at,
    )
    claimed = lifecycle.claim(made, engine="relay", channel="up", now=at).after
    measurement = lifecycle.submit_upstream(claimed, token="t" * 32, credential="c", now=at).after
    return lifecycle.accept(measurement, job_id, now=at).after


async def store_generations(data: Path, ends: dict[str, float], begins_at: float) -> None:
    """Store the generations with expired leases."""
    store = SqliteStore(data / "rushes.db")
    at = datetime.fromtimestamp(begins_at, UTC)
    lease = Lease(worker="gone", until=at - timedelta(hours=1))
    changes = [
        Change(before=None, after=accepted(f"g{number}", job_id, at), event="generation.accepted")
        for number, job_id in enumerate(ends)
    ]
    for first in range(0, len(changes), 500):
        some = changes[first : first + 500]
        await asyncio.gather(*(store.write(change, lease=lease) for change in some))
    await store.close()


def measure(measurement: Measurement, folder: Path) -> dict[str, Any]:
    """Measure once in an empty folder."""
    made = multiprocessing.get_context("spawn")
    data, out = folder / "data", folder / "seen.json"
    data.mkdir(parents=True)
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    ours, theirs = made.Pipe()
    up = made.Process(target=mock_upstream, args=(measurement, 0, theirs))
    up.start()
    theirs.close()  # so that reading from a process that has died fails at once
    url = ours.recv()
    (data / "rushes.toml").write_text(settings(measurement, url, folder / "key"))
    worker_pipe, worker_end = made.Pipe()
    worker = made.Process(target=follow, args=(str(data), str(out), worker_end))
    try:
        begins_at = time.time() + HEAD_START_S + measurement.jobs / 300
        ours.send((begins_at, [f"g{number}" for number in range(measurement.jobs)]))
        ends = ours.recv()
        asyncio.run(store_generations(data, ends, begins_at))
        worker.start()
        worker_end.close()
        worker_pipe.recv()
        pids = psutil.Process(worker.pid), psutil.Process(up.pid)
        figures = observe(measurement, *pids, ends, worker_pipe)
        figures |= request_counts(url)
        worker_pipe.send("stop")
        worker.join(30)
        seen = dict(reversed(json.loads(out.read_text())))  # the first of several polls
    finally:
        for one in (worker, up):
            if one.is_alive():
                one.kill()
    counted = [(name, at) for name, at in ends.items() if at >= figures["all_taken_at"]]
    lags = sorted(seen[name] - at for name, at in counted if name in seen)
    del figures["all_taken_at"]
    return {
        "jobs": measurement.jobs,
        "batch": measurement.batch,
        "per_minute": measurement.per_minute,
        "counted": len(lags),
        "not_seen": len(ends) - len(seen),
        "lag_p50_s": share(lags, 0.5),
        "lag_p99_s": share(lags, 0.99),
        **figures,
    }


def share(ordered: Sequence[float], part: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2) if ordered else -1.0


def observe(
    measurement: Measurement,
    worker: psutil.Process,
    up: psutil.Process,
    ends: dict[str, float],
    pipe: Connection,
) -> dict[str, Any]:
    """Wait for the end and return what the processes used of the machine."""
    begun, last, rss = time.time(), max(ends.values()), [worker.memory_info().rss]
    taken_at, cpu_then, up_then = 0.0, 0.0, 0.0
    limit = last + max(
        10.0, 0.3 * measurement.jobs * 60 / measurement.per_minute / max(1, measurement.batch)
    )
    loads: list[float] = []
    while time.time() < limit:
        taken = pipe.recv()
        rss.append(worker.memory_info().rss)
        loads.append(os.getloadavg()[0])
        if not taken_at and taken >= 0.999 * measurement.jobs:
            taken_at, cpu_then, up_then = time.time(), cpu(worker), cpu(up)
        if taken_at and taken == 0:
            break
    took_s = time.time() - (taken_at or begun)
    return {
        "all_taken_at": taken_at or begun,
        "taken_over_in_s": round((taken_at or limit) - begun, 1),
        "cpu_share": round((cpu(worker) - cpu_then) / took_s, 3),
        "stand_in_cpu_share": round((cpu(up) - up_then) / took_s, 3),
        "rss_mib": round(max(rss) / 2**20, 1),
        "kib_a_job": round((max(rss) - rss[0]) / 1024 / measurement.jobs, 1),
        "load": round(sum(loads) / len(loads), 1),
    }


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def request_counts(url: str) -> dict[str, Any]:
    counts = httpx2.get(f"{url}/mock-upstream/counts", timeout=30).json()
    return {"requests": counts["requests"], "peak_per_s": counts["peak_per_s"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--batches", default="100")
    parser.add_argument("--per-minute", type=float, default=6000)
    parser.add_argument("--takes", default="20s..60s")
    options = parser.parse_args()
    for batch in map(int, options.batches.split(",")):
        for size in map(int, options.sizes.split(",")):
            measurement = Measurement(
                jobs=size,
                batch=batch,
                per_minute=options.per_minute,
                takes=Durations.of(options.takes),
                calls=False,
            )
            with tempfile.TemporaryDirectory(prefix="rushes-inflight-") as folder:
                print(json.dumps(measure(measurement, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
