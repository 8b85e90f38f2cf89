"""Decide after each try of a delivery: delivered, try again later, or failed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from rushes.store.outbox import DeliveryState

PAUSES_S: Final = (10.0, 30.0, 120.0, 600.0, 3_600.0, 21_600.0, 86_400.0)
"""Seconds before each further try; the first try is made at once."""

JITTER: Final = 0.2
"""A pause is up to this share longer, so that what failed together does not return together."""

LONGEST_WAIT_S: Final = 86_400.0
"""The longest pause that a receiver may ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryResult:
    """Whether a try delivered the webhook, and what the receiver asked for."""

    error: str | None
    """The reason of a failure, as a sentence; None when it was delivered."""

    may_repeat: bool = True
    """Whether another try may succeed."""

    wait_s: float = 0.0
    """The shortest pause that the receiver asked for, in seconds."""

    wants_no_more: bool = False
    """Whether the receiver asked for no more webhooks at all (410)."""


def result_of_reply(status: int, headers: Mapping[str, str], *, now: datetime) -> TryResult:
    """
    Interpret a reply: the 200s are success, 410 ends all webhooks, everything else is a failure.

    Args:
        headers: Those of the reply, by name in lower case.
    """
    if 200 <= status < 300:
        return TryResult(error=None)
    if 300 <= status < 400:
        return TryResult(error=_redirected(status, headers.get("location", "")))
    if status == 410:
        why = "the receiver answered 410: it wants no more webhooks"
        return TryResult(error=why, may_repeat=False, wants_no_more=True)
    wait_s = retry_after_s(headers.get("retry-after", ""), now=now) if status in {429, 503} else 0.0
    return TryResult(error=f"the receiver answered {status}", wait_s=wait_s)


def _redirected(status: int, location: str) -> str:
    onward = f" to {location[:200]!r}" if location else ""
    return f"the receiver answered {status}, a redirect{onward}: redirects are not followed"


def retry_after_s(value: str, *, now: datetime) -> float:
    """Return the seconds that a ``Retry-After`` asks for, 0 to a day; 0 when it is unreadable."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return min(float(value), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def pause_s(failures: int, *, fast_retries_s: Sequence[float], chance: float) -> float | None:
    """
    Return the seconds until the next try; None after the last one.

    Args:
        failures: How many tries have failed; 1 after the first.

        fast_retries_s: Pauses before those of the common schedule.

        chance: 0.0 to 1.0: the place in the range of the jitter.
    """
    pauses_s = (*fast_retries_s, *PAUSES_S)
    if failures > len(pauses_s):
        return None
    return pauses_s[failures - 1] * (1.0 + JITTER * chance)


def next_step(
    result: TryResult,
    *,
    failures: int,
    fast_retries_s: Sequence[float],
    chance: float,
    now: datetime,
) -> tuple[DeliveryState, datetime]:
    """
    Return the state of a delivery after a try, and when it is due again if it stays pending.

    Args:
        failures: How many tries have failed, including this one.
    """
    if result.error is None:
        return DeliveryState.DELIVERED, now
    pause = pause_s(failures, fast_retries_s=fast_retries_s, chance=chance)
    if pause is None or not result.may_repeat:
        return DeliveryState.FAILED, now
    return DeliveryState.PENDING, now + timedelta(seconds=max(pause, result.wait_s))
