"""
Write the OpenAPI 3.1 document of all APIs.

It is made from the mounted operations and from the types that parse requests, so that it cannot
differ from the server. Source: OpenAPI 3.1.1, which is JSON Schema 2020-12.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from rushes.core.capabilities import Capabilities
from rushes.http.operation import JSON, Api, Operation, Reply, Shape
from rushes.service.catalogue import Catalogue

VALUES: Final = "x-values"
"""Marks a schema whose values only a running server knows, such as the models."""

Schema = dict[str, Any]
Mode: TypeAlias = JsonSchemaMode
_REQUEST: Final[Mode] = "validation"
_REPLY: Final[Mode] = "serialization"

_SECURITY: Final[Schema] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key that `rushes keys create NAME` makes.",
    },
    "header": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key, for clients without bearer authentication.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The properties of the server that the document shows."""

    version: str
    asks_for_keys: bool = True
    values: Mapping[str, Sequence[object]]
    """The values for each mark ``x-values``."""


def offered(catalogue: Catalogue) -> dict[str, Sequence[object]]:
    """Return the values for each mark: everything that the engines of this server support."""
    models = catalogue.models()
    every = [model.capabilities for model in models]

    def union(of: Callable[[Capabilities], Sequence[object]]) -> Sequence[object]:
        return list(dict.fromkeys(value for can in every for value in of(can)))

    return {
        "models": [name for model in models for name in (model.name, *model.aliases)],
        "ratios": union(lambda can: can.ratios),
        "still_ratios": union(lambda can: can.still_ratios),
        "resolutions": union(lambda can: can.resolutions),
        "upscales": union(lambda can: can.upscales),
        "durations_s": union(lambda can: can.durations_s),
    }


def document(apis: Sequence[Api], about: About) -> Schema:
    """Return the document, ready to be written as JSON."""
    paths: Schema = {}
    schemas: Schema = {}
    responses: Schema = {}
    for api in apis:
        shapes = _Shapes(api, about.values)
        schemas |= shapes.components
        responses |= {
            _error_name(api, status): _error(api, status, shapes)
            for status in sorted({s for o in api.operations for s in o.errors})
        }
        for operation in api.operations:
            for method in operation.methods:
                described = _operation(api, operation, method, shapes, about)
                paths.setdefault(operation.template, {})[method.lower()] = described
    components: Schema = {"schemas": schemas, "responses": responses}
    if about.asks_for_keys:
        components["securitySchemes"] = _SECURITY
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "rushes",
            "version": about.version,
            "summary": "A self-hosted server for the Luma video generation API.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": api.name, "description": api.about} for api in apis],
        "paths": paths,
        "components": components,
    }


class _Shapes:
    """The schemas of one API's types, with component names such as ``native.Generation``."""

    def __init__(self, api: Api, values: Mapping[str, Sequence[object]]) -> None:
        keys: dict[tuple[Mode, str], Shape] = {
            (mode, repr(shape)): shape for mode, shape in _shapes(api)
        }
        adapters: list[tuple[str, Mode, TypeAdapter[Any]]] = [
            (name, mode, TypeAdapter(shape)) for (mode, name), shape in keys.items()
        ]
        found, defined = TypeAdapter.json_schemas(
            adapters, ref_template=f"#/components/schemas/{api.name}.{{model}}"
        )
        self._found = {(m, n): _filled(schema, values) for (n, m), schema in found.items()}
        definitions: Schema = defined.get("$defs", {})
        self.components: Schema = {
            f"{api.name}.{name}": _filled(schema, values) for name, schema in definitions.items()
        }

    def of(self, shape: Shape, mode: Mode) -> Schema:
        """Return the schema of *shape*, usually a reference to a component."""
        return self._found[mode, repr(shape)]

    def resolved(self, schema: Schema) -> Schema:
        """Return the component that *schema* refers to, or *schema* itself."""
        if "$ref" not in schema:
            return schema
        return cast("Schema", self.components[schema["$ref"].rpartition("/")[2]])

    def fields(self, model: type[BaseModel]) -> Iterator[tuple[str, Schema, bool]]:
        """Yield the fields of *model*: name, schema, and whether it is required."""
        schema = self.resolved(self.of(model, _REQUEST))
        required = schema.get("required", [])
        for name, one in schema.get("properties", {}).items():
            yield name, one, name in required


def _shapes(api: Api) -> Iterator[tuple[Mode, Shape]]:
    yield _REPLY, api.problem.shape
    for operation in api.operations:
        if operation.body:
            for shape in operation.body.contents.values():
                yield _REQUEST, shape
        for model in (operation.path_shape, operation.query, operation.headers):
            if model is not None:
                yield _REQUEST, model
        for reply in operation.replies.values():
            if reply.shape is not None:
                yield _REPLY, reply.shape


def _filled(schema: Schema, values: Mapping[str, Sequence[object]]) -> Schema:
    """Return *schema* with values for its marks, and without titles that repeat names."""
    filled: Schema = {
        name: _named(one, values) if name in _NAMED else _part(one, values)
        for name, one in schema.items()
        if name not in {"title", VALUES}
    }
    if known := values.get(schema.get(VALUES, "")):
        null: list[object] = [None] if {"type": "null"} in schema.get("anyOf", []) else []
        filled["enum"] = [*known, *null]
    return filled


def _part(part: object, values: Mapping[str, Sequence[object]]) -> object:
    if isinstance(part, dict):
        return _filled(cast("Schema", part), values)
    if isinstance(part, list):
        return [_part(one, values) for one in cast("list[object]", part)]
    return part


_NAMED: Final = frozenset({"properties", "patternProperties", "$defs"})
"""The keywords below which names are ours, so that a property may be named ``title``."""


def _named(schemas: Schema, values: Mapping[str, Sequence[object]]) -> Schema:
    return {name: _filled(one, values) for name, one in schemas.items()}


def _operation(
    api: Api, operation: Operation, method: str, shapes: _Shapes, about: About
) -> Schema:
    name = operation.operation_id or getattr(operation.handler, "__name__", "").strip("_")
    if len(operation.methods) > 1:
        name = f"{name}_{method.lower()}"
    described: Schema = {
        "operationId": f"{api.name}.{name}",
        "summary": operation.summary,
        "tags": [api.name],
        "parameters": list(_parameters(operation, shapes)),
        "responses": {
            **{str(status): _reply(one, shapes) for status, one in operation.replies.items()},
            **{
                str(status): {"$ref": f"#/components/responses/{_error_name(api, status)}"}
                for status in operation.errors
                if about.asks_for_keys or status != HTTPStatus.UNAUTHORIZED
            },
        },
    }
    if operation.about:
        described["description"] = operation.about
    if operation.is_deprecated:
        described["deprecated"] = True
    if about.asks_for_keys and not operation.open_to_all:
        described["security"] = [{scheme: []} for scheme in _SECURITY]
    if operation.body:
        described["requestBody"] = {
            "required": operation.body.required,
            "content": {
                media_type: _content(shape, _REQUEST, shapes)
                if media_type == JSON
                else _form(shape, shapes)
                for media_type, shape in operation.body.contents.items()
            },
        }
    return described


def _parameters(operation: Operation, shapes: _Shapes) -> Iterator[Schema]:
    described = {
        name: schema
        for name, schema, _ in (shapes.fields(operation.path_shape) if operation.path_shape else ())
    }
    for name in operation.path_names:
        schema = described.get(name, {"type": "string"})
        yield _parameter("path", name, schema, required=True)
    for where, model in (("query", operation.query), ("header", operation.headers)):
        for name, schema, required in shapes.fields(model) if model else ():
            yield _parameter(where, name, schema, required=required)


def _parameter(where: str, name: str, schema: Schema, *, required: bool) -> Schema:
    kept = _without_null(schema)
    described: Schema = {"name": name, "in": where, "required": required, "schema": kept}
    if about := kept.pop("description", None):
        described["description"] = about
    return described


def _without_null(schema: Schema) -> Schema:
    """Return *schema* for a parameter: a URL has no null, only absence."""
    kept = {name: one for name, one in schema.items() if (name, one) != ("default", None)}
    others = [one for one in kept.pop("anyOf", []) if one != {"type": "null"}]
    if len(others) > 1:
        kept["anyOf"] = others
    return {**(others[0] if len(others) == 1 else {}), **kept}


def _reply(reply: Reply, shapes: _Shapes) -> Schema:
    described: Schema = {"description": reply.about}
    if reply.shape is not None or reply.media_type != JSON:
        content = _content(reply.shape, _REPLY, shapes)
        described["content"] = {reply.media_type: content}
    if reply.headers:
        described["headers"] = {
            name: {"description": about, "schema": {"type": "string"}}
            for name, about in reply.headers.items()
        }
    return described


def _content(shape: Shape, mode: Mode, shapes: _Shapes) -> Schema:
    if shape is None:
        return {}
    return {"schema": {"type": "string"} if shape is bytes else shapes.of(shape, mode)}


def _form(shape: Shape, shapes: _Shapes) -> Schema:
    """Return the schema of a form, which has no null either."""
    content = _content(shape, _REQUEST, shapes)
    schema = shapes.resolved(content["schema"]) if "schema" in content else {}
    if "properties" not in schema:
        return content
    fields = {name: _without_null(one) for name, one in schema["properties"].items()}
    return {"schema": {**schema, "properties": fields}}


def _error_name(api: Api, status: int) -> str:
    return f"{api.name}.{status}"


def _error(api: Api, status: int, shapes: _Shapes) -> Schema:
    reply = _reply(api.problem, shapes)
    return {**reply, "description": HTTPStatus(status).phrase}


def operations_of(document: Schema, tag: str) -> Iterator[tuple[str, str, Schema]]:
    """Yield the method, path and description of each operation with *tag*."""
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            if tag in one["tags"]:
                yield method.upper(), path, one
