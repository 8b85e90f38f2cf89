"""Makes what tells callers: the courier, and what an account may see and say of it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import Clock
from rushes.kit.safe_http import SafeHttpClient
from rushes.kit.secret_file import former_secret, kept_secret
from rushes.service.deliveries import Deliveries
from rushes.service.generations import Generations
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.settings import Settings
from rushes.store.outbox import Outbox
from rushes.webhooks.base import Announcer
from rushes.webhooks.dispatcher import Dispatcher, Told
from rushes.webhooks.sample_message import SampleMessage
from rushes.webhooks.sender import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookParts:
    """All that has to do with telling."""

    courier: Dispatcher
    webhooks: Webhooks
    deliveries: Deliveries


def webhook_parts(
    settings: Settings,
    *,
    outbox: Outbox,
    generations: Generations,
    voices: Mapping[str, Announcer],
    links: SignedLinks,
    http: SafeHttpClient,
    clock: Clock,
    told: Told,
) -> WebhookParts:
    """
    Wire what tells callers.

    Args:
        voices: Who words things, by name; may be filled later.

        told: Called with each try and what follows of it.
    """
    sender = Sender(
        announcers=voices,
        links=links,
        http=http,
        clock=clock,
        secrets=partial(webhook_secret, settings),
        deadline_s=settings.webhooks.deadline_s,
        public_url=settings.server.public_url,
    )
    return WebhookParts(
        courier=Dispatcher(
            outbox=outbox,
            sender=sender,
            clock=clock,
            concurrency=settings.webhooks.concurrency,
            told=told,
        ),
        webhooks=Webhooks(
            outbox=outbox,
            targets=WebhookTargets(http),
            voices=voices,
            tester=SampleMessage(sender=sender, clock=clock),
            clock=clock,
        ),
        deliveries=Deliveries(generations=generations, outbox=outbox, clock=clock),
    )


def webhook_secret(settings: Settings) -> str:
    """
    Return what signs webhooks, the newest first.

    It is made and kept with the data when none is set.
    """
    if settings.webhooks.secret is not None:
        return settings.webhooks.secret.get_secret_value()
    file = secret_file(settings)
    both = (kept_secret(file), former_secret(file))
    return " ".join("whsec_" + base64.b64encode(one).decode() for one in both if one)


def secret_file(settings: Settings) -> Path:
    """Return where the secret is kept that signs webhooks when none is set."""
    return settings.data / "secrets" / "webhooks"
