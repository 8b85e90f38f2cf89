"""What the files of a folder say about the model in it."""

import json
from pathlib import Path

import pytest
from tests.unit.local_models.folders import PIPELINE, write_files

from rushes.local_models.formats import family_of, missing_parts


@pytest.mark.parametrize(
    ("class_name", "expands", "family"),
    [
        ("WanPipeline", True, "wan2.2-ti2v"),
        ("WanPipeline", False, None),
        ("WanImageToVideoPipeline", False, "wan2.2-i2v"),
        ("WanVACEPipeline", False, "wan2.1-vace"),
        ("LTX2Pipeline", False, "ltx2"),
        ("LTXConditionPipeline", False, "ltx"),
        ("ZImagePipeline", False, "text-to-image"),
        ("PixArtSigmaPipeline", False, "text-to-image"),
        ("SomethingElsePipeline", False, None),
    ],
)
def test_the_class_of_a_pipeline_tells_the_family(
    tmp_path: Path, class_name: str, expands: bool, family: str | None
) -> None:
    index = {"_class_name": class_name} | ({"expand_timesteps": True} if expands else {})
    write_files(tmp_path, {"model_index.json": json.dumps(index).encode()})
    assert family_of(tmp_path) == family


def test_a_depth_model_is_known_by_its_config(tmp_path: Path) -> None:
    write_files(tmp_path, {"config.json": b'{"model_type": "depth_anything"}'})
    assert family_of(tmp_path) == "depth"


def test_a_complete_pipeline_lacks_nothing(tmp_path: Path) -> None:
    assert missing_parts(write_files(tmp_path)) == ()


def test_a_component_without_a_folder_is_missing(tmp_path: Path) -> None:
    write_files(tmp_path, {"model_index.json": PIPELINE["model_index.json"], "a.safetensors": b""})
    assert missing_parts(tmp_path) == ("the folder transformer",)


def test_pickles_are_not_weights(tmp_path: Path) -> None:
    files = {name: content for name, content in PIPELINE.items() if name.endswith(".json")}
    write_files(tmp_path, files | {"transformer/diffusion_pytorch_model.bin": b"\x80\x04"})
    assert missing_parts(tmp_path) == ("weights as safetensors, it has pickles only",)


def test_a_folder_of_something_else_is_no_model(tmp_path: Path) -> None:
    assert missing_parts(tmp_path) == ("neither model_index.json nor config.json",)


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe{"])
def test_an_unreadable_index_is_reported(tmp_path: Path, content: bytes) -> None:
    write_files(tmp_path, {"model_index.json": content, "a.safetensors": b""})
    assert missing_parts(tmp_path) == ("a readable model_index.json",)
    assert family_of(tmp_path) is None
