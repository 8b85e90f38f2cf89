"""The state of a pull, as any process reads it."""

from pathlib import Path

import pytest

from rushes.local_models.pull_lock import incoming, locked
from rushes.local_models.pull_state import (
    CANCELLED,
    PullStatus,
    clear_state,
    read_pull,
    read_pulls,
    record_failure,
    record_start,
    request_cancel,
)

NAME = "wan2.2-ti2v-5b"


def status(folder: Path) -> PullStatus | None:
    pull = read_pull(folder, NAME)
    return pull and pull.status


def test_a_model_that_nobody_pulls_has_no_state(tmp_path: Path) -> None:
    assert read_pull(tmp_path / "models", NAME) is None
    assert read_pulls(tmp_path / "models") == ()


def test_a_pull_runs_as_long_as_its_process_has_the_lock(tmp_path: Path) -> None:
    with locked(tmp_path, NAME):
        record_start(tmp_path, NAME, total_bytes=None)
        assert status(tmp_path) is PullStatus.RUNNING
    assert status(tmp_path) is PullStatus.STOPPED
    assert [pull.name for pull in read_pulls(tmp_path)] == [NAME]
    clear_state(tmp_path, NAME)
    assert read_pull(tmp_path, NAME) is None


def test_what_has_arrived_is_what_lies_on_the_disk(tmp_path: Path) -> None:
    record_start(tmp_path, NAME, total_bytes=10_000)
    place = incoming(tmp_path, NAME) / ".cache"
    place.mkdir(parents=True)
    (place / "a.incomplete").write_bytes(b"x" * 4000)
    with (place / "reserved.incomplete").open("wb") as file:
        file.truncate(6000)
    pull = read_pull(tmp_path, NAME)
    assert pull is not None
    assert (pull.done_bytes, pull.total_bytes) == (4000, 10_000)


@pytest.mark.parametrize(
    ("error", "expected", "shown"),
    [
        ("the disk is full", PullStatus.FAILED, "the disk is full"),
        (CANCELLED, PullStatus.STOPPED, None),
    ],
)
def test_a_failure_has_a_reason_and_a_cancelled_pull_has_none(
    tmp_path: Path, error: str, expected: PullStatus, shown: str | None
) -> None:
    record_start(tmp_path, NAME, total_bytes=5)
    record_failure(tmp_path, NAME, error)
    pull = read_pull(tmp_path, NAME)
    assert pull is not None
    assert (pull.status, pull.error, pull.total_bytes) == (expected, shown, 5)


def test_a_former_error_is_not_shown_while_the_next_pull_runs(tmp_path: Path) -> None:
    record_start(tmp_path, NAME, total_bytes=5)
    record_failure(tmp_path, NAME, "the disk is full")
    with locked(tmp_path, NAME):
        pull = read_pull(tmp_path, NAME)
    assert pull is not None
    assert (pull.status, pull.error) == (PullStatus.RUNNING, None)


def test_a_request_to_stop_does_not_outlive_its_pull(tmp_path: Path) -> None:
    with locked(tmp_path, NAME):
        request_cancel(tmp_path, NAME)
    record_start(tmp_path, NAME, total_bytes=None)
    assert not list(tmp_path.rglob("*.cancel"))


def test_a_state_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    record_start(tmp_path, NAME, total_bytes=5)
    (file,) = tmp_path.rglob("*.json")
    file.write_text("{")
    assert read_pull(tmp_path, NAME) is None
