"""
Keep models in a folder: list, find, verify and remove them.

Each pulled model has a folder of its own with a manifest: where the files come from, and the size
and the hash of each. A download happens in ``.incoming`` and is renamed when it is complete, so
every folder beside that is a complete model. A folder that somebody put there, and a folder
anywhere else, work as a model too; they have no manifest.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from rushes.core.errors import LocalModelError, NotFound
from rushes.kit.quoting import quoted
from rushes.local_models.catalogue import MODELS
from rushes.local_models.formats import family_of, is_model, missing_parts
from rushes.local_models.pull_lock import INCOMING, incoming, locked
from rushes.local_models.pull_state import clear_state, read_pull
from rushes.local_models.use_lock import unused

MANIFEST: Final = "rushes-model.json"
_BLOCK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """The size and the hash of a file, as the hub reported them."""

    size_bytes: int
    algorithm: str
    """``sha256`` for large files; ``git-sha1``, the hash of a git blob, for the others."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The origin of a pulled model, and a record of each of its files by path."""

    name: str
    family: str
    repository: str
    commit: str
    licence: str
    pulled_at: datetime
    files: Mapping[str, FileRecord]

    def to_json(self) -> str:
        """Return the text of the manifest's file."""
        content = asdict(self) | {"pulled_at": self.pulled_at.isoformat()}
        return json.dumps(content, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model on this machine."""

    name: str
    """The name of a pulled model; the name of the folder for any other one."""

    path: Path
    family: str | None
    """None: no family of this release can load it."""

    size_bytes: int
    manifest: Manifest | None = None
    """None: it was not pulled, so there are no hashes to verify it with."""


def installed_models(folder: Path) -> tuple[InstalledModel, ...]:
    """Return the models in *folder*, by name; none if the folder does not exist."""
    if not folder.is_dir():
        return ()
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return tuple(_described(path) for path in paths if path.is_dir() and is_model(path))


def folder_signature(folder: Path) -> frozenset[tuple[str, int]]:
    """Return what changes when a model comes or goes, without a look into the models."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(
                (entry.name, entry.inode()) for entry in entries if not entry.name.startswith(".")
            )
    except OSError:
        return frozenset()


def find_model(folder: Path, name_or_path: str) -> InstalledModel:
    """
    Return the model *name* in *folder*, or the model in the folder at a path.

    Args:
        name_or_path: A name, such as ``wan2.2-ti2v-5b``; or a path, which has a slash in it.

    Raises:
        NotFound: There is no such model; the message says how to get it.

        LocalModelError: The folder at that path is not a model, or is incomplete.
    """
    if "/" in name_or_path:
        return model_at(Path(name_or_path).expanduser())
    name = _catalogue_spelling(name_or_path)
    path = folder / name
    if _is_plain(name) and is_model(path):
        return _described(path)
    if any(model.name == name for model in MODELS):
        raise NotFound(f"the local model {name} is not pulled; `rushes models pull {name}` does it")
    raise NotFound(f"there is no local model {quoted(name_or_path)} in {folder}")


def model_at(path: Path) -> InstalledModel:
    """
    Return the model in the folder *path*.

    Raises:
        NotFound: There is no such folder.

        LocalModelError: It is not a model, or parts are missing.
    """
    if not path.is_dir():
        raise NotFound(f"there is no folder {path}")
    if missing := missing_parts(path):
        raise LocalModelError(f"{path} is not a complete model: it lacks {'; '.join(missing)}")
    return _described(path)


def verify_model(
    model: InstalledModel, report: Callable[[float, str], None] = lambda _share, _file: None
) -> tuple[str, ...]:
    """
    Read every file of a model and return what is wrong with it, one sentence each.

    The files of a pulled model are compared with the hashes of the hub. For any other model only
    the parts are checked.

    Args:
        report: Called before each file with the share of the bytes read so far, and its name.
    """
    if model.manifest is None:
        return tuple(f"it lacks {part}" for part in missing_parts(model.path))
    return tuple(_differences(model.path, model.manifest, report))


def remove_model(folder: Path, name: str) -> int:
    """
    Delete a model of *folder*, and what an unfinished download left; return the bytes freed.

    Raises:
        NotFound: There is neither.

        Conflict: Another process pulls or removes it, or works with it.
    """
    name = _catalogue_spelling(name)
    present = [path for path in (folder / name, incoming(folder, name)) if path.is_dir()]
    if not _is_plain(name) or (not present and read_pull(folder, name) is None):
        raise NotFound(f"there is no local model {quoted(name)} in {folder}")
    with locked(folder, name), ExitStack() as held:
        for path in present:
            held.enter_context(unused(path, name))
        size_bytes = sum(map(folder_bytes, present))
        clear_state(folder, name)
        for path in present:
            # Renamed first: a removal that is cut off leaves no model with half of its files.
            removed = folder / INCOMING / f"removed-{uuid.uuid4().hex}"
            path.rename(removed)
            shutil.rmtree(removed)
        for leftover in (folder / INCOMING).glob("removed-*"):
            shutil.rmtree(leftover, ignore_errors=True)
    return size_bytes


def folder_bytes(path: Path) -> int:
    """Return the size of all files below *path*, as far as they are there."""
    total = 0
    for file in path.rglob("*"):
        try:
            found = file.stat(follow_symlinks=False)
        except FileNotFoundError:  # it was renamed or removed meanwhile
            continue
        if file.is_file():
            total += found.st_size
    return total


def digest_of(file: Path, algorithm: str) -> str:
    """Return the hash of a file in hexadecimal; *algorithm* as in :class:`FileRecord`."""
    if algorithm == "sha256":
        digest = hashlib.sha256()
    else:
        digest = hashlib.sha1(usedforsecurity=False)
        digest.update(f"blob {file.stat().st_size}\0".encode())
    with file.open("rb") as source:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def difference(file: Path, record: FileRecord) -> str | None:
    """Return how a file differs from its record; None if it does not."""
    if not file.is_file():
        return "is missing"
    if (size_bytes := file.stat().st_size) != record.size_bytes:
        return f"has {size_bytes} bytes instead of {record.size_bytes}"
    if digest_of(file, record.algorithm) != record.digest:
        return "has another content than on the hub"
    return None


def _differences(
    path: Path, manifest: Manifest, report: Callable[[float, str], None]
) -> Iterator[str]:
    total_bytes = max(1, sum(record.size_bytes for record in manifest.files.values()))
    read_bytes = 0
    for name, record in manifest.files.items():
        report(read_bytes / total_bytes, name)
        read_bytes += record.size_bytes
        if found := difference(path / name, record):
            yield f"{name} {found}"
    present = {str(one.relative_to(path)) for one in path.rglob("*") if one.is_file()}
    for extra in sorted(present - manifest.files.keys() - {MANIFEST}):
        yield f"{extra} was not pulled"


def _described(path: Path) -> InstalledModel:
    manifest = _manifest(path)
    return InstalledModel(
        name=path.name,
        path=path,
        family=manifest.family if manifest else family_of(path),
        size_bytes=folder_bytes(path),
        manifest=manifest,
    )


def _manifest(path: Path) -> Manifest | None:
    try:
        content: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        files = {name: FileRecord(**record) for name, record in content.pop("files").items()}
        pulled_at = datetime.fromisoformat(content.pop("pulled_at"))
        manifest = Manifest(**content, pulled_at=pulled_at, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return manifest if all(map(_is_below, manifest.files)) else None


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _catalogue_spelling(name: str) -> str:
    """Return a name as the catalogue spells it; other names as they are."""
    lower = name.strip().lower()
    return lower if any(model.name == lower for model in MODELS) else name.strip()


def _is_plain(name: str) -> bool:
    return bool(name) and "/" not in name and not name.startswith(".")
