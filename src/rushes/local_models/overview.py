"""Bring together what is known about each local model: catalogue, folder, pulls and hardware."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rushes.core.errors import NotFound
from rushes.local_models.catalogue import MODELS, CatalogueModel
from rushes.local_models.folder import InstalledModel, find_model, installed_models
from rushes.local_models.hardware import Fit, Hardware, fit
from rushes.local_models.pull_state import Pull, read_pull


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModelView:
    """A local model: from the catalogue, or somebody put it into the folder, or both."""

    name: str
    family: str | None
    """None: no family of this release can load it."""

    entry: CatalogueModel | None
    """None: it is not in the catalogue."""

    fit: Fit | None
    """Whether this machine can run it; None: unknown, because it is not in the catalogue."""

    installed: InstalledModel | None
    pull: Pull | None
    """Its unfinished pull."""


def overview(folder: Path, hardware: Hardware) -> tuple[LocalModelView, ...]:
    """Return every model of the catalogue, then the other models of *folder*."""
    return tuple(_views(folder, hardware))


def view_of(folder: Path, hardware: Hardware, name_or_path: str) -> LocalModelView:
    """
    Return one model, by its name or its path.

    Raises:
        NotFound: There is none.

        LocalModelError: The folder at that path is no complete model.
    """
    name = name_or_path.strip().lower()
    for view in overview(folder, hardware):
        if view.name.lower() == name:
            return view
    try:
        installed = find_model(folder, name_or_path)
    except NotFound as error:
        known = ", ".join(model.name for model in MODELS)
        raise NotFound(f"{error}; the catalogue has {known}") from None
    return _view(folder, hardware, installed.name, None, installed)


def _views(folder: Path, hardware: Hardware) -> Iterator[LocalModelView]:
    present = {model.name: model for model in installed_models(folder)}
    for entry in MODELS:
        yield _view(folder, hardware, entry.name, entry, present.pop(entry.name, None))
    for name, model in present.items():
        yield _view(folder, hardware, name, None, model)


def _view(
    folder: Path,
    hardware: Hardware,
    name: str,
    entry: CatalogueModel | None,
    installed: InstalledModel | None,
) -> LocalModelView:
    family = installed.family if installed else entry.family if entry else None
    return LocalModelView(
        name=name,
        family=family,
        entry=entry,
        fit=fit(entry, hardware) if entry else None,
        installed=installed,
        pull=read_pull(folder, name) if entry and not installed else None,
    )
