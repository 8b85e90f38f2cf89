"""
Confine this process, run one task on one untrusted file, and print the answer as JSON.

A task is a module beside this one with ``run(*arguments, limits)``, which returns the answer, and
with the constants ``BROKEN`` and ``TOO_LARGE``: what to tell the sender of a file that the parser
cannot read or that needs too much memory. The answer is one JSON object; ``{"unusable": reason}``
says that the sender must send another file. The exit code is 0 if there is an answer.
"""

import ctypes
import json
import resource
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

MAX_FILE_BYTES = 64 << 20
"""The largest file that a task can write."""


class Unusable(Exception):
    """The file can be read, but it is not within the limits."""


class Task(Protocol):
    """A module that handles one untrusted file."""

    BROKEN: str
    TOO_LARGE: str

    def run(self, *arguments: str, limits: dict[str, Any]) -> dict[str, Any]:
        """
        Return the answer.

        Raises:
            Unusable: The file is not within the limits.

            Exception: Anything else that a parser raises: the file is broken.
        """
        ...


class Picture(Protocol):
    """A Pillow image; this module does not import Pillow."""

    def save(self, fp: str, format: str, **options: object) -> None:  # noqa: A002  # Pillow's name
        """Write the image to a file."""
        ...


def run(task: str, *arguments: str) -> None:
    """Run the task of that name; the last argument is its limits as JSON."""
    *others, text = arguments
    module: Any = import_module(f".{task}", __package__)
    limits = json.loads(text)
    confine(limits)
    print(json.dumps(answer(module, *others, limits=limits)))  # noqa: T201  # the parent reads it


def confine(limits: dict[str, Any]) -> None:
    """Give up what a parser does not need, before the first byte of the file is read."""
    seconds, memory = limits["cpu_s"], limits["memory_bytes"]
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES, MAX_FILE_BYTES),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # some systems lack some of these limits
            resource.setrlimit(what, (soft, hard))
    with suppress(OSError, AttributeError):  # Linux only
        prctl = ctypes.CDLL(None).prctl
        prctl(1, 9)  # PR_SET_PDEATHSIG: end with the parent
        prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def answer(task: Task, *arguments: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Run a task and turn every error that the file causes into an answer."""
    try:
        return task.run(*arguments, limits=limits)
    except Unusable as error:
        return {"unusable": str(error)}
    except MemoryError:
        return {"unusable": task.TOO_LARGE}
    except Exception:  # noqa: BLE001  # a hostile file can make a parser raise anything
        return {"unusable": task.BROKEN}


def save(picture: Picture, into: str, kind: str, **options: object) -> None:
    """Write a picture, or end the process without an answer: a full disk is no broken file."""
    try:
        picture.save(into, kind, **options)
    except OSError:
        sys.exit(1)
