"""Deliveries in our own API: what was told to whom, with every try, and telling it again."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from rushes.core.errors import InvalidRequest
from rushes.core.generation import GenerationId
from rushes.dialects.native.generations.wire import LONGEST_PAGE, GenerationPath, Id, Told
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse_query
from rushes.http.operation import Operation, Reply
from rushes.kit.quoting import quoted_text
from rushes.service.deliveries import Deliveries
from rushes.service.generation_ids import id_or_none
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState, Try

PATH: Final = "/api/v1/deliveries"
_OF_ONE: Final = "/api/v1/generations/{id}/deliveries"


class OfGenerationPath(GenerationPath):
    """Where a delivery of a generation lies."""

    delivery_id: str


class DeliveryQuery(BaseModel):
    """Which deliveries to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: list[DeliveryState] = []
    """Only these states; repeat it for several."""

    generation_id: Id | None = None
    """Only those that tell of this generation."""

    webhook_id: Annotated[str, Field(max_length=100)] | None = None
    """Only those to this webhook, and not those that a request named its address for."""

    url: Annotated[str, Field(max_length=2000)] | None = None
    """Only those to exactly this address."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 20
    cursor: Annotated[str, Field(pattern=r"^msg_[0-9]{1,19}(_[0-9a-f]{1,32})?$")] | None = None
    """`next` of the page before."""


class TryTold(Told):
    """One try of one delivery."""

    at: datetime
    status: int | None
    """The HTTP status that came back; null when none did."""

    error: str | None
    """Why it failed, as a sentence; null when it landed."""

    answer: str
    """The first 4 KiB of what came back."""

    took_s: float


class DeliveryTold(Told):
    """One telling of one event to one URL, with its tries so far."""

    id: str
    """The same over every try: the receiver's `webhook-id`."""

    generation_id: str
    webhook_id: str | None
    """The webhook that it is for; null: the address that the request named."""

    event: str
    """Such as `generation.completed`."""

    url: str
    wording: str
    """In whose words it is told."""

    state: DeliveryState
    """`held`: its address is disabled; `failed`: it was given up."""

    next_at: datetime | None
    """When it is tried next; null unless it is pending."""

    tries: list[TryTold]


class DeliveriesTold(Told):
    """Everything that was or is to be told of a generation, oldest first."""

    deliveries: list[DeliveryTold]


class DeliveryPage(Told):
    """Some deliveries, newest first."""

    deliveries: list[DeliveryTold]
    next: str | None
    """The `cursor` of the next page; null on the last."""


def delivery_operations(deliveries: Deliveries) -> tuple[Operation, ...]:
    """Return what can be asked for about deliveries."""
    calls = _Calls(deliveries)
    one = {200: Reply(about="The delivery.", shape=DeliveryTold)}
    again = {200: Reply(about="The delivery, due now.", shape=DeliveryTold)}
    about = "Under its old id; one that is still to be told is told by its schedule."
    return (
        Operation(
            path=_OF_ONE,
            path_shape=GenerationPath,
            handler=calls.deliveries,
            summary="Get what was told of a generation, with every try",
            replies={200: Reply(about="All of it, oldest first.", shape=DeliveriesTold)},
        ),
        Operation(
            path=f"{_OF_ONE}/{{delivery_id}}/redeliver",
            path_shape=OfGenerationPath,
            methods=("POST",),
            handler=calls.redeliver,
            summary="Tell something of a generation again",
            about=about,
            replies=again,
            problems=(409,),
        ),
        Operation(
            path=PATH,
            handler=calls.list_deliveries,
            summary="List deliveries, newest first",
            query=DeliveryQuery,
            replies={200: Reply(about="One page of them.", shape=DeliveryPage)},
        ),
        Operation(
            path=f"{PATH}/{{delivery_id}}",
            handler=calls.get_delivery,
            summary="Get a delivery, with every try",
            replies=one,
        ),
        Operation(
            path=f"{PATH}/{{delivery_id}}/redeliver",
            methods=("POST",),
            handler=calls.redeliver_one,
            summary="Tell something again",
            about=about,
            replies=again,
            problems=(409,),
        ),
    )


class _Calls:
    """The handlers."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    async def deliveries(self, call: Call) -> Response:
        found = await self._deliveries.list_for_generation(_param(call, "id"), caller=call.caller)
        return reply(DeliveriesTold(deliveries=[from_delivery(one) for one in found]))

    async def redeliver(self, call: Call) -> Response:
        due = await self._deliveries.redeliver(
            _param(call, "delivery_id"), generation_id=_param(call, "id"), caller=call.caller
        )
        return reply(from_delivery(due))

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
        shown = found[: query.limit]
        page = DeliveryPage(
            deliveries=[from_delivery(one) for one in shown],
            next=shown[-1].id if len(found) > len(shown) else None,
        )
        return reply(page)

    async def get_delivery(self, call: Call) -> Response:
        found = await self._deliveries.get(_param(call, "delivery_id"), caller=call.caller)
        return reply(from_delivery(found))

    async def redeliver_one(self, call: Call) -> Response:
        name = _param(call, "delivery_id")
        return reply(from_delivery(await self._deliveries.redeliver(name, caller=call.caller)))


def _generation_id(text: str | None) -> GenerationId | None:
    if text is None:
        return None
    found = id_or_none(text)
    if found is None:
        raise InvalidRequest(
            f"generation_id must be the id of a generation, not {quoted_text(text)}",
            param="generation_id",
        )
    return found


def from_delivery(delivery: Delivery) -> DeliveryTold:
    """Return how a delivery is told of."""
    wording = delivery.dialect
    if delivery.format not in {"", delivery.dialect}:
        wording += f":{delivery.format}"
    return DeliveryTold(
        id=delivery.id,
        generation_id=delivery.event.generation.id,
        webhook_id=delivery.webhook_id,
        event=delivery.event.type,
        url=delivery.url,
        wording=wording,
        state=delivery.state,
        next_at=delivery.next_at if delivery.state is DeliveryState.PENDING else None,
        tries=[from_try(one) for one in delivery.tries],
    )


def from_try(tried: Try) -> TryTold:
    """Return how a try is told of."""
    return TryTold(
        at=tried.at,
        status=tried.status,
        error=tried.error,
        answer=tried.answer,
        took_s=tried.took_s,
    )


def _param(call: Call, name: str) -> str:
    return str(call.request.path_params[name])
