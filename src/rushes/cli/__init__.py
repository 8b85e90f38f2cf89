"""Run the command line: one module for each command, helpers under ``support``."""

import sys
from collections.abc import Sequence

from rushes.cli.commands import root
from rushes.cli.support.exit_codes import ExitCode, describe
from rushes.cli.support.output import complain


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
