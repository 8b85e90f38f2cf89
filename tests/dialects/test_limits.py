"""What a key lacks, and what it has used up, as each API tells it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from rushes.bootstrap.application import Application, build
from rushes.core.keys import KeyLimits, Scope
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load

PROMPT = "a lighthouse at dusk"


@dataclass(frozen=True, kw_only=True)
class Door:
    """How one API is asked for a generation, and where it says what was wrong."""

    path: str
    body: dict[str, Any]
    message: Callable[[Any], str]
    code: Callable[[Any], str] | None = None
    type: Callable[[Any], str] | None = None
    refused: int = 400
    """Its status for a model that is not on offer."""

    model: str = "model"


DOORS = {
    "relay": Door(
        path="/luma/generations",
        body={"user_prompt": PROMPT, "model_name": "ray-v2"},
        message=lambda reported: reported["error"]["message"],
        code=lambda reported: reported["error"]["code"],
        type=lambda reported: reported["error"]["type"],
        model="model_name",
    ),
    "official": Door(
        path="/dream-machine/v1/generations",
        body={"prompt": PROMPT, "model": "ray-2"},
        message=lambda reported: (
            reported["detail"] if isinstance(reported["detail"], str) else str(reported)
        ),
        refused=422,
    ),
    "agents": Door(
        path="/v1/generations",
        body={"prompt": PROMPT, "model": "ray-3.2", "type": "video"},
        message=lambda reported: reported["detail"],
        refused=422,
    ),
    "openai": Door(
        path="/v1/videos",
        body={"prompt": PROMPT, "model": "ray-2", "seconds": "4", "size": "1280x720"},
        message=lambda reported: reported["error"]["message"],
        code=lambda reported: reported["error"]["code"],
        type=lambda reported: reported["error"]["type"],
    ),
    "native": Door(
        path="/api/v1/generations",
        body={"prompt": PROMPT, "model": "ray-2"},
        message=lambda reported: reported["detail"],
        code=lambda reported: reported["code"],
        refused=422,
    ),
}


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    built = build(
        load(overrides={"data": tmp_path / "data"}),
        engines=dict.fromkeys(MODELS, ScriptedEngine([])),
    )
    yield built
    await built.close()


async def client(running_app: Application, *scopes: Scope, **limits: Any) -> httpx2.AsyncClient:
    _, secret = await running_app.accounts.create_key(
        "k", scopes=scopes or (Scope.GENERATE, Scope.READ), limits=KeyLimits(**limits)
    )
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=running_app.app),
        base_url="http://rushes.test",
        headers={"Authorization": f"Bearer {secret}"},
    )


@pytest.mark.parametrize("name", DOORS)
async def test_too_many_requests(running_app: Application, name: str) -> None:
    gateway = DOORS[name]
    asking = await client(running_app, submits_per_minute=1)
    accepted = await asking.post(gateway.path, json=gateway.body)
    assert accepted.is_success, accepted.text
    assert accepted.headers["x-ratelimit-limit"] == "1"
    assert accepted.headers["x-ratelimit-remaining"] == "0"
    assert 0 < int(accepted.headers["x-ratelimit-reset"]) <= 60
    refused = await asking.post(gateway.path, json=gateway.body)
    assert refused.status_code == 429
    assert "1 requests for a generation a minute" in gateway.message(refused.json())
    assert gateway.code is None or gateway.code(refused.json()) == "rate_limit_exceeded"
    assert gateway.type is None or gateway.type(refused.json()) == "rate_limit_error"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert "x-should-retry" not in refused.headers, "waiting does help"


@pytest.mark.parametrize("name", DOORS)
async def test_too_many_in_flight(running_app: Application, name: str) -> None:
    gateway = DOORS[name]
    asking = await client(running_app, in_flight=1)
    assert (await asking.post(gateway.path, json=gateway.body)).is_success
    refused = await asking.post(gateway.path, json=gateway.body)
    assert refused.status_code == 429
    assert "wait or run" in gateway.message(refused.json())
    assert gateway.code is None or gateway.code(refused.json()) == "too_many_in_flight"
    assert refused.headers["retry-after"] == "5"
    assert refused.headers["x-ratelimit-limit"] == "1"


@pytest.mark.parametrize("name", DOORS)
async def test_a_scope_that_is_missing(running_app: Application, name: str) -> None:
    gateway = DOORS[name]
    refused = await (await client(running_app, Scope.READ)).post(gateway.path, json=gateway.body)
    assert refused.status_code == 403
    assert "scope generate" in gateway.message(refused.json())
    assert gateway.code is None or gateway.code(refused.json()) == "forbidden"


@pytest.mark.parametrize("name", DOORS)
async def test_a_model_that_is_not_allowed_is_refused_as_one_that_is_not_on_offer(
    running_app: Application, name: str
) -> None:
    gateway = DOORS[name]
    asking = await client(running_app, models=frozenset({"ray-1-6"}))
    refused = await asking.post(gateway.path, json=gateway.body)
    assert refused.status_code == gateway.refused, refused.text
    assert "ray-1-6" in gateway.message(refused.json())
    assert "ray-flash" not in gateway.message(refused.json())
