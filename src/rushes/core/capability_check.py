"""Whether who can do this much can do what was asked; and if not, what would be right."""

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
"""What each kind of work is called in a sentence."""

_Judge = Callable[[GenerationSpec, Capabilities], Iterator[tuple[str, str | None]]]

SMALLEST_SHARE: Final = 0.01
LARGEST_SHARE: Final = 20.0
"""How small and how large a part of a frame may be asked for, against the frame."""


def refusals(spec: GenerationSpec, can: Capabilities) -> tuple[tuple[str, str], ...]:
    """Return what cannot be done of *spec*: field names, each with a sentence of what can."""
    return tuple((name, why) for name, why in _refusals(spec, can) if why)


def _refusals(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.kind not in can.kinds:
        able = ", ".join(TASK_NAMES[kind] for kind in can.kinds)
        yield "kind", f"{spec.model} cannot {TASK_NAMES[spec.kind]} here; what it can: {able}"
        return
    if spec.kind is not Kind.VIDEO:
        yield from _of_other_work(spec)
    if spec.seed is not None and not can.seed:
        yield "seed", f"{spec.model} takes no seed here; leave it out"
    if spec.negative_prompt and not can.negative_prompt:
        yield "negative_prompt", f"{spec.model} takes no negative_prompt here; leave it out"
    if spec.shot_plan is not None:
        yield from _of_a_plan(spec, can)
    judge = _JUDGES.get(spec.kind)
    if judge is not None:
        yield from judge(spec, can)


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
    yield (
        "duration",
        _not_among(
            "duration", format_seconds(spec.duration_s), tuple(map(format_seconds, can.durations_s))
        ),
    )
    for concept in spec.concepts:
        yield "concepts", _no_concept(concept, can.concepts)
    if spec.loop and not can.loop:
        yield "loop", f"loop is not possible with {spec.model}"
    if spec.keyframes:
        yield from _of_keyframes(spec, can)


def _of_keyframes(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.loop and (spec.leads_to or spec.interpolates):
        yield "loop", "loop is not possible before a video or between two"
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    if first and first.image and not can.first_image:
        yield "first_image", f"{spec.model} takes no first image"
    if last and last.image and not can.last_image:
        yield "last_image", f"{spec.model} takes no last image"
    if (spec.extends or spec.source) and not can.extend:
        yield "extend", f"{spec.model} cannot extend a video"
    if spec.leads_to and not can.extend_backwards:
        yield "extend", f"{spec.model} cannot make what comes before a video"
    if spec.interpolates and not can.interpolate:
        yield "extend", f"{spec.model} cannot make what comes between two videos"


def _of_a_size(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.size_px is not None:
        yield "size", _no_size(spec.size_px, can)
        return
    yield "resolution", _not_among("resolution", spec.resolution, can.resolutions)
    if spec.aspect_ratio is not None:
        yield "aspect_ratio", _not_among("aspect_ratio", spec.aspect_ratio, can.ratios)


def _of_other_work(spec: GenerationSpec) -> Iterator[tuple[str, str | None]]:
    """Refuse what belongs to a new video only, and work on a source that is not named."""
    if spec.keyframes:
        yield "keyframes", f"keyframes are for a new video; to {TASK_NAMES[spec.kind]} takes none"
    if spec.loop:
        yield "loop", f"loop is for a new video, not to {TASK_NAMES[spec.kind]}"
    if spec.kind is Kind.IMAGE:
        return
    if spec.source is None or not (spec.source.file or spec.source.generation_id):
        yield (
            "source",
            f"source is needed to {TASK_NAMES[spec.kind]}: a URL, or an earlier generation",
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
            yield "references", f"{spec.model} takes no {reference.role} reference"
        if not 0 <= reference.weight <= 1:
            yield "references", f"weight must be 0 to 1, not {reference.weight:g}"


def _of_an_upscale(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    yield "resolution", _not_among("resolution", spec.resolution, can.upscales)


def _of_a_reframing(spec: GenerationSpec, can: Capabilities) -> Iterator[tuple[str, str | None]]:
    if spec.makes not in can.reframes:
        yield "kind", f"{spec.model} cannot reframe a {spec.makes}"
    if spec.aspect_ratio is None:
        yield "aspect_ratio", "aspect_ratio is needed to reframe: it is the new shape"
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


_JUDGES: Final[Mapping[Kind, _Judge]] = {
    Kind.VIDEO: _of_a_video,
    Kind.IMAGE: _of_a_still,
    Kind.UPSCALE: _of_an_upscale,
    Kind.REFRAME: _of_a_reframing,
    Kind.MODIFY: _of_a_modification,
}


def _no_rectangle(name: str, asked: Rectangle | None) -> str | None:
    """Refuse a rectangle in which nothing can be seen, and one too far off to reckon with."""
    if asked is None:
        return None
    if not (SMALLEST_SHARE <= asked.width <= LARGEST_SHARE) or not (
        SMALLEST_SHARE <= asked.height <= LARGEST_SHARE
    ):
        return (
            f"{name} must be {SMALLEST_SHARE:g} to {LARGEST_SHARE:g} times the frame"
            f" in width and height, not {asked.width:g} x {asked.height:g}"
        )
    outside = asked.x >= 1 or asked.y >= 1 or asked.x + asked.width <= 0
    if outside or asked.y + asked.height <= 0:
        return f"{name} must show something: it lies beyond the edge"
    return None


def _no_size(size_px: tuple[int, int], can: Capabilities) -> str | None:
    asked = f"{size_px[0]}x{size_px[1]}"
    if can.sizes:
        why = size_problem(*size_px)
        return f"size {why}, not {asked}" if why else None
    known = sorted({frame_size(r, p) for r in can.ratios for p in can.resolutions})
    offered = ", ".join(f"{width}x{height}" for width, height in known)
    return f"size must be one of {offered}, not {asked}"


def _not_among(name: str, asked: str, offered: tuple[str, ...]) -> str | None:
    if asked in offered:
        return None
    return f"{name} must be one of {', '.join(offered)}, not {quoted_text(asked)}"


def _no_concept(asked: str, offered: tuple[str, ...]) -> str | None:
    """Refuse a concept, with the one that its writer may mean."""
    if asked in offered:
        return None
    if not offered:
        return "concepts are not possible with this model; say it in the prompt"
    plain = asked.strip().lower().replace(" ", "_").replace("-", "_")
    near = get_close_matches(plain, offered, n=1)
    meant = f"; the nearest is {near[0]}" if near else ""
    return f"concepts must be one of {', '.join(offered)}, not {asked!r}{meant}"


@lru_cache(maxsize=256)
def format_seconds(duration_s: float) -> str:
    """Return a duration as the wire writes it: ``5s``; kept, as each submit compares several."""
    return f"{duration_s:g}s"


def foreign_sources(
    spec: GenerationSpec, can: Capabilities, parents: Sequence[Generation], channel: str
) -> tuple[tuple[str, str], ...]:
    """
    Refuse to go on from what was made elsewhere where an upstream knows only its own.

    Args:
        parents: The generations that *spec* names, as ``spec.parents`` has them.

        channel: The channel whose capabilities *can* are.
    """
    if spec.kind not in can.by_id:
        return ()
    field = "extend" if spec.kind is Kind.VIDEO else "source"
    if spec.source is not None and not spec.source.generation_id:
        return (
            (field, f"{spec.model} can {TASK_NAMES[spec.kind]} only from its own generations here"),
        )
    elsewhere = [one.id for one in parents if _job_at(one, channel) is None]
    if not elsewhere:
        return ()
    told = f"{spec.model} can go on only from what it made itself here"
    return ((field, f"{told}, and {', '.join(elsewhere)} was made elsewhere"),)


def _job_at(generation: Generation, channel: str) -> str | None:
    """Return the id that a channel's upstream knows a generation by, if that made it."""
    made = generation.made_by
    return made.upstream_id if made is not None and made.channel == channel else None
