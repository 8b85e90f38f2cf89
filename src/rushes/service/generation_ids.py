"""Parse the forms in which callers write a generation's id."""

import re
import uuid
from typing import Final

from rushes.core.errors import GenerationNotFound
from rushes.core.generation import GenerationId
from rushes.kit.quoting import quoted_text

_CANONICAL: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def canonical_id(text: str) -> GenerationId:
    """
    Return the id in its stored form, from any form that a dialect uses.

    Raises:
        NotFound: The text has none of these forms.
    """
    found = id_or_none(text)
    if found is None:
        raise GenerationNotFound(f"there is no generation {quoted_text(text)}")
    return found


def id_or_none(text: str) -> GenerationId | None:
    """Return the id in its stored form; None if the text is no id."""
    if _CANONICAL.fullmatch(text):
        return GenerationId(text)
    try:
        return GenerationId(str(uuid.UUID(text.removeprefix("video_"))))
    except ValueError:
        return None
