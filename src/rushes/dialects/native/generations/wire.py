"""
The shapes of our own API, field for field.

They are strict: a field that is not listed is refused, a number is not written as text. ``null``
says the same as leaving a field out.
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
from rushes.http.openapi import VALUES

LONGEST_PROMPT: Final = 5000
LONGEST_PAGE: Final = 100
MOST_REFERENCES: Final = 8

_URL: Final = r"^https?://[A-Za-z0-9\[][^\s]*$"
_PICTURE: Final = r"^(https?://[A-Za-z0-9\[][^\s]*|data:[^\s,]*,[^\s]*)$"


def _offered(mark: str) -> dict[str, Any]:
    """Return the mark of values that are known to a server only; see ``http.openapi``."""
    return {VALUES: mark}


Prompt = Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
ModelName = Annotated[str, Field(json_schema_extra=_offered("models"))]
Ratio = Annotated[str, Field(json_schema_extra=_offered("ratios"))]
StillRatio = Annotated[str, Field(json_schema_extra=_offered("still_ratios"))]
Resolution = Annotated[str, Field(json_schema_extra=_offered("resolutions"))]
Upscale = Annotated[str, Field(json_schema_extra=_offered("upscales"))]
Duration = Annotated[float, Field(gt=0, json_schema_extra=_offered("durations_s"))]
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
"""A plan as it is sent and told; read by ``ShotPlans.read``, which says what is wrong with one."""

Url = Annotated[str, Field(pattern=_URL, max_length=2000)]
Picture = Annotated[str, Field(pattern=_PICTURE)]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Share = Annotated[float, Field(ge=0.01, le=20)]
Offset = Annotated[float, Field(ge=-20, lt=1)]


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _written_out(value: object) -> object:
    """Refuse what pydantic would take for a moment too: seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("must be a moment like 2026-01-31T12:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC, where the calendar has it there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)  # within a day of it, and nothing was made then


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]


def _one_of(*names: str) -> dict[str, Any]:
    """Return the schema of what has exactly one of these fields, all of them text."""
    told = [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]
    return {"oneOf": told}


class Strict(BaseModel):
    """Takes what is listed and nothing else."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, frozen=True, use_attribute_docstrings=True
    )


class KeyframeBody(Strict):
    """What one end of the video shows: a picture, or the end of an earlier generation."""

    model_config = ConfigDict(json_schema_extra=_one_of("image", "generation_id"))

    image: Picture | None = None
    """An http(s) URL or a data URI."""

    generation_id: Id | None = None
    """An earlier video of yours: as `first` it is continued, as `last` it is led up to."""

    @model_validator(mode="after")
    def _has_one(self) -> "KeyframeBody":
        _require_one(image=self.image, generation_id=self.generation_id)
        return self


class KeyframesBody(Strict):
    """What the video starts from and arrives at."""

    first: KeyframeBody | None = None
    last: KeyframeBody | None = None


class SourceBody(Strict):
    """What is worked on: a file, or an earlier generation."""

    model_config = ConfigDict(json_schema_extra=_one_of("file", "generation_id"))

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
    """A picture that a still takes after."""

    model_config = ConfigDict(json_schema_extra=_one_of("image", "generation_id"))

    image: Picture | None = None
    """An http(s) URL or a data URI."""

    generation_id: Id | None = None
    """An earlier picture or video of yours."""

    role: Role = Role.CONTENT
    weight: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How much it counts."""

    @model_validator(mode="after")
    def _has_one(self) -> "ReferenceBody":
        _require_one(image=self.image, generation_id=self.generation_id)
        return self


class StillBody(Strict):
    """What is asked of a picture beside its words and its shape."""

    format: Literal["jpg", "png"] = "jpg"
    references: Annotated[list[ReferenceBody], Field(max_length=MOST_REFERENCES)] = []


class RectangleBody(Strict):
    """A part of a frame, in shares of its width and height; it may reach beyond the edges."""

    x: Offset
    y: Offset
    width: Share
    height: Share


class ReframingBody(Strict):
    """How a source is laid into its new frame."""

    crop: RectangleBody | None = None
    """The part of the source to use; by default all of it."""

    placement: RectangleBody | None = None
    """Where that part lies in the new frame; by default it covers the frame, centred."""


class _Create(Strict):
    model: ModelName | None = None
    """See `GET /api/v1/models`; by default the server's default."""

    webhook_url: Url | None = None
    """Told of each change, with the body that `GET` would answer then."""


class CreateVideo(_Create):
    """A new video from words, from pictures, or beside an earlier video."""

    kind: Literal[Kind.VIDEO] = Kind.VIDEO
    prompt: Prompt
    keyframes: KeyframesBody | None = None
    aspect_ratio: Ratio | None = None
    """By default the first picture's nearest, or `16:9`."""

    resolution: Resolution | None = None
    """By default `720p`."""

    duration_s: Duration | None = None
    """Seconds of what is newly made; by default 5."""

    loop: bool = False
    """Whether the end leads into the beginning."""

    expand_prompt: bool = False
    """Whether to add to the prompt what a cinematographer would."""

    negative_prompt: Prompt | None = None
    concepts: Concepts = []
    """Named camera moves, such as `dolly_zoom`."""

    seed: Seed | None = None
    """The same seed gives the same video."""

    plan: ShotPlan | None = None
    """What to draw in place of what the prompt says, as it stands; `POST /api/v1/plans` makes one.
    Only models that the animatic engine makes take it, and only without keyframes."""


class CreateImage(_Create):
    """A new picture from words and reference pictures."""

    kind: Literal[Kind.IMAGE]
    prompt: Prompt
    aspect_ratio: StillRatio | None = None
    still: StillBody | None = None
    expand_prompt: bool = False
    """Whether to add to the prompt what a photographer would."""

    seed: Seed | None = None
    plan: ShotPlan | None = None
    """What to draw in place of what the prompt says, as it stands."""


class CreateUpscale(_Create):
    """A finished video again, with more pixels."""

    kind: Literal[Kind.UPSCALE]
    source: SourceBody
    resolution: Upscale | None = None
    """By default the next that is larger than the video."""


class CreateAudio(_Create):
    """A finished video again, with sound."""

    kind: Literal[Kind.AUDIO]
    source: SourceBody
    prompt: Prompt | None = None
    """What is heard; by default what the video shows."""

    negative_prompt: Prompt | None = None
    seed: Seed | None = None


class CreateReframing(_Create):
    """A video or a picture again, in another shape."""

    kind: Literal[Kind.REFRAME]
    source: SourceBody
    aspect_ratio: Ratio
    resolution: Resolution | None = None
    prompt: Prompt | None = None
    """What lies beyond the edges."""

    reframing: ReframingBody | None = None
    still: StillBody | None = None


class CreateModification(_Create):
    """A video again, as the words say."""

    kind: Literal[Kind.MODIFY]
    source: SourceBody
    prompt: Prompt
    mode: Annotated[str, Field(pattern=r"^(adhere|flex|reimagine)_[123]$")] | None = None
    """How far from the source it may go, `adhere_1` to `reimagine_3`."""

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
    """As much of a request as tells which of them it is."""

    model_config = ConfigDict(extra="ignore")

    kind: Kind = Kind.VIDEO


def _require_one(**given: str | None) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise ValueError(f"must have either {' or '.join(given)}, and not both")


def _if_given(**told: Any) -> Any:
    """Return a field that is left out when there is nothing to tell."""
    return Field(default=None, exclude_if=lambda value: value is None, **told)


class GenerationPath(BaseModel):
    """Where a generation lies."""

    id: Id


class ListQuery(BaseModel):
    """Which generations to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: list[State] = []
    """Only these states; repeat it for several."""

    model: ModelName | None = None
    q: Annotated[str, Field(max_length=200)] | None = None
    """Only those whose prompt has each of these words, or words that they are part of."""

    created_from: Moment | None = None
    """Only those made at this moment or later; RFC 3339 with an offset."""

    created_before: Moment | None = None
    """Only those made before this moment."""

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 20
    cursor: Annotated[str, Field(pattern=r"^[0-9]{16}\.[0-9a-f]{32}$")] | None = None
    """`next` of the page before."""


class CreateHeaders(BaseModel):
    """What `POST` looks at beside the body."""

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
    """What a client that comes back tells."""

    last_event_id: str | None = Field(
        default=None,
        alias="Last-Event-ID",
        description="The last `id` that was received; what came after it is told again.",
    )


class Told(BaseModel):
    """What the server says; every field is always there, unless it says otherwise."""

    model_config = ConfigDict(
        frozen=True, use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )


class Frame(BaseModel):
    """A picture or an earlier generation, as it was given."""

    image: str | None = _if_given()
    generation_id: str | None = _if_given()


class Frames(BaseModel):
    """What the video starts from and arrives at."""

    first: Frame | None = _if_given()
    last: Frame | None = _if_given()


class SourceTold(BaseModel):
    """What is worked on."""

    file: str | None = _if_given()
    generation_id: str | None = _if_given()
    medium: Medium


class ReferenceTold(BaseModel):
    """A picture that a still takes after."""

    image: str | None = _if_given()
    generation_id: str | None = _if_given()
    role: Role
    weight: float


class StillTold(BaseModel):
    """What was asked of a picture."""

    format: str
    references: list[ReferenceTold]


class RectangleTold(BaseModel):
    """A part of a frame, in shares of its width and height."""

    x: float
    y: float
    width: float
    height: float


class ReframingTold(BaseModel):
    """How a source is laid into its new frame."""

    crop: RectangleTold | None = _if_given()
    placement: RectangleTold | None = _if_given()


class Asked(BaseModel):
    """
    What was asked for, with what was left open decided.

    It has the fields that such a request has, and can be posted again as it is.
    """

    kind: Kind
    model: str
    prompt: str | None = _if_given()
    keyframes: Frames | None = _if_given()
    source: SourceTold | None = _if_given()
    still: StillTold | None = _if_given()
    reframing: ReframingTold | None = _if_given()
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


class File(Told):
    """A finished file."""

    url: str
    """Good for a day; ask again for a new one. It answers ranges."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None
    """Of a video; null for a picture."""


class FailureTold(Told):
    """Why it failed."""

    code: str
    """Stable; see the table of error codes."""

    message: str


class GenerationTold(Told):
    """One request for one file, and all that became of it."""

    id: str
    state: State
    progress: float
    """Share of the present attempt that is done, 0 to 1."""

    position: int | None
    """How many wait before it, 10,000 at most; null unless it is queued, in lists, in webhooks."""

    attempt: int
    """How many attempts were begun."""

    request: Asked
    artifacts: dict[ArtifactKind, File]
    """The finished files; none before it is completed."""

    failure: FailureTold | None
    engine: str | None
    """What makes or made it; null before the first attempt."""

    prompt_used: str | None
    """What the engine was given, where that differs from the prompt."""

    preview: str | None
    """A small JPEG of the frame that is being drawn; null unless it runs on this server's machine
    and a frame is there. The link works until the generation is final."""

    plan: ShotPlan | None
    """What the engine understood and drew, with `shown` and `not_shown` words of the prompt; null
    before it is known, and where the engine makes no plans or starts from pictures."""

    note: str | None
    """Something to know about how it was made, as a sentence."""

    ignored_fields: list[str] | None = _if_given()
    """Fields of the request that are not known, and that were left out; see the settings."""

    price: str | None
    """Credits that were held for it, as an exact decimal; null: it is free."""

    charged: str | None
    """Credits that were due in the end; null before that."""

    dialect: str
    """Through which of the server's APIs it was asked for."""

    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class QuoteTold(Told):
    """What a generation would cost now. Amounts are exact decimals, as text."""

    price: str | None
    """Credits that would be held for it, the most that it may cost; null: it is free."""

    balance: str | None
    """Credits that may be spent; null where nothing costs anything."""

    is_covered: bool
    """Whether the balance is enough for it."""


class Page(Told):
    """Some generations, newest first."""

    generations: list[GenerationTold]
    next: str | None
    """The `cursor` of the next page; null on the last."""


class EventTold(Told):
    """A fact that became true of a generation."""

    seq: int
    """Grows; later events have larger numbers."""

    type: str
    """Such as `generation.completed`."""

    at: datetime
    state: State
    attempt: int
    failure: FailureTold | None


class Events(Told):
    """Everything that became true of a generation, oldest first."""

    events: list[EventTold]


class AttemptTold(Told):
    """One run of a channel for a generation."""

    number: int
    channel: str
    outcome: AttemptState
    """How far it has come, or how it ended. While it is under way: `rendering` on this machine or
    being made ready, `submitting` to an upstream, `accepted` there, or `ambiguous` when no answer
    came. Ended: `completed`, `failed`, `cancelled`, `unconfirmed` when nobody knows whether an
    upstream has accepted it, `lost` when its worker was not heard of any more."""

    started_at: datetime
    submitted_at: datetime | None
    """When an upstream was asked; null: none was."""

    accepted_at: datetime | None
    ended_at: datetime | None
    upstream_id: str | None
    """What the upstream calls it."""

    failure: FailureTold | None
    """Why it failed, or is in doubt."""


class Attempts(Told):
    """Every attempt at a generation, the first first."""

    attempts: list[AttemptTold]


class ProgressTold(Told):
    """One message of the progress stream."""

    event: str | None
    """What has happened, such as `generation.running`; null when it has only moved on."""

    at: datetime
    state: State
    progress: float
    position: int | None
    """How many wait before it; null unless it is queued, and with an event."""

    attempt: int
    preview: str | None
    """A small JPEG of the frame that is being drawn, with a new address for each; null as long as
    there is none, and with an event."""


class CapabilitiesTold(Told):
    """What a model can be asked for on this server."""

    kinds: list[Kind]
    resolutions: list[str]
    durations_s: list[float]
    aspect_ratios: list[str]
    loop: bool
    seed: bool
    negative_prompt: bool
    first_image: bool
    last_image: bool
    extend: bool
    extend_backwards: bool
    interpolate: bool
    shot_plans: bool
    """Whether it takes a `plan`."""

    still_aspect_ratios: list[str]
    still_formats: list[str]
    references: list[Role]
    concepts: list[str]
    """Camera moves that can be asked for by name."""

    upscales: list[str]
    reframes: list[Medium]
    modes: list[str]


class ModelTold(Told):
    """A model that can be asked for."""

    name: str
    aliases: list[str]
    """Other names that it answers to."""

    is_default: bool
    engine: str
    capabilities: CapabilitiesTold


class Models(Told):
    """Every model on offer."""

    models: list[ModelTold]
