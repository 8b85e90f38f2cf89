"""Open the socket of a server, or take that of its first process, and return its URL."""

import errno
import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from rushes.cli.support.exit_codes import CommandError, ExitCode

LISTEN_VARIABLE: Final = "_RUSHES_LISTEN_FD"
"""Gives a further process the descriptor of the socket; no setting, hence the ``_``."""


def inherited_socket() -> socket.socket | None:
    """Return the socket of the first API process; None in the first process itself."""
    descriptor = os.environ.get(LISTEN_VARIABLE)
    return None if descriptor is None else socket.socket(fileno=int(descriptor))


def listen(host: str, port: int) -> socket.socket:
    """
    Open a socket that listens on *host* and *port*; port 0 takes a free one.

    Raises:
        CommandError: The port is taken, or the address belongs to another machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if (error.errno or 0) < 0:  # an error of the resolver, not of the system
            sentence = f"--host must be an address of this machine, not {host!r}"
            raise CommandError(sentence, ExitCode.USAGE) from None
        advice = "; --port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
        why = os.strerror(error.errno or 0).lower()
        raise CommandError(
            f"cannot listen on {host} port {port}: {why}{advice}", ExitCode.FAILED
        ) from None


def address(listening: socket.socket) -> str:
    """Return the base URL at which this machine reaches the server."""
    host, port = listening.getsockname()[:2]
    with suppress(ValueError):
        found = ip_address(host)
        if found.is_unspecified:
            host = "127.0.0.1"
        elif found.version == 6:
            host = f"[{host}]"
    return f"http://{host}:{port}"
