"""Wire webhooks: the dispatcher, registered webhooks, and their deliveries."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import Clock
from rushes.kit.failure_counts import FailureCounts
from rushes.kit.safe_http import SafeHttpClient
from rushes.kit.secret_file import former_secret, kept_secret
from rushes.service.deliveries import Deliveries
from rushes.service.generations import Generations
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.settings import Settings
from rushes.store.outbox import Outbox
from rushes.webhooks.base import Announcer
from rushes.webhooks.dispatcher import Dispatcher, TryListener
from rushes.webhooks.sample_message import SampleMessage
from rushes.webhooks.sender import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookParts:
    """The parts that deliver webhooks and manage them."""

    dispatcher: Dispatcher
    webhooks: Webhooks
    deliveries: Deliveries


def webhook_parts(
    settings: Settings,
    *,
    outbox: Outbox,
    failures: FailureCounts,
    generations: Generations,
    announcers: Mapping[str, Announcer],
    links: SignedLinks,
    http: SafeHttpClient,
    clock: Clock,
    on_try: TryListener,
) -> WebhookParts:
    """
    Connect the sender, the dispatcher and the use cases.

    Args:
        announcers: The dialects' wordings, by name.

        on_try: Called after each try of a delivery.
    """
    sender = Sender(
        announcers=announcers,
        links=links,
        http=http,
        clock=clock,
        secrets=partial(webhook_secret, settings),
        deadline_s=settings.webhooks.deadline_s,
        public_url=settings.server.public_url,
    )
    return WebhookParts(
        dispatcher=Dispatcher(
            outbox=outbox,
            failures=failures,
            sender=sender,
            clock=clock,
            concurrency=settings.webhooks.concurrency,
            on_try=on_try,
        ),
        webhooks=Webhooks(
            outbox=outbox,
            targets=WebhookTargets(http),
            announcers=announcers,
            tester=SampleMessage(sender=sender, clock=clock),
            clock=clock,
        ),
        deliveries=Deliveries(generations=generations, outbox=outbox, clock=clock),
    )


def webhook_secret(settings: Settings) -> str:
    """
    Return the secrets that sign webhooks, newest first, with spaces between them.

    When the settings name none, the server makes one and keeps it in the data folder.
    """
    if settings.webhooks.secret is not None:
        return settings.webhooks.secret.get_secret_value()
    file = secret_file(settings)
    both = (kept_secret(file), former_secret(file))
    return " ".join("whsec_" + base64.b64encode(one).decode() for one in both if one)


def secret_file(settings: Settings) -> Path:
    """Return the file of the secret that the server made itself."""
    return settings.data / "secrets" / "webhooks"
