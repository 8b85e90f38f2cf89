from datetime import timedelta

from tests.dialects.native.conftest import PATH, Server

from rushes.store.base import DeliveryState, Try

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
    told = await server.problem("POST", path, status=409)
    assert "is pending already" in told["detail"]


async def test_a_delivery_of_another_generation_is_not_found(server: Server) -> None:
    id_ = await _told(server, DeliveryState.FAILED)
    (theirs,) = (await server.get(id_, "/deliveries"))["deliveries"]
    other = (await server.create())["id"]

    for name in (theirs["id"], "msg_9", "nothing"):
        await server.problem("POST", f"{PATH}/{other}/deliveries/{name}/redeliver", status=404)
