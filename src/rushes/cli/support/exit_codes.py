"""Define the exit status of commands, describe an error in one sentence, and end the process."""

import atexit
import os
import sys
from contextlib import suppress
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from rushes.core.errors import NotFound, RequestError, RushesError, SettingsError

if TYPE_CHECKING:
    import httpx2


class ExitCode(IntEnum):
    """The exit status of every command; documented in ``docs/cli.md``."""

    OK = 0
    FAILED = 1
    """The work failed: a generation, or a check of ``doctor``."""

    USAGE = 2
    """The command line or the settings are invalid; nothing was done."""

    UNREACHABLE = 3
    """No server answers at the URL."""

    NOT_FOUND = 4
    """There is no such generation, key or file."""

    REFUSED = 5
    """The server refused: an invalid key, an unsupported value, a conflicting state."""

    INTERRUPTED = 130
    """Ended by Ctrl-C."""

    TERMINATED = 143
    """Ended by SIGTERM; ``serve`` and ``worker`` end with 0, because that is how they stop."""


class CommandError(Exception):
    """Ends a command with a sentence that names the mistake and the way out."""

    def __init__(self, sentence: str, code: ExitCode) -> None:
        super().__init__(sentence)
        self.code = code


def describe(error: Exception) -> tuple[str, ExitCode] | None:
    """Return the sentence and the exit status for *error*; None if it is unexpected."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'this machine'}: {error.strerror}", ExitCode.FAILED
    code = error.code if isinstance(error, CommandError) else _code(error)
    if code is not None:
        return f"{error}{_way_out(error)}", code
    import httpx2

    if isinstance(error, httpx2.TransportError | httpx2.InvalidURL):
        return _unreachable(error), ExitCode.UNREACHABLE
    return None


_LISTED: Final = {
    "generation": "generations",
    "account": "accounts",
    "key": "keys",
    "webhook": "webhooks",
    "delivery": "deliveries",
}


def _way_out(error: Exception) -> str:
    """Name the command that lists the existing items, for an error about a missing one."""
    message = str(error)
    for noun, group in _LISTED.items() if isinstance(error, NotFound) else ():
        if message.startswith(f"there is no {noun} "):
            return f"; `rushes {group} list` shows all"
    return ""


def _code(error: Exception) -> ExitCode | None:
    match error:
        case SettingsError():
            return ExitCode.USAGE
        case NotFound():
            return ExitCode.NOT_FOUND
        case RequestError():
            return ExitCode.REFUSED
        case RushesError():
            return ExitCode.FAILED
        case _:
            return None


def _unreachable(error: "httpx2.TransportError | httpx2.InvalidURL") -> str:
    import httpx2

    where = "that address"
    if isinstance(error, httpx2.TransportError):
        with suppress(RuntimeError):  # httpx2 raises it when no request belongs to the error
            url = error.request.url
            where = str(url.copy_with(path="/", query=None)) if url.host else where
    return f"no server answers at {where} ({error}); `rushes serve` starts one"


_ABORTS: Final = "obstore"
"""
A library with threads of its own, which call Python when a request ends.

Such a thread, when it waits for the interpreter lock while the interpreter is taken down, ends the
whole process with SIGABRT, before Python 3.14. It was seen in 7 of 100 processes that had made a
few requests.
"""


def end_process(status: int) -> None:
    """End at once with *status*, if a thread could spoil it otherwise; else return."""
    if _ABORTS not in sys.modules:
        return
    # What the interpreter would call itself before it is taken down; nothing public does it.
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as said
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(status)
