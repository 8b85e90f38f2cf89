"""What keeps a house in order, made of its settings: who tidies up, and by which rules."""

import os
import secrets
import socket
from datetime import timedelta

from rushes.kit.clock import Clock
from rushes.media.base import MediaStore
from rushes.service.files import Files
from rushes.service.janitor import Janitor
from rushes.service.retention import Rules
from rushes.service.rounds import Rounds
from rushes.settings import Settings
from rushes.store.sqlite import SqliteStore


def janitor(
    settings: Settings, store: SqliteStore, *, media: MediaStore, files: Files, clock: Clock
) -> Janitor:
    """Return who removes what is no longer to be kept."""
    rounds = Rounds(
        store=store,
        archive=store.archive,
        media=media,
        files=files,
        rules=rules(settings),
        clock=clock,
    )
    return Janitor(
        archive=store.archive,
        rounds=rounds,
        clock=clock,
        who=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        every_s=settings.retention.every_s,
    )


def rules(settings: Settings) -> Rules:
    """Return the rules that are set; what is unset is kept."""
    asked = settings.retention
    total_gb = asked.artifacts_gb
    return Rules(
        artifacts=_age(asked.artifacts_days),
        artifacts_bytes=None if total_gb is None else int(total_gb * (1 << 30)),
        generations=_age(asked.generations_days),
        events=_age(asked.events_days),
        deliveries=_age(asked.deliveries_days),
        inputs=_age(asked.inputs_days),
        uploads=_age(asked.uploads_days),
    )


def _age(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)
