"""
How long a job takes with the slate engine, against the animatic engine.

A job is what a client sees: POST, follow the progress to its end, download the video. Both engines
run in servers of their own on this machine, and jobs are done in turns, so that the ratio holds
on a busy machine too. The first job of a server is left out: its render process is starting.
Processor time is that of the server and its render processes; it says what a job would take on
an idle machine.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

from rushes.testing import Server, serve

RESOLUTIONS = ("540p", "720p", "1080p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the jobs of one size took."""

    resolution: str
    slate: list["Took"]
    animatic: list["Took"]


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds by the clock, and of processor time."""

    clock: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--at", nargs="+", default=RESOLUTIONS, choices=RESOLUTIONS)
    parser.add_argument("--out", type=Path, help="write the table as Markdown too")
    asked = parser.parse_args()
    with serve(engine="slate") as slate, serve(engine="animatic") as animatic:
        figures = [measured(resolution, slate, animatic, asked.runs) for resolution in asked.at]
    table = "\n".join(rows(figures))
    print(table)
    if asked.out:
        asked.out.write_text(report(table, asked.runs))


def measured(resolution: str, slate: Server, animatic: Server, runs: int) -> Figures:
    both: dict[str, list[Took]] = {"slate": [], "animatic": []}
    for run in range(runs + 1):
        for server in (slate, animatic):
            before = cpu_ms(server)
            clock = job_ms(server, f"a lighthouse at dusk, {run}", resolution)
            took = Took(clock, cpu_ms(server) - before)
            if run:
                both[server.engine].append(took)
    return Figures(resolution=resolution, slate=both["slate"], animatic=both["animatic"])


def cpu_ms(server: Server) -> float:
    process = psutil.Process(server.pid)
    every = [process, *process.children(recursive=True)]
    return sum(one.cpu_times().user + one.cpu_times().system for one in every) * 1000


def job_ms(server: Server, prompt: str, resolution: str) -> float:
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=120) as client:
        client.get("/health/live")  # the connection is there, as that of a client is
        start = time.perf_counter()
        body = {"prompt": prompt, "resolution": resolution, "duration_s": 5}
        made = client.post("/api/v1/generations", json=body).raise_for_status().json()
        with client.stream("GET", f"/api/v1/generations/{made['id']}/progress") as progress:
            for _ in progress.iter_lines():
                pass
        done = client.get(f"/api/v1/generations/{made['id']}").json()
        assert done["state"] == "completed", done
        client.get(done["artifacts"]["video"]["url"]).raise_for_status()
        return (time.perf_counter() - start) * 1000


def rows(figures: list[Figures]) -> Iterator[str]:
    yield (
        "| size | slate: median ms | best ms | cpu ms | animatic: median ms | best ms | cpu ms "
        "| ratio of medians | of cpu |"
    )
    yield "|---|" + "---:|" * 8
    for f in figures:
        cells: list[str] = []
        for each in (f.slate, f.animatic):
            cells += [f"{one:.0f}" for one in (median(each), min(t.clock for t in each), cpu(each))]
        ratio, of_cpu = median(f.animatic) / median(f.slate), cpu(f.animatic) / cpu(f.slate)
        yield f"| 5 s, {f.resolution} | {' | '.join(cells)} | {ratio:.1f} | {of_cpu:.1f} |"


def median(took: list[Took]) -> float:
    return statistics.median(one.clock for one in took)


def cpu(took: list[Took]) -> float:
    return statistics.median(one.cpu for one in took)


def report(table: str, runs: int) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        "# A job of the slate engine against one of the animatic engine\n\n"
        "`python bench/slate.py`: from POST to the downloaded video, in turns, "
        f"{runs} jobs of each size and engine.\n{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load average {load} at the end.\n\n{table}\n"
    )


if __name__ == "__main__":
    main()
