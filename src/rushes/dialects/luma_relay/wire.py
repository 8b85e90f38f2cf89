"""
The words and shapes on the wire, field for field; no behaviour.

Sources: seed documents 000 to 004, five relays of the same API, and what their clients read and
send. Where they disagree, the wider reading is taken: a reply carries what any of them promises.
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
Each thing that can be asked for and the names that it has in a create body, the usual one first.

Source: the seeds for the first of each; the others are what clients of relays really send.
"""

MODEL_NAMES: Final[Mapping[str, str]] = {
    "ray-1-6": "ray-v1",
    "ray-2": "ray-v2",
    "ray-3": "ray-v3",
}
"""What the relays call our models. Source: seeds 000 to 002."""

MOST_IDS: Final = 1000
"""How many generations one batch may ask for."""

FARTHEST: Final = 1_000_000_000
"""The largest offset into a list."""

LONGEST_PAGE: Final = 100
USUAL_PAGE: Final = 10

USUAL_TIMEOUT_S: Final = 300.0
LONGEST_TIMEOUT_S: Final = 600.0
"""How long a request of AceDataCloud's shape may wait for its video."""

ACE_FORMAT: Final = "ace"
"""The wording of a webhook that such a request asked for."""

BATCH_FORMATS: Final = ("array", "wrapped")
NOTIFY_FORMATS: Final = ("superset", "official", "crazyrouter", "newapi")


class CreateGeneration(BaseModel):
    """
    What a create body may hold, under the usual names.

    It is documentation: what is sent is read by :mod:`rushes.dialects.luma_relay.parse`, which
    takes the other names too, and numbers and flags as text. Unknown fields are ignored.
    """

    user_prompt: str | None = Field(
        default=None,
        max_length=LONGEST_PROMPT,
        description="What is to be seen. Required, unless an image is given.",
    )
    model_name: str | None = Field(default=None, json_schema_extra={VALUES: "models"})
    expand_prompt: bool = Field(default=False, description="Let the server enrich the prompt.")
    loop: bool = Field(default=False, description="Let the end lead into the beginning.")
    image_url: str | None = Field(
        default=None, description="The first frame: an http(s) URL, a data URI or base64."
    )
    image_end_url: str | None = Field(default=None, description="The last frame, likewise.")
    aspect_ratio: str | None = Field(
        default=None,
        json_schema_extra={VALUES: "ratios"},
        description="By default that of the first picture, or 16:9 without one.",
    )
    resolution: str | None = Field(default=None, json_schema_extra={VALUES: "resolutions"})
    duration: str | float | None = Field(default=None, examples=["5s"])
    seed: int | None = Field(
        default=None, ge=-1, lt=1 << 32, description="The same seed makes the same video."
    )
    notify_hook: str | None = Field(
        default=None, description="The URL that is told when it runs, and when it is done."
    )


class Batch(BaseModel):
    """Which generations to tell of."""

    ids: Annotated[list[str], Field(max_length=MOST_IDS)] | str = Field(
        description="A list, or text with commas."
    )


class Upload(BaseModel):
    """An image to keep, as a data URI or base64; or an address, which comes back as it is."""

    url: str


class Page(BaseModel):
    """Which part of the list."""

    offset: int = Field(default=0, ge=0, le=FARTHEST)
    limit: int = Field(default=USUAL_PAGE, ge=0, le=LONGEST_PAGE)


class Layout(BaseModel):
    """How a batch is answered."""

    format: Literal["array", "wrapped", ""] | None = None


class Address(TypedDict):
    """Where the finished video can be fetched."""

    url: str


class Uploaded(TypedDict):
    """Where an uploaded image can be named. Source: Luma-API."""

    id: str
    presigned_url: str
    public_url: str


class Usage(TypedDict):
    """What there is to say of use where nothing is metered."""

    account_id: str
    in_progress: int
    metered: bool
    limit: int | None
    remaining: int | None


class Me(TypedDict):
    """Whose key it is."""

    id: str
    name: str
    key_id: str | None


class Video(TypedDict):
    """Where the finished video is. Source: gpt-best's documents, wider than the seeds'."""

    url: str
    width: int
    height: int
    thumbnail: str | None
    download_url: str


class VideoRaw(TypedDict):
    """The same without any mark. Source: chainhub, gpt.ge."""

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
    """What was asked for. Source: seed 004, and our own extras after ``aspect_ratio``."""

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


class Trouble(TypedDict):
    """Why it failed, where some clients look for it."""

    message: str
    type: str
    code: str


class Artifacts(TypedDict):
    """The files once more. Source: chainhub, gpt.ge, YEScale."""

    video: Video
    video_raw: VideoRaw
    thumbnail: Picture | None
    last_frame: Picture | None
    created_at: str


class Assets(TypedDict):
    """The files as the official API names them. Source: YEScale."""

    video: str
    image: str | None
    progress_video: None


class Task(TypedDict):
    """
    What every reply about a generation is.

    The nullable fields are null until it is completed, and ``queue_state``, ``liked`` and
    ``estimate_wait_seconds`` are null always, since seed 003 types them so. No field named
    ``url``, ``video_url``, ``output`` or ``result_url`` may occur at any depth before the video is
    there: a client searches the whole reply for one and takes what it finds for the video.
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
    error: NotRequired[Trouble]
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
    """What AceDataCloud's clients send to make a video. Source: AceDataCloud/MCPLuma."""

    action: Literal["generate", "extend"] = "generate"
    prompt: str | None = Field(
        default=None,
        max_length=LONGEST_PROMPT,
        description="What is to be seen. Required, unless an image is given.",
    )
    start_image_url: str | None = Field(
        default=None, description="The first frame: an http(s) URL, a data URI or base64."
    )
    end_image_url: str | None = Field(default=None, description="The last frame, likewise.")
    aspect_ratio: str | None = Field(default=None, json_schema_extra={VALUES: "ratios"})
    loop: bool = False
    enhancement: bool = Field(default=False, description="Let the server enrich the prompt.")
    video_id: str | None = Field(default=None, description="The generation to extend.")
    video_url: str | None = Field(default=None, description="Its video, instead of its id.")
    timeout: float = Field(
        default=USUAL_TIMEOUT_S,
        gt=0,
        le=LONGEST_TIMEOUT_S,
        description="Seconds after which to answer though it is not done.",
    )
    callback_url: str | None = Field(
        default=None, description="Told how it ended; the answer then comes at once."
    )
    at_once: bool = Field(
        default=False, alias="async", description="Answer at once, and be asked by `/luma/tasks`."
    )


class AceBatch(BaseModel):
    """Which generations AceDataCloud's clients want to hear of."""

    action: Literal["retrieve", "retrieve_batch"] | None = Field(
        default=None, description="By default `retrieve`, where there is an `id` or `task_id`."
    )
    id: str | None = Field(default=None, description="For `retrieve`.")
    task_id: str | None = Field(default=None, description="The same as `id`.")
    ids: Annotated[list[str], Field(max_length=MOST_IDS)] | str | None = Field(
        default=None, description="For `retrieve_batch`."
    )


class AceError(TypedDict):
    """Why it failed."""

    code: str
    message: str


class AceResult(TypedDict):
    """A video as AceDataCloud tells of it; its addresses are there once it is."""

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
    """What was asked for."""

    action: str
    prompt: str
    aspect_ratio: str
    loop: bool
    enhancement: bool
    video_id: NotRequired[str]


class AceTask(TypedDict):
    """One generation with its request."""

    id: str
    created_at: float
    request: AceRequest
    response: AceResult


class AceTasks(TypedDict):
    """Several of them."""

    items: list[AceTask]
    count: int


class Fault(TypedDict):
    """One field with its sentence."""

    param: str
    message: str


class ErrorBody(TypedDict):
    """An error as OpenAI's clients look for it."""

    message: str
    type: str
    code: str
    param: str | None
    problems: NotRequired[list[Fault]]


class Envelope(TypedDict):
    """An error, where the clients of new-api, Luma-API and crazyrouter each look for it."""

    error: ErrorBody
    code: str
    message: str
    data: None
    detail: str
    request_id: str
