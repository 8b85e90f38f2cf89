"""Read a request and send its reply at the level of the connection, to cut it at any point."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, cast

from starlette.types import Receive, Scope, Send

from rushes.mock_upstream.messages import MockReply

TRANSPORT: Final = "rushes.mock_upstream.transport"
"""The scope's extension that holds the connection; see ``serving.Cuttable``."""

_BLOCK_BYTES: Final = 64 << 10


class Exchange:
    """One request and its reply on one connection."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions: Mapping[str, object] = scope.get("extensions") or {}
        self._transport = cast("asyncio.Transport | None", extensions.get(TRANSPORT))
        self._receive = receive
        self._send = send

    async def read(self) -> bytes:
        """
        Return the body.

        Raises:
            ConnectionResetError: The client has disconnected.
        """
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("the client has disconnected")
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                return b"".join(parts)

    async def cut(self) -> None:
        """Abort the connection; unsent bytes are lost."""
        if self._transport is None:
            raise ConnectionResetError("cut")
        self._transport.abort()
        await self._gone()

    async def wait(self, seconds: float) -> None:
        """Wait, or return earlier if the client disconnects."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(
        self, reply: MockReply, *, only_bytes: int | None = None, send_length: bool = True
    ) -> None:
        """
        Send a reply.

        Args:
            only_bytes: Cut the connection after this many bytes of the body.

            send_length: Whether to send ``Content-Length``.
        """
        body, media_type = encoded(reply)
        headers = {"content-type": media_type, **reply.headers}
        if send_length:
            headers["content-length"] = str(len(body))
        await self._send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        if only_bytes is not None and only_bytes < len(body):
            await self._body(body[:only_bytes], more=True)
            await self._hang_up()
        else:
            await self._body(body, more=False)

    async def _body(self, body: bytes, *, more: bool) -> None:
        last = max(0, len(body) - 1) // _BLOCK_BYTES
        for number in range(last + 1):
            block = body[number * _BLOCK_BYTES : (number + 1) * _BLOCK_BYTES]
            goes_on = more or number < last
            await self._send({"type": "http.response.body", "body": block, "more_body": goes_on})

    async def _hang_up(self) -> None:
        """Close the connection after the sent bytes."""
        if self._transport is None:
            raise ConnectionResetError("cut")
        self._transport.close()
        await self._gone()


def encoded(reply: MockReply) -> tuple[bytes, str]:
    """Return the body of a reply as bytes, and its media type."""
    if reply.media_type is not None:
        return cast("bytes", reply.body), reply.media_type
    return json.dumps(reply.body, separators=(",", ":")).encode(), "application/json"
