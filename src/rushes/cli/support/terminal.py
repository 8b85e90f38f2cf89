"""Detect the capabilities of the terminal and the desktop."""

import os
import re
import select
import shutil
import sys
import time
from enum import StrEnum
from typing import Final, TextIO

if sys.platform != "win32":
    import termios
    import tty

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def has_colours(stream: TextIO) -> bool:
    """Return whether *stream* is a terminal with colours, and ``NO_COLOR`` is not set."""
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return False
    return os.environ.get("TERM", "") not in {"", "dumb"} or sys.platform == "win32"


def has_desktop() -> bool:
    """Return whether a desktop can open a file or a page."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return shutil.which("xdg-open") is not None and any(map(os.environ.get, _DISPLAYS))


class Pictures(StrEnum):
    """A way to show pictures in a terminal."""

    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    """Coloured characters."""


_KITTY: Final = {"xterm-kitty", "xterm-ghostty"}
_ITERM2: Final = {"iTerm.app", "WezTerm"}
_SILENT: Final = {"Apple_Terminal", "vscode"}
"""Terminals without pictures; they get no query."""

_QUESTION: Final = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c"
"""A query for kitty's protocol, and one for device attributes, which every terminal answers."""

_ANSWER: Final = re.compile(rb"\x1b\[\?([0-9;]*)c")
_SIXEL: Final = b"4"
_ANSWER_S: Final = 1.0


def pictures() -> Pictures:
    """Return the way in which this terminal shows pictures; query the terminal if necessary."""
    term, program = os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", "")
    inside = bool(os.environ.get("TMUX")) or term.startswith(("screen", "tmux"))
    if not inside and (term in _KITTY or os.environ.get("KITTY_WINDOW_ID")):
        return Pictures.KITTY
    if not inside and program in _ITERM2:
        return Pictures.ITERM2
    if program in _SILENT or term == "linux":
        return Pictures.BLOCKS
    return understood(_query_terminal())


def understood(answer: bytes) -> Pictures:
    """Return the capability that a terminal's answer declares."""
    if b"\x1b_Gi=31;OK" in answer:
        return Pictures.KITTY
    found = _ANSWER.search(answer)
    if found is not None and _SIXEL in found[1].split(b";")[1:]:
        return Pictures.SIXEL
    return Pictures.BLOCKS


def _query_terminal() -> bytes:
    """Query the terminal and return its answer; empty without a terminal."""
    if sys.platform == "win32" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return b""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    answer = b""
    try:
        tty.setcbreak(
            descriptor, termios.TCSANOW
        )  # so that the answer is neither echoed nor buffered by line
        os.write(sys.stderr.fileno(), _QUESTION)
        until = time.monotonic() + _ANSWER_S
        while not _ANSWER.search(answer) and (left_s := until - time.monotonic()) > 0:
            if select.select([descriptor], [], [], left_s)[0]:
                answer += os.read(descriptor, 4096)
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
    return answer
