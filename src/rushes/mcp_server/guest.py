"""Who calls a tool, wherever the call came in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from rushes.service.accounts import Caller
from rushes.service.request_context import RequestContext

NAME: Final = "mcp"
"""How the rest of the house calls this way in."""

Report = Callable[[float, str], Awaitable[None]]
"""Told how much is done, 0.0 to 1.0, and a few words for it; what is told only grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One caller, as the tools need to know him."""

    caller: Caller
    origin: str
    """The base URL at which he reached us."""

    url: Callable[[str], str]
    """Turns a key of the media store into where he can read it."""

    count_submit: Callable[[], object] = field(default=object)
    """Counts a generation that he asks for. Raises TooManyRequests when it is one too many."""

    def ask(self) -> RequestContext:
        """Return the circumstances of his request, as the service wants them."""
        return RequestContext(dialect=NAME, origin=self.origin)
