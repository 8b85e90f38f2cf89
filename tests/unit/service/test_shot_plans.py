"""Rough frames: one at a time, never too many waiting, and a process that ends when it is idle."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from rushes.core.errors import NotReady, TemporaryEngineError, TooManyRequests
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.shot_plan import ShotPlan
from rushes.engines.base import Job, ReportProgress
from rushes.engines.scripted import ScriptedEngine
from rushes.service.shot_plans import MOST_WAITING, PlanFrames, RoughFrame


class SlowEngine(ScriptedEngine):
    """Draws when it is let, and counts how often it was closed."""

    def __init__(self) -> None:
        super().__init__([])
        self.go = asyncio.Event()
        self.at_once = 0
        self.most_at_once = 0
        self.closed = asyncio.Event()

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go.wait()
        finally:
            self.at_once -= 1
        file = folder / "frame.jpg"
        file.write_bytes(str(job.spec.aspect_ratio).encode())
        return (Rendered(kind=ArtifactKind.IMAGE, file=file, media_type="image/jpeg"),)

    async def close(self) -> None:
        self.closed.set()


def drawing(frames: PlanFrames, ratio: str = "16:9") -> "asyncio.Task[RoughFrame]":
    return asyncio.create_task(frames.draw(ShotPlan(), ratio=ratio, seed=1))


async def test_frames_are_drawn_one_after_another_and_those_beyond_the_limit_are_sent_away() -> (
    None
):
    engine = SlowEngine()
    frames = PlanFrames(engine)
    waiting = [drawing(frames) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(TooManyRequests):
        await frames.draw(ShotPlan(), ratio="1:1", seed=1)

    engine.go.set()
    drawn = await asyncio.gather(*waiting)
    assert [frame.jpeg for frame in drawn] == [b"16:9"] * MOST_WAITING
    assert engine.most_at_once == 1
    assert (await frames.draw(ShotPlan(), ratio="1:1", seed=1)).jpeg == b"1:1"
    await frames.close()


async def test_a_frame_that_takes_too_long_is_given_up() -> None:
    frames = PlanFrames(SlowEngine(), deadline_s=0.01)

    with capture_logs(), pytest.raises(NotReady):
        await frames.draw(ShotPlan(), ratio="1:1", seed=1)
    await frames.close()


async def test_a_process_that_ends_is_no_error_of_the_server() -> None:
    frames = PlanFrames(ScriptedEngine([TemporaryEngineError("gone")]))

    with capture_logs() as logs, pytest.raises(NotReady):
        await frames.draw(ShotPlan(), ratio="1:1", seed=1)
    assert [log["reason"] for log in logs] == ["gone"]
    await frames.close()


async def test_an_idle_process_is_ended() -> None:
    engine = SlowEngine()
    engine.go.set()
    frames = PlanFrames(engine, idle_s=0.0)

    await frames.draw(ShotPlan(), ratio="1:1", seed=1)

    async with asyncio.timeout(5):
        await engine.closed.wait()
    await frames.close()
