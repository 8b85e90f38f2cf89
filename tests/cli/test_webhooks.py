"""``rushes webhooks`` and ``rushes deliveries``, on a folder with what was told and was not."""

import asyncio
import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.store.outbox import DeliveryState, Try
from rushes.store.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAME = GenerationId("12345678-1234-4234-8234-123456789012")
URL = "https://93.184.216.34/hook"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder in which one delivery has failed and one is pending."""

    async def make() -> None:
        store = SqliteStore(tmp_path / "d" / "rushes.db")
        generation = Generation(
            id=NAME,
            account_id=AccountId("local"),
            spec=GenerationSpec(model="ray-2", prompt="a dune"),
            dialect="native",
            origin="http://h",
            created_at=NOW,
            updated_at=NOW,
            available_at=NOW,
            announce=Announce(url=URL, format="native"),
        )
        queued = await store.write(lifecycle.submit(generation))
        running = await store.write(lifecycle.claim(queued, engine="e", now=NOW))
        await store.write(lifecycle.complete(running, (), now=NOW))
        (owed, _) = await store.deliveries(NAME)
        tried = Try(at=NOW, status=500, error="the receiver answered 500", answer="out of order")
        await store.settle_delivery(owed.id, tried, state=DeliveryState.FAILED, next_at=NOW)
        await store.close()

    asyncio.run(make())
    return tmp_path / "d"


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    bodies: list[dict[str, Any]] = []

    class Told(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/bad" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Told) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", bodies
        listening.shutdown()
        thread.join()


def test_a_webhook_is_added_listed_disabled_turned_and_removed(rushes, tmp_path: Path) -> None:
    on = ("--data", tmp_path / "d", "--json")
    event = ("--event", "generation.failed")
    made = rushes("webhooks", "add", URL, "--wording", "luma", *event, *on).json

    assert made["secret"].startswith("whsec_")
    assert (made["account"], made["wording"], made["events"]) == (
        "local",
        "luma",
        ["generation.failed"],
    )
    (listed,) = rushes("webhooks", "list", *on).json
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert rushes("webhooks", "list", "--account", "other", *on).json == []
    assert not rushes("webhooks", "disable", made["id"], *on).json["enabled"]
    assert rushes("webhooks", "enable", made["id"], *on).json["enabled"]
    turned = rushes("webhooks", "rotate", made["id"], *on).json
    assert turned["secret"] != made["secret"]
    assert turned["secrets"] == 2
    assert rushes("webhooks", "remove", made["id"], *on).json["id"] == made["id"]
    assert rushes("webhooks", "list", *on).json == []
    gone = rushes("webhooks", "enable", made["id"], *on)
    assert gone.status == 4
    assert "; `rushes webhooks list` shows all" in gone.err


def test_people_are_told_in_sentences(rushes, tmp_path: Path) -> None:
    on = ("--data", tmp_path / "d")
    made = rushes("webhooks", "add", URL, *on).out.splitlines()
    bare = rushes("webhooks", "add", f"{URL}/2", "--server-secret", *on).out
    name = made[2].split("webhook ")[1].split()[0]

    assert made[0].startswith("whsec_")
    assert "rushes webhooks secret" in bare
    assert f"{name} ({URL}) is disabled." in rushes("webhooks", "disable", name, *on).out
    assert "its owner has disabled it" in rushes("webhooks", "list", *on).out
    assert f"{name} ({URL}) is removed." in rushes("webhooks", "remove", name, *on).out


def test_a_webhook_that_makes_no_sense_is_status_5(rushes, tmp_path: Path) -> None:
    reported = rushes("webhooks", "add", "http://127.0.0.1/hook", "--data", tmp_path / "d")
    assert reported.status == 5
    assert reported.err.startswith("rushes: url cannot be used")
    reported = rushes("webhooks", "add", URL, "--wording", "klingon", "--data", tmp_path / "d")
    assert reported.status == 5
    assert "luma_relay:official" in reported.err


def test_any_address_is_tested(rushes, data: Path, receiver) -> None:
    url, bodies = receiver
    on = ("--data", data)
    opened = {"RUSHES_NETWORK__ALLOW": url.removeprefix("http://")}
    name = rushes("webhooks", "add", f"{url}/registered", *on, "--json", **opened).json["id"]

    well = rushes("webhooks", "test", f"{url}/x", *on, **opened)
    ill = rushes("webhooks", "test", f"{url}/bad", *on, **opened)
    reported = rushes("webhooks", "test", name, *on, "--json", **opened)

    assert well.out.startswith("Delivered: 204 in ")
    assert (ill.status, reported.status) == (1, 0)
    assert "the receiver answered 500" in ill.err
    assert reported.json["status"] == 204
    assert [body["test"] for body in bodies] == [True] * 3


def test_the_server_s_secret_is_rotated_and_the_former_forgotten(rushes, data: Path) -> None:
    on = ("--data", data, "--json")
    first = rushes("webhooks", "secret", *on).json["secret"]
    rotated = rushes("webhooks", "secret", "--rotate", *on).json
    lines = rushes("webhooks", "secret", "--data", data).out.split()

    assert rotated == {"secret": lines[0], "former": [first]}
    assert lines == [rotated["secret"], first]
    assert rushes("webhooks", "secret", "--forget-former", *on).json["former"] == []


def test_a_secret_that_is_set_is_rotated_where_it_is_set(rushes, data: Path) -> None:
    secret = "whsec_" + "A" * 43 + "="
    reported = rushes(
        "webhooks", "secret", "--rotate", "--data", data, RUSHES_WEBHOOKS__SECRET=secret
    )
    assert reported.status == 2
    assert "webhooks.secret is set" in reported.err


def test_deliveries_are_listed_shown_and_told_again(rushes, data: Path) -> None:
    on = ("--data", data, "--json")
    newest, failed = rushes("deliveries", "list", *on).json

    assert (newest["state"], failed["state"]) == ("pending", "failed")
    assert (failed["generation"], failed["url"], failed["tries"]) == (NAME, URL, 1)
    for only in (("--state", "failed"), ("--state", "failed", "--generation", NAME, "--url", URL)):
        assert rushes("deliveries", "list", *only, *on).json == [failed]
    for only in (("--account", "other"), ("--webhook", "wh_1"), ("--url", "https://b.example")):
        assert rushes("deliveries", "list", *only, *on).json == []
    shown = rushes("deliveries", "show", failed["id"], *on).json
    assert [(one["status"], one["answer"]) for one in shown["tries"]] == [(500, "out of order")]
    assert rushes("deliveries", "redeliver", failed["id"], *on).json["state"] == "pending"
    again = rushes("deliveries", "redeliver", failed["id"], *on)
    assert again.status == 5
    assert "pending already" in again.err
    unknown = rushes("deliveries", "show", "msg_999", *on)
    assert unknown.status == 4
    assert "; `rushes deliveries list` shows all" in unknown.err


def test_a_delivery_is_shown_to_people(rushes, data: Path) -> None:
    (failed,) = rushes("deliveries", "list", "--state", "failed", "--data", data, "--json").json
    table = rushes("deliveries", "list", "--data", data).out
    shown = rushes("deliveries", "show", failed["id"], "--data", data).out
    due = rushes("deliveries", "redeliver", failed["id"], "--data", data).out

    assert failed["id"] in table
    assert "the receiver answered 500" in table
    assert "500 in 0.000 s" in shown
    assert "out of order" in shown
    assert due == f"{failed['id']} will be sent again.\n"
