"""Define the wire format of webhook deliveries and their attempts."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rushes.dialects.native.wire import LONGEST_PAGE, GenerationPath, Id, View
from rushes.store.outbox import DeliveryState


class GenerationDeliveryPath(GenerationPath):
    """The path of a delivery below its generation."""

    delivery_id: str


class DeliveryQuery(BaseModel):
    """Which deliveries to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: list[DeliveryState] = []
    """Only these states; repeat it for several."""

    generation_id: Id | None = None
    """Only deliveries about this generation."""

    webhook_id: Annotated[str, Field(max_length=100)] | None = None
    """Only deliveries to this webhook; not those whose request named its URL."""

    url: Annotated[str, Field(max_length=2000)] | None = None
    """Only deliveries to exactly this URL."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 20
    cursor: Annotated[str, Field(pattern=r"^msg_[0-9]{1,19}(_[0-9a-f]{1,32})?$")] | None = None
    """`next` of the page before."""


class DeliveryAttemptView(View):
    """One request to the receiver, with its result."""

    at: datetime
    status: int | None
    """The HTTP status of the receiver's reply; null when there was none."""

    error: str | None
    """Why the attempt failed, as a sentence; null when it succeeded."""

    answer: str
    """The first 4 KiB of the receiver's reply."""

    took_s: float


class DeliveryView(View):
    """A delivery of one event to one URL, with its attempts so far."""

    id: str
    """The same for every attempt: the receiver sees it as `webhook-id`."""

    generation_id: str
    webhook_id: str | None
    """The webhook that the delivery is for; null: the URL that the request named."""

    event: str
    """Such as `generation.completed`."""

    url: str
    wording: str
    """The API whose format the body has."""

    state: DeliveryState
    """`held`: its URL is disabled; `failed`: the server gave up."""

    next_at: datetime | None
    """When the next attempt is due; null unless the delivery is pending."""

    tries: list[DeliveryAttemptView]


class DeliveriesView(View):
    """Every delivery about a generation, oldest first."""

    deliveries: list[DeliveryView]


class DeliveryPage(View):
    """One page of deliveries, newest first."""

    deliveries: list[DeliveryView]
    next: str | None
    """The `cursor` of the next page; null on the last."""
