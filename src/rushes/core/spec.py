"""Define a generation request in the server's own terms; every dialect translates into it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rushes.core.shot_plan import ShotPlan

MEDIA_PREFIX: Final = "media:"
"""The prefix of an image that is a key of the media store."""


class Kind(StrEnum):
    """The kind of work."""

    VIDEO = "video"
    """Make a clip from a prompt and keyframes. Keyframes also express extend and interpolate."""

    IMAGE = "image"
    """Make a still picture from a prompt and reference pictures."""

    UPSCALE = "upscale"
    """Enlarge a finished video."""

    AUDIO = "audio"
    """Add sound to a finished video."""

    REFRAME = "reframe"
    """Change the shape of a video or picture."""

    MODIFY = "modify"
    """Change a video according to a prompt."""


class Medium(StrEnum):
    """The type of a file: a video or a picture."""

    VIDEO = "video"
    IMAGE = "image"


class Position(StrEnum):
    """The end of the video that a keyframe determines."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """The start or the end of a video: an image, or an earlier generation."""

    position: Position
    image: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in the media store."""

    generation_id: str | None = None
    """An earlier generation of the same account; the new video extends a first keyframe."""

    @property
    def media_key(self) -> str | None:
        """The image's key in the media store, if it is there."""
        if self.image is None or not self.image.startswith(MEDIA_PREFIX):
            return None
        return self.image.removeprefix(MEDIA_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The input of an upscale, a reframing or another edit."""

    medium: Medium = Medium.VIDEO
    file: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in the media store."""

    generation_id: str | None = None
    """A completed generation of the same account."""


class Role(StrEnum):
    """The role of a reference picture."""

    CONTENT = "content"
    STYLE = "style"
    CHARACTER = "character"
    MODIFY = "modify"
    """The result is a change of this picture according to the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture that a new still resembles."""

    role: Role = Role.CONTENT
    image: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in the media store."""

    generation_id: str | None = None
    weight: float = 1.0
    """Its influence, 0.0 to 1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """The options of a still picture beside prompt and aspect ratio."""

    format: str = "jpg"
    """``jpg`` or ``png``."""

    references: tuple[Reference, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A part of a frame, in shares of its width and height; may reach beyond its edges."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reframing:
    """The crop of a source and its place in the new frame."""

    crop: Rectangle | None = None
    """The part of the source to use; all of it when None."""

    placement: Rectangle | None = None
    """The place of that part in the new frame; None: it covers the frame, centred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSpec:
    """A request for one file, with valid values in the server's own units."""

    prompt: str
    """The caller's prompt, unchanged."""

    model: str = ""
    """A model's canonical name, e.g. ``ray-2``. Empty: admission chooses the default."""

    keyframes: tuple[Keyframe, ...] = field(default=())
    aspect_ratio: str | None = None
    """A key of ``geometry.RATIOS``; None: the one nearest to the first picture, or 16:9."""

    resolution: str = ""
    """A key of ``geometry.SHORT_SIDES_PX``. Empty: admission chooses the default."""

    size_px: tuple[int, int] | None = None
    """The exact width and height; ``aspect_ratio`` and ``resolution`` are then the nearest ones."""

    duration_s: float = 5.0
    """The length of the new part: an extension adds it to the earlier clip. Edits ignore it."""

    loop: bool = False
    expand_prompt: bool = False
    seed: int | None = None
    kind: Kind = Kind.VIDEO
    source: Source | None = None
    """The input of an edit. Of a new video: an uploaded clip that it continues."""

    still: Still | None = None
    """For a picture."""

    reframing: Reframing | None = None
    """For a reframing."""

    mode: str | None = None
    """For a modification: ``adhere_1`` to ``reimagine_3``."""

    negative_prompt: str | None = None
    """A description of what to avoid; for sound, and for engines that accept it."""

    concepts: tuple[str, ...] = field(default=())
    """Named camera moves, e.g. ``dolly_zoom``, in addition to what the prompt says."""

    shot_plan: ShotPlan | None = None
    """The caller's own plan of the picture. The engine draws it instead of the prompt."""

    @property
    def is_made_from_words(self) -> bool:
        """Whether it is a new picture, or a new clip without keyframes and source."""
        if self.kind is Kind.IMAGE:
            return True
        return self.kind is Kind.VIDEO and not self.keyframes and self.source is None

    def keyframe(self, position: Position) -> Keyframe | None:
        """Return the keyframe at *position*, if there is one."""
        return next((k for k in self.keyframes if k.position is position), None)

    @property
    def extends(self) -> str | None:
        """The id of the generation that this one continues; None if it interpolates."""
        first = self.keyframe(Position.FIRST)
        return first.generation_id if first and not self.interpolates else None

    @property
    def leads_to(self) -> str | None:
        """The id of the generation that this one leads to; None if it interpolates."""
        last = self.keyframe(Position.LAST)
        return last.generation_id if last and not self.interpolates else None

    @property
    def interpolates(self) -> bool:
        """Whether it connects the end of one earlier video with the start of another."""
        pinned = {k.position for k in self.keyframes if k.generation_id}
        return pinned == set(Position)

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the generations that this one continues, leads to or edits."""
        if not self.keyframes and self.source is None:
            return ()
        named = [keyframe.generation_id for keyframe in self.keyframes]
        named.append(self.source.generation_id if self.source else None)
        return tuple(dict.fromkeys(one for one in named if one))

    @property
    def makes(self) -> Medium:
        """The type of the resulting file."""
        if self.kind is Kind.REFRAME and self.source is not None:
            return self.source.medium
        return Medium.IMAGE if self.kind is Kind.IMAGE else Medium.VIDEO
