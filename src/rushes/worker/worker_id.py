"""What workers are called, so that one can tell of another whether its process is still there."""

import os
import re
import secrets
import socket
from contextlib import suppress
from typing import Final

_NAME: Final = re.compile(r"(?P<host>.*):(?P<pid>\d{1,10}):[0-9a-f]{8}")


def own_name() -> str:
    """Return a name for a worker of this process, unlike any other: host, process, and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def has_died(name: str) -> bool:
    """
    Return whether a worker's process was on this machine and is surely gone.

    Where another has got its number since, or on another machine, the answer is no: then its
    leases have to run out.
    """
    found = _NAME.fullmatch(name)
    if found is None or found["host"] != socket.gethostname():
        return False
    with suppress(PermissionError, OverflowError):
        try:
            os.kill(int(found["pid"]), 0)
        except ProcessLookupError:
            return True
    return False
