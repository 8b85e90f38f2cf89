"""Add headers, such as those of a trace, to all outbound requests of a context."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

OUTBOUND_HEADERS: Final[ContextVar[Mapping[str, str]]] = ContextVar("outbound_headers", default={})  # noqa: B039  # the default is never modified
"""The code that begins the work sets it; the HTTP clients read it."""
