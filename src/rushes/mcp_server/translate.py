"""Between the tools' shapes and the core, by pure functions."""

from collections.abc import Callable
from typing import Final

from rushes.core.errors import InvalidRequest
from rushes.core.generation import Artifact, ArtifactKind, Generation, GenerationId, State
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.mcp_server import wire

Url = Callable[[str], str]

_SPELLINGS: Final = {"duration": "duration_s", "extend": "generation_id"}
"""What the service calls something, where the tools call it otherwise."""

_USUAL: Final = GenerationSpec(prompt="")


def respelled(error: InvalidRequest) -> InvalidRequest:
    """Return *error*, which uses the service's names, in those of the tools."""
    told: list[tuple[str, str]] = []
    for name, why in error.problems:
        spelling = _SPELLINGS.get(name, name)
        told.append((spelling, spelling + why.removeprefix(name) if why.startswith(name) else why))
    return InvalidRequest.of(told)


def new_video(asked: wire.Generate) -> GenerationSpec:
    """Return what `generate` is asked for."""
    pictures = ((Position.FIRST, asked.first_image), (Position.LAST, asked.last_image))
    return GenerationSpec(
        prompt=asked.prompt,
        model=asked.model or "",
        keyframes=tuple(Keyframe(position=at, image=image) for at, image in pictures if image),
        aspect_ratio=asked.aspect_ratio,
        resolution=asked.resolution or "",
        duration_s=asked.duration_s or _USUAL.duration_s,
        loop=asked.loop,
        expand_prompt=asked.expand_prompt,
        negative_prompt=asked.negative_prompt,
        seed=asked.seed,
    )


def more_of(earlier: GenerationId, asked: wire.Extend) -> GenerationSpec:
    """
    Return what `extend` is asked for.

    Raises:
        InvalidRequest: A part before the video cannot arrive at a picture as well.
    """
    after = asked.direction == "after"
    if asked.last_image and not after:
        why = "last_image is for a part after the video; one before it arrives at the video"
        raise InvalidRequest(why, param="last_image")
    own = Keyframe(position=Position.FIRST if after else Position.LAST, generation_id=earlier)
    last = Keyframe(position=Position.LAST, image=asked.last_image)
    return GenerationSpec(
        prompt=asked.prompt,
        keyframes=(own, last) if asked.last_image else (own,),
        duration_s=asked.duration_s or _USUAL.duration_s,
        loop=asked.loop,
        expand_prompt=asked.expand_prompt,
        seed=asked.seed,
    )


def from_generation(
    generation: Generation, *, url: Url, position: int | None = None
) -> wire.GenerationTold:
    """Return a generation as programs are told of it."""
    spec, failure = generation.spec, generation.failure
    return wire.GenerationTold(
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
        failure=wire.FailureTold(code=failure.code, message=failure.message) if failure else None,
        note=generation.note,
        created_at=generation.created_at,
        finished_at=generation.finished_at,
    )


def _file(artifact: Artifact, url: Url) -> wire.File:
    return wire.File(
        url=url(artifact.key),
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        width_px=artifact.width_px,
        height_px=artifact.height_px,
        duration_s=artifact.duration_s,
    )


def made(generation: Generation) -> Artifact | None:
    """Return the file that was asked for, if it is there."""
    return generation.artifact(ArtifactKind.VIDEO) or generation.artifact(ArtifactKind.IMAGE)


def sentence(told: wire.GenerationTold) -> str:
    """Say how a generation stands, and what can be done next."""
    what = f"Generation {told.generation_id}"
    match told.state:
        case State.QUEUED:
            ahead = f", {told.position} before it" if told.position else ""
            return f"{what} is queued{ahead}. Call `wait` with its id to get the video."
        case State.RUNNING:
            done = f"{told.progress:.0%}"
            return f"{what} is being made, {done} done. Call `wait` with its id to get the video."
        case State.FAILED:
            why = f": {told.failure.message} ({told.failure.code})" if told.failure else ""
            return f"{what} failed{why}."
        case State.CANCELLED:
            return f"{what} was cancelled."
        case State.EXPIRED:
            return f"{what} has expired: its files were removed. Ask for it anew to have it again."
        case State.COMPLETED:
            return _finished(what, told)


def _finished(what: str, told: wire.GenerationTold) -> str:
    file = told.files.get("video") or told.files.get("image")
    if file is None:
        return f"{what} is completed."
    length = f"{file.duration_s:.3g} s of video" if file.duration_s else "a picture"
    size = f"{file.width_px}x{file.height_px}, {file.size_bytes / 1e6:.1f} MB"
    parts = [f"{what} is completed: {length}, {size}.", file.url]
    if told.prompt_used:
        parts.append(f"What was rendered: {told.prompt_used}")
    if told.note:
        parts.append(told.note)
    return "\n".join(parts)


def line(told: wire.GenerationTold) -> str:
    """Say in one line what a generation is."""
    prompt = told.prompt if len(told.prompt) <= 80 else f"{told.prompt[:79]}…"
    file = told.files.get("video") or told.files.get("image")
    parts = (told.generation_id, told.state.value, prompt, file.url if file else None)
    return " | ".join(filter(None, parts))
