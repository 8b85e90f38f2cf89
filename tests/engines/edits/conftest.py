"""Small clips and pictures whose every corner is known."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind, Source
from rushes.engines.animatic.edits.work import work
from rushes.engines.animatic.production import Setup
from rushes.engines.base import Job
from rushes.engines.video.watch import Watch

QUARTERS = ((200, 40, 40), (40, 180, 40), (40, 60, 200), (200, 200, 200))
"""What is in the upper left, upper right, lower left and lower right of every test picture."""


def quartered(width: int, height: int) -> np.ndarray:
    picture = np.empty((height, width, 3), np.uint8)
    for order, colour in enumerate(QUARTERS):
        rows = slice(0, height // 2) if order < 2 else slice(height // 2, height)
        columns = slice(0, width // 2) if order % 2 == 0 else slice(width // 2, width)
        picture[rows, columns] = colour
    return picture


def write_clip(
    path: Path,
    *,
    size: tuple[int, int] = (160, 90),
    frames: int = 24,
    rate: int = 24,
    sound: str | None = None,
    codec: str = "libx264",
) -> Path:
    """Write a clip of the quartered picture, with a tone of 440 Hz if it is to have sound."""
    suffixes = {".mp4": "mp4", ".webm": "webm", ".mkv": "matroska"}
    with av.open(str(path), "w", format=suffixes[path.suffix]) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.colorspace = 1
        stream.codec_context.color_range = 1
        received = container.add_stream(sound, rate=48_000) if sound else None
        if received is not None:
            received.layout = "stereo"
        picture = av.VideoFrame.from_ndarray(quartered(*size)).reformat(
            format="yuv420p", dst_colorspace=1
        )
        for index in range(frames):
            picture.pts = index
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
        if received is not None:
            t = np.arange(frames * 48_000 // rate) / 48_000
            tone = np.tile((0.2 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), (2, 1))
            spoken = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
            spoken.sample_rate = 48_000
            turned = av.AudioResampler(
                format=received.codec_context.format.name,
                layout="stereo",
                rate=48_000,
                frame_size=received.codec_context.frame_size or 1024,
            )
            for frame in [*turned.resample(spoken), *turned.resample(None)]:
                container.mux(received.encode(frame))
            container.mux(received.encode())
    return path


class Probed:
    """What a file holds."""

    def __init__(self, path: Path) -> None:
        with av.open(str(path)) as container:
            self.comment = container.metadata.get("comment", "")
            video = container.streams.video[0]
            self.codec, self.rate = video.codec_context.name, video.average_rate
            self.pictures = [
                frame.to_ndarray(format="rgb24", src_colorspace=1, dst_colorspace=1)
                for frame in container.decode(video)
            ]
        self.size = self.pictures[0].shape[1], self.pictures[0].shape[0]
        self.duration_s = float(len(self.pictures) / self.rate)
        self.sound, self.sound_codec, self.sound_rate = None, None, None
        with av.open(str(path)) as container:
            if container.streams.audio:
                audio = container.streams.audio[0]
                self.sound_codec, self.sound_rate = audio.codec_context.name, audio.rate
                received = [frame.to_ndarray() for frame in container.decode(audio)]
                self.sound = np.concatenate(received, axis=1)


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    return lambda name="clip.mp4", **how: write_clip(tmp_path / name, **how)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str = "picture.png", *, size: tuple[int, int] = (320, 180), colour=None):
        shown = quartered(*size)
        if colour is not None:
            shown[:] = colour
        Image.fromarray(shown).save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def done(tmp_path: Path) -> Callable[..., tuple[Rendered, ...]]:
    """Do some work; the spec's fields and the job's as keywords."""

    def run(
        kind: Kind,
        prompt: str = "",
        *,
        into: str = "out",
        watermark: str | None = None,
        watch: Watch | None = None,
        source: Path | None = None,
        target: Source | None = None,
        guides=(),
        **requested,
    ):
        spec = GenerationSpec(prompt=prompt, kind=kind, source=target, **requested)
        job = Job(spec=spec, prompt=prompt, source=source, guides=tuple(guides))
        setup = Setup(threads=1, watermark=watermark)
        return work(job, tmp_path / into, setup, watch or Watch(lambda _share: None))

    return run
