"""What an object store does beyond the promises of every media store."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from obstore.store import S3Store
from tests.object_storage import BUCKET, KEY_ID, SECRET, ObjectStorage, new_server

from rushes.bootstrap.media import open_media
from rushes.core.errors import MediaError, MediaUnavailable, SettingsError
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.kit.clock import SystemClock
from rushes.media.base import MediaStore
from rushes.media.object_store.media_store import ObjectMediaStore
from rushes.media.object_store.s3_uploads import S3Keys, signed_headers
from rushes.settings import load
from rushes.worker.result_files import store_results

HOUR = timedelta(hours=1)


def media_of(storage: ObjectStorage, folder: Path, **more: object) -> MediaStore:
    settings = load(overrides={"data": folder / "data", **storage.settings, **more})
    return open_media(settings, SystemClock())


@pytest.fixture
def media(object_storage: ObjectStorage, tmp_path: Path) -> MediaStore:
    return media_of(object_storage, tmp_path)


async def test_files_are_below_the_prefix_with_their_type_and_name(
    object_storage: ObjectStorage, media: MediaStore
) -> None:
    await media.put_bytes("g1/1/video.mp4", b"a video")
    found = await object_storage.objects("").get_async(f"{object_storage.prefix}/g1/1/video.mp4")
    assert found.attributes["Content-Type"] == "video/mp4"
    assert found.attributes["Content-Disposition"] == 'inline; filename="g1-1-video.mp4"'
    assert media.location("g1/1/video.mp4") == f"{object_storage.url}/g1/1/video.mp4"


async def test_the_bytes_of_a_picture_decide_its_type_not_its_name(
    object_storage: ObjectStorage, media: MediaStore
) -> None:
    await media.put_bytes("uploads/u1/file.jpg", b"\x89PNG\r\n\x1a\n" + bytes(64))
    found = await object_storage.objects().get_async("uploads/u1/file.jpg")
    assert found.attributes["Content-Type"] == "image/png"


async def begin_upload(storage: ObjectStorage, key: str) -> None:
    url = f"{storage.endpoint}/{BUCKET}/{storage.prefix}/{key}"
    keys = S3Keys(access_key_id=KEY_ID, secret_access_key=SECRET)
    now = SystemClock().now()
    headers = signed_headers("POST", url, "uploads=", keys=keys, region="us-east-1", now=now)
    async with httpx2.AsyncClient(trust_env=False) as client:
        (await client.post(f"{url}?uploads=", headers=headers)).raise_for_status()


async def test_an_upload_that_never_ended_is_found_by_its_age_and_aborted(
    object_storage: ObjectStorage, media: MediaStore
) -> None:
    await begin_upload(object_storage, "g1/1/video.mp4")
    await begin_upload(ObjectStorage(endpoint=object_storage.endpoint, prefix="other"), "g1/x")
    now = SystemClock().now()
    assert await media.unfinished(before=now - HOUR) == ()
    (found,) = await media.unfinished(before=now + HOUR)
    assert found.key == "g1/1/video.mp4"
    await media.discard(found)
    await media.discard(found)
    assert await media.unfinished(before=now + HOUR) == ()


async def test_a_mark_of_use_whose_file_is_gone_is_found_and_removed(
    object_storage: ObjectStorage, media: MediaStore
) -> None:
    await media.put_bytes("inputs/a.png", b"x")
    await media.touch("inputs/a.png")
    await media.delete("inputs/a.png")
    (found,) = await media.unfinished(before=SystemClock().now() + HOUR)
    await media.discard(found)
    assert await media.unfinished(before=SystemClock().now() + HOUR) == ()


PUT = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from obstore.store import S3Store
from rushes.kit.clock import SystemClock
from rushes.media.object_store.media_store import ObjectMediaStore
endpoint, bucket, prefix, key, secret, file = sys.argv[1:]
objects = S3Store(bucket, prefix=prefix, endpoint=endpoint, access_key_id=key, secret_access_key=secret,
                  region="us-east-1", client_options={"allow_http": True, "timeout": timedelta(minutes=5)})
asyncio.run(ObjectMediaStore(objects, url="s3:", clock=SystemClock()).put("g1/1/video.mp4", Path(file)))
"""


@asynccontextmanager
async def proxied(endpoint: str, *, stalls_after: int) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Forward connections, and stop forwarding requests after some bytes; tell when that is so."""
    target, sent, stalled = urlsplit(endpoint), 0, asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, up: bool) -> None:
        nonlocal sent
        while data := await reader.read(1 << 16):
            sent += len(data) if up else 0
            if up and sent > stalls_after:
                stalled.set()
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        back, there = await asyncio.open_connection(target.hostname, target.port)
        try:
            await asyncio.gather(forward(reader, there, True), forward(back, writer, False))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            there.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", stalled
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_process_killed_in_an_upload_leaves_no_file_and_nothing_that_is_not_found(
    object_storage: ObjectStorage, media: MediaStore, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(40 << 20))
    async with proxied(object_storage.endpoint, stalls_after=20 << 20) as (endpoint, stalled):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PUT, endpoint, BUCKET, object_storage.prefix),
            *(KEY_ID, SECRET, str(film)),
        )
        async with asyncio.timeout(60):
            await stalled.wait()
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await media.find("g1/1/video.mp4") is None
    assert await media.entries() == ()
    (found,) = await media.unfinished(before=SystemClock().now() + HOUR)
    assert found.key == "g1/1/video.mp4"
    await media.discard(found)
    assert await media.unfinished(before=SystemClock().now() + HOUR) == ()


async def test_a_wrong_secret_is_a_media_error_that_shows_no_key(
    object_storage: ObjectStorage, tmp_path: Path
) -> None:
    wrong = {"media.secret_access_key": "a-wrong-secret", "media.access_key_id": KEY_ID}
    media = media_of(object_storage, tmp_path, **wrong)
    for work in (
        media.put_bytes("g1/a", b"x"), media.find("g1/a"), media.entries(), media.delete("g1"),
        media.unfinished(before=SystemClock().now()),
    ):  # fmt: skip
        with pytest.raises(MediaError) as caught:
            await work
        assert not isinstance(caught.value, MediaUnavailable)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        for hidden in (KEY_ID, SECRET, "a-wrong-secret"):
            assert hidden not in str(caught.value)
        assert "403" in str(caught.value)


async def test_an_object_store_that_is_away_is_unavailable(tmp_path: Path) -> None:
    objects = S3Store(
        BUCKET, endpoint="http://127.0.0.1:9", access_key_id="a", secret_access_key="b",
        region="us-east-1", client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip
    media = ObjectMediaStore(objects, url="s3:", clock=SystemClock())
    for work in (media.put_bytes("g1/a", b"x"), media.find("g1/a"), media.entries()):
        with pytest.raises(MediaUnavailable, match="could not be reached"):
            await work


@pytest.mark.slow
async def test_finished_files_wait_while_the_object_store_restarts(tmp_path: Path) -> None:
    server = new_server(tmp_path / "weed")
    await asyncio.to_thread(server.start)
    try:
        storage = ObjectStorage(endpoint=server.endpoint, prefix="restarted")
        media = media_of(storage, tmp_path)
        await media.put_bytes("g0/1/video.mp4", b"earlier")
        await asyncio.to_thread(server.stop)
        film = tmp_path / "film.mp4"
        film.write_bytes(b"a video")
        one = Rendered(kind=ArtifactKind.VIDEO, file=film, media_type="video/mp4")
        storing = asyncio.create_task(store_results(media, "g1/1", [one]))
        await asyncio.to_thread(server.start)
        (artifact,) = await storing
        assert artifact.size_bytes == 7
        for key, reported in (("g0/1/video.mp4", b"earlier"), ("g1/1/video.mp4", b"a video")):
            file = await media.find(key)
            assert file is not None
            assert b"".join([block async for block in media.read(file)]) == reported
    finally:
        await asyncio.to_thread(server.stop)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://bucket", "must be like s3://bucket/prefix"),
        ("s3://", "must be like s3://bucket/prefix"),
        ("s3://key:secret@bucket", "must hold no keys"),
        ("s3://bucket?x=1", "must be like s3://bucket/prefix"),
    ],
)
def test_an_address_that_names_no_bucket_is_refused_without_its_keys(url: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        load(overrides={"media.url": url})
    assert "secret@" not in str(caught.value)


def test_the_variables_of_amazons_tools_count_for_a_bucket_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    media = load(overrides={"media.url": "s3://bucket"}).media
    assert (media.access_key_id, media.region) == ("id", "eu-central-1")
    assert "hidden" not in repr(media)
    own = {"media.access_key_id": "mine", "media.secret_access_key": "own"}
    media = load(overrides={"media.url": "s3://bucket", **own}).media
    assert (media.access_key_id, media.region) == ("mine", "eu-central-1")
    assert load(overrides={"media.url": "gs://bucket"}).media.access_key_id is None


async def test_another_folder_can_be_named_by_a_url(tmp_path: Path) -> None:
    settings = load(overrides={"data": tmp_path / "d", "media.url": f"file://{tmp_path}/videos"})
    await open_media(settings, SystemClock()).put_bytes("g1/a", b"x")
    assert (tmp_path / "videos" / "g1" / "a").read_bytes() == b"x"


def test_a_redirect_needs_an_object_store() -> None:
    with pytest.raises(SettingsError, match="needs an object store"):
        load(overrides={"media.delivery": "redirect"})
