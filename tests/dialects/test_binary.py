"""Bytes where text belongs: every API says what is wrong, and none repeats the bytes."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import httpx2
import pytest

from rushes.bootstrap.application import Application, build
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.service.generation_ids import canonical_id
from rushes.settings import load

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01"
WAITING = ("sync", "events", "/luma/videos")
"""How a path ends whose reply takes as long as a video does."""

TEXT = JPEG.decode("latin-1")
SAMPLE: dict[str, Any] = {"prompt": "a dune", "user_prompt": "a dune", "type": "video"}
PATHS = (
    "/luma/generations", "/luma/tasks", "/luma/generations/file_upload",
    "/dream-machine/v1/generations", "/dream-machine/v1/generations/image",
    "/v1/generations", "/v1/files", "/v1/videos", "/v1/video/generations", "/v1/videos/edits",
    "/v1/videos/extensions", "/v1/videos/characters", "/api/v1/generations", "/api/v1/quotes",
    "/api/v1/webhooks", "/api/v1/keys",
)  # fmt: skip


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    engines = dict.fromkeys(MODELS, ScriptedEngine([]))
    built = build(load(overrides={"data": tmp_path / "data"}), engines=engines)
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


def assert_no_bytes(reply: httpx2.Response) -> None:
    assert reply.status_code < 500, reply.text
    if reply.status_code >= 400:
        assert "JFIF" not in reply.text, reply.text


def names_in(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """Yield each field that a body's schema names, however it is composed."""
    if "$ref" in schema:
        part = schema["$ref"].rpartition("/")[2]
        yield from names_in(document["components"]["schemas"][part], document)
    yield from schema.get("properties", {})
    for kind in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(kind, ()):
            yield from names_in(one, document)


def waiting_for_nothing(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        if not path.endswith(WAITING):
            yield path, operations


async def test_no_field_of_any_api_repeats_binary(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    refused = 0
    for path, operations in waiting_for_nothing(document):
        for method in operations.keys() & {"post", "put", "patch", "delete"}:
            contents = operations[method].get("requestBody", {}).get("content", {})
            schema = contents.get("application/json", {}).get("schema", {})
            for name in {*names_in(schema, document), "no_such_field"}:
                for value in (TEXT, [TEXT], {"id": TEXT, "url": TEXT}, {TEXT: TEXT}):
                    body = {**SAMPLE, name: value}
                    reply = await client.request(method, path.replace("{", ""), json=body)
                    assert_no_bytes(reply)
                    refused += reply.status_code >= 400
    assert refused > 100


async def test_no_query_path_or_header_is_repeated_where_it_is_binary(
    client: httpx2.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    binary = quote_from_bytes(JPEG)
    for path, operations in waiting_for_nothing(document):
        url = "/".join(quote(part) if "{" not in part else binary for part in path.split("/"))
        for method, operation in operations.items():
            assert_no_bytes(await client.request(method, url))
            for reported in operation.get("parameters", ()):
                if reported["in"] == "query":
                    reply = await client.request(method, f"{path}?{reported['name']}={binary}")
                    assert_no_bytes(reply)


@pytest.mark.parametrize("path", PATHS)
async def test_no_form_field_or_field_name_is_repeated_where_it_is_binary(
    client: httpx2.AsyncClient, path: str
) -> None:
    for name in (b"model", b"size", b"seconds", b"prompt", b"image_url", b"url", b"video", JPEG):
        raw = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n--x--\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        assert_no_bytes(await client.post(path, content=raw % (name, JPEG), headers=kind))
        form = f"{quote_from_bytes(name)}={quote_from_bytes(JPEG)}"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert_no_bytes(await client.post(path, content=form, headers=kind))
        form = f"{quote(name.decode('latin-1'))}={quote(TEXT)}"
        assert_no_bytes(await client.post(path, content=form, headers=kind))
    assert_no_bytes(await client.post(path, content=JPEG, headers={"Content-Type": "image/jpeg"}))
    odd = [(b"Content-Type", JPEG.replace(b"\x00", b"").replace(b"\x10", b""))]
    assert_no_bytes(await client.post(path, content=JPEG, headers=odd))


@pytest.mark.parametrize("name", ["action", "timeout", "callback_url", "duration", "image_url"])
async def test_the_api_that_waits_repeats_no_binary_either(
    client: httpx2.AsyncClient, name: str
) -> None:
    reply = await client.post("/luma/videos", json={"prompt": "a dune", name: TEXT})
    assert reply.status_code >= 400
    assert_no_bytes(reply)


@pytest.mark.parametrize("head", ["", "Content-Type: application/octet-stream\r\n"])
async def test_a_picture_without_a_file_name_begins_a_video(
    client: httpx2.AsyncClient, running_app: Application, head: str
) -> None:
    disposition = 'Content-Disposition: form-data; name="{}"\r\n'
    raw = (
        b"--x\r\n" + disposition.format("prompt").encode() + b"\r\na dune\r\n"
        b"--x\r\n" + disposition.format("input_reference").encode() + head.encode() + b"\r\n"
        + JPEG + b"\r\n--x--\r\n"
    )  # fmt: skip
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = await client.post("/v1/videos", content=raw, headers=kind)
    assert reply.status_code == 200, reply.text
    [keyframe] = (await running_app.store.get(canonical_id(reply.json()["id"]))).spec.keyframes
    kept = running_app.media.path(str(keyframe.image).removeprefix("media:"))
    assert kept is not None
    assert kept.read_bytes() == JPEG
