"""Files that are brought ahead: announced, received, completed, named, deleted."""

import asyncio
import os
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.errors import Conflict, InvalidRequest, NotFound, TooLarge
from rushes.core.generation import AccountId
from rushes.core.spec import Medium
from rushes.core.upload import COMPLETION_DEADLINE, DELETED_BYTES_STAY, Purpose, Upload, UploadState
from rushes.kit.clock import FrozenClock
from rushes.kit.file_type import media_type, suffix_of
from rushes.media.files import FileMediaStore
from rushes.service.accounts import Caller
from rushes.service.uploads import READABLE, NewFile, UploadedFiles
from rushes.store.base import UploadFilter
from rushes.store.memory import MemoryStore

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MP4 = b"\0\0\0\x18ftypisom" + bytes(200)
ME = Caller(account_id=AccountId("me"))
HER = Caller(account_id=AccountId("her"))


class Place:
    """Files with what lies behind them."""

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.clock = clock
        self.folder = folder / "incoming"
        self.media = FileMediaStore(folder / "media")
        self.store = MemoryStore()
        self.files = UploadedFiles(
            uploads=self.store, media=self.media, clock=clock, folder=self.folder
        )

    async def announced(self, media_type: str = "image/png", data: bytes = PNG) -> Upload:
        new = NewFile(media_type=media_type, size_bytes=len(data))
        return await self.files.create(new, caller=ME)

    async def put(self, upload: Upload, data: bytes = PNG, reported: int | None = None) -> Upload:
        return await self.files.receive(upload.id, sent(data), content_length=reported)

    async def ready(self, media_type: str = "image/png", data: bytes = PNG) -> Upload:
        upload = await self.announced(media_type, data)
        await self.put(upload, data)
        return await self.files.complete(upload.id, caller=ME)

    def left(self) -> list[Path]:
        return list(self.folder.iterdir())

    def kept(self) -> list[Path]:
        return [p for p in (self.folder.parent / "media").rglob("*") if p.is_file()]


async def sent(data: bytes, *, at_once: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(data), at_once):
        yield data[start : start + at_once]
    yield b""


@pytest.fixture
def place(tmp_path: Path, clock: FrozenClock) -> Place:
    return Place(tmp_path, clock)


async def test_a_file_is_announced_received_and_completed(place: Place) -> None:
    upload = await place.announced()
    assert upload.state is UploadState.PENDING
    await place.put(upload)
    ready = await place.files.complete(upload.id, caller=ME)
    assert (ready.state, ready.media_type) == (UploadState.READY, "image/png")
    key = await place.files.key(upload.id, medium=Medium.IMAGE, param="source", caller=ME)
    path = place.media.path(key)
    assert path is not None
    assert path.read_bytes() == PNG
    assert path.suffix == ".png"
    assert place.left() == []
    assert await place.files.complete(upload.id, caller=ME) == ready


async def test_a_file_that_is_here_is_ready_at_once(place: Place) -> None:
    new = NewFile(media_type="image/jpeg; q=1", size_bytes=len(PNG), purpose=Purpose.REFERENCE)
    upload = await place.files.store(new, PNG, caller=ME)
    assert (upload.state, upload.media_type) == (UploadState.READY, "image/png")
    assert await place.files.get(upload.id.upper(), caller=ME) == upload


async def test_what_is_not_what_it_was_announced_as_fails_and_is_not_kept(place: Place) -> None:
    for data, why in ((MP4, "video/mp4"), (b"a" * 90, "no image or video")):
        upload = await place.ready("image/png", data)
        assert upload.state is UploadState.FAILED
        assert why in str(upload.failure)
        with pytest.raises(InvalidRequest, match=why):
            await place.files.key(upload.id, medium=Medium.IMAGE, param="p", caller=ME)
        brought = NewFile(media_type="image/png", size_bytes=len(data))
        assert (await place.files.store(brought, data, caller=ME)).failure == upload.failure
    assert place.kept() == []


async def test_no_more_is_read_than_was_announced(place: Place) -> None:
    upload = await place.announced()
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield bytes(10)

    with pytest.raises(TooLarge):
        await place.files.receive(upload.id, endless(), content_length=None)
    assert read * 10 <= len(PNG) + 10
    read = 0
    with pytest.raises(TooLarge):
        await place.files.receive(upload.id, endless(), content_length=len(PNG) + 1)
    assert read == 0
    assert place.left() + place.kept() == []


async def test_too_few_bytes_are_not_kept(place: Place) -> None:
    upload = await place.announced()
    with pytest.raises(InvalidRequest, match="50 came"):
        await place.put(upload, PNG[:50])
    assert place.left() + place.kept() == []
    with pytest.raises(InvalidRequest, match="PUT them"):
        await place.files.complete(upload.id, caller=ME)


async def test_bytes_that_come_again_replace_the_earlier(place: Place) -> None:
    upload = await place.announced()
    await place.put(upload)
    other = PNG[:-1] + b"x"
    await place.put(upload, other)
    assert [path.read_bytes() for path in place.kept()] == [other]
    await place.files.complete(upload.id, caller=ME)
    with pytest.raises(Conflict):
        await place.put(upload)
    assert [path.read_bytes() for path in place.kept()] == [other]


async def test_a_file_deleted_while_it_comes_in_leaves_nothing(place: Place) -> None:
    upload = await place.announced()

    async def slow() -> AsyncIterator[bytes]:
        yield PNG[:50]
        await place.files.delete(upload.id, caller=ME)
        yield PNG[50:]

    with pytest.raises(Conflict):
        await place.files.receive(upload.id, slow(), content_length=None)
    assert place.left() + place.kept() == []


async def test_a_large_file_is_taken_in_without_holding_it(place: Place) -> None:
    block = MP4 + bytes((1 << 16) - len(MP4))
    new = NewFile(media_type="video/mp4", size_bytes=len(block) * 640)
    upload = await place.files.create(new, caller=ME)

    async def blocks() -> AsyncIterator[bytes]:
        for _ in range(640):
            yield block

    tracemalloc.start()
    try:
        await place.files.receive(upload.id, blocks(), content_length=new.size_bytes)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    assert (await place.files.complete(upload.id, caller=ME)).medium is Medium.VIDEO


async def test_anothers_file_is_not_found(place: Place) -> None:
    upload = await place.ready()
    for asking in (
        place.files.get(upload.id, caller=HER),
        place.files.complete(upload.id, caller=HER),
        place.files.delete(upload.id, caller=HER),
        place.files.key(upload.id, medium=Medium.IMAGE, param="p", caller=HER),
        place.files.get("no id at all", caller=ME),
    ):
        with pytest.raises(NotFound):
            await asking
    assert await place.files.list(UploadFilter(), caller=HER) == ()
    assert (await place.files.get(upload.id, caller=ME)).state is UploadState.READY


async def test_a_video_is_no_picture(place: Place) -> None:
    upload = await place.ready("video/mp4", MP4)
    with pytest.raises(InvalidRequest, match=r"start_frame.*must be an image, not video/mp4"):
        await place.files.key(upload.id, medium=Medium.IMAGE, param="start_frame", caller=ME)


async def test_a_deleted_file_cannot_be_named_and_its_bytes_go_a_day_later(
    place: Place, clock: FrozenClock
) -> None:
    upload = await place.ready()
    await place.files.delete(upload.id, caller=ME)
    await place.files.delete(upload.id, caller=ME)
    with pytest.raises(InvalidRequest, match="deleted"):
        await place.files.key(upload.id, medium=Medium.IMAGE, param="p", caller=ME)
    assert await place.files.list(UploadFilter(), caller=ME) == ()
    deleted = UploadFilter(states=frozenset({UploadState.DELETED}))
    assert [u.id for u in await place.files.list(deleted, caller=ME)] == [upload.id]
    clock.advance(seconds=DELETED_BYTES_STAY.total_seconds() - 1)
    await place.files.list(deleted, caller=ME)
    assert len(place.kept()) == 1
    clock.advance(seconds=1)
    await place.files.list(deleted, caller=ME)
    assert place.kept() == []
    assert (await place.files.get(upload.id, caller=ME)).key is None


async def test_a_file_expires_when_it_is_told_to(place: Place, clock: FrozenClock) -> None:
    at = clock.now() + timedelta(hours=1)
    new = NewFile(media_type="image/png", size_bytes=len(PNG), expires_at=at)
    ready = await place.files.store(new, PNG, caller=ME)
    waiting = await place.files.create(new, caller=ME)
    clock.advance(seconds=3600)
    for upload in (ready, waiting):
        gone = await place.files.get(upload.id, caller=ME)
        assert (gone.state, gone.deleted_at) == (UploadState.DELETED, at)
    with pytest.raises(InvalidRequest, match="future"):
        await place.files.create(new, caller=ME)


async def test_what_is_never_completed_is_given_up(place: Place, clock: FrozenClock) -> None:
    upload = await place.announced()
    await place.put(upload)
    clock.advance(seconds=COMPLETION_DEADLINE.total_seconds())
    assert await place.files.list(UploadFilter(), caller=HER) == ()
    assert place.kept() == []
    given_up = await place.files.complete(upload.id, caller=ME)
    assert (given_up.state, given_up.key) == (UploadState.FAILED, None)


async def test_what_cannot_be_used_is_refused_when_it_is_announced(place: Place) -> None:
    for reported in ("text/html", "", "image/svg+xml", "video/x-msvideo"):
        with pytest.raises(InvalidRequest, match="image/png"):
            await place.files.create(NewFile(media_type=reported, size_bytes=1), caller=ME)
    for reported, size_bytes in (("image/png", (20 << 20) + 1), ("video/mp4", (100 << 20) + 1)):
        with pytest.raises(TooLarge):
            await place.files.create(NewFile(media_type=reported, size_bytes=size_bytes), caller=ME)


async def test_completing_many_times_at_once_does_it_once(place: Place) -> None:
    upload = await place.announced()
    await place.put(upload)
    reported = await asyncio.gather(*(place.files.complete(upload.id, caller=ME) for _ in range(8)))
    assert len(set(reported)) == 1


def test_what_a_process_left_in_the_middle_is_cleared_away_a_day_later(
    place: Place, clock: FrozenClock
) -> None:
    old, new = place.folder / "a.partial", place.folder / "b.partial"
    for file, age_s in ((old, DELETED_BYTES_STAY.total_seconds() + 1), (new, 60)):
        file.write_bytes(b"x")
        at = clock.now().timestamp() - age_s
        os.utime(file, (at, at))
    UploadedFiles(uploads=place.store, media=place.media, clock=clock, folder=place.folder)
    assert place.left() == [new]


@given(st.binary(max_size=80))
def test_any_bytes_have_a_type_that_may_be_brought_or_none(head: bytes) -> None:
    found = media_type(head)
    assert found is None or found in READABLE
    assert suffix_of(found).startswith(".")


@pytest.mark.parametrize(
    ("head", "reported"),
    [
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"%PDF-1.7", None),
    ],
)
def test_a_file_is_known_by_how_it_begins(head: bytes, reported: str | None) -> None:
    assert media_type(head + bytes(64)) == reported
