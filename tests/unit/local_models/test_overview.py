"""One view of each model: the catalogue, the folder, the pulls and the machine together."""

from pathlib import Path

import pytest
from tests.unit.local_models.folders import write_files, write_pulled

from rushes.core.errors import LocalModelError, NotFound
from rushes.local_models.catalogue import MODELS
from rushes.local_models.hardware import Hardware
from rushes.local_models.overview import overview, view_of
from rushes.local_models.pull_state import record_failure, record_start

LAPTOP = Hardware(gpus=(), ram_bytes=16 * 10**9, free_disk_bytes=10**12)
NAME = "wan2.2-ti2v-5b"


def test_the_catalogue_comes_first_and_other_folders_after_it(tmp_path: Path) -> None:
    write_pulled(tmp_path)
    write_files(tmp_path / "a-model-of-mine")
    names = [view.name for view in overview(tmp_path, LAPTOP)]
    assert names == [*(model.name for model in MODELS), "a-model-of-mine"]


def test_a_model_of_the_catalogue_says_whether_it_runs_here(tmp_path: Path) -> None:
    views = {view.name: view for view in overview(tmp_path, LAPTOP)}
    assert all(view.fit is not None and view.installed is None for view in views.values())
    small, large = views["lcm-dreamshaper-7"].fit, views[NAME].fit
    assert small is not None
    assert large is not None
    assert (small.profile, large.profile) == ("cpu", None)


def test_an_unfinished_pull_is_shown_until_the_model_is_there(tmp_path: Path) -> None:
    record_start(tmp_path, NAME, total_bytes=100)
    record_failure(tmp_path, NAME, "the disk is full")
    pull = view_of(tmp_path, LAPTOP, NAME).pull
    assert pull is not None
    assert (pull.total_bytes, pull.error) == (100, "the disk is full")
    write_pulled(tmp_path)
    assert view_of(tmp_path, LAPTOP, NAME).pull is None


def test_a_folder_elsewhere_is_shown_by_its_path(tmp_path: Path) -> None:
    path = write_files(tmp_path / "elsewhere" / "My-Wan")
    view = view_of(tmp_path / "models", LAPTOP, str(path))
    assert (view.name, view.family, view.entry) == ("My-Wan", "wan2.2-ti2v", None)
    (path / "transformer/diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(LocalModelError, match="it lacks weights"):
        view_of(tmp_path / "models", LAPTOP, str(path))


def test_an_unknown_model_is_refused_with_the_names_of_the_catalogue(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=rf"no local model 'sora' .*; the catalogue has {NAME}, "):
        view_of(tmp_path, LAPTOP, "sora")
