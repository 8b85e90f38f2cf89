"""Make models, workers and engines that follow a script, without torch."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Engine
from rushes.engines.local.depth import DepthModel
from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES
from rushes.engines.local.keyframe_engine import KeyframeEngine, KeyframeParts
from rushes.engines.local.messages import Delivery, GenerateRequest, ModelToLoad
from rushes.engines.local.picture_families import PIPELINES
from rushes.engines.local.worker_child import WorkerCommand, worker_environment
from rushes.engines.local.worker_process import WorkerLimits, WorkerProcess

PROGRAM = Path(__file__).parent / "scripted_worker.py"


def command(**environ: str) -> WorkerCommand:
    return WorkerCommand(
        python=Path(sys.executable),
        program=PROGRAM,
        environ=worker_environment(os.environ) | environ,
    )


class ScriptedModel:
    """A folder that the scripted worker takes for a model, and what the worker noted there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.script()

    def script(self, *directives: str) -> None:
        (self.folder / "steps").write_text("\n".join(directives))

    @property
    def requests(self) -> list[dict]:
        return self._lines("requests")

    @property
    def loads(self) -> list[dict]:
        return self._lines("loads")

    @property
    def prepared(self) -> list[dict]:
        return self._lines("prepared")

    def _lines(self, name: str) -> list[dict]:
        file = self.folder / name
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def scripted_engine(
    folder: Path, family: str = "ltx", limits: WorkerLimits | None = None, *, sound: bool = False
) -> LocalEngine:
    """Return an engine of a family; *folder* becomes its model."""
    worker = WorkerProcess(command(), ModelToLoad(family=family, folder=folder), limits=limits)
    return LocalEngine("scripted-model", FAMILIES[family], worker, sound=sound)


def keyframe_engine(
    folder: Path, *, depth: Path | None = None, camera: Engine | None = None, **more: object
) -> KeyframeEngine:
    """Return an engine of keyframes; *folder* becomes its model, and *depth* that of its depth."""
    worker = WorkerProcess(command(), ModelToLoad(family="text-to-image", folder=folder))
    parts = KeyframeParts(
        worker=worker,
        camera=camera or AnimaticEngine(threads=1),
        find_depth=lambda: depth_model(depth, worker) if depth else None,
    )
    family = replace(PIPELINES["LatentConsistencyModelPipeline"], **more)
    return KeyframeEngine("scripted-pictures", family, parts)


def depth_model(folder: Path, worker: WorkerProcess | None = None) -> DepthModel:
    """Return a depth model; *folder* becomes what it is loaded from."""
    worker = worker or WorkerProcess(command(), None)
    return DepthModel(folder=folder, title="Scripted Depth", worker=worker)


def job_request(folder: Path, number: int = 1) -> GenerateRequest:
    return GenerateRequest(
        id=f"job{number}",
        prompt="a lake",
        negative_prompt=None,
        seed=7,
        width=64,
        height=32,
        frames=9,
        fps=24.0,
        steps=4,
        guidance=1.0,
        sigmas=None,
        solver=None,
        first_image=None,
        last_image=None,
        clip=None,
        clip_frames=0,
        keep=(0, 9),
        deliver=Delivery(width=64, height=36),
        output=folder / f"video{number}.mp4",
        preview=None,
    )
