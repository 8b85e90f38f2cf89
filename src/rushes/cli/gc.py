"""``rushes gc``: removes what is no longer to be kept, or tells what that would be."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.service.retention import ExpiredItem

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would go, and why.")]


def gc(
    dry_run: DryRun = False, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """
    Remove what the settings under [retention] say is no longer to be kept.

    A server does the same by itself now and then; this works while one runs.
    """
    gone = with_application(
        settings(data, config),
        lambda application: (
            application.garbage_collector.preview()
            if dry_run
            else application.garbage_collector.collect()
        ),
    )
    if json:
        print_json({"dry_run": dry_run, "size_bytes": _size(gone), "things": gone})
        return
    if gone:
        rows = [(one.sort, one.count, _told(one.size_bytes), one.name, one.why) for one in gone]
        print_table(("what", "how many", "size", "name", "why"), rows)
    verb = "would go" if dry_run else "have gone"
    say(f"{sum(one.count for one in gone)} things, {_told(_size(gone))}, {verb}")


def _size(things: Sequence[ExpiredItem]) -> int:
    return sum(one.size_bytes for one in things)


def _told(size_bytes: int) -> str:
    """Return a size as people read it."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes} bytes"
