"""A damaged folder is refused before anything of it is loaded, and the message names the file."""

import json
import pickle
import shutil
from pathlib import Path

import pytest
from video_worker.errors import BadModel
from video_worker.folder_check import check_folder
from video_worker.loading import load
from video_worker.requests import Model

from conftest import FolderOf

WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(folder_of: FolderOf, tmp_path: Path) -> Path:
    """A copy of a good folder, to damage."""
    return Path(shutil.copytree(folder_of("wan2.2-ti2v"), tmp_path / "model"))


def refusal(folder: Path, family: str = "wan2.2-ti2v") -> str:
    with pytest.raises(BadModel) as caught:
        load(Model(family=family, folder=folder, dtype="float32", device="cpu"))
    return str(caught.value)


def test_a_good_folder_tells_its_options(folder: Path) -> None:
    found = check_folder(folder)
    assert found.index["expand_timesteps"] is True
    assert found.transformer["_class_name"] == "WanTransformer3DModel"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no folder" in refusal(tmp_path / "nowhere")


def test_a_folder_without_an_index_is_no_model(folder: Path) -> None:
    (folder / "model_index.json").unlink()
    assert "model_index.json is missing" in refusal(folder)


def test_an_index_that_is_cut_off_is_named(folder: Path) -> None:
    text = (folder / "model_index.json").read_text("utf-8")
    (folder / "model_index.json").write_text(text[: len(text) // 2], "utf-8")
    assert "model_index.json cannot be read" in refusal(folder)


@pytest.mark.parametrize("part", ["vae", "scheduler", "tokenizer"])
def test_a_part_that_the_index_names_must_be_there(folder: Path, part: str) -> None:
    shutil.rmtree(folder / part)
    assert str(folder / part) in refusal(folder)


def test_weights_that_are_missing_are_named(folder: Path) -> None:
    (folder / "transformer" / WEIGHTS).unlink()
    assert "transformer" in refusal(folder)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_weights_that_are_cut_off_are_named(folder: Path, share: float) -> None:
    file = folder / "transformer" / WEIGHTS
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    assert str(file) in refusal(folder)


def test_weights_with_bytes_to_spare_are_refused(folder: Path) -> None:
    file = folder / "vae" / WEIGHTS
    file.write_bytes(file.read_bytes() + b"more")
    assert str(file) in refusal(folder)


def test_a_shard_that_is_missing_is_named(folder: Path) -> None:
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (folder / "transformer" / f"{WEIGHTS}.index.json").write_text(json.dumps(index), "utf-8")
    assert "model-00001-of-00002.safetensors is missing" in refusal(folder)


def test_a_pickle_is_refused_and_never_read(folder: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (tmp_path / "sprung",)

    (folder / "transformer" / WEIGHTS).unlink()
    pickled = folder / "transformer" / "diffusion_pytorch_model.bin"
    pickled.write_bytes(pickle.dumps(Trap()))
    assert "pickle (diffusion_pytorch_model.bin)" in refusal(folder)
    assert not (tmp_path / "sprung").exists()


def test_a_pickle_beside_the_weights_does_no_harm(folder: Path) -> None:
    (folder / "transformer" / "diffusion_pytorch_model.bin").write_bytes(b"not read")
    assert check_folder(folder)


@pytest.mark.parametrize(
    ("name", "family", "reason"),
    [
        ("wan-text", "wan2.2-i2v", "checkpoint for text: it takes 16 channels"),
        ("wan-text", "wan2.2-ti2v", "not TI2V"),
        ("wan2.2-ti2v", "wan2.1-vace", "WanTransformer3DModel"),
        ("ltx", "ltx2", "LTXVideoTransformer3DModel"),
        ("ltx", "sora", "no family 'sora'"),
    ],
)
def test_a_checkpoint_of_another_family_is_refused_before_its_first_step(
    folder_of: FolderOf, name: str, family: str, reason: str
) -> None:
    assert reason in refusal(folder_of(name), family)


@pytest.mark.parametrize("name", ["LTXPipeline", "LTXImageToVideoPipeline"])
def test_the_class_that_the_index_names_does_not_matter(
    folder_of: FolderOf, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(folder_of("ltx"), tmp_path / "model"))
    index = json.loads((folder / "model_index.json").read_text("utf-8"))
    (folder / "model_index.json").write_text(json.dumps(index | {"_class_name": name}), "utf-8")
    loaded = load(Model(family="ltx", folder=folder, dtype="float32", device="cpu"))
    assert type(loaded.pipe).__name__ == "LTXConditionPipeline"
