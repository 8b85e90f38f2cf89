"""Create folders and files that only their owner can read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_FOLDER: Final = 0o700
_FILE: Final = 0o600
_OTHERS: Final = 0o007


def private_folder(folder: Path) -> Path:
    """
    Create *folder* so that only its owner can enter it; return it.

    An existing folder is closed to other users of the machine. Rights of its group stay as they
    are.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _close(folder, _FOLDER)
    return folder


def private_file(file: Path) -> Path:
    """Create *file*, unless it exists, and close it to other users; return it."""
    file.touch(mode=_FILE)
    _close(file, _FILE)
    return file


def private(path: str, flags: int) -> int:
    """An opener for ``open(..., opener=private)``: only the owner can read a new file."""
    return os.open(path, flags, _FILE)


def _close(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        with suppress(PermissionError):  # another user owns it, such as a mounted volume
            path.chmod(mode)
