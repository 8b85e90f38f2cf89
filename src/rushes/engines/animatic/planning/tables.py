"""Read the tables of words beside this module: text, and archives of text."""

import lzma
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from rushes.engines.animatic.cast.catalogue import subjects

HERE: Final = files("rushes.engines.animatic.planning")


def lines_in(name: str) -> list[str]:
    """Return the lines of a file of words."""
    return HERE.joinpath(name).read_text("utf-8").splitlines()


def words_in(name: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a language in a table, each with what its line means."""
    for line in lines_in(name):
        meant, *by_language = line.split(" | ")
        for listed in by_language:
            code, _, words = listed.partition(" ")
            if code == language:
                yield from ((meant, word) for word in words.split(","))


def labels_in(language: str) -> Iterator[tuple[str, str]]:
    """Yield each subject with the name of its picture in a language."""
    header, *rows = (line.split("\t") for line in unpacked("names.xz").splitlines())
    column = header.index(language)
    known = subjects()
    return (
        (row[0], row[column])
        for row in rows
        if row[column] and row[0] in known and row[0] not in _SEVERAL
    )


_SEVERAL: Final = frozenset({"women-holding-hands", "men-holding-hands"})
"""Pictures of two, whose names in some languages are only ``two women``."""


VERBS_OF_LABELS: Final = frozenset(
    {"骑自行车", "骑车", "骑马", "骑山地车", "玩球", "自転車に乗る", "자전거 타기"}
)
"""Labels of pictures that are verbs: who does it is named beside."""


def parts_of(label: str) -> Iterator[str]:
    """Yield the names in a label such as ``Koch/Köchin`` or ``cuisinier (tous genres)``."""
    for part in label.lower().split("/"):
        plain = part.partition("(")[0].replace("-", " ").replace(":", "").strip()
        if plain:
            yield plain
            yield _FACE.sub("", plain).strip() or plain


_FACE: Final = re.compile(
    r"(?:ansikte|gesicht|ansigt|fjes|\u306e\u9854|\u8138|\u81c9| \uc5bc\uad74)$"
    r"|^(?:cara de|face de|t\u00eate de|rosto de|cara do|focinho de|muso di|muso da"
    r"|\u043c\u043e\u0440\u0434\u0430|\u043c\u043e\u0440\u0434\u043e\u0447\u043a\u0430) "
)
"""``Face of``: some animals have the name of their face only."""


def rows_of(table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of a table: a value and its words."""
    for line in lines_of(table):
        value, _, listed = line.partition(": ")
        yield value, [word.strip() for word in listed.split(",") if word.strip()]


def lines_of(table: str) -> list[str]:
    """Return the lines of a table; indented ones go on with the line before."""
    return table.replace("\n    ", " ").strip().splitlines()


@cache
def unpacked(name: str) -> str:
    """Return the text of an archive."""
    return lzma.decompress(HERE.joinpath(name).read_bytes()).decode()
