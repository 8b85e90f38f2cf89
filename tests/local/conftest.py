"""Build tiny models once, keep every library off the network, and skip nothing in CI."""

import os
import socket
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
from PIL import Image
from video_worker import generating
from video_worker.loading import LoadedModel, load
from video_worker.requests import Clip, Model

IN_CI = os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, where everything that a test needs must be there."""
    report = yield
    if report.skipped and IN_CI:
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped in CI: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection: no test of local models needs one."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise OSError(f"tests stay on this machine: {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


FolderOf = Callable[[str], Path]
ModelOf = Callable[..., LoadedModel]


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> FolderOf:
    """Return a function from a family to the folder of its tiny model."""
    folder = tmp_path_factory.mktemp("models")
    return cache(lambda name: tiny_models.write_model(name, folder))


@pytest.fixture(scope="session")
def model_of(folder_of: FolderOf) -> ModelOf:
    """Return a function from a family to its loaded tiny model, which the tests share."""

    def loaded(family: str) -> LoadedModel:
        return load(Model(family=family, folder=folder_of(family), dtype="float32", device="cpu"))

    return cache(loaded)


SIZES = {
    "wan2.2-ti2v": (96, 64, 9),
    "wan2.1-vace": (64, 48, 17),
    "wan2.2-i2v": (64, 48, 9),
    "ltx": (96, 64, 17),
    "ltx2": (96, 64, 17),
}
"""For each family a small width, height and number of frames."""


@pytest.fixture
def clip_of(tmp_path: Path) -> Callable[..., Clip]:
    """Return a maker of small clips for a family; other fields are given by name."""

    def make(family: str, **more: Any) -> Clip:
        width, height, frames = SIZES[family]
        is_guided = family.startswith("wan")
        fields: dict[str, Any] = {
            "id": "job", "prompt": "a cat walks on grass", "seed": 1, "width": width,
            "height": height, "frames": frames, "fps": 24.0, "steps": 2,
            "guidance": 3.0 if is_guided else 1.0, "keep": (0, more.get("frames", frames)),
            "deliver_width": width, "deliver_height": height, "output": tmp_path / "out.mp4",
        }  # fmt: skip
        return Clip(**fields | more)

    return make


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return a function from a number to the PNG of a picture; no two are alike."""
    folder = tmp_path_factory.mktemp("pictures")

    def write(number: int) -> Path:
        path = folder / f"{number}.png"
        noise = np.random.default_rng(number).integers(0, 255, (12, 18, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((140, 100), Image.Resampling.BICUBIC).save(path)
        return path

    return cache(write)


class Recorder:
    """Takes events in the place of the server, and cancels a job on one of them."""

    def __init__(self, cancel_on: Callable[[dict[str, Any]], bool] = lambda event: False) -> None:
        self.events: list[dict[str, Any]] = []
        self.is_job_cancelled = False
        self._cancel_on = cancel_on

    def write(self, event: str, **fields: Any) -> None:
        self.events.append({"event": event, **fields})
        self.is_job_cancelled |= self._cancel_on(self.events[-1])

    def is_cancelled(self, job: str) -> bool:
        return self.is_job_cancelled


Generate = Callable[..., np.ndarray]


@pytest.fixture
def frames_of(monkeypatch: pytest.MonkeyPatch) -> Generate:
    """Return a function from a model and a clip to its frames, before they are encoded."""
    written: list[np.ndarray] = []

    def collect(slices: Any, clip: Clip, **ignored: Any) -> str:
        written[:] = [frame for frames in slices for frame in frames]
        return "none"

    def run(loaded: LoadedModel, clip: Clip, recorder: Recorder | None = None) -> np.ndarray:
        events: Any = recorder or Recorder()
        with monkeypatch.context() as patched:
            patched.setattr(generating, "write_video", collect)
            generating.generate(loaded, clip, events, events.is_cancelled)
        return np.stack(written).astype(int)

    return run
