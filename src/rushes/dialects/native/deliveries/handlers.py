"""Handle requests about webhook deliveries: list, get, redeliver."""

from starlette.responses import Response

from rushes.core.errors import InvalidRequest
from rushes.core.generation import GenerationId
from rushes.dialects.native.deliveries.translate import from_delivery
from rushes.dialects.native.deliveries.wire import DeliveriesView, DeliveryPage, DeliveryQuery
from rushes.dialects.native.resource import reply
from rushes.dialects.shared.pages import first_page
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse_query
from rushes.kit.quoting import quoted_text
from rushes.service.deliveries import Deliveries
from rushes.service.generation_ids import id_or_none
from rushes.store.outbox import DeliveryFilter


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    async def deliveries(self, call: Call) -> Response:
        found = await self._deliveries.list_for_generation(call.parameter(), caller=call.caller)
        return reply(DeliveriesView(deliveries=[from_delivery(one) for one in found]))

    async def redeliver(self, call: Call) -> Response:
        delivery = await self._deliveries.redeliver(
            call.parameter("delivery_id"), generation_id=call.parameter(), caller=call.caller
        )
        return reply(from_delivery(delivery))

    async def list_deliveries(self, call: Call) -> Response:
        query = parse_query(DeliveryQuery, call.request)
        wanted = DeliveryFilter(
            generation_id=_generation_id(query.generation_id),
            states=frozenset(query.state),
            webhook_id=query.webhook_id,
            url=query.url,
            before_id=query.cursor,
            limit=query.limit + 1,
        )
        found = await self._deliveries.list(wanted, caller=call.caller)
        page, has_more = first_page(found, query.limit)
        return reply(
            DeliveryPage(
                deliveries=[from_delivery(one) for one in page],
                next=page[-1].id if has_more else None,
            )
        )

    async def get_delivery(self, call: Call) -> Response:
        delivery = await self._deliveries.get(call.parameter("delivery_id"), caller=call.caller)
        return reply(from_delivery(delivery))

    async def redeliver_one(self, call: Call) -> Response:
        delivery = await self._deliveries.redeliver(
            call.parameter("delivery_id"), caller=call.caller
        )
        return reply(from_delivery(delivery))


def _generation_id(text: str | None) -> GenerationId | None:
    if text is None:
        return None
    generation_id = id_or_none(text)
    if generation_id is None:
        raise InvalidRequest(
            f"generation_id must be the id of a generation, not {quoted_text(text)}",
            param="generation_id",
        )
    return generation_id
