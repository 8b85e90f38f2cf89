"""Call listeners after changes."""

import asyncio
from collections.abc import Callable
from contextvars import Context

from rushes.core.lifecycle import Change


class Listeners:
    """Functions that hear of changes on the event loop."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []

    def add(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Add a listener; return a function that removes it."""

        def call(change: Change) -> None:
            # A new function each time, so that a listener added twice can be removed once.
            listener(change)

        self._listeners = [*self._listeners, call]

        def remove_listener() -> None:
            self._listeners = [other for other in self._listeners if other is not call]

        return remove_listener

    def tell(self, change: Change, context: Context | None = None) -> None:
        """Call every listener soon; their errors go to the loop's exception handler."""
        for listener in self._listeners:
            asyncio.get_running_loop().call_soon(listener, change, context=context)
