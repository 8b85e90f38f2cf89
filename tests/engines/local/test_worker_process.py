"""The worker process under supervision: what goes wrong there is an error here, and nothing more."""

import asyncio
import os
import select
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from structlog.testing import capture_logs

from rushes.core.errors import (
    EngineCrashed,
    InputUnusable,
    PermanentEngineError,
)
from rushes.engines.local.messages import ModelToLoad
from rushes.engines.local.worker_child import WorkerCommand, worker_environment
from rushes.engines.local.worker_process import WorkerLimits, WorkerProcess

STRICT = WorkerLimits(silence_s=0.2, silence_factor=1.0, cancel_s=0.3)


def ignore(_event):
    pass


async def test_the_model_is_loaded_once_and_each_job_reports_its_steps(worker, model, request_of):
    one, steps = worker(), []
    done = await one.generate(request_of(1), steps.append)
    await one.generate(request_of(2), ignore)
    assert len(model.loads) == 1
    assert (done.width, done.height, done.frames) == (64, 36, 9)
    assert [(e.phase, e.step) for e in steps] == [
        ("load model", 0),
        ("encode prompt", 1),
        *(("denoise", step) for step in range(1, 5)),
        ("decode", 1),
        ("write", 1),
    ]


async def test_jobs_take_turns(worker, model, request_of):
    one, running, most = worker(), set(), []

    def follow(event):
        if event.phase == "waiting for the device":
            return
        running.add(event.id)
        most.append(len(running))
        if event.phase == "write":
            running.discard(event.id)

    await asyncio.gather(*(one.generate(request_of(number), follow) for number in range(3)))
    assert max(most) == 1
    assert len(model.loads) == 1


async def test_nothing_starts_before_the_first_job(worker):
    assert worker().pid is None


async def test_a_crash_is_reported_with_the_last_words_and_the_next_job_gets_a_new_process(
    worker, model, request_of
):
    model.script("crash 2")
    one = worker()
    with pytest.raises(EngineCrashed, match=r"exit code 66.*illegal memory access"):
        await one.generate(request_of(), ignore)
    assert (await one.generate(request_of(), ignore)).frames == 9
    assert len(model.loads) == 2


async def test_a_process_that_is_killed_between_jobs_is_replaced(worker, model, request_of):
    one = worker()
    await one.generate(request_of(), ignore)
    process = psutil.Process(one.pid)
    os.kill(one.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait, 20)
    with suppress(EngineCrashed):  # unless the death was noticed before the job was sent
        await one.generate(request_of(), ignore)
    await one.generate(request_of(), ignore)
    assert len(model.loads) == 2


async def test_a_process_without_progress_is_killed(worker, model, request_of):
    model.script("hang 1")
    one = worker(STRICT)
    with pytest.raises(EngineCrashed, match="no progress"):
        await one.generate(request_of(), ignore)
    assert one.pid is None


async def test_a_job_that_runs_out_of_memory_is_made_again_with_the_smallest_profile(
    worker, model, request_of
):
    model.script("oom")
    one, large = worker(), replace(request_of(), frames=17)
    assert (await one.generate(large, ignore)).id == large.id
    await one.generate(large, ignore)
    assert [load["memory"] for load in model.loads] == ["auto", "group-offload"]
    await one.generate(request_of(), ignore)  # smaller: as configured again
    assert [load["memory"] for load in model.loads][2:] == ["auto"]


async def test_a_job_that_fits_in_no_way_fails_for_good_and_says_what_would(
    worker, model, request_of
):
    model.script("oom", "oom")
    one = worker()
    with pytest.raises(PermanentEngineError, match=r"'group-offload': ask for 540p or less"):
        await one.generate(request_of(), ignore, advice="540p or less")
    assert one.pid is None
    assert len(model.requests) == 2
    await one.generate(request_of(), ignore)


@pytest.mark.parametrize("memory", ["group-offload", "auto"])
async def test_without_a_smaller_profile_nothing_is_repeated(worker, model, request_of, memory):
    model.script("oom")
    one = worker(memory=memory, SCRIPTED_WORKER_DEVICE="cpu" if memory == "auto" else "cuda")
    with pytest.raises(PermanentEngineError, match="too little memory for this: a smaller model"):
        await one.generate(request_of(), ignore)
    assert len(model.requests) == 1


async def test_an_input_that_cannot_be_used_leaves_the_process_as_it_is(worker, model, request_of):
    model.script("input")
    one = worker()
    with pytest.raises(InputUnusable, match="scripted"):
        await one.generate(request_of(), ignore)
    await one.generate(request_of(), ignore)
    assert len(model.loads) == 1


async def test_an_error_of_the_worker_is_temporary(worker, model, request_of):
    model.script("internal")
    with pytest.raises(EngineCrashed, match="scripted"):
        await worker().generate(request_of(), ignore)


async def started(one, request):
    """Start a job, and return its task once it denoises."""
    denoising = asyncio.Event()
    task = asyncio.create_task(
        one.generate(request, lambda event: event.phase == "denoise" and denoising.set())
    )
    await asyncio.wait_for(denoising.wait(), 30)
    return task


async def test_a_cancelled_job_stops_at_its_step_and_the_process_is_kept(worker, model, request_of):
    model.script("wait 2")
    one = worker()
    task = await started(one, request_of(1))
    pid = one.pid
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert one.pid == pid
    await one.generate(request_of(2), ignore)
    assert len(model.loads) == 1
    assert not (request_of(1)).output.exists()


async def test_a_process_that_does_not_stop_when_cancelled_is_killed(worker, model, request_of):
    model.script("deaf 1")
    one = worker(WorkerLimits(cancel_s=0.2))
    task = await started(one, request_of(1))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert one.pid is None
    await one.generate(request_of(2), ignore)
    assert len(model.loads) == 2


async def test_a_job_that_is_cancelled_twice_does_not_disturb_the_next(worker, model, request_of):
    model.script("deaf 1")
    one = worker(WorkerLimits(cancel_s=0.2))
    task = await started(one, request_of(1))
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await one.generate(request_of(2), ignore)).id == "job2"
    assert len(model.loads) == 2


async def test_an_idle_process_ends_and_the_next_job_starts_another(worker, model, request_of):
    one = worker(WorkerLimits(idle_s=0.01))
    pids = []
    await one.generate(request_of(1), lambda _: pids.append(one.pid))
    await asyncio.to_thread(psutil.wait_procs, _processes(pids[0]), 20)
    await one.generate(request_of(2), ignore)
    assert len(model.loads) == 2


def _processes(pid):
    try:
        return [psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return []


async def test_a_broken_model_is_refused_with_the_words_of_the_worker(worker, tmp_path, request_of):
    (tmp_path / "empty").mkdir()
    one = worker(folder=tmp_path / "empty")
    with pytest.raises(PermanentEngineError, match="has no weights"):
        await one.generate(request_of(), ignore)
    assert one.pid is None


async def test_a_missing_interpreter_is_named(model, request_of):
    command = WorkerCommand(python=Path("/nowhere/python"), environ={})
    one = WorkerProcess(command, ModelToLoad(family="ltx", folder=model.folder), name="mine")
    with pytest.raises(PermanentEngineError, match=r"/nowhere/python of channel mine"):
        await one.generate(request_of(), ignore)


async def test_an_interpreter_without_torch_says_what_to_install(tmp_path, model, request_of):
    program = tmp_path / "worker.py"
    failed = {"event": "failed", "id": None, "kind": "model", "message": "no torch"}
    program.write_text(f"import json\nprint(json.dumps({failed!r}))\n")
    command = WorkerCommand(python=Path(sys.executable), environ={}, program=program)
    one = WorkerProcess(command, ModelToLoad(family="ltx", folder=model.folder))
    advice = r"no torch; install `rushes\[local\]` for .*python, or set `python` of channel local"
    with pytest.raises(PermanentEngineError, match=advice):
        await one.generate(request_of(), ignore)
    with pytest.raises(PermanentEngineError, match=advice):
        await one.probe()


async def test_the_real_worker_without_torch_says_so(tmp_path, model):
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # without installed packages
    bare.chmod(0o755)
    one = WorkerProcess(
        WorkerCommand(python=bare, environ=worker_environment(os.environ)),
        ModelToLoad(family="ltx", folder=model.folder),
    )
    with pytest.raises(PermanentEngineError, match=r"torch.*cannot be imported.*rushes\[local\]"):
        await one.probe()


async def test_a_probe_tells_the_device_and_leaves_no_process(worker, model):
    one = worker()
    ready = await one.probe()
    assert (ready.device, ready.versions) == ("cuda", {"torch": "0"})
    assert one.pid is None
    assert model.loads == []


async def test_unknown_messages_and_chatter_do_not_disturb_a_job(worker, model, request_of):
    model.script("nonsense", "noise")
    one = worker()
    with capture_logs() as logs:
        await one.generate(request_of(1), ignore)
        assert (await one.generate(request_of(2), ignore)).id == "job2"
        await one.end()
    assert {log.get("line") for log in logs} >= {"a library says hello"}


async def test_endless_chatter_is_cut_short_in_the_log(tmp_path, model):
    program = tmp_path / "worker.py"
    ready = '{"event": "ready", "device": "cpu"}'
    program.write_text(
        f"import sys\nfor n in range(9999): print(n, file=sys.stderr)\nprint('{ready}')\n"
    )
    command = WorkerCommand(python=Path(sys.executable), environ={}, program=program)
    one = WorkerProcess(command, ModelToLoad(family="ltx", folder=model.folder))
    with capture_logs() as logs:
        await one.probe()
    lines = [log for log in logs if log["event"] == "local_worker_output"]
    assert 0 < len(lines) < 300


async def test_the_process_ends_when_its_parent_is_killed(tmp_path, model):
    life = tmp_path / "life"
    os.mkfifo(life)
    model.script("hang 1")
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PARENT, str(model.folder), str(life), cwd=Path.cwd()
    )
    with os.fdopen(os.open(life, os.O_RDONLY | os.O_NONBLOCK), "rb") as held:
        assert await asyncio.to_thread(happens, held, select.POLLIN)
        held.read()
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
        assert await asyncio.to_thread(happens, held, select.POLLHUP)


def happens(file, event):
    poll = select.poll()
    poll.register(file, event)
    return any(found & event for _, found in poll.poll(60_000))


_PARENT = """
import asyncio, sys
from pathlib import Path
from tests.engines.local.scripted import command, job_request
from rushes.engines.local.messages import ModelToLoad
from rushes.engines.local.worker_process import WorkerProcess

made = command(SCRIPTED_WORKER_LIFE=sys.argv[2])
one = WorkerProcess(made, ModelToLoad(family="ltx", folder=Path(sys.argv[1])))
asyncio.run(one.generate(job_request(Path(sys.argv[1])), lambda _: None))
"""


def test_the_worker_learns_no_secrets_and_sees_only_its_gpu():
    ours = {
        "PATH": "/bin",
        "RUSHES_SERVER__LINK_SECRET": "s",
        "LUMA_KEY": "k",
        "HF_TOKEN": "t",
        "HF_HOME": "/models",
        "CUDA_VISIBLE_DEVICES": "0,1",
    }
    passed = worker_environment(ours, gpu=1)
    assert passed["CUDA_VISIBLE_DEVICES"] == "1"
    assert passed["HF_HOME"] == "/models"
    assert not passed.keys() & {"RUSHES_SERVER__LINK_SECRET", "LUMA_KEY", "HF_TOKEN"}
    assert worker_environment(ours)["CUDA_VISIBLE_DEVICES"] == "0,1"
