"""How each misdeed is done to an answer."""

from dataclasses import replace
from typing import Final, cast

from rushes.mock_upstream.exchange import encoded
from rushes.mock_upstream.faults import FaultKind, InjectedFault
from rushes.mock_upstream.messages import Fields, MockReply, Refused
from rushes.mock_upstream.result_files import PATH

UNTOUCHED: Final = frozenset(
    {
        FaultKind.REFUSE,
        FaultKind.BUSY,
        FaultKind.MODERATE,
        FaultKind.MISSING,
        FaultKind.HTML,
        FaultKind.EMPTY,
    }
)
"""An answer comes, but nothing was done."""

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


def untouched(misdeed: InjectedFault) -> MockReply:
    """
    Return the answer to a request that is not acted on.

    Raises:
        Refused: It is to be worded as the API words errors.
    """
    match misdeed.deed:
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
            raise refusal(int(misdeed.number(503)))


def refusal(status: int) -> Refused:
    """Return an error with this status."""
    return Refused(status, *_REASONS.get(status, ("server_error", "Something went wrong")))


def treated(misdeed: InjectedFault, reply: MockReply) -> MockReply:
    """
    Return what is sent instead of a good answer.

    Raises:
        Refused: It is to be worded as the API words errors.
    """
    match misdeed.deed:
        case FaultKind.STATUS_AFTER:
            raise refusal(int(misdeed.number(502)))
        case FaultKind.HTML_AFTER:
            return MockReply(_PAGE, status=502, media_type=_HTML)
        case FaultKind.HOLLOW:
            return replace(reply, body={})
        case FaultKind.BAD_JSON:
            body = encoded(reply)[0][:-1] + b", oops"
            return replace(reply, body=body, media_type="application/json")
        case FaultKind.WORD | FaultKind.NO_LINKS | FaultKind.STRINGS:
            return replace(reply, body=_rewritten(misdeed, reply.body))
        case _:
            return reply


def _rewritten(misdeed: InjectedFault, body: object) -> object:
    """Return a JSON body as a misdeed of its values has it."""
    if misdeed.deed is FaultKind.WORD:
        return worded(body, misdeed.argument)
    return without_links(body) if misdeed.deed is FaultKind.NO_LINKS else as_text(body)


def length_sent(misdeed: InjectedFault, reply: MockReply) -> int | None:
    """Return after how many bytes of the body the connection is cut; None: it is not."""
    if misdeed.deed is not FaultKind.TRUNCATE:
        return None
    return int(misdeed.number(len(encoded(reply)[0]) // 2))


def worded(value: object, word: str) -> object:
    """Return a JSON value with *word* for every state in it."""
    if isinstance(value, dict):
        told = cast("Fields", value)
        return {k: word if k in _STATES else worded(v, word) for k, v in told.items()}
    if isinstance(value, list):
        return [worded(one, word) for one in cast("list[object]", value)]
    return value


def without_links(value: object) -> object:
    """Return a JSON value with null for every link to one of our files."""
    if isinstance(value, dict):
        return {k: without_links(v) for k, v in cast("Fields", value).items()}
    if isinstance(value, list):
        return [without_links(one) for one in cast("list[object]", value)]
    return None if isinstance(value, str) and PATH in value else value


def as_text(value: object) -> object:
    """Return a JSON value with every number in it as text."""
    if isinstance(value, dict):
        return {k: as_text(v) for k, v in cast("Fields", value).items()}
    if isinstance(value, list):
        return [as_text(one) for one in cast("list[object]", value)]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value
