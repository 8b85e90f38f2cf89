"""Write moments as foreign APIs write them: RFC 3339 text or seconds since 1970."""

from datetime import UTC, datetime
from typing import Final, Literal

from pydantic_core import to_json

_OFFSET: Final = "+00:00"


def rfc3339(at: datetime, *, timespec: Literal["auto", "microseconds"] = "microseconds") -> str:
    """
    Return a moment in UTC, such as ``2026-01-31T12:00:00.000000Z``.

    Args:
        timespec: ``microseconds`` always writes six digits; ``auto`` leaves them out where they
            are zero.
    """
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)  # a poll costs less without the call
    if utc.microsecond:
        return to_json(utc)[1:-1].decode()  # the same six digits, three times as fast
    return utc.isoformat(timespec=timespec).removesuffix(_OFFSET) + "Z"


def unix_s(at: datetime | None) -> int:
    """Return whole seconds since 1970; 0 for an event that has not happened."""
    return int(at.timestamp()) if at else 0


def unix_ms(at: datetime) -> int:
    """Return whole milliseconds since 1970."""
    return int(at.timestamp() * 1000)
