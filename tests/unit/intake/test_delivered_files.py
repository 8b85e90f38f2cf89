"""Turn delivered files into the checked files of a generation."""

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import QUARTERS, quartered, write_clip

from rushes.core.errors import ResultUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind, Still
from rushes.intake import delivered_files as finishing
from rushes.intake.delivered_files import check_delivered

SPEC = GenerationSpec(prompt="a lake", model="ray-2")
STILL = replace(SPEC, kind=Kind.IMAGE, still=Still(format="jpg"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "attempt"
    made.mkdir()
    return made


@pytest.fixture
def clip(folder: Path) -> Path:
    return write_clip(folder / "a.mp4", frames=12).rename(folder / "fetched-video")


def picture(
    folder: Path, name: str, *, size: tuple[int, int] = (160, 90), kind: str = "PNG"
) -> Path:
    Image.fromarray(quartered(*size)).save(folder / name, kind)
    return folder / name


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def of(kind: ArtifactKind, rendered: tuple[Rendered, ...]) -> Rendered:
    return next(item for item in rendered if item.kind is kind)


def colour(file: Path) -> tuple[int, ...]:
    with Image.open(file) as shown:
        found = shown.convert("RGB").getpixel((2, 2))
    assert isinstance(found, tuple)
    return found


def is_red(file: Path) -> bool:
    return all(abs(a - b) < 20 for a, b in zip(colour(file), QUARTERS[0], strict=True))


async def test_a_video_alone_becomes_all_four_files_as_they_were_measured(
    folder: Path, clip: Path
) -> None:
    sent = bytes_of(clip)
    rendered = await check_delivered(SPEC, {ArtifactKind.VIDEO: clip}, folder)
    assert [item.kind for item in rendered] == [
        ArtifactKind.VIDEO,
        ArtifactKind.VIDEO_RAW,
        ArtifactKind.THUMBNAIL,
        ArtifactKind.LAST_FRAME,
    ]
    assert all((item.width_px, item.height_px) == (160, 90) for item in rendered)
    assert [item.duration_s for item in rendered] == [pytest.approx(0.5)] * 2 + [None] * 2
    assert [item.file.name for item in rendered] == [
        "video.mp4",
        "video_raw.mp4",
        "thumbnail.jpg",
        "last_frame.jpg",
    ]
    assert bytes_of(rendered[0].file) == bytes_of(rendered[1].file) == sent
    for item in rendered[2:]:
        assert item.media_type == "image/jpeg"
        with Image.open(item.file) as shown:
            assert (shown.format, shown.size) == ("JPEG", (160, 90))
        assert is_red(item.file)


async def test_the_thumbnail_is_of_the_middle_and_the_last_frame_of_the_end(folder: Path) -> None:
    with av.open(str(folder / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.options = {"g": "8"}
        for index in range(49):
            shown = np.full((64, 64, 3), index * 5, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shown)))
        container.mux(stream.encode())
    rendered = await check_delivered(SPEC, {ArtifactKind.VIDEO: folder / "a.mp4"}, folder)
    assert colour(of(ArtifactKind.THUMBNAIL, rendered).file)[0] == pytest.approx(24 * 5, abs=12)
    assert colour(of(ArtifactKind.LAST_FRAME, rendered).file)[0] == pytest.approx(48 * 5, abs=12)


async def test_delivered_pictures_are_encoded_again(folder: Path, clip: Path) -> None:
    green = np.full((90, 160, 3), (20, 200, 20), np.uint8)
    Image.fromarray(green).save(folder / "t", "WEBP")
    Image.fromarray(green).save(folder / "l", "PNG")
    fetched = {
        ArtifactKind.VIDEO: clip,
        ArtifactKind.THUMBNAIL: folder / "t",
        ArtifactKind.LAST_FRAME: folder / "l",
    }
    rendered = await check_delivered(SPEC, fetched, folder)
    for kind in (ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME):
        file = of(kind, rendered).file
        assert colour(file)[1] > 150
        assert file.read_bytes().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("kind", [ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME])
@pytest.mark.parametrize(
    "content", [b"", b"<html>gone</html>", b"\xff\xd8\xff\xe0" + b"\0" * 50], ids=repr
)
async def test_a_delivered_file_that_is_no_picture_is_replaced(
    folder: Path, clip: Path, kind: ArtifactKind, content: bytes
) -> None:
    (folder / "fake").write_bytes(content)
    rendered = await check_delivered(
        SPEC, {ArtifactKind.VIDEO: clip, kind: folder / "fake"}, folder
    )
    assert is_red(of(kind, rendered).file)


async def test_a_last_frame_of_another_size_is_replaced(folder: Path, clip: Path) -> None:
    fetched = {
        ArtifactKind.VIDEO: clip,
        ArtifactKind.LAST_FRAME: picture(folder, "small", size=(80, 46)),
    }
    rendered = await check_delivered(SPEC, fetched, folder)
    assert of(ArtifactKind.LAST_FRAME, rendered).width_px == 160
    with Image.open(of(ArtifactKind.LAST_FRAME, rendered).file) as shown:
        assert shown.size == (160, 90)


async def test_a_video_without_a_mark_that_came_too_is_kept_or_else_replaced(
    folder: Path, clip: Path
) -> None:
    raw = write_clip(folder / "raw.mp4", frames=13)
    fetched = {ArtifactKind.VIDEO: clip, ArtifactKind.VIDEO_RAW: raw}
    rendered = await check_delivered(SPEC, fetched, folder)
    assert of(ArtifactKind.VIDEO_RAW, rendered).duration_s == pytest.approx(13 / 24)
    (folder / "fake").write_bytes(b"no video")
    fetched = {ArtifactKind.VIDEO: rendered[0].file, ArtifactKind.VIDEO_RAW: folder / "fake"}
    again = await check_delivered(SPEC, fetched, folder)
    assert of(ArtifactKind.VIDEO_RAW, again).duration_s == pytest.approx(0.5)


async def test_a_webm_gets_the_type_and_suffix_of_a_webm(folder: Path) -> None:
    clip = write_clip(folder / "a.webm", codec="libvpx-vp9", frames=4).rename(folder / "x")
    rendered = await check_delivered(SPEC, {ArtifactKind.VIDEO: clip}, folder)
    assert {(r.file.suffix, r.media_type) for r in rendered[:2]} == {(".webm", "video/webm")}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "this is no video that we read"),
        (b'{"error": "expired"}', "this is no video that we read"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "this is no video that we read"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 400, "broken or cut short"),
    ],
)
async def test_a_fetched_file_that_is_no_video_is_refused(
    folder: Path, content: bytes, why: str
) -> None:
    (folder / "v").write_bytes(content)
    with pytest.raises(ResultUnusable, match=why) as caught:
        await check_delivered(SPEC, {ArtifactKind.VIDEO: folder / "v"}, folder)
    assert "send" not in str(caught.value)
    assert "user input" not in str(caught.value)


async def test_a_video_beyond_the_limits_is_refused(
    folder: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = replace(finishing.VIDEO_LIMITS, longest_px=100)
    monkeypatch.setattr(finishing, "VIDEO_LIMITS", narrow)
    with pytest.raises(ResultUnusable, match="160x90 pixels; at most 100"):
        await check_delivered(SPEC, {ArtifactKind.VIDEO: clip}, folder)


async def test_without_the_video_or_still_the_result_is_unusable(folder: Path, clip: Path) -> None:
    with pytest.raises(ResultUnusable, match="no video among its files"):
        await check_delivered(SPEC, {ArtifactKind.THUMBNAIL: picture(folder, "t")}, folder)
    with pytest.raises(ResultUnusable, match="no image among its files"):
        await check_delivered(STILL, {ArtifactKind.VIDEO: clip}, folder)


@pytest.mark.parametrize(
    ("wanted", "came", "is_kept"),
    [("jpg", "JPEG", True), ("jpg", "PNG", False), ("png", "PNG", True), ("png", "WEBP", False)],
)
async def test_a_still_has_the_requested_format(
    folder: Path, wanted: str, came: str, is_kept: bool
) -> None:
    spec = replace(STILL, still=Still(format=wanted))
    sent = picture(folder, "fetched", size=(1280, 720), kind=came)
    content = sent.read_bytes()
    rendered = await check_delivered(spec, {ArtifactKind.IMAGE: sent}, folder)
    assert [item.kind for item in rendered] == [ArtifactKind.IMAGE, ArtifactKind.THUMBNAIL]
    image, thumbnail = rendered
    assert image.file.name == f"image.{wanted}"
    assert (image.width_px, image.height_px) == (1280, 720)
    assert (thumbnail.width_px, thumbnail.height_px) == (640, 360)
    with Image.open(image.file) as shown:
        assert Image.MIME[shown.format or ""] == image.media_type
    assert (image.file.read_bytes() == content) is is_kept


async def test_a_fetched_file_that_is_no_picture_is_refused(folder: Path) -> None:
    (folder / "i").write_bytes(b"<svg/>")
    with pytest.raises(ResultUnusable, match=r"this is an SVG drawing$"):
        await check_delivered(STILL, {ArtifactKind.IMAGE: folder / "i"}, folder)


async def test_the_thumbnail_of_a_still_is_the_one_that_came_if_it_is_a_picture(
    folder: Path,
) -> None:
    Image.new("RGB", (200, 200), (0, 0, 255)).save(folder / "t", "PNG")
    fetched = {ArtifactKind.IMAGE: picture(folder, "i"), ArtifactKind.THUMBNAIL: folder / "t"}
    rendered = await check_delivered(STILL, fetched, folder)
    assert (rendered[1].width_px, rendered[1].height_px) == (200, 200)
    (folder / "t").write_bytes(b"gone")
    fetched[ArtifactKind.IMAGE] = rendered[0].file
    again = await check_delivered(STILL, fetched, folder)
    assert (again[1].width_px, again[1].height_px) == (160, 90)


async def test_without_links_the_video_is_copied(
    folder: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("rushes.intake.delivered_files.os.link", no_links)
    rendered = await check_delivered(SPEC, {ArtifactKind.VIDEO: clip}, folder)
    assert bytes_of(rendered[0].file) == bytes_of(rendered[1].file)


async def test_a_full_disk_is_no_fault_of_the_video(
    folder: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rushes.intake.delivered_files.os.link", full)
    monkeypatch.setattr("rushes.intake.delivered_files.shutil.copyfile", full)
    with pytest.raises(TemporaryEngineError, match="No space left"):
        await check_delivered(SPEC, {ArtifactKind.VIDEO: clip}, folder)


async def test_a_still_that_is_larger_than_it_says_is_refused(folder: Path) -> None:
    shown = io.BytesIO()
    Image.new("L", (9000, 20)).save(shown, "PNG")
    (folder / "i").write_bytes(shown.getvalue())
    with pytest.raises(ResultUnusable, match="9000x20 pixels"):
        await check_delivered(STILL, {ArtifactKind.IMAGE: folder / "i"}, folder)
