"""Find the line of each table and value in a TOML text, for error messages."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

Path = tuple[str, ...]
"""The keys of a value, from the top."""

_TOKEN: Final = re.compile(
    r'''
      (?P<text>  """(?:\\.|[^\\])*?"""+ | \'\'\'.*?\'\'\'+ | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<note>  \#[^\n]* )
    | (?P<open>  [\[{] )
    | (?P<close> [\]}] )
    | (?P<end>   \n )
    | (?P<space> [^\S\n]+ )
    | (?P<word>  [^\s"'\#\[\]{}]+ )
    ''',
    re.VERBOSE | re.DOTALL,
)
"""The tokens of a valid text. Source: TOML 1.0.0."""

_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')\s*(\.?)""")


def lines(text: str) -> dict[Path, int]:
    """
    Return the line, from 1, on which each table and value of *text* begins; *text* is valid TOML.

    Repeated tables, as in an array of tables, have the line of the first. Values inside an array or
    an inline table are not included: see :func:`line_of`.
    """
    found: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text):
        if statement.startswith("["):
            table = path = _path(statement.lstrip("["))
        else:
            path = table + _path(statement)
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], line)
    return found


def line_of(known: Mapping[Path, int], path: Sequence[str]) -> int | None:
    """Return the line of *path*, or of the innermost table around it that has one."""
    for length in range(len(path), 0, -1):
        if line := known.get(tuple(path[:length])):
            return line
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each header and each ``key = value``, with the line on which it begins."""
    begin: int | None = None
    depth, line, at_line = 0, 1, 1
    for token in _TOKEN.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if begin is None and token.lastgroup in {"text", "open", "word"}:
            begin, at_line = token.start(), line
        if begin is not None and depth == 0 and token.lastgroup == "end":
            yield at_line, text[begin : token.start()]
            begin = None
        line += token[0].count("\n")
    if begin is not None:
        yield at_line, text[begin:]


def _path(written: str) -> Path:
    """Return the dotted key with which *written* begins."""
    keys: list[str] = []
    at = 0
    while key := _KEY.match(written, at):
        keys.append(_plain(key[1]))
        at = key.end()
        if not key[2]:
            break
    return tuple(keys)


def _plain(key: str) -> str:
    if key[0] not in "\"'":
        return key
    return str(tomllib.loads(f"key = {key}")["key"])
