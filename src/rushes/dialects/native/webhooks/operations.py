"""Webhooks in our own API: the addresses at which an account is told of all that it makes."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field
from starlette.responses import Response

from rushes.dialects.native.deliveries.operations import TryTold, from_try
from rushes.dialects.native.generations.wire import Strict, Told, Url
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.webhooks import Webhooks
from rushes.store.outbox import Webhook

PATH: Final = "/api/v1/webhooks"
_ONE: Final = PATH + "/{webhook_id}"

EventName = Literal[
    "generation.running", "generation.completed", "generation.failed", "generation.cancelled"
]
Wording = Annotated[str, Field(min_length=1, max_length=100)]


class AddWebhook(Strict):
    """An address to be told of what the account makes."""

    url: Url
    events: list[EventName] | None = None
    """What it is told; by default all that the wording has words for. `[]`: nothing by itself."""

    wording: Wording = "native"
    """The name of one of the server's APIs, in whose words it is told; of one that has several
    wordings, also `luma_relay:official` and the like."""

    own_secret: bool = True
    """Whether it has a secret of its own; the server's signs in any case."""


class ChangeWebhook(Strict):
    """What is to be changed; what is not given stays."""

    events: list[EventName] | None = None
    wording: Wording | None = None
    enabled: bool | None = None
    """While it is false nothing is told to the address, whoever named it; what it is owed waits."""


class TurnSecret(Strict):
    """How a secret is replaced."""

    keep_former: bool = True
    """Whether the one before signs too, until it is forgotten or the next replaces it."""


class TestUrl(Strict):
    """An address to be told that this is a test."""

    url: Url
    wording: Wording = "native"


class WebhookTold(Told):
    """An address of the account. Its secret is told only where it is made."""

    id: str
    url: str
    events: list[str]
    """What it is told; empty: only what a request names it for."""

    wording: str
    enabled: bool
    disabled_at: datetime | None
    disabled_why: str | None
    """Null while it is enabled."""

    secrets: int
    """How many secrets of its own sign; 0: the server's alone."""

    created_at: datetime


class WebhookMade(WebhookTold):
    """The address with its newest secret, which is not told again."""

    secret: str | None
    """`whsec_...`; null where the server's signs alone."""


class WebhooksTold(Told):
    """Every webhook of the account, oldest first."""

    webhooks: list[WebhookTold]


def webhook_operations(webhooks: Webhooks) -> tuple[Operation, ...]:
    """Return what can be asked for about webhooks."""
    calls = _Calls(webhooks)
    one = {200: Reply(about="The webhook.", shape=WebhookTold)}
    made = Reply(about="The webhook and its secret.", shape=WebhookMade)
    tried = {200: Reply(about="What came of it.", shape=TryTold)}
    test = 'The body says `"test": true`; it is told once, and no record is kept.'
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=calls.add_webhook,
            summary="Register an address",
            body=Body(contents={JSON: AddWebhook}),
            replies={201: made},
            problems=(409,),
        ),
        Operation(
            path=PATH,
            handler=calls.list_webhooks,
            summary="List the account's webhooks",
            replies={200: Reply(about="All of them.", shape=WebhooksTold)},
        ),
        Operation(path=_ONE, handler=calls.get_webhook, summary="Get a webhook", replies=one),
        Operation(
            path=_ONE,
            methods=("PATCH",),
            handler=calls.change_webhook,
            summary="Change, disable or enable a webhook",
            body=Body(contents={JSON: ChangeWebhook}),
            replies=one,
        ),
        Operation(
            path=_ONE,
            methods=("DELETE",),
            handler=calls.remove_webhook,
            summary="Forget a webhook, and give up what it is owed",
            replies={204: Reply(about="It is gone.")},
        ),
        Operation(
            path=f"{_ONE}/secret",
            methods=("POST",),
            handler=calls.turn_secret,
            summary="Give a webhook a new secret",
            body=Body(contents={JSON: TurnSecret}, required=False),
            replies={200: made},
        ),
        Operation(
            path=f"{_ONE}/former-secret",
            methods=("DELETE",),
            handler=calls.forget_secret,
            summary="Let the former secret sign no more",
            replies=one,
        ),
        Operation(
            path=f"{_ONE}/test",
            methods=("POST",),
            handler=calls.test_webhook,
            summary="Tell a webhook that this is a test",
            about=test,
            replies=tried,
        ),
        Operation(
            path="/api/v1/webhook-tests",
            methods=("POST",),
            handler=calls.test_url,
            summary="Tell any address of yours that this is a test",
            about=test,
            body=Body(contents={JSON: TestUrl}),
            replies=tried,
        ),
    )


class _Calls:
    """The handlers."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def add_webhook(self, call: Call) -> Response:
        asked = parse(AddWebhook, call.raw)
        made = await self._webhooks.add(
            asked.url,
            wording=asked.wording,
            events=asked.events,
            own_secret=asked.own_secret,
            caller=call.caller,
        )
        return reply(_made(made), status=201, headers={"Location": f"{PATH}/{made.id}"})

    async def list_webhooks(self, call: Call) -> Response:
        every = await self._webhooks.list(caller=call.caller)
        return reply(WebhooksTold(webhooks=[_told(one) for one in every]))

    async def get_webhook(self, call: Call) -> Response:
        return reply(_told(await self._webhooks.get(_id(call), caller=call.caller)))

    async def change_webhook(self, call: Call) -> Response:
        asked = parse(ChangeWebhook, call.raw)
        changed = await self._webhooks.change(
            _id(call),
            wording=asked.wording,
            events=asked.events,
            enabled=asked.enabled,
            caller=call.caller,
        )
        return reply(_told(changed))

    async def remove_webhook(self, call: Call) -> Response:
        await self._webhooks.remove(_id(call), caller=call.caller)
        return Response(status_code=204)

    async def turn_secret(self, call: Call) -> Response:
        asked = parse(TurnSecret, call.raw)
        turned = await self._webhooks.rotate_secret(
            _id(call), keep_former=asked.keep_former, caller=call.caller
        )
        return reply(_made(turned))

    async def forget_secret(self, call: Call) -> Response:
        return reply(_told(await self._webhooks.forget_former(_id(call), caller=call.caller)))

    async def test_webhook(self, call: Call) -> Response:
        tried = await self._webhooks.test(_id(call), origin=call.origin, caller=call.caller)
        return reply(from_try(tried))

    async def test_url(self, call: Call) -> Response:
        asked = parse(TestUrl, call.raw)
        tried = await self._webhooks.test_url(
            asked.url, wording=asked.wording, origin=call.origin, caller=call.caller
        )
        return reply(from_try(tried))


def _told(webhook: Webhook) -> WebhookTold:
    return WebhookTold.model_validate(_fields(webhook))


def _made(webhook: Webhook) -> WebhookMade:
    secret = webhook.secrets[0] if webhook.secrets else None
    return WebhookMade.model_validate({**_fields(webhook), "secret": secret})


def _fields(webhook: Webhook) -> dict[str, object]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": sorted(webhook.events),
        "wording": webhook.wording,
        "enabled": webhook.disabled_at is None,
        "disabled_at": webhook.disabled_at,
        "disabled_why": webhook.disabled_why,
        "secrets": len(webhook.secrets),
        "created_at": webhook.created_at,
    }


def _id(call: Call) -> str:
    return str(call.request.path_params["webhook_id"])
