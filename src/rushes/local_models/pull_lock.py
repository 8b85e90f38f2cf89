"""
Lock a model while a process pulls or removes it.

The lock is an advisory lock on a file, so the system releases it when the process ends, however it
ends. The file holds the id of the process that has the lock.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rushes.core.errors import Conflict
from rushes.kit.private import private

INCOMING: Final = ".incoming"
"""The folder of unfinished downloads and locks, inside the folder of models."""


@contextmanager
def locked(folder: Path, name: str) -> Generator[None]:
    """
    Hold the lock of the model *name* while the block runs.

    Raises:
        Conflict: Another process pulls or removes this model.
    """
    file = _lock_file(folder, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a+", encoding="ascii", opener=private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _process_id(file) is not None:
                raise Conflict(f"another process pulls or removes {name}") from None
            fcntl.flock(lock, fcntl.LOCK_EX)  # a look at the lock, which takes no time
        try:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield
        finally:
            lock.truncate(0)


def lock_holder(folder: Path, name: str) -> int | None:
    """Return the id of the process that pulls or removes the model *name*; None: no process."""
    file = _lock_file(folder, name)
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _process_id(file)
    except FileNotFoundError:
        return None
    return None


def incoming(folder: Path, name: str) -> Path:
    """Return the folder of an unfinished download."""
    return folder / INCOMING / name


def _process_id(file: Path) -> int | None:
    text = file.read_text(encoding="ascii")
    return int(text) if text.isdigit() else None


def _lock_file(folder: Path, name: str) -> Path:
    return folder / INCOMING / f"{name}.lock"
