"""Webhooks by our own API: registered, changed, turned, removed; what is wrong is said."""

from typing import Any

import pytest
from tests.dialects.native.conftest import PATH, Server

WEBHOOKS = "/api/v1/webhooks"
URL = "http://93.184.216.34/hook"
ALL = ["generation.cancelled", "generation.completed", "generation.failed", "generation.running"]


async def _add(server: Server, **fields: Any) -> dict[str, Any]:
    reply = await server.client.post(WEBHOOKS, json={"url": URL} | fields)
    assert reply.status_code == 201, reply.text
    assert reply.headers["location"] == f"{WEBHOOKS}/{reply.json()['id']}"
    return dict(reply.json())


async def _change(server: Server, id_: str, **fields: Any) -> dict[str, Any]:
    reply = await server.client.patch(f"{WEBHOOKS}/{id_}", json=fields)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def test_a_webhook_shows_its_secret_once(server: Server) -> None:
    made = await _add(server)

    assert made.pop("secret").startswith("whsec_")
    shown = (await server.client.get(f"{WEBHOOKS}/{made['id']}")).json()
    assert shown == made
    assert (await server.client.get(WEBHOOKS)).json() == {"webhooks": [made]}
    assert made.pop("id").startswith("wh_")
    assert made.pop("created_at")
    assert made == {
        "url": URL,
        "events": ALL,
        "wording": "native",
        "enabled": True,
        "disabled_at": None,
        "disabled_why": None,
        "secrets": 1,
    }


async def test_a_webhook_may_do_with_the_server_s_secret(server: Server) -> None:
    made = await _add(server, own_secret=False)

    assert (made["secret"], made["secrets"]) == (None, 0)


async def test_a_webhook_is_told_what_it_is_for_and_nothing_else(server: Server) -> None:
    made = await _add(server, events=["generation.failed"])
    generation = (await server.create())["id"]
    await server.fail(generation)

    reported = (await server.get(generation, "/deliveries"))["deliveries"]

    assert [(one["event"], one["webhook_id"]) for one in reported] == [
        ("generation.failed", made["id"])
    ]


async def test_a_change_leaves_the_rest(server: Server) -> None:
    made = await _add(server, events=["generation.failed"], wording="relay:official")
    made.pop("secret")

    assert await _change(server, made["id"]) == made
    assert await _change(server, made["id"], events=[]) == made | {"events": []}
    assert await _change(server, made["id"], wording="native") == made | {
        "events": [],
        "wording": "native",
    }


async def test_what_a_disabled_webhook_is_owed_is_held_until_it_is_enabled(server: Server) -> None:
    made = await _add(server)
    disabled = await _change(server, made["id"], enabled=False)
    again = await _change(server, made["id"], enabled=False)
    generation = (await server.create())["id"]
    await server.run(generation)

    async def state() -> str:
        (one,) = (await server.get(generation, "/deliveries"))["deliveries"]
        assert (one["next_at"] is None) == (one["state"] == "held")
        return str(one["state"])

    assert (disabled["enabled"], disabled["disabled_why"]) == (False, "its owner has disabled it")
    assert again == disabled
    assert await state() == "held"
    assert (await _change(server, made["id"], enabled=True))["disabled_at"] is None
    assert await state() == "pending"


async def test_what_is_held_is_not_told_again_by_hand(server: Server) -> None:
    made = await _add(server)
    generation = (await server.create())["id"]
    await server.run(generation)
    await _change(server, made["id"], enabled=False)
    (held,) = (await server.get(generation, "/deliveries"))["deliveries"]

    reported = await server.problem(
        "POST", f"/api/v1/deliveries/{held['id']}/redeliver", status=409
    )

    assert "disabled" in reported["detail"]


async def test_a_secret_is_turned_and_the_former_forgotten(server: Server) -> None:
    made = await _add(server)
    path = f"{WEBHOOKS}/{made['id']}"

    turned = [(await server.client.post(f"{path}/secret")).json() for _ in range(2)]
    forgotten = (await server.client.delete(f"{path}/former-secret")).json()
    (kept,) = await server.store.webhooks()

    assert len({made["secret"], *(one["secret"] for one in turned)}) == 3
    assert [one["secrets"] for one in turned] == [2, 2]
    assert forgotten["secrets"] == 1
    assert kept.secrets == (turned[1]["secret"],)


async def test_a_secret_that_was_lost_is_replaced_at_once(server: Server) -> None:
    made = await _add(server)

    turned = await server.client.post(
        f"{WEBHOOKS}/{made['id']}/secret", json={"keep_former": False}
    )

    assert turned.json()["secrets"] == 1
    assert turned.json()["secret"] != made["secret"]


async def test_a_removed_webhook_is_told_nothing_any_more(server: Server) -> None:
    made = await _add(server)
    generation = (await server.create())["id"]
    await server.run(generation)

    gone = await server.client.delete(f"{WEBHOOKS}/{made['id']}")

    assert gone.status_code == 204
    await server.problem("GET", f"{WEBHOOKS}/{made['id']}", status=404)
    await server.problem("DELETE", f"{WEBHOOKS}/{made['id']}", status=404)
    (reported,) = (await server.get(generation, "/deliveries"))["deliveries"]
    assert reported["state"] == "failed"


async def test_an_address_is_registered_once_an_account(server: Server) -> None:
    made = await _add(server)
    reported = await server.problem("POST", WEBHOOKS, status=409, json={"url": URL})

    assert made["id"] in reported["detail"]
    _, secret = await server.accounts.create_key("another")
    async with server.as_client(secret) as other:
        assert (await other.post(WEBHOOKS, json={"url": URL})).status_code == 201


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"url": "ftp://a.example"}, "url"),
        ({"url": "http://127.0.0.1/hook"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"wording": "klingon"}, "wording"),
        ({"wording": "relay:klingon"}, "wording"),
        ({"wording": "native:official"}, "wording"),
        ({"events": ["generation.dreamt"]}, "events.0"),
        ({"events": ["generation.running"], "wording": "final"}, "events"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_webhook_that_makes_no_sense_is_refused(
    server: Server, fields: dict[str, Any], param: str
) -> None:
    reported = await server.problem("POST", WEBHOOKS, status=422, json={"url": URL} | fields)

    assert reported["param"] == param
    assert await server.store.webhooks() == ()


async def test_a_change_that_makes_no_sense_is_refused(server: Server) -> None:
    made = await _add(server)

    reported = await server.problem(
        "PATCH", f"{WEBHOOKS}/{made['id']}", status=422, json={"wording": "final"}
    )

    assert reported["param"] == "events", "it has no words for running, which the webhook is told"


async def test_what_has_words_only_for_the_end_is_told_only_of_the_end(server: Server) -> None:
    made = await _add(server, wording="final")

    assert made["events"] == sorted(set(ALL) - {"generation.running"})


async def test_a_test_of_an_address_inside_the_network_is_refused(server: Server) -> None:
    reported = await server.problem(
        "POST", "/api/v1/webhook-tests", status=422, json={"url": "http://10.0.0.1/hook"}
    )

    assert reported["param"] == "url"


async def test_what_a_request_names_is_told_once_though_it_is_registered_too(
    server: Server,
) -> None:
    await _add(server)
    made = await server.client.post(PATH, json={"prompt": "a dune", "webhook_url": URL})
    await server.run(made.json()["id"])

    (reported,) = (await server.get(made.json()["id"], "/deliveries"))["deliveries"]

    assert reported["webhook_id"] is None
