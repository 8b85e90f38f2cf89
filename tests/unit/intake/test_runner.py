"""Run one sandboxed task on an untrusted file and read its answer."""

import asyncio
import json
import signal
import subprocess
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from tests.engines.edits.conftest import write_clip

from rushes.intake.images import ImageLimits
from rushes.intake.sandbox import runner
from rushes.intake.sandbox.runner import MAX_ANSWER_BYTES, Crashed, TooSlow, run_task
from rushes.intake.videos import VideoLimits


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Let another program be the sandbox."""

    def program(text: str) -> None:
        file = tmp_path / "program.py"
        file.write_text(textwrap.dedent(text))
        monkeypatch.setattr(runner, "PROGRAM", file)

    return program


async def run(folder: Path, *arguments: str, wall_s: float = 30.0) -> object:
    return await run_task("task", *arguments, limits={"n": 1}, folder=folder, wall_s=wall_s)


async def test_the_program_gets_the_task_its_arguments_and_the_limits(program, tmp_path):
    program("import json, sys; print(json.dumps(sys.argv[1:]))")
    assert await run(tmp_path, "a", "b") == ["task", "a", "b", '{"n": 1}']


@pytest.mark.parametrize("text", ["raise SystemExit(1)", "print('no JSON')", "", "import nothing"])
async def test_a_program_without_a_readable_answer_gives_none(program, tmp_path, text):
    program(text)
    assert await run(tmp_path) is None


async def test_a_long_answer_is_not_read_as_a_whole(program, tmp_path):
    program(f"print('\"' + 'x' * {MAX_ANSWER_BYTES} + '\"')")
    assert await run(tmp_path) is None


async def test_a_program_that_takes_too_long_is_killed(program, tmp_path):
    program("import time; time.sleep(60)")
    with pytest.raises(TooSlow):
        await run(tmp_path, wall_s=0.3)
    assert not [one for one in psutil.Process().children() if "program.py" in str(one.cmdline())]


async def test_a_program_that_used_up_its_processor_time_was_too_slow(program, tmp_path):
    program("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    with pytest.raises(TooSlow):
        await run(tmp_path)


async def test_a_program_that_a_signal_ends_has_crashed(program, tmp_path):
    program(f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    with pytest.raises(Crashed):
        await run(tmp_path)


async def test_cancelling_kills_the_program(program, tmp_path):
    program(f"""
        import pathlib, time
        pathlib.Path({str(tmp_path / "up")!r}).touch()
        time.sleep(60)
    """)
    running = asyncio.create_task(run(tmp_path))
    while not (tmp_path / "up").exists():  # noqa: ASYNC110  # another process sets no event of ours
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not [one for one in psutil.Process().children() if "program.py" in str(one.cmdline())]


async def test_the_program_has_none_of_our_environment(program, tmp_path, monkeypatch):
    monkeypatch.setenv("RUSHES_SECRET", "s3cret")
    program("import json, os; print(json.dumps(sorted(os.environ)))")
    assert "RUSHES_SECRET" not in await run(tmp_path)


async def test_a_program_that_cannot_be_started_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    with pytest.raises(OSError, match="no python"):
        await run(tmp_path)


async def test_an_unknown_task_has_no_answer(tmp_path):
    assert await run_task("nothing", limits={}, folder=tmp_path, wall_s=30.0) is None


def imported_by(*words: str, limits: dict[str, Any]) -> list[str]:
    """Return the names of all modules that the sandbox imports for a task."""
    code = (
        "import runpy, sys; sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__'); "
        "print(*sorted(sys.modules)); print(*sys.path, sep=chr(10), file=sys.stderr)"
    )
    command = [sys.executable, "-I", "-c", code, str(runner.PROGRAM), *words, json.dumps(limits)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(runner.PROGRAM) not in done.stderr.splitlines()
    return done.stdout.splitlines()[1].split()


def test_a_task_imports_nothing_of_ours_and_leaves_no_folder_on_the_search_path(tmp_path):
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "picture.png")
    words = ("image/png", str(tmp_path / "picture.png"), str(tmp_path / "out.png"))
    modules = imported_by("decode_image", *words, limits=asdict(ImageLimits()))
    assert "tasks.decode_image" in modules
    assert not [name for name in modules if name.split(".")[0] in {"rushes", "runner"}]
    assert "tasks.probe_video" not in modules


def test_a_check_of_a_video_does_not_wait_for_numpy(tmp_path):
    clip, frame = write_clip(tmp_path / "a.mp4", frames=2), tmp_path / "frame.jpg"
    limits = asdict(VideoLimits()) | {"at": "last", "jpeg_quality": 90}
    modules = imported_by("probe_video", str(clip), str(frame), limits=limits)
    assert frame.exists()
    assert "tasks.probe_video" in modules
    assert "numpy" not in modules


async def test_a_result_that_cannot_be_written_is_not_blamed_on_the_file(tmp_path):
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "picture.png")
    words = ("image/png", str(tmp_path / "picture.png"), str(tmp_path / "no folder" / "out.png"))
    limits = asdict(ImageLimits())
    assert (
        await run_task("decode_image", *words, limits=limits, folder=tmp_path, wall_s=30.0) is None
    )
