"""Name workers so that others on the same machine can tell whether their process has ended."""

import os
import re
import secrets
import socket
from contextlib import suppress
from typing import Final

_NAME: Final = re.compile(r"(?P<host>.*):(?P<pid>\d{1,10}):[0-9a-f]{8}")


def own_name() -> str:
    """Return a unique worker name made of host name, process id and random digits."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def has_died(name: str) -> bool:
    """
    Return whether the named worker ran on this machine and its process has certainly ended.

    The answer is no for a worker of another machine, and where a new process has the same id. The
    leases of such a worker simply expire.
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
