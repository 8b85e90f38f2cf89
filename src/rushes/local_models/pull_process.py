"""
Pull one model in a process of its own: ``python -m rushes.local_models.pull_process``.

A server starts it, so that a transfer can be ended at any moment and takes no time of the server.
The state of the pull says how it ends; see :mod:`rushes.local_models.pull_state`.
"""

import sys
from pathlib import Path
from typing import Final

from rushes.core.errors import RushesError
from rushes.kit.clock import SystemClock
from rushes.local_models.download import pull_model
from rushes.local_models.pull_state import ends_when_cancelled

ACCEPT: Final = "--accept-license"


def command(folder: Path, name: str, *, accept_license: bool) -> tuple[str, ...]:
    """Return the command that pulls the model *name* into *folder*."""
    accepted = (ACCEPT,) if accept_license else ()
    return (sys.executable, "-m", __spec__.name, str(folder), name, *accepted)


def main(arguments: list[str]) -> int:
    """Pull the model that *arguments* name; return the exit status."""
    folder, name, *accepted = arguments
    try:
        with ends_when_cancelled(Path(folder), name):
            pull_model(
                Path(folder), name, accept_license=ACCEPT in accepted, now=SystemClock().now()
            )
    except RushesError as error:
        sys.stderr.write(f"rushes: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
