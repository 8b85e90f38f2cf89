"""
Server-sent events: a reply that goes on while there is something to tell.

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
"""Pause after which a comment is sent: proxies close what is silent for a minute or so."""

AGAIN_MS: Final = 2000
"""How long a client that was cut off waits before it comes back."""

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold back what it has not a buffer full of
}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One event of a stream."""

    data: str
    """Without line breaks, as JSON is."""

    id: int | None = None
    """What a client tells when it comes back; it keeps the last it was given."""

    event: str | None = None
    """The event's name; ``message`` by default."""

    def encoded(self) -> bytes:
        """Return what goes over the wire."""
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

    It closes *messages* when the client goes away. An error on the way ends the stream: the
    client comes back, and tells what it has heard of.
    """
    body = _stream(messages, heartbeat_s)
    return StreamingResponse(body, media_type=MEDIA_TYPE, headers=_HEADERS)


def last_event_id(request: Request) -> int:
    """Return the last id that the client was given before, 0 if none; what is no id is none."""
    told = request.headers.get("last-event-id", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else 0


async def _stream(
    messages: AsyncGenerator[Message, None], heartbeat_s: float
) -> AsyncGenerator[bytes, None]:
    yield f"retry: {AGAIN_MS}\n\n".encode()
    coming: asyncio.Task[Message] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(messages))
            done, _ = await asyncio.wait({coming}, timeout=heartbeat_s)
            if not done:
                yield b": still here\n\n"
                continue
            message, coming = coming.result(), None
            yield message.encoded()
    except StopAsyncIteration:
        return
    except Exception:  # noqa: BLE001  # the border: the head is sent, so nothing can be worded any more
        _log.exception("stream_failed")
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await messages.aclose()


async def _next(messages: AsyncGenerator[Message, None]) -> Message:
    return await anext(messages)
