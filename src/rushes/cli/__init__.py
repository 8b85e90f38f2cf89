"""Run the command line: one module for each command, helpers under ``support``."""

import sys
from collections.abc import Sequence

from rushes.cli.commands import root
from rushes.cli.support.exit_codes import ExitCode, describe, end_process
from rushes.cli.support.output import complain


def program() -> None:
    """
    Be the ``rushes`` program: run the command that this process was started with, and end.

    Raises:
        SystemExit: Where the process can end as any other does.
    """
    try:
        main()
    except SystemExit as ending:
        if isinstance(ending.code, int):
            end_process(ending.code)
        raise


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Run the ``rushes`` command; an error becomes one sentence and an exit status.

    Raises:
        SystemExit: Always; its code is one of :class:`rushes.cli.support.exit_codes.ExitCode`.
    """
    try:
        root()(arguments, prog_name="rushes")
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:
        described = describe(error)
        if described is None:
            raise
        sentence, code = described
        complain(f"rushes: {sentence}")
        sys.exit(code)
