"""
Record the state of pulls beside the downloads, so that every process can show it.

A pull runs in a process of its own. The total size and the last error are in a file; how much has
arrived is the size of the files that are there; whether it runs is whether its lock is held. A pull
is cancelled by a file too: its process looks for that file.
"""

import json
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from rushes.core.errors import Conflict
from rushes.local_models.catalogue import MODELS
from rushes.local_models.pull_lock import INCOMING, incoming, lock_holder

CANCELLED: Final = "cancelled"
_LOOK_EVERY_S: Final = 0.25


class PullStatus(StrEnum):
    """Where an unfinished pull stands."""

    RUNNING = "running"
    FAILED = "failed"
    STOPPED = "stopped"
    """It was cancelled, or its process ended before it could say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """An unfinished pull."""

    name: str
    status: PullStatus
    done_bytes: int
    total_bytes: int | None
    """None until the hub has answered."""

    error: str | None


def read_pull(folder: Path, name: str) -> Pull | None:
    """Return the unfinished pull of a model; None if there is none."""
    is_running = lock_holder(folder, name) is not None
    state = _state_file(folder, name)
    try:
        content: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    error = content.get("error")
    stopped = PullStatus.FAILED if error and error != CANCELLED else PullStatus.STOPPED
    return Pull(
        name=name,
        status=PullStatus.RUNNING if is_running else stopped,
        done_bytes=_arrived_bytes(incoming(folder, name)),
        total_bytes=content.get("total_bytes"),
        error=None if is_running or error == CANCELLED else error,
    )


def read_pulls(folder: Path) -> tuple[Pull, ...]:
    """Return every unfinished pull, in the order of the catalogue."""
    found = (read_pull(folder, model.name) for model in MODELS)
    return tuple(pull for pull in found if pull is not None)


def record_start(folder: Path, name: str, *, total_bytes: int | None) -> None:
    """Record that a pull runs, and its size once the hub has told it."""
    _cancel_file(folder, name).unlink(missing_ok=True)
    _write(folder, name, {"total_bytes": total_bytes, "error": None})


def record_failure(folder: Path, name: str, error: str) -> None:
    """Record the reason why a pull ended."""
    pull = read_pull(folder, name)
    _write(folder, name, {"total_bytes": pull.total_bytes if pull else None, "error": error})


def clear_state(folder: Path, name: str) -> None:
    """Forget a pull: its model is complete, or removed."""
    _state_file(folder, name).unlink(missing_ok=True)
    _cancel_file(folder, name).unlink(missing_ok=True)


def request_cancel(folder: Path, name: str) -> None:
    """
    Ask the process that pulls a model to stop; it does so within a second.

    Raises:
        Conflict: No process pulls it.
    """
    if lock_holder(folder, name) is None:
        raise Conflict(f"{name} is not being pulled")
    _cancel_file(folder, name).touch()


def is_cancelled(folder: Path, name: str) -> bool:
    """Return whether this process pulls the model *name*, and is asked to stop."""
    return _cancel_file(folder, name).exists() and lock_holder(folder, name) == os.getpid()


@contextmanager
def ends_when_cancelled(folder: Path, name: str) -> Generator[None]:
    """
    End this process with SIGTERM if the pull of *name* is cancelled while the block runs.

    A transfer cannot be interrupted otherwise. What has arrived stays for the next pull.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_EVERY_S):
            if is_cancelled(folder, name):
                record_failure(folder, name, CANCELLED)
                _cancel_file(folder, name).unlink(missing_ok=True)
                os.kill(os.getpid(), signal.SIGTERM)
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _arrived_bytes(place: Path) -> int:
    """Return the bytes on disk; a file that was only reserved has no blocks yet."""
    total = 0
    for file in place.rglob("*"):
        try:
            found = file.stat()
        except FileNotFoundError:  # it was renamed meanwhile
            continue
        if file.is_file():
            total += min(found.st_size, found.st_blocks * 512)
    return total


def _write(folder: Path, name: str, content: dict[str, object]) -> None:
    file = _state_file(folder, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(file)


def _state_file(folder: Path, name: str) -> Path:
    return folder / INCOMING / f"{name}.json"


def _cancel_file(folder: Path, name: str) -> Path:
    return folder / INCOMING / f"{name}.cancel"
