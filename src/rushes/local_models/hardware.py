"""Find out which local models this machine can run, and with which memory profile."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rushes.local_models.catalogue import MODELS, CatalogueModel

GB: Final = 1e9
_MIB: Final = 1 << 20
_QUERY: Final = (
    "--query-gpu=index,name,memory.total,memory.free",
    "--format=csv,noheader,nounits",
)
_CGROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """A GPU, with its memory in bytes."""

    index: int
    name: str
    total_bytes: int
    free_bytes: int
    """What no program uses now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What matters for local models on a machine, in bytes."""

    gpus: tuple[Gpu, ...]
    ram_bytes: int | None
    """The main memory, or less if a limit applies to this process; None: unknown."""

    free_disk_bytes: int
    """Room on the disk of the folder of models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether a machine can run a model."""

    profile: str | None
    """``resident``, ``model-offload``, ``group-offload`` or ``cpu``; None: it cannot run it."""

    reason: str
    """The numbers behind it, in a phrase."""


def read_hardware(folder: Path) -> Hardware:
    """Look at this machine; *folder* is the folder of models, which need not exist."""
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return Hardware(
        gpus=read_gpus(),
        ram_bytes=_ram_bytes(),
        free_disk_bytes=shutil.disk_usage(above).free,
    )


def read_gpus() -> tuple[Gpu, ...]:
    """Return the GPUs that ``nvidia-smi`` lists; none without that program."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, found in the operator's PATH
            (program, *_QUERY), capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(parse_gpus(done.stdout)) if done.returncode == 0 else ()


def parse_gpus(report: str) -> Iterator[Gpu]:
    """Yield the GPUs of a report of ``nvidia-smi``; it gives memory in MiB."""
    for line in report.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) == 4 and all(cell.isdigit() for cell in (cells[0], *cells[2:])):
            index, name, total, free = cells
            yield Gpu(
                index=int(index),
                name=name,
                total_bytes=int(total) * _MIB,
                free_bytes=int(free) * _MIB,
            )


def fit(model: CatalogueModel, hardware: Hardware) -> Fit:
    """
    Return whether a machine can run *model*, with the fastest memory profile that has room.

    The profile depends on the complete memory of the largest GPU, because what is free changes.
    The worker that loads a model looks at the free memory.
    """
    needs = model.memory
    gpu = max(hardware.gpus, key=lambda one: one.total_bytes, default=None)
    ram_gb = None if hardware.ram_bytes is None else hardware.ram_bytes / GB
    enough_ram = ram_gb is None or ram_gb >= needs.ram_gb
    if gpu is None:
        if needs.runs_on_cpu and enough_ram:
            return Fit(profile="cpu", reason="without a GPU")
        if needs.runs_on_cpu:
            return Fit(profile=None, reason=_too_little_ram(needs.ram_gb, ram_gb))
        return Fit(profile=None, reason=f"needs a GPU with {_gb(needs.group_offload_gb)}")
    total_gb, free_gb = gpu.total_bytes / GB, gpu.free_bytes / GB
    profiles = (
        ("resident", needs.resident_gb, True),
        ("model-offload", needs.model_offload_gb, enough_ram),
        ("group-offload", needs.group_offload_gb, enough_ram),
    )
    for profile, needed_gb, is_possible in profiles:
        if total_gb >= needed_gb and is_possible:
            now = f", {free_gb:.0f} GB free now" if free_gb < needed_gb else ""
            reason = f"needs {_gb(needed_gb)} of {gpu.name} with {total_gb:.0f} GB{now}"
            return Fit(profile=profile, reason=reason)
    if total_gb >= needs.group_offload_gb:
        return Fit(profile=None, reason=_too_little_ram(needs.ram_gb, ram_gb))
    short = f"needs a GPU with {_gb(needs.group_offload_gb)}, and {gpu.name} has {total_gb:.0f} GB"
    return Fit(profile=None, reason=short)


def runnable(hardware: Hardware) -> tuple[tuple[CatalogueModel, str], ...]:
    """Return the models of the catalogue that a machine can run, each with its memory profile."""
    fits = ((model, fit(model, hardware).profile) for model in MODELS)
    return tuple((model, profile) for model, profile in fits if profile is not None)


def _too_little_ram(needed_gb: float, ram_gb: float | None) -> str:
    return f"needs {_gb(needed_gb)} of main memory, and there are {ram_gb or 0:.0f} GB"


def _gb(size: float) -> str:
    return f"{size:g} GB"


def _ram_bytes() -> int | None:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    size_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for limit in _CGROUP_LIMITS:
        text = limit.read_text(encoding="ascii").strip() if limit.is_file() else ""
        if text.isdigit():
            size_bytes = min(size_bytes, int(text))
    return size_bytes
