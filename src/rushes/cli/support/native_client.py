"""A client of our own API: one generation, and what becomes of it as it happens."""

import json
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

import httpx2

from rushes.cli.support.relay_client import body_of

PATH = "/api/v1/generations"


class NativeClient:
    """
    Speaks ``/api/v1`` over *http*, whose base URL is the server's.

    Every method raises :class:`Stop` with the server's own sentence when it refuses, and
    ``httpx2.TransportError`` when it does not answer.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def get(self, generation_id: str) -> dict[str, Any]:
        """Return one generation."""
        return body_of(await self._http.get(f"{PATH}/{generation_id}"))

    async def follow(self, generation_id: str) -> AsyncGenerator[dict[str, Any]]:
        """
        Yield what has become of a generation, then what becomes of it, until it is final.

        A stream that ends early, because a proxy has cut it for one, is taken up where it ended.
        """
        last, state = "0", ""
        while state not in {"completed", "failed", "cancelled"}:
            headers = {"Last-Event-ID": last}
            url = f"{PATH}/{generation_id}/progress"
            async with self._http.stream("GET", url, headers=headers) as reply:
                if not reply.is_success:
                    await reply.aread()
                    body_of(reply)
                if reply.status_code == HTTPStatus.NO_CONTENT:
                    return
                async for line in reply.aiter_lines():
                    name, _, value = line.partition(": ")
                    if name == "id":
                        last = value
                    elif name == "data":
                        told: dict[str, Any] = json.loads(value)
                        state = str(told["state"])
                        if told["event"] is None:  # with an event its place is not told
                            yield told
