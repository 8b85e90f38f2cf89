"""Define the wire format of shot plans in the native API."""

from typing import Annotated

from pydantic import Field

from rushes.core.shot_plan import Action, Plane
from rushes.dialects.native.generations.wire import Concepts, Prompt, Ratio, Seed, ShotPlan
from rushes.dialects.native.wire import Strict, View


class PlanBody(Strict):
    """A prompt to be understood; the fields mean what they mean for a generation."""

    prompt: Prompt
    negative_prompt: Prompt | None = None
    concepts: Concepts = []  # noqa: RUF012  # pydantic copies it; a default is shown in the schema
    """Named camera moves, such as `dolly_zoom`."""

    expand_prompt: bool = False
    """Whether to add to the prompt what a cinematographer would, before it is understood."""

    seed: Seed | None = None
    """Chooses the place where the prompt names light or weather only."""


class FrameBody(Strict):
    """A plan of which one frame is to be drawn."""

    plan: ShotPlan
    aspect_ratio: Ratio | None = None
    """By default `16:9`."""

    seed: Seed = 0
    """The seed of the generation that it is for."""


class PlanReply(View):
    """What is understood of a prompt."""

    plan: ShotPlan
    """It can be edited and sent as `plan` of a request for a video or picture."""

    prompt_used: str | None
    """The prompt that was understood, where that differs from the one that was sent."""

    seed: int
    """The seed that a generation of this prompt has; with it a rough frame is of that video."""

    note: str | None
    """Something to know about how it was made, as a sentence."""

    schema_url: str
    """The path of the JSON Schema of a plan."""


class SubjectView(View):
    """A subject that can be in a plan."""

    name: str
    """The `subject` of a member of the cast."""

    kind: str
    """What sort of thing it is, such as `person`, `animal` or `vehicle`."""

    height_m: float
    plane: Plane
    """Where it is drawn by default."""

    action: Action
    """What it does by default."""


class Subjects(View):
    """Every subject that can be in a plan, by name."""

    subjects: list[SubjectView]


class SheetBody(Strict):
    """Subjects to be drawn by themselves."""

    subjects: Annotated[
        list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=64)
    ]
    """Their names, in the order of the sheet."""
