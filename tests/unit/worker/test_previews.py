"""The small picture of a render is copied to where callers see it, and is gone afterwards."""

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from rushes.core.errors import MediaError
from rushes.media.files import FileMediaStore
from rushes.worker.previews import publish_preview

KEY = "a1/1/preview.jpg"


async def seen(media: FileMediaStore, content: bytes) -> None:
    async with asyncio.timeout(5):
        while (path := media.path(KEY)) is None or path.read_bytes() != content:  # noqa: ASYNC110  # a file store tells nobody
            await asyncio.sleep(0.001)


async def test_each_new_picture_is_copied_and_the_last_one_removed(tmp_path: Path) -> None:
    media, file = FileMediaStore(tmp_path / "media"), tmp_path / "preview.jpg"

    async with publish_preview(media, KEY, file, every_s=0.001):
        file.write_bytes(b"one")
        await seen(media, b"one")
        newer = tmp_path / "newer"
        newer.write_bytes(b"two")
        newer.replace(file)
        await seen(media, b"two")

    assert media.path(KEY) is None


async def test_a_render_does_not_fail_for_want_of_a_preview(tmp_path: Path) -> None:
    class FullStore(FileMediaStore):
        tried = asyncio.Event()

        async def put(self, key: str, file: Path) -> int:
            self.tried.set()
            raise MediaError("the disk is full")

    media, file = FullStore(tmp_path / "media"), tmp_path / "preview.jpg"
    file.write_bytes(b"one")

    with capture_logs() as logs:
        async with publish_preview(media, KEY, file, every_s=0.001), asyncio.timeout(5):
            await media.tried.wait()

    assert [log["event"] for log in logs] == ["preview_not_stored"]


async def test_an_engine_that_leaves_no_picture_has_no_preview(tmp_path: Path) -> None:
    media = FileMediaStore(tmp_path / "media")

    async with publish_preview(media, KEY, tmp_path / "preview.jpg", every_s=0.001):
        await asyncio.sleep(0)

    assert media.path(KEY) is None
