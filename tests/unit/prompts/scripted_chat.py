"""A chat endpoint on this machine that answers what a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from rushes.prompts.chat_endpoint import ChatEndpoint

KEY = "sk-very-secret-key"
Deed = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(code: int, body: object, head: str = "") -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {code} X\r\nContent-Length: {len(text)}\r\n{head}\r\n".encode() + text


def said(text: object) -> bytes:
    return answer(200, {"choices": [{"message": {"role": "assistant", "content": text}}]})


@dataclass(kw_only=True)
class Chat:
    """A chat server that answers what the test says."""

    port: int = 0
    answer: bytes | Deed = b""
    answers: list[bytes] = field(default_factory=list)
    """Given first, one a request."""

    heads: list[str] = field(default_factory=list)
    requested: list[Any] = field(default_factory=list)

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
            self.requested.append(json.loads(await reader.readexactly(size)))
            self.heads.append(head)
            answer = self.answers.pop(0) if self.answers else self.answer
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def endpoint(self, *, deadline_s: float = 5.0, key: str | None = KEY) -> ChatEndpoint:
        base = f"http://127.0.0.1:{self.port}/v1/"
        return ChatEndpoint(base_url=base, model="m1", api_key=key, deadline_s=deadline_s)


@asynccontextmanager
async def scripted_chat() -> AsyncIterator[Chat]:
    """Serve until the test is over."""
    chat = Chat()
    server = await asyncio.start_server(chat.greet, "127.0.0.1", 0)
    chat.port = server.sockets[0].getsockname()[1]
    yield chat
    server.close()
