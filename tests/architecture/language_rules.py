"""Check names and prose against the rules of ``docs/style.md``; each function returns complaints.

Run as a script it prints what is wrong below the paths that it is given::

    python tests/architecture/language_rules.py src/rushes/worker docs/webhooks.md
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
STYLE: Final = ROOT / "docs" / "style.md"

OPENERS: Final = re.compile(
    r"(What|Which|Whether|Who|Whose|Whom|Whoever|How|When|Where|That|Why)\b", re.IGNORECASE
)
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_EMPTY: Final = frozenset(
    re.findall(
        r"\w+",
        """a an the of to for from in on at by with and or is are it its this that as if whether be
        return returns yield yields get gets give gives all one new""",
    )
)
_SHORTEST: Final = 30
_STRINGS: Final = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The banned words of the table: name parts, complete names, and phrases of prose."""

    parts: frozenset[tuple[str, ...]]
    alone: frozenset[str]
    phrases: re.Pattern[str]


@cache
def terms() -> Terms:
    """Read the table of terms."""
    parts: set[tuple[str, ...]] = set()
    alone: set[str] = set()
    phrases: list[str] = []
    _, _, table = STYLE.read_text("utf-8").partition("## Terms")
    for line in table.splitlines():
        if not line.startswith("|") or line.startswith(("|---", "| the thing |")):
            continue
        names, prose = line.split("|")[3:5]
        for name, mark in re.findall(r"`(\w+)`( alone)?", names):
            if mark:
                alone.add(name)
            else:
                parts.add(tuple(name.split("_")))
        phrases += [phrase.strip() for phrase in prose.split(",") if phrase.strip()]
    ordered = sorted(phrases, key=len, reverse=True)
    pattern = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
    return Terms(
        parts=frozenset(parts),
        alone=frozenset(alone),
        phrases=re.compile(rf"(?<![\w-])({pattern})(?![\w-])", re.IGNORECASE),
    )


def bad_openings(source: str) -> Iterator[str]:
    """Complain of a module's first line that is a riddle, or no sentence."""
    opening = ast.get_docstring(ast.parse(source)) or ""
    first = opening.split("\n\n", maxsplit=1)[0].replace("\n", " ").rstrip()
    if OPENERS.match(first):
        yield f"1: begins with {first.split()[0]!r}: {first}"
    if not first.endswith((".", ":", "::")):
        yield f"1: does not end with a full stop: {first}"


def is_short(source: str) -> bool:
    """Tell whether a module is so short that it needs a reason to stand alone."""
    return len(source.splitlines()) < _SHORTEST


def paraphrases(source: str) -> Iterator[str]:
    """Complain of docstrings that only repeat the words of the name."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = ast.get_docstring(node)
        if text is None:
            continue
        said = {_stem(word) for word in re.findall(r"[a-z]+", text.lower()) if word not in _EMPTY}
        named = {_stem(part) for part in split(node.name)}
        if said <= named:
            yield f"{node.lineno}: {node.name}: {text}"


def bad_names(source: str) -> Iterator[str]:
    """Complain of banned words in names."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and (word := banned_part(token.string)):
            yield f"{token.start[0]}: {word!r} in the name {token.string}"


@cache
def banned_part(name: str) -> str | None:
    """Return the banned word in a name, if there is one."""
    if name in terms().alone:
        return name
    parts = split(name)
    for banned in terms().parts:
        size = len(banned)
        if any(tuple(parts[i : i + size]) == banned for i in range(len(parts) - size + 1)):
            return "_".join(banned)
    return None


def bad_prose(source: str) -> Iterator[str]:
    """Complain of banned words in comments, docstrings and messages."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type in _STRINGS and " " in token.string):
            for complaint in bad_words(token.string):
                line, _, rest = complaint.partition(":")
                yield f"{token.start[0] + int(line) - 1}:{rest}"


def bad_words(text: str) -> Iterator[str]:
    """Complain of banned words in a page."""
    for found in terms().phrases.finditer(text):
        yield f"{text.count(chr(10), 0, found.start()) + 1}: {found[0]!r}"


def split(name: str) -> list[str]:
    """Return the words of a name: ``rotate_secret`` and ``RotateSecret`` have the same two."""
    return [part.lower() for part in _PARTS.findall(name)]


def _stem(word: str) -> str:
    for end in ("ing", "ed", "es", "s", "e"):
        if word.endswith(end) and len(word) > len(end) + 2:
            return word.removesuffix(end)
    return word


def _main() -> int:
    found = 0
    for path in map(Path, sys.argv[1:] or ["src/rushes", "docs", "README.md", "CONTRIBUTING.md"]):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file == STYLE.relative_to(ROOT):
                continue
            rules = {".py": (bad_openings, paraphrases, bad_names, bad_prose), ".md": (bad_words,)}
            for rule in rules.get(file.suffix, ()):
                for complaint in rule(file.read_text("utf-8")):
                    print(f"{file}:{complaint}")  # noqa: T201  # a script
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_main())
