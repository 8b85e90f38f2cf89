"""Check a request against the rules of the Agents API and the limits of the engines here."""

from collections.abc import Iterator
from typing import Final

from rushes.dialects.luma_agents.wire import (
    MOST_REFERENCES,
    VIDEO_RATIOS,
    VIDEO_TYPES,
    CreateGeneration,
    Edit,
    ImageRef,
    VideoOptions,
)
from rushes.kit.quoting import quoted, quoted_text

Problem = tuple[str, str]
"""The name of a field and a sentence that begins with that name."""

FRAMES_PER_S: Final = 24
_LONGEST_LAYERING_PROMPT: Final = 500
_NEEDS_SOURCE: Final = ("image_edit", "video_edit", "video_reframe", "layering")


def last_index(options: VideoOptions) -> int:
    """Return the index of the last frame, as ``keyframe_indexes`` count."""
    return FRAMES_PER_S * (10 if options.duration == "10s" else 5)


def problems(body: CreateGeneration) -> Iterator[Problem]:
    """Yield every rule that a request breaks, without looking at the files that it refers to."""
    yield from _check_model(body)
    yield from _check_source(body)
    if body.type in VIDEO_TYPES:
        yield from _check_video_type(body)
    else:
        yield from _check_picture_type(body)
    if body.style != "auto":
        yield "style", f"style must be auto: no engine here draws {body.style}"
    if body.web_search:
        yield "web_search", "web_search is not possible: no engine here searches the web"
    yield from _check_layering(body)


def _check_model(body: CreateGeneration) -> Iterator[Problem]:
    if body.model is None:
        return
    if body.type in VIDEO_TYPES and body.model != "ray-3.2":
        yield "model", f"model must be ray-3.2 for type {body.type}, not {body.model}"
    if body.type not in VIDEO_TYPES and body.model == "ray-3.2":
        yield "model", f"model must be uni-1 or uni-1-max for type {body.type}, not ray-3.2"


def _check_source(body: CreateGeneration) -> Iterator[Problem]:
    source = body.source
    if body.type not in _NEEDS_SOURCE:
        if source is not None:
            yield "source", f"source is for {', '.join(_NEEDS_SOURCE)}, not for type {body.type}"
        return
    if source is None:
        yield "source", f"source is required for type {body.type}"
    elif body.type in VIDEO_TYPES:
        yield from _check_video_source(source)
    else:
        yield from _check_picture(source, "source")


def _check_video_source(source: ImageRef) -> Iterator[Problem]:
    has_file = source.url is not None or source.data is not None
    if has_file and not (source.media_type or "").startswith("video/"):
        rule = "source.media_type must be that of a video, such as video/mp4"
        yield "source.media_type", f"{rule}, not {quoted(source.media_type)}"


def _check_picture(ref: ImageRef, name: str) -> Iterator[Problem]:
    if ref.media_type is not None and not ref.media_type.startswith("image/"):
        rule = f"{name}.media_type must be that of an image, such as image/png"
        yield f"{name}.media_type", f"{rule}, not {quoted(ref.media_type)}"


def _check_picture_type(body: CreateGeneration) -> Iterator[Problem]:
    if body.video is not None:
        yield "video", f"video is for {', '.join(VIDEO_TYPES)}, not for type {body.type}"
    refs = body.image_ref or []
    most = MOST_REFERENCES.get(body.type, 0)
    if len(refs) > most:
        yield "image_ref", f"image_ref may have at most {most} for {body.type}, not {len(refs)}"
    for order, ref in enumerate(refs):
        yield from _check_picture(ref, f"image_ref.{order}")


def _check_layering(body: CreateGeneration) -> Iterator[Problem]:
    if body.type != "layering":
        if body.layering is not None:
            yield "layering", f"layering is for type layering, not for type {body.type}"
        return
    if body.model == "uni-1-max":
        yield "model", "model must be uni-1 for type layering"
    if len(body.prompt) > _LONGEST_LAYERING_PROMPT:
        yield "prompt", f"prompt may have at most {_LONGEST_LAYERING_PROMPT} characters to layer"
    yield "type", "type layering is not possible: no engine here takes a picture apart"


def _check_video_type(body: CreateGeneration) -> Iterator[Problem]:
    options = body.video or VideoOptions()
    if body.aspect_ratio is not None and body.aspect_ratio not in VIDEO_RATIOS:
        offered = ", ".join(VIDEO_RATIOS)
        rule = f"aspect_ratio must be one of {offered} for a video"
        yield "aspect_ratio", f"{rule}, not {quoted_text(body.aspect_ratio)}"
    for name, value in (("image_ref", body.image_ref), ("output_format", body.output_format)):
        if value:
            yield name, f"{name} is for pictures, not for type {body.type}"
    if options.edit is not None:
        yield from _check_edit(options.edit, body.type)
    if options.source_position is not None and body.type != "video_reframe":
        name = "video.source_position"
        yield name, f"{name} is for type video_reframe, not for type {body.type}"
    yield from _check_hdr(options, body.type)
    if body.type == "video":
        yield from _check_new_video(options)
    else:
        yield from _check_existing_video(options, body.type)


def _check_hdr(options: VideoOptions, kind: str) -> Iterator[Problem]:
    if options.exr_export and not options.hdr:
        yield "video.exr_export", "video.exr_export needs video.hdr"
    if not options.hdr:
        return
    if kind == "video_reframe":
        yield "video.hdr", "video.hdr is not for type video_reframe"
    if options.resolution in {"360p", "540p"}:
        yield "video.hdr", f"video.hdr needs 720p or 1080p, not {options.resolution}"
    if options.duration == "10s" and options.keyframes is None:
        yield "video.hdr", "video.hdr needs a duration of 5s, not 10s"
    yield "video.hdr", "video.hdr is not possible: no engine here makes HDR video"


def _check_existing_video(options: VideoOptions, kind: str) -> Iterator[Problem]:
    """Refuse the options of a new video where the request works on an existing one."""
    if options.duration is not None:
        name = "video.duration"
        yield name, f"{name} cannot be set for type {kind}: it is that of the source"
    for name in ("start_frame", "end_frame", "keyframes", "keyframe_indexes", "loop"):
        if getattr(options, name):
            yield f"video.{name}", f"video.{name} is for type video, not for type {kind}"


def _check_edit(edit: Edit, kind: str) -> Iterator[Problem]:
    if kind != "video_edit":
        yield "video.edit", f"video.edit is for type video_edit, not for type {kind}"
        return
    for name in ("auto_controls", "controls", "keyframes", "keyframe_indexes"):
        if getattr(edit, name) is not None:
            field = f"video.edit.{name}"
            yield field, f"{field} is not possible: no engine here follows it"


def _check_new_video(options: VideoOptions) -> Iterator[Problem]:
    if options.loop:
        for name, value in (
            ("video.duration 10s", options.duration == "10s"),
            ("video.hdr", options.hdr),
            ("video.end_frame", options.end_frame),
            ("video.keyframes", options.keyframes),
        ):
            if value:
                yield "video.loop", f"video.loop is not possible with {name}"
    for name in ("start_frame", "end_frame"):
        frame: ImageRef | None = getattr(options, name)
        if frame is None:
            continue
        yield from _check_picture(frame, f"video.{name}")
        if options.duration == "10s":
            rule = f"video.{name} is not possible with video.duration 10s; video.keyframes is"
            yield f"video.{name}", rule
        if options.keyframes is not None:
            yield "video.keyframes", f"video.keyframes cannot be given with video.{name}"
    yield from _check_keyframes(options)


def _check_keyframes(options: VideoOptions) -> Iterator[Problem]:
    frames, indexes = options.keyframes or [], options.keyframe_indexes or []
    for order, frame in enumerate(frames):
        yield from _check_picture(frame, f"video.keyframes.{order}")
    name = "video.keyframe_indexes"
    if len(frames) != len(indexes):
        rule = f"{name} must be as many as video.keyframes"
        yield name, f"{rule}, {len(frames)}, not {len(indexes)}"
    if len(set(indexes)) != len(indexes):
        yield name, f"{name} must all be different"
    last = last_index(options)
    beyond = [index for index in indexes if index > last]
    if beyond:
        yield name, f"{name} must be 0 to {last} for this duration, not {_listed(beyond)}"
    between = [index for index in indexes if 0 < index < last]
    if between:
        rule = f"{name} must be 0 or {last}, not {_listed(between)}"
        yield name, f"{rule}: no engine here pins a picture anywhere but to the ends"


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
