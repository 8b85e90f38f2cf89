"""Confine a process, run one task on one untrusted file, and turn errors into answers."""

import subprocess
import sys

import pytest

from rushes.intake.sandbox.tasks import process
from rushes.intake.sandbox.tasks.process import Unusable


class Task:
    """A task that raises what the test says."""

    BROKEN = "it is broken"
    TOO_LARGE = "it is too large"

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error

    def run(self, *arguments: str, limits: dict[str, object]) -> dict[str, object]:
        if self.error is not None:
            raise self.error
        return {"arguments": arguments, **limits}


def test_the_answer_is_that_of_the_task():
    assert process.answer(Task(), "a", limits={"n": 1}) == {"arguments": ("a",), "n": 1}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unusable("it is 9 px wide"), "it is 9 px wide"),
        (MemoryError(), "it is too large"),
        (ValueError("a parser's words"), "it is broken"),
        (OSError("truncated"), "it is broken"),
    ],
)
def test_every_error_of_the_file_becomes_a_reason(error, reason):
    assert process.answer(Task(error), limits={}) == {"unusable": reason}


class FullDisk:
    def save(self, fp: str, format: str, **_: object) -> None:  # noqa: A002  # Pillow's name
        raise OSError(28, "No space left on device")


class Saving(Task):
    def run(self, *_: str, limits: dict[str, object]) -> dict[str, object]:
        process.save(FullDisk(), "x.png", "PNG")
        return {}


def test_a_full_disk_ends_the_process_without_an_answer():
    with pytest.raises(SystemExit):
        process.answer(Saving(), limits={})


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ("bytearray(1 << 30)", "MemoryError"),
        ("open('big', 'wb').truncate((64 << 20) + 1)", "OSError"),
        ("[open('/dev/null') for _ in range(99)]", "OSError"),
    ],
)
def test_a_confined_process_cannot_use_more_than_its_limits(tmp_path, deed, error):
    code = f"""
from rushes.intake.sandbox.tasks.process import confine
confine({{"cpu_s": 5, "memory_bytes": 512 << 20}})
{deed}
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert error in done.stderr.splitlines()[-1]
