"""Make models, workers and engines that follow a script, without torch."""

import json
import os
import sys
from pathlib import Path

from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES
from rushes.engines.local.messages import Delivery, GenerateRequest, ModelToLoad
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

    def _lines(self, name: str) -> list[dict]:
        file = self.folder / name
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def scripted_engine(
    folder: Path, family: str = "ltx", limits: WorkerLimits | None = None
) -> LocalEngine:
    """Return an engine of a family; *folder* becomes its model."""
    worker = WorkerProcess(command(), ModelToLoad(family=family, folder=folder), limits=limits)
    return LocalEngine("scripted-model", FAMILIES[family], worker)


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
        first_image=None,
        last_image=None,
        clip=None,
        clip_frames=0,
        keep=(0, 9),
        deliver=Delivery(width=64, height=36),
        output=folder / f"video{number}.mp4",
        preview=None,
    )
