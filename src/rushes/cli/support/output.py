"""Print tables for people and JSON for programs."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table


def say(text: str = "") -> None:
    """Print a line for people, without wrapping and colours."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print a warning or an error to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def print_json(value: object, *, on_one_line: bool = False) -> None:
    """Print *value*, which may hold dataclasses, as JSON."""
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


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    cut: str | None = None,
    spare: Sequence[str] = (),
) -> None:
    """
    Print a table, with brackets in values as they are.

    On a terminal the table fits: it folds text between words, truncates the column *cut*, and then
    omits columns, which it names below. A file or a pipe gets everything.

    Args:
        cut: The column whose text may be truncated.

        spare: The columns that may be omitted, the first of them first.
    """
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        say("\n".join(plain_table([columns, *cells])))
        return
    from rich.console import Console

    console = Console()
    kept = fitting(columns, cells, cut=cut, spare=spare, width=console.width)
    shown = [[row[columns.index(one)] for one in kept] for row in cells]
    console.print(_table(list(kept), shown, widths=kept, cut=cut))
    if left_out := [column for column in columns if column not in kept]:
        hint = f"{', '.join(left_out)}: with --json, or in a wider terminal"
        console.print(hint, style="dim", highlight=False)


def plain_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table without truncation; a cell may take several lines."""
    split = [[_lines(cell) for cell in row] for row in rows]
    widths = [
        max(_width(line) for cell in column for line in cell) for column in zip(*split, strict=True)
    ]
    for row in split:
        for line in zip_longest(*row, fillvalue=""):
            padded = (
                part + " " * (wide - _width(part)) for part, wide in zip(line, widths, strict=True)
            )
            yield (" " * _GAP).join(padded).rstrip()


def _width(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _lines(cell: str) -> list[str]:
    """Return the lines of a text without tabs and control characters."""
    return [_CONTROL.sub("", line.expandtabs()) for line in cell.splitlines()] or [""]


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CUT_TO: Final = 16
_GAP: Final = 2
_WHOLE: Final = frozenset({"id", "made", "at"})
"""Columns whose text is never folded."""


def fitting(
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    *,
    cut: str | None,
    spare: Sequence[str],
    width: int,
) -> dict[str, int]:
    """Return the columns that fit side by side, with their widths."""
    texts = {column: [column, *(row[i] for row in cells)] for i, column in enumerate(columns)}
    wide = {column: max(map(_width, each)) for column, each in texts.items()}
    least = {
        column: min(wide[column], _CUT_TO)
        if column == cut
        else wide[column]
        if column in _WHOLE
        else max(map(_longest_word, each))
        for column, each in texts.items()
    }
    kept = [column for column in columns if column not in _left_out(least, spare, width)]
    excess = _total({column: wide[column] for column in kept}) - width
    while excess > 0 and (roomy := [one for one in kept if wide[one] > least[one]]):
        widest = max(roomy, key=wide.__getitem__)
        wide[widest] -= 1
        excess -= 1
    return {column: wide[column] for column in kept}


def _left_out(least: Mapping[str, int], spare: Sequence[str], width: int) -> Sequence[str]:
    for count in range(len(spare)):
        if _total({one: each for one, each in least.items() if one not in spare[:count]}) <= width:
            return spare[:count]
    return spare


def _total(widths: Mapping[str, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1)


def _longest_word(text: str) -> int:
    return max(map(_width, text.split()), default=0)


def _table(
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    *,
    widths: Mapping[str, int] | None = None,
    cut: str | None = None,
) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))
    for column in columns:
        table.add_column(
            column,
            width=widths[column] if widths else None,
            overflow="ellipsis" if column == cut else "fold",
            no_wrap=column in _WHOLE or column == cut,
        )
    for row in cells:
        table.add_row(*map(escape, row))
    return table
