"""
What is one account's is nobody else's: a walk over every route that is mounted.

The routes are those of the built application, so that a new one is walked as soon as there is one.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from rushes.bootstrap.application import Application, build
from rushes.core import lifecycle
from rushes.core.generation import (
    AccountId,
    Announce,
    Artifact,
    ArtifactKind,
    Generation,
    GenerationId,
)
from rushes.core.keys import Key, Scope
from rushes.core.upload import UploadState
from rushes.engines.scripted import ScriptedEngine
from rushes.http.app import mounted
from rushes.http.operation import Operation
from rushes.service.catalogue import MODELS
from rushes.settings import load
from rushes.store.outbox import Webhook

WORDS = "a lighthouse that only its owner knows"
VIDEO = b"the owner's own video"
HOOK = "https://hooks.example.com/of-the-owner"


WEBHOOK = Webhook(
    id="wh_ofTheOwner",
    account_id=AccountId("the owner"),
    url="https://hooks.example.com/registered",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    secrets=("whsec_b2YgdGhlIG93bmVyLCBvZiB0aGUgb3duZXI=",),
)


@dataclass(frozen=True, kw_only=True)
class Owned:
    """What the owner has, and whose keys there are."""

    running_app: Application
    data: Path
    generation: str
    upload: str
    delivery: str
    key: Key
    secrets: Mapping[str, str]

    def client(self, who: str | None) -> httpx2.AsyncClient:
        """Return a client that has this one's key: owner, reader, stranger; None has none."""
        secret = self.secrets[who] if who else None
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.running_app.app, raise_app_exceptions=False),
            base_url="http://rushes.test",
            headers={"Authorization": f"Bearer {secret}"} if secret else {},
        )

    def walk(self) -> list[tuple[str, Operation]]:
        app: Any = self.running_app.app
        return list(mounted(app._app.routes))

    def path(self, operation: Operation) -> str:
        """Return the operation's path, naming what is the owner's."""
        path = operation.template
        for name in operation.path_names:
            path = path.replace(f"{{{name}}}", quote(self._named(name, operation.path)))
        return path

    def _named(self, name: str, path: str) -> str:
        if name == "id":
            for part, found in (("/files/", self.upload), ("/keys/", self.key.id)):
                if part in path:
                    return found
            return self.key.account_id if "/accounts/" in path else self.generation
        own = {"delivery_id": self.delivery, "webhook_id": WEBHOOK.id, "name": "nobody"}
        return own.get(name, "nothing")

    @property
    def marks(self) -> tuple[str, ...]:
        """What nobody else may read."""
        ids = (self.generation, self.upload)
        return (
            *ids,
            *(one.replace("-", "") for one in ids),
            *(
                WEBHOOK.id,
                WEBHOOK.url,
                *WEBHOOK.secrets,
                self.key.id,
                self.key.digest,
                self.key.hint,
                WORDS,
                HOOK,
                VIDEO.decode(),
            ),
        )

    def shown_in(self, reply: httpx2.Response, *, sent: str = "") -> list[str]:
        """Return what a reply tells of the owner beyond what was sent to it."""
        reported = f"{reply.text} {dict(reply.headers)}"
        return [mark for mark in self.marks if mark in reported and mark not in sent]

    def rows(self) -> set[tuple[str, tuple[Any, ...]]]:
        """Return everything that is stored, but for counters and when keys were last used."""
        found: set[tuple[str, tuple[Any, ...]]] = set()
        with closing(sqlite3.connect(self.data / "rushes.db")) as db:
            tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                # "turn" is what the readiness check writes, whoever asks
                if table in {"tally", "turn"} or table.startswith("sqlite_"):
                    continue
                rows = db.execute(f"SELECT * FROM {table}")  # noqa: S608  # its own tables' names
                columns = [column[0] for column in rows.description]
                for row in rows:
                    kept = (
                        one for name, one in zip(columns, row, strict=True) if name != "used_at"
                    )
                    found.add((table, tuple(kept)))
        return found


@pytest.fixture
async def owned(tmp_path: Path) -> AsyncIterator[Owned]:
    data = tmp_path / "data"
    running_app = build(
        load(overrides={"data": data}), engines=dict.fromkeys(MODELS, ScriptedEngine([]))
    )
    key, owner = await running_app.accounts.create_key("the owner")
    secrets = {"owner": owner}
    for who, account, scopes in (
        ("reader", "the owner", {Scope.READ}),
        ("stranger", "a stranger", {Scope.READ, Scope.GENERATE}),
    ):
        _, secrets[who] = await running_app.accounts.create_key(who, account=account, scopes=scopes)
    await running_app.store.add_webhook(WEBHOOK)
    bare = Owned(
        running_app=running_app,
        data=data,
        generation="",
        upload="",
        delivery="",
        key=key,
        secrets=secrets,
    )
    async with bare.client("owner") as client:
        made = await client.post("/api/v1/generations", json={"prompt": WORDS})
        assert made.status_code == 201, made.text
        brought = await client.post(
            "/v1/files", files={"file": ("a.png", _png(), "image/png")}, data={"purpose": "input"}
        )
        assert brought.status_code == 201, brought.text
    done = await _completed(running_app, GenerationId(made.json()["id"]))
    (delivery,) = await running_app.store.deliveries(done.id)
    yield replace(bare, generation=done.id, upload=brought.json()["id"], delivery=delivery.id)
    await running_app.close()


def _png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(64)


async def _completed(running_app: Application, generation_id: GenerationId) -> Generation:
    """Let it be made, as a worker would, with a webhook to tell."""
    found = await running_app.store.get(generation_id)
    now = found.created_at
    announced = replace(found, announce=Announce(url=HOOK, format="native", only_final=True))
    running = await running_app.store.write(lifecycle.claim(announced, engine="scripted", now=now))
    key = f"{found.id}/1/video.mp4"
    video = Artifact(
        kind=ArtifactKind.VIDEO,
        key=key,
        media_type="video/mp4",
        size_bytes=await running_app.media.put_bytes(key, VIDEO),
        width_px=1280,
        height_px=720,
        duration_s=5.0,
    )
    return await running_app.store.write(lifecycle.complete(running, (video,), now=now))


BODIES: Mapping[str, dict[str, Any]] = {
    "/luma/generations/{id}/extend": {"user_prompt": "on and on", "model_name": "ray-v2"},
    "/upscale": {"resolution": "1080p"},
    "/audio": {"prompt": "waves"},
    "/remix": {"prompt": "other words"},
    "/webhooks/{webhook_id}": {"events": []},
}
"""What makes sense at a path that ends so; at others an empty object does."""


def body(operation: Operation) -> dict[str, Any]:
    return next((one for end, one in BODIES.items() if operation.path.endswith(end)), {})


async def ask(
    client: httpx2.AsyncClient, owned: Owned, method: str, operation: Operation
) -> httpx2.Response:
    sent = None if method in {"GET", "HEAD", "DELETE"} else body(operation)
    return await client.request(method, owned.path(operation), json=sent)


def test_every_operation_says_what_a_key_must_have(owned: Owned) -> None:
    found = owned.walk()
    assert len(found) > 60
    for method, operation in found:
        assert operation.open_to_all is (operation.needs is None)
        if method not in {"GET", "HEAD"} and operation.needs is Scope.READ:
            assert operation.scope is Scope.READ, f"{method} {operation.path} only looks: say so"
        if operation.submits:
            assert operation.needs is Scope.GENERATE, operation.path


NO_SUBMITS = (
    "/cancel", "/redeliver", "/complete", "/files", "/file_upload",
    "/customers/storage", "/characters", "/plans", "/plans/frame", "/sheet",
    "/webhooks", "/secret", "/test", "/webhook-tests", "/mcp",
)  # fmt: skip
"""How the paths end at which a POST takes the scope ``generate`` and makes no generation."""


def test_every_post_that_asks_for_a_generation_counts_as_one(owned: Owned) -> None:
    for method, operation in owned.walk():
        if method == "POST" and operation.needs is Scope.GENERATE:
            reported = f"{operation.path}: mark it with `submits`, or name it above"
            assert operation.submits is not operation.path.endswith(NO_SUBMITS), reported


async def test_without_a_key_nothing_is_read_or_changed(owned: Owned) -> None:
    before = owned.rows()
    async with owned.client(None) as client:
        for method, operation in owned.walk():
            reply = await ask(client, owned, method, operation)
            reported = f"{method} {operation.path}: {reply.status_code} {reply.text[:200]}"
            assert reply.status_code == 401 or operation.open_to_all, reported
            assert owned.shown_in(reply, sent=owned.path(operation)) == [], reported
    assert owned.rows() == before


async def test_a_stranger_reads_lists_and_changes_nothing(owned: Owned) -> None:
    before = owned.rows()
    async with owned.client("stranger") as client:
        for method, operation in owned.walk():
            reply = await ask(client, owned, method, operation)
            reported = f"{method} {operation.path}: {reply.status_code} {reply.text[:300]}"
            if operation.path_names and not operation.open_to_all:
                assert reply.status_code in {403, 404}, reported
                assert (reply.status_code == 403) is (operation.needs is Scope.OPERATE), reported
            assert reply.status_code < 500, reported
            assert owned.shown_in(reply, sent=owned.path(operation)) == [], reported
    assert before <= owned.rows()


async def test_a_key_that_may_only_read_changes_nothing(owned: Owned) -> None:
    before = owned.rows()
    async with owned.client("reader") as client:
        for method, operation in owned.walk():
            if operation.needs is None or operation.path.endswith("/progress"):
                continue
            reply = await ask(client, owned, method, operation)
            reported = f"{method} {operation.path}: {reply.status_code} {reply.text[:300]}"
            if operation.needs is Scope.READ:
                assert reply.status_code not in {401, 403}, reported
            else:
                assert reply.status_code == 403, reported
                assert f"scope {operation.needs}" in reply.text, reported
    assert owned.rows() == before


async def test_the_owner_finds_all_that_strangers_do_not(owned: Owned) -> None:
    """Else the walk above would prove nothing: it would name what there is not."""
    elsewhere = ("/characters/{id}", "/download_video_url", "/test", "/v1/models/{id:path}")
    async with owned.client("owner") as client:
        walk = [step for step in owned.walk() if not step[1].open_to_all]
        removes = [step for step in walk if step[0] == "DELETE"]
        for method, operation in [*(step for step in walk if step not in removes)]:
            if operation.needs is Scope.OPERATE or not operation.path_names:
                continue
            if operation.path.endswith(elsewhere):
                continue
            reply = await ask(client, owned, method, operation)
            reported = f"{method} {operation.path}: {reply.status_code} {reply.text[:300]}"
            assert reply.status_code in {200, 201, 204, 409}, reported


KEYFRAME = {"frame0": {"type": "generation", "id": "GENERATION"}}


@pytest.mark.parametrize(
    ("path", "requested"),
    [
        ("/luma/tasks", {"ids": ["GENERATION"]}),
        ("/luma/tasks", {"action": "retrieve", "id": "GENERATION"}),
        ("/luma/tasks", {"action": "retrieve_batch", "ids": ["GENERATION"]}),
        ("/luma/generations", {"user_prompt": "the tide", "keyframes": KEYFRAME}),
        (
            "/luma/videos",
            {"action": "extend", "prompt": "the tide", "video_id": "GENERATION", "async": True},
        ),
        (
            "/dream-machine/v1/generations",
            {"model": "ray-2", "prompt": "the tide", "keyframes": KEYFRAME},
        ),
        (
            "/proxy/luma/generations",
            {"model": "ray-2", "prompt": "the tide", "keyframes": KEYFRAME},
        ),
        (
            "/v1/generations",
            {
                "type": "video",
                "prompt": "the tide",
                "model": "ray-3.2",
                "video": {"start_frame": {"generation_id": "GENERATION"}},
            },
        ),
        (
            "/v1/generations",
            {"type": "image_edit", "prompt": "the tide", "source": {"file_id": "UPLOAD"}},
        ),
        (
            "/v1/generations",
            {"type": "image_edit", "prompt": "the tide", "source": {"generation_id": "GENERATION"}},
        ),
        (
            "/v1/videos/extensions",
            {"prompt": "the tide", "seconds": "4", "video": {"id": "GENERATION"}},
        ),
        ("/v1/videos/edits", {"prompt": "the tide", "video": {"id": "GENERATION"}}),
        (
            "/api/v1/generations",
            {"prompt": "the tide", "keyframes": {"first": {"generation_id": "GENERATION"}}},
        ),
        (
            "/api/v1/generations",
            {"kind": "upscale", "source": {"generation_id": "GENERATION"}, "resolution": "1080p"},
        ),
    ],
)
async def test_what_a_body_names_must_be_the_caller_s_own(
    owned: Owned, path: str, requested: dict[str, Any]
) -> None:
    before = owned.rows()
    sent = (
        json.dumps(requested)
        .replace("GENERATION", owned.generation)
        .replace("UPLOAD", owned.upload)
    )
    headers = {"Content-Type": "application/json"}
    async with owned.client("stranger") as client:
        reply = await client.post(path, content=sent, headers=headers)
    looks = path == "/luma/tasks"
    assert reply.status_code in {404, *((200,) if looks else ())}, reply.text
    assert owned.shown_in(reply, sent=sent) == [], reply.text
    assert owned.rows() == before
    async with owned.client("owner") as client:
        reply = await client.post(path, content=sent, headers=headers)
    assert reply.status_code != 404, f"the owner does not find it either: {reply.text}"


async def test_lists_are_of_one_account_only(owned: Owned) -> None:
    async with owned.client("owner") as client:
        lists = [
            operation.path
            for method, operation in owned.walk()
            if method == "GET" and not operation.path_names and operation.needs is Scope.READ
        ]
        shown = [path for path in lists if owned.shown_in(await client.get(path))]
    assert {
        "/api/v1/generations",
        "/luma/generations",
        "/dream-machine/v1/generations",
        "/v1/videos",
        "/v1/files",
        "/api/v1/account",
    } <= set(shown)
    async with owned.client("stranger") as client:
        for path in lists:
            assert owned.shown_in(await client.get(path)) == [], path


async def test_an_upload_that_was_deleted_is_still_nobody_else_s(owned: Owned) -> None:
    async with owned.client("owner") as client:
        assert (await client.delete(f"/v1/files/{owned.upload}")).status_code == 204
    kept = await owned.running_app.store.find_upload(owned.upload)
    assert kept is not None
    assert kept.state is UploadState.DELETED
    async with owned.client("stranger") as client:
        assert (await client.get(f"/v1/files/{owned.upload}")).status_code == 404
