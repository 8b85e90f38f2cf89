"""Word errors as ``{"detail": ...}``: a sentence or, with status 422, a list of fields."""

import json
from collections.abc import Sequence
from functools import wraps
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from rushes.core.errors import GenerationNotFound, InvalidRequest, RequestError
from rushes.dialects.luma.wire import Fault
from rushes.http.gateway import Call, Handler
from rushes.http.json_bodies import invalid, query_values, validated
from rushes.http.operation import JSON
from rushes.http.problems import Problem, retry_header
from rushes.kit.quoting import is_binary, quoted_json, readable

NOT_FOUND: Final = "Generation not found"
BAD_KEY: Final = "Invalid API key is provided"
UNKNOWN_TYPE: Final = "Unknown request type"

_RETRIABLE: Final = frozenset({408, 425, 429})
_LONGEST_INPUT: Final = 200

Body = TypeVar("Body", bound=BaseModel)


class WrongShape(InvalidRequest):
    """A body of the wrong shape, with pydantic's finding for each field."""

    def __init__(self, error: InvalidRequest, faults: Sequence[Fault]) -> None:
        super().__init__(str(error), param=error.param, problems=error.problems)
        self.faults = tuple(faults)


def parse_body(model: type[Body], call: Call) -> Body:
    """
    Return the body of *call*, JSON in UTF-8, as a *model*.

    Raises:
        WrongShape: It is not JSON or not of this shape.

        RequestError: Its ``generation_type`` does not belong to the path.
    """
    try:
        return validated(model, call.raw, unknown=call.unknown)
    except ValidationError as error:
        findings = error.errors(include_url=False)
        if any(one["loc"] == ("generation_type",) and one["type"] != "missing" for one in findings):
            raise RequestError(UNKNOWN_TYPE) from None
        raise WrongShape(invalid(error), [_fault(dict(one)) for one in findings]) from None


def parse_query(model: type[Body], request: Request) -> Body:
    """Return the query of *request* as a *model*. Raises WrongShape."""
    try:
        return model.model_validate(query_values(model, request))
    except ValidationError as error:
        findings = error.errors(include_url=False)
        faults = [_fault(dict(one), place="query") for one in findings]
        raise WrongShape(invalid(error), faults) from None


def _fault(one: dict[str, Any], *, place: str = "body") -> Fault:
    if one["type"] == "json_invalid":
        return {
            "type": "json_invalid",
            "loc": ["body"],
            "msg": f"JSON decode error: {one['ctx']['error']}",
            "input": "",
        }
    fault: Fault = {
        "type": one["type"],
        "loc": [place, *(readable(str(part)) for part in one["loc"])],
        "msg": one["msg"],
        "input": _shown(one["input"]),
    }
    if "expected" in one.get("ctx", {}):
        fault["ctx"] = {"expected": str(one["ctx"]["expected"])}
    return fault


def _shown(value: object) -> str:
    if not isinstance(value, str) or is_binary(value):
        return quoted_json(value, most=_LONGEST_INPUT)
    return value if len(value) <= _LONGEST_INPUT else value[: _LONGEST_INPUT - 3] + "..."


def showing_inputs(handler: Handler) -> Handler:
    """Return *handler* with the sent value of each field added to its validation errors."""

    @wraps(handler)
    async def wrapped(call: Call) -> Response:
        try:
            return await handler(call)
        except WrongShape as error:
            return _reply(422, list(error.faults))
        except InvalidRequest as error:
            return _reply(422, _faults(error.problems, _sent(call.raw)))

    return wrapped


def _faults(problems: Sequence[tuple[str, str]], sent: object) -> list[Fault]:
    return [
        {
            "type": "value_error",
            "loc": ["body", *param.split(".")],
            "msg": why,
            "input": _shown(_at(sent, param.split("."))),
        }
        for param, why in problems
    ]


def _sent(raw: bytes) -> object:
    try:
        return json.loads(raw or b"{}")
    except ValueError:
        return {}


def _at(sent: object, path: Sequence[str]) -> object:
    """Return the sent value at *path*; empty text if there is none."""
    for part in path:
        if isinstance(sent, dict):
            sent = cast("dict[str, object]", sent).get(part)
        elif isinstance(sent, list) and part.isdigit():
            sent = cast("list[object]", sent)[int(part)]
        else:
            return ""
    return "" if sent is None else sent


def word(problem: Problem) -> Response:
    """
    Return *problem* in this API's format.

    The official libraries retry every 409 and 5xx. ``X-Should-Retry: false`` stops them where a
    retry cannot succeed.
    """
    headers = retry_header(problem)
    if problem.status < 500 and not headers and problem.status not in _RETRIABLE:
        headers["X-Should-Retry"] = "false"
    match problem.status:
        case 422:
            return _reply(422, _faults(problem.problems, {}), headers)
        case 401:
            return _reply(401, BAD_KEY, headers)
        case 404 if issubclass(problem.error_type, GenerationNotFound):
            return _reply(404, NOT_FOUND, headers)
        case _:
            return _reply(problem.status, problem.detail, headers)


def _reply(
    status: int, detail: str | list[Fault], headers: dict[str, str] | None = None
) -> Response:
    headers = {"X-Should-Retry": "false"} if headers is None else headers
    return Response(json.dumps({"detail": detail}).encode(), status, headers, JSON)
