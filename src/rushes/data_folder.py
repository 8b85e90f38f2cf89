"""
Find the data folder, the settings file and the database.

This needs no other setting, so that commands about keys start fast.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from rushes.core.errors import SettingsError
from rushes.kit.private import private_folder

FILE: Final = "rushes.toml"
FILE_VARIABLE: Final = "RUSHES_CONFIG"
VARIABLE: Final = "RUSHES_DATA"
URL_VARIABLE: Final = "RUSHES_STORE__URL"
DEFAULT_FOLDER: Final = Path("rushes-data")


def folder(path: Path) -> Path:
    """Return *path* with a ``~`` resolved, and independent of the working directory."""
    return path.expanduser().absolute()


def settings_file(named: Path | None, data: Path) -> Path | None:
    """
    Return the settings file, if there is one.

    It is the one that is *named*, by a flag or in the environment; else ``rushes.toml`` in the
    working directory, else in the folder *data*.
    """
    if path := named or os.environ.get(FILE_VARIABLE):
        return Path(path).expanduser()
    return next((file for file in (Path(FILE), data / FILE) if file.is_file()), None)


def data_folder(named: Path | None = None, *, config_file: Path | None = None) -> Path:
    """
    Return the data folder: *named*, or from the environment, the settings file, or the default.

    Other mistakes in the settings file have no effect here.

    Raises:
        SettingsError: The file cannot be read, or its ``data`` is no text.
    """
    if said := named or os.environ.get(VARIABLE):
        return folder(Path(said))
    file = settings_file(config_file, folder(DEFAULT_FOLDER))
    found = _content(file).get("data") if file else None
    if found is not None and not isinstance(found, str):
        raise SettingsError(f"{file}: data must be the path of a folder, not {found!r}")
    return folder(DEFAULT_FOLDER if found is None else Path(found))


def database_url(data: Path, *, config_file: Path | None = None) -> str | None:
    """
    Return ``store.url`` from the environment or the settings file; None for the SQLite file.

    Raises:
        SettingsError: The file cannot be read, or its ``store.url`` is no text.
    """
    if said := os.environ.get(URL_VARIABLE):
        return said
    file = settings_file(config_file, data)
    content = _content(file) if file else {}
    try:
        found: object = content["store"]["url"]
    except (KeyError, TypeError):
        return None
    if not isinstance(found, str):
        raise SettingsError(f"{file}: store.url must be the address of a database")
    return found


def _content(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # of TOML, or of UTF-8
        raise SettingsError(f"{file}: is not TOML: {error}") from error


def make_data_folder(data: Path) -> None:
    """
    Create the data folder, closed to other users of the machine.

    An open folder of an older version is closed, too. A folder with other files in it stays as it
    is, because it may belong to another program; the files that rushes puts there are closed.
    """
    if data.is_dir() and not {one.name for one in data.iterdir()} <= _OURS:
        return
    private_folder(data)


_OURS: Final = frozenset(
    {
        *("rushes.toml", "rushes.db", "rushes.db-shm", "rushes.db-wal"),
        *("credentials", "incoming", "media", "models", "secrets"),
    }
)
