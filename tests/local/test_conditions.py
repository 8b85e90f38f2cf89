"""Images and clips are covered, cropped and sampled as the request says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from video_worker.conditions import read_conditions
from video_worker.errors import BadInput
from video_worker.requests import Clip

ClipOf = Callable[..., Clip]


def write_ramp(path: Path, frames: int, rate: int) -> Path:
    """Write a clip whose frame number is its brightness."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(frames):
            grey = np.full((64, 64, 3), 30 + 3 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    return path


def numbers(clip: Clip) -> list[int]:
    images = read_conditions(clip).clip
    assert {image.size for image in images} == {(clip.width, clip.height)}
    return [round((np.asarray(image).mean() - 30) / 3) for image in images]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (24, [55, 56, 57, 58, 59]),
        (48, [51, 53, 55, 57, 59]),
        (12, [57, 57, 58, 59, 59]),  # every second one is between two frames
    ],
)
def test_the_last_frames_of_a_clip_are_sampled_at_the_rate_of_the_request(
    clip_of: ClipOf, tmp_path: Path, rate: int, expected: list[int]
) -> None:
    path = write_ramp(tmp_path / "clip.mp4", 60, rate)
    found = numbers(replace(clip_of("wan2.1-vace"), clip=path, clip_frames=5))
    assert found[-1] == 59
    assert np.abs(np.array(found) - expected).max() <= (1 if rate == 12 else 0)


def test_a_clip_that_is_too_short_is_refused(clip_of: ClipOf, tmp_path: Path) -> None:
    path = write_ramp(tmp_path / "clip.mp4", 4, 24)
    with pytest.raises(BadInput, match="shorter than 5 frames"):
        read_conditions(replace(clip_of("wan2.1-vace"), clip=path, clip_frames=5))


@pytest.mark.parametrize("name", ["first_image", "last_image", "clip"])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(
    clip_of: ClipOf, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / "broken.file"
    broken.write_bytes(b"neither image nor video")
    fields = {name: broken, "clip_frames": 5}
    with pytest.raises(BadInput, match=r"broken\.file"):
        read_conditions(replace(clip_of("wan2.1-vace"), **fields))


def test_an_image_covers_the_frame_and_is_cropped_around_its_centre(
    clip_of: ClipOf, tmp_path: Path
) -> None:
    wide = np.zeros((50, 300, 3), np.uint8)
    wide[:, 100:200] = 255  # all that a frame of 2:1 shows
    Image.fromarray(wide).save(tmp_path / "wide.png")
    clip = replace(clip_of("ltx"), width=64, height=32, first_image=tmp_path / "wide.png")
    first = read_conditions(clip).first
    assert first is not None
    assert first.size == (64, 32)
    assert np.asarray(first)[:, 4:-4].min() > 250
