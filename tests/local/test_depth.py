"""The depth of a picture: a 16-bit picture of nearness, from a model beside the loaded one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny_pictures
import torch
from PIL import Image
from video_worker.depth import DepthModel, input_size, load_depth
from video_worker.errors import BadInput, BadModel
from video_worker.requests import Depth

Pictured = Callable[[int], Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pictures.write_depth(tmp_path_factory.mktemp("depth") / "model")


@pytest.fixture
def wanted(folder: Path, tmp_path: Path, picture: Pictured) -> Depth:
    return Depth(
        id="job", model=folder, image=picture(1), output=tmp_path / "depth.png", device="cpu"
    )


def test_depth_fills_its_range_and_depends_on_the_picture(
    wanted: Depth, picture: Pictured, tmp_path: Path
) -> None:
    model = load_depth(wanted)
    done = model.measure(wanted)
    depth = np.asarray(Image.open(wanted.output))
    assert depth.dtype == np.uint16
    assert depth.shape == (done["height"], done["width"]) == (98, 140)
    assert (depth.min(), depth.max()) == (0, 65535)
    other = Depth(id="b", model=wanted.model, image=picture(5), output=tmp_path / "b.png")
    model.measure(other)
    assert not np.array_equal(np.asarray(Image.open(other.output)), depth)
    model.measure(wanted)
    assert np.array_equal(np.asarray(Image.open(wanted.output)), depth)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.png", "depth.png"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 720), (924, 518)),
        ((720, 1280), (518, 924)),
        ((140, 100), (140, 98)),
        ((4000, 500), (1204, 154)),
        ((3, 3), (14, 14)),
    ],
)
def test_the_model_sees_whole_patches_in_the_shape_of_the_picture(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert input_size(*size, 14) == expected


def test_a_model_is_kept_for_requests_that_name_it(wanted: Depth) -> None:
    model = load_depth(wanted)
    assert model.is_for(
        Depth(id="c", model=wanted.model, image=Path("x"), output=Path("y"), device="cpu")
    )
    assert not model.is_for(
        Depth(id="c", model=Path("z"), image=Path("x"), output=Path("y"), device="cpu")
    )


def test_a_file_that_is_no_picture_is_refused(wanted: Depth, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(BadInput, match=r"broken\.png"):
        load_depth(wanted).measure(
            Depth(id="d", model=wanted.model, image=broken, output=wanted.output)
        )


def test_a_folder_without_a_relative_depth_model_is_refused(tmp_path: Path, wanted: Depth) -> None:
    def load(folder: Path) -> DepthModel:
        return load_depth(Depth(id="e", model=folder, image=wanted.image, output=wanted.output))

    with pytest.raises(BadModel, match=r"config\.json"):
        load(tmp_path)
    metric = tiny_pictures.write_depth(
        tmp_path / "metric", depth_estimation_type="metric", max_depth=20
    )
    with pytest.raises(BadModel, match="metres"):
        load(metric)
    weights = metric / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(BadModel, match="download it again"):
        load(metric)


def test_values_that_are_no_numbers_are_no_depth(wanted: Depth) -> None:
    model = load_depth(wanted)
    with torch.no_grad():
        model.model.head.conv2.bias.fill_(float("nan"))
    with pytest.raises(BadModel, match="no numbers"):
        model.measure(wanted)
