"""What a command's exit status means, and how an error becomes one sentence."""

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
    """It was tried and did not work: the generation failed, a check of ``doctor`` did."""

    USAGE = 2
    """The command line or the settings are wrong; nothing was tried."""

    UNREACHABLE = 3
    """No server answers at the address."""

    NOT_FOUND = 4
    """There is no such generation, key or file."""

    REFUSED = 5
    """It was understood and refused: a bad key, a value that no model takes, a wrong state."""

    INTERRUPTED = 130
    """Ended by Ctrl-C."""

    TERMINATED = 143
    """Ended by SIGTERM; ``serve`` and ``worker`` end with 0 instead, for that is how they stop."""


class CommandError(Exception):
    """Ends a command with a sentence that says what is wrong and what would be right."""

    def __init__(self, sentence: str, code: ExitCode) -> None:
        super().__init__(sentence)
        self.code = code


def ending(error: Exception) -> tuple[str, ExitCode] | None:
    """Return the sentence and the status for *error*; None if nobody foresaw it."""
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
    """Return which command shows what there is, when something is not there."""
    told = str(error)
    for noun, group in _LISTED.items() if isinstance(error, NotFound) else ():
        if told.startswith(f"there is no {noun} "):
            return f"; `rushes {group} list` shows those there are"
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
