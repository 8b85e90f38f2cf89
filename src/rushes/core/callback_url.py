"""Build and check the URLs at which upstreams call the server back."""

import hmac
import re
from typing import Final

from rushes.core.generation import Attempt, GenerationId

PREFIX: Final = "/callbacks"
_NAME: Final = re.compile(r"([0-9A-Za-z-]{1,64})\.([0-9a-f]{32})")


def callback_path(generation_id: GenerationId, attempt: Attempt) -> str:
    """Return the path that the server gives to the upstream of an attempt only."""
    return f"{PREFIX}/{attempt.channel}/{generation_id}.{attempt.token}"


def parse_callback_name(name: str) -> tuple[GenerationId, str] | None:
    """Return generation id and token from the last part of a callback's path; None if invalid."""
    found = _NAME.fullmatch(name)
    return (GenerationId(found[1]), found[2]) if found else None


def matches_attempt(attempt: Attempt, channel: str, token: str) -> bool:
    """Return whether a callback with this channel and token belongs to a submitted attempt."""
    known = bool(attempt.token) and attempt.channel == channel
    return known and hmac.compare_digest(attempt.token, token)
