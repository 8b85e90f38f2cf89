"""
How long a job takes with the slate engine, against the animatic engine.

A job is what a client sees: POST, follow the progress to its end, download the video. Both engines
run in servers of their own on this machine, and jobs are done in turns, so that the ratio holds
on a busy machine too. The first job of a server is left out: its render process is starting.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from rushes.testing import Server, serve

RESOLUTIONS = ("540p", "720p", "1080p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Milliseconds of the jobs of one size."""

    resolution: str
    slate: list[float]
    animatic: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.animatic) / statistics.median(self.slate)


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
    both: dict[str, list[float]] = {"slate": [], "animatic": []}
    for run in range(runs + 1):
        for server in (slate, animatic):
            took = job_ms(server, f"a lighthouse at dusk, {run}", resolution)
            if run:
                both[server.engine].append(took)
    return Figures(resolution=resolution, slate=both["slate"], animatic=both["animatic"])


def job_ms(server: Server, prompt: str, resolution: str) -> float:
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=120) as client:
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
    yield "| size | slate, median ms | best ms | animatic, median ms | best ms | ratio of medians |"
    yield "|---|" + "---:|" * 5
    for f in figures:
        yield (
            f"| 5 s, {f.resolution} | {statistics.median(f.slate):.0f} | {min(f.slate):.0f} "
            f"| {statistics.median(f.animatic):.0f} | {min(f.animatic):.0f} | {f.ratio:.1f} |"
        )


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
