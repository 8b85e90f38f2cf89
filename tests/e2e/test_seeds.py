"""The request of each seed document, through the whole house: its video arrives and plays."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx2
import numpy as np
import pytest
from PIL import Image
from standardwebhooks.webhooks import Webhook
from typing_extensions import override

from rushes.bootstrap.application import Application, build
from rushes.kit.safe_http import Downloaded, Reply, SafeHttpClient
from rushes.media.probe import probe
from rushes.settings import load

GOLDEN = Path(__file__).parents[1] / "golden" / "luma_relay"
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy0zMi1ieXRlcy4uLi4="


def picture(seed: int) -> bytes:
    """A soft picture, 1600x900, as a PNG; another for each seed."""
    small = np.random.default_rng(seed).integers(0, 255, (5, 8, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(small).resize((1600, 900), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


class Elsewhere(SafeHttpClient):
    """The addresses that the documents name, served by the test; what is posted is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[tuple[str, Mapping[str, str], bytes]] = []
        self.completed = asyncio.Event()

    @override
    async def check(self, url: str, *, deadline_s: float = 5.0) -> None:
        """Let every address pass."""

    @override
    async def download(self, url: str, into: Path, **limits: object) -> Downloaded:  # type: ignore[override]  # the test sets no limits
        content = picture(len(url))
        await asyncio.to_thread(into.write_bytes, content)
        return Downloaded(
            size_bytes=len(content),
            media_type="image/png",
            sha256=hashlib.sha256(content).hexdigest(),
        )

    @override
    async def request(self, method: str, url: str, **sent: object) -> Reply:  # type: ignore[override]  # only what is looked at
        self.posted.append((url, sent["headers"], sent["body"]))  # type: ignore[arg-type]  # as the courier sends them
        if b'"completed"' in self.posted[-1][2]:
            self.completed.set()
        return Reply(status=200, headers={}, body=b"")


@pytest.fixture
async def running_app(
    tmp_path: Path,
) -> AsyncIterator[tuple[Application, Elsewhere, httpx2.AsyncClient]]:
    elsewhere = Elsewhere()
    settings = load(overrides={"data": tmp_path / "data", "webhooks.secret": SECRET})
    built = build(settings, http=elsewhere)
    _, secret = await built.accounts.create_key("tests")
    async with (
        built.running(),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=built.app),
            base_url="http://relay.test",
            headers={"Authorization": f"Bearer {secret}"},
        ) as client,
    ):
        yield built, elsewhere, client


async def finished(
    running_app: Application, client: httpx2.AsyncClient, generation_id: str
) -> dict:
    """Return the task once it is final; woken by the store's own word."""
    moved = asyncio.Event()
    unlisten = running_app.store.listen(lambda _change: moved.set())
    async with asyncio.timeout(60):
        while True:
            moved.clear()
            shown = (await client.get(f"/luma/generations/{generation_id}")).json()
            if shown["state"] in {"completed", "failed"}:
                unlisten()
                return shown
            await moved.wait()


@pytest.mark.parametrize("name", ["seed_000", "seed_001", "seed_002", "seed_003", "seed_004"])
async def test_the_documents_request_becomes_a_video_that_plays(
    running_app, tmp_path, name
) -> None:
    built, elsewhere, client = running_app
    seed = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    requested = {**seed["request"], **seed.get("placeholders", {})}
    made = (await client.post("/luma/generations", json=requested)).raise_for_status().json()
    done = await finished(built, client, made["id"])
    assert done["state"] == "completed", done["failure_reason"]
    file = tmp_path / "video.mp4"
    file.write_bytes((await client.get(done["video"]["url"])).raise_for_status().content)
    facts = probe(file)
    assert (facts.width_px, facts.height_px) == (1280, 720)
    assert facts.frames == (120 if requested.get("loop") else 121)
    assert facts.codec == "h264"
    if "notify_hook" in requested:
        await reported(elsewhere, requested["notify_hook"], made["id"])


async def reported(elsewhere: Elsewhere, url: str, generation_id: str) -> None:
    """Wait for the completion's webhook and verify it as a receiver would."""
    async with asyncio.timeout(20):
        await elsewhere.completed.wait()
    target, headers, body = elsewhere.posted[-1]
    received = Webhook(SECRET).verify(body, dict(headers))
    assert target == url
    assert (received["id"], received["state"]) == (generation_id, "completed")
    assert [json.loads(body)["state"] for _, _, body in elsewhere.posted] == [
        "processing",
        "completed",
    ]
