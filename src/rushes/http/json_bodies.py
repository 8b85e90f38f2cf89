"""Parse JSON bodies and queries into typed models, with errors that name the field."""

import json
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import Request

from rushes.core.errors import MOST_PROBLEMS, InvalidRequest
from rushes.http.unknown import Unknown
from rushes.kit.quoting import quoted_json, quoted_text

Body = TypeVar("Body", bound=BaseModel)


def parse(model: type[Body], raw: bytes, *, unknown: Unknown | None = None) -> Body:
    """
    Return *raw*, JSON in UTF-8, as a *model*.

    Args:
        unknown: Decides about fields that the model does not list; by default they are refused.

    Raises:
        InvalidRequest: The body is not JSON or not a *model*, or has a name twice; it names every
            offending field.
    """
    try:
        body = validated(model, raw, unknown=unknown)
    except ValidationError as error:
        raise invalid(error, model) from None
    if raw:
        json.loads(raw, object_pairs_hook=_refuse_repeated)
    return body


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of JSON; of a name that is there twice one value would be dropped."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            why = f"the body has {quoted_text(name)} twice in one object; give it once"
            raise InvalidRequest(why, param="body")
        found[name] = value
    return found


def validated(model: type[Body], raw: bytes, *, unknown: Unknown | None = None) -> Body:
    """Do the same as :func:`parse`, for APIs with their own errors. Raises ValidationError."""
    raw = raw or b"{}"
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if unknown is None or not unknown.reports or error.errors()[0]["type"] == "json_invalid":
            raise
        kept = unknown.strip(model, error, from_json(raw))
        if kept is None:
            raise
    return model.model_validate_json(to_json(kept))


def validated_fields(
    model: type[Body], given: dict[str, object], *, unknown: Unknown | None = None
) -> Body:
    """Do the same as :func:`validated` for parsed fields. Raises ValidationError."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        kept = unknown.strip(model, error, deepcopy(given)) if unknown is not None else None
        if kept is None:
            raise
    return model.model_validate(kept)


def parse_query(model: type[Body], request: Request) -> Body:
    """
    Return the query of *request* as a *model*; a field that is a list may be repeated.

    Raises:
        InvalidRequest: The query is not a *model*; it names every offending parameter.
    """
    try:
        return model.model_validate(query_values(model, request))
    except ValidationError as error:
        raise invalid(error) from None


def query_values(model: type[BaseModel], request: Request) -> dict[str, object]:
    """Return the parameters of a query for *model*: text, or lists of text."""
    given: dict[str, object] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        field = model.model_fields.get(name)
        is_list = field is not None and get_origin(field.annotation) is list
        given[name] = values if is_list or len(values) > 1 else values[0]
    return given


def invalid(error: ValidationError, model: type[BaseModel] | None = None) -> InvalidRequest:
    """
    Return pydantic's error as sentences, each beginning with its field.

    Args:
        model: With it, the error names the field that comes nearest to one that does not exist.
    """
    known = list(model.model_fields) if model is not None else []
    found = _without_alternatives(error)
    return InvalidRequest.of(
        [  # to look for the nearest field takes long, and those beyond are not told
            _problem(one, known if index < MOST_PROBLEMS else []) for index, one in enumerate(found)
        ]
    )


def _without_alternatives(error: ValidationError) -> list[dict[str, Any]]:
    """
    Return the errors, each at its field.

    Of a value that may also be null, pydantic may report each alternative, at ``field.none`` and at
    ``field.int``; null is left out, and the other is reported at ``field``.
    """
    found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
    optional = {one["loc"][:-1] for one in found if one["loc"][-1:] == ("none",)}
    return [
        one | {"loc": one["loc"][:-1]} if one["loc"][:-1] in optional else one
        for one in found
        if one["loc"][-1:] != ("none",)
    ]


def _problem(one: dict[str, Any], known: list[str]) -> tuple[str, str]:
    param = ".".join(str(part) for part in one["loc"]) or "body"
    if one["type"] == "json_invalid":
        return "body", f"the body is not JSON: {one['ctx']['error']}"
    if one["type"] == "missing":
        return param, f"{param} is required"
    if one["type"] == "value_error":
        return param, f"{param} {one['ctx']['error']}"
    sentence = f"{param}: {one['msg']}, not {quoted_json(one['input'], most=80)}"
    is_extra = one["type"] == "extra_forbidden"
    near = get_close_matches(param, known, n=1) if known and is_extra else []
    return param, f"{sentence}; did you mean {near[0]}?" if near else sentence
