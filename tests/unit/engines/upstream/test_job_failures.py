"""Failed jobs keep the code of the other server, where both servers are of our kind."""

import json

import pytest

from rushes.core.errors import (
    AmbiguousSubmit,
    ContentRejected,
    EngineError,
    PermanentEngineError,
    TemporaryEngineError,
)
from rushes.engines.upstream.base import JobStatus, Phase
from rushes.engines.upstream.job_failures import (
    OUR_CODES,
    classify,
    error_from,
    failed,
    failed_by_reply,
    stopped,
)
from rushes.engines.upstream.replies import UpstreamReply


def subclasses(error: type[EngineError]) -> set[type[EngineError]]:
    return {error, *(found for one in error.__subclasses__() for found in subclasses(one))}


def reply(code: str) -> UpstreamReply:
    body = json.dumps({"error": {"code": code, "message": "it went wrong"}}).encode()
    return UpstreamReply(status=200, headers={}, body=body)


def test_every_error_that_can_fail_a_job_is_in_the_table() -> None:
    of_a_job = subclasses(TemporaryEngineError) | subclasses(PermanentEngineError)
    assert set(OUR_CODES.values()) == of_a_job
    assert AmbiguousSubmit not in of_a_job


@pytest.mark.parametrize("code", sorted(OUR_CODES))
def test_a_failed_job_keeps_its_code(code: str) -> None:
    error = OUR_CODES[code]
    assert classify(code, "whatever the reason says: invalid") is error
    assert type(error_from(failed(error, "it went wrong"))) is error
    status = failed_by_reply(reply(code), str)
    assert status.failure is not None
    assert status.failure.code == code
    assert type(error_from(status)) is error


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        ("", "", TemporaryEngineError),
        ("", "Cancelled by the user, try again", PermanentEngineError),
        ("400", "The prompt was flagged by moderation", ContentRejected),
        ("", "Server error", TemporaryEngineError),
        ("", "something that nobody has said before", PermanentEngineError),
    ],
)
def test_other_failures_are_classified_by_their_words(
    code: str, reason: str, error: type[EngineError]
) -> None:
    assert classify(code, reason) is error


def test_a_stopped_job_is_not_repeated() -> None:
    assert not stopped("the job was cancelled").may_repeat


def test_a_code_that_contradicts_the_status_does_not_decide() -> None:
    status = failed(TemporaryEngineError, "busy")
    contradiction = JobStatus(phase=Phase.FAILED, failure=status.failure, may_repeat=False)
    assert type(error_from(contradiction)) is PermanentEngineError
