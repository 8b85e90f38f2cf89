"""Folders and files that only their owner can read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_FOLDER: Final = 0o700
_FILE: Final = 0o600
_OTHERS: Final = 0o007


def private_folder(folder: Path) -> Path:
    """
    Make *folder* so that only its owner can enter it; return it.

    One that is there already is closed to the other users of the machine, if they could enter
    it. What its owner has opened for a group stays as it is.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _close(folder, _FOLDER)
    return folder


def private_file(file: Path) -> Path:
    """Make *file*, empty, unless it is there, and close it to other users; return it."""
    file.touch(mode=_FILE)
    _close(file, _FILE)
    return file


def private(path: str, flags: int) -> int:
    """Open a file as ``open(..., opener=private)``: one that is made is its owner's only."""
    return os.open(path, flags, _FILE)


def _close(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        with suppress(PermissionError):  # somebody else's, say a mounted volume: theirs to decide
            path.chmod(mode)
