"""What the API forbids, and what of it no engine here can do; told field by field. Pure."""

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
"""A field and a sentence about it that begins with its name."""

FRAMES_PER_S: Final = 24
_LONGEST_LAYERING_PROMPT: Final = 500
_NEEDS_SOURCE: Final = ("image_edit", "video_edit", "video_reframe", "layering")


def last_index(options: VideoOptions) -> int:
    """Return the number of the last frame, on the grid that ``keyframe_indexes`` count on."""
    return FRAMES_PER_S * (10 if options.duration == "10s" else 5)


def problems(asked: CreateGeneration) -> Iterator[Problem]:
    """Yield what is wrong with a request by itself, whatever it refers to."""
    yield from _of_the_model(asked)
    yield from _of_the_source(asked)
    if asked.type in VIDEO_TYPES:
        yield from _of_any_video(asked)
    else:
        yield from _of_any_picture(asked)
    if asked.style != "auto":
        yield "style", f"style must be auto: no engine here draws {asked.style}"
    if asked.web_search:
        yield "web_search", "web_search is not possible: no engine here searches the web"
    yield from _of_layering(asked)


def _of_the_model(asked: CreateGeneration) -> Iterator[Problem]:
    if asked.model is None:
        return
    if asked.type in VIDEO_TYPES and asked.model != "ray-3.2":
        yield "model", f"model must be ray-3.2 for type {asked.type}, not {asked.model}"
    if asked.type not in VIDEO_TYPES and asked.model == "ray-3.2":
        yield "model", f"model must be uni-1 or uni-1-max for type {asked.type}, not ray-3.2"


def _of_the_source(asked: CreateGeneration) -> Iterator[Problem]:
    source = asked.source
    if asked.type not in _NEEDS_SOURCE:
        if source is not None:
            yield "source", f"source is for {', '.join(_NEEDS_SOURCE)}, not for type {asked.type}"
        return
    if source is None:
        yield "source", f"source is required for type {asked.type}"
    elif asked.type in VIDEO_TYPES:
        yield from _of_a_video_source(source)
    else:
        yield from _of_a_picture(source, "source")


def _of_a_video_source(source: ImageRef) -> Iterator[Problem]:
    is_told = source.url is not None or source.data is not None
    if is_told and not (source.media_type or "").startswith("video/"):
        told = "source.media_type must be that of a video, such as video/mp4"
        yield "source.media_type", f"{told}, not {quoted(source.media_type)}"


def _of_a_picture(ref: ImageRef, name: str) -> Iterator[Problem]:
    if ref.media_type is not None and not ref.media_type.startswith("image/"):
        told = f"{name}.media_type must be that of an image, such as image/png"
        yield f"{name}.media_type", f"{told}, not {quoted(ref.media_type)}"


def _of_any_picture(asked: CreateGeneration) -> Iterator[Problem]:
    if asked.video is not None:
        yield "video", f"video is for {', '.join(VIDEO_TYPES)}, not for type {asked.type}"
    refs = asked.image_ref or []
    most = MOST_REFERENCES.get(asked.type, 0)
    if len(refs) > most:
        yield "image_ref", f"image_ref may have at most {most} for {asked.type}, not {len(refs)}"
    for order, ref in enumerate(refs):
        yield from _of_a_picture(ref, f"image_ref.{order}")


def _of_layering(asked: CreateGeneration) -> Iterator[Problem]:
    if asked.type != "layering":
        if asked.layering is not None:
            yield "layering", f"layering is for type layering, not for type {asked.type}"
        return
    if asked.model == "uni-1-max":
        yield "model", "model must be uni-1 for type layering"
    if len(asked.prompt) > _LONGEST_LAYERING_PROMPT:
        yield "prompt", f"prompt may have at most {_LONGEST_LAYERING_PROMPT} characters to layer"
    yield "type", "type layering is not possible: no engine here takes a picture apart"


def _of_any_video(asked: CreateGeneration) -> Iterator[Problem]:
    options = asked.video or VideoOptions()
    if asked.aspect_ratio is not None and asked.aspect_ratio not in VIDEO_RATIOS:
        offered = ", ".join(VIDEO_RATIOS)
        told = f"aspect_ratio must be one of {offered} for a video"
        yield "aspect_ratio", f"{told}, not {quoted_text(asked.aspect_ratio)}"
    for name, given in (("image_ref", asked.image_ref), ("output_format", asked.output_format)):
        if given:
            yield name, f"{name} is for pictures, not for type {asked.type}"
    if options.edit is not None:
        yield from _of_an_edit(options.edit, asked.type)
    if options.source_position is not None and asked.type != "video_reframe":
        name = "video.source_position"
        yield name, f"{name} is for type video_reframe, not for type {asked.type}"
    yield from _of_high_range(options, asked.type)
    if asked.type == "video":
        yield from _of_a_new_video(options)
    else:
        yield from _of_an_old_video(options, asked.type)


def _of_high_range(options: VideoOptions, kind: str) -> Iterator[Problem]:
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


def _of_an_old_video(options: VideoOptions, kind: str) -> Iterator[Problem]:
    """Refuse what makes no sense where a video is there already."""
    if options.duration is not None:
        name = "video.duration"
        yield name, f"{name} cannot be asked of type {kind}: it is that of the source"
    for name in ("start_frame", "end_frame", "keyframes", "keyframe_indexes", "loop"):
        if getattr(options, name):
            yield f"video.{name}", f"video.{name} is for type video, not for type {kind}"


def _of_an_edit(edit: Edit, kind: str) -> Iterator[Problem]:
    if kind != "video_edit":
        yield "video.edit", f"video.edit is for type video_edit, not for type {kind}"
        return
    for name in ("auto_controls", "controls", "keyframes", "keyframe_indexes"):
        if getattr(edit, name) is not None:
            told = f"video.edit.{name}"
            yield told, f"{told} is not possible: no engine here follows it"


def _of_a_new_video(options: VideoOptions) -> Iterator[Problem]:
    if options.loop:
        for name, given in (
            ("video.duration 10s", options.duration == "10s"),
            ("video.hdr", options.hdr),
            ("video.end_frame", options.end_frame),
            ("video.keyframes", options.keyframes),
        ):
            if given:
                yield "video.loop", f"video.loop is not possible with {name}"
    for name in ("start_frame", "end_frame"):
        frame: ImageRef | None = getattr(options, name)
        if frame is None:
            continue
        yield from _of_a_picture(frame, f"video.{name}")
        if options.duration == "10s":
            told = f"video.{name} is not possible with video.duration 10s; video.keyframes is"
            yield f"video.{name}", told
        if options.keyframes is not None:
            yield "video.keyframes", f"video.keyframes cannot be given with video.{name}"
    yield from _of_keyframes(options)


def _of_keyframes(options: VideoOptions) -> Iterator[Problem]:
    frames, indexes = options.keyframes or [], options.keyframe_indexes or []
    for order, frame in enumerate(frames):
        yield from _of_a_picture(frame, f"video.keyframes.{order}")
    name = "video.keyframe_indexes"
    if len(frames) != len(indexes):
        told = f"{name} must be as many as video.keyframes"
        yield name, f"{told}, {len(frames)}, not {len(indexes)}"
    if len(set(indexes)) != len(indexes):
        yield name, f"{name} must all be different"
    last = last_index(options)
    beyond = [index for index in indexes if index > last]
    if beyond:
        yield name, f"{name} must be 0 to {last} for this duration, not {_listed(beyond)}"
    between = [index for index in indexes if 0 < index < last]
    if between:
        told = f"{name} must be 0 or {last}, not {_listed(between)}"
        yield name, f"{told}: no engine here pins a picture anywhere but to the ends"


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
