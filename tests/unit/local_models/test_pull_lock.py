"""Two processes do not pull one model at the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.core.errors import Conflict
from rushes.local_models.pull_lock import lock_holder, locked

HOLDER = """
import sys
from pathlib import Path
from rushes.local_models.pull_lock import locked
with locked(Path(sys.argv[1]), "ltx"):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """A process that holds the lock of ``ltx`` until its input ends."""
    process = subprocess.Popen(
        (sys.executable, "-c", HOLDER, str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_a_second_process_is_refused_until_the_first_has_ended(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    assert lock_holder(tmp_path, "ltx") == holder.pid
    with (
        pytest.raises(Conflict, match="another process pulls or removes ltx"),
        locked(tmp_path, "ltx"),
    ):
        pytest.fail("two processes have the lock")
    holder.kill()
    holder.communicate()
    assert lock_holder(tmp_path, "ltx") is None
    with locked(tmp_path, "ltx"):
        assert lock_holder(tmp_path, "ltx") == os.getpid()
    assert lock_holder(tmp_path, "ltx") is None


def test_another_model_can_be_pulled_meanwhile(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with locked(tmp_path, "wan"):
        assert lock_holder(tmp_path, "wan") == os.getpid()
    holder.communicate()


def test_a_model_that_was_never_pulled_is_free(tmp_path: Path) -> None:
    assert lock_holder(tmp_path, "ltx") is None
