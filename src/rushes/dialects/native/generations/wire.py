"""
Define the wire format of generations in the native API, field for field.

Requests are strict: they refuse unknown fields and numbers written as text. ``null`` means the
same as leaving a field out.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from typing_extensions import TypeAliasType

from rushes.core.generation import ArtifactKind, AttemptState, State
from rushes.core.shot_plan_json import plan_schema
from rushes.core.spec import Kind, Medium, Role
from rushes.dialects.native.wire import LONGEST_PAGE, Id, Strict, Url, View
from rushes.dialects.shared.prompts import HAS_WORDS, WITH_WORDS
from rushes.dialects.shared.schemas import PICTURE, offered, one_of

LONGEST_PROMPT: Final = 5000
MOST_REFERENCES: Final = 8


Prompt = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_PROMPT, json_schema_extra=HAS_WORDS),
    WITH_WORDS,
]
ModelName = Annotated[str, Field(json_schema_extra=offered("models"))]
Ratio = Annotated[str, Field(json_schema_extra=offered("ratios"))]
StillRatio = Annotated[str, Field(json_schema_extra=offered("still_ratios"))]
Resolution = Annotated[str, Field(json_schema_extra=offered("resolutions"))]
Upscale = Annotated[str, Field(json_schema_extra=offered("upscales"))]
Duration = Annotated[float, Field(gt=0, json_schema_extra=offered("durations_s"))]
Concepts = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=20)
]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
ShotPlan = TypeAliasType(
    "ShotPlan",
    Annotated[
        dict[str, Any],
        WithJsonSchema(
            plan_schema()
            | {
                "description": "What is drawn; `GET /api/v1/plans/schema` also lists every name"
                " of a subject, a camera move and a palette. What is left out has its default."
            }
        ),
    ],
)
"""A plan in JSON. ``ShotPlans.read`` parses it and names its mistakes."""

Picture = Annotated[str, Field(pattern=PICTURE)]
Share = Annotated[float, Field(ge=0.01, le=20)]
Offset = Annotated[float, Field(ge=-20, lt=1)]


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _written_out(value: object) -> object:
    """Refuse the other spelling that pydantic takes: seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("must be a moment like 2026-01-31T12:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC; at the ends of the calendar, which UTC does not reach, unchanged."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)  # off by less than a day, in a year without generations


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]


class KeyframeBody(Strict):
    """The first or last frame of a video: a picture, or the end of an earlier generation."""

    model_config = ConfigDict(json_schema_extra=one_of("image", "generation_id"))

    image: Picture | None = None
    """An http(s) URL or a data URI."""

    generation_id: Id | None = None
    """An earlier video of yours: `first` continues it, `last` leads up to it."""

    @model_validator(mode="after")
    def _has_one(self) -> "KeyframeBody":
        _require_one(image=self.image, generation_id=self.generation_id)
        return self


class KeyframesBody(Strict):
    """The first and the last frame of a video."""

    first: KeyframeBody | None = None
    last: KeyframeBody | None = None


class SourceBody(Strict):
    """The video or picture to work on: a file, or an earlier generation."""

    model_config = ConfigDict(json_schema_extra=one_of("file", "generation_id"))

    file: Picture | None = None
    """An http(s) URL or a data URI."""

    generation_id: Id | None = None
    """A completed generation of yours."""

    medium: Medium = Medium.VIDEO

    @model_validator(mode="after")
    def _has_one(self) -> "SourceBody":
        _require_one(file=self.file, generation_id=self.generation_id)
        return self


class ReferenceBody(Strict):
    """A picture that guides a new picture."""

    model_config = ConfigDict(json_schema_extra=one_of("image", "generation_id"))

    image: Picture | None = None
    """An http(s) URL or a data URI."""

    generation_id: Id | None = None
    """An earlier picture or video of yours."""

    role: Role = Role.CONTENT
    weight: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How strongly it guides the result."""

    @model_validator(mode="after")
    def _has_one(self) -> "ReferenceBody":
        _require_one(image=self.image, generation_id=self.generation_id)
        return self


class StillBody(Strict):
    """The options of a picture."""

    format: Literal["jpg", "png"] = "jpg"
    references: Annotated[list[ReferenceBody], Field(max_length=MOST_REFERENCES)] = Field(
        default=[]
    )


class RectangleBody(Strict):
    """A part of a frame, in fractions of its width and height; it may reach beyond the edges."""

    x: Offset
    y: Offset
    width: Share
    height: Share


class ReframingBody(Strict):
    """How to place a source in its new frame."""

    crop: RectangleBody | None = None
    """The part of the source to use; by default the whole source."""

    placement: RectangleBody | None = None
    """The place of that part in the new frame; by default it covers the frame, centred."""


class _Create(Strict):
    model: ModelName | None = None
    """See `GET /api/v1/models`; by default the server's default model."""

    webhook_url: Url | None = None
    """A URL that receives each change, with the body of a `GET` at that moment."""


class CreateVideo(_Create):
    """A new video from a prompt, from pictures, or next to an earlier video."""

    kind: Literal[Kind.VIDEO] = Kind.VIDEO
    prompt: Prompt
    keyframes: KeyframesBody | None = None
    aspect_ratio: Ratio | None = None
    """By default the ratio nearest to the first picture, or `16:9`."""

    resolution: Resolution | None = None
    """By default `720p`."""

    duration_s: Duration | None = None
    """Seconds of new video; by default 5."""

    loop: bool = False
    """Whether the last frame leads into the first."""

    expand_prompt: bool = False
    """Whether to expand the prompt with the details that a cinematographer would add."""

    negative_prompt: Prompt | None = None
    concepts: Concepts = Field(default=[])
    """Named camera moves, such as `dolly_zoom`."""

    seed: Seed | None = None
    """The same seed gives the same video."""

    plan: ShotPlan | None = None
    """The plan to draw instead of the prompt, unchanged; `POST /api/v1/plans` makes one. Only
    models of the animatic engine take it, and only without keyframes."""


class CreateImage(_Create):
    """A new picture from a prompt and reference pictures."""

    kind: Literal[Kind.IMAGE]
    prompt: Prompt
    aspect_ratio: StillRatio | None = None
    still: StillBody | None = None
    expand_prompt: bool = False
    """Whether to expand the prompt with the details that a photographer would add."""

    seed: Seed | None = None
    plan: ShotPlan | None = None
    """The plan to draw instead of the prompt, unchanged."""


class CreateUpscale(_Create):
    """A finished video with more pixels."""

    kind: Literal[Kind.UPSCALE]
    source: SourceBody
    resolution: Upscale | None = None
    """By default the next larger than that of the video."""


class CreateAudio(_Create):
    """A finished video with sound."""

    kind: Literal[Kind.AUDIO]
    source: SourceBody
    prompt: Prompt | None = None
    """What to hear; by default what the video shows."""

    negative_prompt: Prompt | None = None
    seed: Seed | None = None


class CreateReframing(_Create):
    """A video or a picture in another aspect ratio."""

    kind: Literal[Kind.REFRAME]
    source: SourceBody
    aspect_ratio: Ratio
    resolution: Resolution | None = None
    prompt: Prompt | None = None
    """What to show beyond the edges."""

    reframing: ReframingBody | None = None
    still: StillBody | None = None


class CreateModification(_Create):
    """A video that is changed as the prompt says."""

    kind: Literal[Kind.MODIFY]
    source: SourceBody
    prompt: Prompt
    mode: Annotated[str, Field(pattern=r"^(adhere|flex|reimagine)_[123]$")] | None = None
    """How far the result may differ from the source, `adhere_1` to `reimagine_3`."""

    seed: Seed | None = None


Create = (
    CreateVideo | CreateImage | CreateUpscale | CreateAudio | CreateReframing | CreateModification
)


BODIES: Final[Mapping[Kind, type[Create]]] = {
    Kind.VIDEO: CreateVideo,
    Kind.IMAGE: CreateImage,
    Kind.UPSCALE: CreateUpscale,
    Kind.AUDIO: CreateAudio,
    Kind.REFRAME: CreateReframing,
    Kind.MODIFY: CreateModification,
}


class KindOnly(BaseModel):
    """The field of a create request that decides how to parse the others."""

    model_config = ConfigDict(extra="ignore")

    kind: Kind = Kind.VIDEO


def _require_one(**given: str | None) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise ValueError(f"must have either {' or '.join(given)}, and not both")


def _if_given(**options: Any) -> Any:
    """Return a field that a reply leaves out when it is null."""
    return Field(default=None, exclude_if=lambda value: value is None, **options)


class ListQuery(BaseModel):
    """Which generations to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: list[State] = []
    """Only these states; repeat it for several."""

    model: ModelName | None = None
    q: Annotated[str, Field(max_length=200)] | None = None
    """Only those whose prompt contains each of these words, as words or parts of words."""

    created_from: Moment | None = None
    """Only those created at this moment or later; RFC 3339 with an offset."""

    created_before: Moment | None = None
    """Only those created before this moment."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 20
    cursor: Annotated[str, Field(pattern=r"^[0-9]{16}\.[0-9a-f]{32}$")] | None = None
    """`next` of the page before."""


class CreateHeaders(BaseModel):
    """The headers that `POST` reads."""

    idempotency_key: str | None = Field(
        default=None,
        alias="Idempotency-Key",
        description="The same key with the same body gives the same generation, for 24 hours.",
    )
    prefer: str | None = Field(
        default=None,
        alias="Prefer",
        description="`wait=N`: answer once it is final, or after N seconds, 1 to 60.",
    )


class ProgressHeaders(BaseModel):
    """The header of a client that reconnects."""

    last_event_id: str | None = Field(
        default=None,
        alias="Last-Event-ID",
        description="The last `id` that you received; the stream begins after it.",
    )


class Frame(BaseModel):
    """A picture or an earlier generation, as in the request."""

    image: str | None = _if_given()
    generation_id: str | None = _if_given()


class Frames(BaseModel):
    """The first and the last frame of a video."""

    first: Frame | None = _if_given()
    last: Frame | None = _if_given()


class SourceView(BaseModel):
    """The video or picture to work on."""

    file: str | None = _if_given()
    generation_id: str | None = _if_given()
    medium: Medium


class ReferenceView(BaseModel):
    """A picture that guides a new picture."""

    image: str | None = _if_given()
    generation_id: str | None = _if_given()
    role: Role
    weight: float


class StillView(BaseModel):
    """The options of a picture."""

    format: str
    references: list[ReferenceView]


class RectangleView(BaseModel):
    """A part of a frame, in fractions of its width and height."""

    x: float
    y: float
    width: float
    height: float


class ReframingView(BaseModel):
    """How to place a source in its new frame."""

    crop: RectangleView | None = _if_given()
    placement: RectangleView | None = _if_given()


class RequestView(BaseModel):
    """
    The request, with the server's decisions for the fields that it left open.

    It has the fields of a request of its kind, so that you can post it again.
    """

    kind: Kind
    model: str
    prompt: str | None = _if_given()
    keyframes: Frames | None = _if_given()
    source: SourceView | None = _if_given()
    still: StillView | None = _if_given()
    reframing: ReframingView | None = _if_given()
    mode: str | None = _if_given()
    aspect_ratio: str | None = _if_given()
    resolution: str | None = _if_given()
    duration_s: float | None = _if_given()
    loop: bool | None = _if_given()
    expand_prompt: bool | None = _if_given()
    negative_prompt: str | None = _if_given()
    concepts: list[str] | None = _if_given()
    seed: int | None = _if_given()
    plan: ShotPlan | None = _if_given()
    webhook_url: str | None = _if_given()


class File(View):
    """A finished file."""

    url: str
    """Valid for a day; `GET` the generation for a new one. It supports range requests."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None
    """Seconds; null for a picture."""


class FailureView(View):
    """Why a generation failed."""

    code: str
    """Stable; see the table of error codes."""

    message: str


class GenerationView(View):
    """One request for one file, with its state and result."""

    id: str
    state: State
    progress: float
    """The completed fraction of the current attempt, 0 to 1."""

    phase: str | None
    """What is being done at the moment, of a generation that a local model makes:
    `waiting for the device`, `load model`, `encode prompt`, `denoise`, `decode`, `write`,
    `measure depth` or `move camera`, and perhaps more later. Null for others."""

    position: int | None
    """How many are before it in the queue, 10,000 at most; null in lists and webhooks, and for a
    generation that is not queued."""

    attempt: int
    """How many attempts have begun."""

    request: RequestView
    artifacts: dict[ArtifactKind, File]
    """The finished files; empty until it is completed."""

    failure: FailureView | None
    engine: str | None
    """The engine that makes or made it; null before the first attempt."""

    prompt_used: str | None
    """The prompt that the engine received, where it differs from the request's."""

    preview: str | None
    """A link to a small JPEG of the current frame, valid until the generation is final; null unless
    this server renders it and has a frame."""

    plan: ShotPlan | None
    """The plan that the engine draws, with the `shown` and `not_shown` words of the prompt. It is
    known from the event `generation.planned` on, before the first frame. Null before that, and
    where the engine makes no plans or starts from pictures."""

    note: str | None
    """A remark about how it was made, as a sentence."""

    ignored_fields: list[str] | None = _if_given()
    """Unknown fields of the request that the server ignored; see the settings."""

    price: str | None
    """Credits that were held for it, as an exact decimal; null if it is free."""

    charged: str | None
    """Credits that were captured when it ended; null before that."""

    dialect: str
    """The API of this server that received the request."""

    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class QuoteReply(View):
    """The current price of a generation. Amounts are exact decimals, as text."""

    price: str | None
    """Credits that would be held for it, the most that it can cost; null if it is free."""

    balance: str | None
    """Credits that the account can spend; null where nothing costs credits."""

    is_covered: bool
    """Whether the balance covers the price."""


class Page(View):
    """One page of generations, newest first."""

    generations: list[GenerationView]
    next: str | None
    """The `cursor` of the next page; null on the last."""


class EventView(View):
    """An event of a generation."""

    seq: int
    """Later events have larger numbers."""

    type: str
    """Such as `generation.completed`."""

    at: datetime
    state: State
    attempt: int
    failure: FailureView | None


class Events(View):
    """Every event of a generation, oldest first."""

    events: list[EventView]


class AttemptView(View):
    """One run of a channel for a generation."""

    number: int
    channel: str
    outcome: AttemptState
    """The state of the attempt. Under way: `rendering` on this machine or preparing its inputs,
    `submitting` to an upstream, `accepted` by it, or `ambiguous` when no reply came. Ended:
    `completed`, `failed`, `cancelled`, `unconfirmed` when it is unknown whether an upstream
    accepted it, `lost` when its worker disappeared."""

    started_at: datetime
    submitted_at: datetime | None
    """When the server submitted it to an upstream; null if it did not."""

    accepted_at: datetime | None
    ended_at: datetime | None
    upstream_id: str | None
    """The id of the job at the upstream."""

    failure: FailureView | None
    """Why it failed, or why its state is unknown."""


class Attempts(View):
    """Every attempt at a generation, oldest first."""

    attempts: list[AttemptView]


class ProgressMessage(View):
    """One message of the progress stream."""

    event: str | None
    """The event, such as `generation.running`; null for progress between events."""

    at: datetime
    state: State
    progress: float
    phase: str | None
    """What is being done at the moment, as in the generation."""

    position: int | None
    """How many are before it in the queue; null with an event, and unless it is queued."""

    attempt: int
    preview: str | None
    """A link to a small JPEG of the current frame, different for each frame; null until there is
    one, and with an event."""
