"""Define the wire format of webhooks: registration, change and test requests, and views."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rushes.dialects.native.wire import Strict, Url, View

EventName = Literal[
    "generation.running", "generation.completed", "generation.failed", "generation.cancelled"
]
Wording = Annotated[str, Field(min_length=1, max_length=100)]


class AddWebhook(Strict):
    """A URL that receives events about the account's generations."""

    url: Url
    events: list[EventName] | None = None
    """The events to send; by default all that the wording can express. `[]`: only those of
    requests that name this URL."""

    wording: Wording = "native"
    """The name of one of the server's APIs, whose format the bodies have; one with several formats
    also has `luma_relay:official` and the like."""

    own_secret: bool = True
    """Whether the webhook has a secret of its own; the server's secret signs in any case."""


class ChangeWebhook(Strict):
    """What to change; a field that is left out stays as it is."""

    events: list[EventName] | None = None
    wording: Wording | None = None
    enabled: bool | None = None
    """While false, the server sends nothing to the URL, not even for requests that name it;
    deliveries wait."""


class RotateSecret(Strict):
    """How to rotate a secret."""

    keep_former: bool = True
    """Whether the former secret signs too, until it is deleted or the next rotation."""


class TestUrl(Strict):
    """A URL to send a test event to."""

    url: Url
    wording: Wording = "native"


class WebhookView(View):
    """A webhook of the account. Its secret is shown only when it is made."""

    id: str
    url: str
    events: list[str]
    """The events to send; empty: only those of requests that name this URL."""

    wording: str
    enabled: bool
    disabled_at: datetime | None
    disabled_why: str | None
    """Null while it is enabled."""

    secrets: int
    """How many secrets of its own sign; 0: only the server's does."""

    created_at: datetime


class WebhookWithSecret(WebhookView):
    """A webhook with its newest secret, which is not shown again."""

    secret: str | None
    """`whsec_...`; null where only the server's secret signs."""


class WebhooksView(View):
    """Every webhook of the account, oldest first."""

    webhooks: list[WebhookView]
