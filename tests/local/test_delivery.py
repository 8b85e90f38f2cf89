"""The delivered file has exactly the size, rate and colours that were asked for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from video_worker.delivery import crop_box, write_video
from video_worker.requests import Clip

ClipOf = Callable[..., Clip]

COLOURS = ((200, 30, 40), (30, 180, 60), (40, 60, 220))


def frames() -> Iterator[np.ndarray]:
    for colour in COLOURS:
        yield np.full((64, 96, 3), colour, np.uint8)


def write(clip: Clip, source: Any = None, on_frame: Any = lambda number: None) -> str:
    return write_video(source or frames(), clip, on_gpu=False, on_frame=on_frame)


@pytest.mark.parametrize(
    ("source", "target", "box"),
    [
        ((1280, 704), (1280, 704), (0, 0, 1280, 704)),
        ((960, 544), (960, 540), (0, 2, 960, 540)),
        ((1280, 704), (1920, 1080), (14, 0, 1252, 704)),
        ((64, 64), (128, 64), (0, 16, 64, 32)),
    ],
)
def test_the_largest_part_with_the_delivered_shape_is_taken_from_the_centre(
    source: tuple[int, int], target: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    assert crop_box(source, target) == box


def test_the_file_has_the_size_rate_colours_and_frames(clip_of: ClipOf) -> None:
    clip = replace(clip_of("ltx"), deliver_width=150, deliver_height=80, fps=16.0)
    assert write(clip) == "libx264"
    with av.open(str(clip.output)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (150, 80)
        assert stream.average_rate == Fraction(16)
        assert (stream.codec_context.profile, stream.pix_fmt) == ("High", "yuv420p")
        assert stream.codec_context.colorspace == 1
        seen = [
            frame.to_ndarray(format="rgb24", src_colorspace="ITU709").mean((0, 1))
            for frame in container.decode(stream)
        ]
    assert len(seen) == 3
    assert np.abs(np.array(seen) - np.array(COLOURS)).max() < 6


def test_the_index_is_in_front_so_that_players_begin_at_once(clip_of: ClipOf) -> None:
    clip = clip_of("ltx")
    write(clip)
    data = clip.output.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_same_frames_give_the_same_file(clip_of: ClipOf, tmp_path: Path) -> None:
    noise = [np.random.default_rng(n).integers(0, 255, (64, 96, 3), np.uint8) for n in range(5)]
    written = set()
    for number in range(8):
        clip = replace(clip_of("ltx"), output=tmp_path / f"{number}.mp4")
        write(clip, iter(noise))
        written.add(clip.output.read_bytes())
    assert len(written) == 1


def test_an_earlier_file_stays_until_the_new_one_is_complete(clip_of: ClipOf) -> None:
    clip = clip_of("ltx")
    clip.output.write_bytes(b"earlier")

    def fail(number: int) -> None:
        if number == 2:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write(clip, on_frame=fail)
    assert clip.output.read_bytes() == b"earlier"
    assert [file.name for file in clip.output.parent.iterdir()] == [clip.output.name]


def test_an_encoder_that_the_machine_does_not_have_is_replaced(clip_of: ClipOf) -> None:
    """FFmpeg brings NVENC along; without a driver of NVIDIA it cannot be opened."""
    encoder = write_video(frames(), clip_of("ltx"), on_gpu=True, on_frame=lambda number: None)
    assert encoder == ("h264_nvenc" if Path("/dev/nvidiactl").exists() else "libx264")
    assert clip_of("ltx").output.stat().st_size > 0
