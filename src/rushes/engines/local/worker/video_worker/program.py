"""Answer requests until the server says "exit": load a model, generate clips, unload."""

import ctypes
import importlib
import signal
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO, Final

from .exchange import Events, Inbox

_PR_SET_PDEATHSIG: Final = 1


def run(lines: Iterable[bytes], stream: BinaryIO) -> None:
    """Serve requests from *lines* and write events to *stream*, until one says "exit"."""
    _end_with_parent()
    events = Events(stream)
    inbox = Inbox(lines, events)
    inbox.start()
    try:
        serving: Any = importlib.import_module(f"{__package__}.serving")
    except Exception as error:  # noqa: BLE001  # whatever keeps torch from being imported
        traceback.print_exc(file=sys.stderr)
        message = f"torch or diffusers cannot be imported: {error}"
        events.write("failed", id=None, kind="model", message=message)
        return
    serving.serve(inbox, events)


def _end_with_parent() -> None:
    """Have Linux kill this process when its parent dies."""
    with suppress(OSError, AttributeError):  # only Linux has prctl
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
