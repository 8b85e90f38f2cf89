"""Define the tools with their descriptions and JSON Schemas."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import JsonSchemaMode

from rushes.core.errors import InvalidRequest
from rushes.core.spec import Kind
from rushes.http.json_bodies import invalid
from rushes.http.openapi import VALUES, offered
from rushes.kit.quoting import quoted_text
from rushes.mcp_server import wire
from rushes.mcp_server.calls import Found, Outcome, ToolHandlers
from rushes.mcp_server.guest import Report, ToolCaller
from rushes.service.catalogue import Catalogue

A = TypeVar("A", bound=wire.Arguments)
Schema = dict[str, Any]
Answer = Outcome | Found | wire.PlanView
Source = Callable[[str], str]
"""Returns a picture in a form that a request can carry: a URL unchanged, a file as data URI."""

INSTRUCTIONS: Final = (
    "Makes short videos from words and pictures. `generate` asks for one and waits a while; if it"
    " is not done by then, call `wait` with its id. Results hold a link to the video and a picture"
    " from its middle. `extend` makes a finished video longer; `list` and `get` find earlier ones."
)

_OR_A_FILE: Final = ", or the path of a picture on this machine."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[A]):
    """One tool: its name, its description, its arguments and its function."""

    name: str
    title: str
    about: str
    takes: type[A]
    tells: type[wire.View] = wire.GenerationView
    does: Callable[[A, ToolCaller, Report], Awaitable[Answer]]
    only_looks: bool = False
    """Whether the tool changes nothing."""

    undoes: bool = False
    """Whether the tool discards work."""

    async def call(
        self, arguments: Mapping[str, object], caller: ToolCaller, report: Report
    ) -> Answer:
        """
        Parse the arguments and run the tool.

        Raises:
            InvalidRequest: Every invalid or unknown argument, with a sentence.

            RequestError: The service refuses.
        """
        if unknown := sorted(arguments.keys() - self.takes.model_fields.keys()):
            known = ", ".join(self.takes.model_fields)
            raise InvalidRequest.of(
                [(n, f"{self.name} takes no {quoted_text(n)}; it takes {known}") for n in unknown]
            )
        try:
            parsed = self.takes.model_validate(arguments)
        except ValidationError as error:
            raise invalid(error) from None
        return await self.does(parsed, caller, report)


def tools(calls: ToolHandlers) -> tuple[Tool[Any], ...]:
    """Return the tools, which *calls* runs."""
    return (
        Tool(
            name="generate",
            title="Make a video",
            about="Make a video from words, and from a first and last picture if there are any."
            " Waits for it and returns its link and a picture of it.",
            takes=wire.Generate,
            does=calls.generate,
        ),
        Tool(
            name="plan_shot",
            title="See what would be drawn",
            about="Tell what the built-in renderer understands of a prompt, and what of it would"
            " not be shown. Renders nothing. The plan can be edited and given to `generate`.",
            takes=wire.PlanShot,
            tells=wire.PlanView,
            does=calls.plan_shot,
            only_looks=True,
        ),
        Tool(
            name="extend",
            title="Make a video longer",
            about="Make what comes after or before a finished video; the result holds both.",
            takes=wire.Extend,
            does=calls.extend,
        ),
        Tool(
            name="get",
            title="Look at a video",
            about="Tell how a generation stands; of a finished one also new links and a picture.",
            takes=wire.One,
            does=calls.get,
            only_looks=True,
        ),
        Tool(
            name="wait",
            title="Wait for a video",
            about="Wait until a generation is finished, and return its link and a picture of it.",
            takes=wire.Wait,
            does=calls.wait,
            only_looks=True,
        ),
        Tool(
            name="list",
            title="List videos",
            about="List your generations, newest first.",
            takes=wire.List,
            tells=wire.Page,
            does=calls.list,
            only_looks=True,
        ),
        Tool(
            name="cancel",
            title="Cancel a video",
            about="Stop a generation that is queued or being made. A finished one stays as it is.",
            takes=wire.One,
            does=calls.cancel,
            undoes=True,
        ),
    )


def values(catalogue: Catalogue) -> dict[str, Sequence[object]]:
    """Return what stands for each mark in the schemas: what can be parsed for on this server."""
    films = [model.name for model in catalogue.models() if Kind.VIDEO in model.kinds]
    return {**offered(catalogue), wire.VIDEO_MODELS: films}


def takes(tool: Tool[Any], known: Mapping[str, Sequence[object]]) -> Schema:
    """Return the JSON Schema of a tool's arguments, with the values that *known* has."""
    return cast("Schema", _plain(_described(tool.takes, mode="validation"), known))


def tells(tool: Tool[Any]) -> Schema:
    """Return the JSON Schema of a tool's result."""
    return cast("Schema", _plain(_described(tool.tells, mode="serialization"), {}))


def _described(shape: type[BaseModel], *, mode: JsonSchemaMode) -> Schema:
    return _kept_schema(shape, mode)


@cache
def _kept_schema(shape: type[BaseModel], mode: JsonSchemaMode) -> Schema:
    return shape.model_json_schema(mode=mode)


def with_files(schema: Schema) -> Schema:
    """Return the schema of arguments whose pictures can also be files of the agent's machine."""
    properties: Schema = schema.get("properties", {})
    for name in wire.PICTURES:
        if name in properties:
            about = f"{properties[name].get('description', '')}".rstrip(".")
            properties = {
                **properties,
                name: {**properties[name], "description": about + _OR_A_FILE},
            }
    return {**schema, "properties": properties}


def with_pictures_loaded(arguments: Mapping[str, Any], source: Source | None) -> dict[str, Any]:
    """Return *arguments* with each picture replaced by *source*. Raises its errors."""
    loaded = dict(arguments)
    for name in wire.PICTURES:
        image = loaded.get(name)
        if source is not None and isinstance(image, str):
            loaded[name] = source(image)
    return loaded


def _plain(schema: Any, known: Mapping[str, Sequence[object]]) -> Any:
    """Return *schema* with values for its marks, without titles and null defaults."""
    if isinstance(schema, list):
        return [_plain(one, known) for one in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    plain: Schema = {}
    for name, value in cast("Schema", schema).items():
        if name == VALUES:
            plain["enum"] = [_whole(one) for one in known.get(value, ())]
        elif name == "properties":
            plain[name] = {one: _plain(each, known) for one, each in value.items()}
        elif name != "title" and not (name == "default" and value is None):
            plain[name] = _plain(value, known)
    return plain


def _whole(value: object) -> object:
    """Return 5 for 5.0, as people and agents write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def shape_of(model: BaseModel) -> Schema:
    """Return *model* as the JSON that its schema describes."""
    return model.model_dump(mode="json")
