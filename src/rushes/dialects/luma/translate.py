"""Translate generations into the Dream Machine API's replies; pure functions, no I/O."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, assert_never

from rushes.core.capability_check import format_seconds
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.geometry import DEFAULT_RATIO
from rushes.core.spec import (
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Role,
)
from rushes.dialects.luma import wire
from rushes.dialects.luma.grid import to_bounds
from rushes.dialects.shared import states
from rushes.dialects.shared.files import PICTURES, aspect_ratio, public_address
from rushes.dialects.shared.timestamps import rfc3339
from rushes.http.gateway import MediaUrl

CANCELLED: Final = f"Job failed: {states.CANCELLED}"

Earlier = Mapping[str, Generation]
"""The generations that others refer to, by id: this API shows references as files."""

_REASONS: Final = {"input_unusable": "Failed to read user input frames", "expired": "Expired"}
"""This API's reasons by our error codes. Source: docs.lumalabs.ai/docs/errors."""

_DEFAULT_REASON: Final = "Job failed"


def from_generation(
    generation: Generation, *, url: MediaUrl, earlier: Earlier | None = None
) -> wire.Generation:
    """Return *generation*, of any kind and from any dialect, as a reply."""
    is_video = generation.spec.makes is Medium.VIDEO
    return {
        "id": generation.id,
        "generation_type": "video" if is_video else "image",
        "state": state_word(generation.state),
        "failure_reason": failure_reason(generation),
        "created_at": rfc3339(generation.created_at),
        "assets": _assets(generation, url),
        "model": generation.spec.model,
        "request": _Request(generation, url, earlier or {}).view(),
    }


def referenced_ids(generations: Iterable[Generation]) -> list[str]:
    """Return the ids of the generations that *generations* refer to and this API shows as files."""
    specs = [generation.spec for generation in generations]
    shown = [spec.source for spec in specs if spec.kind in {Kind.REFRAME, Kind.MODIFY}]
    sources = [source.generation_id for source in shown if source]
    references = [r.generation_id for spec in specs if spec.still for r in spec.still.references]
    return list(dict.fromkeys(id_ for id_ in (*sources, *references) if id_))


def state_word(state: State) -> Literal["queued", "dreaming", "completed", "failed"]:
    """Return this API's word; cancelled and expired are failed, as ``failure_reason`` says."""
    match state:
        case State.QUEUED:
            return "queued"
        case State.RUNNING:
            return "dreaming"
        case State.COMPLETED:
            return "completed"
        case State.FAILED | State.CANCELLED | State.EXPIRED:
            return "failed"
        case _:
            assert_never(state)


def failure_reason(generation: Generation) -> str | None:
    """Return the documented reason followed by ours; None when there is or may be a file."""
    if generation.state is State.CANCELLED:
        return CANCELLED
    if generation.state not in {State.FAILED, State.EXPIRED}:
        return None
    if generation.failure is None:
        return _DEFAULT_REASON
    reason = _REASONS.get(generation.failure.code, _DEFAULT_REASON)
    return f"{reason}: {generation.failure.message}"


def _assets(generation: Generation, url: MediaUrl) -> wire.Assets | None:
    """Return the files; None until all of them exist, since clients poll until it is an object."""
    if generation.state is not State.COMPLETED:
        return None
    video = generation.artifact(ArtifactKind.VIDEO)
    kinds = (ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME) if video else (ArtifactKind.IMAGE,)
    image = next(filter(None, map(generation.artifact, kinds)), None)
    return {
        "video": url(video.key) if video else None,
        "image": url(image.key) if image else None,
        "progress_video": None,
    }


class _Request:
    """The request of a generation: the fields of its kind, as the official libraries type them."""

    def __init__(self, generation: Generation, url: MediaUrl, earlier: Earlier) -> None:
        self._generation = generation
        self._spec = generation.spec
        self._url = url
        self._earlier = earlier
        self._prompt = self._spec.prompt  # empty if there is none: ComfyUI reads text only
        self._callback = generation.announce.url if generation.announce else None

    def view(self) -> wire.Request:
        spec = self._spec
        match spec.kind:
            case Kind.VIDEO:
                return self._video()
            case Kind.IMAGE:
                return self._picture()
            case Kind.UPSCALE:
                return {
                    "generation_type": "upscale_video",
                    "resolution": spec.resolution,
                    "callback_url": self._callback,
                }
            case Kind.AUDIO:
                return {
                    "generation_type": "add_audio",
                    "prompt": self._prompt,
                    "negative_prompt": spec.negative_prompt,
                    "callback_url": self._callback,
                }
            case Kind.REFRAME:
                return self._reframing()
            case Kind.MODIFY:
                return {
                    "generation_type": "modify_video",
                    "media": {"url": self._source()},
                    "mode": spec.mode or "",
                    "model": spec.model,
                    "prompt": self._prompt,
                    "callback_url": self._callback,
                }
            case _:
                assert_never(spec.kind)

    def _video(self) -> wire.VideoRequest:
        spec = self._spec
        return {
            "generation_type": "video",
            "prompt": self._prompt,
            "aspect_ratio": aspect_ratio(self._generation),
            "loop": spec.loop,
            "keyframes": {
                "frame0": self._frame(spec.keyframe(Position.FIRST)),
                "frame1": self._frame(spec.keyframe(Position.LAST)),
            }
            if spec.keyframes
            else None,
            "callback_url": self._callback,
            "model": spec.model,
            "resolution": spec.resolution,
            "duration": format_seconds(spec.duration_s),
            "concepts": [{"key": key} for key in spec.concepts] or None,
        }

    def _frame(self, frame: Keyframe | None) -> wire.FrameView | None:
        if frame is None:
            return None
        if (
            frame.generation_id is not None
        ):  # the image beside it is its last frame, which the caller did not send
            return {"type": "generation", "id": frame.generation_id}
        return {"type": "image", "url": self._address(frame.image) or ""}

    def _picture(self) -> wire.ImageRequest:
        spec = self._spec
        still = spec.still
        of = {
            role: [r for r in (still.references if still else ()) if r.role is role]
            for role in Role
        }
        characters = [link for r in of[Role.CHARACTER] if (link := self._reference(r))]
        return {
            "generation_type": "image",
            "model": spec.model,
            "prompt": self._prompt,
            "aspect_ratio": aspect_ratio(self._generation),
            "format": still.format if still else "jpg",
            "image_ref": [self._weighted(r) for r in of[Role.CONTENT]] or None,
            "style_ref": [self._weighted(r) for r in of[Role.STYLE]] or None,
            "character_ref": {"identity0": {"images": characters}} if characters else None,
            "modify_image_ref": next((self._weighted(r) for r in of[Role.MODIFY]), None),
            "callback_url": self._callback,
        }

    def _weighted(self, one: Reference) -> wire.WeightedView:
        return {"url": self._reference(one), "weight": one.weight}

    def _reference(self, one: Reference) -> str | None:
        if one.generation_id:
            return self._file_of(one.generation_id, *PICTURES)
        return self._address(one.image)

    def _reframing(self) -> wire.ReframeRequest:
        spec = self._spec
        ratio = spec.aspect_ratio or DEFAULT_RATIO
        bounds = to_bounds(spec.reframing, ratio)
        view: wire.ReframeRequest = {
            "generation_type": "reframe_video",
            "media": {"url": self._source()},
            "model": spec.model,
            "prompt": self._prompt,
            "aspect_ratio": ratio,
            "x_start": bounds.x_start,
            "x_end": bounds.x_end,
            "y_start": bounds.y_start,
            "y_end": bounds.y_end,
            "callback_url": self._callback,
        }
        if spec.makes is Medium.IMAGE:
            view["generation_type"] = "reframe_image"
            view["format"] = spec.still.format if spec.still else "jpg"
        return view

    def _source(self) -> str:
        """Return the URL of the source; empty for a generation that was deleted."""
        source = self._spec.source
        if source is None:
            return ""
        if source.generation_id:
            kinds = (ArtifactKind.VIDEO,) if source.medium is Medium.VIDEO else PICTURES
            return self._file_of(source.generation_id, *kinds) or ""
        return self._address(source.file) or ""

    def _file_of(self, generation_id: str, *kinds: ArtifactKind) -> str | None:
        generation = self._earlier.get(generation_id)
        found = next(filter(None, map(generation.artifact, kinds)), None) if generation else None
        return self._url(found.key) if found else None

    def _address(self, address: str | None) -> str | None:
        return public_address(address, self._url)
