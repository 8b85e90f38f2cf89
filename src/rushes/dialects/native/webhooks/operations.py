"""Declare the routes of webhooks."""

from typing import Final

from rushes.dialects.native.deliveries.wire import DeliveryAttemptView
from rushes.dialects.native.webhooks.handlers import PATH, Handlers
from rushes.dialects.native.webhooks.wire import (
    AddWebhook,
    ChangeWebhook,
    RotateSecret,
    TestUrl,
    WebhooksView,
    WebhookView,
    WebhookWithSecret,
)
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.webhooks import Webhooks

_WEBHOOK: Final = PATH + "/{webhook_id}"
_TEST: Final = 'The body says `"test": true`. There is one attempt, and no record of it.'


def webhook_operations(webhooks: Webhooks) -> tuple[Operation, ...]:
    """Return the routes of webhooks."""
    handlers = Handlers(webhooks)
    webhook = {200: Reply(about="The webhook.", shape=WebhookView)}
    with_secret = Reply(about="The webhook and its secret.", shape=WebhookWithSecret)
    attempt = {200: Reply(about="The attempt.", shape=DeliveryAttemptView)}
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=handlers.add_webhook,
            summary="Register a webhook",
            body=Body(contents={JSON: AddWebhook}),
            replies={201: with_secret},
            problems=(409,),
        ),
        Operation(
            path=PATH,
            handler=handlers.list_webhooks,
            summary="List the account's webhooks",
            replies={200: Reply(about="All webhooks.", shape=WebhooksView)},
        ),
        Operation(
            path=_WEBHOOK, handler=handlers.get_webhook, summary="Get a webhook", replies=webhook
        ),
        Operation(
            path=_WEBHOOK,
            methods=("PATCH",),
            handler=handlers.change_webhook,
            summary="Change, disable or enable a webhook",
            body=Body(contents={JSON: ChangeWebhook}),
            replies=webhook,
        ),
        Operation(
            path=_WEBHOOK,
            methods=("DELETE",),
            handler=handlers.remove_webhook,
            summary="Delete a webhook and give up its deliveries",
            replies={204: Reply(about="The webhook is deleted.")},
        ),
        Operation(
            path=f"{_WEBHOOK}/secret",
            methods=("POST",),
            handler=handlers.rotate_secret,
            operation_id="turn_secret",
            summary="Rotate the secret of a webhook",
            body=Body(contents={JSON: RotateSecret}, required=False),
            replies={200: with_secret},
        ),
        Operation(
            path=f"{_WEBHOOK}/former-secret",
            methods=("DELETE",),
            handler=handlers.forget_secret,
            summary="Delete the former secret of a webhook",
            replies=webhook,
        ),
        Operation(
            path=f"{_WEBHOOK}/test",
            methods=("POST",),
            handler=handlers.test_webhook,
            summary="Send a test event to a webhook",
            about=_TEST,
            replies=attempt,
        ),
        Operation(
            path="/api/v1/webhook-tests",
            methods=("POST",),
            handler=handlers.test_url,
            summary="Send a test event to any URL of yours",
            about=_TEST,
            body=Body(contents={JSON: TestUrl}),
            replies=attempt,
        ),
    )
