"""What every media store promises, over each of them. Another one is one more line in STORES."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rushes.core.errors import MediaError
from rushes.media.base import MediaStore
from rushes.media.files import FileMediaStore

STORES: dict[str, Callable[[Path], MediaStore]] = {
    "files": lambda folder: FileMediaStore(folder / "media"),
}

CLIP = b"a clip" * 1000

UNUSABLE = [
    "", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", "./a", "a/.", "a//b", "a/", "/a",
    ".hidden", "a/.part", "a\x00b", "a\nb", "a\\b", "..\\x", "a/" + "x" * 300, "\ud800",
]  # fmt: skip


@pytest.fixture(params=STORES)
def media(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    return STORES[request.param](tmp_path)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    file = tmp_path / "clip.mp4"
    file.write_bytes(CLIP)
    return file


def content(media: MediaStore, key: str) -> bytes | None:
    file = media.path(key)
    return None if file is None else file.read_bytes()


async def test_a_file_is_taken_in_whole_with_its_size(media: MediaStore, clip: Path) -> None:
    assert await media.put("g1/video.mp4", clip) == 6000
    assert content(media, "g1/video.mp4") == CLIP


async def test_bytes_are_taken_in_as_a_file_is(media: MediaStore) -> None:
    assert await media.put_bytes("inputs/abc", b"\x00png") == 4
    assert content(media, "inputs/abc") == b"\x00png"


async def test_the_makers_file_stays_and_is_his(media: MediaStore, clip: Path) -> None:
    await media.put("g1/video.mp4", clip)
    with clip.open("r+b") as file:
        file.write(b"spoiled")
    assert content(media, "g1/video.mp4") == CLIP


async def test_of_two_puts_the_later_wins_and_readers_of_the_earlier_keep_it(
    media: MediaStore,
) -> None:
    await media.put_bytes("g1/video.mp4", b"earlier")
    reading = media.path("g1/video.mp4")
    assert reading is not None
    with reading.open("rb") as earlier:
        await media.put_bytes("g1/video.mp4", b"later")
        assert earlier.read() == b"earlier"
    assert content(media, "g1/video.mp4") == b"later"


async def test_puts_of_one_key_at_once_leave_one_of_them_whole(media: MediaStore) -> None:
    versions = [bytes([n]) * 100_000 for n in range(8)]
    await asyncio.gather(*(media.put_bytes("g1/x", data) for data in versions))
    assert content(media, "g1/x") in versions


async def test_what_is_not_there_has_no_path(media: MediaStore) -> None:
    await media.put_bytes("g1/video.mp4", b"x")
    assert media.path("g2/video.mp4") is None
    assert media.path("g1") is None
    assert media.path("g1/video.mp4/x") is None


async def test_a_file_that_cannot_be_read_is_not_kept(
    media: MediaStore, tmp_path: Path, clip: Path
) -> None:
    await media.put("g1/video.mp4", clip)
    for missing in (tmp_path / "missing.mp4", tmp_path):
        with pytest.raises(MediaError, match=r"g1/video\.mp4"):
            await media.put("g1/video.mp4", missing)
    assert content(media, "g1/video.mp4") == CLIP


async def test_a_key_below_a_file_is_not_kept(media: MediaStore) -> None:
    await media.put_bytes("g1", b"a file")
    with pytest.raises(MediaError):
        await media.put_bytes("g1/video.mp4", b"x")
    assert content(media, "g1") == b"a file"


async def test_deleting_removes_a_file_or_all_below(media: MediaStore) -> None:
    for key in ("g1/video.mp4", "g1/deep/er.jpg", "g10/video.mp4", "g2/a", "g2/b"):
        await media.put_bytes(key, b"x")
    await media.delete("g1")
    await media.delete("g2/a")
    left = [key for key in ("g1/video.mp4", "g1/deep/er.jpg", "g2/a") if media.path(key)]
    assert left == []
    assert media.path("g10/video.mp4"), "a folder is not the beginning of a name"
    assert media.path("g2/b")


async def test_deleting_what_is_not_there_is_no_error(media: MediaStore) -> None:
    await media.put_bytes("g1", b"x")
    for prefix in ("g2", "g2/video.mp4", "g1/video.mp4"):
        await media.delete(prefix)
    assert content(media, "g1") == b"x"


@pytest.mark.parametrize("key", UNUSABLE)
async def test_a_key_that_leads_elsewhere_is_refused(
    media: MediaStore, clip: Path, key: str
) -> None:
    await media.put_bytes("a", b"untouched")
    assert media.path(key) is None
    with pytest.raises(MediaError):
        await media.put(key, clip)
    with pytest.raises(MediaError):
        await media.put_bytes(key, b"x")
    with pytest.raises(MediaError):
        await media.delete(key)
    assert content(media, "a") == b"untouched"


def age(media: MediaStore, key: str, seconds: float) -> datetime:
    """Make a file as old as that; return the moment."""
    file = media.path(key)
    assert file is not None
    then = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(seconds=seconds)
    os.utime(file, (then.timestamp(), then.timestamp()))
    return then


async def test_what_is_touched_counts_as_put_now(media: MediaStore) -> None:
    assert not await media.touch("inputs/ab.png")
    await media.put_bytes("inputs/ab.png", b"x")
    then = age(media, "inputs/ab.png", 60)
    assert [one.used_at for one in await media.entries("inputs")] == [then]
    assert await media.touch("inputs/ab.png")
    assert (await media.entries("inputs"))[0].used_at > then
    assert not await media.touch("../x")


async def test_only_what_was_not_used_since_is_removed(media: MediaStore) -> None:
    await media.put_bytes("inputs/ab.png", b"x")
    then = age(media, "inputs/ab.png", 60)
    assert not await media.delete_unused("inputs/ab.png", since=then)
    assert content(media, "inputs/ab.png") == b"x"
    assert await media.delete_unused("inputs/ab.png", since=then + timedelta(seconds=1))
    assert content(media, "inputs/ab.png") is None
    assert not await media.delete_unused("inputs/ab.png", since=then)
    assert await media.entries("inputs") == ()


async def test_a_folder_tells_what_lies_in_it_and_how_much(media: MediaStore) -> None:
    await media.put_bytes("g1/1/video.mp4", b"xxx")
    await media.put_bytes("g1/1/thumbnail.jpg", b"x")
    await media.put_bytes("inputs/ab.png", b"xx")
    assert {one.key for one in await media.entries()} == {"g1", "inputs"}
    assert {one.key for one in await media.entries("g1/1")} == {
        "g1/1/video.mp4",
        "g1/1/thumbnail.jpg",
    }
    assert await media.entries("nowhere") == ()
    assert await media.size_bytes("g1") == 4
    assert await media.size_bytes("inputs/ab.png") == 2
    assert await media.size_bytes("nowhere") == 0


async def test_whoever_touches_a_file_while_it_is_removed_has_it_or_is_told(
    media: MediaStore,
) -> None:
    for _ in range(30):
        await media.put_bytes("inputs/ab.png", b"x")
        then = age(media, "inputs/ab.png", 60)
        since = then + timedelta(seconds=1)
        removed, touched = await asyncio.gather(
            media.delete_unused("inputs/ab.png", since=since), media.touch("inputs/ab.png")
        )
        assert touched == (content(media, "inputs/ab.png") is not None)
        assert removed != touched
