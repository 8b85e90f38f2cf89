"""Sprite sheets: which frames they show and where, and what hostile files do to their maker."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.dialects.openai_videos.conftest import VIDEOS, Server

from rushes.core.errors import InputUnusable
from rushes.intake import sprite_sheets
from rushes.intake.sandbox.tasks.sprite_sheet import choose_frames
from rushes.intake.sprite_sheets import SheetLayout

Film = Callable[..., Path]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Write a clip that goes from black to white."""

    def write(frames: int = 41, size: tuple[int, int] = (128, 64)) -> Path:
        file = tmp_path / "film.mp4"
        with av.open(str(file), "w") as container:
            stream: Any = container.add_stream("libx264", rate=24, options={"crf": "1"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for index in range(frames):
                grey = round(255 * index / max(1, frames - 1))
                picture: Any = Image.new("RGB", size, (grey, grey, grey))
                to_frame: Any = av.VideoFrame.from_image
                container.mux(stream.encode(to_frame(picture)))
            container.mux(stream.encode(None))
        return file

    return write


def greys(sheet: Path, size: tuple[int, int], columns: int) -> list[int]:
    """Return the grey in the middle of each tile, as one reads text."""
    with Image.open(sheet) as picture:
        grey = picture.convert("L")
        rows = grey.height // size[1]
        return [
            int(grey.getpixel((x * size[0] + size[0] // 2, y * size[1] + size[1] // 2)))  # type: ignore[arg-type]  # of a grey picture it is a number
            for y in range(rows)
            for x in range(columns)
        ]


async def test_a_sheet_goes_from_the_first_frame_to_the_last(film: Film, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jpg"
    await sprite_sheets.make_sprite_sheet(film(), sheet)
    with Image.open(sheet) as picture:
        assert (picture.format, picture.size) == ("JPEG", (5 * 128, 4 * 64))
    found = greys(sheet, (128, 64), 5)
    assert found[0] < 8
    assert found[-1] > 247
    assert found == sorted(found)
    assert len(set(found)) == 20


async def test_frames_are_made_smaller_and_few_of_them_a_smaller_sheet(
    film: Film, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.jpg"
    await sprite_sheets.make_sprite_sheet(film(frames=3, size=(640, 320)), sheet)
    with Image.open(sheet) as picture:
        assert picture.size == (3 * 320, 160)


@given(count=st.integers(1, 5000), most=st.integers(1, 40))
def test_what_is_chosen_is_even_and_has_both_ends(count: int, most: int) -> None:
    frames = choose_frames(count, most)
    assert len(frames) == len(set(frames)) == min(count, most)
    assert frames == sorted(frames)
    assert frames[0] == 0
    assert frames[-1] == (count - 1 if len(frames) > 1 else 0)
    steps = [after - before for before, after in pairwise(frames)]
    assert not steps or max(steps) - min(steps) <= 1


@pytest.mark.parametrize("data", [b"", b"no video", b"\0\0\0\x18ftypisom" + b"\0" * 500])
async def test_of_what_is_no_video_none_is_made(tmp_path: Path, data: bytes) -> None:
    video, sheet = tmp_path / "video.mp4", tmp_path / "sheet.jpg"
    video.write_bytes(data)
    with pytest.raises(InputUnusable, match="no sheet can be made"):
        await sprite_sheets.make_sprite_sheet(video, sheet)
    assert not sheet.exists()


async def test_one_that_takes_too_long_is_given_up(film: Film, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jpg"
    with pytest.raises(InputUnusable, match="no sheet can be made"):
        await sprite_sheets.make_sprite_sheet(film(), sheet, layout=SheetLayout(wall_s=0.01))
    assert not sheet.exists()


async def test_it_is_made_once_and_goes_with_its_video(server: Server, film: Film) -> None:
    id_ = (await server.ask())["id"]
    done = await server.complete(id_, data=film().read_bytes())
    path = f"{VIDEOS}/{id_}/content?variant=spritesheet"
    first = await server.client.get(path)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/jpeg")
    kept = server.running_app.media.path(f"{done.id}/1/spritesheet.jpg")
    assert kept is not None
    again = await server.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304  # a new file would have another tag
    await server.client.delete(f"{VIDEOS}/{id_}")
    assert not kept.exists()
