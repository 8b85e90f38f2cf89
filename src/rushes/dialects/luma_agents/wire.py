"""
Define the wire format of the Agents API, field for field.

Sources: the package ``luma-agents`` 0.5.0 for names, types and values; Luma's pages on errors and
on video generation for limits. A field that is not listed is refused rather than dropped.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from rushes.core.upload import Purpose, UploadState
from rushes.dialects.shared.prompts import HAS_WORDS, WITH_WORDS

API_VERSION: Final = "2026-04-01"
"""What Luma's own server says in ``X-API-Version``."""

LONGEST_PROMPT: Final = 6000
MOST_KEYFRAMES: Final = 64
LONGEST_PAGE: Final = 100
DEFAULT_PAGE: Final = 25
LARGEST_FILE: Final = 5 << 30
"""Bytes, the API's limit. This server's own limit is lower and refuses a file with 413."""

Type = Literal["image", "image_edit", "video", "video_edit", "video_reframe", "layering"]
Model = Literal["uni-1", "uni-1-max", "ray-3.2"]
Ratio = Literal[
    "3:1", "2:1", "21:9", "16:9", "4:3", "3:2", "1:1", "3:4", "2:3", "9:16", "1:2", "1:3"
]
Resolution = Literal["360p", "540p", "720p", "1080p"]
Duration = Literal["5s", "10s"]
Strength = Literal[
    "adhere_1",
    "adhere_2",
    "adhere_3",
    "flex_1",
    "flex_2",
    "flex_3",
    "reimagine_1",
    "reimagine_2",
    "reimagine_3",
]
FailureCode = Literal[
    "content_moderated",
    "generation_failed",
    "budget_exhausted",
    "output_not_found",
    "image_too_large",
    "unsupported_format",
    "corrupt_input",
    "invalid_request",
    "rate_limited",
]

VIDEO_RATIOS: Final = ("9:16", "3:4", "1:1", "4:3", "16:9", "21:9")
"""The ratios of ray-3.2. Source: Luma's page on video generation."""

VIDEO_TYPES: Final = ("video", "video_edit", "video_reframe")
MOST_REFERENCES: Final = {"image": 9, "image_edit": 8}


class Strict(BaseModel):
    """A request that refuses unknown fields; ``null`` means the same as leaving a field out."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, frozen=True, use_attribute_docstrings=True
    )


_NAMES: Final = ("url", "data", "generation_id", "file_id")
_TEXT: Final[JsonDict] = {"type": "string"}


class ImageRef(Strict):
    """A picture or a video, named in exactly one way."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [name], "properties": {name: _TEXT}} for name in _NAMES],
            "if": {"required": ["data"], "properties": {"data": _TEXT}},
            "then": {"required": ["media_type"], "properties": {"media_type": _TEXT}},
        }
    )

    url: str | None = None
    """An http(s) URL that anybody can read."""

    data: str | None = None
    """The bytes in base64."""

    media_type: str | None = None
    """Needed with `data`, and with the URL of a video."""

    generation_id: str | None = None
    """A completed generation of yours."""

    file_id: str | None = None
    """A file of yours that is ready; see `/v1/files`."""

    @model_validator(mode="after")
    def _is_one(self) -> "ImageRef":
        if sum(getattr(self, name) is not None for name in _NAMES) != 1:
            raise ValueError(f"must have exactly one of {', '.join(_NAMES)}")
        if self.data is not None and self.media_type is None:
            raise ValueError("needs a media_type with its data, such as image/png")
        return self


Frames = Annotated[list[ImageRef], Field(min_length=1, max_length=MOST_KEYFRAMES)]
Indexes = Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MOST_KEYFRAMES)]
Share = Annotated[float, Field(ge=0, le=1)]


class SourcePosition(Strict):
    """The position of the source in the new frame, in fractions of the frame."""

    x_norm: float
    y_norm: float
    w_norm: Annotated[float, Field(gt=0, le=2)]
    h_norm: Annotated[float, Field(gt=0, le=2)]


class Pose(Strict):
    """How closely the result follows the bodies."""

    enabled: bool | None = None
    strength: Literal["precise", "coarse"] | None = None


class Depth(Strict):
    """How closely the result follows the depth."""

    enabled: bool | None = None
    blur: Share | None = None


class Normals(Strict):
    """How closely the result follows the surfaces."""

    enabled: bool | None = None
    augmentation: Share | None = None


class Trajectory(Strict):
    """How closely the result follows the motion."""

    enabled: bool | None = None
    sparsity: Share | None = None


class Face(Strict):
    """Whether the result follows faces."""

    enabled: bool | None = None


class Controls(Strict):
    """The properties of the source that an edit follows."""

    pose: Pose | None = None
    depth: Depth | None = None
    normals: Normals | None = None
    trajectory: Trajectory | None = None
    face: Face | None = None


class Edit(Strict):
    """How to edit a video. The engines here support only `strength`."""

    auto_controls: bool | None = None
    strength: Strength | None = None
    controls: Controls | None = None
    keyframes: Frames | None = None
    keyframe_indexes: Indexes | None = None


class VideoOptions(Strict):
    """Size, length, frames and mode of a video."""

    resolution: Resolution | None = None
    """By default `720p`."""

    duration: Duration | None = None
    """By default `5s`."""

    start_frame: ImageRef | None = None
    """The first frame: a picture, or by `generation_id` a video to continue."""

    end_frame: ImageRef | None = None
    """The last frame: a picture, or by `generation_id` a video to lead up to."""

    keyframes: Frames | None = None
    """Pictures, each for the frame at the same position of `keyframe_indexes`."""

    keyframe_indexes: Indexes | None = None
    """Frames at 24 a second: 0 is the first; 120 of 5s and 240 of 10s is the last."""

    loop: bool | None = None
    hdr: bool | None = None
    exr_export: bool | None = None
    source_position: SourcePosition | None = None
    """For `video_reframe`; by default the source covers the frame, centred."""

    edit: Edit | None = None


class Layering(Strict):
    """How to separate a picture into layers."""

    resolution: Literal["1k", "2k"] | None = None


class CreateGeneration(Strict):
    """A picture or a video to make."""

    prompt: Annotated[
        str,
        Field(min_length=1, max_length=LONGEST_PROMPT, json_schema_extra=HAS_WORDS),
        WITH_WORDS,
    ]
    type: Type = "image"
    model: Model | None = None
    """By default `uni-1` for pictures and `ray-3.2` for videos."""

    aspect_ratio: Ratio | None = None
    image_ref: list[ImageRef] | None = None
    """Pictures that guide a new picture: 9 at most, 8 for `image_edit`."""

    source: ImageRef | None = None
    """The picture or video to edit or reframe."""

    output_format: Literal["png", "jpeg"] | None = None
    """Of a picture; by default `jpeg`."""

    style: Literal["auto", "manga"] = "auto"
    web_search: bool = False
    user_id: str | None = None
    """Your user for whom it is made; the server writes it to its log."""

    layering: Layering | None = None
    video: VideoOptions | None = None


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?")


def _written_out(value: object) -> object:
    """Refuse the other spelling that pydantic takes: seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("must be a moment like 2026-01-31T12:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC; without an offset it is in UTC already, as the package sends it."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)  # off by less than a day, at an end of the calendar


Moment = Annotated[
    datetime, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_in_utc)
]
Tag = Annotated[str, Field(max_length=512)]
FileName = Annotated[str, Field(max_length=1024)]


class CreateFile(Strict):
    """A file that you will upload to the URL in the reply."""

    mime_type: Annotated[str, Field(max_length=255)]
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_FILE)]
    """The exact size of the upload."""

    purpose: Annotated[Purpose, Field(strict=False)] = Purpose.INPUT
    filename: FileName | None = None
    user_id: Tag | None = None
    expires_at: Moment | None = None
    """When the server deletes the file; a moment without an offset is in UTC."""


class FileForm(BaseModel):
    """A form with the file in a part named `file`."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    file: Annotated[bytes, Field(min_length=1)]
    """The bytes; the part's own type and name stand for missing fields."""

    mime_type: Annotated[str, Field(max_length=255)] | None = None
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_FILE)] | None = None
    purpose: Purpose = Purpose.INPUT
    filename: FileName | None = None
    user_id: Tag | None = None
    expires_at: Moment | None = None


class FileQuery(BaseModel):
    """Which files to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    cursor: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """`next_cursor` of the page before."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = DEFAULT_PAGE
    purpose: Purpose | None = None
    state: UploadState | None = None
    """By default any but `deleted`."""


class Output(TypedDict):
    """One finished file."""

    type: str
    url: str


class Generation(TypedDict):
    """A generation with its state and output."""

    id: str
    type: Type
    state: Literal["queued", "processing", "completed", "failed"]
    model: Model
    created_at: str
    output: list[Output]
    failure_reason: str | None
    failure_code: FailureCode | None


class File(TypedDict):
    """An uploaded file."""

    id: str
    created_at: str
    mime_type: str
    purpose: Literal["input", "reference"]
    size_bytes: int
    state: Literal["pending", "ready", "failed", "deleted"]
    deleted_at: str | None
    expires_at: str | None
    failure_reason: str | None
    filename: str | None
    user_id: str | None


class Upload(TypedDict):
    """Where to upload the bytes, and until when."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: str


class CreatedFile(TypedDict):
    """A new file; *upload* is null when the request carried the bytes."""

    id: str
    state: Literal["pending", "ready", "failed", "deleted"]
    file: File
    upload: Upload | None


class FileList(TypedDict):
    """One page of files, newest first."""

    data: list[File]
    has_more: bool
    next_cursor: str | None


class Fault(TypedDict):
    """An error, as one sentence; its code is the HTTP status."""

    detail: str


Json = Any
"""Any of the types above, to be written as JSON."""
