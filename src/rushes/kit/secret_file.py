"""Create, keep and rotate a random secret in a file that only its owner can read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from rushes.kit.private import private_folder

_FORMER: Final = ".former"


def kept_secret(file: Path, *, size_bytes: int = 32) -> bytes:
    """
    Return the secret in *file*; create a random one if there is none.

    If two processes create it at the same time, both get the same secret. An empty file, which a
    loss of power may leave, is replaced: signatures with an empty secret can be forged.
    """
    private_folder(file.parent)
    if file.exists() and not file.stat().st_size:
        file.unlink()
    if not file.exists():
        made = _written(file, secrets.token_bytes(size_bytes))
        with suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
    return file.read_bytes()


def rotate_secret(file: Path, *, size_bytes: int = 32) -> bytes:
    """
    Replace the secret in *file* and return the new one; :func:`former_secret` returns the old one.

    A process that reads both during a rotation may find the same secret twice, but never none.
    """
    former = kept_secret(file, size_bytes=size_bytes)
    _written(file, former).replace(_former(file))
    made = secrets.token_bytes(size_bytes)
    _written(file, made).replace(file)
    return made


def former_secret(file: Path) -> bytes | None:
    """Return the secret that was in *file* before the last rotation; None if it was forgotten."""
    try:
        return _former(file).read_bytes() or None
    except FileNotFoundError:
        return None


def forget_former_secret(file: Path) -> bool:
    """Remove the former secret; return whether there was one."""
    try:
        _former(file).unlink()
    except FileNotFoundError:
        return False
    return True


def _former(file: Path) -> Path:
    return file.with_name(f"{file.name}{_FORMER}")


def _written(file: Path, secret: bytes) -> Path:
    """Return a new file beside *file* that holds *secret*, on disk."""
    made = file.with_name(f"{file.name}.{os.getpid()}.partial")
    made.touch(mode=0o600)
    with made.open("wb") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(opened.fileno())
    return made
