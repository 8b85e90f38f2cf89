"""Translate webhooks into replies."""

from rushes.dialects.native.webhooks.wire import WebhookView, WebhookWithSecret
from rushes.store.outbox import Webhook


def from_webhook(webhook: Webhook) -> WebhookView:
    """Return the view of a webhook, without its secret."""
    return WebhookView.model_validate(_fields(webhook))


def with_secret(webhook: Webhook) -> WebhookWithSecret:
    """Return the view of a webhook whose secret was just made."""
    secret = webhook.secrets[0] if webhook.secrets else None
    return WebhookWithSecret.model_validate({**_fields(webhook), "secret": secret})


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
