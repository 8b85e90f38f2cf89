"""What every media store promises, over each of them. Another one is one more line in STORES."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.object_storage import ObjectStorage

from rushes.core.errors import MediaChanged, MediaError
from rushes.kit.clock import FrozenClock, SystemClock
from rushes.media.base import MediaStore, put_if_absent
from rushes.media.files import FileMediaStore
from rushes.media.object_store.media_store import ObjectMediaStore

LATER = timedelta(hours=1)
PART = 5 << 20
"""The smallest part of a multipart upload that S3 accepts, in bytes."""


def files(request: pytest.FixtureRequest, folder: Path) -> MediaStore:
    return FileMediaStore(folder / "media")


def memory(request: pytest.FixtureRequest, folder: Path) -> MediaStore:
    return ObjectMediaStore(MemoryStore(), url="memory:", clock=later(), part_bytes=PART)


def s3(request: pytest.FixtureRequest, folder: Path) -> MediaStore:
    storage: ObjectStorage = request.getfixturevalue("object_storage")
    return ObjectMediaStore(storage.objects(), url=storage.url, clock=later(), part_bytes=PART)


def later() -> FrozenClock:
    """Return a clock that is so far ahead that no touch is of the same moment as a put."""
    return FrozenClock(SystemClock().now() + 2 * LATER)


STORES: dict[str, Callable[[pytest.FixtureRequest, Path], MediaStore]] = {
    "files": files,
    "memory": memory,
    "s3": s3,
}

CLIP = b"a clip" * 1000

UNUSABLE = [
    "", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", "./a", "a/.", "a//b", "a/", "/a",
    ".hidden", "a/.part", "a\x00b", "a\nb", "a\\b", "..\\x", "a/" + "x" * 300, "\ud800",
]  # fmt: skip


@pytest.fixture(params=STORES)
def media(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    return STORES[request.param](request, tmp_path)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    file = tmp_path / "clip.mp4"
    file.write_bytes(CLIP)
    return file


async def content(media: MediaStore, key: str) -> bytes | None:
    file = await media.find(key)
    return None if file is None else b"".join([block async for block in media.read(file)])


async def test_a_file_is_taken_in_whole_with_its_size(media: MediaStore, clip: Path) -> None:
    assert await media.put("g1/video.mp4", clip) == 6000
    assert await content(media, "g1/video.mp4") == CLIP


async def test_bytes_are_taken_in_as_a_file_is(media: MediaStore) -> None:
    assert await media.put_bytes("inputs/abc", b"\x00png") == 4
    assert await content(media, "inputs/abc") == b"\x00png"


async def test_the_makers_file_stays_and_is_his(media: MediaStore, clip: Path) -> None:
    await media.put("g1/video.mp4", clip)
    with clip.open("r+b") as file:
        file.write(b"spoiled")
    assert await content(media, "g1/video.mp4") == CLIP


async def test_of_two_puts_the_later_wins_and_readers_of_the_earlier_keep_it(
    media: MediaStore, scratch: Path
) -> None:
    await media.put_bytes("g1/video.mp4", b"earlier")
    reading = await media.local_file("g1/video.mp4", scratch)
    assert reading is not None
    with reading.open("rb") as earlier:
        await media.put_bytes("g1/video.mp4", b"later")
        assert earlier.read() == b"earlier"
    assert await content(media, "g1/video.mp4") == b"later"


async def test_puts_of_one_key_at_once_leave_one_of_them_whole(media: MediaStore) -> None:
    versions = [bytes([n]) * 100_000 for n in range(8)]
    await asyncio.gather(*(media.put_bytes("g1/x", data) for data in versions))
    assert await content(media, "g1/x") in versions


async def test_what_is_not_there_is_not_found(media: MediaStore, scratch: Path) -> None:
    await media.put_bytes("g1/video.mp4", b"x")
    for key in ("g2/video.mp4", "g1", "g1/video.mp4/x"):
        assert await media.find(key) is None
        assert await media.local_file(key, scratch) is None


async def test_a_file_that_cannot_be_read_is_not_kept(
    media: MediaStore, tmp_path: Path, clip: Path
) -> None:
    await media.put("g1/video.mp4", clip)
    for missing in (tmp_path / "missing.mp4", tmp_path):
        with pytest.raises(MediaError, match=r"g1/video\.mp4"):
            await media.put("g1/video.mp4", missing)
    assert await content(media, "g1/video.mp4") == CLIP


async def test_deleting_removes_a_file_or_all_below(media: MediaStore) -> None:
    for key in ("g1/video.mp4", "g1/deep/er.jpg", "g10/video.mp4", "g2/a", "g2/b"):
        await media.put_bytes(key, b"x")
    await media.delete("g1")
    await media.delete("g2/a")
    gone = ("g1/video.mp4", "g1/deep/er.jpg", "g2/a")
    assert [key for key in gone if await media.find(key)] == []
    assert await media.find("g10/video.mp4"), "a folder is not the beginning of a name"
    assert await media.find("g2/b")


async def test_deleting_what_is_not_there_is_no_error(media: MediaStore) -> None:
    await media.put_bytes("g1", b"x")
    for prefix in ("g2", "g2/video.mp4", "g1/video.mp4"):
        await media.delete(prefix)
    assert await content(media, "g1") == b"x"


@pytest.mark.parametrize("key", UNUSABLE)
async def test_a_key_that_leads_elsewhere_is_refused(
    media: MediaStore, clip: Path, key: str
) -> None:
    await media.put_bytes("a", b"untouched")
    assert await media.find(key) is None
    with pytest.raises(MediaError):
        await media.put(key, clip)
    with pytest.raises(MediaError):
        await media.put_bytes(key, b"x")
    with pytest.raises(MediaError):
        await media.delete(key)
    assert await content(media, "a") == b"untouched"


async def test_what_is_touched_counts_as_put_now(media: MediaStore) -> None:
    assert not await media.touch("inputs/ab.png")
    await media.put_bytes("inputs/ab.png", b"x")
    (before,) = await media.entries("inputs")
    assert await media.touch("inputs/ab.png")
    (after,) = await media.entries("inputs")
    assert (before.key, after.key) == ("inputs/ab.png", "inputs/ab.png")
    assert after.used_at >= before.used_at
    assert not await media.touch("../x")


async def test_only_what_was_not_used_since_is_removed(media: MediaStore) -> None:
    await media.put_bytes("inputs/ab.png", b"x")
    (then,) = await media.entries("inputs")
    assert not await media.delete_unused("inputs/ab.png", since=then.used_at)
    assert await content(media, "inputs/ab.png") == b"x"
    assert await media.delete_unused("inputs/ab.png", since=then.used_at + LATER)
    assert await content(media, "inputs/ab.png") is None
    assert not await media.delete_unused("inputs/ab.png", since=then.used_at)
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
    for number in range(20):
        key = f"inputs/{number}.png"
        await media.put_bytes(key, b"x")
        await make_old(media, key)
        since = SystemClock().now() - LATER if isinstance(media, FileMediaStore) else in_between()
        removed, touched = await asyncio.gather(
            media.delete_unused(key, since=since), media.touch(key)
        )
        assert touched == (await content(media, key) is not None)
        assert removed != touched


async def make_old(media: MediaStore, key: str) -> None:
    """Make a file of a folder old; objects are old for a store whose clock is ahead."""
    if isinstance(media, FileMediaStore):
        file = media.path(key)
        assert file is not None
        then = (SystemClock().now() - 2 * LATER).timestamp()
        os.utime(file, (then, then))


def in_between() -> datetime:
    return SystemClock().now() + LATER


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 2 * PART + 7])
async def test_a_file_of_any_size_is_read_in_whole_and_in_parts(
    media: MediaStore, tmp_path: Path, scratch: Path, size: int
) -> None:
    data = bytes(range(251)) * (size // 251 + 1)
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(data[:size])
    assert await media.put("g1/video.mp4", clip) == size
    file = await media.find("g1/video.mp4")
    assert file is not None
    assert file.size_bytes == size
    assert file.etag.startswith('"')
    assert await content(media, "g1/video.mp4") == data[:size]
    copy = await media.local_file("g1/video.mp4", scratch)
    assert copy is not None
    assert (copy.read_bytes(), copy.suffix) == (data[:size], ".mp4")
    if size > 1:
        part = [block async for block in media.read(file, start=1, end=size - 1)]
        assert b"".join(part) == data[1 : size - 1]


async def test_another_version_has_another_tag_and_is_not_read_as_the_first(
    media: MediaStore,
) -> None:
    await media.put_bytes("g1/video.mp4", b"earlier")
    earlier = await media.find("g1/video.mp4")
    await media.put_bytes("g1/video.mp4", b"later on")
    later = await media.find("g1/video.mp4")
    assert earlier is not None
    assert later is not None
    assert earlier.etag != later.etag
    with pytest.raises(MediaChanged, match="replaced"):
        _ = [block async for block in media.read(earlier)]


async def test_a_file_that_is_gone_is_not_read(media: MediaStore) -> None:
    await media.put_bytes("g1/video.mp4", b"x")
    file = await media.find("g1/video.mp4")
    assert file is not None
    await media.delete("g1")
    with pytest.raises(MediaChanged, match="deleted"):
        _ = [block async for block in media.read(file)]


async def test_an_operator_is_told_where_a_file_is(media: MediaStore) -> None:
    assert media.location("g1/video.mp4").endswith("/g1/video.mp4")


async def test_a_finished_file_is_not_unfinished(media: MediaStore) -> None:
    await media.put_bytes("inputs/ab.png", b"x")
    await media.touch("inputs/ab.png")
    assert await media.unfinished(before=SystemClock().now() + 9 * LATER) == ()


async def test_what_is_put_if_absent_is_there_and_used_now(media: MediaStore, clip: Path) -> None:
    await put_if_absent(media, "inputs/ab.png", b"x")
    await put_if_absent(media, "inputs/ab.png", b"not stored")
    await put_if_absent(media, "inputs/cd.mp4", clip)
    assert await content(media, "inputs/ab.png") == b"x"
    assert await content(media, "inputs/cd.mp4") == CLIP


async def test_a_put_that_a_deletion_crosses_is_done_again(
    media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, crossings = media.put_bytes, iter([1])

    async def crossed(key: str, data: bytes) -> int:
        size = await put(key, data)
        if next(crossings, None):
            await media.delete(key)
        return size

    monkeypatch.setattr(media, "put_bytes", crossed)
    await put_if_absent(media, "inputs/ab.png", b"x")
    assert await content(media, "inputs/ab.png") == b"x"


async def test_a_store_that_marks_nothing_has_the_file_all_the_same(
    media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def touch(key: str) -> bool:
        return False

    monkeypatch.setattr(media, "touch", touch)
    await put_if_absent(media, "inputs/ab.png", b"x")
    assert await content(media, "inputs/ab.png") == b"x"
