"""One HTTP exchange at the level of its connection, which may be cut wherever it hurts."""

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
    """A request that is being answered, or not."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions: Mapping[str, object] = scope.get("extensions") or {}
        self._transport = cast("asyncio.Transport | None", extensions.get(TRANSPORT))
        self._receive = receive
        self._send = send

    async def read(self) -> bytes:
        """
        Return the body.

        Raises:
            ConnectionResetError: The client has gone.
        """
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("the client has gone")
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                return b"".join(parts)

    async def cut(self) -> None:
        """End the connection at once; what was not sent yet is lost."""
        if self._transport is None:
            raise ConnectionResetError("cut")
        self._transport.abort()
        await self._gone()

    async def wait(self, seconds: float) -> None:
        """Let time pass, or less if the client goes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(
        self, reply: MockReply, *, only_bytes: int | None = None, tells_length: bool = True
    ) -> None:
        """
        Send an answer.

        Args:
            only_bytes: Cut the connection after so many of the body.

            tells_length: Whether the length of the body is told before it.
        """
        body, media_type = encoded(reply)
        headers = {"content-type": media_type, **reply.headers}
        if tells_length:
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
        """End the connection once what was sent has gone out."""
        if self._transport is None:
            raise ConnectionResetError("cut")
        self._transport.close()
        await self._gone()


def encoded(reply: MockReply) -> tuple[bytes, str]:
    """Return the bytes of an answer and what they are."""
    if reply.media_type is not None:
        return cast("bytes", reply.body), reply.media_type
    return json.dumps(reply.body, separators=(",", ":")).encode(), "application/json"
