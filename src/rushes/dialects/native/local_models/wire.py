"""Define the wire format of local models: the machine, the models and their pulls."""

from datetime import datetime
from typing import Literal

from rushes.dialects.native.wire import Strict, View
from rushes.local_models.pull_state import PullStatus

Profile = Literal["resident", "model-offload", "group-offload", "cpu"]


class PullBody(Strict):
    """What a pull needs from the operator."""

    accept_license: bool = False
    """Accept the model's licence; needed if `licence.must_accept` is true."""


class GpuView(View):
    """A GPU of the server's machine."""

    index: int
    name: str
    total_bytes: int
    free_bytes: int
    """What no program uses now."""


class MachineView(View):
    """The machine of the server that replies."""

    gpus: list[GpuView]
    ram_bytes: int | None
    """Main memory, or the limit of the process; null: unknown."""

    free_disk_bytes: int
    """Room on the disk of the folder of models."""


class LicenceView(View):
    """The licence of a model's weights."""

    name: str
    url: str
    note: str
    must_accept: bool
    """Whether a pull needs `accept_license`."""


class MemoryView(View):
    """The memory that a model needs, in GB of 10^9 bytes."""

    resident_gb: float
    """GPU memory with every component on the GPU."""

    model_offload_gb: float
    """GPU memory with one component at a time on the GPU."""

    group_offload_gb: float
    """GPU memory with a few layers at a time on the GPU."""

    ram_gb: float
    """Main memory with either kind of offload."""

    runs_on_cpu: bool
    source: str
    """The origin of the numbers."""


class FitView(View):
    """Whether the machine can run a model."""

    profile: Profile | None
    """The memory profile; null: it cannot run the model."""

    reason: str


class PullView(View):
    """An unfinished download."""

    status: PullStatus
    done_bytes: int
    total_bytes: int | None
    """Null until the hub has answered."""

    error: str | None


class CatalogueView(View):
    """What the catalogue says about a model."""

    title: str
    makes: str
    repository: str
    """`owner/name` on the Hugging Face hub."""

    licence: LicenceView
    download_gb: float
    """The approximate size of the download in GB of 10^9 bytes."""

    memory: MemoryView
    unverified: str
    """What could not be confirmed about the repository."""


class LocalModelReply(View):
    """A model with open weights that runs on the server's machine."""

    name: str
    family: str | None
    """Null: no family of this release can load it."""

    installed: bool
    size_bytes: int | None
    """Its size on disk; null while it is not installed."""

    commit: str | None
    """The commit of the repository that was pulled; null for a folder that was put there."""

    pulled_at: datetime | None
    pull: PullView | None
    """Its unfinished download; null without one."""

    fit: FitView | None
    """Null: it is not in the catalogue, so its needs are unknown."""

    catalogue: CatalogueView | None
    """Null: it is not in the catalogue."""


class LocalModelsReply(View):
    """Every model of the catalogue and of the folder, and the machine."""

    folder: str
    can_pull: bool
    """Whether the package is installed that pulls need: `rushes[local]`."""

    machine: MachineView
    models: list[LocalModelReply]
