import json
import re
from typing import Annotated, Any

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, Field
from starlette.responses import Response

from rushes.http.gateway import Call
from rushes.http.openapi import VALUES, About, Schema, document
from rushes.http.operation import JSON, MULTIPART, PLAIN, Api, Body, Operation, Reply
from rushes.http.problems import plain


class Thing(BaseModel):
    """A thing."""

    title: str
    colour: Annotated[str, Field(json_schema_extra={VALUES: "colours"})] | None = None
    parts: list["Thing"] = []


class Made(BaseModel):
    id: str


class Wanted(BaseModel):
    limit: Annotated[int, Field(ge=1, le=9, description="At most so many.")] = 5
    since: str | None = None


class Heads(BaseModel):
    prefer: str | None = Field(default=None, alias="Prefer")


async def _handler(call: Call) -> Response:
    return Response(status_code=204)


def _api(*operations: Operation, name: str = "things") -> Api:
    return Api(name=name, about="Things.", operations=operations, word=plain, problem=PLAIN)


def _operation(**reported: Any) -> Operation:
    usual: dict[str, Any] = {
        "path": "/things/{id}",
        "handler": _handler,
        "summary": "Do it",
        "operation_id": "do",
        "replies": {204: Reply(about="Done.")},
    }
    return Operation(**usual | reported)


def _told(*operations: Operation, keys: bool = True) -> Schema:
    about = About(version="1", asks_for_keys=keys, values={"colours": ["red", "blue"]})
    reported = document([_api(*operations)], about)
    validate(reported)
    json.dumps(reported)
    return reported


def _only(reported: Schema) -> Schema:
    ((_, methods),) = reported["paths"].items()
    (one,) = methods.values()
    return dict(one)


def test_what_an_operation_takes_and_answers_is_described() -> None:
    reported = _told(
        _operation(
            methods=("POST",),
            body=Body(contents={JSON: Thing}),
            query=Wanted,
            headers=Heads,
            replies={201: Reply(about="Made.", shape=Made, headers={"Location": "Where."})},
            problems=(409,),
        )
    )

    one = _only(reported)
    requested = {"schema": {"$ref": "#/components/schemas/things.Thing"}}
    assert one["requestBody"] == {"required": True, "content": {JSON: requested}}
    assert [(p["in"], p["name"], p["required"]) for p in one["parameters"]] == [
        ("path", "id", True),
        ("query", "limit", False),
        ("query", "since", False),
        ("header", "Prefer", False),
    ]
    made = {"schema": {"$ref": "#/components/schemas/things.Made"}}
    assert one["responses"]["201"]["content"] == {JSON: made}
    assert set(one["responses"]) == {
        *("201", "401", "403", "404", "409", "413", "415", "422", "429", "500")
    }
    assert one["security"] == [{"bearer": []}, {"header": []}]


def test_a_parameter_is_never_null() -> None:
    since = _only(_told(_operation(query=Wanted)))["parameters"][2]

    assert since["schema"] == {"type": "string"}


def test_a_form_holds_no_null() -> None:
    body = Body(contents={MULTIPART: Thing, "image/*": bytes})
    content = _only(_told(_operation(methods=("POST",), body=body)))["requestBody"]["content"]

    assert content["image/*"] == {"schema": {"type": "string"}}
    colour = content[MULTIPART]["schema"]["properties"]["colour"]
    assert colour == {"type": "string", "enum": ["red", "blue"]}


def test_values_that_only_this_server_knows_are_filled_in() -> None:
    reported = _told(_operation(methods=("POST",), body=Body(contents={JSON: Thing})))

    text = json.dumps(reported)
    assert VALUES not in text
    colour = reported["components"]["schemas"]["things.Thing"]["properties"]["colour"]
    assert colour["anyOf"] == [{"type": "string", "enum": ["red", "blue"]}, {"type": "null"}]


def test_a_property_may_be_called_title() -> None:
    reported = _told(_operation(methods=("POST",), body=Body(contents={JSON: Thing})))

    schema = reported["components"]["schemas"]["things.Thing"]
    assert schema["properties"]["title"] == {"type": "string"}
    assert "title" not in schema


def test_a_path_over_several_segments_is_written_as_openapi_has_it() -> None:
    assert set(_told(_operation(path="/files/{rest:path}"))["paths"]) == {"/files/{rest}"}


def test_without_keys_none_is_asked_for() -> None:
    reported = _told(_operation(), keys=False)

    assert "securitySchemes" not in reported["components"]
    assert "security" not in _only(reported)
    assert "401" not in _only(reported)["responses"]


def test_what_is_open_to_all_asks_for_no_key() -> None:
    one = _only(_told(_operation(open_to_all=True)))

    assert "security" not in one
    assert "401" not in one["responses"]


def test_two_apis_may_have_types_of_one_name() -> None:
    body = Body(contents={JSON: Thing})
    one = _api(_operation(path="/a", methods=("POST",), body=body), name="one")
    two = _api(_operation(path="/b", methods=("POST",), body=body), name="two")

    reported = document([one, two], About(version="1", values={}))

    validate(reported)
    assert {"one.Thing", "two.Thing"} <= set(reported["components"]["schemas"])


@pytest.mark.parametrize("methods", [("GET", "POST"), ("GET",)])
def test_each_method_has_an_id_of_its_own(methods: tuple[str, ...]) -> None:
    (path,) = _told(_operation(methods=methods))["paths"].values()

    ids = [one["operationId"] for one in path.values()]
    assert len(set(ids)) == len(methods)
    assert all(re.fullmatch(r"things\.do(_\w+)?", id_) for id_ in ids)
