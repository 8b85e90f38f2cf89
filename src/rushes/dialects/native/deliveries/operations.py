"""Declare the routes of webhook deliveries."""

from typing import Final

from rushes.dialects.native.deliveries.handlers import Handlers
from rushes.dialects.native.deliveries.wire import (
    DeliveriesView,
    DeliveryPage,
    DeliveryQuery,
    DeliveryView,
    GenerationDeliveryPath,
)
from rushes.dialects.native.wire import GenerationPath
from rushes.http.operation import Operation, Reply
from rushes.service.deliveries import Deliveries

PATH: Final = "/api/v1/deliveries"
_OF_GENERATION: Final = "/api/v1/generations/{id}/deliveries"


def delivery_operations(deliveries: Deliveries) -> tuple[Operation, ...]:
    """Return the routes of deliveries, of one generation and of all of the account's."""
    handlers = Handlers(deliveries)
    due = {200: Reply(about="The delivery, due now.", shape=DeliveryView)}
    about = "It keeps its id. A delivery that is still pending keeps its schedule."
    return (
        Operation(
            path=_OF_GENERATION,
            path_shape=GenerationPath,
            handler=handlers.deliveries,
            summary="List the deliveries about a generation, with every attempt",
            replies={200: Reply(about="All deliveries, oldest first.", shape=DeliveriesView)},
        ),
        Operation(
            path=f"{_OF_GENERATION}/{{delivery_id}}/redeliver",
            path_shape=GenerationDeliveryPath,
            methods=("POST",),
            handler=handlers.redeliver,
            summary="Send a delivery about a generation again",
            about=about,
            replies=due,
            problems=(409,),
        ),
        Operation(
            path=PATH,
            handler=handlers.list_deliveries,
            summary="List deliveries, newest first",
            query=DeliveryQuery,
            replies={200: Reply(about="One page of deliveries.", shape=DeliveryPage)},
        ),
        Operation(
            path=f"{PATH}/{{delivery_id}}",
            handler=handlers.get_delivery,
            summary="Get a delivery, with every attempt",
            replies={200: Reply(about="The delivery.", shape=DeliveryView)},
        ),
        Operation(
            path=f"{PATH}/{{delivery_id}}/redeliver",
            methods=("POST",),
            handler=handlers.redeliver_one,
            summary="Send a delivery again",
            about=about,
            replies=due,
            problems=(409,),
        ),
    )
