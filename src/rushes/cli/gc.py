"""``rushes gc``: delete expired data, or show what would be deleted."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.service.retention import ExpiredItem

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would be deleted, and why.")
]


def gc(
    dry_run: DryRun = False, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """
    Delete data whose time under [retention] is over.

    A server does the same at intervals; the command works while a server runs.
    """
    expired = with_application(
        settings(data, config),
        lambda application: (
            application.garbage_collector.preview()
            if dry_run
            else application.garbage_collector.collect()
        ),
    )
    if json:
        print_json({"dry_run": dry_run, "size_bytes": _size(expired), "things": expired})
        return
    if expired:
        rows = [
            (one.sort, one.count, _size_text(one.size_bytes), one.name, one.why) for one in expired
        ]
        print_table(("what", "how many", "size", "name", "why"), rows)
    verb = "would be deleted" if dry_run else "were deleted"
    say(f"{sum(one.count for one in expired)} things, {_size_text(_size(expired))}, {verb}")


def _size(things: Sequence[ExpiredItem]) -> int:
    return sum(one.size_bytes for one in things)


def _size_text(size_bytes: int) -> str:
    """Format a size in bytes for people."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes} bytes"
