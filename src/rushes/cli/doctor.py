"""``rushes doctor``: check whether this machine can run a server."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from rushes.cli.support.exit_codes import ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say

if TYPE_CHECKING:
    from rushes.cli.support.doctor_checks import Check


def doctor(data: Data = None, config: Config = None, json: Json = False) -> None:
    """Check this machine; the exit status is 1 if a server cannot run here."""
    from rushes.cli.support.doctor_checks import CheckResult, as_json, check_all
    from rushes.cli.support.logs import log_to_stderr
    from rushes.settings import Log

    chosen = settings(data, config)
    log_to_stderr(Log(level="error", json=chosen.log.json))  # the checks say what they find
    checks = tuple(check_all(chosen))
    good = all(check.result is not CheckResult.BAD for check in checks)
    if json:
        print_json({"good": good, "checks": [as_json(check) for check in checks]})
    else:
        print_table(("", "check", "result"), list(_rows(checks)))
        say()
        say("A server can run here." if good else "A server cannot run here as it is.")
    if not good:
        raise typer.Exit(ExitCode.FAILED)


def _rows(checks: "tuple[Check, ...]") -> Iterator[tuple[str, str, str]]:
    from rushes.cli.support.doctor_checks import CheckResult

    signs = {
        CheckResult.GOOD: "ok",
        CheckResult.NOTE: "-",
        CheckResult.POOR: "!",
        CheckResult.BAD: "NO",
    }
    for check in checks:
        yield signs[check.result], check.name, check.found
