"""Make temporary folders that a later process removes after a crash."""

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
    Makes temporary folders, each locked by its process as long as that process runs.

    Args:
        parent: The folder for them; by default the system's temporary folder.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent

    @contextmanager
    def folder(self) -> Generator[Path]:
        """Make a private folder, and remove it with its content at the end."""
        folder, lock = self._make()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> int:
        """Remove the folders whose process has ended; return their number."""
        return sum(_removed(folder) for folder in self._place().glob(f"{PREFIX}*"))

    def _place(self) -> Path:
        return self._parent or Path(tempfile.gettempdir())

    def _make(self) -> tuple[Path, int]:
        while True:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._parent))
            with suppress(FileNotFoundError):  # a sweep removed it before our lock
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                with suppress(OSError):  # a file system without locks: no process can sweep there
                    fcntl.flock(lock, fcntl.LOCK_EX)
                if folder.exists():
                    return folder, lock
                os.close(lock)


def _removed(folder: Path) -> bool:
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # another user's, or already removed
        return False
    try:
        if os.fstat(lock).st_uid != os.geteuid():
            return False
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # its process runs, or the file system has no locks
        return False
    finally:
        os.close(lock)
    return True
