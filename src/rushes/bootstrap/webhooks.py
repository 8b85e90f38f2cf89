"""Makes what tells callers: the courier, and what an account may see and say of it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rushes.core.signed_links import Links
from rushes.kit.clock import Clock
from rushes.kit.safe_http.client import GuardedHttp
from rushes.kit.secret_file import former_secret, kept_secret
from rushes.service.deliveries import Deliveries
from rushes.service.generations import Generations
from rushes.service.webhook_targets import Targets
from rushes.service.webhooks import Webhooks
from rushes.settings import Settings
from rushes.store.outbox import Outbox
from rushes.webhooks.base import Announcer
from rushes.webhooks.dispatcher import Courier, Told
from rushes.webhooks.sender import Sender
from rushes.webhooks.test_message import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """All that has to do with telling."""

    courier: Courier
    webhooks: Webhooks
    deliveries: Deliveries


def outgoing(
    settings: Settings,
    *,
    outbox: Outbox,
    generations: Generations,
    voices: Mapping[str, Announcer],
    links: Links,
    http: GuardedHttp,
    clock: Clock,
    told: Told,
) -> Outgoing:
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
    return Outgoing(
        courier=Courier(
            outbox=outbox,
            sender=sender,
            clock=clock,
            concurrency=settings.webhooks.concurrency,
            told=told,
        ),
        webhooks=Webhooks(
            outbox=outbox,
            targets=Targets(http),
            voices=voices,
            tester=Trial(sender=sender, clock=clock),
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
