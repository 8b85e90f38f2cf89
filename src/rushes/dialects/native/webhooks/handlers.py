"""Handle requests about webhooks: register, change, rotate secrets, test."""

from typing import Final

from starlette.responses import Response

from rushes.dialects.native.deliveries.translate import from_attempt
from rushes.dialects.native.resource import reply
from rushes.dialects.native.webhooks.translate import from_webhook, with_secret
from rushes.dialects.native.webhooks.wire import (
    AddWebhook,
    ChangeWebhook,
    RotateSecret,
    TestUrl,
    WebhooksView,
)
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.service.webhooks import Webhooks

PATH: Final = "/api/v1/webhooks"


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def add_webhook(self, call: Call) -> Response:
        body = parse(AddWebhook, call.raw)
        webhook = await self._webhooks.add(
            body.url,
            wording=body.wording,
            events=body.events,
            own_secret=body.own_secret,
            caller=call.caller,
        )
        location = {"Location": f"{PATH}/{webhook.id}"}
        return reply(with_secret(webhook), status=201, headers=location)

    async def list_webhooks(self, call: Call) -> Response:
        webhooks = await self._webhooks.list(caller=call.caller)
        return reply(WebhooksView(webhooks=[from_webhook(webhook) for webhook in webhooks]))

    async def get_webhook(self, call: Call) -> Response:
        return reply(from_webhook(await self._webhooks.get(_id(call), caller=call.caller)))

    async def change_webhook(self, call: Call) -> Response:
        body = parse(ChangeWebhook, call.raw)
        webhook = await self._webhooks.change(
            _id(call),
            wording=body.wording,
            events=body.events,
            enabled=body.enabled,
            caller=call.caller,
        )
        return reply(from_webhook(webhook))

    async def remove_webhook(self, call: Call) -> Response:
        await self._webhooks.remove(_id(call), caller=call.caller)
        return Response(status_code=204)

    async def rotate_secret(self, call: Call) -> Response:
        body = parse(RotateSecret, call.raw)
        webhook = await self._webhooks.rotate_secret(
            _id(call), keep_former=body.keep_former, caller=call.caller
        )
        return reply(with_secret(webhook))

    async def forget_secret(self, call: Call) -> Response:
        webhook = await self._webhooks.forget_former(_id(call), caller=call.caller)
        return reply(from_webhook(webhook))

    async def test_webhook(self, call: Call) -> Response:
        attempt = await self._webhooks.test(_id(call), origin=call.origin, caller=call.caller)
        return reply(from_attempt(attempt))

    async def test_url(self, call: Call) -> Response:
        body = parse(TestUrl, call.raw)
        attempt = await self._webhooks.test_url(
            body.url, wording=body.wording, origin=call.origin, caller=call.caller
        )
        return reply(from_attempt(attempt))


def _id(call: Call) -> str:
    return call.parameter("webhook_id")
