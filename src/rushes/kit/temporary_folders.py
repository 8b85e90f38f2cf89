"""Temporary folders that do not outlive a crash for good: the next process clears them away."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "rushes-work-"


class TemporaryFolders:
    """
    Makes temporary folders, each locked by the process that works in it as long as it lives.

    Args:
        parent: Where they are; by default where the system has its temporary files.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent

    @contextmanager
    def folder(self) -> Generator[Path]:
        """Make a folder that nobody else can read, and remove it with all that is in it."""
        folder, lock = self._make()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> int:
        """Remove the folders whose process is gone; return how many there were."""
        return sum(_removed(folder) for folder in self._place().glob(f"{PREFIX}*"))

    def _place(self) -> Path:
        return self._parent or Path(tempfile.gettempdir())

    def _make(self) -> tuple[Path, int]:
        while True:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._parent))
            with suppress(FileNotFoundError):  # a sweep was quicker than our lock
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                with suppress(OSError):  # no file system of ours: then nobody can sweep either
                    fcntl.flock(lock, fcntl.LOCK_EX)
                if folder.exists():
                    return folder, lock
                os.close(lock)


def _removed(folder: Path) -> bool:
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # somebody else's, or gone
        return False
    try:
        if os.fstat(lock).st_uid != os.geteuid():
            return False
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # its process lives, or the file system knows no locks
        return False
    finally:
        os.close(lock)
    return True
