"""A new video in 4k, in each mode; the clips are short, so that the tests are quick."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from rushes.core.generation import ArtifactKind
from rushes.core.geometry import frame_size
from rushes.core.spec import GenerationSpec, Kind, Source
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Job
from rushes.media.probe import probe

SIZE = (3840, 2160)
SHORT_S = 1 / 8


def job_of(**changes: Any) -> Job:
    spec = GenerationSpec(
        model="ray-2", prompt="an idea", aspect_ratio="16:9", resolution="4k", duration_s=SHORT_S
    )
    files = {
        name: changes.pop(name)
        for name in ("first_image", "last_image", "earlier_clip", "source")
        if name in changes
    }
    return Job(spec=replace(spec, **changes), prompt="an idea", **files)


async def video(job: Job, folder: Path) -> Path:
    await asyncio.to_thread(folder.mkdir)
    files = await AnimaticEngine().render(job, folder, lambda *_: None)
    assert {(file.width_px, file.height_px) for file in files} == {
        frame_size(job.spec.aspect_ratio or "16:9", "4k")
    }
    return next(file.file for file in files if file.kind is ArtifactKind.VIDEO)


def frames_of(path: Path) -> list[np.ndarray[Any, Any]]:
    """Return every eighth pixel of each frame, as RGB."""
    with av.open(str(path)) as container:
        return [
            frame.to_ndarray(format="rgb24")[::8, ::8].astype(int)
            for frame in container.decode(video=0)
        ]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.linear_gradient("L").convert("RGB").resize((960, 540)).save(path)
    return path


@pytest.fixture
def shown(picture: Path) -> np.ndarray[Any, Any]:
    """Return the picture as it fills a frame, every eighth pixel."""
    with Image.open(picture) as opened:
        return np.asarray(opened.resize(SIZE))[::8, ::8].astype(int)


async def test_from_text(tmp_path: Path) -> None:
    made = probe(await video(job_of(aspect_ratio="9:21"), tmp_path / "out"))

    assert (made.width_px, made.height_px) == (1756, 4096)
    assert made.fps == 24


async def test_from_a_first_image(tmp_path: Path, picture: Path, shown: Any) -> None:
    first, *_ = frames_of(await video(job_of(first_image=picture), tmp_path / "out"))

    assert np.abs(first - shown).mean() < 5


async def test_to_a_last_image(tmp_path: Path, picture: Path, shown: Any) -> None:
    *_, last = frames_of(await video(job_of(last_image=picture), tmp_path / "out"))

    assert np.abs(last - shown).mean() < 5


async def test_as_a_loop(tmp_path: Path, picture: Path) -> None:
    requested = job_of(first_image=picture, loop=True)
    frames = frames_of(await video(requested, tmp_path / "out"))

    assert np.abs(frames[0] - frames[-1]).mean() < 8


async def test_as_an_extension(tmp_path: Path, picture: Path) -> None:
    earlier = await video(job_of(first_image=picture), tmp_path / "earlier")
    requested = job_of(earlier_clip=earlier, first_image=picture)
    whole = probe(await video(requested, tmp_path / "out"))

    assert whole.frames > probe(earlier).frames
    assert (whole.width_px, whole.height_px) == SIZE


async def test_as_a_reframing(tmp_path: Path) -> None:
    source = tmp_path / "source.mp4"
    with av.open(str(source), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 200, np.uint8), format="rgb24")
        container.mux([*stream.encode(frame), *stream.encode(None)])
    requested = job_of(kind=Kind.REFRAME, source=source, aspect_ratio="9:16")
    requested = replace(
        requested, spec=replace(requested.spec, source=Source(file="x"), duration_s=None)
    )
    made = probe(await video(requested, tmp_path / "out"))

    assert (made.width_px, made.height_px) == (2160, 3840)
