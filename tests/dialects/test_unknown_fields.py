"""Fields that an API does not list: refused, or ignored and told of, as the settings say."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.sqlite import with_tables

from rushes.bootstrap.application import Application, build
from rushes.engines.base import Engine
from rushes.engines.scripted import ScriptedEngine
from rushes.http.unknown import HEADER
from rushes.service.catalogue import MODELS
from rushes.settings import Dialects, Settings

STRICT = {
    "/dream-machine/v1/generations": {"prompt": "a dune"},
    "/dream-machine/v1/generations/image": {"prompt": "a dune"},
    "/proxy/luma/generations": {"prompt": "a dune"},
    "/v1/generations": {"prompt": "a dune", "type": "video", "model": "ray-3.2"},
    "/api/v1/generations": {"prompt": "a dune"},
    "/v1/videos": {"prompt": "a dune", "seconds": "5"},
    "/v1/video/generations": {"prompt": "a dune", "duration": 5},
}
RELAY = {"/luma/generations": {"user_prompt": "a dune"}}


class Callers:
    """A house, and its only caller."""

    def __init__(self, running_app: Application, client: httpx2.AsyncClient) -> None:
        self.running_app = running_app
        self._client = client

    async def post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        return await self._client.post(path, json=body)

    async def ignored(self, reply: httpx2.Response) -> list[str] | None:
        """Return what our own API says of the generation that a reply is about."""
        reported = reply.json()
        id_ = str(reported.get("task_id") or reported["id"])
        found = await self._client.get(f"/api/v1/generations/{id_}")
        assert found.status_code == 200, found.text
        return found.json().get("ignored_fields")


async def opened(tmp_path: Path, dialects: Dialects) -> AsyncIterator[Callers]:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    settings = replace(Settings(), data=tmp_path, dialects=dialects)
    with_tables(tmp_path / "rushes.db")
    running_app = build(settings, engines=engines, serves_worker=False)
    _, secret = await running_app.accounts.create_key("tester")
    transport = httpx2.ASGITransport(app=running_app.app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {secret}"}
    try:
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://rushes.test", headers=headers
        ) as client:
            yield Callers(running_app, client)
    finally:
        await running_app.close()


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Callers]:
    async for one in opened(tmp_path, Dialects()):
        yield one


@pytest.fixture
async def lenient(tmp_path: Path) -> AsyncIterator[Callers]:
    async for one in opened(tmp_path, Dialects(unknown_fields="report")):
        yield one


@pytest.mark.parametrize("path", STRICT)
async def test_an_unknown_field_is_refused_by_default(strict: Callers, path: str) -> None:
    reply = await strict.post(path, STRICT[path] | {"sharpness": 3})
    assert reply.status_code in {400, 422}
    assert "sharpness" in reply.text
    assert HEADER not in reply.headers


@pytest.mark.parametrize("path", STRICT | RELAY)
async def test_where_it_is_reported_the_header_and_our_own_api_name_it(
    lenient: Callers, path: str
) -> None:
    body = (STRICT | RELAY)[path]
    reply = await lenient.post(path, body | {"sharpness": 3, "mood": "calm"})
    assert reply.status_code in {200, 201}, reply.text
    assert reply.headers[HEADER] == "sharpness, mood"
    assert await lenient.ignored(reply) == ["sharpness", "mood"]


@pytest.mark.parametrize("path", STRICT)
@pytest.mark.parametrize("name", ["first_picture", "image_start"])
async def test_what_brings_a_picture_is_never_dropped(
    lenient: Callers, path: str, name: str
) -> None:
    body = STRICT[path] | {"sharpness": 3, name: "https://example.com/a.png"}
    reply = await lenient.post(path, body)
    assert reply.status_code in {400, 422}, reply.text
    assert name in reply.text


@pytest.mark.parametrize("path", STRICT | RELAY)
async def test_nothing_is_told_where_nothing_was_ignored(lenient: Callers, path: str) -> None:
    reply = await lenient.post(path, (STRICT | RELAY)[path])
    assert reply.status_code in {200, 201}, reply.text
    assert HEADER not in reply.headers
    assert await lenient.ignored(reply) is None


async def test_a_relay_tells_what_it_ignores_whatever_is_set(strict: Callers) -> None:
    body = {"user_prompt": "a dune", "mood": "calm", "empty": "", "metadata": {"tone": "dark"}}
    reply = await strict.post("/luma/generations", body)
    assert reply.headers[HEADER] == "mood, metadata.tone"
    assert await strict.ignored(reply) == ["mood", "metadata.tone"]


async def test_a_field_within_another_is_named_with_its_place(lenient: Callers) -> None:
    frame = {"type": "image", "url": "https://example.com/a.png", "weight": 0.5}
    body = {"prompt": "", "keyframes": {"frame0": frame}}
    reply = await lenient.post("/dream-machine/v1/generations", body)
    assert reply.headers[HEADER] == "keyframes.frame0.weight"


async def test_how_well_a_video_is_made_may_be_ignored_at_openai(
    strict: Callers, lenient: Callers
) -> None:
    body = {"prompt": "a dune", "seconds": "5", "quality": "hd", "guidance_scale": 7}
    assert (await strict.post("/v1/videos", body)).status_code == 400
    reply = await lenient.post("/v1/videos", body)
    assert sorted(reply.headers[HEADER].split(", ")) == ["guidance_scale", "quality"]
    assert (await lenient.post("/v1/videos", body | {"n": 2})).status_code == 400


async def test_a_retry_tells_of_it_again(lenient: Callers) -> None:
    reply = await lenient.post("/api/v1/generations", {"prompt": "a dune", "mood": "calm"})
    id_ = reply.json()["id"]
    await lenient.post(f"/api/v1/generations/{id_}/cancel", {})
    again = await lenient.post(f"/api/v1/generations/{id_}/retry", {})
    assert again.json()["ignored_fields"] == ["mood"]
