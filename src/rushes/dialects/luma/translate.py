"""From our own words to the wire; pure functions, no I/O."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Literal, assert_never

from rushes.core.capability_check import format_seconds
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.core.geometry import DEFAULT_RATIO, nearest_ratio
from rushes.core.spec import (
    MEDIA_PREFIX,
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Role,
)
from rushes.dialects.luma import wire
from rushes.dialects.luma.grid import to_bounds

CANCELLED: Final = "Job failed: cancelled by the caller"

Url = Callable[[str], str]
"""Turns a key of the media store into an absolute URL."""

Earlier = Mapping[str, Generation]
"""Generations that others refer to, by id; whoever asks here names files only."""

_REASONS: Final = {"input_unusable": "Failed to read user input frames", "expired": "Expired"}
"""How this API says why, by our code. Source: docs.lumalabs.ai/docs/errors."""

_USUAL_REASON: Final = "Job failed"


def from_generation(
    generation: Generation, *, url: Url, earlier: Earlier | None = None
) -> wire.Generation:
    """Return what this API tells of *generation*, of whatever kind and from whichever dialect."""
    is_video = generation.spec.makes is Medium.VIDEO
    return {
        "id": generation.id,
        "generation_type": "video" if is_video else "image",
        "state": state_word(generation.state),
        "failure_reason": failure_reason(generation),
        "created_at": moment(generation.created_at),
        "assets": _assets(generation, url),
        "model": generation.spec.model,
        "request": _Asked(generation, url, earlier or {}).told(),
    }


def referred_to(generations: Iterable[Generation]) -> list[str]:
    """Return the ids of what *generations* work on or follow, which this API tells as files."""
    specs = [generation.spec for generation in generations]
    shown = [spec.source for spec in specs if spec.kind in {Kind.REFRAME, Kind.MODIFY}]
    sources = [source.generation_id for source in shown if source]
    followed = [r.generation_id for spec in specs if spec.still for r in spec.still.references]
    return list(dict.fromkeys(id_ for id_ in (*sources, *followed) if id_))


def state_word(state: State) -> Literal["queued", "dreaming", "completed", "failed"]:
    """Return this API's word. It has none for cancelled or expired; ``failure_reason`` says it."""
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
    """Return the documented reason and ours after it; None where there is or may be a file."""
    if generation.state is State.CANCELLED:
        return CANCELLED
    if generation.state not in {State.FAILED, State.EXPIRED}:
        return None
    if generation.failure is None:
        return _USUAL_REASON
    reason = _REASONS.get(generation.failure.code, _USUAL_REASON)
    return f"{reason}: {generation.failure.message}"


def moment(at: datetime) -> str:
    """Return a moment in UTC with microseconds, as the documented samples have it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _assets(generation: Generation, url: Url) -> wire.Assets | None:
    """Return the files; None before all of them are there: clients poll until it is an object."""
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


class _Asked:
    """What was asked for: the fields of its kind, as the official libraries type them."""

    def __init__(self, generation: Generation, url: Url, earlier: Earlier) -> None:
        self._generation = generation
        self._spec = generation.spec
        self._url = url
        self._earlier = earlier
        self._prompt = self._spec.prompt  # empty where there is none: ComfyUI reads text only
        self._callback = generation.announce.url if generation.announce else None

    def told(self) -> wire.Request:
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
            "aspect_ratio": ratio(self._generation),
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

    def _frame(self, frame: Keyframe | None) -> wire.FrameTold | None:
        if frame is None:
            return None
        if frame.generation_id is not None:  # its last frame may lie beside it; nobody gave that
            return {"type": "generation", "id": frame.generation_id}
        return {"type": "image", "url": self._link(frame.image) or ""}

    def _picture(self) -> wire.ImageRequest:
        spec = self._spec
        still = spec.still
        of = {
            role: [r for r in (still.references if still else ()) if r.role is role]
            for role in Role
        }
        people = [link for r in of[Role.CHARACTER] if (link := self._followed(r))]
        return {
            "generation_type": "image",
            "model": spec.model,
            "prompt": self._prompt,
            "aspect_ratio": ratio(self._generation),
            "format": still.format if still else "jpg",
            "image_ref": [self._weighed(r) for r in of[Role.CONTENT]] or None,
            "style_ref": [self._weighed(r) for r in of[Role.STYLE]] or None,
            "character_ref": {"identity0": {"images": people}} if people else None,
            "modify_image_ref": next((self._weighed(r) for r in of[Role.MODIFY]), None),
            "callback_url": self._callback,
        }

    def _weighed(self, one: Reference) -> wire.WeighedTold:
        return {"url": self._followed(one), "weight": one.weight}

    def _followed(self, one: Reference) -> str | None:
        if one.generation_id:
            return self._file_of(one.generation_id, *_PICTURES)
        return self._link(one.image)

    def _reframing(self) -> wire.ReframeRequest:
        spec = self._spec
        aspect_ratio = spec.aspect_ratio or DEFAULT_RATIO
        bounds = to_bounds(spec.reframing, aspect_ratio)
        told: wire.ReframeRequest = {
            "generation_type": "reframe_video",
            "media": {"url": self._source()},
            "model": spec.model,
            "prompt": self._prompt,
            "aspect_ratio": aspect_ratio,
            "x_start": bounds.x_start,
            "x_end": bounds.x_end,
            "y_start": bounds.y_start,
            "y_end": bounds.y_end,
            "callback_url": self._callback,
        }
        if spec.makes is Medium.IMAGE:
            told["generation_type"] = "reframe_image"
            told["format"] = spec.still.format if spec.still else "jpg"
        return told

    def _source(self) -> str:
        """Return where the source can be seen; empty for a generation that was removed."""
        source = self._spec.source
        if source is None:
            return ""
        if source.generation_id:
            kinds = (ArtifactKind.VIDEO,) if source.medium is Medium.VIDEO else _PICTURES
            return self._file_of(source.generation_id, *kinds) or ""
        return self._link(source.file) or ""

    def _file_of(self, generation_id: str, *kinds: ArtifactKind) -> str | None:
        generation = self._earlier.get(generation_id)
        found = next(filter(None, map(generation.artifact, kinds)), None) if generation else None
        return self._url(found.key) if found else None

    def _link(self, address: str | None) -> str | None:
        """Return where a file can be seen: what we keep, by a link of ours."""
        if address and address.startswith(MEDIA_PREFIX):
            return self._url(address.removeprefix(MEDIA_PREFIX))
        return address


_PICTURES: Final = (ArtifactKind.IMAGE, ArtifactKind.LAST_FRAME)


def ratio(generation: Generation) -> str | None:
    """
    Return the aspect ratio that was asked for, or that follows from what was.

    None while it is not known: the first picture decides it, and that is fetched by a worker.
    """
    spec = generation.spec
    if spec.aspect_ratio is not None:
        return spec.aspect_ratio
    kind = ArtifactKind.VIDEO if spec.makes is Medium.VIDEO else ArtifactKind.IMAGE
    if (made := generation.artifact(kind)) is not None:
        return nearest_ratio(made.width_px, made.height_px)
    has_pictures = spec.keyframes or (spec.still and spec.still.references)
    return None if has_pictures else DEFAULT_RATIO
