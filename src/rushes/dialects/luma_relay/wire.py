"""
Define the wire format of the relay API, field for field; no behaviour.

Sources: seed documents 000 to 004, five relays of the same API, and the fields that their clients
read and send. Where they disagree, a reply has the fields of all of them.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, NotRequired

from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from rushes.http.openapi import VALUES

LONGEST_PROMPT: Final = 5000
"""Characters; the limit of the API that the relays resell."""

SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "prompt": ("user_prompt", "prompt"),
    "model": ("model_name", "model"),
    "first_image": (
        "image_url",
        "image",
        "start_image_url",
        "keyframes.frame0.url",
        "metadata.image_url",
        "metadata.image",
    ),
    "last_image": (
        "image_end_url",
        "image_tail",
        "image_end",
        "end_image_url",
        "keyframes.frame1.url",
        "metadata.image_end_url",
        "metadata.image_tail",
        "metadata.image_end",
    ),
    "aspect_ratio": ("aspect_ratio", "metadata.aspect_ratio"),
    "resolution": ("resolution", "metadata.resolution"),
    "duration": ("duration", "metadata.duration"),
    "loop": ("loop", "metadata.loop"),
    "expand_prompt": ("expand_prompt", "enhancement"),
    "seed": ("seed", "metadata.seed"),
    "hook": ("notify_hook", "notifyHook", "callback_url"),
}
"""
The fields of a create body and the names of each, the usual one first.

Source: the seeds for the first name of each; clients of relays send the others.
"""

MODEL_NAMES: Final[Mapping[str, str]] = {
    "ray-1-6": "ray-v1",
    "ray-2": "ray-v2",
    "ray-3": "ray-v3",
}
"""The relays' names of our models. Source: seeds 000 to 002."""

MOST_IDS: Final = 1000
"""The most generations in one batch request."""

FARTHEST: Final = 1_000_000_000
"""The largest offset into a list."""

LONGEST_PAGE: Final = 100
DEFAULT_PAGE: Final = 10

DEFAULT_TIMEOUT_S: Final = 300.0
LONGEST_TIMEOUT_S: Final = 600.0
"""The longest wait of a request in AceDataCloud's format."""

ACE_FORMAT: Final = "ace"
"""The format of the webhooks of such a request."""

BATCH_FORMATS: Final = ("array", "wrapped")
NOTIFY_FORMATS: Final = ("superset", "official", "crazyrouter", "newapi")


class CreateGeneration(BaseModel):
    """
    A create body, under the usual names.

    It is documentation only: :mod:`rushes.dialects.luma_relay.parse` reads the body, takes the
    other names too, and takes numbers and flags as text. Unknown fields are ignored.
    """

    user_prompt: str | None = Field(
        default=None,
        max_length=LONGEST_PROMPT,
        description="What the video shows. Required, unless there is an image.",
    )
    model_name: str | None = Field(default=None, json_schema_extra={VALUES: "models"})
    expand_prompt: bool = Field(default=False, description="Let the server expand the prompt.")
    loop: bool = Field(default=False, description="Whether the last frame leads into the first.")
    image_url: str | None = Field(
        default=None, description="The first frame: an http(s) URL, a data URI or base64."
    )
    image_end_url: str | None = Field(default=None, description="The last frame, likewise.")
    aspect_ratio: str | None = Field(
        default=None,
        json_schema_extra={VALUES: "ratios"},
        description="By default the ratio of the first picture, or 16:9 without one.",
    )
    resolution: str | None = Field(default=None, json_schema_extra={VALUES: "resolutions"})
    duration: str | float | None = Field(default=None, examples=["5s"])
    seed: int | None = Field(
        default=None, ge=-1, lt=1 << 32, description="The same seed makes the same video."
    )
    notify_hook: str | None = Field(
        default=None,
        description="The URL that receives a post when the video runs and when it is final.",
    )


class Batch(BaseModel):
    """Which generations to return."""

    ids: Annotated[list[str], Field(max_length=MOST_IDS)] | str = Field(
        description="A list, or text with commas."
    )


class Upload(BaseModel):
    """An image to store, as a data URI or base64; or a URL, which comes back unchanged."""

    url: str


class Page(BaseModel):
    """Which part of the list to return."""

    offset: int = Field(default=0, ge=0, le=FARTHEST)
    limit: int = Field(default=DEFAULT_PAGE, ge=0, le=LONGEST_PAGE)


class Layout(BaseModel):
    """The format of a batch reply."""

    format: Literal["array", "wrapped", ""] | None = None


class Address(TypedDict):
    """The URL of the finished video."""

    url: str


class Uploaded(TypedDict):
    """The addresses of an uploaded image. Source: Luma-API."""

    id: str
    presigned_url: str
    public_url: str


class Usage(TypedDict):
    """The use of an account; `limit` and `remaining` are null where nothing costs credits."""

    account_id: str
    in_progress: int
    metered: bool
    limit: int | None
    remaining: int | None


class Me(TypedDict):
    """The account of a key."""

    id: str
    name: str
    key_id: str | None


class Video(TypedDict):
    """The finished video. Source: gpt-best's documents, wider than the seeds'."""

    url: str
    width: int
    height: int
    thumbnail: str | None
    download_url: str


class VideoRaw(TypedDict):
    """The finished video without a watermark. Source: chainhub, gpt.ge."""

    url: str
    width: int
    height: int
    duration: float | None
    media_type: str


class Picture(TypedDict):
    """``thumbnail`` and ``last_frame``."""

    url: str
    width: int
    height: int
    palette: Mapping[str, str] | None
    media_type: str


class Request(TypedDict):
    """The request of a generation. Source: seed 004; the fields after ``aspect_ratio`` are ours."""

    prompt: str
    aspect_ratio: str
    loop: bool
    resolution: str
    duration: str
    expand_prompt: bool
    prompt_used: NotRequired[str]


class Data(TypedDict):
    """The envelope that seeds 000, 001 and 003 print as their schema. Source: Kling's API."""

    task_id: str
    task_status: str
    task_status_msg: str
    created_at: int
    updated_at: int
    task_result: NotRequired[Mapping[str, object]]


class TaskError(TypedDict):
    """Why a generation failed, where some clients look for it."""

    message: str
    type: str
    code: str


class Artifacts(TypedDict):
    """The files of a generation again. Source: chainhub, gpt.ge, YEScale."""

    video: Video
    video_raw: VideoRaw
    thumbnail: Picture | None
    last_frame: Picture | None
    created_at: str


class Assets(TypedDict):
    """The files under the official API's names. Source: YEScale."""

    video: str
    image: str | None
    progress_video: None


class Task(TypedDict):
    """
    A generation.

    The nullable fields are null until it is completed. ``queue_state``, ``liked`` and
    ``estimate_wait_seconds`` are always null, as seed 003 types them. Until the video exists, no
    field at any depth may be named ``url``, ``video_url``, ``output`` or ``result_url``: one client
    searches the whole reply for such a field and takes its value for the video.
    """

    id: str
    task_id: str
    state: str
    status: str
    prompt: str
    queue_state: None
    created_at: str
    batch_id: str
    user_id: str
    video: Video | None
    video_raw: VideoRaw | None
    liked: None
    estimate_wait_seconds: None
    thumbnail: Picture | None
    last_frame: Picture | None
    assets: Assets | None
    artifact: Artifacts | None
    failure_reason: str | None
    progress: int
    model: str
    model_name: str
    engine: str | None
    request: Request
    code: int
    message: str
    request_id: str
    data: Data
    note: NotRequired[str]
    error: NotRequired[TaskError]
    video_url: NotRequired[str]
    result: NotRequired[Mapping[str, str]]


class Row(TypedDict):
    """One entry of a wrapped batch. Source: new-api's TaskDto, gpt-best's documents."""

    id: int
    created_at: str
    updated_at: str
    task_id: str
    platform: str
    action: str
    status: str
    fail_reason: str
    submit_time: int
    start_time: int
    finish_time: int
    progress: str
    data: Task


class Rows(TypedDict):
    """A wrapped batch. Source: new-api's TaskResponse."""

    code: str
    message: str
    data: list[Row]


class AceVideos(BaseModel):
    """A create body of AceDataCloud's clients. Source: AceDataCloud/MCPLuma."""

    action: Literal["generate", "extend"] = "generate"
    prompt: str | None = Field(
        default=None,
        max_length=LONGEST_PROMPT,
        description="What the video shows. Required, unless there is an image.",
    )
    start_image_url: str | None = Field(
        default=None, description="The first frame: an http(s) URL, a data URI or base64."
    )
    end_image_url: str | None = Field(default=None, description="The last frame, likewise.")
    aspect_ratio: str | None = Field(default=None, json_schema_extra={VALUES: "ratios"})
    loop: bool = False
    enhancement: bool = Field(default=False, description="Let the server expand the prompt.")
    video_id: str | None = Field(default=None, description="The generation to extend.")
    video_url: str | None = Field(default=None, description="Its video, instead of its id.")
    timeout: float = Field(
        default=DEFAULT_TIMEOUT_S,
        gt=0,
        le=LONGEST_TIMEOUT_S,
        description="Seconds after which to reply even if the video is not final.",
    )
    callback_url: str | None = Field(
        default=None, description="A URL that receives the result; the reply then comes at once."
    )
    at_once: bool = Field(
        default=False, alias="async", description="Reply at once; the client polls `/luma/tasks`."
    )


class AceBatch(BaseModel):
    """A query of AceDataCloud's clients for one generation or several."""

    action: Literal["retrieve", "retrieve_batch"] | None = Field(
        default=None, description="By default `retrieve`, where there is an `id` or `task_id`."
    )
    id: str | None = Field(default=None, description="For `retrieve`.")
    task_id: str | None = Field(default=None, description="The same as `id`.")
    ids: Annotated[list[str], Field(max_length=MOST_IDS)] | str | None = Field(
        default=None, description="For `retrieve_batch`."
    )


class AceError(TypedDict):
    """Why a generation failed."""

    code: str
    message: str


class AceResult(TypedDict):
    """A generation in AceDataCloud's format; it has URLs once it is completed."""

    success: bool
    task_id: str
    video_id: str
    prompt: str
    state: str
    video_url: NotRequired[str]
    video_width: NotRequired[int]
    video_height: NotRequired[int]
    thumbnail_url: NotRequired[str | None]
    thumbnail_width: NotRequired[int | None]
    thumbnail_height: NotRequired[int | None]
    error: NotRequired[AceError]


class AceRequest(TypedDict):
    """The request of a generation in AceDataCloud's format."""

    action: str
    prompt: str
    aspect_ratio: str
    loop: bool
    enhancement: bool
    video_id: NotRequired[str]


class AceTask(TypedDict):
    """A generation with its request."""

    id: str
    created_at: float
    request: AceRequest
    response: AceResult


class AceTasks(TypedDict):
    """Several generations with their requests."""

    items: list[AceTask]
    count: int


class Fault(TypedDict):
    """One offending field, with a sentence."""

    param: str
    message: str


class ErrorBody(TypedDict):
    """An error in OpenAI's format."""

    message: str
    type: str
    code: str
    param: str | None
    problems: NotRequired[list[Fault]]


class Envelope(TypedDict):
    """An error in the formats of new-api, Luma-API and crazyrouter at once."""

    error: ErrorBody
    code: str
    message: str
    data: None
    detail: str
    request_id: str
