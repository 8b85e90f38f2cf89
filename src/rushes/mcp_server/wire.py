"""
The shapes of the tools' arguments and results.

An argument's type and sentence are what an agent sees, so both say what works. ``null`` says the
same as leaving an argument out.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from rushes.core.generation import State
from rushes.http.openapi import VALUES

LONGEST_PROMPT: Final = 5000
LONGEST_WAIT_S: Final = 600
USUAL_WAIT_S: Final = 45.0
"""Below the minute after which many programs give a tool up."""

VIDEO_MODELS: Final = "video_models"
"""The mark of the models that make videos; see ``http.openapi``."""

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
Patience = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S)]


class Arguments(BaseModel):
    """Takes what is listed and nothing else."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class _Made(Arguments):
    seed: Seed | Nothing = None
    """The same seed with the same words gives the same video."""

    expand_prompt: bool = False
    """Add to the prompt what a cinematographer would; leave it false for a prompt with detail."""

    wait_s: Patience = USUAL_WAIT_S
    """Seconds to wait for the video. If it takes longer, `wait` goes on waiting; 0 only queues."""


class Generate(_Made):
    """A new video."""

    prompt: Prompt
    """What the video shows: the scene, what happens, the light, how the camera moves."""

    model: Model | Nothing = None
    """By default the server's usual one."""

    aspect_ratio: Ratio | Nothing = None
    """Width to height; by default the first picture's nearest, or 16:9."""

    resolution: Resolution | Nothing = None
    """By default 720p; the smallest is the quickest."""

    duration_s: Duration | Nothing = None
    """Seconds; by default 5."""

    loop: bool = False
    """Let the end lead into the beginning."""

    first_image: str | Nothing = None
    """What the video starts from: an http(s) URL or a data URI of a picture"""

    last_image: str | Nothing = None
    """What the video arrives at: an http(s) URL or a data URI of a picture"""

    negative_prompt: Prompt | Nothing = None
    """What is not wanted, for models that heed it."""


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
    """What a new part after the video arrives at: an http(s) URL or a data URI of a picture"""

    loop: bool = False
    """Let the end of the whole lead into its beginning."""


class One(Arguments):
    """One generation."""

    generation_id: str
    """As `generate`, `extend` or `list` told it."""


class Wait(One):
    """One generation, and how long to wait for it."""

    wait_s: Patience = USUAL_WAIT_S
    """Seconds to wait at most; ask again if it is not done then."""


class List(Arguments):
    """Some generations."""

    state: Standing | Nothing = None
    """Only those in this state."""

    limit: Annotated[int, Field(ge=1, le=50)] = 10
    """At most so many."""

    after_id: str | Nothing = None
    """Only those listed after this one; the last id of one page gives the next."""


class Told(BaseModel):
    """What a tool says, for programs."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class File(Told):
    """A finished file."""

    url: str
    """Where it can be read; a link of a server works for a limited time, `get` makes new ones."""

    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_s: float | None
    """Of a video; null for a picture."""


class FailureTold(Told):
    """Why it failed."""

    code: str
    message: str


class GenerationTold(Told):
    """One request for one video, and what became of it."""

    generation_id: str
    state: Standing
    progress: float
    """Share that is done, 0 to 1."""

    position: int | None
    """How many wait before it; null unless it is queued, and in lists."""

    prompt: str
    prompt_used: str | None
    """What was rendered, where that differs from the prompt."""

    model: str
    aspect_ratio: str | None
    resolution: str
    duration_s: float
    """What was asked for; of an extension, the new part."""

    files: dict[str, File]
    """`video` or `image`, `thumbnail`, `last_frame` and others; none before it is completed."""

    failure: FailureTold | None
    note: str | None
    """Something to know about how it was made."""

    created_at: datetime
    finished_at: datetime | None


class Page(Told):
    """Some generations, newest first."""

    generations: list[GenerationTold]
    more: bool
    """Whether there are others after the last."""
