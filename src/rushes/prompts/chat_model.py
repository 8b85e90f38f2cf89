"""Expand prompts with a chat model."""

import re
from typing import Final

from rushes.core.spec import GenerationSpec, Kind, Position
from rushes.prompts.chat_endpoint import ChatEndpoint, NoAnswer

INSTRUCTION: Final = (
    "You rewrite prompts for a video generator. Keep every fact of the user's prompt, and its"
    " language. Where it says nothing of them, add shot size, light, lens, camera movement and"
    " pace, as a cinematographer would. Contradict nothing. Answer with the prompt alone, in one"
    " paragraph of at most 120 words."
)
MAX_PROMPT_CHARS: Final = 4000
"""A longer answer is not accepted as a prompt."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\s]+")
_QUOTES: Final = "\"'`*\u201c\u201d"


class NotExpanded(Exception):
    """The expansion failed; the message says why and may be shown to any caller."""


class ChatModelExpander:
    """Expand prompts with the chat model that the operator configured."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self._endpoint = endpoint

    async def expand(self, spec: GenerationSpec) -> str:
        """
        Return the expansion of the spec's prompt.

        Raises:
            NotExpanded: There was no answer in time, or the answer is no prompt.
        """
        try:
            answer = await self._endpoint.ask(f"{INSTRUCTION} {_context_of(spec)}", spec.prompt)
        except NoAnswer as why:
            raise NotExpanded(str(why)) from None
        return _extract_prompt(answer)


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


def _extract_prompt(answer: str) -> str:
    """Return the prompt from a model's answer, without its quotes."""
    text = _CONTROL.sub(" ", answer).strip().strip(_QUOTES).strip()
    if not text or len(text) > MAX_PROMPT_CHARS:
        raise NotExpanded("the chat model's answer was not a prompt")
    return text
