"""Workers of one GPU: only one model is in its memory at a time."""

import asyncio

import psutil
from tests.engines.local.scripted import ScriptedModel, command

from rushes.engines.local.messages import ModelToLoad
from rushes.engines.local.shared_device import SharedDevice
from rushes.engines.local.worker_process import WorkerProcess


def ignore(_event):
    pass


async def test_a_worker_ends_the_idle_worker_that_had_the_device(model, tmp_path, request_of):
    other = ScriptedModel(tmp_path / "other")
    device = SharedDevice()
    first, second = (
        WorkerProcess(command(), ModelToLoad(family="ltx", folder=one.folder), device=device)
        for one in (model, other)
    )
    await first.generate(request_of(1), ignore)
    process = psutil.Process(first.pid)
    alive = []
    await second.generate(request_of(2), lambda _: alive.append(process.is_running()))
    assert not any(alive)
    await first.generate(request_of(3), ignore)
    assert second.pid is None
    assert len(model.loads) == 2
    await first.end()


async def test_jobs_of_two_workers_do_not_overlap(model, tmp_path, request_of):
    other = ScriptedModel(tmp_path / "other")
    device, order, waiting = SharedDevice(), [], []
    workers = [
        WorkerProcess(command(), ModelToLoad(family="ltx", folder=one.folder), device=device)
        for one in (model, other)
    ]

    def follow(event):
        (waiting if event.phase == "waiting for the device" else order).append(event.id)

    await asyncio.gather(
        *(worker.generate(request_of(number), follow) for number, worker in enumerate(workers))
    )
    assert order == sorted(order)
    assert waiting == ["job1"]
    for worker in workers:
        await worker.end()
