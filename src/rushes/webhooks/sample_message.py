"""Send a test webhook about a made-up generation."""

import json
import uuid
from datetime import datetime
from typing import Final

from rushes.core.generation import (
    AccountId,
    Artifact,
    ArtifactKind,
    Generation,
    GenerationId,
    State,
)
from rushes.core.spec import GenerationSpec
from rushes.kit.clock import Clock
from rushes.store.outbox import Try
from rushes.webhooks.sender import Message, Sender

PROMPT: Final = "This is a test of a webhook. No video was requested, and none exists."
MARK: Final = "test"
"""The extra field of the body that marks it as a test."""


class SampleMessage:
    """Writes, signs and posts a body like any delivery, but only once and without a record."""

    def __init__(self, *, sender: Sender, clock: Clock) -> None:
        self._sender = sender
        self._clock = clock

    async def test(
        self, url: str, *, account_id: AccountId, wording: str, own: tuple[str, ...], origin: str
    ) -> Try:
        """Post that a made-up video is completed; return the result."""
        dialect, _, chosen = wording.partition(":")
        made_up = _made_up(account_id, dialect, origin, now=self._clock.now())
        message = Message(
            id=f"test_{uuid.uuid4().hex}",
            url=url,
            generation=made_up,
            dialect=dialect,
            format=chosen,
            secrets=own,
        )
        return (await self._sender.send(message, alter=_marked)).tried


def _marked(body: bytes) -> bytes:
    return json.dumps(json.loads(body) | {MARK: True}, ensure_ascii=False).encode()


def _made_up(account_id: AccountId, dialect: str, origin: str, *, now: datetime) -> Generation:
    name = GenerationId(str(uuid.uuid4()))
    video = Artifact(
        kind=ArtifactKind.VIDEO,
        key=f"{name}/1/video.mp4",
        media_type="video/mp4",
        size_bytes=1,
        width_px=1280,
        height_px=720,
        duration_s=5.0,
    )
    return Generation(
        id=name,
        account_id=account_id,
        spec=GenerationSpec(model="ray-2", prompt=PROMPT),
        dialect=dialect,
        origin=origin,
        created_at=now,
        updated_at=now,
        available_at=now,
        state=State.COMPLETED,
        version=3,
        attempt=1,
        progress=1.0,
        engine="animatic",
        started_at=now,
        finished_at=now,
        artifacts=(video,),
    )
