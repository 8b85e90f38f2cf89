"""
Define the arguments and results of the tools.

An agent sees the type and the description of each argument, so both say what works. ``null``
means the same as leaving an argument out.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from rushes.core.generation import State
from rushes.http.openapi import VALUES

LONGEST_PROMPT: Final = 5000
LONGEST_WAIT_S: Final = 600
DEFAULT_WAIT_S: Final = 45.0
"""Below one minute, after which many programs abandon a tool."""

VIDEO_MODELS: Final = "video_models"
"""The mark of models that make videos; see ``http.openapi``."""

PICTURES: Final = ("first_image", "last_image")
"""The arguments that take a picture."""

Nothing = SkipJsonSchema[None]
Standing = Annotated[State, WithJsonSchema({"type": "string", "enum": [*State]})]
Prompt = Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
Model = Annotated[str, Field(json_schema_extra={VALUES: VIDEO_MODELS})]
Ratio = Annotated[str, Field(json_schema_extra={VALUES: "ratios"})]
Resolution = Annotated[str, Field(json_schema_extra={VALUES: "resolutions"})]
Duration = Annotated[float, Field(gt=0, json_schema_extra={VALUES: "durations_s"})]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Plan = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
Patience = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S)]


class Arguments(BaseModel):
    """The arguments of a tool, which refuse unknown names."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class _Made(Arguments):
    seed: Seed | Nothing = None
    """The same seed with the same words gives the same video."""

    expand_prompt: bool = False
    """Expand the prompt as a cinematographer would; leave it false for a detailed prompt."""

    wait_s: Patience = DEFAULT_WAIT_S
    """Seconds to wait for the video. If it takes longer, call `wait`; 0 only queues it."""


class Generate(_Made):
    """A new video."""

    prompt: Prompt
    """What the video shows: the scene, what happens, the light, how the camera moves."""

    model: Model | Nothing = None
    """By default the server's default model."""

    aspect_ratio: Ratio | Nothing = None
    """Width to height; by default the ratio nearest to the first picture, or 16:9."""

    resolution: Resolution | Nothing = None
    """By default 720p; the smallest is the quickest."""

    duration_s: Duration | Nothing = None
    """Seconds; by default 5."""

    loop: bool = False
    """Whether the last frame leads into the first."""

    first_image: str | Nothing = None
    """The first frame: an http(s) URL or a data URI of a picture"""

    last_image: str | Nothing = None
    """The last frame: an http(s) URL or a data URI of a picture"""

    negative_prompt: Prompt | Nothing = None
    """What to avoid, for models that support it."""

    plan: Plan | Nothing = None
    """What to draw in place of what the prompt says: what `plan_shot` returned, edited or not. Not
    with pictures, `negative_prompt` or `expand_prompt`."""


class PlanShot(Arguments):
    """A prompt to be understood, and not rendered."""

    prompt: Prompt
    """What the video would show."""

    negative_prompt: Prompt | Nothing = None
    """What to avoid."""

    seed: Seed | Nothing = None
    """The seed of the video that it is for."""


class Extend(_Made):
    """More of a finished video."""

    generation_id: str
    """A finished video of yours."""

    prompt: Prompt
    """What happens in the new part."""

    direction: Literal["after", "before"] = "after"
    """Whether the new part comes after the video or before it; the result holds both."""

    duration_s: Duration | Nothing = None
    """Seconds of the new part; by default 5."""

    last_image: str | Nothing = None
    """The last frame of a new part after the video: an http(s) URL or a data URI of a picture"""

    loop: bool = False
    """Whether the last frame of the result leads into its first."""


class One(Arguments):
    """One generation."""

    generation_id: str
    """The id that `generate`, `extend` or `list` returned."""


class Wait(One):
    """One generation, and how long to wait for it."""

    wait_s: Patience = DEFAULT_WAIT_S
    """The longest wait in seconds; call again if the video is not finished then."""


class List(Arguments):
    """Which generations to list."""

    state: Standing | Nothing = None
    """Only those in this state."""

    limit: Annotated[int, Field(ge=1, le=50)] = 10
    """The most generations to return."""

    after_id: str | Nothing = None
    """Only those listed after this one; the last id of one page gives the next."""


class View(BaseModel):
    """A result of a tool, for programs."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class File(View):
    """A finished file."""

    url: str
    """The URL of the file; a server's links expire, and `get` returns new ones."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None
    """Of a video; null for a picture."""


class FailureView(View):
    """Why it failed."""

    code: str
    message: str


class GenerationView(View):
    """One request for one video, with its state and files."""

    generation_id: str
    state: Standing
    progress: float
    """The completed fraction, 0 to 1."""

    position: int | None
    """How many are before it in the queue; null in lists, and unless it is queued."""

    prompt: str
    prompt_used: str | None
    """The rendered prompt, where it differs from the request's."""

    model: str
    aspect_ratio: str | None
    resolution: str
    duration_s: float
    """The requested length; of an extension, that of the new part."""

    files: dict[str, File]
    """`video` or `image`, `thumbnail`, `last_frame` and others; none before it is completed."""

    failure: FailureView | None
    note: str | None
    """A remark about how it was made."""

    created_at: datetime
    finished_at: datetime | None


class PlanView(View):
    """What is understood of a prompt."""

    plan: Plan
    """Can be edited and given to `generate`; `shown` and `not_shown` hold words of the prompt."""

    note: str | None
    """Something to know about how it was made."""


class Page(View):
    """Some generations, newest first."""

    generations: list[GenerationView]
    more: bool
    """Whether more generations follow."""
