"""How commands show things: tables and progress for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

Told = Callable[[float, str], None]
"""Called with the share that is done, 0.0 to 1.0, and a word for what is going on."""


def say(text: str = "") -> None:
    """Write a line for a person, as it is: no wrapping, no colour."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line about a mistake."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def print_json(value: object, *, on_one_line: bool = False) -> None:
    """Write *value*, which may hold dataclasses, as JSON."""
    indent = None if on_one_line else 2
    say(json.dumps(value, indent=indent, default=_plain, ensure_ascii=False))


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Enum():
            return value.value
        case Path():
            return str(value)
        case set() | frozenset():
            return sorted(map(str, value))  # pyright: ignore[reportUnknownArgumentType]  # any will do
        case _ if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        case _:
            return str(value)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table; values are shown as they are, whatever brackets they hold."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    # Into a file or a pipe nothing is folded at a terminal's edge.
    Console(width=None if sys.stdout.isatty() else 1000).print(table)


@contextmanager
def progress(title: str, *, shown: bool = True) -> Generator[Told]:
    """Show a progress bar on standard error as long as the block runs."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        TextColumn("{task.fields[word]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not shown,
    )
    with bar:
        task = bar.add_task(escape(title), total=1.0, word="")

        def told(share: float, word: str) -> None:
            bar.update(task, completed=share, word=escape(word))

        yield told
