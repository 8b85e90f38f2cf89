"""Wire the preparation of prompts: by a chat model, or by the built-in rules."""

from rushes.prompts.chat_model import ChatModelExpander
from rushes.prompts.expansion import PromptPreparation
from rushes.settings import Settings


def prompt_preparation(settings: Settings) -> PromptPreparation:
    """Return what the worker prepares prompts with."""
    return PromptPreparation(chat_model=_chat(settings))


def _chat(settings: Settings) -> ChatModelExpander | None:
    asked = settings.prompts
    if asked.base_url is None or asked.model is None:
        return None
    return ChatModelExpander(
        base_url=asked.base_url,
        model=asked.model,
        api_key=asked.api_key.get_secret_value() if asked.api_key else None,
        deadline_s=asked.deadline_s,
    )
