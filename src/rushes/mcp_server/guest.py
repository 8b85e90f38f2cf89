"""Describe the caller of a tool, over HTTP or on this machine."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from rushes.http.gateway import MediaUrl
from rushes.service.accounts import Caller
from rushes.service.request_context import RequestContext

NAME: Final = "mcp"
"""The name of this API in records and metrics."""

Report = Callable[[float, str], Awaitable[None]]
"""Reports progress, 0.0 to 1.0, with a short description; the progress only grows."""


async def _count_nothing() -> None:
    """Count no submits: callers on this machine have no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCaller:
    """The caller of a tool, with the base URL for links."""

    caller: Caller
    origin: str
    """The base URL that the caller used."""

    url: MediaUrl
    """Returns the URL of a file for the caller, given its key in the media store."""

    count_submit: Callable[[], Awaitable[None]] = field(default=_count_nothing)
    """Counts a submit of the caller. Raises TooManyRequests above the limit."""

    def ask(self) -> RequestContext:
        """Return the context of the request for the service."""
        return RequestContext(dialect=NAME, origin=self.origin)
