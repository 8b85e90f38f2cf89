"""The worker process answers requests, and its server can always tell how it is."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest
import tiny_pictures

from conftest import FolderOf

WORKER = Path(__file__).parents[2] / "src" / "rushes" / "engines" / "local" / "worker"
FAULTY = Path(__file__).with_name("faulty_worker.py")

Message = dict[str, Any]


class Child:
    """A worker process, spoken to as the server does."""

    def __init__(self, program: Path, **more: str) -> None:
        environ = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **more}
        self.process = subprocess.Popen(
            (sys.executable, str(program)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environ,
        )

    def send(self, **message: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def next(self) -> Message | None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def until(self, *names: str) -> list[Message]:
        """Return the events up to one of these, or up to the end."""
        events: list[Message] = []
        while event := self.next():
            events.append(event)
            if event["event"] in names:
                break
        return events

    def load(self, folder: Path, **more: Any) -> Message:
        model = {
            "family": "wan2.2-ti2v",
            "folder": str(folder),
            "dtype": "float32",
            "device": "cpu",
        }
        self.send(op="load", model=model | more)
        return self.until("loaded", "failed")[-1]

    def generate(self, output: Path, **more: Any) -> None:
        message = {
            "id": "job", "prompt": "a cat", "negative_prompt": None, "seed": 1, "width": 64,
            "height": 64, "frames": 5, "fps": 24.0, "steps": 3, "guidance": 1.0, "sigmas": None,
            "first_image": None, "last_image": None, "clip": None, "clip_frames": 0,
            "keep": [0, 5], "deliver": {"width": 64, "height": 64, "crop": "center"},
            "output": str(output), "preview": None,
        }  # fmt: skip
        self.send(op="generate", **message | more)


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[Path], Child]]:
    """Return a starter of workers that end with the module."""
    children: list[Child] = []

    def start(program: Path) -> Child:
        children.append(Child(program))
        return children[-1]

    yield start
    for child in children:
        child.process.kill()
        child.process.wait()
        for pipe in (child.process.stdin, child.process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture(scope="module")
def worker(running: Callable[[Path], Child], folder_of: FolderOf) -> Child:
    """A worker that has its model; the tests of this module share it."""
    child = running(FAULTY)
    (ready,) = child.until("ready", "failed")
    assert ready["event"] == "ready"
    assert child.load(folder_of("wan2.2-ti2v"))["event"] == "loaded"
    return child


def test_a_worker_without_a_model_says_what_it_is_and_exits_on_request(
    running: Callable[[Path], Child], tmp_path: Path
) -> None:
    child = running(WORKER)
    (ready,) = child.until("ready")
    assert (ready["device"], ready["device_name"]) in {
        ("cpu", "CPU"),
        ("cuda", ready["device_name"]),
    }
    assert set(ready["versions"]) == {"torch", "diffusers", "transformers"}
    child.generate(tmp_path / "out.mp4")
    failed = child.next()
    assert failed == {
        "event": "failed",
        "id": "job",
        "kind": "input",
        "message": "no model is loaded",
    }
    child.send(op="exit")
    assert child.next() is None
    assert child.process.wait(30) == 0


def test_a_clip_is_announced_phase_by_phase_and_lies_complete_under_its_name(
    worker: Child, tmp_path: Path
) -> None:
    worker.generate(tmp_path / "out.mp4", preview=str(tmp_path / "preview.jpg"))
    events = worker.until("done", "failed")
    done = events[-1]
    phases = list(dict.fromkeys(e["phase"] for e in events if e["event"] == "progress"))
    assert phases == ["encode prompt", "denoise", "decode", "write"]
    steps = [e["step"] for e in events if e.get("phase") == "denoise"]
    assert steps == [0, 1, 2, 3]
    assert (done["width"], done["height"], done["frames"]) == (64, 64, 5)
    assert set(done["seconds"]) == set(phases)
    assert [e for e in events if e["event"] == "preview"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.mp4", "preview.jpg"]
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5


def test_a_cancelled_clip_ends_at_the_next_step_and_the_next_one_is_as_if_nothing_had_been(
    worker: Child, tmp_path: Path
) -> None:
    worker.generate(tmp_path / "before.mp4")
    worker.until("done")
    worker.generate(tmp_path / "cut.mp4", id="cut", prompt="another", steps=1000)
    while (event := worker.next()) and event.get("phase") != "denoise":
        pass
    worker.send(op="cancel", id="cut")
    last = worker.until("cancelled", "done", "failed")[-1]
    assert last == {"event": "cancelled", "id": "cut"}
    assert not list(tmp_path.glob("cut*"))
    worker.generate(tmp_path / "after.mp4")
    worker.until("done")
    assert (tmp_path / "after.mp4").read_bytes() == (tmp_path / "before.mp4").read_bytes()


def test_a_clip_that_is_cancelled_while_it_waits_is_never_begun(
    worker: Child, tmp_path: Path
) -> None:
    worker.generate(tmp_path / "one.mp4", id="one")
    worker.generate(tmp_path / "two.mp4", id="two")
    worker.send(op="cancel", id="two")
    events = [*worker.until("done"), *worker.until("cancelled")]
    assert [e["id"] for e in events if e["event"] in {"done", "cancelled"}] == ["one", "two"]
    assert not [e for e in events if e["event"] == "progress" and e["id"] == "two"]


def test_a_ping_is_answered_during_a_step(worker: Child, tmp_path: Path) -> None:
    worker.generate(tmp_path / "out.mp4", steps=1000)
    while (event := worker.next()) and event.get("phase") != "denoise":
        pass
    worker.send(op="ping")
    assert worker.until("pong", "done")[-1] == {"event": "pong"}
    worker.send(op="cancel", id="job")
    worker.until("cancelled")


def test_what_a_library_prints_breaks_no_message(worker: Child, tmp_path: Path) -> None:
    worker.generate(tmp_path / "out.mp4", prompt="chatter")
    done = worker.until("done", "failed")[-1]
    assert done["frames"] == 5


@pytest.mark.parametrize("line", [b"no json\n", b"[]\n", b"{}\n"])
def test_a_line_that_is_no_request_is_answered(worker: Child, line: bytes) -> None:
    assert worker.process.stdin is not None
    worker.process.stdin.write(line)
    worker.process.stdin.flush()
    (failed,) = worker.until("failed")
    assert (failed["id"], failed["kind"]) == (None, "input")


def test_an_operation_that_the_worker_does_not_know_is_refused(worker: Child) -> None:
    worker.send(op="dance", id="job")
    failed = worker.until("failed")[-1]
    assert failed["kind"] == "input"
    assert "'dance'" in failed["message"]


def test_memory_that_runs_out_is_reported_as_that_and_the_worker_goes_on(
    worker: Child, tmp_path: Path
) -> None:
    worker.generate(tmp_path / "out.mp4", prompt="no memory")
    failed = worker.until("failed", "done")[-1]
    assert (failed["id"], failed["kind"]) == ("job", "out of memory")
    worker.generate(tmp_path / "out.mp4")
    assert worker.until("failed", "done")[-1]["event"] == "done"


def test_a_load_that_fails_names_the_folder_and_leaves_no_model(
    worker: Child, folder_of: FolderOf, tmp_path: Path
) -> None:
    failed = worker.load(tmp_path / "nowhere")
    assert (failed["id"], failed["kind"]) == (None, "model")
    assert str(tmp_path / "nowhere") in failed["message"]
    worker.generate(tmp_path / "out.mp4")
    assert worker.until("failed", "done")[-1]["kind"] == "input"
    assert worker.load(folder_of("wan2.2-ti2v"))["event"] == "loaded"
    worker.send(op="unload")
    assert worker.until("unloaded")
    worker.generate(tmp_path / "out.mp4")
    assert worker.until("failed", "done")[-1]["message"] == "no model is loaded"
    assert worker.load(folder_of("wan2.2-ti2v"))["event"] == "loaded"


def test_one_worker_draws_pictures_and_estimates_their_depth(
    worker: Child, folder_of: FolderOf, tmp_path: Path
) -> None:
    pictures = tiny_pictures.write_pictures("lcm", tmp_path)
    depth = tiny_pictures.write_depth(tmp_path / "depth")
    drawn, near = tmp_path / "drawn.png", tmp_path / "near.png"
    request = {
        "id": "a", "prompt": "a cat", "negative_prompt": None, "seed": 1, "width": 64,
        "height": 64, "steps": 2, "guidance": 8.0, "output": str(drawn), "preview": None,
        "deliver": {"width": 64, "height": 64, "crop": "center"},
    }  # fmt: skip
    worker.send(op="draw", **request)
    assert worker.until("failed", "done")[-1]["message"] == "the loaded model makes no such file"
    assert worker.load(pictures, family="text-to-image")["memory"] == "resident"
    worker.send(op="draw", **request)
    done = worker.until("failed", "done")[-1]
    assert (done["width"], done["height"], done["frames"]) == (64, 64, 1)
    wanted = {"model": str(depth), "image": str(drawn), "output": str(near), "device": "cpu"}
    worker.send(op="depth", id="b", **wanted)
    done = worker.until("failed", "done")[-1]
    assert (done["event"], done["id"], near.exists()) == ("done", "b", True)
    worker.send(op="generate", id="c")
    assert worker.until("failed", "done")[-1]["kind"] == "input"
    assert worker.load(folder_of("wan2.2-ti2v"))["event"] == "loaded"


def test_a_worker_that_crashes_in_a_step_ends_its_stream_of_events(
    worker: Child, tmp_path: Path
) -> None:
    """The last test of this module: it ends the worker that the others share."""
    worker.generate(tmp_path / "out.mp4", prompt="abort")
    assert worker.until("done", "failed")[-1]["event"] == "progress"
    assert worker.process.wait(30) == -6
    assert not (tmp_path / "out.mp4").exists()


def test_a_worker_ends_in_the_middle_of_a_step_when_its_server_is_gone(
    running: Callable[[Path], Child], folder_of: FolderOf, tmp_path: Path
) -> None:
    child = running(WORKER)
    child.until("ready")
    child.load(folder_of("wan2.2-ti2v"))
    child.generate(tmp_path / "out.mp4", steps=1000)
    while (event := child.next()) and event.get("phase") != "denoise":
        pass
    assert child.process.stdin is not None
    child.process.stdin.close()
    child.until("done")
    assert child.process.wait(30) == 0
    assert not (tmp_path / "out.mp4").exists()


def test_an_interpreter_without_torch_says_so_and_ends(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('libcudnn.so.9 is missing')\n", "utf-8")
    child = Child(WORKER, PYTHONPATH=str(tmp_path))
    (failed,) = child.until("ready")
    assert (failed["event"], failed["id"], failed["kind"]) == ("failed", None, "model")
    assert "libcudnn.so.9 is missing" in failed["message"]
    assert child.process.wait(30) == 0
    for pipe in (child.process.stdin, child.process.stdout):
        assert pipe is not None
        pipe.close()
