"""The delivered file has exactly the size, rate and colours that were asked for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import Any

import av
import numpy as np
import pytest
from av.error import ExternalError
from video_worker import delivery
from video_worker.delivery import crop_box, write_video
from video_worker.requests import Clip

ClipOf = Callable[..., Clip]

COLOURS = ((200, 30, 40), (30, 180, 60), (40, 60, 220))


def frames() -> Iterator[np.ndarray]:
    for colour in COLOURS:
        yield np.full((1, 64, 96, 3), colour, np.uint8)


def write(clip: Clip, source: Any = None) -> str:
    return write_video(source or frames(), clip, on_gpu=False)


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
    noise = [np.random.default_rng(n).integers(0, 255, (1, 64, 96, 3), np.uint8) for n in range(5)]
    written = set()
    for number in range(8):
        clip = replace(clip_of("ltx"), output=tmp_path / f"{number}.mp4")
        write(clip, iter(noise))
        written.add(clip.output.read_bytes())
    assert len(written) == 1


def test_an_earlier_file_stays_until_the_new_one_is_complete(clip_of: ClipOf) -> None:
    clip = clip_of("ltx")
    clip.output.write_bytes(b"earlier")

    def cut() -> Iterator[np.ndarray]:
        yield from frames()
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        write(clip, cut())
    assert clip.output.read_bytes() == b"earlier"
    assert [file.name for file in clip.output.parent.iterdir()] == [clip.output.name]


def test_an_encoder_that_the_machine_does_not_have_is_replaced(clip_of: ClipOf) -> None:
    """FFmpeg brings NVENC along; without a driver of NVIDIA it cannot be opened."""
    encoder = write_video(frames(), clip_of("ltx"), on_gpu=True)
    assert encoder == ("h264_nvenc" if Path("/dev/nvidiactl").exists() else "libx264")
    assert clip_of("ltx").output.stat().st_size > 0


class OpenedCodec:
    """Stands for an encoder that can be opened, or not."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error
        self.is_opened = False

    def open(self) -> None:
        if self._error is not None:
            raise self._error
        self.is_opened = True


@pytest.mark.parametrize(
    ("error", "encoder"),
    [
        (None, "h264_nvenc"),
        (ExternalError(1, "no capable devices found"), "libx264"),
        (ValueError("no such codec"), "libx264"),
    ],
)
def test_the_encoder_of_the_gpu_is_used_if_it_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, encoder: str
) -> None:
    codec, names = OpenedCodec(error), list[str]()

    def create(name: str, mode: str) -> OpenedCodec:
        names.append(f"{name} {mode}")
        return codec

    monkeypatch.setattr(delivery.av.CodecContext, "create", create)
    assert delivery._choose_encoder(on_gpu=False)[0] == "libx264"
    assert names == []
    name, options = delivery._choose_encoder(on_gpu=True)
    assert name == encoder
    assert ("cq" in options) is (name == "h264_nvenc")
    assert names == ["h264_nvenc w"]
    assert codec.is_opened is (error is None)


def test_a_slice_is_encoded_while_the_next_one_is_made_and_none_is_made_earlier(
    clip_of: ClipOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    is_next_begun = Event()
    real = delivery._scaled

    def scaled(rgb: np.ndarray, clip: Clip) -> av.VideoFrame:
        assert is_next_begun.wait(20)  # for ever, if the next slice waited for this one
        order.append("encode")
        return real(rgb, clip)

    def slices() -> Iterator[np.ndarray]:
        for frame in frames():
            order.append("make")
            if len(order) > 1:
                is_next_begun.set()
            yield frame

    monkeypatch.setattr(delivery, "_scaled", scaled)
    write(clip_of("ltx"), slices())
    assert order[0] == order[1] == "make"
    for number in range(len(order)):
        assert order[:number].count("make") <= order[:number].count("encode") + 2
    assert order.count("encode") == 3


def test_an_error_of_the_encoder_ends_the_work_and_leaves_no_file(
    clip_of: ClipOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, made = clip_of("ltx"), 0

    def fail(rgb: np.ndarray, clip: Clip) -> av.VideoFrame:
        raise OSError("disk full")

    def slices() -> Iterator[np.ndarray]:
        nonlocal made
        while True:
            made += 1
            yield from frames()

    monkeypatch.setattr(delivery, "_scaled", fail)
    with pytest.raises(OSError, match="disk full"):
        write(clip, slices())
    assert made == 1  # three slices, of which the second was made before the error was known
    assert list(clip.output.parent.iterdir()) == []
