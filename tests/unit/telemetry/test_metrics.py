"""What is counted, who may read it, and that the dashboard and the alerts ask for what there is."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from rushes.bootstrap.application import Application, build
from rushes.core.errors import StoreError
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import load

ROOT = Path(__file__).parents[3]
ASKED = {"kind": "video", "prompt": "a lighthouse at dusk"}
TOKEN = "let-me-read-please"


def made(folder: Path, **settings: object) -> Application:
    engine = ScriptedEngine(["the video", "refuse"])
    chosen = load(overrides={"data": folder / "data", **settings})
    return build(chosen, engines=dict.fromkeys(MODELS, engine))


@pytest.fixture
async def running_app(tmp_path: Path) -> AsyncIterator[Application]:
    running_app = made(tmp_path)
    yield running_app
    await running_app.close()


def client(running_app: Application, key: str | None = None, **headers: str) -> httpx2.AsyncClient:
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    transport = httpx2.ASGITransport(app=running_app.app)
    return httpx2.AsyncClient(transport=transport, base_url="http://rushes.test", headers=headers)


async def read(running_app: Application) -> dict[tuple[str, str], float]:
    """Return every sample by its name and its labels, written one after the other."""
    async with client(running_app) as here:
        reply = await here.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


async def test_a_run_is_counted_at_every_seam(running_app: Application) -> None:
    _, key = await running_app.accounts.create_key("tests")
    before = await read(running_app)
    assert before["rushes_generations", "queued"] == 0
    async with client(running_app, key) as caller:
        for _ in range(3):
            assert (await caller.post("/api/v1/generations", json=ASKED)).status_code == 201
        assert (await caller.get("/api/v1/generations/nobody")).status_code == 404
        assert (await caller.get("/nowhere")).status_code == 404
    await running_app.worker.run_next()
    await running_app.worker.run_next()
    reported = await read(running_app)
    posted = "native POST /api/v1/generations 201"
    assert reported["rushes_requests_total", posted] == 3
    assert reported["rushes_requests_total", "native GET /api/v1/generations/{id} 404"] == 1
    assert reported["rushes_requests_total", "none GET none 404"] == 1
    assert reported["rushes_request_seconds_count", "native /api/v1/generations"] == 3
    counts = {state: reported["rushes_generations", state] for state in ("queued", "completed")}
    assert counts == {"queued": 1, "completed": 1}
    assert reported["rushes_generations", "failed"] == 1
    assert reported["rushes_attempts_total", "scripted completed"] == 1
    assert reported["rushes_attempts_total", "scripted failed"] == 1
    assert reported["rushes_state_seconds_count", "queued"] == 2
    assert reported["rushes_state_seconds_count", "running"] == 2
    assert reported["rushes_channel_up", "scripted"] == 1
    assert reported["rushes_in_flight", "scripted"] == 0
    assert reported["rushes_oldest_queued_seconds", ""] > 0
    assert reported["rushes_media_bytes", ""] > 0
    assert reported["rushes_store_commit_seconds_count", ""] >= 7
    assert reported["rushes_store_writes_total", ""] >= 7
    assert reported["rushes_webhooks_pending", ""] == 0


async def test_here_anybody_reads_but_no_page_in_a_browser(running_app: Application) -> None:
    async with client(running_app) as here:
        assert (await here.get("/metrics")).status_code == 200
    async with client(running_app, Origin="http://evil.test") as page:
        assert (await page.get("/metrics")).status_code == 401


async def test_elsewhere_it_takes_the_token_or_an_operators_key(tmp_path: Path) -> None:
    requested = {"server.host": "0.0.0.0", "metrics.token": TOKEN}
    running_app = made(tmp_path, **requested)
    _, plain = await running_app.accounts.create_key("plain")
    _, operator = await running_app.accounts.create_key("operator", is_operator=True)
    statuses = []
    for key in (None, "wrong", plain, operator, TOKEN):
        async with client(running_app, key) as reader:
            statuses.append((await reader.get("/metrics")).status_code)
    await running_app.close()
    assert statuses == [401, 401, 403, 200, 200]


async def test_behind_a_public_address_loopback_is_no_excuse(tmp_path: Path) -> None:
    running_app = made(tmp_path, **{"server.public_url": "https://video.example.org"})
    async with client(running_app) as reader:
        assert (await reader.get("/metrics")).status_code == 401
    await running_app.close()


async def test_it_can_be_turned_off(tmp_path: Path) -> None:
    running_app = made(tmp_path, **{"metrics.enabled": False})
    async with client(running_app) as reader:
        assert (await reader.get("/metrics")).status_code == 404
    await running_app.close()


async def names(running_app: Application) -> set[str]:
    async with client(running_app) as here:
        text = (await here.get("/metrics")).text
    found = set(re.findall(r"^# TYPE (rushes_\w+)", text, re.MULTILINE))
    histograms = set(re.findall(r"^# TYPE (rushes_\w+) histogram", text, re.MULTILINE))
    return found | {f"{name}_bucket" for name in histograms}


async def test_the_dashboard_asks_for_metrics_that_there_are(running_app: Application) -> None:
    board = json.loads((ROOT / "contrib" / "grafana" / "rushes.json").read_text("utf-8"))
    assert board["schemaVersion"] >= 36
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    requested = " ".join(
        target["expr"] for panel in board["panels"] for target in panel["targets"]
    ) + json.dumps(board["templating"])
    used = set(re.findall(r"rushes_\w+", requested))
    there = await names(running_app)
    assert used - there == set()
    plain = {name.removesuffix("_bucket") for name in used}
    shown = {name for name in there if not name.endswith(("_bucket", "_created"))}
    assert shown - plain == set()


async def test_the_alerts_ask_for_metrics_that_there_are_and_tell_what_is_wrong(
    running_app: Application,
) -> None:
    text = (ROOT / "contrib" / "prometheus" / "rushes.rules.yml").read_text("utf-8")
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    there = await names(running_app)
    for rule in rules:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert set(re.findall(r"rushes_\w+", rule["expr"])) - there == set()
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["annotations"]["summary"].endswith((".", "?", "why."))
        assert re.fullmatch(r"\d+m", rule["for"])


class TestHealth:
    async def ready(self, running_app: Application) -> tuple[int, dict[str, str]]:
        async with client(running_app) as here:
            reply = await here.get("/health/ready")
        return reply.status_code, reply.json()["checks"]

    async def test_a_good_house_is_ready(self, running_app: Application) -> None:
        every = {"node": "ok", "store": "ok", "media": "ok", "disk": "ok", "worker": "ok"}
        assert await self.ready(running_app) == (200, every)

    async def test_a_server_without_a_worker_does_not_ask_for_one(self, tmp_path: Path) -> None:
        running_app = made(tmp_path, **{"worker.enabled": False})
        status, checks = await self.ready(running_app)
        await running_app.close()
        assert (status, "worker" in checks) == (200, False)

    async def test_a_disk_with_too_little_room_is_not_ready(self, tmp_path: Path) -> None:
        running_app = made(tmp_path, **{"health.free_mb": 1 << 40})
        status, checks = await self.ready(running_app)
        await running_app.close()
        assert (status, checks["disk"], checks["store"]) == (503, "MediaError", "ok")

    async def test_a_store_that_takes_no_write_is_not_ready(
        self, running_app: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def full(*_: object, **__: object) -> bool:
            raise StoreError("the disk is full")

        monkeypatch.setattr(running_app.store.archive, "take_lock", full)
        status, checks = await self.ready(running_app)
        assert (status, checks["store"]) == (503, "StoreError")

    async def test_a_draining_node_is_not_ready(self, running_app: Application) -> None:
        running_app.heartbeat.is_draining = True
        status, checks = await self.ready(running_app)
        assert (status, checks["node"], checks["store"]) == (503, "Draining", "ok")

    async def test_a_worker_that_stands_is_not_ready(self, running_app: Application) -> None:
        running_app.worker.last_claim_at_s = -1000.0
        status, checks = await self.ready(running_app)
        assert (status, checks["worker"]) == (503, "StoreError")

    async def test_an_answer_is_given_again_for_a_moment(
        self, running_app: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert (await self.ready(running_app))[0] == 200
        running_app.worker.last_claim_at_s = -1000.0
        assert (await self.ready(running_app))[0] == 200
