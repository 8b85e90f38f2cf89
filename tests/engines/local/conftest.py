"""Scripted models and workers, which end with the test."""

import pytest
from tests.engines.local.scripted import ScriptedModel, command, job_request

from rushes.engines.local.messages import ModelToLoad
from rushes.engines.local.worker_process import WorkerLimits, WorkerProcess


@pytest.fixture
def model(tmp_path):
    return ScriptedModel(tmp_path / "model")


@pytest.fixture
async def worker(model):
    made = []

    def make(limits=None, *, folder=None, memory="auto", **environ):
        to_load = ModelToLoad(family="ltx", folder=folder or model.folder, memory=memory)
        made.append(WorkerProcess(command(**environ), to_load, limits=limits or WorkerLimits()))
        return made[-1]

    yield make
    for one in made:
        await one.end()


@pytest.fixture
def request_of(tmp_path):
    def make(number=1):
        return job_request(tmp_path, number)

    return make
