"""Find the API key of a channel in a variable or a file, never in the settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

_LONGEST: Final = 8192
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

LITERAL: Final = (
    "a key is not written into this file: put it into an environment variable and its name into"
    " key_env, or into a file and its path into key_file"
)


class KeyMissing(ValueError):
    """A channel's key is missing or invalid; the message never shows the value."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


class KeyAbsent(KeyMissing):
    """The variable or file of a key is named, and holds none; some commands need no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """A key and its origin."""

    secret: SecretStr
    source: str


def find(table: Mapping[str, object], environ: Mapping[str, str]) -> FoundKey | None:
    """
    Return the key of the channel in *table*; None: the table names neither variable nor file.

    Raises:
        KeyAbsent: The named variable or file holds no key.

        KeyMissing: The name is invalid, or both a variable and a file are named.
    """
    variable, path = table.get("key_env"), table.get("key_file")
    if variable is not None and path is not None:
        raise KeyMissing("key_file", "key_env and key_file are two places for one key: leave one")
    if isinstance(variable, str):
        if not _VARIABLE.fullmatch(variable):
            why = "must be the name of an environment variable, such as LUMA_KEY"
            raise KeyMissing("key_env", why)
        secret = environ.get(variable, "").strip()
        if not secret:
            raise KeyAbsent("key_env", "names an environment variable that is not set, or empty")
        return FoundKey(secret=_sound("key_env", secret), source=f"the variable {variable}")
    if isinstance(path, str):
        file = Path(path).expanduser()
        return FoundKey(secret=_sound("key_file", _read(file)), source=f"the file {file}")
    return None


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(_LONGEST + 1)
    except OSError as error:
        raise KeyAbsent("key_file", f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, ValueError):  # ValueError: a path with a null byte
        raise KeyMissing("key_file", "cannot be read: it is no text") from None
    if not text.strip():
        raise KeyAbsent("key_file", "names a file that is empty")
    return text.strip()


def _sound(field: str, secret: str) -> SecretStr:
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{_LONGEST}}}", secret):
        raise KeyMissing(field, "leads to a key with spaces or characters that no header may have")
    return SecretStr(secret)
