"""Translate requests for shot plans into the core, and plans and subjects into replies."""

from collections.abc import Sequence
from typing import Final

from rushes.core.shot_plan_json import plain
from rushes.core.spec import GenerationSpec
from rushes.dialects.native.plans import wire
from rushes.prompts.expansion import PreparedPrompt
from rushes.prompts.shot_planning import PlannedShot
from rushes.service.shot_plans import DrawableSubject

SCHEMA: Final = "/api/v1/plans/schema"
"""The path of the JSON Schema of a plan, which replies name."""


def to_spec(body: wire.PlanBody) -> GenerationSpec:
    """Return the spec of the video that a request asks to plan."""
    return GenerationSpec(
        prompt=body.prompt,
        negative_prompt=body.negative_prompt,
        concepts=tuple(body.concepts),
        expand_prompt=body.expand_prompt,
        seed=body.seed,
    )


def from_plan(planned: PlannedShot, prepared: PreparedPrompt, *, seed: int) -> wire.PlanReply:
    """Return a plan as a reply, with the notes of the expansion and of the planner."""
    notes = [note for note in (prepared.note, planned.note) if note]
    return wire.PlanReply(
        plan=plain(planned.plan),
        prompt_used=prepared.prompt_used,
        note=" ".join(notes) or None,
        seed=seed,
        schema_url=SCHEMA,
    )


def from_subjects(subjects: Sequence[DrawableSubject]) -> wire.Subjects:
    """Return the subjects of the engine as a reply."""
    return wire.Subjects(
        subjects=[
            wire.SubjectView(
                name=one.name,
                kind=one.kind,
                height_m=one.height_m,
                plane=one.plane,
                action=one.action,
            )
            for one in subjects
        ]
    )
