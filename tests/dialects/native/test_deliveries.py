from datetime import timedelta
from typing import Any

import pytest
from tests.dialects.native.conftest import PATH, Server

from rushes.store.outbox import DeliveryState, Try

DELIVERIES = "/api/v1/deliveries"
HOOK = "http://93.184.216.34/hook"


async def _told(server: Server, state: DeliveryState) -> str:
    """Return a running generation whose one delivery was tried, and ended so."""
    made = await server.create(webhook_url=HOOK)
    await server.run(made["id"])
    now = server.clock.now()
    (due,) = await server.store.claim_deliveries(
        now=now, until=now + timedelta(seconds=60), limit=9
    )
    error = None if state is DeliveryState.DELIVERED else "the receiver answered 500"
    tried = Try(at=now, status=200 if error is None else 500, error=error, answer="no", took_s=0.5)
    await server.store.settle_delivery(due.id, tried, state=state, next_at=now)
    return str(made["id"])


async def test_what_was_told_is_shown_with_every_try(server: Server) -> None:
    id_ = await _told(server, DeliveryState.FAILED)

    (delivery,) = (await server.get(id_, "/deliveries"))["deliveries"]

    assert delivery.pop("id").startswith("msg_")
    (tried,) = delivery.pop("tries")
    assert delivery == {
        "generation_id": id_,
        "webhook_id": None,
        "wording": "native",
        "event": "generation.running",
        "url": HOOK,
        "state": "failed",
        "next_at": None,
    }
    assert tried.pop("at")
    assert tried == {
        "status": 500,
        "error": "the receiver answered 500",
        "answer": "no",
        "took_s": 0.5,
    }


async def test_what_was_settled_is_told_again_under_the_same_id(server: Server) -> None:
    id_ = await _told(server, DeliveryState.DELIVERED)
    (before,) = (await server.get(id_, "/deliveries"))["deliveries"]

    again = await server.client.post(f"{PATH}/{id_}/deliveries/{before['id']}/redeliver")

    assert again.status_code == 200
    assert again.json() == before | {"state": "pending", "next_at": again.json()["next_at"]}
    now = server.clock.now()
    (due,) = await server.store.claim_deliveries(now=now, until=now, limit=9)
    assert due.id == before["id"]


async def test_what_is_still_to_be_told_is_not_told_twice(server: Server) -> None:
    id_ = await _told(server, DeliveryState.PENDING)
    (pending,) = (await server.get(id_, "/deliveries"))["deliveries"]
    path = f"{PATH}/{id_}/deliveries/{pending['id']}/redeliver"

    assert pending["next_at"] is not None
    reported = await server.problem("POST", path, status=409)
    assert "is pending already" in reported["detail"]


async def test_a_delivery_of_another_generation_is_not_found(server: Server) -> None:
    id_ = await _told(server, DeliveryState.FAILED)
    (theirs,) = (await server.get(id_, "/deliveries"))["deliveries"]
    other = (await server.create())["id"]

    for name in (theirs["id"], "msg_9", "nothing"):
        await server.problem("POST", f"{PATH}/{other}/deliveries/{name}/redeliver", status=404)


async def test_deliveries_are_listed_newest_first_by_what_they_are(server: Server) -> None:
    first, second = [await _told(server, DeliveryState.FAILED) for _ in range(2)]
    third = await _told(server, DeliveryState.DELIVERED)

    async def listed(**query: Any) -> list[str]:
        reply = await server.client.get(DELIVERIES, params=query)
        assert reply.status_code == 200, reply.text
        return [one["generation_id"] for one in reply.json()["deliveries"]]

    assert await listed() == [third, second, first]
    assert await listed(state="failed") == [second, first]
    assert await listed(state=["failed", "delivered"]) == [third, second, first]
    assert await listed(generation_id=second) == [second]
    assert await listed(url=HOOK) == [third, second, first]
    assert await listed(url="https://a.example") == []
    assert await listed(webhook_id="wh_1") == []


async def test_pages_of_deliveries_hold_each_once(server: Server) -> None:
    made = [await _told(server, DeliveryState.DELIVERED) for _ in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await server.client.get(DELIVERIES, params=query)).json()
        seen += [one["generation_id"] for one in page["deliveries"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert seen == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"},
        {"limit": 0},
        {"limit": 101},
        {"cursor": "x"},
        {"page": 2},
        {"generation_id": "x"},
    ],
)
async def test_a_listing_that_makes_no_sense_is_refused(
    server: Server, query: dict[str, Any]
) -> None:
    (name,) = query
    reported = await server.problem("GET", DELIVERIES, status=422, params=query)
    assert reported["param"].startswith(name)


async def test_one_delivery_is_shown_by_its_id_and_told_again(server: Server) -> None:
    id_ = await _told(server, DeliveryState.FAILED)
    (expected,) = (await server.get(id_, "/deliveries"))["deliveries"]

    shown = (await server.client.get(f"{DELIVERIES}/{expected['id']}")).json()
    again = (await server.client.post(f"{DELIVERIES}/{expected['id']}/redeliver")).json()

    assert shown == expected
    assert (again["state"], len(again["tries"])) == ("pending", 1)
    await server.problem("POST", f"{DELIVERIES}/{expected['id']}/redeliver", status=409)
    await server.problem("GET", f"{DELIVERIES}/msg_999", status=404)


async def test_what_was_tried_a_hundred_times_is_not_told_again(server: Server) -> None:
    id_ = await _told(server, DeliveryState.DELIVERED)
    (one,) = (await server.get(id_, "/deliveries"))["deliveries"]
    tried = Try(at=server.clock.now(), status=200, error=None)
    for _ in range(99):
        await server.store.settle_delivery(
            one["id"], tried, state=DeliveryState.DELIVERED, next_at=server.clock.now()
        )

    reported = await server.problem("POST", f"{DELIVERIES}/{one['id']}/redeliver", status=409)
    assert "100 times" in reported["detail"]
