"""
Keep a model from being removed while a process works with it.

The lock is an advisory lock on the model's folder itself, so that the system releases it when the
process ends, and nothing is written into a folder that may be read-only.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from rushes.core.errors import Conflict, NotFound


@contextmanager
def in_use(path: Path) -> Generator[None]:
    """
    Keep the model in the folder *path* from being removed while the block runs.

    Raises:
        NotFound: The folder is not there any more.

        Conflict: It is being removed.
    """
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        raise NotFound(f"the model in {path} is not there any more") from None
    try:
        _lock(folder, fcntl.LOCK_SH, f"the model in {path} is being removed")
        yield
    finally:
        os.close(folder)


@contextmanager
def unused(path: Path, name: str) -> Generator[None]:
    """
    Let no process begin to work with the model in the folder *path* while the block runs.

    Raises:
        Conflict: A process works with it.
    """
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(
            folder,
            fcntl.LOCK_EX,
            f"{name} is in use: a generation is being made with it; cancel that, or try again when"
            " it is done",
        )
        yield
    finally:
        os.close(folder)


def _lock(folder: int, kind: int, problem: str) -> None:
    """Lock a folder. Raises Conflict: It is locked in a way that excludes this one."""
    try:
        with suppress(NotImplementedError):
            fcntl.flock(folder, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(problem) from None
    except OSError:  # some network disks lock no folders
        return
