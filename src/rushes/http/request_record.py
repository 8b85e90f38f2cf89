"""Define the record of a finished request, for metrics and traces."""

from collections.abc import Callable
from typing import NamedTuple


class RequestRecord(NamedTuple):
    """A request and its reply, in fields with few values."""

    dialect: str
    """The API of the path; ``none`` for an unknown path."""

    route: str
    """The path with the names of its parameters instead of their values."""

    method: str
    status: int
    took_s: float
    """Seconds to the end of the reply."""

    request_id: str


ObserveRequest = Callable[[RequestRecord], None]
