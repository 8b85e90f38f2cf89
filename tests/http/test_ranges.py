"""Parts of files, as RFC 9110 (14.1 and 14.2) has them, at every route that serves a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.bootstrap.application import Application, build
from rushes.engines.scripted import ScriptedEngine
from rushes.http.files import usable_range
from rushes.media.base import StoredFile
from rushes.service.catalogue import MODELS
from rushes.settings import load

FILE = b"the video"
"""What the scripted engine makes; nine bytes."""

IGNORED = [
    "bytes=5-2", "bytes=-", "bytes=", "bytes", "", "bytes=a-b", "bytes=1", "bytes=1-2-3",
    "bytes=0-1,5-2", "bytes=0-1,x", "bytes=+1-2", "bytes=0x1-2", "items=0-1", "bytes 0-1",
    "bytes=\u0660-\u0661", "bytes=" + "0-0," * 101,
]  # fmt: skip
PARTS = {
    "bytes=0-1": b"th",
    "bytes=0-": FILE,
    "BYTES=0-0": b"t",
    "bytes = 2-3": b"e ",
    "bytes=-5": b"video",
    "bytes=-50": FILE,
    "bytes=4-50": b"video",
    "bytes=4-" + "9" * 5000: b"video",
    "bytes=0-2,50-60": b"the",
    "bytes=,0-2,": b"the",
    "bytes=0-2, 3-4": b"the v",
}
NOT_THERE = ["bytes=9-", "bytes=50-60", "bytes=-0", "bytes=9-10,20-", "bytes=" + "9" * 5000 + "-"]


@pytest.fixture(params=["folder", "object storage"])
async def running_app(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Application]:
    engine = ScriptedEngine(["the video"])
    in_bucket = request.param == "object storage"
    media = request.getfixturevalue("object_storage").settings if in_bucket else {}
    built = build(
        load(overrides={"data": tmp_path / "data", **media}), engines=dict.fromkeys(MODELS, engine)
    )
    yield built
    await built.close()


@pytest.fixture
async def client(running_app: Application) -> AsyncIterator[httpx2.AsyncClient]:
    _, secret = await running_app.accounts.create_key("tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=running_app.app),
        base_url="http://rushes.test",
        headers={"Authorization": f"Bearer {secret}"},
    ) as made:
        yield made


@pytest.fixture
async def urls(running_app: Application, client: httpx2.AsyncClient) -> list[str]:
    """Return each address at which one video is served."""
    body = {"prompt": "a dune", "seconds": "5"}
    id_ = (await client.post("/v1/videos", json=body)).json()["id"]
    await running_app.worker.run_next()
    native = (await client.get(f"/api/v1/generations/{id_}")).json()
    return [native["artifacts"]["video"]["url"], f"/v1/videos/{id_}/content"]


@pytest.mark.parametrize("requested", IGNORED)
async def test_an_invalid_range_is_ignored(
    client: httpx2.AsyncClient, urls: list[str], requested: str
) -> None:
    for url in urls:
        for method in ("GET", "HEAD"):
            reply = await client.request(method, url, headers=[(b"Range", requested.encode())])
            assert (reply.status_code, reply.headers["content-length"]) == (200, "9")
            assert reply.content == (FILE if method == "GET" else b"")


@pytest.mark.parametrize("requested", PARTS)
async def test_a_part_is_what_was_asked_for(
    client: httpx2.AsyncClient, urls: list[str], requested: str
) -> None:
    for url in urls:
        reply = await client.get(url, headers={"Range": requested})
        assert (reply.status_code, reply.content) == (206, PARTS[requested])
        assert reply.headers["content-range"].endswith("/9")


@pytest.mark.parametrize("requested", NOT_THERE)
async def test_a_part_that_is_not_there_is_refused(
    client: httpx2.AsyncClient, urls: list[str], requested: str
) -> None:
    for url in urls:
        reply = await client.get(url, headers={"Range": requested})
        assert (reply.status_code, reply.headers["content-range"]) == (416, "bytes */9")


async def test_an_outdated_if_range_gives_the_whole_file(
    client: httpx2.AsyncClient, urls: list[str]
) -> None:
    for url in urls:
        for if_range in ('"other"', 'W/"weak"', "Wed, 21 Oct 2015 07:28:00 GMT"):
            headers = {"Range": "bytes=0-1", "If-Range": if_range}
            assert (await client.get(url, headers=headers)).content == FILE


@given(st.text(), st.integers(0, 1000))
def test_any_text_is_a_range_or_ignored(text: str, size_bytes: int) -> None:
    for requested in (text, f"bytes={text}"):
        usable = usable_range(requested, size_bytes)
        assert usable is None or usable.startswith("bytes=")


async def test_a_file_that_is_replaced_while_it_is_found_is_sent_in_its_new_version(
    running_app: Application,
    client: httpx2.AsyncClient,
    urls: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media = running_app.media
    find, replaced = media.find, list[str]()

    async def find_and_replace(key: str) -> StoredFile | None:
        found = await find(key)
        if not replaced:
            replaced.append(key)
            await media.put_bytes(key, b"the next one")
        return found

    monkeypatch.setattr(media, "find", find_and_replace)
    reply = await client.get(urls[0])
    assert (reply.status_code, reply.content) == (200, b"the next one")
    assert replaced


async def test_a_file_that_is_deleted_while_it_is_found_is_gone(
    running_app: Application,
    client: httpx2.AsyncClient,
    urls: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media = running_app.media
    find = media.find

    async def find_and_delete(key: str) -> StoredFile | None:
        found = await find(key)
        await media.delete(key)
        return found

    monkeypatch.setattr(media, "find", find_and_delete)
    reply = await client.get(urls[0])
    assert (reply.status_code, reply.json()["detail"]) == (410, "this file was deleted")
