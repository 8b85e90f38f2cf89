"""Which models a machine can run, from what it has."""

from pathlib import Path

import pytest

from rushes.local_models.catalogue import MODELS, catalogue_model
from rushes.local_models.hardware import (
    Gpu,
    Hardware,
    fit,
    parse_gpus,
    read_gpus,
    read_hardware,
    runnable,
)

GB = 10**9


def machine(
    gpu_gb: float | None = None, *, free_gb: float | None = None, ram_gb: float = 256
) -> Hardware:
    """A machine with one GPU, or none."""
    gpus = (
        ()
        if gpu_gb is None
        else (
            Gpu(
                index=0,
                name="Card",
                total_bytes=int(gpu_gb * GB),
                free_bytes=int((gpu_gb if free_gb is None else free_gb) * GB),
            ),
        )
    )
    return Hardware(gpus=gpus, ram_bytes=int(ram_gb * GB), free_disk_bytes=10**12)


@pytest.mark.parametrize(
    ("gpu_gb", "profile"),
    [(80, "resident"), (25, "model-offload"), (16, "group-offload"), (8, None), (None, None)],
)
def test_the_fastest_profile_with_room_is_chosen(gpu_gb: float | None, profile: str | None) -> None:
    assert fit(catalogue_model("wan2.2-ti2v-5b"), machine(gpu_gb)).profile == profile


def test_a_reason_names_what_is_needed_and_what_is_there() -> None:
    model = catalogue_model("wan2.2-ti2v-5b")
    assert fit(model, machine(25)).reason == "needs 20 GB of Card with 25 GB"
    assert fit(model, machine(25, free_gb=3)).reason.endswith("25 GB, 3 GB free now")
    assert fit(model, machine(8)).reason == "needs a GPU with 12 GB, and Card has 8 GB"
    assert fit(model, machine()).reason == "needs a GPU with 12 GB"


def test_offload_needs_main_memory() -> None:
    found = fit(catalogue_model("wan2.2-ti2v-5b"), machine(25, ram_gb=16))
    assert (found.profile, found.reason) == (
        None,
        "needs 32 GB of main memory, and there are 16 GB",
    )


def test_a_resident_model_needs_no_main_memory_for_its_weights() -> None:
    assert fit(catalogue_model("wan2.2-ti2v-5b"), machine(80, ram_gb=16)).profile == "resident"


def test_the_largest_gpu_counts() -> None:
    small, large = machine(8).gpus[0], machine(80).gpus[0]
    two = Hardware(gpus=(small, large), ram_bytes=None, free_disk_bytes=0)
    assert fit(catalogue_model("wan2.2-ti2v-5b"), two).profile == "resident"


def test_a_laptop_without_a_gpu_runs_the_small_models() -> None:
    assert {(model.name, profile) for model, profile in runnable(machine(ram_gb=16))} == {
        ("lcm-dreamshaper-7", "cpu"),
        ("depth-anything-v2-small", "cpu"),
    }
    assert fit(catalogue_model("lcm-dreamshaper-7"), machine(ram_gb=4)).profile is None


def test_a_large_gpu_runs_everything() -> None:
    assert {model for model, _ in runnable(machine(140))} == set(MODELS)


def test_the_report_of_nvidia_smi_is_read() -> None:
    report = "0, NVIDIA H200, 143771, 143000\n1, NVIDIA GeForce RTX 4090, 24564, 100\n\n"
    first, second = parse_gpus(report)
    assert (first.index, first.name, first.total_bytes) == (0, "NVIDIA H200", 143771 << 20)
    assert second.free_bytes == 100 << 20


@pytest.mark.parametrize("report", ["", "No devices were found\n", "0, Card, [N/A], [N/A]\n"])
def test_a_report_without_numbers_names_no_gpu(report: str) -> None:
    assert tuple(parse_gpus(report)) == ()


def program(folder: Path, text: str) -> None:
    file = folder / "nvidia-smi"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def test_gpus_come_from_the_program_in_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_gpus() == ()
    program(tmp_path, 'echo "0, Card, 24000, 12000"')
    assert [gpu.name for gpu in read_gpus()] == ["Card"]
    program(tmp_path, "echo broken; exit 9")
    assert read_gpus() == ()


def test_the_disk_of_a_folder_that_does_not_exist_yet_is_measured(tmp_path: Path) -> None:
    found = read_hardware(tmp_path / "not" / "there")
    assert found.free_disk_bytes > 0
    assert found.ram_bytes
