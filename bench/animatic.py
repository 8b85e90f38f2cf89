"""
How long the animatic engine takes for a five-second clip, against encoding alone.

For each scene and mode the engine renders the whole job: set-up, drawing, encoding, thumbnail,
last frame. The floor encodes the same frames, drawn before and held in memory, with the same
encoder, settings and threads, in the same run and in turns with the engine. Both are the best
of several runs, so that work of others on the machine shows less; seconds of processor time
are given beside those of the clock, for on a busy machine they alone can be compared.
"""

import argparse
import asyncio
import platform
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av

from rushes.core.geometry import frame_size
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic import production
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.mark import label
from rushes.engines.base import Job
from rushes.engines.video.encoder import RAW_CRF, VideoFile
from rushes.engines.video.frames import blank_frame, planes_of
from rushes.engines.video.pictures import read_picture

SAMPLES = Path(__file__).resolve().parent.parent / "src" / "rushes" / "samples"
THREADS = 2

SCENES = {
    "ocean at sunset": "waves on the ocean at sunset",
    "lake at dawn": "a quiet mountain lake at dawn",
    "neon city in rain": "a neon city in the rain, cyberpunk",
    "forest at night": "a forest at night with fireflies",
    "desert": "dunes of the sahara, drone shot",
    "snowy mountains": "snow falls on the mountains, slow pan left",
    "meadow": "a woman walks through a golden meadow",
    "space": "a planet in deep space",
    "underwater": "a school of fish over a coral reef",
    "aurora": "aurora borealis over a frozen lake",
    "thunderstorm": "a thunderstorm over the sea",
    "campfire": "a campfire in the woods",
    "fog": "a foggy forest in the morning",
    "abstract": "an idea takes shape",
    "veil in a forest": "a woman with a veil in a windy forest",
    "car in a desert": "a red sports car drives through the desert",
    "cook in a kitchen": "a chef cooks in a kitchen",
    "neon street": "people walk through a neon street in the rain",
    "cup on a table": "a cup of coffee on a table, close-up",
    "stage": "a violinist plays on a stage",
    "beach": "two dogs run on a beach at sunset",
}
QUICK = ("ocean at sunset", "forest at night", "veil in a forest", "cook in a kitchen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Seconds of one case."""

    name: str
    resolution: str
    floor: "Spent"
    engine: "Spent"
    setup_s: float
    first_report_s: float

    @property
    def ratio(self) -> float:
        return self.engine.clock_s / self.floor.clock_s

    @property
    def cpu_ratio(self) -> float:
        return self.engine.cpu_s / self.floor.cpu_s


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of processor time in all threads."""

    clock_s: float
    cpu_s: float

    @staticmethod
    def since(start: "Spent") -> "Spent":
        now = Spent.now()
        return Spent(now.clock_s - start.clock_s, now.cpu_s - start.cpu_s)

    @staticmethod
    def now() -> "Spent":
        return Spent(time.perf_counter(), time.process_time())


def least(spent: list[Spent]) -> Spent:
    return Spent(min(s.clock_s for s in spent), min(s.cpu_s for s in spent))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four scenes and three modes at 720p")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--at", nargs="+", help="resolutions; both when left out")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--out", type=Path, help="write the table as Markdown too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = list(measured(asked, Path(folder)))
    table = "\n".join(rows(figures))
    print(table)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(report(figures, table, asked.runs))


def measured(asked: argparse.Namespace, folder: Path) -> Iterator[Figures]:
    for resolution in asked.at or (["720p"] if asked.quick else ["720p", "1080p"]):
        for name, job in cases(folder, quick=asked.quick):
            if asked.only in name:
                spec = replace(job.spec, resolution=resolution)
                found = measure(name, replace(job, spec=spec), folder, runs=asked.runs)
                print(
                    f"{name} {resolution}: {found.engine.clock_s:.2f} s, "
                    f"ratio {found.ratio:.2f}, of cpu {found.cpu_ratio:.2f}",
                    flush=True,
                )
                yield found


def cases(folder: Path, *, quick: bool) -> Iterator[tuple[str, Job]]:
    for name, prompt in SCENES.items():
        if not quick or name in QUICK:
            yield name, job(prompt)
    first, last = (as_png(SAMPLES / f"{name}.jpg", folder) for name in ("first", "last"))
    move = "camera push in, gentle wind"
    yield "first image", replace(job(move), first_image=first)
    yield "first and last image", replace(job(move), first_image=first, last_image=last)
    yield "first image, loop", replace(job(move, loop=True), first_image=first)
    if not quick:
        yield "last image", replace(job(move), last_image=last)
        yield "first image, snow falls", replace(job(f"{move}, snow falls"), first_image=first)


def job(prompt: str, *, loop: bool = False) -> Job:
    spec = GenerationSpec(model="ray-2", prompt=prompt, aspect_ratio="16:9", loop=loop)
    return Job(spec=spec, prompt=prompt)


def as_png(sample: Path, folder: Path) -> Path:
    import cv2  # noqa: PLC0415  # only here

    path = folder / f"{sample.stem}.png"
    cv2.imwrite(str(path), cv2.cvtColor(read_picture(sample), cv2.COLOR_RGB2BGR))
    return path


def measure(name: str, job: Job, folder: Path, *, runs: int) -> Figures:
    frames, setup_s = drawn(job)
    floors: list[Spent] = []
    engines: list[tuple[Spent, float]] = []
    for _ in range(runs):
        floors.append(encode(frames, job, folder))
        engines.append(asyncio.run(rendered(job, folder)))
    return Figures(
        name=name,
        resolution=job.spec.resolution,
        floor=least(floors),
        engine=least([spent for spent, _ in engines]),
        setup_s=setup_s,
        first_report_s=min(first for _, first in engines),
    )


def drawn(job: Job) -> tuple[list[av.VideoFrame], float]:
    """Return the job's frames, and the seconds until the first could be drawn (warm)."""
    plan = production.plan_of(job)
    plan.build()
    start = time.perf_counter()
    picture = plan.build()
    setup_s = time.perf_counter() - start
    frames: list[av.VideoFrame] = []
    for index in plan.indices:
        frame = blank_frame(plan.shot.width_px, plan.shot.height_px)
        picture.draw(index, plan.shot.phase(index), planes_of(frame))
        frames.append(frame)
    return frames, setup_s


def encode(frames: list[av.VideoFrame], job: Job, folder: Path) -> Spent:
    size = frame_size(job.spec.aspect_ratio or "16:9", job.spec.resolution)
    start = Spent.now()
    file = VideoFile(folder / "floor.mp4", *size, label=label(), threads=THREADS, crf=RAW_CRF)
    for frame in frames:
        file.write(frame)
    file.close()
    return Spent.since(start)


async def rendered(job: Job, folder: Path) -> tuple[Spent, float]:
    """Return what one render took, and the seconds until the first report of progress."""
    reports: list[float] = []

    def report(share: float, _phase: object = None) -> None:
        if share > 0:
            reports.append(time.perf_counter())

    start = Spent.now()
    await AnimaticEngine(threads=THREADS).render(job, folder / "render", report)
    return Spent.since(start), reports[0] - start.clock_s


def rows(figures: list[Figures]) -> Iterator[str]:
    yield (
        "| case | resolution | floor s | engine s | ratio "
        "| floor cpu s | engine cpu s | cpu ratio | set-up ms | first report ms |"
    )
    yield "|---|---|" + "---:|" * 8
    for f in figures:
        yield (
            f"| {f.name} | {f.resolution} "
            f"| {f.floor.clock_s:.2f} | {f.engine.clock_s:.2f} | {f.ratio:.2f} "
            f"| {f.floor.cpu_s:.2f} | {f.engine.cpu_s:.2f} | {f.cpu_ratio:.2f} "
            f"| {f.setup_s * 1000:.0f} | {f.first_report_s * 1000:.0f} |"
        )


def report(figures: list[Figures], table: str, runs: int) -> str:
    machine = f"{platform.machine()}, {THREADS} encoder threads, Python {platform.python_version()}"
    return f"# Animatic engine\n\nBest of {runs} runs; {machine}.\n\n{table}\n"


if __name__ == "__main__":
    main()
