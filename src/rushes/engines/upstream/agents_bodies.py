"""Write the request bodies of Luma's Agents API."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import PermanentEngineError
from rushes.core.spec import GenerationSpec, Kind, Medium, Position, Role
from rushes.engines.base import Job, ReferencePicture
from rushes.engines.upstream.base import SubmitOrder
from rushes.engines.upstream.picture_inputs import ratio_of

Ref = Mapping[str, str]
"""The API's reference to a file: by ``url``, ``data`` with ``media_type``, or ``file_id``."""

Body = dict[str, object]

_DURATIONS: Final = {5.0: "5s", 10.0: "10s"}
_LAST_OF_LONG: Final = 240
"""The number of the last frame of ten seconds; such videos take pictures only by number."""

_PLAIN: Final = frozenset({0.5, 1.0})
"""Weights that mean no more than that there is a reference."""


def files_of(order: SubmitOrder) -> Iterator[Path]:
    """Yield each file that must be passed: those without an id at the upstream."""
    job, spec = order.job, order.job.spec
    if spec.kind is Kind.VIDEO:
        for position, picture in _ends(job):
            if picture is not None and _earlier(spec, position) is None:
                yield picture
        return
    if spec.source is not None and job.source is not None and _id_of_source(order) is None:
        yield job.source
    for place, guide in enumerate(job.guides):
        if _id_of_reference(order, place) is None:
            yield guide.image


def body_of(order: SubmitOrder, *, can: Capabilities, refs: Mapping[Path, Ref]) -> Body:
    """
    Return the body of an order.

    Args:
        refs: The reference to each of :func:`files_of`.

    Raises:
        PermanentEngineError: The API cannot express a part of the order.

        InputUnusable: A picture is not there.
    """
    if problems := list(_problems(order)):
        raise PermanentEngineError("; ".join(problems))
    body: Body = {"prompt": order.job.prompt}
    if order.model:
        body["model"] = order.model
    match order.job.spec.kind:
        case Kind.IMAGE:
            return body | _picture(order, refs)
        case Kind.REFRAME:
            return body | _reframed(order, refs)
        case Kind.MODIFY:
            return body | _edited(order, refs)
        case _:
            return body | _video(order, can, refs)


def _problems(order: SubmitOrder) -> Iterator[str]:
    spec = order.job.spec
    for name, given in (
        ("seed", spec.seed is not None),
        ("negative prompt", spec.negative_prompt is not None),
        ("concepts", bool(spec.concepts)),
        ("size in pixels", spec.size_px is not None),
    ):
        if given:
            yield f"this upstream takes no {name}"
    if not order.job.prompt:
        yield "this upstream needs a prompt"
    match spec.kind:
        case Kind.VIDEO:
            yield from _problems_of_a_video(order)
        case Kind.IMAGE:
            yield from _problems_of_a_picture(order.job.guides)
        case Kind.REFRAME:
            if spec.makes is not Medium.VIDEO:
                yield "this upstream reframes videos only"
            if spec.reframing is not None and spec.reframing.crop is not None:
                yield "this upstream crops no source"
        case Kind.MODIFY:
            pass
        case _:
            yield f"this upstream does no {spec.kind}"


def _problems_of_a_video(order: SubmitOrder) -> Iterator[str]:
    job, spec = order.job, order.job.spec
    if spec.duration_s not in _DURATIONS:
        yield f"this upstream makes 5 or 10 seconds, not {spec.duration_s:g}"
    earlier = {p: name for p in Position if (name := _earlier(spec, p)) is not None}
    is_of_elsewhere = job.earlier_clip is not None and Position.FIRST not in earlier
    if is_of_elsewhere or any(name not in order.ids for name in earlier.values()):
        yield "this upstream continues only videos that it made itself"
    if len(earlier) > 1:
        yield "this upstream makes nothing between two videos"
    if earlier and spec.duration_s == 10.0:
        yield "this upstream extends a video by 5 seconds, not 10"
    if spec.loop and (spec.duration_s == 10.0 or job.last_image is not None):
        yield "this upstream loops only 5 seconds without a last picture"


def _problems_of_a_picture(guides: tuple[ReferencePicture, ...]) -> Iterator[str]:
    for role in {guide.role for guide in guides} - {Role.CONTENT, Role.MODIFY}:
        yield f"this upstream takes no {role} reference"
    if sum(guide.role is Role.MODIFY for guide in guides) > 1:
        yield "this upstream changes one picture at a time"
    if any(guide.weight not in _PLAIN for guide in guides):
        yield "this upstream takes no weight of a reference"


def _ends(job: Job) -> tuple[tuple[Position, Path | None], ...]:
    return (Position.FIRST, job.first_image), (Position.LAST, job.last_image)


def _earlier(spec: GenerationSpec, position: Position) -> str | None:
    """Return our id of the video that is pinned there, if one is."""
    keyframe = spec.keyframe(position)
    return keyframe.generation_id if keyframe else None


def _video(order: SubmitOrder, can: Capabilities, refs: Mapping[Path, Ref]) -> Body:
    job, spec = order.job, order.job.spec
    frames: dict[Position, Ref] = {}
    for position, picture in _ends(job):
        earlier = _earlier(spec, position)
        if earlier is not None:
            frames[position] = {"generation_id": order.ids[earlier]}
        elif picture is not None:
            frames[position] = refs[picture]
    options: Body = {"duration": _DURATIONS[spec.duration_s]}
    if spec.resolution:
        options["resolution"] = spec.resolution
    if spec.loop:
        options["loop"] = True
    if spec.duration_s == 10.0 and frames:
        index = {Position.FIRST: 0, Position.LAST: _LAST_OF_LONG}
        options["keyframes"] = list(frames.values())
        options["keyframe_indexes"] = [index[position] for position in frames]
    else:
        names = {Position.FIRST: "start_frame", Position.LAST: "end_frame"}
        options |= {names[position]: ref for position, ref in frames.items()}
    return {"type": "video", "aspect_ratio": ratio_of(job, can), "video": options}


def _picture(order: SubmitOrder, refs: Mapping[Path, Ref]) -> Body:
    spec = order.job.spec
    is_png = spec.still is not None and spec.still.format == "png"
    body: Body = {"type": "image", "output_format": "png" if is_png else "jpeg"}
    if spec.aspect_ratio is not None:
        body["aspect_ratio"] = spec.aspect_ratio
    named: list[Ref] = []
    for place, guide in enumerate(order.job.guides):
        known = _id_of_reference(order, place)
        ref: Ref = {"generation_id": known} if known else refs[guide.image]
        if guide.role is Role.MODIFY:
            body |= {"type": "image_edit", "source": ref}
        else:
            named.append(ref)
    return body | ({"image_ref": named} if named else {})


def _reframed(order: SubmitOrder, refs: Mapping[Path, Ref]) -> Body:
    options = _of_the_source(order)
    reframing = order.job.spec.reframing
    if reframing is not None and (at := reframing.placement) is not None:
        options["source_position"] = {
            "x_norm": at.x,
            "y_norm": at.y,
            "w_norm": at.width,
            "h_norm": at.height,
        }
    return _on_the_source("video_reframe", order, refs, options)


def _edited(order: SubmitOrder, refs: Mapping[Path, Ref]) -> Body:
    options = _of_the_source(order)
    if order.job.spec.mode is not None:
        options["edit"] = {"strength": order.job.spec.mode}
    return _on_the_source("video_edit", order, refs, options)


def _of_the_source(order: SubmitOrder) -> Body:
    resolution = order.job.spec.resolution
    return {"resolution": resolution} if resolution else {}


def _on_the_source(kind: str, order: SubmitOrder, refs: Mapping[Path, Ref], options: Body) -> Body:
    known, source = _id_of_source(order), order.job.source
    if known is not None:
        ref: Ref = {"generation_id": known}
    elif source is not None:
        ref = refs[source]
    else:
        raise PermanentEngineError("there is no source to edit")
    body: Body = {"type": kind, "source": ref}
    if order.job.spec.aspect_ratio is not None:
        body["aspect_ratio"] = order.job.spec.aspect_ratio
    return body | ({"video": options} if options else {})


def _id_of_source(order: SubmitOrder) -> str | None:
    source = order.job.spec.source
    return order.ids.get(source.generation_id or "") if source else None


def _id_of_reference(order: SubmitOrder, place: int) -> str | None:
    still = order.job.spec.still
    references = still.references if still else ()
    if place >= len(references):
        return None
    return order.ids.get(references[place].generation_id or "")
