"""
The shapes of the Dream Machine API, field for field; no behaviour.

Sources: the types of the packages lumaai 1.21.0 (PyPI) and 1.19.1 (npm), lumalabs/lumaai-api's
openapi.yaml, docs.lumalabs.ai. Requests are strict: a field that is not listed is refused. ``null``
says the same as leaving a field out.
"""

from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from rushes.http.openapi import VALUES

SHORTEST_PROMPT: Final = 3
LONGEST_PROMPT: Final = 5000
LONGEST_PAGE: Final = 100
FARTHEST: Final = 1_000_000_000
LONGEST_SYNC_S: Final = 600.0
USUAL_SYNC_S: Final = 60.0

IMAGE_WEIGHT: Final = 0.85
STYLE_WEIGHT: Final = 0.8
"""How much a reference counts that says nothing of it. Source: @ai-sdk/luma, which sends them."""

_URL: Final = r"^https?://[A-Za-z0-9\[][^\s]*$"
_PICTURE: Final = r"^(https?://[A-Za-z0-9\[][^\s]*|data:[^\s,]*,[^\s]*)$"


def _offered(mark: str) -> dict[str, Any]:
    """Return the mark of values that are known to a server only; see ``http.openapi``."""
    return {VALUES: mark}


def _duration(value: object) -> object:
    """Return a number of seconds, with or without its unit, as Luma writes it: ``5s``."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000:
        return f"{value:g}s"
    return f"{value}s" if isinstance(value, str) and value[-1:].isdigit() else value


# Its lengths are told here and judged by the documented messages.
Prompt = Annotated[
    str, Field(json_schema_extra={"minLength": SHORTEST_PROMPT, "maxLength": LONGEST_PROMPT})
]
ModelName = Annotated[str, Field(json_schema_extra=_offered("models"))]
Ratio = Annotated[str, Field(json_schema_extra=_offered("ratios"))]
StillRatio = Annotated[str, Field(json_schema_extra=_offered("still_ratios"))]
Resolution = Annotated[str, Field(json_schema_extra=_offered("resolutions"))]
Upscale = Annotated[str, Field(json_schema_extra=_offered("upscales"))]
Duration = Annotated[
    str,
    BeforeValidator(_duration, json_schema_input_type=str | float),
    Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3})?s$", examples=["5s"]),
]
Url = Annotated[str, Field(pattern=_URL)]
CallbackUrl = Annotated[str, Field(pattern=_URL, max_length=2000)]
Picture = Annotated[str, Field(pattern=_PICTURE)]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Weight = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[int, Field(ge=-40_000, le=40_000)]
Size = Annotated[int, Field(ge=1, le=40_000)]
Format = Literal["jpg", "png"]


class Strict(BaseModel):
    """Takes what is listed and nothing else."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        frozen=True,
        use_attribute_docstrings=True,
        populate_by_name=True,
    )


class ImageFrame(Strict):
    """A picture."""

    type: Literal["image"]
    url: Picture
    """An http(s) URL, or a data URI."""


class GenerationFrame(Strict):
    """An earlier generation of yours."""

    type: Literal["generation"]
    id: Id


Frame = Annotated[ImageFrame | GenerationFrame, Field(discriminator="type")]


class Keyframes(Strict):
    """What the video starts from and arrives at."""

    frame0: Frame | None = None
    """A generation here is extended."""

    frame1: Frame | None = None
    """A generation here is led up to; with one in `frame0`, what is between them is made."""


class Concept(Strict):
    """A named camera move; see `generations/concepts/list`."""

    key: Annotated[str, Field(min_length=1, max_length=100)]


class _Asked(Strict):
    callback_url: CallbackUrl | None = None
    """Told by POST, with the Generation, when it is dreaming, completed or failed."""


class CreateVideo(_Asked):
    """A new video."""

    generation_type: Literal["video"] | None = None
    model: ModelName | None = None
    """By default the server's default."""

    prompt: Prompt | None = None
    """Required, unless an image is given as a keyframe."""

    aspect_ratio: Ratio | None = None
    """By default that of the first picture or earlier video, or `16:9`."""

    loop: bool | None = None
    keyframes: Keyframes | None = None
    resolution: Resolution | None = None
    duration: Duration | None = None
    concepts: Annotated[list[Concept], Field(max_length=20)] | None = None


class Weighed(Strict):
    """A picture to follow, and how much."""

    url: Picture
    weight: Weight | None = None


class Identity(Strict):
    """Pictures of one person."""

    images: Annotated[list[Picture], Field(min_length=1, max_length=4)]


class CharacterRef(Strict):
    """Whom the picture shows."""

    identity0: Identity


class CreateImage(_Asked):
    """
    A new picture.

    `image`, `style`, `character` and `modify_image` are the names under which @ai-sdk/luma sends
    the four kinds of references.
    """

    generation_type: Literal["image"] | None = None
    model: ModelName | None = None
    prompt: Prompt | None = None
    """Required."""

    aspect_ratio: StillRatio | None = None
    format: Format | None = None
    image_ref: Annotated[list[Weighed], Field(max_length=8)] | None = Field(
        default=None, validation_alias=AliasChoices("image_ref", "image")
    )
    style_ref: Annotated[list[Weighed], Field(max_length=4)] | None = Field(
        default=None, validation_alias=AliasChoices("style_ref", "style")
    )
    character_ref: CharacterRef | None = Field(
        default=None, validation_alias=AliasChoices("character_ref", "character")
    )
    modify_image_ref: Weighed | None = Field(
        default=None, validation_alias=AliasChoices("modify_image_ref", "modify_image")
    )
    sync: bool | None = None
    """Whether to answer once it is final."""

    sync_timeout: Annotated[float, Field(gt=0, le=LONGEST_SYNC_S)] | None = None
    """Seconds after which to answer all the same; by default 60."""


class UpscaleVideo(_Asked):
    """A finished video again, with more pixels."""

    generation_type: Literal["upscale_video"] | None = None
    resolution: Upscale | None = None
    """By default the next above its own."""


class AddAudio(_Asked):
    """A finished video again, with sound."""

    generation_type: Literal["add_audio"] | None = None
    prompt: Prompt | None = None
    """What is heard; by default what the video shows."""

    negative_prompt: Prompt | None = None


class Media(Strict):
    """A video."""

    url: Url


class PictureMedia(Strict):
    """A picture."""

    url: Picture


class _Reframe(_Asked):
    model: ModelName | None = None
    prompt: Prompt | None = None
    grid_position_x: Pixels | None = None
    """Where the source's left edge lies in the grid; 16:9 is a grid of 2048 x 1152 pixels."""

    grid_position_y: Pixels | None = None
    resized_width: Size | None = None
    """How wide the source is in the grid."""

    resized_height: Size | None = None
    x_start: Pixels | None = None
    """Where the source begins in the grid; `x_end` is where it ends."""

    x_end: Pixels | None = None
    y_start: Pixels | None = None
    y_end: Pixels | None = None


class ReframeVideo(_Reframe):
    """A video in another shape."""

    generation_type: Literal["reframe_video"]
    media: Media
    aspect_ratio: Ratio
    first_frame: PictureMedia | None = None
    """Refused: nothing here paints anew what lies beyond the edges."""


class ReframeImage(_Reframe):
    """A picture in another shape."""

    generation_type: Literal["reframe_image"]
    media: PictureMedia
    aspect_ratio: StillRatio
    format: Format | None = None


class ModifyVideo(_Asked):
    """A video again, as the words say."""

    generation_type: Literal["modify_video"]
    media: Media
    mode: Annotated[str, Field(pattern=r"^(adhere|flex|reimagine)_[123]$")]
    model: ModelName | None = None
    prompt: Prompt | None = None
    first_frame: PictureMedia | None = None


class CreateStorage(Strict):
    """A file that is about to be put. Source: ComfyUI, comfy_api_nodes/util/upload_helpers.py."""

    file_name: Annotated[str, Field(min_length=1, max_length=1024)]
    """Its ending says what it is, where `content_type` does not."""

    content_type: Annotated[str, Field(max_length=255)] | None = None
    """Such as `image/png`."""


class GenerationPath(BaseModel):
    """Where a generation lies."""

    id: Id


class Page(BaseModel):
    """Which part of the list."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = LONGEST_PAGE
    offset: Annotated[int, Field(ge=0, le=FARTHEST)] = 0


class FrameTold(TypedDict):
    """A keyframe, as it was given: a picture by its `url`, a generation by its `id`."""

    type: Literal["image", "generation"]
    url: NotRequired[str]
    id: NotRequired[str]


class KeyframesTold(TypedDict):
    """What the video starts from and arrives at."""

    frame0: FrameTold | None
    frame1: FrameTold | None


class ConceptTold(TypedDict):
    """A named camera move."""

    key: str


class VideoRequest(TypedDict):
    """What was asked for, of a new video."""

    generation_type: Literal["video"]
    prompt: str
    aspect_ratio: str | None
    loop: bool
    keyframes: KeyframesTold | None
    callback_url: str | None
    model: str
    resolution: str
    duration: str
    concepts: list[ConceptTold] | None


class WeighedTold(TypedDict):
    """A picture that was followed, and how much."""

    url: str | None
    weight: float


class IdentityTold(TypedDict):
    """Pictures of one person."""

    images: list[str]


class CharacterRefTold(TypedDict):
    """Whom the picture shows."""

    identity0: IdentityTold


class ImageRequest(TypedDict):
    """What was asked for, of a new picture."""

    generation_type: Literal["image"]
    model: str
    prompt: str
    aspect_ratio: str | None
    format: str
    image_ref: list[WeighedTold] | None
    style_ref: list[WeighedTold] | None
    character_ref: CharacterRefTold | None
    modify_image_ref: WeighedTold | None
    callback_url: str | None


class UpscaleRequest(TypedDict):
    """What was asked for, of an enlargement."""

    generation_type: Literal["upscale_video"]
    resolution: str
    callback_url: str | None


class AudioRequest(TypedDict):
    """What was asked for, of sound."""

    generation_type: Literal["add_audio"]
    prompt: str
    negative_prompt: str | None
    callback_url: str | None


class MediaTold(TypedDict):
    """What was worked on."""

    url: str


class ReframeRequest(TypedDict):
    """What was asked for, of a reframing; the four bounds say where the source lies."""

    generation_type: Literal["reframe_video", "reframe_image"]
    media: MediaTold
    model: str
    prompt: str
    aspect_ratio: str
    x_start: int | None
    x_end: int | None
    y_start: int | None
    y_end: int | None
    format: NotRequired[str]
    callback_url: str | None


class ModifyRequest(TypedDict):
    """What was asked for, of a modification."""

    generation_type: Literal["modify_video"]
    media: MediaTold
    mode: str
    model: str
    prompt: str
    callback_url: str | None


Request: TypeAlias = (
    VideoRequest | ImageRequest | UpscaleRequest | AudioRequest | ReframeRequest | ModifyRequest
)


class Assets(TypedDict):
    """The finished files; of a video, `image` is a frame of it."""

    video: str | None
    image: str | None
    progress_video: None


class Generation(TypedDict):
    """One generation; `assets` is null until it is completed."""

    id: str
    generation_type: Literal["video", "image"]
    state: Literal["queued", "dreaming", "completed", "failed"]
    failure_reason: str | None
    created_at: str
    assets: Assets | None
    model: str
    request: Request


class Generations(TypedDict):
    """Some of the generations, newest first."""

    has_more: bool
    count: int
    limit: int
    offset: int
    generations: list[Generation]


class Pong(TypedDict):
    """The server is there."""

    message: Literal["pong"]


class Credits(TypedDict):
    """What is left to spend, in US cents."""

    credit_balance: float


class Storage(TypedDict):
    """Where a file is to be put, and how it is named afterwards."""

    upload_url: str
    """Takes the bytes by PUT, once, for an hour; the link itself is the permission."""

    download_url: str
    """The file, once it is there; good for a day."""

    expires_at: str
    """When `download_url` ends."""


class Context(TypedDict):
    """What would have been right."""

    expected: str


class Fault(TypedDict):
    """
    One offending field, as FastAPI tells of it.

    Unlike there, every part of `loc` and the `input` are text: @ai-sdk/luma reads no other.
    """

    type: str
    loc: list[str]
    msg: str
    input: str
    ctx: NotRequired[Context]


class ErrorBody(TypedDict):
    """What went wrong: a sentence, or with 422 each offending field."""

    detail: str | list[Fault]
