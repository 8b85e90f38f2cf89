"""The list of models that pickers ask for, at a path that several dialects share the prefix of."""

from dataclasses import replace
from pathlib import Path

import httpx2
from tests.dialects.openai_videos.conftest import VIDEOS, Four, Server

from rushes.bootstrap.application import build
from rushes.core.keys import KeyLimits
from rushes.core.spec import Kind
from rushes.settings import Settings

MODELS_PATH = "/v1/models"


async def test_every_model_and_every_alias_is_listed_in_openais_shape(server: Server) -> None:
    reported = await server.get(MODELS_PATH)
    assert set(reported) == {"object", "data"}
    assert reported["object"] == "list"
    by_id = {one["id"]: one for one in reported["data"]}
    assert len(by_id) == len(reported["data"])
    assert {one["object"] for one in reported["data"]} == {"model"}
    names = {
        name for one in server.running_app.catalogue.models() for name in (one.name, *one.aliases)
    }
    assert names < set(by_id)
    assert by_id["ray-2"] == {
        "id": "ray-2",
        "object": "model",
        "created": 0,
        "owned_by": "scripted",
        "root": "ray-2",
        "kinds": by_id["ray-2"]["kinds"],
    }
    assert by_id["ray2"]["root"] == by_id["sora-2"]["root"] == "ray-2"
    assert "video" in by_id["ray-2"]["kinds"]
    assert "video" not in by_id["photon-1"]["kinds"]
    assert {kind for one in reported["data"] for kind in one["kinds"]} <= set(Kind)


async def test_every_name_that_makes_videos_can_be_asked_for_and_no_other(server: Server) -> None:
    for one in (await server.get(MODELS_PATH))["data"]:
        reply = await server.client.post(VIDEOS, json={"prompt": "a dune", "model": one["id"]})
        assert reply.is_success == ("video" in one["kinds"]), (one, reply.text)
        if reply.is_success:
            stored = await server.stored(reply.json()["id"])
            assert stored.spec.model == one["root"]


async def test_one_model_is_told_as_in_the_list_in_upper_case_too(server: Server) -> None:
    listed = (await server.get(MODELS_PATH))["data"]
    for one in listed:
        assert await server.get(f"{MODELS_PATH}/{one['id']}") == one
    assert (await server.get(f"{MODELS_PATH}/Ray-2"))["id"] == "ray-2"


async def test_a_model_that_there_is_not_is_not_found_in_openais_words(server: Server) -> None:
    reported = (await server.get(f"{MODELS_PATH}/gpt-5", status=404))["error"]
    assert (reported["type"], reported["code"]) == ("not_found_error", "not_found")
    assert "ray-2" in reported["message"]
    assert set(await server.get("/v1/generations/nonsense", status=404)) == {"detail"}


async def test_a_key_sees_the_models_that_it_may_ask_for_alone(server: Server) -> None:
    for allowed, seen in (
        ({"ray-3"}, {"ray-3", "sora-2"}),
        ({"photon-1"}, {"photon-1"}),
        (set(), set()),
    ):
        limits = KeyLimits(models=frozenset(allowed))
        _, secret = await server.running_app.accounts.create_key("picky", limits=limits)
        async with server.as_client(secret) as client:
            listed = (await client.get(MODELS_PATH)).json()["data"]
            hidden = await client.get(f"{MODELS_PATH}/ray-2")
        ids = {one["id"] for one in listed}
        assert {one["root"] for one in listed} == allowed
        assert ids >= seen
        assert ("sora-2" in ids) == ("sora-2" in seen)
        assert hidden.status_code == 404


async def test_nobody_is_told_of_models_without_a_key(server: Server) -> None:
    async with server.as_client(None) as stranger:
        reply = await stranger.get(MODELS_PATH)
    assert reply.status_code == 401
    assert reply.json()["error"]["type"] == "authentication_error"


async def test_the_name_of_a_model_may_hold_a_slash_as_on_hugging_face(tmp_path: Path) -> None:
    settings = replace(Settings(), data=tmp_path, server=replace(Settings().server, auth=False))
    running_app = build(settings, engines={"wan-ai/wan2.2": Four([])}, serves_worker=False)
    transport = httpx2.ASGITransport(app=running_app.app)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://rushes.test") as client:
            for name in ("wan-ai/wan2.2", "wan-ai%2Fwan2.2"):
                reply = await client.get(f"{MODELS_PATH}/{name}")
                assert reply.json()["id"] == "wan-ai/wan2.2"
    finally:
        await running_app.close()
