"""
The shapes of the Agents API, field for field.

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

API_VERSION: Final = "2026-04-01"
"""What Luma's own server says in ``X-API-Version``."""

LONGEST_PROMPT: Final = 6000
MOST_KEYFRAMES: Final = 64
LONGEST_PAGE: Final = 100
USUAL_PAGE: Final = 25
LARGEST_FILE: Final = 5 << 30
"""Bytes; what the API can say. What this server takes is less, and is told with 413."""

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
    """Takes what is listed and nothing else; ``null`` says the same as leaving a field out."""

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
    """Where the source lies in the new frame, in shares of the frame."""

    x_norm: float
    y_norm: float
    w_norm: Annotated[float, Field(gt=0, le=2)]
    h_norm: Annotated[float, Field(gt=0, le=2)]


class Pose(Strict):
    """How closely the bodies are followed."""

    enabled: bool | None = None
    strength: Literal["precise", "coarse"] | None = None


class Depth(Strict):
    """How closely the depth is followed."""

    enabled: bool | None = None
    blur: Share | None = None


class Normals(Strict):
    """How closely the surfaces are followed."""

    enabled: bool | None = None
    augmentation: Share | None = None


class Trajectory(Strict):
    """How closely the motion is followed."""

    enabled: bool | None = None
    sparsity: Share | None = None


class Face(Strict):
    """Whether faces are followed."""

    enabled: bool | None = None


class Controls(Strict):
    """What of the source an edit follows."""

    pose: Pose | None = None
    depth: Depth | None = None
    normals: Normals | None = None
    trajectory: Trajectory | None = None
    face: Face | None = None


class Edit(Strict):
    """How a video is edited. No engine here takes more of it than `strength`."""

    auto_controls: bool | None = None
    strength: Strength | None = None
    controls: Controls | None = None
    keyframes: Frames | None = None
    keyframe_indexes: Indexes | None = None


class VideoOptions(Strict):
    """What is asked of a video beside its words and its shape."""

    resolution: Resolution | None = None
    """By default `720p`."""

    duration: Duration | None = None
    """By default `5s`."""

    start_frame: ImageRef | None = None
    """What it begins with: a picture, or by `generation_id` a video that it continues."""

    end_frame: ImageRef | None = None
    """What it ends with: a picture, or by `generation_id` a video that it leads up to."""

    keyframes: Frames | None = None
    """Pictures, each at the frame that `keyframe_indexes` has at the same place."""

    keyframe_indexes: Indexes | None = None
    """Frames at 24 a second: 0 is the first; 120 of 5s and 240 of 10s is the last."""

    loop: bool | None = None
    hdr: bool | None = None
    exr_export: bool | None = None
    source_position: SourcePosition | None = None
    """For `video_reframe`; by default the source covers the frame, centred."""

    edit: Edit | None = None


class Layering(Strict):
    """How a picture is taken apart."""

    resolution: Literal["1k", "2k"] | None = None


class CreateGeneration(Strict):
    """What is asked for."""

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    type: Type = "image"
    model: Model | None = None
    """By default `uni-1` for pictures and `ray-3.2` for videos."""

    aspect_ratio: Ratio | None = None
    image_ref: list[ImageRef] | None = None
    """Pictures that a picture takes after: 9 at most, 8 for `image_edit`."""

    source: ImageRef | None = None
    """What is edited or reframed."""

    output_format: Literal["png", "jpeg"] | None = None
    """Of a picture; by default `jpeg`."""

    style: Literal["auto", "manga"] = "auto"
    web_search: bool = False
    user_id: str | None = None
    """Whom of your users it is for; it is written to the server's log."""

    layering: Layering | None = None
    video: VideoOptions | None = None


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?")


def _written_out(value: object) -> object:
    """Refuse what pydantic would take for a moment too: seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("must be a moment like 2026-01-31T12:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC, taking one without an offset for that, as the package sends it."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)  # within a day of it, at an end of the calendar


Moment = Annotated[
    datetime, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_in_utc)
]
Tag = Annotated[str, Field(max_length=512)]
FileName = Annotated[str, Field(max_length=1024)]


class CreateFile(Strict):
    """A file that will be put to the URL in the reply."""

    mime_type: Annotated[str, Field(max_length=255)]
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_FILE)]
    """Exactly as many as will be put."""

    purpose: Annotated[Purpose, Field(strict=False)] = Purpose.INPUT
    filename: FileName | None = None
    user_id: Tag | None = None
    expires_at: Moment | None = None
    """When to delete it without being asked; a moment without an offset is in UTC."""


class FileForm(BaseModel):
    """A form that has the file with it, in a part named `file`."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    file: Annotated[bytes, Field(min_length=1)]
    """The bytes; the part's own type and name stand for what is not told."""

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

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = USUAL_PAGE
    purpose: Purpose | None = None
    state: UploadState | None = None
    """By default any but `deleted`."""


class Output(TypedDict):
    """One finished file."""

    type: str
    url: str


class Generation(TypedDict):
    """What every reply about a generation is."""

    id: str
    type: Type
    state: Literal["queued", "processing", "completed", "failed"]
    model: Model
    created_at: str
    output: list[Output]
    failure_reason: str | None
    failure_code: FailureCode | None


class File(TypedDict):
    """What every reply about a file is."""

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
    """Where to put the bytes, and until when."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: str


class CreatedFile(TypedDict):
    """A new file; *upload* is null when its bytes came with it."""

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
    """An error: the status is its code, this is its sentence."""

    detail: str


Told = Any
"""Whatever of the above is written as JSON."""
