"""Define a generation request in the server's own terms; every dialect translates into it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rushes.core.shot_plan import ShotPlan

MEDIA_PREFIX: Final = "media:"
"""What a keyframe's image begins with when it is a key of the media store."""


class Kind(StrEnum):
    """What sort of work is asked for."""

    VIDEO = "video"
    """A new clip from words and keyframes; to extend or to interpolate is a matter of keyframes."""

    IMAGE = "image"
    """A still picture from words and reference pictures."""

    UPSCALE = "upscale"
    """A finished video again, with more pixels."""

    AUDIO = "audio"
    """A finished video again, with sound."""

    REFRAME = "reframe"
    """A video or picture again, in another shape."""

    MODIFY = "modify"
    """A video again, as the words say."""


class Medium(StrEnum):
    """What sort of file something is."""

    VIDEO = "video"
    IMAGE = "image"


class Position(StrEnum):
    """Which end of the video a keyframe pins."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """What the video must start from or arrive at: an image, or an earlier generation."""

    position: Position
    image: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in our media store."""

    generation_id: str | None = None
    """An earlier generation of the same account: as the first keyframe it is extended."""

    @property
    def media_key(self) -> str | None:
        """Where the image is in our media store, if it is there."""
        if self.image is None or not self.image.startswith(MEDIA_PREFIX):
            return None
        return self.image.removeprefix(MEDIA_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an upscale, a reframing or another edit works on."""

    medium: Medium = Medium.VIDEO
    file: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in our media store."""

    generation_id: str | None = None
    """A completed generation of the same account."""


class Role(StrEnum):
    """What a reference picture is for."""

    CONTENT = "content"
    STYLE = "style"
    CHARACTER = "character"
    MODIFY = "modify"
    """It is to be changed as the words say, rather than followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture that a still takes after."""

    role: Role = Role.CONTENT
    image: str | None = None
    """An ``http(s)`` URL, or ``media:<key>`` once it is in our media store."""

    generation_id: str | None = None
    weight: float = 1.0
    """How much it counts, 0.0 to 1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What is asked of a picture beside its words and its shape."""

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
    """How a source is laid into its new frame."""

    crop: Rectangle | None = None
    """The part of the source to use; all of it when None."""

    placement: Rectangle | None = None
    """Where that part lies in the new frame; None: it covers the frame, centred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSpec:
    """One request for one file. Values are already validated and in our units."""

    prompt: str
    """The caller's own words, never changed."""

    model: str = ""
    """A model's canonical name, e.g. ``ray-2``. Empty when not asked, until it is admitted."""

    keyframes: tuple[Keyframe, ...] = field(default=())
    aspect_ratio: str | None = None
    """A key of ``geometry.RATIOS``; None when not asked: the first picture's nearest, or 16:9."""

    resolution: str = ""
    """A key of ``geometry.SHORT_SIDES_PX``. Empty when not asked, until it is admitted."""

    size_px: tuple[int, int] | None = None
    """Exactly this width and height; ratio and resolution are then no more than its nearest."""

    duration_s: float = 5.0
    """Of what is newly made: an extension adds this much to the earlier clip. Not for edits."""

    loop: bool = False
    expand_prompt: bool = False
    seed: int | None = None
    kind: Kind = Kind.VIDEO
    source: Source | None = None
    """What is worked on. Of a new video: a clip from elsewhere that it goes on from."""

    still: Still | None = None
    """For a picture."""

    reframing: Reframing | None = None
    """For a reframing."""

    mode: str | None = None
    """For a modification: ``adhere_1`` to ``reimagine_3``."""

    negative_prompt: str | None = None
    """What is not wanted; for sound, and for engines that take it."""

    concepts: tuple[str, ...] = field(default=())
    """Named camera moves, e.g. ``dolly_zoom``, in addition to what the prompt says."""

    shot_plan: ShotPlan | None = None
    """What to draw, as the caller gave it, in place of what the prompt says."""

    @property
    def is_made_from_words(self) -> bool:
        """Whether a new picture or clip is drawn that neither starts from nor ends on a picture."""
        if self.kind is Kind.IMAGE:
            return True
        return self.kind is Kind.VIDEO and not self.keyframes and self.source is None

    def keyframe(self, position: Position) -> Keyframe | None:
        """Return the keyframe at *position*, if there is one."""
        return next((k for k in self.keyframes if k.position is position), None)

    @property
    def extends(self) -> str | None:
        """The id of the generation that this one continues, if any; None between two."""
        first = self.keyframe(Position.FIRST)
        return first.generation_id if first and not self.interpolates else None

    @property
    def leads_to(self) -> str | None:
        """The id of the generation that this one comes before, if any; None between two."""
        last = self.keyframe(Position.LAST)
        return last.generation_id if last and not self.interpolates else None

    @property
    def interpolates(self) -> bool:
        """Whether it goes from the end of one earlier video to the start of another."""
        pinned = {k.position for k in self.keyframes if k.generation_id}
        return pinned == set(Position)

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the generations that this one goes on from or works on."""
        named = [keyframe.generation_id for keyframe in self.keyframes]
        named.append(self.source.generation_id if self.source else None)
        return tuple(dict.fromkeys(one for one in named if one))

    @property
    def makes(self) -> Medium:
        """What sort of file comes of it."""
        if self.kind is Kind.REFRAME and self.source is not None:
            return self.source.medium
        return Medium.IMAGE if self.kind is Kind.IMAGE else Medium.VIDEO
