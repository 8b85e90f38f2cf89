"""Names of workers, and detecting that a worker's process has ended."""

import os
import socket
import subprocess
import sys

import pytest

from rushes.worker.worker_id import has_died, own_name


def test_a_process_that_runs_has_not_died() -> None:
    assert not has_died(own_name())


def test_names_are_unlike_each_other() -> None:
    assert own_name() != own_name()


def test_a_process_of_this_machine_that_has_ended_has_died() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert has_died(f"{socket.gethostname()}:{child.pid}:00000000")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "w1",
        "elsewhere:1:00000000",
        f"{socket.gethostname()}:1:00000000",
        f"{socket.gethostname()}:{os.getpid()}:00000000",
        f"{socket.gethostname()}:{'9' * 10}:0",
    ],
    ids=["none", "free", "elsewhere", "the first process", "this process", "no process"],
)
def test_the_state_of_other_workers_is_unknown(name: str) -> None:
    assert not has_died(name)
