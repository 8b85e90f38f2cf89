"""Ask a chat endpoint that speaks OpenAI's API for one answer."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import httpx2
from pydantic import BaseModel, ValidationError

MAX_REPLY_BYTES: Final = 1 << 18

_THOUGHTS: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_REFUSES_SCHEMAS: Final = frozenset({400, 422})
"""The replies of an endpoint that does not support ``response_format``, or all of a schema."""


class NoAnswer(Exception):
    """The endpoint gave no answer; the message says why and may be shown to any caller."""

    def __init__(self, why: str, *, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Answer(BaseModel):
    choices: list[_Choice]


class ChatEndpoint:
    """
    Ask the endpoint that the operator configured, which may be inside a private network.

    The key goes only to that host: the client follows no redirects and uses no proxy.

    Args:
        base_url: The address without ``/chat/completions``, e.g. ``http://127.0.0.1:11434/v1``.

        api_key: None if the endpoint needs no key.

        deadline_s: Seconds for the complete answer.
    """

    def __init__(
        self, *, base_url: str, model: str, api_key: str | None = None, deadline_s: float = 8.0
    ) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._deadline_s = deadline_s
        self._http = httpx2.AsyncClient(
            timeout=None,  # the deadline below covers the whole request
            trust_env=False,
            follow_redirects=False,
            limits=httpx2.Limits(max_keepalive_connections=0),  # then there is nothing to close
        )

    async def ask(
        self, instruction: str, message: str, *, schema: Mapping[str, Any] | None = None
    ) -> str:
        """
        Return the model's answer without its thoughts; empty where the reply holds no text.

        Args:
            schema: The JSON schema of the answer. An endpoint that refuses it is asked once more
                with the schema as text, so the answer may be anything.

        Raises:
            NoAnswer: The endpoint did not answer in time, or answered with an error.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                reply = await self._exchange(instruction, message, schema)
        except TimeoutError:
            raise NoAnswer(f"the chat model did not answer within {self._deadline_s:g} s") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, ExceptionGroup):
            # A port beyond 65535 raises an ExceptionGroup. Not chained: the library's message may
            # quote a header, and so the key.
            raise NoAnswer("the chat model could not be reached") from None
        return _content(reply)

    async def _exchange(
        self, instruction: str, message: str, schema: Mapping[str, Any] | None
    ) -> bytes:
        if schema is None:
            return await self._post(self._request(instruction, message))
        named = {"name": "answer", "strict": True, "schema": schema}
        structured = {"type": "json_schema", "json_schema": named}
        try:
            return await self._post(
                {**self._request(instruction, message), "response_format": structured}
            )
        except NoAnswer as refused:
            if refused.status not in _REFUSES_SCHEMAS:
                raise
        instruction_with_schema = (
            f"{instruction} The JSON schema of the answer is {json.dumps(schema)}"
        )
        return await self._post(self._request(instruction_with_schema, message))

    def _request(self, instruction: str, message: str) -> dict[str, Any]:
        messages = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": message},
        ]
        return {"model": self._model, "messages": messages}

    async def _post(self, request: object) -> bytes:
        stream = self._http.stream("POST", self._url, json=request, headers=self._headers)
        async with stream as reply:
            if reply.status_code != 200:
                why = f"the chat model answered with status {reply.status_code}"
                raise NoAnswer(why, status=reply.status_code)
            body = bytearray()
            async for piece in reply.aiter_bytes():
                body += piece
                if len(body) > MAX_REPLY_BYTES:
                    raise NoAnswer("the chat model's answer was too long")
            return bytes(body)


def _content(reply: bytes) -> str:
    try:
        choices = _Answer.model_validate_json(reply).choices
    except ValidationError:
        return ""
    return _THOUGHTS.sub(" ", choices[0].message.content) if choices else ""
