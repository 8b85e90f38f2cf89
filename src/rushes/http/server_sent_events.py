"""
Stream server-sent events.

Source: the event stream format of the HTML standard, section 9.2.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_S: Final = 15.0
"""Seconds of silence before a comment: proxies close connections that are silent for a minute."""

RETRY_MS: Final = 2000
"""The delay before a disconnected client reconnects."""

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # else nginx would hold messages back until its buffer is full
}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One event of a stream."""

    data: str
    """Without line breaks, as JSON is."""

    id: int | None = None
    """The id that a client sends when it reconnects."""

    event: str | None = None
    """The event's name; ``message`` by default."""

    def encoded(self) -> bytes:
        """Return the bytes of the message."""
        lines = [f"data: {self.data}\n\n"]
        if self.event is not None:
            lines.insert(0, f"event: {self.event}\n")
        if self.id is not None:
            lines.insert(0, f"id: {self.id}\n")
        return "".join(lines).encode()


def event_stream(
    messages: AsyncGenerator[Message, None], *, heartbeat_s: float = HEARTBEAT_S
) -> Response:
    """
    Return the reply that sends *messages* until there are no more.

    It closes *messages* when the client disconnects. An error ends the stream; the client then
    reconnects with the last id that it received.
    """
    body = _stream(messages, heartbeat_s)
    return StreamingResponse(body, media_type=MEDIA_TYPE, headers=_HEADERS)


def last_event_id(request: Request) -> int:
    """Return the ``Last-Event-ID`` of a request; 0 if it is missing or malformed."""
    sent = request.headers.get("last-event-id", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 18 else 0


async def _stream(
    messages: AsyncGenerator[Message, None], heartbeat_s: float
) -> AsyncGenerator[bytes, None]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    pending: asyncio.Task[Message] | None = None
    try:
        while True:
            pending = pending or asyncio.create_task(_next(messages))
            done, _ = await asyncio.wait({pending}, timeout=heartbeat_s)
            if not done:
                yield b": still here\n\n"
                continue
            message, pending = pending.result(), None
            yield message.encoded()
    except StopAsyncIteration:
        return
    except Exception:  # noqa: BLE001  # the status is already sent, so the client cannot get an error
        _log.exception("stream_failed")
    finally:
        if pending is not None:
            pending.cancel()
            await asyncio.gather(pending, return_exceptions=True)
        await messages.aclose()


async def _next(messages: AsyncGenerator[Message, None]) -> Message:
    return await anext(messages)
