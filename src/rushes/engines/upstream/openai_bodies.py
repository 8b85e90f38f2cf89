"""Write requests for servers of OpenAI's videos API, in the dialect of each server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from rushes.core.capabilities import Capabilities
from rushes.core.errors import PermanentEngineError
from rushes.core.spec import Kind
from rushes.engines.upstream.base import SubmitOrder
from rushes.engines.upstream.picture_inputs import (
    Pictures,
    address_of,
    frame_px,
    part_of,
    ratio_of,
)
from rushes.engines.upstream.request_body import BodyPart

Flavour = Literal["openai", "sglang", "vllm-omni", "fastvideo", "trtllm", "rushes"]
"""
The server behind the API.

Sources: the package openai 3.52.0; the sources and pages of SGLang 0.5.23, vLLM-Omni 0.30,
FastVideo 0.2.1 and trtllm-serve; ``rushes`` is another server of this project.
"""

EXTENDING: Final = frozenset({"openai", "rushes"})
"""The servers that can extend their own videos."""

_WITH_BOTH_ENDS: Final = frozenset({"sglang", "vllm-omni", "rushes"})
"""The servers that accept a first and a last picture. All but ``rushes`` need both at once, for
MiniMax-H3."""

_NAMED_PICTURES: Final = {"sglang": "reference_url", "fastvideo": "reference_url"}
"""The name of the field for a picture's address, if the server has such a field."""

Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A submit: a form, unless there is JSON."""

    path: str = "/videos"
    form: Form = ()
    files: dict[str, BodyPart] = field(default_factory=dict[str, BodyPart])
    json: dict[str, object] | None = None


def request_of(
    order: SubmitOrder,
    *,
    flavour: Flavour,
    can: Capabilities,
    fps: int | None = None,
    pictures: Pictures = "upload",
) -> Request:
    """
    Return the request for an order; reads its files.

    Args:
        fps: The model's frames per second, for servers that need it.

    Raises:
        PermanentEngineError: The server's API cannot express a part of the order.

        InputUnusable: A picture is not there.
    """
    job = order.job
    extends = job.spec.extends is not None or job.earlier_clip is not None
    if problems := list(_problems(order, flavour, extends=extends)):
        raise PermanentEngineError("; ".join(problems))
    if extends:
        return _extension(order)
    if flavour != "rushes" and job.first_image is not None and job.last_image is not None:
        if flavour == "sglang":
            return Request(json=_keyframes(order, can, pictures))
        return Request(form=tuple(_both_ends(order, can, pictures)))
    return _new_video(order, flavour, can, fps, pictures)


def _problems(order: SubmitOrder, flavour: Flavour, *, extends: bool) -> Iterator[str]:
    job, spec = order.job, order.job.spec
    if spec.kind is not Kind.VIDEO:
        yield f"this upstream makes new videos only, not {spec.kind}"
    if spec.loop and (flavour != "rushes" or extends):
        yield "this upstream makes no loop of this"
    if spec.concepts:
        yield "this upstream knows no concepts"
    if spec.leads_to or spec.interpolates or job.later_clip is not None:
        yield "this upstream makes nothing that ends with an earlier video"
    if extends:
        yield from _problems_of_an_extension(order, flavour)
    elif job.last_image is not None:
        if flavour not in _WITH_BOTH_ENDS:
            yield "this upstream takes no last picture"
        elif job.first_image is None and flavour != "rushes":
            yield "this upstream takes a last picture only together with a first one"


def _problems_of_an_extension(order: SubmitOrder, flavour: Flavour) -> Iterator[str]:
    spec = order.job.spec
    if flavour not in EXTENDING:
        yield "this upstream extends no video"
    elif spec.extends is None or spec.extends not in order.ids:
        yield "this upstream extends only what it made itself"
    for name, given in (
        ("last picture", order.job.last_image),
        ("seed", spec.seed),
        ("negative prompt", spec.negative_prompt),
    ):
        if given is not None:
            yield f"this upstream takes no {name} where it extends a video"


def _extension(order: SubmitOrder) -> Request:
    earlier = order.ids[order.job.spec.extends or ""]
    form = (
        ("prompt", order.job.prompt),
        ("seconds", f"{order.job.spec.duration_s:g}"),
        ("video[id]", earlier),
    )
    return Request(path="/videos/extensions", form=form)


def _new_video(
    order: SubmitOrder, flavour: Flavour, can: Capabilities, fps: int | None, pictures: Pictures
) -> Request:
    job = order.job
    width_px, height_px = frame_px(job, can)
    form = [
        *_common_fields(order),
        ("size", f"{width_px}x{height_px}"),
        ("seconds", f"{job.spec.duration_s:g}"),
    ]
    if fps is not None:
        # The models of these servers count the first and the last frame.
        frames = round(job.spec.duration_s * fps) + 1
        form += [("fps", str(fps)), ("num_frames", str(frames))]
    if flavour == "rushes":
        form += _own_fields(order)
    files: dict[str, BodyPart] = {}
    for picture, name in ((job.first_image, "input_reference"), (job.last_image, "last_reference")):
        if picture is None:
            continue
        if pictures == "upload" or (pictures == "url" and picture not in order.urls):
            files[name] = part_of(picture, f"{picture.stem}.png")
        else:
            form.append(_picture(address_of(picture, order, pictures=pictures), flavour, name))
    return Request(form=tuple(form), files=files)


def _own_fields(order: SubmitOrder) -> Iterator[tuple[str, str]]:
    """Yield the fields that only our own server takes."""
    if order.callback_url is not None:
        yield "callback_url", order.callback_url
    if order.job.spec.loop:
        yield "loop", "true"


def _picture(address: str, flavour: Flavour, name: str) -> tuple[str, str]:
    if flavour == "vllm-omni":
        return "image_reference", json.dumps({"image_url": address})
    return _NAMED_PICTURES.get(flavour, f"{name}[image_url]"), address


def _common_fields(order: SubmitOrder) -> Iterator[tuple[str, str]]:
    spec = order.job.spec
    yield "prompt", order.job.prompt
    if order.model:
        yield "model", order.model
    if spec.seed is not None:
        yield "seed", str(spec.seed)
    if spec.negative_prompt is not None:
        yield "negative_prompt", spec.negative_prompt


def _ends(order: SubmitOrder, pictures: Pictures) -> Iterator[tuple[int, str]]:
    for index, picture in ((0, order.job.first_image), (-1, order.job.last_image)):
        if picture is not None:
            yield index, address_of(picture, order, pictures=pictures)


def _keyframes(order: SubmitOrder, can: Capabilities, pictures: Pictures) -> dict[str, object]:
    """Return SGLang's body for MiniMax-H3, whose fields no form can express."""
    seed = order.job.spec.seed
    return {
        **dict(_common_fields(order)),
        **({} if seed is None else {"seed": seed}),
        "task": "fl2va",
        "conditions": [
            {"type": "image", "uri": address, "role": "keyframe", "frame_index": index}
            for index, address in _ends(order, pictures)
        ],
        "target": {
            "short_edge": min(frame_px(order.job, can)),
            "aspect_ratio": ratio_of(order.job, can),
            "duration_seconds": order.job.spec.duration_s,
        },
    }


def _both_ends(
    order: SubmitOrder, can: Capabilities, pictures: Pictures
) -> Iterator[tuple[str, str]]:
    """Yield vLLM-Omni's fields for MiniMax-H3."""
    ends = dict(_ends(order, pictures))
    duration_s = order.job.spec.duration_s
    duration = int(duration_s) if duration_s.is_integer() else duration_s
    extra = {"task": "fl2va", "duration": duration, "frame_indices": list(ends)}
    yield from _common_fields(order)
    yield "image_reference", json.dumps([{"image_url": address} for address in ends.values()])
    yield "extra_params", json.dumps(extra)
    yield "aspect_ratio", ratio_of(order.job, can)
    yield "short_edge", str(min(frame_px(order.job, can)))
