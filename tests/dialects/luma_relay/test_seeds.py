"""What the five documents of this API promise, held against our replies."""

import re
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package that we do without
import pytest
from tests.dialects.luma_relay.conftest import Server, golden

SEEDS = ["seed_000.json", "seed_001.json", "seed_002.json", "seed_003.json", "seed_004.json"]


def request_of(seed: dict[str, Any]) -> dict[str, Any]:
    """Return the document's own request; placeholders, where it has any, filled in."""
    return {**seed["request"], **seed.get("placeholders", {})}


@pytest.mark.parametrize("name", SEEDS)
async def test_the_documents_own_request_is_accepted_and_answered_as_it_says(
    server: Server, name: str
) -> None:
    seed = golden(name)
    reply = await server.json("POST", "/luma/generations", json=request_of(seed))
    jsonschema.validate(reply, seed["reply_schema"])
    assert_like(seed["reply_example"], reply)
    assert reply["state"] == "pending"
    assert reply["prompt"] == seed["request"]["user_prompt"]


@pytest.mark.parametrize("name", SEEDS)
async def test_every_field_that_the_document_sends_reaches_the_spec(
    server: Server, name: str
) -> None:
    requested = request_of(golden(name))
    reply = await server.json("POST", "/luma/generations", json=requested)
    spec = (await server.stored(reply["id"])).spec
    assert spec.prompt == requested["user_prompt"]
    assert spec.expand_prompt is requested.get("expand_prompt", False)
    assert spec.loop is requested.get("loop", False)
    assert spec.model == {"ray-v1": "ray-1-6"}.get(requested.get("model_name", ""), "ray-2")
    assert spec.resolution == requested.get("resolution", "720p")
    assert spec.duration_s == 5.0
    assert spec.aspect_ratio == requested.get("aspect_ratio")
    images = [requested[k] for k in ("image_url", "image_end_url") if k in requested]
    assert [k.image for k in spec.keyframes] == images
    announce = (await server.stored(reply["id"])).announce
    assert (announce and announce.url) == requested.get("notify_hook")


async def test_placeholders_are_refused_each_by_name_and_with_what_works(server: Server) -> None:
    reported = await server.refused(
        "POST", "/luma/generations", 400, json=golden("seed_002.json")["request"]
    )
    named = {one["param"]: one["message"] for one in reported["error"]["problems"]}
    assert set(named) == {"image_url", "image_end_url", "resolution", "duration", "notify_hook"}
    assert all(why.startswith(name) for name, why in named.items())
    assert "540p, 720p, 1080p" in named["resolution"]
    assert "5s, 9s, 10s" in named["duration"]
    assert "URL" in named["image_url"]
    assert "http" in named["notify_hook"]
    assert all(why in reported["message"] for why in named.values())


@pytest.mark.parametrize("state", ["pending", "processing", "completed", "failed"])
async def test_a_reply_carries_all_that_the_superset_promises(server: Server, state: str) -> None:
    sample = golden(f"reply_{state}.json")
    task_id = (await server.create(user_prompt="cat dance", aspect_ratio="16:9"))["id"]
    await server.bring_to(task_id, state, reason="Job failed")
    reply = await server.show(task_id)
    assert_like(sample, reply)
    same = ("state", "status", "prompt", "model", "model_name", "request.aspect_ratio")
    assert [at(reply, path) for path in same] == [at(sample, path) for path in same]
    assert reply["data"]["task_status"] == sample["data"]["task_status"]
    if state in {"pending", "completed"}:
        assert reply["progress"] == sample["progress"]
    assert reply["message"] == sample["message"]


@pytest.mark.parametrize("name", SEEDS)
async def test_the_moment_of_creation_is_written_as_the_documents_write_it(
    server: Server, name: str
) -> None:
    shape = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
    assert shape.fullmatch(golden(name)["reply_example"]["created_at"])
    reply = await server.create()
    assert reply["created_at"] == "2026-01-02T03:04:05.678901Z"
    assert reply["data"]["created_at"] == 1767323045678


def at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[part]
    return value


def assert_like(example: Any, value: Any, where: str = "reply") -> None:
    """Fail unless *value* has every key of *example*, at every depth, with the same JSON type."""
    if isinstance(example, dict):
        assert isinstance(value, dict), where
        for key, wanted in example.items():
            assert key in value, f"{where}.{key}"
            assert_like(wanted, value[key], f"{where}.{key}")
    elif isinstance(example, list):
        assert isinstance(value, list), where
        assert value, where
        assert_like(example[0], value[0], f"{where}[0]")
    else:
        assert type(value) is type(example), f"{where}: {value!r} is not like {example!r}"
