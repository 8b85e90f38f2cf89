"""
Pull a model from the Hugging Face hub into the folder of models.

``huggingface_hub`` transfers the files, each to a temporary file that it renames. They are checked
here against the hashes of the hub, and the folder gets its final name when all of them are right:
a pull that is cut off, at any moment, leaves no model with half of its files. The next pull goes on
with the files that are complete.
"""

import errno
import os
import shutil
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, Final

from rushes.core.errors import InvalidRequest, LocalModelError
from rushes.local_models.catalogue import CatalogueModel, catalogue_model, is_wanted
from rushes.local_models.folder import (
    MANIFEST,
    FileRecord,
    InstalledModel,
    Manifest,
    difference,
    find_model,
    folder_bytes,
)
from rushes.local_models.formats import is_model, missing_parts
from rushes.local_models.pull_lock import incoming, locked
from rushes.local_models.pull_state import clear_state, record_failure, record_start

HUB_PACKAGE: Final = "huggingface_hub"
INSTALL: Final = "pip install 'rushes[local]'"

SPARE_BYTES: Final = 256 << 20
"""Room that stays free on the disk, so that the server can go on writing."""

_GB: Final = 1e9


def hub_is_installed() -> bool:
    """Return whether models can be pulled here; it needs the package of the hub."""
    return find_spec(HUB_PACKAGE) is not None


def require_licence(model: CatalogueModel, *, accepted: bool) -> None:
    """
    Check that the operator accepted a licence that must be accepted.

    Raises:
        InvalidRequest: It was not accepted; the message says where to read it.
    """
    licence = model.licence
    if licence.must_accept and not accepted:
        raise InvalidRequest(
            f"{model.name} has the licence {licence.name}. {licence.note} Read {licence.url} and"
            " accept it: --accept-license, or accept_license in a request",
            param="accept_license",
        )


def pull_model(
    folder: Path,
    name: str,
    *,
    accept_license: bool,
    now: datetime,
    endpoint: str | None = None,
) -> InstalledModel:
    """
    Download a model of the catalogue, unless it is there already, and return it.

    Args:
        accept_license: Whether the operator accepted the model's licence, where that is needed.

        now: The time for the manifest.

        endpoint: The URL of the hub; by default ``HF_ENDPOINT``, or the public hub.

    Raises:
        NotFound: The catalogue has no model with this name.

        InvalidRequest: Its licence must be accepted.

        Conflict: Another process pulls or removes this model.

        LocalModelError: The hub, the network or the disk failed; the message says what to do.
    """
    model = catalogue_model(name)
    require_licence(model, accepted=accept_license)
    with locked(folder, model.name):
        if is_model(folder / model.name):
            return find_model(folder, model.name)
        if not hub_is_installed():
            raise LocalModelError(f"pulling models needs {HUB_PACKAGE}: {INSTALL}")
        record_start(folder, model.name, total_bytes=None)
        try:
            _pull(folder, model, now=now, endpoint=endpoint)
        except LocalModelError as error:
            record_failure(folder, model.name, str(error))
            raise
        clear_state(folder, model.name)
    return find_model(folder, model.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """The wanted files of a repository at one commit."""

    commit: str
    files: Mapping[str, FileRecord]

    @property
    def size_bytes(self) -> int:
        return sum(record.size_bytes for record in self.files.values())


def _pull(folder: Path, model: CatalogueModel, *, now: datetime, endpoint: str | None) -> None:
    place = incoming(folder, model.name)
    with _worded(model, folder):
        snapshot = _look_up(model, endpoint)
        record_start(folder, model.name, total_bytes=snapshot.size_bytes)
        _remove_leftovers(place, snapshot)
        _require_room(folder, snapshot.size_bytes - folder_bytes(place))
        for file, record in snapshot.files.items():
            _fetch(place, file, record, model=model, commit=snapshot.commit, endpoint=endpoint)
        shutil.rmtree(place / ".cache", ignore_errors=True)
        if missing := missing_parts(place):
            what = f"{model.repository} on the hub is not a complete model"
            raise LocalModelError(f"{what}: it lacks {'; '.join(missing)}")
        manifest = Manifest(
            name=model.name,
            family=model.family,
            repository=model.repository,
            commit=snapshot.commit,
            licence=model.licence.name,
            pulled_at=now,
            files=snapshot.files,
        )
        (place / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        _sync(place / MANIFEST)
        for path in (*(one for one in place.rglob("*") if one.is_dir()), place):
            _sync(path)
        place.rename(folder / model.name)
        _sync(folder)


def _look_up(model: CatalogueModel, endpoint: str | None) -> _Snapshot:
    """Ask the hub for the newest commit of a repository, and for its files with their hashes."""
    from huggingface_hub import HfApi, constants  # noqa: PLC0415  # an extra, and slow to import
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415

    disable_progress_bars()  # progress is read from the folder, by any process
    constants.HF_HUB_DISABLE_TELEMETRY = True  # the hub learns what is pulled, and no more
    info = HfApi(endpoint=endpoint).model_info(model.repository, files_metadata=True)
    siblings = {one.rfilename: one for one in info.siblings or ()}
    files: dict[str, FileRecord] = {}
    for name, one in siblings.items():
        if not is_wanted(model, name):
            continue
        path = PurePosixPath(name)
        digest = one.lfs.sha256 if one.lfs else one.blob_id
        if path.is_absolute() or ".." in path.parts or one.size is None or digest is None:
            raise LocalModelError(f"{model.repository} has a file that cannot be pulled: {name!r}")
        files[name] = FileRecord(
            size_bytes=one.size, algorithm="sha256" if one.lfs else "git-sha1", digest=digest
        )
    if not files or info.sha is None:
        raise LocalModelError(f"{model.repository} on the hub has no files that rushes can load")
    return _Snapshot(commit=info.sha, files=files)


def _fetch(
    place: Path,
    name: str,
    record: FileRecord,
    *,
    model: CatalogueModel,
    commit: str,
    endpoint: str | None,
) -> None:
    """Download one file, unless it is there, and check its content."""
    from huggingface_hub import (  # noqa: PLC0415  # an extra, and slow to import
        hf_hub_download,  # pyright: ignore[reportUnknownVariableType]  # its user_agent is a bare dict
    )

    file = place / name
    hf_hub_download(model.repository, name, revision=commit, local_dir=place, endpoint=endpoint)
    if wrong := difference(file, record):
        file.unlink(missing_ok=True)
        raise LocalModelError(
            f"{name} of {model.repository} {wrong}, so it was deleted; pull the model again"
        )
    _sync(file)


def _remove_leftovers(place: Path, snapshot: _Snapshot) -> None:
    """Delete what a former pull left that this one does not use."""
    place.mkdir(parents=True, exist_ok=True)
    for file in [one for one in place.rglob("*") if one.is_file()]:
        name = file.relative_to(place).as_posix()
        is_ours = name.startswith(".cache/") and file.suffix != ".incomplete"
        if name not in snapshot.files and not is_ours:
            file.unlink()


def _require_room(folder: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + SPARE_BYTES:
        raise LocalModelError(
            f"the disk of {folder} has {free_bytes / _GB:.1f} GB free, and the model needs"
            f" {(needed_bytes + SPARE_BYTES) / _GB:.1f} GB more: make room, or set models.folder"
        )


def _sync(path: Path) -> None:
    """Wait until a file or the entries of a folder are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _worded(model: CatalogueModel, folder: Path) -> Generator[None]:
    """Raise LocalModelError for what the hub's package raises."""
    from huggingface_hub import errors  # noqa: PLC0415  # an extra, and slow to import

    repository = model.repository
    failures: tuple[type[Exception], ...] = (
        errors.HfHubHTTPError,
        OSError,
        *_transport_errors(),
    )
    again = f"`rushes models pull {model.name}` goes on where it stopped"
    try:
        yield
    except errors.GatedRepoError as error:
        raise LocalModelError(
            f"the hub gives {repository} only to accounts that accepted its terms: accept them at"
            f" https://huggingface.co/{repository}, then set HF_TOKEN or run `hf auth login`"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise LocalModelError(
            f"the hub has no repository {repository}, or shows it only to some accounts; set"
            " HF_TOKEN or run `hf auth login` for yours"
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise LocalModelError("HF_HUB_OFFLINE is set, so nothing can be pulled") from error
    except failures as error:
        if _is_full(error):
            why = f"the disk of {folder} is full: make room, or set models.folder"
            raise LocalModelError(f"{why}; {again}") from error
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise LocalModelError(f"{repository} could not be pulled: {reason}; {again}") from error
    except RuntimeError as error:  # of the hub's transfer library, which is not written in Python
        full = f"the disk of {folder} is full" if _is_full(error) else f"a transfer failed: {error}"
        raise LocalModelError(f"{full}; {again}") from error


def _is_full(error: BaseException) -> bool:
    is_errno = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return is_errno or "No space left" in str(error)


def _transport_errors() -> tuple[type[Exception], ...]:
    """Return the errors of the HTTP client that the installed release of the hub's package uses."""
    clients: list[Any] = [sys.modules.get(name) for name in ("httpx", "httpx2")]
    return tuple(client.HTTPError for client in clients if client is not None)
