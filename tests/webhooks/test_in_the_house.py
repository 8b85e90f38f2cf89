"""Webhooks of a whole house: every wording, real libraries, and tests of addresses."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from standardwebhooks import Webhook as Verifier
from tests.sqlite import with_tables
from tests.webhooks.conftest import MakeReceiver, Receiver, Told, status

from rushes.bootstrap.application import Application, build
from rushes.bootstrap.webhooks import webhook_secret
from rushes.core import lifecycle
from rushes.core.generation import Artifact, ArtifactKind, Failure, GenerationId
from rushes.engines.scripted import ScriptedEngine
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.service.catalogue import MODELS
from rushes.settings import Settings, load
from rushes.store.outbox import DeliveryState


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(overrides={"data": with_tables(tmp_path / "data" / "rushes.db").parent})


@pytest.fixture
async def running_app(
    settings: Settings, http: SafeHttpClient, clock: FrozenClock
) -> AsyncIterator[Application]:
    engines = dict.fromkeys(MODELS, ScriptedEngine([]))
    built = build(settings, engines=engines, http=http, clock=clock)
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


async def end(
    running_app: Application, id_: str, clock: FrozenClock, *, fails: bool = False
) -> None:
    """Let a generation run and end."""
    queued = await running_app.store.get(GenerationId(id_))
    running = await running_app.store.write(lifecycle.claim(queued, engine="e", now=clock.now()))
    video = Artifact(
        kind=ArtifactKind.VIDEO,
        key=f"{id_}/1/video.mp4",
        media_type="video/mp4",
        size_bytes=7,
        width_px=1280,
        height_px=720,
        duration_s=5.0,
    )
    if fails:
        change = lifecycle.fail(running, Failure(code="x", message="no"), now=clock.now())
    else:
        change = lifecycle.complete(running, (video,), now=clock.now())
    await running_app.store.write(change)


async def add(client: httpx2.AsyncClient, url: str, **fields: Any) -> dict[str, Any]:
    reply = await client.post("/api/v1/webhooks", json={"url": url} | fields)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


MAKERS = {
    "native": ("/api/v1/generations", {"prompt": "a dune"}),
    "relay": ("/luma/generations", {"user_prompt": "a dune"}),
    "official": ("/dream-machine/v1/generations", {"prompt": "a dune", "model": "ray-2"}),
    "agents": ("/v1/generations", {"prompt": "a dune", "model": "ray-3.2", "type": "video"}),
    "openai": ("/v1/videos", {"prompt": "a dune", "model": "sora-2"}),
}
WORDINGS = [
    "native",
    "luma_agents",
    "openai_videos",
    "luma",
    "luma_proxy",
    "luma_relay",
    "luma_relay:superset",
    "luma_relay:official",
    "luma_relay:crazyrouter",
    "luma_relay:newapi",
]


def test_every_wording_is_tried_below(running_app: Application) -> None:
    assert list(running_app.webhooks.wordings()) == WORDINGS


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("fails", [False, True])
async def test_whichever_api_was_asked_each_wording_tells_of_it(  # noqa: PLR0917  # fixtures
    running_app: Application,
    client: httpx2.AsyncClient,
    receiver: Receiver,
    clock: FrozenClock,
    maker: str,
    fails: bool,
) -> None:
    for wording in WORDINGS:
        await add(client, receiver.url(f"/{wording}"), wording=wording)
    path, body = MAKERS[maker]
    made = await client.post(path, json=body)
    assert made.status_code in {200, 201, 202}, made.text
    (generation,) = (await client.get("/api/v1/generations")).json()["generations"]
    await end(running_app, generation["id"], clock, fails=fails)

    await running_app.dispatcher.deliver_due()

    reported = {one.path.removeprefix("/"): json.loads(one.body) for one in receiver.reported}
    assert set(reported) == set(WORDINGS)
    assert len(receiver.reported) == 2 * len(WORDINGS) - 1, "OpenAI's has no word for running"
    ended = "failed" if fails else "completed"
    assert reported["native"]["state"] == reported["luma"]["state"] == ended
    assert reported["openai_videos"]["type"] == f"video.{ended}"


# Libraries that receivers use


def by_standard_webhooks(reported: Told, secret: str) -> None:
    Verifier(secret).verify(reported.body, reported.headers)


def by_openai(reported: Told, secret: str) -> None:
    client = openai.OpenAI(api_key="unused", webhook_secret=secret)
    client.webhooks.verify_signature(reported.body, reported.headers)


def by_replicate(reported: Told, secret: str) -> None:
    webhook = pytest.importorskip("replicate.webhook", reason="replicate is not installed")
    webhook.Webhooks.validate(
        headers=reported.headers,
        body=reported.body.decode(),
        secret=webhook.WebhookSigningSecret(key=secret),
        tolerance=300,
    )


@pytest.mark.parametrize("verify", [by_standard_webhooks, by_openai, by_replicate])
async def test_libraries_verify_what_is_told_and_refuse_what_is_forged(  # noqa: PLR0917  # fixtures
    running_app: Application,
    client: httpx2.AsyncClient,
    receiver: Receiver,
    clock: FrozenClock,
    settings: Settings,
    verify: Callable[[Told, str], None],
) -> None:
    added = await add(client, receiver.url("/registered"))
    body = {"prompt": "a dune", "webhook_url": receiver.url("/named")}
    made = (await client.post("/api/v1/generations", json=body)).json()
    await end(running_app, made["id"], clock)
    await running_app.dispatcher.deliver_due()
    turned = (await client.post(f"/api/v1/webhooks/{added['id']}/secret")).json()
    again = receiver.reported[-1].headers["webhook-id"]
    await client.post(f"/api/v1/deliveries/{again}/redeliver")
    await running_app.dispatcher.deliver_due()

    servers = webhook_secret(settings)
    assert len(receiver.reported) == 5
    for reported in receiver.reported:
        verify(reported, servers)
    for reported in (one for one in receiver.reported if one.path == "/registered"):
        verify(reported, added["secret"])
        forged = Told(path=reported.path, headers=reported.headers, body=reported.body + b" ")
        with pytest.raises(Exception, match="signature"):
            verify(forged, added["secret"])
    if receiver.reported[-1].path == "/registered":
        verify(receiver.reported[-1], turned["secret"])


async def test_openai_s_library_reads_what_it_is_told(
    running_app: Application, client: httpx2.AsyncClient, receiver: Receiver, clock: FrozenClock
) -> None:
    added = await add(client, receiver.url(), wording="openai_videos")
    made = (await client.post("/v1/videos", json={"prompt": "a dune", "model": "sora-2"})).json()
    (generation,) = (await client.get("/api/v1/generations")).json()["generations"]
    await end(running_app, generation["id"], clock)
    await running_app.dispatcher.deliver_due()

    (reported,) = receiver.reported
    sdk = openai.OpenAI(api_key="unused", webhook_secret=added["secret"])
    event = sdk.webhooks.unwrap(reported.body, reported.headers)

    assert event.type == "video.completed"
    assert event.data.id == made["id"]


# Tests of addresses


@pytest.mark.parametrize("wording", WORDINGS)
async def test_a_test_says_that_it_is_one_in_every_wording(
    client: httpx2.AsyncClient, receiver: Receiver, wording: str
) -> None:
    added = await add(client, receiver.url(), wording=wording)

    tried = await client.post(f"/api/v1/webhooks/{added['id']}/test")

    assert (tried.json()["status"], tried.json()["error"]) == (204, None)
    (reported,) = receiver.reported
    assert json.loads(reported.body)["test"] is True
    assert reported.headers["webhook-id"].startswith("test_")
    reported.verify(added["secret"])
    assert (await client.get("/api/v1/deliveries")).json()["deliveries"] == []


async def test_a_test_of_an_address_that_is_not_registered_is_signed_by_the_server(
    client: httpx2.AsyncClient, receiver: Receiver, settings: Settings
) -> None:
    tried = await client.post(
        "/api/v1/webhook-tests", json={"url": receiver.url(), "wording": "luma_relay:newapi"}
    )

    assert tried.json()["status"] == 204
    receiver.reported[0].verify(webhook_secret(settings))
    assert json.loads(receiver.reported[0].body)["code"] == "success"


async def test_a_test_tells_what_went_wrong_and_is_not_tried_again(
    running_app: Application, client: httpx2.AsyncClient, receiver_of: MakeReceiver
) -> None:
    receiver = await receiver_of(status(301, head="Location: /elsewhere\r\n"))

    tried = (await client.post("/api/v1/webhook-tests", json={"url": receiver.url()})).json()

    assert tried["status"] == 301
    assert "redirects are not followed" in tried["error"]
    assert await running_app.dispatcher.deliver_due() == 0
    assert len(receiver.reported) == 1


async def test_a_farewell_to_a_test_disables_nothing(
    client: httpx2.AsyncClient, receiver_of: MakeReceiver
) -> None:
    receiver = await receiver_of(status(410))
    added = await add(client, receiver.url())

    tried = (await client.post(f"/api/v1/webhooks/{added['id']}/test")).json()

    assert tried["status"] == 410
    assert (await client.get(f"/api/v1/webhooks/{added['id']}")).json()["enabled"]


# What an account sees and does when something goes wrong


async def test_an_owner_sees_a_farewell_and_enables_the_address_again(
    running_app: Application, client: httpx2.AsyncClient, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(410)]
    body = {"prompt": "a dune", "webhook_url": receiver.url()}
    made = (await client.post("/api/v1/generations", json=body)).json()
    await end(running_app, made["id"], clock)
    await running_app.dispatcher.deliver_due()

    (seen,) = (await client.get("/api/v1/webhooks")).json()["webhooks"]
    assert (seen["url"], seen["enabled"], seen["events"]) == (receiver.url(), False, [])
    await client.patch(f"/api/v1/webhooks/{seen['id']}", json={"enabled": True})
    await running_app.dispatcher.deliver_due()

    listed = (await client.get("/api/v1/deliveries")).json()["deliveries"]
    assert [(one["event"], one["state"]) for one in listed] == [
        ("generation.completed", DeliveryState.DELIVERED),
        ("generation.running", DeliveryState.FAILED),
    ]
    assert (await client.get(f"/api/v1/webhooks/{seen['id']}")).json()["events"] == []


async def test_the_log_tells_an_owner_of_each_try(
    running_app: Application, client: httpx2.AsyncClient, receiver: Receiver, clock: FrozenClock
) -> None:
    receiver.answers = [status(500, b"out of order"), status(200, b"fine")]
    added = await add(client, receiver.url(), events=["generation.completed"])
    made = (await client.post("/api/v1/generations", json={"prompt": "a dune"})).json()
    await end(running_app, made["id"], clock)
    await running_app.dispatcher.deliver_due()
    clock.advance(seconds=12)
    await running_app.dispatcher.deliver_due()

    listed = await client.get("/api/v1/deliveries", params={"webhook_id": added["id"]})
    (delivery,) = listed.json()["deliveries"]
    shown = (await client.get(f"/api/v1/deliveries/{delivery['id']}")).json()

    assert shown == delivery
    assert [(one["status"], one["answer"]) for one in shown["tries"]] == [
        (500, "out of order"),
        (200, "fine"),
    ]
