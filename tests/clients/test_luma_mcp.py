"""Luma's own MCP server: the requests that it sends, and the loops that end on what it reads."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.clients.conftest import Serving, finished_at

ROOT = "/dream-machine/v1/generations"


class Mcp:
    """Does what ``utils/api.py`` and ``utils/file.py`` of lumalabs/luma-api-mcp do."""

    def __init__(self, server: Serving) -> None:
        headers = {"Authorization": f"Bearer {server.key}"}
        self._http = httpx2.Client(base_url=server.url, headers=headers)
        self._server = server

    def close(self) -> None:
        self._http.close()

    def create_image(self, **body: Any) -> str:
        reported = self._http.post(f"{ROOT}/image", json={"aspect_ratio": "1:1", **body}).json()
        return self._until(reported["id"], "image")["image"]

    def create_video(self, **body: Any) -> dict[str, Any]:
        reported = self._http.post(
            ROOT, json={"aspect_ratio": "1:1", "model": "ray-2", **body}
        ).json()
        return {"id": reported["id"], **self._until(reported["id"], "image", "video")}

    def _until(self, id_: str, *names: str) -> dict[str, Any]:
        """Look once before and once after: its loop ends when every asset is there, and only then."""
        before = self._http.get(f"{ROOT}/{id_}").json()
        if before["state"] != "completed":
            assert before["assets"] is None
        finished_at(self._server.url, self._server.key, id_)
        after = self._http.get(f"{ROOT}/{id_}").json()
        assets = after.get("assets", {})
        assert isinstance(assets, dict), after
        assert all(assets[name] is not None for name in names)
        return assets


@pytest.fixture(scope="module")
def mcp(server: Serving) -> Iterator[Mcp]:
    speaks = Mcp(server)
    yield speaks
    speaks.close()


def test_pictures_are_drawn_after_every_kind_of_reference(mcp: Mcp) -> None:
    url = mcp.create_image(prompt="a dune at dusk", model="photon-1")
    assert httpx2.get(url).status_code == 200
    again = mcp.create_image(
        prompt="the same by night",
        model="photon-flash-1",
        image_ref=[{"url": url, "weight": 1.0}],
        style_ref=[{"url": url, "weight": 0.5}],
        character_ref={"identity0": {"images": [url]}},
        modify_image_ref={"url": url, "weight": 1.0},
    )
    assert httpx2.get(again).status_code == 200


def test_a_video_and_what_follows_it_have_a_video_and_a_picture(mcp: Mcp) -> None:
    film = mcp.create_video(prompt="a lighthouse at dusk")
    for name in ("video", "image"):
        assert httpx2.get(film[name]).status_code == 200
    longer = mcp.create_video(
        prompt="the light goes on",
        keyframes={"frame0": {"type": "generation", "id": film["id"].lower()}},
    )
    assert httpx2.get(longer["video"]).status_code == 200
