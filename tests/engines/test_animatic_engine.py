"""What the animatic engine delivers, from a job to its files."""

import asyncio
import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX, frame_size
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.photo.framing import framed
from rushes.engines.base import Job
from rushes.media.probe import last_frame, probe

SIZE = frame_size("1:1", "540p")
SHORT_S = 1.0
"""Shorter than any request's, so that the tests are quick."""


def job_of(prompt: str = "an idea", **changes: Any) -> Job:
    spec = GenerationSpec(
        model="ray-2", prompt=prompt, aspect_ratio="1:1", resolution="540p", duration_s=SHORT_S
    )
    inputs = {
        name: changes.pop(name)
        for name in ("first_image", "last_image", "earlier_clip")
        if name in changes
    }
    return Job(spec=replace(spec, **changes), prompt=prompt, **inputs)


async def rendered(job: Job, folder: Path, **settings: Any) -> dict[ArtifactKind, Rendered]:
    files = await AnimaticEngine(**settings).render(job, folder, lambda _: None)
    return {file.kind: file for file in files}


def frames_of(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


def difference(one: Any, other: Any) -> float:
    return float(np.abs(np.asarray(one, int) - np.asarray(other, int)).mean())


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Make a PNG: a gradient with a square in it, in a colour."""

    def make(name: str, size: tuple[int, int] = (640, 640), tint: int = 0) -> Path:
        width, height = size
        rows, columns = np.mgrid[0:height, 0:width]
        colours = [rows * 200 // height + 30, columns * 200 // width + 30, rows * 0 + tint]
        pixels = np.dstack(colours).astype(np.uint8)
        pixels[height // 3 : height // 2, width // 3 : width // 2] = (240, 240, tint)
        Image.fromarray(pixels).save(tmp_path / name)
        return tmp_path / name

    return make


def test_to_know_what_it_can_do_costs_no_heavy_import() -> None:
    program = (
        "import sys\n"
        "from rushes.engines.animatic.engine import AnimaticEngine\n"
        "assert AnimaticEngine().capabilities.extend\n"
        "print(sorted({'cv2', 'av', 'numpy', 'PIL', 'c2pa'} & set(sys.modules)))\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert found.stdout.decode().strip() == "[]"


def test_it_offers_every_shape_and_size() -> None:
    offered = AnimaticEngine().capabilities

    assert set(offered.ratios) == set(RATIOS)
    assert set(offered.resolutions) == set(SHORT_SIDES_PX)
    assert {5.0, 9.0, 10.0} <= set(offered.durations_s)


async def test_a_job_becomes_a_video_and_what_goes_with_it(tmp_path: Path) -> None:
    shares: list[float] = []
    files = await AnimaticEngine().render(job_of(duration_s=4.0), tmp_path, shares.append)

    assert [file.kind for file in files] == [
        ArtifactKind.VIDEO,
        ArtifactKind.VIDEO_RAW,
        ArtifactKind.THUMBNAIL,
        ArtifactKind.LAST_FRAME,
    ]
    assert all((file.width_px, file.height_px) == SIZE for file in files)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    video, _, thumbnail, last = files
    facts = probe(video.file)
    assert (facts.width_px, facts.height_px, facts.fps, facts.frames) == (*SIZE, 24.0, 97)
    assert video.duration_s == facts.duration_s
    for still in (thumbnail, last):
        with Image.open(still.file) as opened:
            assert (opened.format, opened.size) == ("JPEG", SIZE)
    with Image.open(last.file) as opened:
        assert difference(opened, last_frame(video.file)) < 4


async def test_the_video_is_tagged_plays_at_once_and_says_what_made_it(tmp_path: Path) -> None:
    files = await rendered(job_of(), tmp_path)
    path = files[ArtifactKind.VIDEO].file

    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.profile, codec.pix_fmt) == ("h264", "High", "yuv420p")
        assert (codec.color_primaries, codec.color_trc, codec.colorspace) == (1, 1, 1)
        assert codec.color_range == 1
        assert "not a neural model" in container.metadata["comment"]
        assert container.metadata["engine"] == "animatic"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


async def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    one, same, other = [
        (await rendered(job, tmp_path / str(order)))[ArtifactKind.VIDEO].file.read_bytes()
        for order, job in enumerate([job_of(), job_of(), job_of(seed=9)])
    ]

    assert one == same
    assert one != other


async def test_without_a_ratio_the_picture_decides(
    tmp_path: Path, picture: Callable[..., Path]
) -> None:
    tall = picture("tall.png", (400, 700))
    job = job_of(first_image=tall, aspect_ratio=None)
    files = await rendered(job, tmp_path / "out")

    video = files[ArtifactKind.VIDEO]
    assert (video.width_px, video.height_px) == frame_size("9:16", "540p")


async def test_pictures_are_where_the_clip_starts_and_ends(
    tmp_path: Path, picture: Callable[..., Path]
) -> None:
    first, last = picture("first.png"), picture("last.png", tint=200)
    files = await rendered(job_of(first_image=first, last_image=last), tmp_path / "out")

    frames = frames_of(files[ArtifactKind.VIDEO].file)
    with Image.open(first) as start, Image.open(last) as end:
        assert difference(frames[0], framed(np.asarray(start), *SIZE)) < 4
        assert difference(frames[-1], framed(np.asarray(end), *SIZE)) < 4


async def test_a_mark_is_on_the_video_and_not_on_the_raw_one(tmp_path: Path) -> None:
    files = await rendered(job_of(), tmp_path, watermark="rushes")
    marked = frames_of(files[ArtifactKind.VIDEO].file)[12]
    plain = frames_of(files[ArtifactKind.VIDEO_RAW].file)[12]

    change = np.abs(marked - plain).mean(2)
    corner = change[SIZE[1] * 9 // 10 :, SIZE[0] * 3 // 4 :]
    assert corner.max() > 40
    assert change[: SIZE[1] // 2].mean() < 3
    raw_size = files[ArtifactKind.VIDEO_RAW].file.stat().st_size
    assert raw_size > files[ArtifactKind.VIDEO].file.stat().st_size


async def test_without_a_mark_both_videos_are_the_same(tmp_path: Path) -> None:
    files = await rendered(job_of(), tmp_path)

    video, raw = (files[kind].file for kind in (ArtifactKind.VIDEO, ArtifactKind.VIDEO_RAW))
    assert video.read_bytes() == raw.read_bytes()


@pytest.fixture
async def clip(tmp_path: Path) -> tuple[Path, Path]:
    """Make a clip of ours and the PNG of its last frame."""
    files = await rendered(job_of("mountains at dusk"), tmp_path / "clip")
    path = files[ArtifactKind.VIDEO].file
    Image.fromarray(last_frame(path)).save(tmp_path / "last.png")
    return path, tmp_path / "last.png"


async def test_an_extension_goes_on_where_the_clip_ended(
    tmp_path: Path, clip: tuple[Path, Path]
) -> None:
    earlier, last = clip
    job = job_of("camera pulls out", earlier_clip=earlier, first_image=last)
    files = await rendered(job, tmp_path / "out")

    whole = frames_of(files[ArtifactKind.VIDEO].file)
    before = frames_of(earlier)
    assert len(whole) == 25 + 24
    assert files[ArtifactKind.VIDEO].duration_s == (25 + 24) / 24
    assert all(np.array_equal(a, b) for a, b in zip(whole, before, strict=False)), "copied"
    assert difference(whole[24], whole[25]) < 4
    with av.open(str(files[ArtifactKind.VIDEO].file)) as container:
        shown = sorted(p.pts for p in container.demux(video=0) if p.pts is not None)
        assert container.metadata["engine"] == "animatic"
    assert len({b - a for a, b in itertools.pairwise(shown)}) == 1


async def test_an_extension_that_loops_leads_into_the_first_frame_of_the_whole(
    tmp_path: Path, clip: tuple[Path, Path]
) -> None:
    earlier, last = clip
    job = job_of("wind", earlier_clip=earlier, first_image=last, loop=True)
    files = await rendered(job, tmp_path / "out")

    whole = frames_of(files[ArtifactKind.VIDEO].file)
    steps = [difference(a, b) for a, b in itertools.pairwise(whole)]
    assert len(whole) == 25 + 23
    assert difference(whole[-1], whole[0]) <= max(steps) * 1.1


async def test_a_foreign_clip_is_encoded_anew(tmp_path: Path, picture: Callable[..., Path]) -> None:
    foreign = tmp_path / "foreign.mp4"
    with av.open(str(foreign), "w") as container:
        stream = container.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for index in range(12):
            grey = np.full((240, 320, 3), 60 + index * 10, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    job = job_of(earlier_clip=foreign, first_image=picture("first.png"))
    files = await rendered(job, tmp_path / "out")

    facts = probe(files[ArtifactKind.VIDEO].file)
    assert (facts.width_px, facts.height_px, facts.fps) == (*SIZE, 24.0)
    assert abs(facts.frames - (24 + 24)) <= 1
    assert not list((tmp_path / "out").glob("*.earlier.mp4"))


async def test_a_render_may_be_repeated_in_the_same_folder(tmp_path: Path) -> None:
    first = await rendered(job_of(), tmp_path)
    size = first[ArtifactKind.VIDEO].file.stat().st_size
    again = await rendered(job_of(), tmp_path)

    assert again[ArtifactKind.VIDEO].file.stat().st_size == size


async def test_the_event_loop_stays_free_while_it_renders(tmp_path: Path) -> None:
    longest_s = 0.0
    work = asyncio.ensure_future(rendered(job_of("a foggy forest", duration_s=4.0), tmp_path))
    while not work.done():
        start = time.perf_counter()
        await asyncio.wait([work], timeout=0.01)
        longest_s = max(longest_s, time.perf_counter() - start)

    assert (await work)[ArtifactKind.VIDEO].file.exists()
    assert longest_s < 1.0


async def test_it_stops_promptly_when_cancelled(tmp_path: Path) -> None:
    begun = asyncio.Event()
    shares: list[float] = []

    def report(share: float) -> None:
        shares.append(share)
        if share > 0.02:
            begun.set()

    job = job_of("a foggy forest", duration_s=12.0, resolution="1080p")
    work = asyncio.ensure_future(AnimaticEngine().render(job, tmp_path, report))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert max(shares) < 0.5
    assert not (tmp_path / "thumbnail.jpg").exists()


async def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG but no more")

    with pytest.raises(InputUnusable, match=r"broken\.png"):
        await rendered(job_of(first_image=broken), tmp_path / "out")


async def test_a_clip_that_cannot_be_read_is_unusable(
    tmp_path: Path, picture: Callable[..., Path]
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    job = job_of(earlier_clip=broken, first_image=picture("first.png"))

    with pytest.raises(InputUnusable, match="clip cannot be read"):
        await rendered(job, tmp_path / "out")


async def test_a_folder_that_cannot_be_written_is_worth_another_attempt(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "video.mp4").mkdir()

    with pytest.raises(TemporaryEngineError, match="could not be made"):
        await rendered(job_of(), tmp_path / "out")


async def test_content_credentials_say_what_made_the_video(tmp_path: Path) -> None:
    c2pa: Any = pytest.importorskip("c2pa", reason="content credentials are an extra")
    folder = tmp_path / "credentials"
    files = await rendered(job_of(), tmp_path / "out", credentials_folder=folder)
    video = files[ArtifactKind.VIDEO].file

    with c2pa.Reader(str(video)) as reader:
        text = reader.json()
        assert reader.get_validation_state() == "Valid"
    assert "algorithmicMedia" in text
    assert probe(video).frames == 25
    assert (folder / "signer.key").stat().st_mode & 0o077 == 0

    content = bytearray(video.read_bytes())
    content[len(content) // 2] ^= 1
    video.write_bytes(content)
    with c2pa.Reader(str(video)) as reader:
        assert reader.get_validation_state() == "Invalid"


async def test_credentials_are_made_once_and_kept(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="content credentials are an extra")
    folder = tmp_path / "credentials"
    await rendered(job_of(), tmp_path / "one", credentials_folder=folder)
    chain = (folder / "chain.pem").read_bytes()
    await rendered(job_of(), tmp_path / "two", credentials_folder=folder)

    assert (folder / "chain.pem").read_bytes() == chain


async def test_a_named_concept_moves_the_camera(tmp_path: Path) -> None:
    ends = []
    for concept in ("pan_left", "pan_right"):
        folder = tmp_path / concept
        folder.mkdir()
        files = await rendered(job_of("dunes at noon", concepts=(concept,)), folder)
        with Image.open(files[ArtifactKind.LAST_FRAME].file) as last:
            ends.append(np.asarray(last))
    assert difference(*ends) > 2


async def test_progress_begins_while_the_scene_is_built_and_never_goes_back(tmp_path: Path) -> None:
    shares: list[float] = []

    await AnimaticEngine().render(job_of("a cook in a kitchen"), tmp_path, shares.append)

    assert len([share for share in shares if 0 < share < 0.029]) >= 2
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
