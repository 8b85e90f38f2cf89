"""Apply injected faults to replies."""

from dataclasses import replace
from typing import Final, cast

from rushes.mock_upstream.exchange import encoded
from rushes.mock_upstream.faults import FaultKind, InjectedFault
from rushes.mock_upstream.messages import Fields, MockReply, Refused
from rushes.mock_upstream.result_files import PATH

WITHOUT_EFFECT: Final = frozenset(
    {
        FaultKind.REFUSE,
        FaultKind.BUSY,
        FaultKind.MODERATE,
        FaultKind.MISSING,
        FaultKind.HTML,
        FaultKind.EMPTY,
    }
)
"""Faults that answer a request without handling it."""

_PAGE: Final = b"<!DOCTYPE html><title>Bad gateway</title><h1>502 Bad gateway</h1>"
_HTML: Final = "text/html; charset=utf-8"
_STATES: Final = frozenset({"state", "status", "task_status"})
_REASONS: Final = {
    400: ("invalid_request", "The request cannot be done"),
    401: ("invalid_api_key", "Invalid API key is provided"),
    402: ("insufficient_quota", "Insufficient credits"),
    403: ("forbidden", "This key may not do that"),
    404: ("not_found", "Generation not found"),
    409: ("conflict", "Try again"),
    422: ("invalid_request", "The request cannot be done"),
    429: ("rate_limit_exceeded", "Too many requests"),
    503: ("overloaded", "Service unavailable"),
}


def answer_without_effect(injected: InjectedFault) -> MockReply:
    """
    Return the reply to a request that is not handled.

    Raises:
        Refused: The reply is an error, which the API words.
    """
    match injected.kind:
        case FaultKind.MODERATE:
            raise Refused(400, "content_moderated", "Advanced prompt moderation failed")
        case FaultKind.MISSING:
            raise refusal(404)
        case FaultKind.BUSY:
            raise refusal(429)
        case FaultKind.HTML:
            return MockReply(_PAGE, media_type=_HTML)
        case FaultKind.EMPTY:
            return MockReply(b"", media_type="application/json")
        case _:
            raise refusal(int(injected.number(503)))


def refusal(status: int) -> Refused:
    """Return a plausible error with this status."""
    return Refused(status, *_REASONS.get(status, ("server_error", "Something went wrong")))


def apply_fault(injected: InjectedFault, reply: MockReply) -> MockReply:
    """
    Return the reply that replaces a good one.

    Raises:
        Refused: The reply is an error, which the API words.
    """
    match injected.kind:
        case FaultKind.STATUS_AFTER:
            raise refusal(int(injected.number(502)))
        case FaultKind.HTML_AFTER:
            return MockReply(_PAGE, status=502, media_type=_HTML)
        case FaultKind.HOLLOW:
            return replace(reply, body={})
        case FaultKind.BAD_JSON:
            body = encoded(reply)[0][:-1] + b", oops"
            return replace(reply, body=body, media_type="application/json")
        case FaultKind.WORD | FaultKind.NO_LINKS | FaultKind.STRINGS:
            return replace(reply, body=_rewritten(injected, reply.body))
        case _:
            return reply


def _rewritten(injected: InjectedFault, body: object) -> object:
    """Return a JSON body with its values changed by a fault."""
    if injected.kind is FaultKind.WORD:
        return with_state(body, injected.argument)
    return without_links(body) if injected.kind is FaultKind.NO_LINKS else as_text(body)


def length_sent(injected: InjectedFault, reply: MockReply) -> int | None:
    """Return the length of the body at which the connection is cut; None if it is not cut."""
    if injected.kind is not FaultKind.TRUNCATE:
        return None
    return int(injected.number(len(encoded(reply)[0]) // 2))


def with_state(value: object, word: str) -> object:
    """Replace every state in a JSON value by *word*."""
    if isinstance(value, dict):
        fields = cast("Fields", value)
        return {k: word if k in _STATES else with_state(v, word) for k, v in fields.items()}
    if isinstance(value, list):
        return [with_state(one, word) for one in cast("list[object]", value)]
    return value


def without_links(value: object) -> object:
    """Replace every link to a result file in a JSON value by null."""
    if isinstance(value, dict):
        return {k: without_links(v) for k, v in cast("Fields", value).items()}
    if isinstance(value, list):
        return [without_links(one) for one in cast("list[object]", value)]
    return None if isinstance(value, str) and PATH in value else value


def as_text(value: object) -> object:
    """Turn every number in a JSON value into text."""
    if isinstance(value, dict):
        return {k: as_text(v) for k, v in cast("Fields", value).items()}
    if isinstance(value, list):
        return [as_text(one) for one in cast("list[object]", value)]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value
