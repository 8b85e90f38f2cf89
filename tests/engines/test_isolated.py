"""An engine in a child process: what goes wrong there is an error here, and nothing more."""

import asyncio
import os
import signal
from dataclasses import replace

import psutil
import pytest

from rushes.core.errors import EngineCrashed, PermanentEngineError, TemporaryEngineError
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Engine, Job, render_permit
from rushes.engines.isolated import IsolatedEngine
from rushes.engines.scripted import ScriptedEngine

JOB = Job(
    spec=GenerationSpec(model="m", prompt="p", aspect_ratio="1:1", resolution="540p"), prompt="p"
)


@pytest.fixture
async def isolated():
    made = []

    def make(*steps: str) -> IsolatedEngine:
        made.append(IsolatedEngine(ScriptedEngine([]), {"steps": list(steps)}))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "rushes.engines.child" in p.cmdline()]


async def test_a_child_that_dies_is_a_temporary_error_and_the_next_render_gets_a_new_one(
    isolated, tmp_path
):
    engine = isolated("crash")
    with pytest.raises(EngineCrashed, match="exit code 66"):
        await engine.render(JOB, tmp_path, lambda *_: None)
    with pytest.raises(EngineCrashed):
        await engine.render(JOB, tmp_path, lambda *_: None)


async def test_a_child_that_is_killed_says_by_which_signal(isolated, tmp_path):
    engine = isolated("hang")
    begun = asyncio.Event()
    task = asyncio.create_task(engine.render(JOB, tmp_path, lambda *_: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)
    os.kill(children()[0].pid, signal.SIGKILL)
    with pytest.raises(EngineCrashed, match="signal 9"):
        await task


@pytest.mark.parametrize(
    ("step", "error"), [("busy", TemporaryEngineError), ("refuse", PermanentEngineError)]
)
async def test_an_error_keeps_its_meaning_and_the_child_is_used_again(
    isolated, tmp_path, step, error
):
    engine = isolated(step, "video")
    with pytest.raises(error):
        await engine.render(JOB, tmp_path, lambda *_: None)
    rendered = await engine.render(JOB, tmp_path, lambda *_: None)
    assert rendered[0].file.read_bytes() == b"video"


async def test_what_a_library_prints_does_not_disturb_the_conversation(isolated, tmp_path):
    rendered = await isolated("noise").render(JOB, tmp_path, lambda *_: None)
    assert rendered[0].file.read_bytes() == b"noise"


async def test_a_cancelled_render_leaves_no_process(isolated, tmp_path):
    engine = isolated("hang")
    begun = asyncio.Event()
    task = asyncio.create_task(engine.render(JOB, tmp_path, lambda *_: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert children() == []


async def test_closing_leaves_no_process(isolated, tmp_path):
    engine = isolated("video")
    await engine.warm()
    child = engine._idle[0].pid
    assert psutil.pid_exists(child)
    await engine.close()
    assert not psutil.pid_exists(child)


async def test_a_child_ends_when_its_parent_is_gone(isolated):
    engine = isolated("hang")
    await engine.warm()
    child = engine._idle[0]
    child.stdin.close()  # what the kernel does when the parent dies, however it dies
    assert await asyncio.wait_for(child.wait(), 60) == 0


async def test_renders_in_4k_take_turns_whatever_engine_they_are_for(isolated):
    large = replace(JOB.spec, resolution="4k")
    async with render_permit(isolated(), large):
        second = asyncio.create_task(_entered(isolated(), large))
        await _entered(isolated(), JOB.spec)
        assert not second.done()
    await asyncio.wait_for(second, 60)


async def _entered(engine: Engine, spec: GenerationSpec) -> None:
    async with render_permit(engine, spec):
        pass
