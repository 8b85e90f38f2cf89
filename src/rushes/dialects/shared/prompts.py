"""Define what every API calls a prompt: text with words in it."""

from typing import Any, Final

from pydantic import AfterValidator

HAS_WORDS: Final[dict[str, Any]] = {"pattern": r"\S"}
"""What JSON Schema says of such text."""


def _with_words(prompt: str) -> str:
    """Return the prompt unchanged if it is more than spaces. Raises ValueError."""
    if not prompt.strip():
        raise ValueError("must have words, not only spaces")
    return prompt


WITH_WORDS: Final = AfterValidator(_with_words)
"""Refuses a prompt of spaces only."""
