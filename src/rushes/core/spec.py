"""What was asked for, in our own words; every dialect translates into this."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MEDIA: Final = "media:"
"""What a keyframe's image begins with when it is a key of the media store."""


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
        if self.image is None or not self.image.startswith(MEDIA):
            return None
        return self.image.removeprefix(MEDIA)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSpec:
    """One request for one video. Values are already validated and in our units."""

    prompt: str
    """The caller's own words, never changed."""

    model: str = ""
    """A model's canonical name, e.g. ``ray-2``. Empty when not asked, until it is admitted."""

    keyframes: tuple[Keyframe, ...] = field(default=())
    aspect_ratio: str | None = None
    """A key of ``geometry.RATIOS``; None when not asked: the first picture's nearest, or 16:9."""

    resolution: str = ""
    """A key of ``geometry.SHORT_SIDES_PX``. Empty when not asked, until it is admitted."""

    duration_s: float = 5.0
    """Of what is newly made: an extension adds this much to the earlier clip."""

    loop: bool = False
    expand_prompt: bool = False
    seed: int | None = None

    def keyframe(self, position: Position) -> Keyframe | None:
        """Return the keyframe at *position*, if there is one."""
        return next((k for k in self.keyframes if k.position is position), None)

    @property
    def extends(self) -> str | None:
        """The id of the generation that this one continues, if any."""
        first = self.keyframe(Position.FIRST)
        return first.generation_id if first else None
