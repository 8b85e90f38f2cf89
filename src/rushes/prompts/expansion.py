"""Prepare the prompt for an engine: the caller's own, or its expansion if the caller wants one."""

from dataclasses import dataclass

import structlog

from rushes.core.generation import Generation
from rushes.core.spec import GenerationSpec, Kind, Position
from rushes.prompts.chat_model import ChatModelExpander, NotExpanded
from rushes.prompts.rules import expand

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPrompt:
    """A prompt that is ready for an engine, with a note for the caller."""

    prompt: str
    prompt_used: str | None = None
    """The same prompt if it differs from the caller's, else None."""

    note: str | None = None


class PromptPreparation:
    """Expand prompts with a chat model if there is one, else with the built-in rules."""

    def __init__(self, *, chat_model: ChatModelExpander | None = None) -> None:
        self._chat_model = chat_model

    async def prepare(self, generation: Generation) -> PreparedPrompt:
        """Return the prompt for *generation*; fall back to the caller's if the expansion fails."""
        return await self.prepare_spec(generation.spec, generation_id=generation.id)

    async def prepare_spec(
        self, spec: GenerationSpec, *, generation_id: str | None = None
    ) -> PreparedPrompt:
        """
        Return the prompt for *spec*; fall back to the caller's if the expansion fails.

        Args:
            generation_id: Named in the log, if there is a generation.
        """
        if not _wants_expansion(spec):
            return PreparedPrompt(prompt=spec.prompt)
        if self._chat_model is None:
            return _prepared(spec, _expand_by_rules(spec))
        try:
            return _prepared(spec, await self._chat_model.expand(spec))
        except NotExpanded as why:
            _log.warning("prompt_not_expanded", generation=generation_id, reason=str(why))
            return PreparedPrompt(prompt=spec.prompt, note=f"The prompt was used as it is: {why}.")


def _wants_expansion(spec: GenerationSpec) -> bool:
    """Return whether the caller wants an expansion and the prompt decides how the result looks."""
    made_from_words = spec.kind in {Kind.VIDEO, Kind.IMAGE}
    return spec.expand_prompt and made_from_words and bool(spec.prompt.strip())


def _prepared(spec: GenerationSpec, used: str) -> PreparedPrompt:
    return PreparedPrompt(prompt=used, prompt_used=used if used != spec.prompt else None)


def _expand_by_rules(spec: GenerationSpec) -> str:
    return expand(
        spec.prompt,
        duration_s=spec.duration_s,
        has_first=spec.keyframe(Position.FIRST) is not None,
        has_last=spec.keyframe(Position.LAST) is not None,
        loop=spec.loop,
        seed=spec.seed,
        moving=spec.kind is Kind.VIDEO,
    )
