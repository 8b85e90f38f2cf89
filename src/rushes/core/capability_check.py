"""Check a spec against an engine's capabilities, and explain every mismatch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.generation import Generation
from rushes.core.geometry import frame_size, size_problem
from rushes.core.spec import GenerationSpec, Kind, Medium, Position, Rectangle
from rushes.kit.quoting import quoted_text

TASK_NAMES: Final[Mapping[Kind, str]] = {
    Kind.VIDEO: "make a video",
    Kind.IMAGE: "make a picture",
    Kind.UPSCALE: "upscale a video",
    Kind.AUDIO: "add sound to a video",
    Kind.REFRAME: "reframe",
    Kind.MODIFY: "modify a video",
}
"""The kinds of work as verb phrases, for error messages."""

_Check = Callable[[GenerationSpec, Capabilities], Iterator[tuple[str, str | None]]]

SMALLEST_SHARE: Final = 0.01
LARGEST_SHARE: Final = 20.0
"""Smallest and largest side of a rectangle, as a share of the frame's side."""


def refusals(spec: GenerationSpec, can: Capabilities) -> tuple[tuple[str, str], ...]:
    """Return each field of *spec* that cannot be done, with a sentence that says what can."""
    return tuple([(name, why) for name, why in _refusals(spec, can) if why])


def _refusals(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.kind not in can.kinds:
        able = ", ".join(TASK_NAMES[kind] for kind in can.kinds)
        yield "kind", f"{spec.model} cannot {TASK_NAMES[spec.kind]}; it can {able}"
        return
    if spec.kind is not Kind.VIDEO:
        yield from _of_other_work(spec)
    if spec.seed is not None and not can.seed:
        yield "seed", f"seed is not supported by {spec.model}; leave it out"
    if spec.negative_prompt and not can.negative_prompt:
        yield "negative_prompt", f"negative_prompt is not supported by {spec.model}; leave it out"
    if spec.shot_plan is not None:
        yield from _of_a_plan(spec, can)
    check = _CHECKS.get(spec.kind)
    if check is not None:
        yield from check(spec, can)


def _of_a_plan(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    """Refuse a plan that would not be drawn, and what would change nothing beside a plan."""
    if not can.shot_plans:
        yield "plan", f"{spec.model} takes no plan here; leave it out, or ask for another model"
    elif not spec.is_made_from_words:
        yield "plan", "plan is for what is drawn from words alone; leave out plan, or keyframes"
    beside = {
        "concepts": spec.concepts,
        "negative_prompt": spec.negative_prompt,
        "expand_prompt": spec.expand_prompt,
    }
    for name, value in beside.items():
        if value:
            yield name, f"{name} changes nothing beside a plan; leave it out and edit the plan"


def _of_a_video(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield from _of_a_size(spec, can)
    if spec.duration_s not in can.durations_s:  # nearly every request has one of them
        offered = tuple(map(format_seconds, can.durations_s))
        yield "duration", _not_among("duration", format_seconds(spec.duration_s), offered)
    for concept in spec.concepts:
        yield "concepts", _no_concept(concept, can.concepts)
    if spec.loop and not can.loop:
        yield "loop", f"loop is not supported by {spec.model}; leave it out"
    if spec.keyframes:
        yield from _of_keyframes(spec, can)


def _of_keyframes(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.loop and (spec.leads_to or spec.interpolates):
        yield "loop", "loop cannot be combined with a video as the last keyframe; leave it out"
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    if first and first.image and not can.first_image:
        yield "first_image", f"{spec.model} does not support a first image"
    if last and last.image and not can.last_image:
        instead = "; it takes a first image" if can.first_image else ""
        yield "last_image", f"{spec.model} does not support a last image{instead}"
    if (spec.extends or spec.source) and not can.extend:
        yield "extend", f"{spec.model} cannot extend a video"
    if spec.leads_to and not can.extend_backwards:
        yield "extend", f"{spec.model} cannot extend a video backwards"
    if spec.interpolates and not can.interpolate:
        yield "extend", f"{spec.model} cannot interpolate between two videos"


def _of_a_size(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.size_px is not None:
        yield "size", _no_size(spec.size_px, can)
        return
    yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.ratios)


def _of_other_work(spec: GenerationSpec) -> Iterator[tuple[str, str | None]]:
    """Refuse fields that only a new video has, and an edit without a source."""
    if spec.keyframes:
        yield (
            "keyframes",
            f"keyframes are only for a new video; leave them out to {TASK_NAMES[spec.kind]}",
        )
    if spec.loop:
        yield "loop", f"loop is only for a new video; leave it out to {TASK_NAMES[spec.kind]}"
    if spec.kind is Kind.IMAGE:
        return
    if spec.source is None or not (spec.source.file or spec.source.generation_id):
        yield (
            "source",
            f"source is required to {TASK_NAMES[spec.kind]}: a URL or an earlier generation",
        )
    elif spec.source.medium is Medium.IMAGE and spec.kind is not Kind.REFRAME:
        yield "source", f"source must be a video to {TASK_NAMES[spec.kind]}, not a picture"


def _of_a_still(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.still_ratios)
    if spec.still is None:
        return
    yield "format", _not_among("format", spec.still.format, can.still_formats)
    for reference in spec.still.references:
        if reference.role not in can.references:
            able = ", ".join(can.references)
            way_out = f"it supports {able}" if able else "leave references out"
            yield (
                "references",
                f"{spec.model} does not support a {reference.role} reference; {way_out}",
            )
        if not 0 <= reference.weight <= 1:
            yield "references", f"weight must be between 0 and 1, not {reference.weight:g}"


def _of_an_upscale(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield "resolution", _not_among("resolution", spec.resolution, can.upscales)


def _of_a_reframing(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.makes not in can.reframes:
        yield "kind", f"{spec.model} cannot reframe a {spec.makes}"
    if spec.aspect_ratio is None:
        yield "aspect_ratio", "aspect_ratio is required to reframe: it is the new shape"
        return
    is_still = spec.makes is Medium.IMAGE
    ratios = can.still_ratios if is_still else can.ratios
    yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, ratios)
    if is_still and spec.still is not None:
        yield "format", _not_among("format", spec.still.format, can.still_formats)
    if not is_still:
        yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.reframing is not None:
        yield "crop", _no_rectangle("crop", spec.reframing.crop)
        yield "placement", _no_rectangle("placement", spec.reframing.placement)


def _of_a_modification(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.mode is not None:
        yield "mode", _not_among("mode", spec.mode, can.modes)


_CHECKS: Final[Mapping[Kind, _Check]] = {
    Kind.VIDEO: _of_a_video,
    Kind.IMAGE: _of_a_still,
    Kind.UPSCALE: _of_an_upscale,
    Kind.REFRAME: _of_a_reframing,
    Kind.MODIFY: _of_a_modification,
}


def _no_rectangle(name: str, rectangle: Rectangle | None) -> str | None:
    """Refuse a rectangle of a wrong size, and one that lies outside the frame."""
    if rectangle is None:
        return None
    if not (SMALLEST_SHARE <= rectangle.width <= LARGEST_SHARE) or not (
        SMALLEST_SHARE <= rectangle.height <= LARGEST_SHARE
    ):
        return (
            f"{name} must be {SMALLEST_SHARE:g} to {LARGEST_SHARE:g} times the frame"
            f" in width and height, not {rectangle.width:g} x {rectangle.height:g}"
        )
    outside = rectangle.x >= 1 or rectangle.y >= 1 or rectangle.x + rectangle.width <= 0
    if outside or rectangle.y + rectangle.height <= 0:
        return f"{name} must overlap the frame: it lies outside"
    return None


def _no_size(size_px: tuple[int, int], can: Capabilities) -> str | None:
    value = f"{size_px[0]}x{size_px[1]}"
    if can.sizes:
        why = size_problem(*size_px)
        return f"size {why}, not {value}" if why else None
    known = sorted({frame_size(r, p) for r in can.ratios for p in can.resolutions})
    offered = ", ".join(f"{width}x{height}" for width, height in known)
    return f"size must be one of {offered}, not {value}"


def _not_among(name: str, value: str, offered: tuple[str, ...]) -> str | None:
    if value in offered:
        return None
    return f"{name} must be one of {', '.join(offered)}, not {quoted_text(value)}"


def _no_concept(value: str, offered: tuple[str, ...]) -> str | None:
    """Refuse an unknown concept, and suggest the nearest one."""
    if value in offered:
        return None
    if not offered:
        return "concepts are not supported by this model; describe the camera move in the prompt"
    plain = value.strip().lower().replace(" ", "_").replace("-", "_")
    near = get_close_matches(plain, offered, n=1)
    meant = f"; the nearest is {near[0]}" if near else ""
    return f"concepts must be one of {', '.join(offered)}, not {value!r}{meant}"


@lru_cache(maxsize=256)
def format_seconds(duration_s: float) -> str:
    """Return a duration as APIs write it, ``5s``. Cached, because each submit compares several."""
    return f"{duration_s:g}s"


def foreign_sources(
    spec: GenerationSpec, can: Capabilities, parents: Sequence[Generation], channel: str
) -> tuple[tuple[str, str], ...]:
    """
    Refuse sources that the channel's upstream did not make, if it works only on its own jobs.

    Args:
        parents: The generations of ``spec.parents``.

        channel: The name of the channel; *can* are its capabilities.
    """
    if spec.kind not in can.by_id:
        return ()
    field = "extend" if spec.kind is Kind.VIDEO else "source"
    if spec.source is not None and not spec.source.generation_id:
        return ((field, f"{spec.model} can {TASK_NAMES[spec.kind]} only from its own generations"),)
    elsewhere = [one.id for one in parents if _job_at(one, channel) is None]
    if not elsewhere:
        return ()
    reason = f"{spec.model} can continue only its own generations"
    return ((field, f"{reason}, and {', '.join(elsewhere)} came from another channel"),)


def _job_at(generation: Generation, channel: str) -> str | None:
    """Return the upstream's id of a generation, if this channel made it."""
    made = generation.made_by
    return made.upstream_id if made is not None and made.channel == channel else None
