"""
Define the wire format of the Dream Machine API, field for field; no behaviour.

Sources: the types of the packages lumaai 1.21.0 (PyPI) and 1.19.1 (npm), lumalabs/lumaai-api's
openapi.yaml, docs.lumalabs.ai. Requests are strict: they refuse unknown fields. ``null`` means the
same as leaving a field out.
"""

from typing import Annotated, Final, Literal, NotRequired, TypeAlias

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from rushes.dialects.shared.schemas import HTTP_URL, PICTURE, offered

SHORTEST_PROMPT: Final = 3
LONGEST_PROMPT: Final = 5000
LONGEST_PAGE: Final = 100
FARTHEST: Final = 1_000_000_000
LONGEST_SYNC_S: Final = 600.0
DEFAULT_SYNC_S: Final = 60.0

IMAGE_WEIGHT: Final = 0.85
STYLE_WEIGHT: Final = 0.8
"""The weights of references without one. Source: @ai-sdk/luma, which sends them."""


def _duration(value: object) -> object:
    """Return a number of seconds, with or without a unit, as Luma writes it: ``5s``."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000:
        return f"{value:g}s"
    return f"{value}s" if isinstance(value, str) and value[-1:].isdigit() else value


# The schema shows the lengths; ``parse`` checks them, with the documented messages.
Prompt = Annotated[
    str, Field(json_schema_extra={"minLength": SHORTEST_PROMPT, "maxLength": LONGEST_PROMPT})
]
ModelName = Annotated[str, Field(json_schema_extra=offered("models"))]
Ratio = Annotated[str, Field(json_schema_extra=offered("ratios"))]
StillRatio = Annotated[str, Field(json_schema_extra=offered("still_ratios"))]
Resolution = Annotated[str, Field(json_schema_extra=offered("resolutions"))]
Upscale = Annotated[str, Field(json_schema_extra=offered("upscales"))]
Duration = Annotated[
    str,
    BeforeValidator(_duration, json_schema_input_type=str | float),
    Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3})?s$", examples=["5s"]),
]
Url = Annotated[str, Field(pattern=HTTP_URL)]
CallbackUrl = Annotated[str, Field(pattern=HTTP_URL, max_length=2000)]
Picture = Annotated[str, Field(pattern=PICTURE)]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Weight = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[int, Field(ge=-40_000, le=40_000)]
Size = Annotated[int, Field(ge=1, le=40_000)]
Format = Literal["jpg", "png"]


class Strict(BaseModel):
    """A request that refuses unknown fields and does not convert types."""

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
    """The first and the last frame of a video."""

    frame0: Frame | None = None
    """The video continues a generation here."""

    frame1: Frame | None = None
    """The video leads up to a generation here; with one in `frame0` it connects the two."""


class Concept(Strict):
    """A named camera move; see `generations/concepts/list`."""

    key: Annotated[str, Field(min_length=1, max_length=100)]


class _WithCallback(Strict):
    callback_url: CallbackUrl | None = None
    """A URL that receives the Generation by POST when it is dreaming, completed or failed."""


class CreateVideo(_WithCallback):
    """A video to make from a prompt and keyframes."""

    generation_type: Literal["video"] | None = None
    model: ModelName | None = None
    """By default the server's default model."""

    prompt: Prompt | None = None
    """Required, unless a keyframe is an image."""

    aspect_ratio: Ratio | None = None
    """By default the ratio of the first picture or earlier video, or `16:9`."""

    loop: bool | None = None
    keyframes: Keyframes | None = None
    resolution: Resolution | None = None
    duration: Duration | None = None
    concepts: Annotated[list[Concept], Field(max_length=20)] | None = None


class WeightedPicture(Strict):
    """A picture that guides the result, and how strongly."""

    url: Picture
    weight: Weight | None = None


class Identity(Strict):
    """Pictures of one person."""

    images: Annotated[list[Picture], Field(min_length=1, max_length=4)]


class CharacterRef(Strict):
    """The person that the picture shows."""

    identity0: Identity


class CreateImage(_WithCallback):
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
    image_ref: Annotated[list[WeightedPicture], Field(max_length=8)] | None = Field(
        default=None, validation_alias=AliasChoices("image_ref", "image")
    )
    style_ref: Annotated[list[WeightedPicture], Field(max_length=4)] | None = Field(
        default=None, validation_alias=AliasChoices("style_ref", "style")
    )
    character_ref: CharacterRef | None = Field(
        default=None, validation_alias=AliasChoices("character_ref", "character")
    )
    modify_image_ref: WeightedPicture | None = Field(
        default=None, validation_alias=AliasChoices("modify_image_ref", "modify_image")
    )
    sync: bool | None = None
    """Whether to reply only once the picture is final."""

    sync_timeout: Annotated[float, Field(gt=0, le=LONGEST_SYNC_S)] | None = None
    """Seconds after which to reply anyway; by default 60."""


class UpscaleVideo(_WithCallback):
    """A finished video with more pixels."""

    generation_type: Literal["upscale_video"] | None = None
    resolution: Upscale | None = None
    """By default the next above that of the video."""


class AddAudio(_WithCallback):
    """A finished video with sound."""

    generation_type: Literal["add_audio"] | None = None
    prompt: Prompt | None = None
    """What to hear; by default what the video shows."""

    negative_prompt: Prompt | None = None


class Media(Strict):
    """A video."""

    url: Url


class PictureMedia(Strict):
    """A picture, by URL or data URI."""

    url: Picture


class _Reframe(_WithCallback):
    model: ModelName | None = None
    prompt: Prompt | None = None
    grid_position_x: Pixels | None = None
    """The left edge of the source in the grid; 16:9 has a grid of 2048 x 1152 pixels."""

    grid_position_y: Pixels | None = None
    resized_width: Size | None = None
    """The width of the source in the grid."""

    resized_height: Size | None = None
    x_start: Pixels | None = None
    """The left edge of the source in the grid; `x_end` is its right edge."""

    x_end: Pixels | None = None
    y_start: Pixels | None = None
    y_end: Pixels | None = None


class ReframeVideo(_Reframe):
    """A video in another aspect ratio."""

    generation_type: Literal["reframe_video"]
    media: Media
    aspect_ratio: Ratio
    first_frame: PictureMedia | None = None
    """Refused: no engine here paints new content beyond the edges."""


class ReframeImage(_Reframe):
    """A picture in another aspect ratio."""

    generation_type: Literal["reframe_image"]
    media: PictureMedia
    aspect_ratio: StillRatio
    format: Format | None = None


class ModifyVideo(_WithCallback):
    """A video that is changed as the prompt says."""

    generation_type: Literal["modify_video"]
    media: Media
    mode: Annotated[str, Field(pattern=r"^(adhere|flex|reimagine)_[123]$")]
    model: ModelName | None = None
    prompt: Prompt | None = None
    first_frame: PictureMedia | None = None


class CreateStorage(Strict):
    """A file to upload. Source: ComfyUI, comfy_api_nodes/util/upload_helpers.py."""

    file_name: Annotated[str, Field(min_length=1, max_length=1024)]
    """Its suffix names the type if `content_type` does not."""

    content_type: Annotated[str, Field(max_length=255)] | None = None
    """Such as `image/png`."""


class GenerationPath(BaseModel):
    """The parameters of a path below one generation."""

    id: Id


class Page(BaseModel):
    """Which part of the list to return."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = LONGEST_PAGE
    offset: Annotated[int, Field(ge=0, le=FARTHEST)] = 0


class FrameView(TypedDict):
    """A keyframe of the request: a picture by its `url`, a generation by its `id`."""

    type: Literal["image", "generation"]
    url: NotRequired[str]
    id: NotRequired[str]


class KeyframesView(TypedDict):
    """The first and the last frame of a video."""

    frame0: FrameView | None
    frame1: FrameView | None


class ConceptView(TypedDict):
    """A named camera move."""

    key: str


class VideoRequest(TypedDict):
    """The request of a generation that is a new video."""

    generation_type: Literal["video"]
    prompt: str
    aspect_ratio: str | None
    loop: bool
    keyframes: KeyframesView | None
    callback_url: str | None
    model: str
    resolution: str
    duration: str
    concepts: list[ConceptView] | None


class WeightedView(TypedDict):
    """A picture that guided the result, and how strongly."""

    url: str | None
    weight: float


class IdentityView(TypedDict):
    """Pictures of one person."""

    images: list[str]


class CharacterRefView(TypedDict):
    """The person that the picture shows."""

    identity0: IdentityView


class ImageRequest(TypedDict):
    """The request for a new picture."""

    generation_type: Literal["image"]
    model: str
    prompt: str
    aspect_ratio: str | None
    format: str
    image_ref: list[WeightedView] | None
    style_ref: list[WeightedView] | None
    character_ref: CharacterRefView | None
    modify_image_ref: WeightedView | None
    callback_url: str | None


class UpscaleRequest(TypedDict):
    """The request to upscale a video."""

    generation_type: Literal["upscale_video"]
    resolution: str
    callback_url: str | None


class AudioRequest(TypedDict):
    """The request to add sound."""

    generation_type: Literal["add_audio"]
    prompt: str
    negative_prompt: str | None
    callback_url: str | None


class MediaView(TypedDict):
    """The video or picture to work on."""

    url: str


class ReframeRequest(TypedDict):
    """The request to reframe; the four bounds are the edges of the source."""

    generation_type: Literal["reframe_video", "reframe_image"]
    media: MediaView
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
    """The request to modify a video."""

    generation_type: Literal["modify_video"]
    media: MediaView
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
    """One page of generations, newest first."""

    has_more: bool
    count: int
    limit: int
    offset: int
    generations: list[Generation]


class Pong(TypedDict):
    """The reply to a ping."""

    message: Literal["pong"]


class Credits(TypedDict):
    """The balance, in US cents."""

    credit_balance: float


class Storage(TypedDict):
    """Where to upload a file, and how to name it in requests."""

    upload_url: str
    """Takes the bytes by PUT, once, within an hour; it needs no key."""

    download_url: str
    """The file, once it is uploaded; valid for a day."""

    expires_at: str
    """When `download_url` expires."""


class Context(TypedDict):
    """The expected value."""

    expected: str


class Fault(TypedDict):
    """
    One offending field, in FastAPI's format.

    Unlike there, every part of `loc` and the `input` are text: @ai-sdk/luma reads no other types.
    """

    type: str
    loc: list[str]
    msg: str
    input: str
    ctx: NotRequired[Context]


class ErrorBody(TypedDict):
    """An error: a sentence or, with 422, every offending field."""

    detail: str | list[Fault]
