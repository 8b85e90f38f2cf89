"""What is known of a request once it is answered, for whoever counts."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request and its answer, in a few words of which there are not many."""

    dialect: str
    """The API that it belongs to; ``none`` for a path that is none's."""

    route: str
    """The path with the names of its parameters, not their values."""

    method: str
    status: int
    took_s: float
    """To the end of the answer."""

    request_id: str


ObserveRequest = Callable[[RequestRecord], None]
