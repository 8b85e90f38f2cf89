"""Expand prompts with any chat endpoint that speaks OpenAI's API."""

import asyncio
import re
from typing import Final

import httpx2
from pydantic import BaseModel, ValidationError

from rushes.core.spec import GenerationSpec, Kind, Position

INSTRUCTION: Final = (
    "You rewrite prompts for a video generator. Keep every fact of the user's prompt, and its"
    " language. Where it says nothing of them, add shot size, light, lens, camera movement and"
    " pace, as a cinematographer would. Contradict nothing. Answer with the prompt alone, in one"
    " paragraph of at most 120 words."
)
MAX_PROMPT_CHARS: Final = 4000
"""A longer answer is not accepted as a prompt."""

MAX_REPLY_BYTES: Final = 1 << 18

_THOUGHTS: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\s]+")
_QUOTES: Final = "\"'`*\u201c\u201d"


class NotExpanded(Exception):
    """The expansion failed; the message says why and may be shown to any caller."""


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Answer(BaseModel):
    choices: list[_Choice]


class ChatModelExpander:
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

    async def expand(self, spec: GenerationSpec) -> str:
        """
        Return the expansion of the spec's prompt.

        Raises:
            NotExpanded: There was no answer in time, or the answer is no prompt.
        """
        request = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": f"{INSTRUCTION} {_context_of(spec)}"},
                {"role": "user", "content": spec.prompt},
            ],
        }
        try:
            async with asyncio.timeout(self._deadline_s):
                reply = await self._post(request)
        except TimeoutError:
            raise NotExpanded(
                f"the expander did not answer within {self._deadline_s:g} s"
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, ExceptionGroup):
            # A port beyond 65535 raises an ExceptionGroup. Not chained: the library's message may
            # quote a header, and so the key.
            raise NotExpanded("the expander could not be reached") from None
        return _extract_prompt(reply)

    async def _post(self, request: object) -> bytes:
        stream = self._http.stream("POST", self._url, json=request, headers=self._headers)
        async with stream as reply:
            if reply.status_code != 200:
                raise NotExpanded(f"the expander answered with status {reply.status_code}")
            body = bytearray()
            async for piece in reply.aiter_bytes():
                body += piece
                if len(body) > MAX_REPLY_BYTES:
                    raise NotExpanded("the expander's answer was too long")
            return bytes(body)


def _context_of(spec: GenerationSpec) -> str:
    """Describe the clip to the model: its kind, its length and its given pictures."""
    sentences = [
        "It is for a still picture."
        if spec.kind is Kind.IMAGE
        else f"The clip lasts {spec.duration_s:g} seconds."
    ]
    if spec.keyframe(Position.FIRST):
        sentences.append("It begins with a given picture: describe what moves, not what it shows.")
    if spec.keyframe(Position.LAST):
        sentences.append("It ends with a given picture.")
    if spec.loop:
        sentences.append("It is a loop: its end leads into its start.")
    return " ".join(sentences)


def _extract_prompt(reply: bytes) -> str:
    """Return the prompt from a model's reply, without its thinking and its quotes."""
    try:
        choices = _Answer.model_validate_json(reply).choices
    except ValidationError:
        choices = []
    content = choices[0].message.content if choices else ""
    text = _CONTROL.sub(" ", _THOUGHTS.sub(" ", content)).strip().strip(_QUOTES).strip()
    if not text or len(text) > MAX_PROMPT_CHARS:
        raise NotExpanded("the expander's answer was not a prompt")
    return text
