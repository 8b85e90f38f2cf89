"""Draw the rooms of the source as an SVG, from the import contract; ``make docs`` runs it."""

import ast
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "rushes"
PICTURE: Final = ROOT / "docs" / "pictures" / "architecture.svg"

_WIDTH: Final = 1120
_LEFT: Final = 40
_GAP: Final = 10
_LINE: Final = 13
_LETTER_PX: Final = 5.6


def layers() -> list[list[str]]:
    """Return the rooms of each layer, the topmost layer first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    stacked = next(one for one in contracts if one["type"] == "layers")
    return [[room.strip(" ()") for room in layer.split("|")] for layer in stacked["layers"]]


def picture() -> str:
    """Return the SVG: a row for each layer, a box for each room."""
    top, boxes = _GAP, list[str]()
    for rooms in layers():
        width = (_WIDTH - _LEFT - _GAP * len(rooms)) / len(rooms)
        texts = [wrap(_sentence(room), int((width - 20) / _LETTER_PX)) for room in rooms]
        height = 36 + _LINE * max(map(len, texts))
        for place, (room, lines) in enumerate(zip(rooms, texts, strict=True)):
            left = round(_LEFT + place * (width + _GAP))
            boxes += _box(room, lines, (left, top, round(width), height))
        top += height + _GAP
    size = f'viewBox="0 0 {_WIDTH} {top}" role="img" font-family="system-ui, sans-serif"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            "<title>The rooms of rushes, from the top layer to the bottom one</title>",
            f'<rect width="{_WIDTH}" height="{top}" fill="#fff"/>',
            *_arrow(top),
            *boxes,
            "</svg>",
            "",
        ]
    )


def _arrow(height: int) -> Iterator[str]:
    yield (
        f'<path d="M24 {_GAP}V{height - _GAP}m-7 -9l7 9l7 -9" fill="none" stroke="#888"'
        ' stroke-width="2"/>'
    )
    yield (
        f'<text x="16" y="{height // 2}" font-size="12" fill="#666" text-anchor="middle"'
        f' transform="rotate(-90 16 {height // 2})">imports</text>'
    )


def _box(room: str, lines: list[str], area: tuple[int, int, int, int]) -> Iterator[str]:
    left, top, width, height = area
    text_left = left + 10
    yield (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="#f3f6fa"'
        ' stroke="#9db2c9"/>'
    )
    yield (
        f'<text x="{text_left}" y="{top + 20}" font-size="14" font-weight="600" fill="#1b2733">'
        f"{room}</text>"
    )
    for number, line in enumerate(lines):
        yield (
            f'<text x="{text_left}" y="{top + 37 + number * _LINE}" font-size="11" fill="#33465a">'
            f"{escape(line)}</text>"
        )


def _sentence(room: str) -> str:
    """Return the first line of a room's package."""
    source = (SOURCE / room / "__init__.py").read_text("utf-8")
    opening = ast.get_docstring(ast.parse(source)) or ""
    return opening.split("\n\n", maxsplit=1)[0].replace("\n", " ").replace("``", "")


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
