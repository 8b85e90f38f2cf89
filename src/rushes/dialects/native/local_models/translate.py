"""Translate local models and the machine into replies."""

from dataclasses import asdict

from rushes.dialects.native.local_models.wire import (
    CatalogueView,
    FitView,
    GpuView,
    LicenceView,
    LocalModelReply,
    LocalModelsReply,
    MachineView,
    MemoryView,
    PullView,
)
from rushes.local_models.catalogue import CatalogueModel
from rushes.local_models.hardware import Hardware
from rushes.local_models.overview import LocalModelView
from rushes.service.local_models import LocalModelList


def from_list(listed: LocalModelList) -> LocalModelsReply:
    """Return all local models as a reply."""
    return LocalModelsReply(
        folder=str(listed.folder),
        can_pull=listed.can_pull,
        machine=_from_hardware(listed.hardware),
        models=[from_local_model(view) for view in listed.models],
    )


def from_local_model(view: LocalModelView) -> LocalModelReply:
    """Return a local model as a reply."""
    installed, pull = view.installed, view.pull
    manifest = installed.manifest if installed else None
    return LocalModelReply(
        name=view.name,
        family=view.family,
        installed=installed is not None,
        size_bytes=installed.size_bytes if installed else None,
        commit=manifest.commit if manifest else None,
        pulled_at=manifest.pulled_at if manifest else None,
        pull=PullView(
            status=pull.status,
            done_bytes=pull.done_bytes,
            total_bytes=pull.total_bytes,
            error=pull.error,
        )
        if pull
        else None,
        fit=FitView.model_validate(asdict(view.fit)) if view.fit else None,
        catalogue=_from_entry(view.entry) if view.entry else None,
    )


def _from_entry(entry: CatalogueModel) -> CatalogueView:
    return CatalogueView(
        title=entry.title,
        makes=entry.makes,
        repository=entry.repository,
        licence=LicenceView.model_validate(asdict(entry.licence)),
        download_gb=entry.download_gb,
        memory=MemoryView.model_validate(asdict(entry.memory)),
        unverified=entry.unverified,
    )


def _from_hardware(hardware: Hardware) -> MachineView:
    return MachineView(
        gpus=[GpuView.model_validate(asdict(gpu)) for gpu in hardware.gpus],
        ram_bytes=hardware.ram_bytes,
        free_disk_bytes=hardware.free_disk_bytes,
    )
