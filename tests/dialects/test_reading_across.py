"""One table, many views: what one API has made, every other can read, in every state."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.sqlite import with_tables

from rushes.bootstrap.application import Application, build
from rushes.core import lifecycle
from rushes.core.generation import GenerationId
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load

PROMPT = "a lighthouse at dusk"


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """How one API makes a generation, shows one, and says where it stands."""

    path: str
    body: dict[str, Any]
    shown: Callable[[str], str]
    states: tuple[str, str, str]
    """Its words for queued, completed and failed."""

    video: Callable[[dict[str, Any]], str | None] | None
    """Where a reply says the video is; None when that is a path of its own."""

    state: str = "state"
    """The field that says where it stands."""

    spelled: Callable[[str], str] = str
    """Its own form of an id."""


ENTRANCES = {
    "relay": Entrance(
        path="/luma/generations",
        body={"user_prompt": PROMPT, "model_name": "ray-v2"},
        shown="/luma/generations/{}".format,
        states=("pending", "completed", "failed"),
        video=lambda reported: reported["video"] and reported["video"]["url"],
    ),
    "official": Entrance(
        path="/dream-machine/v1/generations",
        body={"prompt": PROMPT, "model": "ray-2"},
        shown="/dream-machine/v1/generations/{}".format,
        states=("queued", "completed", "failed"),
        video=lambda reported: reported["assets"] and reported["assets"]["video"],
    ),
    "agents": Entrance(
        path="/v1/generations",
        body={"prompt": PROMPT, "model": "ray-3.2", "type": "video"},
        shown="/v1/generations/{}".format,
        states=("queued", "completed", "failed"),
        video=lambda reported: reported["output"][0]["url"] if reported.get("output") else None,
    ),
    "openai": Entrance(
        path="/v1/videos",
        body={"prompt": PROMPT, "model": "sora-2", "seconds": "4", "size": "1280x720"},
        shown="/v1/videos/{}".format,
        states=("queued", "completed", "failed"),
        video=None,
        state="status",
        spelled=lambda id_: f"video_{id_.replace('-', '')}",
    ),
    "native": Entrance(
        path="/api/v1/generations",
        body={"kind": "video", "prompt": PROMPT},
        shown="/api/v1/generations/{}".format,
        states=("queued", "completed", "failed"),
        video=lambda reported: reported["artifacts"].get("video", {}).get("url"),
    ),
}


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    engine = ScriptedEngine(["the video", "refuse"])
    built = build(
        load(overrides={"data": with_tables(tmp_path / "data" / "rushes.db").parent}),
        engines=dict.fromkeys(MODELS, engine),
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


async def make(client: httpx2.AsyncClient, dialect: Entrance) -> str:
    reply = await client.post(dialect.path, json=dialect.body)
    assert reply.status_code in {200, 201, 202}, reply.text
    return reply.json()["id"]


@pytest.mark.parametrize("maker", ENTRANCES)
@pytest.mark.parametrize("reader", ENTRANCES)
async def test_what_one_has_made_the_other_reads(
    client: httpx2.AsyncClient, running_app: Application, maker: str, reader: str
) -> None:
    dialect = ENTRANCES[reader]
    made = await make(client, ENTRANCES[maker])

    async def read() -> dict[str, Any]:
        reply = await client.get(dialect.shown(made))
        assert reply.status_code == 200, reply.text
        return reply.json()

    waiting = await read()
    assert waiting[dialect.state] == dialect.states[0]
    assert PROMPT in str(waiting) or reader == "agents"  # whose replies do not repeat it
    await running_app.worker.run_next()
    done = await read()
    assert done[dialect.state] == dialect.states[1]
    url = dialect.video(done) if dialect.video else f"{dialect.shown(made)}/content"
    assert (await client.get(url)).content == b"the video"


@pytest.mark.parametrize("maker", ENTRANCES)
@pytest.mark.parametrize("reader", ENTRANCES)
async def test_what_failed_is_told_as_failed_by_every_other(
    client: httpx2.AsyncClient, running_app: Application, maker: str, reader: str
) -> None:
    await make(client, ENTRANCES["relay"])
    await running_app.worker.run_next()
    made = await make(client, ENTRANCES[maker])
    await running_app.worker.run_next()
    reported = (await client.get(ENTRANCES[reader].shown(made))).json()
    assert reported[ENTRANCES[reader].state] == ENTRANCES[reader].states[2]
    assert "refused" in str(reported)


@pytest.mark.parametrize("reader", ENTRANCES)
async def test_any_form_of_an_id_will_do(client: httpx2.AsyncClient, reader: str) -> None:
    made = await make(client, ENTRANCES["relay"])
    for other in ENTRANCES.values():
        reply = await client.get(ENTRANCES[reader].shown(other.spelled(made)))
        assert reply.status_code == 200


@pytest.mark.parametrize("reader", ENTRANCES)
async def test_a_strangers_key_finds_nothing_through_any_of_them(
    client: httpx2.AsyncClient, running_app: Application, reader: str
) -> None:
    made = await make(client, ENTRANCES["relay"])
    _, stranger = await running_app.accounts.create_key("stranger")
    reply = await client.get(
        ENTRANCES[reader].shown(made), headers={"Authorization": f"Bearer {stranger}"}
    )
    assert reply.status_code == 404


@pytest.mark.parametrize("reader", ENTRANCES)
async def test_what_has_expired_says_so_everywhere_and_its_links_are_gone(
    client: httpx2.AsyncClient, running_app: Application, reader: str
) -> None:
    dialect = ENTRANCES[reader]
    made = await make(client, ENTRANCES["native"])
    await running_app.worker.run_next()
    url = (await client.get(f"/api/v1/generations/{made}")).json()["artifacts"]["video"]["url"]
    done = await running_app.store.get(GenerationId(made))
    await running_app.store.write(lifecycle.expire(done, now=datetime.now(UTC)))
    await running_app.media.delete(made)
    reported = (await client.get(dialect.shown(made))).json()
    assert reported[dialect.state] == ("expired" if reader == "native" else dialect.states[2])
    assert "its files were kept until" in str(reported)
    assert dialect.video is None or dialect.video(reported) is None
    assert (await client.get(url)).status_code == 410
    if dialect.video is None:
        assert reported["expires_at"] is not None
        assert (await client.get(f"{dialect.shown(made)}/content")).status_code == 410


async def test_a_video_tells_until_when_it_is_kept(tmp_path: Path) -> None:
    requested = {"data": tmp_path / "data", "retention.artifacts_days": 2.0, "server.auth": False}
    engine = ScriptedEngine(["the video"])
    running_app = build(load(overrides=requested), engines=dict.fromkeys(MODELS, engine))
    transport = httpx2.ASGITransport(app=running_app.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rushes.test") as client:
        dialect = ENTRANCES["openai"]
        made = await make(client, dialect)
        await running_app.worker.run_next()
        reported = (await client.get(dialect.shown(made))).json()
    await running_app.close()
    assert reported["expires_at"] - reported["completed_at"] == 2 * 86400


async def picture(client: httpx2.AsyncClient) -> str:
    body = {"prompt": PROMPT, "model": "photon-1"}
    reply = await client.post("/dream-machine/v1/generations/image", json=body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def test_lists_of_videos_hold_no_pictures_and_their_pages_are_full(
    client: httpx2.AsyncClient,
) -> None:
    videos = []
    for _ in range(3):
        videos.append(await make(client, ENTRANCES["native"]))
        await picture(client)
    videos.reverse()
    official = ENTRANCES["openai"].spelled
    page = (await client.get("/v1/videos", params={"limit": 2})).json()
    assert [one["id"] for one in page["data"]] == [official(one) for one in videos[:2]]
    assert page["has_more"] is True
    params = {"limit": 2, "after": page["last_id"]}
    page = (await client.get("/v1/videos", params=params)).json()
    assert [one["id"] for one in page["data"]] == [official(videos[2])]
    assert page["has_more"] is False
    found = (await client.get("/luma/generations", params={"limit": 2, "offset": 1})).json()
    assert [one["id"] for one in found] == videos[1:]
    for path in ("/dream-machine/v1/generations", "/api/v1/generations"):
        reported = (await client.get(path)).json()
        assert (
            len(reported.get("generations") or reported.get("data") or reported.get("items")) == 6
        )


async def test_who_asks_for_a_picture_as_a_video_is_told_what_it_is(
    client: httpx2.AsyncClient,
) -> None:
    made = await picture(client)
    for method, path in (
        ("GET", f"/v1/videos/{made}"),
        ("GET", f"/v1/videos/{made}/content"),
        ("DELETE", f"/v1/videos/{made}"),
        ("GET", f"/v1/video/generations/{made}"),
        ("GET", f"/luma/generations/{made}"),
    ):
        reply = await client.request(method, path)
        assert reply.status_code == 404, reply.text
        assert f"{made} is a picture, not a video; GET /api/v1/generations/{made}" in reply.text
    assert (await client.get(f"/api/v1/generations/{made}")).status_code == 200
    body = {"ids": [made]}
    assert (await client.post("/luma/tasks", json=body)).json() in ([], {"data": []})
