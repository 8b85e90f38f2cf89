"""
What ComfyUI's Luma nodes send and read, in the order in which they do.

Source: Comfy-Org/ComfyUI, comfy_api_nodes/util/upload_helpers.py, nodes_luma.py and apis/luma.py.
"""

import io
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image
from pydantic import BaseModel
from tests.dialects.luma.conftest import Server

from rushes.bootstrap.application import build
from rushes.core.spec import Role
from rushes.engines.scripted import ScriptedEngine
from rushes.settings import Settings

GENERATIONS = "/proxy/luma/generations"
STORAGE = "/customers/storage"


class Ratio(StrEnum):
    WIDE = "16:9"
    SQUARE = "1:1"
    TALL = "9:16"


class Grant(BaseModel):
    """What the node reads of the storage's reply; both fields are required there."""

    download_url: str
    upload_url: str


class WeightedPicture(BaseModel):
    url: str
    weight: float


class Identity(BaseModel):
    images: list[str]


class Character(BaseModel):
    identity0: Identity


class Frame(BaseModel):
    type: str | None = "image"
    url: str


class Frames(BaseModel):
    frame0: Frame | None = None
    frame1: Frame | None = None


class VideoRequest(BaseModel):
    prompt: str
    model: str = "ray-2"
    duration: str | None = None
    aspect_ratio: Ratio | None = None
    resolution: str | None = None
    loop: bool | None = None
    keyframes: Frames | None = None


class ImageRequest(BaseModel):
    prompt: str
    model: str = "photon-1"
    aspect_ratio: Ratio | None = None
    image_ref: list[WeightedPicture] | None = None
    style_ref: list[WeightedPicture] | None = None
    character_ref: Character | None = None
    modify_image_ref: WeightedPicture | None = None


class Read(BaseModel):
    """What the nodes read of a generation, as strictly as they do."""

    id: str
    generation_type: str
    state: str
    created_at: str
    model: str
    request: VideoRequest | ImageRequest


def picture(color: str = "red", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 36), color).save(out, kind)
    return out.getvalue()


class Node:
    """A node: it has a key where the proxy asks for one, and sends none to the upload URL."""

    def __init__(self, server: Server, headers: dict[str, str] | None = None) -> None:
        self.server = server
        self.headers = headers or {}

    async def post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        client = self.server.client if not self.headers else self.server.as_client(None)
        return await client.post(path, json=body, headers=self.headers)

    async def bring(
        self,
        data: bytes | None = None,
        *,
        file_name: str = "5f0c9a52.png",
        content_type: str | None = None,
    ) -> str:
        """Bring a file as ``upload_file_to_comfyapi`` does, and return its download URL."""
        body = {"file_name": file_name}
        if content_type is not None:
            body["content_type"] = content_type
        reply = await self.post(STORAGE, body)
        assert reply.status_code == 200, reply.text
        grant = Grant.model_validate(reply.json())
        put = await self.put(grant.upload_url, data or picture(), content_type)
        assert put.status_code == 200, put.text
        return grant.download_url

    async def put(self, url: str, data: bytes, content_type: str | None = None) -> httpx2.Response:
        headers = {"Content-Type": content_type} if content_type else {}
        return await self.server.as_client(None).put(url, content=data, headers=headers)

    async def ask(self, path: str, body: dict[str, Any]) -> Read:
        reply = await self.post(path, body)
        assert reply.status_code == 201, reply.text
        return Read.model_validate(reply.json())


@pytest.fixture
def node(server: Server) -> Node:
    return Node(server)


async def kept(server: Server, address: str | None) -> bytes:
    """Return the bytes that a field of a spec refers to, which must be ours."""
    assert address is not None
    assert address.startswith("media:")
    path = server.running_app.media.path(address.removeprefix("media:"))
    assert path is not None
    return path.read_bytes()


async def test_the_image_to_video_node_begins_and_ends_with_its_pictures(
    server: Server, node: Node
) -> None:
    first, last = picture("red"), picture("blue")
    keyframes = {
        "frame0": {"type": "image", "url": await node.bring(first)},
        "frame1": {"type": "image", "url": await node.bring(last)},
    }
    reported = await node.ask(
        GENERATIONS,
        {
            "prompt": "",
            "model": "ray-2",
            "aspect_ratio": "16:9",
            "resolution": "540p",
            "duration": "5s",
            "loop": False,
            "keyframes": keyframes,
        },
    )
    assert reported.request.prompt == ""
    spec = (await server.stored(reported.id)).spec
    assert [await kept(server, frame.image) for frame in spec.keyframes] == [first, last]
    reply = await server.client.get(f"{GENERATIONS}/{reported.id}")
    shown = Read.model_validate(reply.json()).request
    assert isinstance(shown, VideoRequest)
    assert shown.keyframes is not None
    assert shown.keyframes.frame0 is not None
    assert (await server.as_client(None).get(shown.keyframes.frame0.url)).content == first


async def test_the_image_node_follows_reference_style_and_character(
    server: Server, node: Node
) -> None:
    content, style, face = picture("red"), picture("green"), picture("blue")
    reported = await node.ask(
        f"{GENERATIONS}/image",
        {
            "prompt": "a dune at dusk",
            "model": "photon-1",
            "aspect_ratio": "1:1",
            "image_ref": [{"url": await node.bring(content), "weight": 0.5}],
            "style_ref": [{"url": await node.bring(style), "weight": 1.0}],
            "character_ref": {"identity0": {"images": [await node.bring(face)]}},
        },
    )
    still = (await server.stored(reported.id)).spec.still
    assert still is not None
    found = {one.role: await kept(server, one.image) for one in still.references}
    assert found == {Role.CONTENT: content, Role.STYLE: style, Role.CHARACTER: face}


async def test_the_modify_node_changes_its_picture(server: Server, node: Node) -> None:
    data = picture()
    reported = await node.ask(
        f"{GENERATIONS}/image",
        {
            "prompt": "the same by night",
            "model": "photon-flash-1",
            "aspect_ratio": "16:9",
            "modify_image_ref": {"url": await node.bring(data), "weight": 0.9},
        },
    )
    still = (await server.stored(reported.id)).spec.still
    assert still is not None
    assert [(one.role, one.weight) for one in still.references] == [(Role.MODIFY, 0.9)]
    assert await kept(server, still.references[0].image) == data


async def test_a_video_may_be_brought_likewise(server: Server, node: Node) -> None:
    mp4 = b"\0\0\0\x18ftypisom" + bytes(100)
    url = await node.bring(mp4, file_name="a.mp4", content_type="video/mp4")
    body = {"generation_type": "reframe_video", "media": {"url": url}, "aspect_ratio": "1:1"}
    reply = await node.post(f"{GENERATIONS}/video/reframe", body)
    assert reply.status_code == 201, reply.text
    source = (await server.stored(reply.json()["id"])).spec.source
    assert source is not None
    assert await kept(server, source.file) == mp4


async def test_a_loopback_address_of_ours_is_not_taken_for_one_inside_the_network(
    server: Server, node: Node
) -> None:
    url = await node.bring()
    here = url.replace("http://rushes.test", "http://127.0.0.1:8000")
    reported = await node.ask(
        GENERATIONS, {"prompt": "", "keyframes": {"frame0": {"type": "image", "url": here}}}
    )
    assert (await server.stored(reported.id)).spec.keyframes[0].image.startswith("media:uploads/")


@pytest.mark.parametrize("header", ["Authorization", "X-API-KEY"])
async def test_the_storage_asks_for_the_key_that_the_proxy_asks_for(
    server: Server, header: str
) -> None:
    nobody = server.as_client(None)
    reply = await nobody.post(STORAGE, json={"file_name": "a.png"})
    assert (reply.status_code, reply.json()) == (401, {"detail": "Invalid API key is provided"})
    _, secret = await server.running_app.accounts.create_key("comfy")
    value = f"Bearer {secret}" if header == "Authorization" else secret
    assert await Node(server, {header: value}).bring()


async def test_the_storage_asks_for_no_key_where_the_proxy_asks_for_none(tmp_path: Path) -> None:
    settings = replace(Settings(), data=tmp_path, server=replace(Settings().server, auth=False))
    running_app = build(settings, engines={"ray-2": ScriptedEngine([])}, serves_worker=False)
    transport = httpx2.ASGITransport(app=running_app.app)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            reply = await client.post(STORAGE, json={"file_name": "a.png"})
            grant = Grant.model_validate(reply.json())
            assert (await client.put(grant.upload_url, content=picture())).status_code == 200
            frame = {"type": "image", "url": grant.download_url}
            body = {"prompt": "", "keyframes": {"frame0": frame}}
            assert (await client.post(GENERATIONS, json=body)).status_code == 201
    finally:
        await running_app.close()


async def test_the_upload_url_takes_one_file_and_the_same_again(server: Server, node: Node) -> None:
    grant = Grant.model_validate((await node.post(STORAGE, {"file_name": "a.png"})).json())
    assert (await server.as_client(None).get(grant.download_url)).status_code == 404
    for _ in range(2):  # the node repeats what was cut off
        assert (await node.put(grant.upload_url, picture("red"))).status_code == 200
    assert (await node.put(grant.upload_url, picture("blue"))).status_code == 409
    reply = await server.as_client(None).get(grant.download_url)
    assert reply.content == picture("red")
    assert reply.headers["content-type"] == "image/png"
    server.clock.advance(seconds=3 * 3600)
    assert (await node.put(grant.upload_url, picture("red"))).status_code == 410


async def test_a_name_may_be_wrong_about_the_format(server: Server, node: Node) -> None:
    url = await node.bring(picture(kind="JPEG"), file_name="a.png")
    reply = await server.as_client(None).get(url)
    assert reply.headers["content-type"] == "image/jpeg"


async def test_what_is_no_picture_can_be_put_right(server: Server, node: Node) -> None:
    grant = Grant.model_validate((await node.post(STORAGE, {"file_name": "a.png"})).json())
    for wrong in (b"", b"<html>", b"\0\0\0\x18ftypisom" + bytes(100)):
        assert (await node.put(grant.upload_url, wrong)).status_code == 422
    assert (await node.put(grant.upload_url, picture())).status_code == 200


async def test_a_picture_has_the_size_that_a_file_brought_otherwise_may_have(
    server: Server, node: Node
) -> None:
    grant = Grant.model_validate((await node.post(STORAGE, {"file_name": "a.png"})).json())
    large = picture() + bytes(20 << 20)
    assert (await node.put(grant.upload_url, large)).status_code == 413


async def test_a_picture_that_was_never_put_is_refused_by_its_field(
    server: Server, node: Node
) -> None:
    grant = Grant.model_validate((await node.post(STORAGE, {"file_name": "a.png"})).json())
    body = {"keyframes": {"frame0": {"type": "image", "url": grant.download_url}}}
    reply = await node.post(GENERATIONS, body)
    assert reply.status_code == 422
    assert "never uploaded" in reply.json()["detail"][0]["msg"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "file_name"),
        ({"file_name": ""}, "file_name"),
        ({"file_name": "a.obj"}, "file_name"),
        ({"file_name": "a"}, "file_name"),
        ({"file_name": "a.png", "content_type": "audio/mp4"}, "content_type"),
        ({"file_name": "a.png", "file_size": 3}, "file_size"),
    ],
)
async def test_what_cannot_be_brought_is_refused_by_its_field(
    node: Node, body: dict[str, Any], field: str
) -> None:
    reply = await node.post(STORAGE, body)
    assert reply.status_code == 422
    assert reply.json()["detail"][0]["loc"] == ["body", field]


async def test_the_links_say_until_when_they_are_good(server: Server, node: Node) -> None:
    body = {"file_name": "a.bin.png", "content_type": "application/octet-stream"}
    reported = (await node.post(STORAGE, body)).json()
    assert reported["expires_at"] == "2026-01-03T04:00:00Z"
    assert (await node.put(reported["upload_url"], picture())).status_code == 200
    server.clock.advance(seconds=25 * 3600)
    assert (await server.as_client(None).get(reported["download_url"])).status_code == 410
