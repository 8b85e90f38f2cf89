"""What callers of every API see of credits: 402 in its own shape, and what is left."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from rushes.bootstrap.application import Application, build
from rushes.core.generation import AccountId
from rushes.core.keys import EVERY_SCOPE
from rushes.core.spec import Kind, Source
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load

PROMPT = "a lighthouse at dusk"
VIDEO = {"kind": "video", "prompt": PROMPT, "model": "ray-2", "duration_s": 5}
NATIVE = "/api/v1/generations"
QUOTES = "/api/v1/quotes"
SHORT = "this takes 1.6 credits, and the account 'test' has 1"

DOORS: dict[str, tuple[str, dict[str, Any]]] = {
    "relay": ("/luma/generations", {"user_prompt": PROMPT, "model_name": "ray-v2"}),
    "official": ("/dream-machine/v1/generations", {"prompt": PROMPT, "model": "ray-2"}),
    "agents": ("/v1/generations", {"prompt": PROMPT, "model": "ray-3.2", "type": "video"}),
    "openai": ("/v1/videos", {"prompt": PROMPT, "model": "ray-2", "seconds": "5"}),
    "native": (NATIVE, VIDEO),
}


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    file = tmp_path / "rushes.toml"
    file.write_text(
        "[credits]\nenabled = true\n"
        "[[credits.prices]]\nkind = 'image'\nprice = 0.02\n"
        "[[credits.prices]]\nkind = 'video'\nprice = 0.32\n"
        "[[credits.prices]]\nprice = 0.001\n"
    )
    requested = load(config_file=file, overrides={"data": tmp_path / "data"})
    engine = ScriptedEngine(["the video", "refuse"])
    built = build(requested, engines=dict.fromkeys(MODELS, engine))
    yield built
    await built.close()


@pytest.fixture
async def client(running_app: Application) -> AsyncIterator[httpx2.AsyncClient]:
    _, secret = await running_app.accounts.create_key("test")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(running_app.app),
        base_url="http://testserver",
        headers={"Authorization": f"Bearer {secret}"},
    ) as client:
        yield client


async def give(running_app: Application, credits_: int) -> None:
    await running_app.credits.grant(AccountId("test"), credits_ * 1_000_000)


async def reported(client: httpx2.AsyncClient, path: str, **query: Any) -> Any:
    return (await client.get(path, params=query)).raise_for_status().json()


@pytest.mark.parametrize("gateway", DOORS)
async def test_without_enough_credits_every_api_says_so_in_its_own_shape(
    running_app: Application, client: httpx2.AsyncClient, gateway: str
) -> None:
    await give(running_app, 1)
    path, body = DOORS[gateway]
    reply = await client.post(path, json=body)
    assert reply.status_code == 402, reply.text
    error = reply.json()
    match gateway:
        case "relay":
            assert error["error"]["type"] == error["error"]["code"] == "insufficient_quota"
            assert error["code"] == "insufficient_quota"
            assert error["message"] == SHORT
        case "openai":
            assert error["error"] == {
                "message": SHORT,
                "type": "insufficient_quota",
                "param": None,
                "code": "insufficient_quota",
            }
        case "native":
            assert error["code"] == "insufficient_credits"
            assert error["detail"] == SHORT
            assert reply.headers["content-type"] == "application/problem+json"
        case _:
            assert error == {"detail": SHORT}
    if gateway != "native":
        assert reply.headers["x-should-retry"] == "false"
    assert (await reported(client, NATIVE))["generations"] == []


@pytest.mark.parametrize("gateway", DOORS)
async def test_with_enough_of_them_every_api_holds_the_price(
    running_app: Application, client: httpx2.AsyncClient, gateway: str
) -> None:
    await give(running_app, 3)
    path, body = DOORS[gateway]
    (await client.post(path, json=body)).raise_for_status()
    assert await reported(client, "/api/v1/credits") == {
        "account": "test",
        "is_metered": True,
        "balance": "1.4",
        "held": "1.6",
    }


async def test_a_quote_tells_what_would_be_held_and_keeps_nothing(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 1)
    dear = (await client.post(QUOTES, json=VIDEO)).raise_for_status().json()
    assert dear == {"price": "1.6", "balance": "1", "is_covered": False}
    await give(running_app, 1)
    quotes = [(await client.post(QUOTES, json=VIDEO)).json() for _ in range(2)]
    assert quotes == [{"price": "1.6", "balance": "2", "is_covered": True}] * 2
    still = (await client.post(QUOTES, json={"kind": "image", "prompt": PROMPT})).json()
    assert still == {"price": "0.02", "balance": "2", "is_covered": True}
    assert (await reported(client, NATIVE))["generations"] == []
    assert (await reported(client, "/api/v1/credits"))["held"] == "0"
    made = (await client.post(NATIVE, json=VIDEO)).raise_for_status().json()
    assert made["price"] == quotes[0]["price"]


async def test_a_quote_for_work_on_a_video_goes_by_its_length(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 2)
    made = (await client.post(NATIVE, json=VIDEO)).raise_for_status().json()
    await running_app.worker.run_next()
    requested = {"kind": "audio", "source": {"generation_id": made["id"]}}
    quote = (await client.post(QUOTES, json=requested)).raise_for_status().json()
    assert quote == {"price": "0.005", "balance": "0.4", "is_covered": True}


async def test_a_repetition_holds_nothing_more(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 2)
    for _ in range(3):
        reply = await client.post(NATIVE, json=VIDEO, headers={"Idempotency-Key": "k"})
        assert reply.status_code == 201
    assert (await reported(client, "/api/v1/credits"))["held"] == "1.6"


async def test_what_was_made_is_due_and_what_failed_is_not(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 4)
    made = [(await client.post(NATIVE, json=VIDEO)).json() for _ in range(2)]
    assert [(one["price"], one["charged"]) for one in made] == [("1.6", None)] * 2
    while await running_app.worker.run_next():
        pass
    ended = [await reported(client, f"{NATIVE}/{one['id']}") for one in made]
    assert {one["state"]: one["charged"] for one in ended} == {"completed": "1.6", "failed": "0"}
    again = (await client.post(f"{NATIVE}/{made[1]['id']}/retry")).raise_for_status().json()
    assert again["price"] == "1.6"
    assert (await reported(client, "/api/v1/credits"))["balance"] == "0.8"
    page = await reported(client, "/api/v1/credits/entries", limit=3)
    lines = (
        page["entries"]
        + (await reported(client, "/api/v1/credits/entries", before=page["next"], limit=900))[
            "entries"
        ]
    )
    assert sorted((one["kind"], one["balance"], one["held"]) for one in lines) == [
        ("grant", "4", "0"),
        ("hold", "-1.6", "1.6"),
        ("hold", "-1.6", "1.6"),
        ("hold", "-1.6", "1.6"),
        ("release", "1.6", "-1.6"),
        ("settle", "0", "-1.6"),
    ]


async def test_usage_is_counted_by_key_model_and_state(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 4)
    for _ in range(2):
        (await client.post(NATIVE, json=VIDEO)).raise_for_status()
    while await running_app.worker.run_next():
        pass
    key_id = (await reported(client, "/api/v1/account"))["key_id"]
    used = (await reported(client, "/api/v1/usage"))["usage"]
    assert [
        (one["key_id"], one["model"], one["state"], one["count"], one["credits"]) for one in used
    ] == [(key_id, "ray-2", "completed", 1, "1.6"), (key_id, "ray-2", "failed", 1, "0")]
    assert (await reported(client, "/api/v1/usage", last="2020-01-01"))["usage"] == []


async def test_dream_machine_tells_the_balance_in_cents(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    assert await reported(client, "/dream-machine/v1/credits") == {"credit_balance": 0.0}
    await give(running_app, 150)
    (await client.post(NATIVE, json=VIDEO)).raise_for_status()
    assert await reported(client, "/dream-machine/v1/credits") == {"credit_balance": 148.4}
    assert (await reported(client, "/luma/subscription/usage"))["remaining"] == 148


async def test_only_operators_give_credits_and_see_what_others_have(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    grant = {"account": "test", "amount": "12.5", "once": "invoice 7", "note": "paid"}
    assert (await client.post("/api/v1/credits/grants", json=grant)).status_code == 403
    everybody = {"all_accounts": "true"}
    for path in ("/api/v1/credits/entries", "/api/v1/usage"):
        assert (await client.get(path, params=everybody)).status_code == 403
    _, secret = await running_app.accounts.create_key("boss", scopes=EVERY_SCOPE)
    boss = {"Authorization": f"Bearer {secret}"}
    for _ in range(2):
        given = await client.post("/api/v1/credits/grants", json=grant, headers=boss)
        assert given.status_code == 201, given.text
        assert given.json()["note"] == "paid"
    assert (await reported(client, "/api/v1/credits"))["balance"] == "12.5"
    seen = await client.get("/api/v1/credits/entries", params=everybody, headers=boss)
    assert [one["account"] for one in seen.json()["entries"]] == ["test"]
    for wrong in ({"amount": "x"}, {"amount": "0"}, {"amount": 1.5}, {"amount": "1e3"}):
        body = json.dumps({**grant, **wrong})
        assert (
            await client.post(
                "/api/v1/credits/grants",
                content=body,
                headers={**boss, "Content-Type": "application/json"},
            )
        ).status_code == 422
    beyond = {**grant, "amount": "-13", "once": "x"}
    assert (
        await client.post("/api/v1/credits/grants", json=beyond, headers=boss)
    ).status_code == 402


async def test_nobody_sees_what_somebody_else_has(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 9)
    _, secret = await running_app.accounts.create_key("stranger")
    own = {"Authorization": f"Bearer {secret}"}
    seen = await client.get("/api/v1/credits", headers=own)
    assert (seen.json()["account"], seen.json()["balance"]) == ("stranger", "0")
    entries = await client.get("/api/v1/credits/entries", headers=own)
    assert entries.json() == {"entries": [], "next": None}


async def test_an_edit_costs_by_the_length_of_what_it_works_on(
    running_app: Application, client: httpx2.AsyncClient
) -> None:
    await give(running_app, 40)
    made = (await client.post(NATIVE, json=VIDEO)).json()
    await running_app.worker.run_next()
    video = (await reported(client, f"{NATIVE}/{made['id']}"))["artifacts"]["video"]
    spec = replace(
        (await running_app.store.get(made["id"])).spec,
        kind=Kind.UPSCALE,
        resolution="4k",
        source=Source(generation_id=made["id"]),
    )
    own = await running_app.credits.quote(spec)
    elsewhere = replace(spec, source=Source(file="https://example.com/a.mp4"))
    unknown = await running_app.credits.quote(elsewhere)
    assert own is not None
    assert unknown is not None
    assert own.held == own.amount_milli == round(video["duration_s"] * 1000)
    assert (unknown.held, unknown.amount_milli) == (30_000, None)
