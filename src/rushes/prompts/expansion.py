"""What an engine is told to render: the caller's prompt, or its expansion when he asked for it."""

from dataclasses import dataclass

import structlog

from rushes.core.generation import Generation
from rushes.core.spec import GenerationSpec, Kind, Position
from rushes.prompts.chat_model import ChatModelExpander, NotExpanded
from rushes.prompts.rules import expand

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPrompt:
    """A prompt that is ready for an engine, and what its caller should know of it."""

    prompt: str
    prompt_used: str | None = None
    """The same, when it differs from the caller's."""

    note: str | None = None


class PromptPreparation:
    """Prepares prompts: with *chat* when there is one, else with the built-in expander."""

    def __init__(self, *, chat: ChatModelExpander | None = None) -> None:
        self._chat = chat

    async def prepare(self, generation: Generation) -> PreparedPrompt:
        """Return what to render for *generation*; it never fails for want of an expansion."""
        spec = generation.spec
        if not _is_expanded(spec):
            return PreparedPrompt(prompt=spec.prompt)
        if self._chat is None:
            return _prepared(spec, _built_in(spec))
        try:
            return _prepared(spec, await self._chat.expand(spec))
        except NotExpanded as why:
            _log.warning("prompt_not_expanded", generation=generation.id, reason=str(why))
            return PreparedPrompt(prompt=spec.prompt, note=f"The prompt was used as it is: {why}.")


def _is_expanded(spec: GenerationSpec) -> bool:
    """Return whether the caller wants it, and the words decide how the picture looks."""
    made_from_words = spec.kind in {Kind.VIDEO, Kind.IMAGE}
    return spec.expand_prompt and made_from_words and bool(spec.prompt.strip())


def _prepared(spec: GenerationSpec, used: str) -> PreparedPrompt:
    return PreparedPrompt(prompt=used, prompt_used=used if used != spec.prompt else None)


def _built_in(spec: GenerationSpec) -> str:
    return expand(
        spec.prompt,
        duration_s=spec.duration_s,
        has_first=spec.keyframe(Position.FIRST) is not None,
        has_last=spec.keyframe(Position.LAST) is not None,
        loop=spec.loop,
        seed=spec.seed,
        moving=spec.kind is Kind.VIDEO,
    )
