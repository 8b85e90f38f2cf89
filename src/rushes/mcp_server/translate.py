"""Translate tool arguments into specs and generations into results; pure functions, no I/O."""

import json
from typing import Final

from rushes.core.errors import InvalidRequest
from rushes.core.generation import Artifact, ArtifactKind, Generation, GenerationId, State
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.http.field_names import rename_fields
from rushes.http.gateway import MediaUrl
from rushes.mcp_server import wire

_FIELD_NAMES: Final = {"duration": "duration_s", "extend": "generation_id"}
"""The tools' names of fields that the service calls otherwise."""

_DEFAULTS: Final = GenerationSpec(prompt="")


def with_our_names(error: InvalidRequest) -> InvalidRequest:
    """Return *error* with the tools' names of the arguments."""
    return rename_fields(error, lambda name: _FIELD_NAMES.get(name, name))


def new_video(arguments: wire.Generate, *, plan: ShotPlan | None = None) -> GenerationSpec:
    """Return the spec for the arguments of `generate`, with its plan, which was read."""
    pictures = ((Position.FIRST, arguments.first_image), (Position.LAST, arguments.last_image))
    return GenerationSpec(
        prompt=arguments.prompt,
        model=arguments.model or "",
        keyframes=tuple(Keyframe(position=at, image=image) for at, image in pictures if image),
        aspect_ratio=arguments.aspect_ratio,
        resolution=arguments.resolution or "",
        duration_s=arguments.duration_s or _DEFAULTS.duration_s,
        loop=arguments.loop,
        expand_prompt=arguments.expand_prompt,
        negative_prompt=arguments.negative_prompt,
        seed=arguments.seed,
        shot_plan=plan,
    )


def more_of(earlier: GenerationId, arguments: wire.Extend) -> GenerationSpec:
    """
    Return the spec for the arguments of `extend`.

    Raises:
        InvalidRequest: A part before the video cannot arrive at a picture as well.
    """
    after = arguments.direction == "after"
    if arguments.last_image and not after:
        why = "last_image is for a part after the video; one before it arrives at the video"
        raise InvalidRequest(why, param="last_image")
    own = Keyframe(position=Position.FIRST if after else Position.LAST, generation_id=earlier)
    last = Keyframe(position=Position.LAST, image=arguments.last_image)
    return GenerationSpec(
        prompt=arguments.prompt,
        keyframes=(own, last) if arguments.last_image else (own,),
        duration_s=arguments.duration_s or _DEFAULTS.duration_s,
        loop=arguments.loop,
        expand_prompt=arguments.expand_prompt,
        seed=arguments.seed,
    )


def from_generation(
    generation: Generation, *, url: MediaUrl, position: int | None = None
) -> wire.GenerationView:
    """Return the view of a generation; *position* is its place in the queue."""
    spec, failure = generation.spec, generation.failure
    return wire.GenerationView(
        generation_id=generation.id,
        state=generation.state,
        progress=generation.progress,
        position=position,
        prompt=spec.prompt,
        prompt_used=generation.prompt_used,
        model=spec.model,
        aspect_ratio=spec.aspect_ratio,
        resolution=spec.resolution,
        duration_s=spec.duration_s,
        files={artifact.kind.value: _file(artifact, url) for artifact in generation.artifacts},
        failure=wire.FailureView(code=failure.code, message=failure.message) if failure else None,
        note=generation.note,
        created_at=generation.created_at,
        finished_at=generation.finished_at,
    )


def _file(artifact: Artifact, url: MediaUrl) -> wire.File:
    return wire.File(
        url=url(artifact.key),
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        width_px=artifact.width_px,
        height_px=artifact.height_px,
        duration_s=artifact.duration_s,
    )


def made(generation: Generation) -> Artifact | None:
    """Return the finished video or picture, if there is one."""
    return generation.artifact(ArtifactKind.VIDEO) or generation.artifact(ArtifactKind.IMAGE)


def sentence(view: wire.GenerationView) -> str:
    """Describe the state of a generation and the next step, for an agent."""
    what = f"Generation {view.generation_id}"
    match view.state:
        case State.QUEUED:
            ahead = f", {view.position} before it" if view.position else ""
            return f"{what} is queued{ahead}. Call `wait` with its id to get the video."
        case State.RUNNING:
            done = f"{view.progress:.0%}"
            return f"{what} is being made, {done} done. Call `wait` with its id to get the video."
        case State.FAILED:
            why = f": {view.failure.message} ({view.failure.code})" if view.failure else ""
            return f"{what} failed{why}."
        case State.CANCELLED:
            return f"{what} was cancelled."
        case State.EXPIRED:
            return f"{what} has expired: its files were deleted. Call `generate` to make it again."
        case State.COMPLETED:
            return _finished(what, view)


def _finished(what: str, view: wire.GenerationView) -> str:
    file = view.files.get("video") or view.files.get("image")
    if file is None:
        return f"{what} is completed."
    length = f"{file.duration_s:.3g} s of video" if file.duration_s else "a picture"
    size = f"{file.width_px}x{file.height_px}, {file.size_bytes / 1e6:.1f} MB"
    parts = [f"{what} is completed: {length}, {size}.", file.url]
    if view.prompt_used:
        parts.append(f"Rendered prompt: {view.prompt_used}")
    if view.note:
        parts.append(view.note)
    return "\n".join(parts)


def line(view: wire.GenerationView) -> str:
    """Describe a generation in one line, for an agent."""
    prompt = view.prompt if len(view.prompt) <= 80 else f"{view.prompt[:79]}…"
    file = view.files.get("video") or view.files.get("image")
    parts = (view.generation_id, view.state.value, prompt, file.url if file else None)
    return " | ".join(filter(None, parts))


def plan_sentence(view: wire.PlanView) -> str:
    """Say what a picture will show, and what it will not."""
    plan = view.plan
    parts = [f"Shows: {', '.join(plan['shown']) or 'nothing that the prompt names'}."]
    parts += [f"Does not show {one['words']!r}: {one['reason']}" for one in plan["not_shown"]]
    if view.note:
        parts.append(view.note)
    # Beside the structured content: not every client hands that to its model.
    parts.append(f"Plan: {json.dumps(plan, ensure_ascii=False)}")
    return "\n".join(parts)
