"""What webhooks need from a dialect."""

from collections.abc import Callable
from typing import Protocol

from rushes.core.generation import Generation


class Announcer(Protocol):
    """Words an announcement the way the caller's dialect words a reply."""

    @property
    def name(self) -> str:
        """Which dialect this is, as ``Generation.dialect`` has it."""
        ...

    @property
    def fast_retries_s(self) -> tuple[float, ...]:
        """Pauses of quick retries that this API makes before the common schedule."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """The wordings that one can choose among; none where there is but one."""
        ...

    @property
    def only_final(self) -> bool:
        """Whether this API has words only for how a generation ended."""
        ...

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """
        Return the body, JSON in UTF-8, that tells what *generation* was at an event.

        Args:
            wording: One of those that the dialect knows.

            url: Turns a media key into an absolute URL.
        """
        ...
