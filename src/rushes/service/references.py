"""Resolve the references of a spec: files by address, and earlier generations."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import Conflict, NotReady
from rushes.core.generation import Artifact, ArtifactKind, Generation, State
from rushes.core.geometry import UPSCALED_PX, nearest_ratio, upscaled_size
from rushes.core.spec import GenerationSpec, Kind, Medium, Position
from rushes.kit.quoting import quoted_text

RETRY_AFTER_S: Final = 2.0
"""The ``Retry-After`` of a request that needs an unfinished video."""

PICTURE_KINDS: Final = (ArtifactKind.IMAGE, ArtifactKind.LAST_FRAME)
"""The files of a generation that can serve as its picture."""

Problems = tuple[tuple[str, str], ...]
"""Names of fields of the spec, each with a sentence that begins with the name."""


def input_addresses(spec: GenerationSpec) -> Iterator[tuple[str, str, Medium]]:
    """Yield each address in *spec*: the field's name, the address, and the expected medium."""
    for keyframe in spec.keyframes:
        if keyframe.image is not None:
            yield f"{keyframe.position}_image", keyframe.image, Medium.IMAGE
    if spec.source is not None and spec.source.file is not None:
        yield "source", spec.source.file, spec.source.medium
    for order, reference in enumerate(spec.still.references if spec.still else ()):
        if reference.image is not None:
            yield f"references.{order}", reference.image, Medium.IMAGE


def referenced_ids(spec: GenerationSpec) -> tuple[str, ...]:
    """Return the ids of all generations to which *spec* refers, each once."""
    if not (spec.keyframes or spec.source or spec.still):
        return ()
    references = spec.still.references if spec.still else ()
    named = (*spec.parents, *(one.generation_id for one in references if one.generation_id))
    return tuple(dict.fromkeys(named))


def replace_addresses(spec: GenerationSpec, known: Mapping[str, str]) -> GenerationSpec:
    """Return *spec* with other addresses, by the names of :func:`input_addresses`."""
    if not known:
        return spec  # copying the spec would take longer than the check
    keyframes = tuple(
        replace(k, image=known[name]) if (name := f"{k.position}_image") in known else k
        for k in spec.keyframes
    )
    source, still = spec.source, spec.still
    if source is not None and "source" in known:
        source = replace(source, file=known["source"])
    if still is not None:
        references = tuple(
            replace(r, image=known[name]) if (name := f"references.{order}") in known else r
            for order, r in enumerate(still.references)
        )
        still = replace(still, references=references)
    return replace(spec, keyframes=keyframes, source=source, still=still)


def drop_generation(spec: GenerationSpec, position: Position) -> GenerationSpec:
    """Return *spec* with a keyframe that no longer names a generation."""
    keyframes = (
        replace(k, generation_id=None) if k.position is position else k for k in spec.keyframes
    )
    return replace(spec, keyframes=tuple(keyframes))


def match_video(
    spec: GenerationSpec, earlier: Generation, video: Artifact
) -> tuple[GenerationSpec, Problems]:
    """
    Return *spec* in the shape of the video that it extends, and the contradicting fields.

    For an interpolation between two videos the shape of the video is only a default.
    """
    ratio = ratio_of(earlier, video)
    resolution = earlier.spec.resolution
    fields = (
        ("aspect_ratio", spec.aspect_ratio, ratio),
        ("resolution", spec.resolution, resolution),
        ("size", size_text(spec.size_px), f"{video.width_px}x{video.height_px}"),
    )
    problems = tuple(
        (name, f"{name} must be {expected}, that of the video to extend, not {quoted_text(value)}")
        for name, value, expected in fields
        if value and value != expected and not spec.interpolates
    )
    return (
        replace(
            spec,
            model=spec.model or earlier.spec.model,
            aspect_ratio=(spec.aspect_ratio or ratio) if spec.interpolates else ratio,
            resolution=(spec.resolution or resolution) if spec.interpolates else resolution,
            size_px=spec.size_px if spec.interpolates else earlier.spec.size_px,
        ),
        problems,
    )


def size_text(size_px: tuple[int, int] | None) -> str:
    """Return a size in the form ``1280x720``; an empty text for None."""
    return f"{size_px[0]}x{size_px[1]}" if size_px else ""


def complete_from_source(
    spec: GenerationSpec, earlier: Generation, source: Artifact, *, upscales: Collection[str]
) -> tuple[GenerationSpec, Problems]:
    """
    Return *spec*, completed from its source, and the fields that contradict the source.

    Args:
        upscales: The resolutions to which the model can upscale a video.
    """
    if spec.makes is Medium.IMAGE:
        return spec, ()
    if spec.kind is Kind.REFRAME:
        return replace(spec, model=spec.model or earlier.spec.model), ()
    spec = replace(
        spec,
        model=spec.model or earlier.spec.model,
        aspect_ratio=spec.aspect_ratio or ratio_of(earlier, source),
    )
    if spec.kind is not Kind.UPSCALE:
        return replace(spec, resolution=spec.resolution or earlier.spec.resolution), ()
    larger = [
        name
        for name in UPSCALED_PX
        if upscaled_size(source.width_px, source.height_px, name)[0] > source.width_px
    ]
    able = [name for name in larger if name in upscales]
    if not spec.resolution and larger:
        return replace(spec, resolution=(able or larger)[0]), ()
    if spec.resolution not in UPSCALED_PX or spec.resolution in larger:
        return spec, ()  # the catalogue refuses an unknown resolution
    size = f"{source.width_px}x{source.height_px}"
    problem = f"resolution must be more than the video has, which is {size}"
    right = f": {' or '.join(able or larger)}" if larger else "; it cannot be upscaled further"
    return spec, (("resolution", problem + right),)


def check_source_size(source: Artifact, can: Capabilities) -> Problems:
    """Refuse a source that is longer or larger than the engine's limits."""
    if source.duration_s is not None and source.duration_s > can.source_s + 0.5:
        problem = f"source must be at most {can.source_s:g}s long, not {source.duration_s:.4g}s"
        return (("source", problem),)
    if source.size_bytes > can.source_bytes:
        return (("source", f"source must be at most {can.source_bytes >> 20} MiB"),)
    return ()


def ratio_of(earlier: Generation, video: Artifact) -> str:
    """Return the aspect ratio of an earlier generation: the requested one, or the nearest."""
    return earlier.spec.aspect_ratio or nearest_ratio(video.width_px, video.height_px)


def require_artifact(generation: Generation, *kinds: ArtifactKind, purpose: str) -> Artifact:
    """Return a file of these kinds. Raises NotReady while unfinished, Conflict if there is none."""
    artifact = next(filter(None, map(generation.artifact, kinds)), None)
    if generation.state is State.COMPLETED and artifact is not None:
        return artifact
    problem = f"generation {generation.id} is {generation.state}"
    if not generation.state.is_final:
        raise NotReady(f"{problem}; {purpose} once it is completed", retry_after_s=RETRY_AFTER_S)
    raise Conflict(f"{problem}{failure_suffix(generation)}; there is no {kinds[0]}")


def failure_suffix(generation: Generation) -> str:
    """Return a colon and the reason of a failure, to append to a message; empty without one."""
    return f": {generation.failure.message}" if generation.failure else ""
