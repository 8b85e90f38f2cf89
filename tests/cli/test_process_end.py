"""The process of a command that used an object store ends with its own status."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import environment

CHILD = """
import atexit, sys
import {library}
from rushes.cli import program

class Kept:
    def __del__(self):
        print("taken down")

kept = Kept()
atexit.register(lambda: print("at exit"))
sys.argv[1:] = {arguments}
program()
"""


@pytest.mark.parametrize(
    ("library", "ending"),
    [("obstore", ["at exit"]), ("json", ["at exit", "taken down"])],
)
@pytest.mark.parametrize(("arguments", "status"), [(["version"], 0), (["version", "--what"], 2)])
def test_only_a_process_with_threads_that_could_abort_it_skips_the_interpreters_end(
    tmp_path: Path, library: str, ending: list[str], arguments: list[str], status: int
) -> None:
    done = subprocess.run(
        (sys.executable, "-c", CHILD.format(library=library, arguments=arguments)),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status
    lines = done.stdout.splitlines()
    assert [line for line in lines if line in {"at exit", "taken down"}] == ending
