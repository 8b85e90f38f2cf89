"""
Define the wire format of OpenAI's videos API, field for field.

Sources: the package openai 3.52.0 (``resources/videos.py``, ``types/video*.py``); for the fields of
vLLM-Omni, litellm 1.107 (``llms/hosted_vllm/videos``); for ``/v1/video/generations``, new-api's
``dto/video.go`` and ``dto/openai_video.go``. A form's values are text, so numbers and objects may
be text too; ``null`` and empty text mean the same as leaving a field out.
"""

import json
import re
from typing import Annotated, Any, Final, Literal, cast

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema
from typing_extensions import override

from rushes.core.spec import Kind
from rushes.dialects.shared.prompts import HAS_WORDS, WITH_WORDS
from rushes.http.openapi import VALUES
from rushes.kit.quoting import quoted_json

LONGEST_PROMPT: Final = 32_000
LONGEST_PAGE: Final = 100
DEFAULT_PAGE: Final = 20
LARGEST_SEED: Final = 2**32 - 1

SORA: Final = (
    "sora-2",
    "sora-2-pro",
    "sora-2-2025-10-06",
    "sora-2-2025-12-08",
    "sora-2-pro-2025-10-06",
)
"""Names of this server's default model; a reply repeats the name of the request."""

DEFAULT_SIZE: Final = (720, 1280)
DEFAULT_S: Final = 4.0

_WHOLE: Final = re.compile(r"-?[0-9]{1,12}(\.0+)?")
_SECONDS: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?s?")
_SIZE: Final = re.compile(r"([0-9]{1,5})[xX*]([0-9]{1,5})")
_NUMBER: Final[dict[str, Any]] = {"type": "string", "pattern": "^-?[0-9]{1,9}$"}


def _flag(value: object) -> object:
    """Take the text that forms send for a flag."""
    known = {"true": True, "false": False}
    found = known.get(value, value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError(f"must be true or false, not {quoted_json(value)}")  # noqa: TRY004  # the caller's mistake
    return found


def _whole(value: object) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"must be a whole number, not {quoted_json(value)}")  # noqa: TRY004  # the caller's mistake
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"must be a whole number, not {quoted_json(value)}")
    return int(text.partition(".")[0])


def _seconds(value: object) -> float:
    text = "" if isinstance(value, bool) else str(value).strip()
    if not _SECONDS.fullmatch(text):
        raise ValueError(f"must be a number of seconds like '4', not {quoted_json(value)}")
    return float(text.removesuffix("s"))


def _size(value: object) -> tuple[int, int]:
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"must be a width and height like '1280x720', not {quoted_json(value)}")
    return int(found[1]), int(found[2])


def _object(value: object) -> dict[str, Any] | None:
    """Return the object that *value* is, or that it holds as JSON text; None if it is no object."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _picture(value: object) -> object:
    """Read a picture: a file, a URL, or an object that names one."""
    if isinstance(value, Picture):
        return value
    named = _object(value)
    if named is None:
        if not isinstance(value, str):
            raise _no_file('{"image_url": "https://..."}', value)
        return Picture(image_url=value)
    found = _one_of(named, ("image_url", "file_id"))
    return Picture(image_url=found.get("image_url"), file_id=found.get("file_id"))


def _footage(value: object) -> object:
    """Read a video: a file, or an object with the id of a video of this server."""
    if isinstance(value, Footage):
        return value
    named = _object(value)
    if named is None:
        if not isinstance(value, str):
            raise _no_file('{"id": "video_..."}', value)
        return Footage(id=value) if value.startswith("video_") else Footage(file=value)
    return Footage(id=_one_of(named, ("id",))["id"])


def _no_file(like: str, value: object) -> ValueError:
    return ValueError(f"must be a file, or an object like {like}, not {quoted_json(value)}")


def _one_of(named: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Return the one field of an object that must have exactly one of *names*, as text."""
    given = {name: value for name, value in named.items() if value not in (None, "")}
    either = " or ".join(names)
    if len(given) != 1 or next(iter(given)) not in names:
        raise ValueError(f"must have {either} and nothing else, not {quoted_json(sorted(given))}")
    name, value = next(iter(given.items()))
    if not isinstance(value, str):
        raise ValueError(f"must have {name} as text, not {quoted_json(value)}")  # noqa: TRY004  # the caller's mistake
    return {name: value}


class Picture(BaseModel):
    """A picture, by one of the two."""

    image_url: str | None = None
    file_id: str | None = None


class Footage(BaseModel):
    """A video, by one of the two."""

    id: str | None = None
    file: str | None = None


def _taken(*schemas: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": list(schemas)})


def _named(name: str, about: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": about}},
        "required": [name],
        "additionalProperties": False,
    }


_BY_URL: Final = _named("image_url", "An `http(s)` URL or a data URI.")
_BY_FILE_ID: Final = _named("file_id", "A file of yours.")

Prompt = Annotated[
    str, Field(min_length=1, max_length=LONGEST_PROMPT, json_schema_extra=HAS_WORDS), WITH_WORDS
]
ModelName = Annotated[str, Field(min_length=1, max_length=200)]
Whole = Annotated[int, BeforeValidator(_whole), _taken({"type": "integer"}, _NUMBER)]
Flag = Annotated[
    bool, BeforeValidator(_flag), _taken({"type": "boolean"}, {"enum": ["true", "false"]})
]
Side = Annotated[Whole, Field(ge=1, le=100_000)]
Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    _taken({"type": "string", "pattern": r"^[0-9]{1,3}$"}, {"type": "integer", "minimum": 1}),
]
Size = Annotated[
    tuple[int, int],
    BeforeValidator(_size),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,5}x[0-9]{1,5}$"}),
]
InputPicture = Annotated[
    Picture, BeforeValidator(_picture), _taken({"type": "string"}, _BY_URL, _BY_FILE_ID)
]
InputFootage = Annotated[
    Footage,
    BeforeValidator(_footage),
    _taken({"type": "string"}, _named("id", "A completed video of yours.")),
]
Url = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9\[][^\s]*$", max_length=2000)]


class Strict(BaseModel):
    """A request that refuses unknown fields by name."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    @override
    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add empty text to each optional field, as another way to leave it out."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for field in schema.get("properties", {}).values():
            if {"type": "null"} in field.get("anyOf", ()):
                field["anyOf"] = [*field["anyOf"], {"const": ""}]
        return schema


class _WithPrompt(Strict):
    prompt: Prompt
    callback_url: Url | None = None
    """An extension: a URL that receives `video.completed` or `video.failed`, signed."""

    user: str | None = None
    """Accepted and ignored."""


class CreateVideo(_WithPrompt):
    """A new video. The fields from `width` on are those of vLLM-Omni."""

    model: ModelName | None = None
    """By default the server's default model, which `sora-2` and the like mean too."""

    seconds: Seconds | None = None
    """By default `4`."""

    size: Size | None = None
    """The exact width and height in pixels; by default `720x1280`."""

    input_reference: InputPicture | None = None
    """The first frame: a file, or an object that names one."""

    width: Side | None = None
    height: Side | None = None
    aspect_ratio: Annotated[str, Field(json_schema_extra={VALUES: "ratios"})] | None = None
    """An aspect ratio instead of a size, at 720p."""

    num_frames: Annotated[Whole, Field(ge=1)] | None = None
    """A number of frames instead of `seconds`, with or without the one that ends the video."""

    fps: Whole | None = None
    """The only rate is 24."""

    seed: Annotated[Whole, Field(ge=-1, le=LARGEST_SEED)] | None = None
    """The same seed gives the same video; -1 means any seed."""

    negative_prompt: Annotated[str, Field(max_length=LONGEST_PROMPT)] | None = None
    image_reference: InputPicture | None = None
    """The same as `input_reference`."""

    last_reference: InputPicture | None = None
    """An extension of ours: the last frame, in the form of `input_reference`."""

    loop: Flag | None = None
    """An extension of ours: whether the last frame leads into the first."""


class CreateTask(CreateVideo):
    """A new video in new-api's format, which has more names for some fields."""

    seconds: Seconds | None = Field(
        default=None, validation_alias=AliasChoices("seconds", "duration")
    )
    input_reference: InputPicture | None = Field(
        default=None, validation_alias=AliasChoices("input_reference", "image")
    )


class EditVideo(_WithPrompt):
    """A video to edit as the prompt says."""

    video: InputFootage
    """A file, or a completed video."""


class ExtendVideo(_WithPrompt):
    """A continuation of a video."""

    video: InputFootage
    """A file, or a completed video."""

    seconds: Seconds
    """The length of the new part."""


class RemixVideo(_WithPrompt):
    """The same video with another prompt."""

    model: ModelName | None = None
    """The model of the video, which new-api always sends; any other is refused."""


class CreateCharacter(Strict):
    """A person or thing that recurs in videos; this server has none."""

    name: str
    video: str


class ListQuery(BaseModel):
    """Which videos to list."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    after: str | None = None
    """The last id of the page before."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = DEFAULT_PAGE
    order: Literal["asc", "desc"] = "desc"
    """The order by time; `desc` begins with the newest."""


class ContentQuery(BaseModel):
    """Which file of a video to return."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    variant: Literal["video", "thumbnail", "spritesheet"] = "video"
    """The MP4, one frame as JPEG, or a sheet of twenty frames as JPEG."""


class View(BaseModel):
    """A reply. It always has every field."""

    model_config = ConfigDict(
        frozen=True, use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )


class VideoError(View):
    """Why a video failed."""

    code: str
    message: str


Status = Literal["queued", "in_progress", "completed", "failed"]


class Video(View):
    """A video. Source: ``types/video.py``."""

    id: str
    object: Literal["video"] = "video"
    model: str
    status: Status
    progress: int
    """Per cent."""

    created_at: int
    """Seconds since 1970, as are all times."""

    completed_at: int | None
    expires_at: int | None = None
    """When its files expire or have expired; null where they are kept until it is deleted."""

    size: str
    """Width and height in pixels, `1280x720`."""

    seconds: str
    """The length; of an extension including its source; `0` while unknown."""

    prompt: str | None
    remixed_from_video_id: str | None = None
    error: VideoError | None = None


class Page(View):
    """One page of videos. Source: ``pagination.py``, ``SyncConversationCursorPage``."""

    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class Deleted(View):
    """Source: ``types/video_delete_response.py``."""

    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: bool = True


class Model(View):
    """A model that this key may use. Source: ``types/model.py``, and vLLM's ``root``."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    """Always 0: the server does not know it."""

    owned_by: str
    """The engine of the model."""

    root: str
    """The model's own name; it differs from `id` if that is an alias."""

    kinds: list[Kind]
    """An extension of ours: the kinds of work that the model does."""


class Models(View):
    """Every model that this key may use. Source: ``pagination.py``, ``SyncPage``."""

    object: Literal["list"] = "list"
    data: list[Model]


class Character(View):
    """Source: ``types/video_create_character_response.py``."""

    id: str | None
    created_at: int
    name: str | None


class Address(View):
    """The URL of a finished video, valid for a day and without a key."""

    url: str


class TaskVideo(Video):
    """A video in new-api's format. Source: ``dto/openai_video.go``."""

    task_id: str
    metadata: Address | None
    """Null until it is completed."""


class Task(View):
    """Source: new-api's ``dto.TaskDto``."""

    id: int
    created_at: int
    updated_at: int
    task_id: str
    platform: str
    action: Literal["textGenerate", "generate"]
    """`generate` for a video that begins with a picture."""

    status: Literal["QUEUED", "IN_PROGRESS", "SUCCESS", "FAILURE"]
    fail_reason: str
    result_url: str
    """Empty until it is completed."""

    submit_time: int
    start_time: int
    finish_time: int
    progress: str
    """Like `40%`."""

    data: TaskVideo


class TaskReply(View):
    """Source: new-api's ``dto.TaskResponse``."""

    code: Literal["success"] = "success"
    message: str = ""
    data: Task


class ErrorBody(View):
    """Source: ``_exceptions.py``, which reads these four."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(View):
    """The body of every reply with an error status."""

    error: ErrorBody


class Subject(View):
    """The video that an event is about."""

    id: str


class WebhookEvent(View):
    """The body of a webhook. Source: OpenAI's event objects, ``types/webhooks``."""

    id: str
    object: Literal["event"] = "event"
    created_at: int
    type: Literal["video.completed", "video.failed"]
    data: Subject
