"""
Measure how much memory a render child of the animatic engine takes at most.

Each case renders a clip of five seconds in a child of its own, and reads the peak resident size
of that child from Linux.

    python bench/child_memory.py --only crowd
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

import psutil

from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Job
from rushes.engines.isolated import IsolatedEngine

CASES = {
    "ocean": ("waves on the ocean at sunset", {}),
    "forest": ("a forest at night with fireflies", {}),
    "veil": ("a woman with a veil in a windy forest", {}),
    "kitchen": ("a chef cooks in a kitchen", {}),
    "crowd": ("people walk through a neon street in the rain", {}),
    "large crowd": ("a huge crowd cheers in front of a stage, lasers", {}),
    "beach": ("two dogs run on a beach at sunset", {}),
    "watermark": ("a woman with a veil in a windy forest", {"watermark": "PREVIEW"}),
}


async def peak_mib(prompt: str, options: dict[str, Any], resolution: str) -> float:
    """Return the peak resident size of a child that renders a prompt, in MiB."""
    spec = GenerationSpec(
        model="ray-2", prompt=prompt, aspect_ratio="16:9", resolution=resolution, duration_s=5.0
    )
    engine = IsolatedEngine(AnimaticEngine(threads=2, **options), {"threads": 2, **options})
    with tempfile.TemporaryDirectory() as folder:
        try:
            await engine.render(Job(spec=spec, prompt=prompt), Path(folder), lambda *_: None)
            child = psutil.Process().children()[0]
            return peak_of(child.pid)
        finally:
            await engine.close()


def peak_of(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    line = next(one for one in lines if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--at", default="1080p", help="the resolution")
    arguments = parser.parse_args()
    for name, (prompt, options) in CASES.items():
        if arguments.only in name:
            peak = asyncio.run(peak_mib(prompt, dict(options), arguments.at))
            print(f"{name} {arguments.at}: {peak:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
