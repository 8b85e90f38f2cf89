"""Interpret an upstream's replies: accepted, refused and why, or ambiguous."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Final, cast
from urllib.parse import urlsplit

from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    ContentRejected,
    EngineError,
    PermanentEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)

LONGEST_WAIT_S: Final = 3600.0
"""The longest wait that an upstream may ask for: a wrong date must not stop us for years."""

MESSAGE_LIMIT: Final = 200
"""Characters of an upstream's message that callers see."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_WAIT = re.compile(
    r"(?:try again|retry)\w* (?:in|after) (\d{1,6}(?:\.\d{1,6})?) ?(ms|m|s)", re.IGNORECASE
)

CONTENT_WORDS: Final = (
    "moderat", "blacklist", "content_policy", "content policy", "content_filter", "content filter",
    "content_moderated", "sensitive", "nsfw", "safety", "sexual", "prohibited content",
    "inappropriate", "usage policies", "policy_violation", "policy violation", "copyright",
    "risk control", "content violat",
)  # fmt: skip
_MONEY: Final = (
    "insufficient_quota", "insufficient_user_quota", "insufficient credit", "insufficient_credit",
    "insufficient balance", "insufficient_balance", "insufficient fund", "not enough credit",
    "not enough balance", "out of credits", "budget_exhausted", "quota is not enough",
    "exceeded your current quota", "billing_hard_limit",
)  # fmt: skip
_KEY: Final = (
    "invalid_api_key", "invalid api key", "invalid token", "invalid_token", "unauthorized",
    "unauthenticated", "authentication", "secret token", "access denied", "account_disabled",
)  # fmt: skip
_BUSY: Final = (
    "rate_limit", "rate limit", "rate_limited", "too many requests", "too_many_requests",
    "overloaded", "concurren", "saturated", "queue is full", "queue_full",
)  # fmt: skip
_WRONG: Final = (
    "invalid", "required", "missing", "unsupported", "not support", "must be", "too long",
    "too short", "too large", "not allowed", "malformed", "not found", "not exist",
)  # fmt: skip
_LOST: Final = frozenset(
    {"task_not_exist", "task_not_found", "generation_not_found", "job_not_found", "not_found"}
)


class Meaning(Enum):
    """The cause of a refusal: the request, the channel, or a temporary condition."""

    WRONG = auto()
    CONTENT = auto()
    CHANNEL = auto()
    BUSY = auto()
    DOWN = auto()
    """Certainly not accepted: no server behind the address could receive it."""

    UNCLEAR = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamReply:
    """A complete HTTP reply."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case. A repeated header has its last value."""

    body: bytes

    def json(self) -> object:
        """Parse the body; None when it is not JSON. NaN and infinities become None."""
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """An error that an upstream reports."""

    code: str
    """The code in the upstream's own spelling; empty without one."""

    message: str

    @property
    def words(self) -> str:
        """Code and message in lower case, to search for words."""
        return f"{self.code} {self.message}".lower()


def mapping(value: object) -> Mapping[str, object]:
    """Return *value* if it is a JSON object, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def is_array(value: object) -> bool:
    """Tell whether *value* is a JSON array, even an empty one."""
    return isinstance(value, list)


def items(value: object) -> Sequence[object]:
    """Return *value* if it is a JSON array, else an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return a JSON string or number as text, anything else as an empty one."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def number(value: object) -> float | None:
    """Return a finite number, also one written as text (``"42%"`` is 42), else None."""
    try:
        found = float(text(value).removesuffix("%"))
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def job_id(value: object) -> str | None:
    """Return *value* as a job id; None when it cannot be one."""
    found = text(value)
    sane = found.isprintable() and " " not in found and found not in {".", ".."}
    return found if sane and 0 < len(found) <= 256 else None


def shortened(words: str) -> str:
    """Return *words* on one line, without control characters, cut to :data:`MESSAGE_LIMIT`."""
    plain = " ".join(_CONTROL.sub(" ", words).split())
    return plain if len(plain) <= MESSAGE_LIMIT else plain[: MESSAGE_LIMIT - 3] + "..."


def find_complaint(body: object) -> Complaint | None:
    """
    Return the error that *body* reports; None when it reports none.

    Reads ``error`` (object or text), ``detail`` (text, object or FastAPI's list), new-api's
    ``code`` and ``message``, ``success: false``, and ``failure_reason``.
    """
    said = mapping(body)
    for value in (said.get("error"), said.get("detail"), said.get("errors")):
        found = _complaint(value)
        if found is not None:
            return found if found.code else Complaint(code=_code(said), message=found.message)
    if _code(said) or said.get("success") is False:
        return Complaint(code=_code(said), message=_message(said))
    reason = text(said.get("failure_reason")) or text(said.get("fail_reason"))
    return Complaint(code="", message=reason) if reason else None


def _complaint(value: object) -> Complaint | None:
    rows = items(value)
    if rows:
        said = [
            text(mapping(row).get("msg")) or _message(mapping(row)) or text(row) for row in rows
        ]
        return Complaint(code="", message="; ".join(word for word in said if word))
    inner = mapping(value)
    if inner:
        code = text(inner.get("code")) or text(inner.get("type"))
        return Complaint(code=code, message=_message(inner))
    return Complaint(code="", message=text(value)) if text(value) else None


def _code(said: Mapping[str, object]) -> str:
    """Return the code of an envelope, empty when it is one of success."""
    code = text(said.get("code"))
    return "" if code.lower() in {"0", "200", "201", "success", "ok"} else code


def _message(said: Mapping[str, object]) -> str:
    for name in ("message", "msg", "reason", "detail", "description", "error"):
        if text(said.get(name)):
            return text(said.get(name))
    return ""


def wait_s(reply: UpstreamReply) -> float | None:
    """Return the wait that a reply asks for, in seconds; None when it asks for none."""
    for said_s in (_wait_by_header(reply), _wait_by_body(reply.json())):
        if said_s is not None and said_s >= 0.0:
            return min(said_s, LONGEST_WAIT_S)
    return None


def _wait_by_header(reply: UpstreamReply) -> float | None:
    exact_ms = number(reply.headers.get("retry-after-ms"))
    if exact_ms is not None:
        return exact_ms / 1000.0
    said = reply.headers.get("retry-after", "")
    plain_s = number(said)
    if plain_s is not None or not said:
        return plain_s
    try:  # relative to the server's own clock, which may be wrong
        then = parsedate_to_datetime(said)
        now = parsedate_to_datetime(reply.headers.get("date", ""))
        return max((then - now).total_seconds(), 0.0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _wait_by_body(body: object) -> float | None:
    said = mapping(body)
    for level in (said, mapping(said.get("error")), mapping(said.get("detail"))):
        for name in ("retry_after", "retry_after_s", "retry_after_seconds"):
            found = number(level.get(name))
            if found is not None:
                return found
    complaint = find_complaint(body)
    hint = _WAIT.search(complaint.message) if complaint else None
    if hint is None:
        return None
    unit = {"ms": 0.001, "s": 1.0, "m": 60.0}[hint[2].lower()]
    return float(hint[1]) * unit


def _says(complaint: Complaint | None, words: Sequence[str]) -> bool:
    return complaint is not None and any(word in complaint.words for word in words)


def meaning_of(reply: UpstreamReply, *, refusal_statuses: frozenset[int] = frozenset()) -> Meaning:
    """
    Interpret a reply to a submit that contains no job id.

    Args:
        refusal_statuses: Statuses that mean, by the operator's word, that it was refused.
    """
    complaint = find_complaint(reply.json())
    if 200 <= reply.status < 300:
        return _meaning_of_words(complaint)
    return _meaning_of_status(reply.status, complaint, refusal_statuses)


def _meaning_of_status(
    status: int, complaint: Complaint | None, refusal_statuses: frozenset[int]
) -> Meaning:
    table = (
        ({400, 403, 413, 415, 422, 451}, CONTENT_WORDS, Meaning.CONTENT),
        ({400, 422, 429}, _MONEY, Meaning.CHANNEL),
        ({400, 422}, _KEY, Meaning.CHANNEL),
        ({400, 413, 415, 422}, None, Meaning.WRONG),
        ({401, 402, 403, 404, 405, 410, *range(300, 400)}, None, Meaning.CHANNEL),
        ({425, 429}, None, Meaning.BUSY),
        (refusal_statuses, None, Meaning.DOWN),
    )
    return next(
        (
            meaning
            for statuses, words, meaning in table
            if status in statuses and (words is None or _says(complaint, words))
        ),
        Meaning.UNCLEAR,
    )


def _meaning_of_words(complaint: Complaint | None) -> Meaning:
    """Interpret a complaint that comes with a status of success."""
    if complaint is None:
        return Meaning.UNCLEAR
    if complaint.code.isdecimal() and 400 <= int(complaint.code[:9]) < 600:
        return _meaning_of_status(int(complaint.code), complaint, frozenset())
    table = (
        (CONTENT_WORDS, Meaning.CONTENT),
        (_MONEY, Meaning.CHANNEL),
        (_KEY, Meaning.CHANNEL),
        (_BUSY, Meaning.BUSY),
        (_WRONG, Meaning.WRONG),
    )
    return next((meaning for words, meaning in table if _says(complaint, words)), Meaning.UNCLEAR)


def describe(reply: UpstreamReply) -> str:
    """Describe a reply briefly: ``status 400: Prompt is required``."""
    complaint = find_complaint(reply.json())
    said = ": ".join(filter(None, (complaint.code, complaint.message))) if complaint else ""
    if 300 <= reply.status < 400:
        said = f"a redirect to {_host(reply.headers.get('location', ''))}"
    elif not said and "html" in reply.headers.get("content-type", "").lower():
        said = "a web page"
    return f"status {reply.status}: {said}" if said else f"status {reply.status}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "a path of its own"
    except ValueError:
        return "nowhere"


def submit_error(
    reply: UpstreamReply, words: str, *, refusal_statuses: frozenset[int]
) -> EngineError:
    """
    Return the error for a reply to a submit that contains no job id.

    Args:
        words: A description of the reply, redacted.
    """
    match meaning_of(reply, refusal_statuses=refusal_statuses):
        case Meaning.CONTENT:
            return ContentRejected(f"the upstream refuses this content ({words})")
        case Meaning.WRONG:
            return PermanentEngineError(f"the upstream refuses the request ({words})")
        case Meaning.CHANNEL:
            return ChannelUnusable(f"the upstream refuses this channel ({words})")
        case Meaning.BUSY:
            return UpstreamBusy(
                f"the upstream has too much to do ({words})", retry_after_s=wait_s(reply)
            )
        case Meaning.DOWN:
            return UpstreamUnreachable(
                f"the upstream accepts nothing at present ({words})", retry_after_s=wait_s(reply)
            )
        case Meaning.UNCLEAR:
            return AmbiguousSubmit(f"the upstream may have accepted the job or not ({words})")


def poll_error(
    reply: UpstreamReply, words: str
) -> UpstreamLost | UpstreamBusy | UpstreamUnreachable:
    """
    Return the error for a reply to a poll that contains no job.

    Args:
        words: A description of the reply, redacted.
    """
    complaint = find_complaint(reply.json())
    if reply.status in {404, 410} or (
        reply.status in {200, 400} and complaint is not None and complaint.code in _LOST
    ):
        return UpstreamLost(f"the upstream does not know the job ({words})")
    if reply.status == 429:
        return UpstreamBusy(
            f"the upstream has too much to do ({words})", retry_after_s=wait_s(reply)
        )
    return UpstreamUnreachable(
        f"the upstream's reply is not usable ({words})", retry_after_s=wait_s(reply)
    )
