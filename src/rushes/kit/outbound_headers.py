"""Headers that go along with whatever is asked of elsewhere, as long as a context lasts."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

OUTBOUND_HEADERS: Final[ContextVar[Mapping[str, str]]] = ContextVar("carried", default={})  # noqa: B039  # nobody writes into it
"""Set by whoever begins the work; read by whoever makes the requests."""
