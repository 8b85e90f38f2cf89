"""Files that clients get from the object store itself, by a link of this server."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from tests.object_storage import ObjectStorage

from rushes.bootstrap.application import Application, build
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load


@pytest.fixture
async def running_app(object_storage: ObjectStorage, tmp_path: Path) -> AsyncIterator[Application]:
    media = {"media.delivery": "redirect", **object_storage.settings}
    built = build(
        load(overrides={"data": tmp_path / "data", **media}),
        engines=dict.fromkeys(MODELS, ScriptedEngine(["the video"])),
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
async def video(running_app: Application, client: httpx2.AsyncClient) -> str:
    made = await client.post("/v1/videos", json={"prompt": "a dune", "seconds": "5"})
    await running_app.worker.run_next()
    return made.json()["id"]


async def test_a_link_leads_to_the_object_store_which_sends_what_the_server_would(
    client: httpx2.AsyncClient, video: str, object_storage: ObjectStorage
) -> None:
    native = (await client.get(f"/api/v1/generations/{video}")).json()
    link = native["artifacts"]["video"]["url"]
    async with httpx2.AsyncClient(trust_env=False) as anybody:
        for method, content in (("GET", b"the video"), ("HEAD", b"")):
            reply = await client.request(method, link)
            assert (reply.status_code, reply.headers["cache-control"]) == (307, "no-store")
            there = reply.headers["location"]
            assert there.startswith(object_storage.endpoint)
            whole = await anybody.request(method, there)
            assert (whole.status_code, whole.content) == (200, content)
            assert whole.headers["content-type"] == "video/mp4"
            assert whole.headers["content-disposition"].startswith('inline; filename="')
        part = await anybody.get(
            (await client.get(link)).headers["location"], headers={"Range": "bytes=4-"}
        )
        assert (part.status_code, part.content) == (206, b"video")


async def test_a_link_to_a_deleted_file_leads_nowhere(
    running_app: Application, client: httpx2.AsyncClient, video: str
) -> None:
    native = (await client.get(f"/api/v1/generations/{video}")).json()
    await running_app.media.delete(native["id"])
    assert (await client.get(native["artifacts"]["video"]["url"])).status_code == 410


async def test_content_that_needs_a_key_comes_from_the_server(
    client: httpx2.AsyncClient, video: str
) -> None:
    reply = await client.get(f"/v1/videos/{video}/content")
    assert (reply.status_code, reply.content) == (200, b"the video")
