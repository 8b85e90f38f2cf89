"""Turning the bytes of a body into a typed value, with errors that name the field."""

import json
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from rushes.core.errors import InvalidRequest

Body = TypeVar("Body", bound=BaseModel)


def parse(model: type[Body], raw: bytes) -> Body:
    """
    Return *raw*, JSON in UTF-8, as a *model*.

    Raises:
        InvalidRequest: It is not JSON or not of this shape; every offending field is named.
    """
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise invalid(error) from None


def parse_query(model: type[Body], request: Request) -> Body:
    """
    Return the query of *request* as a *model*; a field that is a list may be repeated.

    Raises:
        InvalidRequest: It is not of this shape; every offending parameter is named.
    """
    try:
        return model.model_validate(query_values(model, request))
    except ValidationError as error:
        raise invalid(error) from None


def query_values(model: type[BaseModel], request: Request) -> dict[str, object]:
    """Return the query of *request* as a *model* takes it: text, or lists of it."""
    given: dict[str, object] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        field = model.model_fields.get(name)
        is_list = field is not None and get_origin(field.annotation) is list
        given[name] = values if is_list or len(values) > 1 else values[0]
    return given


def invalid(error: ValidationError) -> InvalidRequest:
    """Return what to tell a caller whose request is not of the right shape."""
    problems = tuple(_told(dict(one)) for one in error.errors(include_url=False))
    detail = "; ".join(sentence for _, sentence in problems)
    return InvalidRequest(detail, param=problems[0][0], problems=problems)


def _told(one: dict[str, Any]) -> tuple[str, str]:
    param = ".".join(str(part) for part in one["loc"]) or "body"
    if one["type"] == "json_invalid":
        return "body", f"the body is not JSON: {one['ctx']['error']}"
    if one["type"] == "missing":
        return param, f"{param} is required"
    if one["type"] == "value_error":
        return param, f"{param} {one['ctx']['error']}"
    shown = json.dumps(one["input"], default=str, ensure_ascii=False)
    return param, f"{param}: {one['msg']}, not {shown[:80]}"
