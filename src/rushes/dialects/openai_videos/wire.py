"""
The shapes of the API, field for field.

Sources: the package openai 3.52.0 (``resources/videos.py``, ``types/video*.py``); for the fields of
vLLM-Omni, litellm 1.107 (``llms/hosted_vllm/videos``); for ``/v1/video/generations``, new-api's
``dto/video.go`` and ``dto/openai_video.go``. A form's values are text, so numbers and objects are
taken as text too; ``null`` and empty text say the same as leaving a field out.
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
from rushes.http.openapi import VALUES
from rushes.kit.quoting import quoted_json

LONGEST_PROMPT: Final = 32_000
LONGEST_PAGE: Final = 100
USUAL_PAGE: Final = 20
LARGEST_SEED: Final = 2**32 - 1

SORA: Final = (
    "sora-2",
    "sora-2-pro",
    "sora-2-2025-10-06",
    "sora-2-2025-12-08",
    "sora-2-pro-2025-10-06",
)
"""Names that mean this server's default model, and are told as they were asked."""

DEFAULT_SIZE: Final = (720, 1280)
DEFAULT_S: Final = 4.0

_WHOLE: Final = re.compile(r"-?[0-9]{1,12}(\.0+)?")
_SECONDS: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?s?")
_SIZE: Final = re.compile(r"([0-9]{1,5})[xX*]([0-9]{1,5})")
_NUMBER: Final[dict[str, Any]] = {"type": "string", "pattern": "^-?[0-9]{1,9}$"}


def _flag(value: object) -> object:
    """Take what forms say for it: there is only text in them."""
    known = {"true": True, "false": False}
    found = known.get(value, value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError(f"must be true or false, not {quoted_json(value)}")  # noqa: TRY004  # a caller's mistake
    return found


def _whole(value: object) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"must be a whole number, not {quoted_json(value)}")  # noqa: TRY004  # a caller's mistake
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
    """Return the object that *value* is, or is as JSON in text; None if it is no object."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _picture(value: object) -> object:
    """Read a picture: its file, its address, or an object that says where it is."""
    if isinstance(value, Picture):
        return value
    told = _object(value)
    if told is None:
        if not isinstance(value, str):
            raise _no_file('{"image_url": "https://..."}', value)
        return Picture(image_url=value)
    found = _one_of(told, ("image_url", "file_id"))
    return Picture(image_url=found.get("image_url"), file_id=found.get("file_id"))


def _footage(value: object) -> object:
    """Read a video: its file, or an object with the id of one that was made here."""
    if isinstance(value, Footage):
        return value
    told = _object(value)
    if told is None:
        if not isinstance(value, str):
            raise _no_file('{"id": "video_..."}', value)
        return Footage(id=value) if value.startswith("video_") else Footage(file=value)
    return Footage(id=_one_of(told, ("id",))["id"])


def _no_file(like: str, value: object) -> ValueError:
    return ValueError(f"must be a file, or an object like {like}, not {quoted_json(value)}")


def _one_of(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Return the one field of an object that must have exactly one of these, as text."""
    given = {name: value for name, value in told.items() if value not in (None, "")}
    either = " or ".join(names)
    if len(given) != 1 or next(iter(given)) not in names:
        raise ValueError(f"must have {either} and nothing else, not {quoted_json(sorted(given))}")
    name, value = next(iter(given.items()))
    if not isinstance(value, str):
        raise ValueError(f"must have {name} as text, not {quoted_json(value)}")  # noqa: TRY004  # a caller's mistake
    return {name: value}


class Picture(BaseModel):
    """Where a picture is; one of the two."""

    image_url: str | None = None
    file_id: str | None = None


class Footage(BaseModel):
    """Which video is meant; one of the two."""

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


_URL_TOLD: Final = _named("image_url", "An `http(s)` URL or a data URI.")
_FILE_TOLD: Final = _named("file_id", "A file of yours.")

Prompt = Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
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
    Picture, BeforeValidator(_picture), _taken({"type": "string"}, _URL_TOLD, _FILE_TOLD)
]
InputFootage = Annotated[
    Footage,
    BeforeValidator(_footage),
    _taken({"type": "string"}, _named("id", "A completed video of yours.")),
]
Url = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9\[][^\s]*$", max_length=2000)]


class Taken(BaseModel):
    """What a request may say; anything else is refused by its name."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    @override
    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say of each field that may be left out that empty text leaves it out too."""
        told = handler.resolve_ref_schema(handler(core_schema))
        for field in told.get("properties", {}).values():
            if {"type": "null"} in field.get("anyOf", ()):
                field["anyOf"] = [*field["anyOf"], {"const": ""}]
        return told


class _Worded(Taken):
    prompt: Prompt
    callback_url: Url | None = None
    """An extension: posted `video.completed` or `video.failed`, signed."""

    user: str | None = None
    """Read and not used."""


class CreateVideo(_Worded):
    """A new video. The fields from `width` on are those of vLLM-Omni."""

    model: ModelName | None = None
    """By default the server's; `sora-2` and its kin mean that too."""

    seconds: Seconds | None = None
    """By default `4`."""

    size: Size | None = None
    """Width and height in pixels, which the video has exactly; by default `720x1280`."""

    input_reference: InputPicture | None = None
    """The picture that it begins with: a file, or where it is."""

    width: Side | None = None
    height: Side | None = None
    aspect_ratio: Annotated[str, Field(json_schema_extra={VALUES: "ratios"})] | None = None
    """In place of a size: this shape, at 720p."""

    num_frames: Annotated[Whole, Field(ge=1)] | None = None
    """In place of `seconds`; with or without the frame that ends the last second."""

    fps: Whole | None = None
    """24 is all there is."""

    seed: Annotated[Whole, Field(ge=-1, le=LARGEST_SEED)] | None = None
    """The same seed gives the same video; -1 means any."""

    negative_prompt: Annotated[str, Field(max_length=LONGEST_PROMPT)] | None = None
    image_reference: InputPicture | None = None
    """As `input_reference`."""

    last_reference: InputPicture | None = None
    """An extension of ours: the picture that it ends with, given as `input_reference` is."""

    loop: Flag | None = None
    """An extension of ours: whether it ends as it begins."""


class CreateTask(CreateVideo):
    """What new-api takes at `/v1/video/generations`: the same, with names of its own beside."""

    seconds: Seconds | None = Field(
        default=None, validation_alias=AliasChoices("seconds", "duration")
    )
    input_reference: InputPicture | None = Field(
        default=None, validation_alias=AliasChoices("input_reference", "image")
    )


class EditVideo(_Worded):
    """A video again, as the words say."""

    video: InputFootage
    """A file, or a completed video."""


class ExtendVideo(_Worded):
    """A video that goes on."""

    video: InputFootage
    """A file, or a completed video."""

    seconds: Seconds
    """How much is added."""


class RemixVideo(_Worded):
    """The same video with other words."""

    model: ModelName | None = None
    """The video's own model, which new-api always sends; another one is refused."""


class CreateCharacter(Taken):
    """A person or thing to appear in videos; this server has none."""

    name: str
    video: str


class ListQuery(BaseModel):
    """Which videos to list."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    after: str | None = None
    """The last id of the page before."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = USUAL_PAGE
    order: Literal["asc", "desc"] = "desc"
    """By time; `desc` begins with the newest."""


class ContentQuery(BaseModel):
    """Which of a video's files."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    variant: Literal["video", "thumbnail", "spritesheet"] = "video"
    """MP4, or one frame of it or twenty as JPEG."""


class Told(BaseModel):
    """What the server says; every field is always there."""

    model_config = ConfigDict(
        frozen=True, use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )


class VideoError(Told):
    """Why a video was not made."""

    code: str
    message: str


Status = Literal["queued", "in_progress", "completed", "failed"]


class Video(Told):
    """A video as it is now. Source: ``types/video.py``."""

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
    """When what was made is removed, or was; null where it is kept until it is deleted."""

    size: str
    """Width and height in pixels, `1280x720`."""

    seconds: str
    """Of an extension, with what it goes on from; `0` where it is not known."""

    prompt: str | None
    remixed_from_video_id: str | None = None
    error: VideoError | None = None


class Page(Told):
    """One page of videos. Source: ``pagination.py``, ``SyncConversationCursorPage``."""

    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class Deleted(Told):
    """Source: ``types/video_delete_response.py``."""

    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: bool = True


class Model(Told):
    """A model that this key may ask for. Source: ``types/model.py``, and vLLM's ``root``."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    """Always 0: nobody knows when it was made."""

    owned_by: str
    """The engine that makes what is asked of it."""

    root: str
    """The model's own name; another than `id` where that is an alias."""

    kinds: list[Kind]
    """An extension of ours: the kinds of work that it does."""


class Models(Told):
    """Every model that this key may ask for. Source: ``pagination.py``, ``SyncPage``."""

    object: Literal["list"] = "list"
    data: list[Model]


class Character(Told):
    """Source: ``types/video_create_character_response.py``."""

    id: str | None
    created_at: int
    name: str | None


class Address(Told):
    """Where a finished video can be had without a key, for a day."""

    url: str


class TaskVideo(Video):
    """A video as new-api tells of it. Source: ``dto/openai_video.go``."""

    task_id: str
    metadata: Address | None
    """Null until it is completed."""


class Task(Told):
    """Source: new-api's ``dto.TaskDto``."""

    id: int
    created_at: int
    updated_at: int
    task_id: str
    platform: str
    action: Literal["textGenerate", "generate"]
    """The latter of a video that begins with a picture."""

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


class TaskReply(Told):
    """Source: new-api's ``dto.TaskResponse``."""

    code: Literal["success"] = "success"
    message: str = ""
    data: Task


class ErrorBody(Told):
    """Source: ``_exceptions.py``, which reads these four."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(Told):
    """An error."""

    error: ErrorBody


class Subject(Told):
    """Which video an event is about."""

    id: str


class WebhookEvent(Told):
    """What a webhook posts. Source: OpenAI's event objects, ``types/webhooks``."""

    id: str
    object: Literal["event"] = "event"
    created_at: int
    type: Literal["video.completed", "video.failed"]
    data: Subject
