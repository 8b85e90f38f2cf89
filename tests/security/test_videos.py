"""Untrusted videos: a sandboxed process measures them or refuses them with a reason."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import QUARTERS, write_clip
from tests.security.conftest import Site

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import videos
from rushes.kit.safe_http import SafeHttpClient
from rushes.worker.inputs import Inputs


@pytest.fixture
def inputs(opened: SafeHttpClient) -> Inputs:
    return Inputs(http=opened, video_deadline_s=5.0)


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_video_is_measured(tmp_path: Path) -> None:
    found = await videos.check(write_clip(tmp_path / "a.mp4", frames=12, sound="aac"))
    assert (found.width_px, found.height_px, found.duration_s) == (160, 90, pytest.approx(0.5))


async def test_the_first_frame_is_written_to_a_file(tmp_path: Path) -> None:
    into = await videos.first_frame(write_clip(tmp_path / "a.mp4", frames=2), tmp_path / "f.png")
    with Image.open(into) as picture:
        assert picture.size == (160, 90)
        shown = picture.getpixel((30, 20))
    assert all(abs(a - b) < 16 for a, b in zip(shown, QUARTERS[0], strict=True))  # type: ignore[arg-type]  # Pillow types a pixel of any mode
    assert left_in(tmp_path) == ["a.mp4", "f.png"]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("playlist", "no video that we read"),
        ("list of files", "no video that we read"),
        ("picture", "no video that we read"),
        ("cut", "broken or cut short"),
        ("sound", "no picture in this file"),
        ("old codec", "its pictures are mpeg2video"),
        ("long", "1.5 s long; send one of at most 0.5 s"),
        ("wide", "160x90 pixels; at most 100"),
        ("many", "over 0 MiB"),
        ("missing", "there is no such file"),
    ],
)
async def test_an_unsupported_video_is_refused_with_the_reason(
    tmp_path: Path, what: str, why: str
) -> None:
    file, limits = tmp_path / "a.mp4", videos.DEFAULT
    match what:
        case "playlist":
            file.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")
        case "list of files":
            file.write_text("ffconcat version 1.0\nfile '/etc/hostname'\n")
        case "picture":
            Image.new("RGB", (64, 64)).save(file, "PNG")
        case "cut":
            whole = write_clip(file).read_bytes()
            file.write_bytes(whole[:900])
        case "sound":
            with av.open(str(file), "w") as container:
                stream = container.add_stream("aac", rate=48_000)
                stream.layout = "mono"
                quiet = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
                )
                quiet.sample_rate = 48_000
                container.mux([*stream.encode(quiet), *stream.encode(None)])
        case "old codec":
            write_clip(tmp_path / "a.mkv", codec="mpeg2video", frames=2).rename(file)
        case "long":
            write_clip(file, frames=36)
            limits = videos.VideoLimits(duration_s=0.5)
        case "wide":
            write_clip(file, frames=2)
            limits = videos.VideoLimits(longest_px=100)
        case "many":
            write_clip(file, frames=2)
            limits = videos.VideoLimits(size_bytes=100)
        case _:
            pass
    with pytest.raises(InputUnusable, match=f"^Failed to read user input video: .*(?:{why})"):
        await videos.check(file, limits=limits)


async def test_a_fetched_video_gets_the_suffix_of_its_format(
    site: Site, inputs: Inputs, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "theirs.webm", codec="libvpx-vp9", frames=3)
    site.page("/v", clip.read_bytes(), head="Content-Type: text/plain\r\n")
    folder = tmp_path / "attempt"
    folder.mkdir()
    file = await inputs.prepare_video(site.url("/v"), folder)
    assert file.name == "source.webm"
    assert file.read_bytes() == clip.read_bytes()
    assert "Accept: video/mp4" in site.requests[0]


async def test_a_local_file_is_not_moved(inputs: Inputs, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "kept.mp4", frames=3)
    assert await inputs.prepare_video(clip, tmp_path) == clip


@pytest.mark.parametrize(
    ("status", "error"), [("404 Not Found", InputUnusable), ("503 S", TemporaryEngineError)]
)
async def test_an_address_without_a_video_says_so(
    site: Site, inputs: Inputs, tmp_path: Path, status: str, error: type[Exception]
) -> None:
    site.page("/v", b"", status)
    with pytest.raises(error, match=r"^Failed to read user input video: .*status"):
        await inputs.prepare_video(site.url("/v"), tmp_path)


async def test_the_download_of_a_too_large_video_is_stopped(
    site: Site, inputs: Inputs, tmp_path: Path
) -> None:
    site.page("/v", b"\0" * (2 << 20))
    with pytest.raises(InputUnusable, match="sends more than 1 MiB; send a smaller video"):
        await inputs.prepare_video(
            site.url("/v"), tmp_path, limits=videos.VideoLimits(size_bytes=1 << 20)
        )


async def test_an_address_inside_our_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputUnusable, match="send a public http\\(s\\) URL"):
        await Inputs(http=SafeHttpClient()).prepare_video("http://127.0.0.1/v.mp4", tmp_path)
