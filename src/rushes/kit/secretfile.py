"""Secrets that are made once and kept in a file that only its owner can read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_secret(file: Path, *, size_bytes: int = 32) -> bytes:
    """
    Return the secret in *file*; make it, at random, when there is none.

    Of two processes that make it at the same time one wins, and both get the winner's. An empty
    file, as a loss of power may leave it, holds none: whoever signs with nothing can be forged.
    """
    if file.exists() and not file.stat().st_size:
        file.unlink()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}.partial")
        made.touch(mode=0o600)
        with made.open("wb") as opened:
            opened.write(secrets.token_bytes(size_bytes))
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
    return file.read_bytes()
