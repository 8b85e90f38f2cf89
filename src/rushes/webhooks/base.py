"""Define what webhooks need from a dialect."""

from collections.abc import Callable
from typing import Protocol

from rushes.core.generation import Generation


class Announcer(Protocol):
    """Writes the bodies of webhooks in the format of a dialect's replies."""

    @property
    def name(self) -> str:
        """The dialect's name, as in ``Generation.dialect``."""
        ...

    @property
    def fast_retries_s(self) -> tuple[float, ...]:
        """Seconds between the quick retries that this API makes before the common schedule."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """The body formats that a webhook can choose; empty when there is only one."""
        ...

    @property
    def only_final(self) -> bool:
        """Whether this API has webhooks only for the end of a generation."""
        ...

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """
        Return the body, JSON in UTF-8, that shows *generation* as it was at an event.

        Args:
            wording: One of :attr:`formats`.

            url: Turns a media key into an absolute URL.
        """
        ...
