"""
Plan a local render: from a spec to what the model generates and what is delivered.

Time is counted in positions: a clip of ``n`` positions has ``n + 1`` frames, the first at 0. A
loop leaves out the last frame, which is its first, and an extension leaves out the first, which
the earlier clip already shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import ceil, floor, sqrt
from pathlib import Path
from typing import Final, Protocol

from rushes.core.rendered import join_notes
from rushes.core.spec import GenerationSpec
from rushes.engines.local.families import VideoFamily

ENLARGED: Final = 1.05
"""A frame that is scaled by more than this counts as enlarged; less is only the grid's fit."""


class SizedFamily(Protocol):
    """A family of models that make frames on a grid."""

    @property
    def grid_px(self) -> int:
        """Width and height are multiples of it."""
        ...

    @property
    def most_pixels(self) -> int:
        """The pixels of the largest frame."""
        ...


class Start(StrEnum):
    """Where a part begins."""

    WORDS = "words"
    FIRST_IMAGE = "first image"
    LAST_IMAGE = "last image"
    """For a loop that is given only its last image, which is also its first."""

    PREVIOUS = "previous"
    """At the end of the part before it, or of the clip that is extended."""


class End(StrEnum):
    """Where a part arrives."""

    OPEN = "open"
    LAST_IMAGE = "last image"
    OPENING = "opening"
    """At the first frame of the complete video, so that it loops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The inputs of a job that decide its parts."""

    first_image: bool = False
    last_image: bool = False
    earlier_frames: int | None = None
    """Frames of the clip to extend, at the family's rate; None: there is none."""

    later_clip: bool = False
    """Whether the result ends with a clip, whose first frame is the last image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One pass of the model."""

    start: Start
    end: End
    frames: int
    """Frames to generate; the family's frame rule allows this number."""

    overlap: int
    """The first frames, which repeat the end of what came before; 0 without it."""

    keep: tuple[int, int]
    """The generated frames that are delivered: from the first number up to before the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInputs:
    """The files that condition one pass of the model."""

    first_image: Path | None = None
    last_image: Path | None = None
    clip: Path | None = None
    clip_frames: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderPlan:
    """What a job comes to."""

    family: VideoFamily
    generated_px: tuple[int, int]
    delivered_px: tuple[int, int]
    parts: tuple[Part, ...]

    @property
    def frames(self) -> int:
        """The number of new frames that are delivered."""
        return sum(part.keep[1] - part.keep[0] for part in self.parts)

    @property
    def duration_s(self) -> float:
        """The length of the new part in seconds."""
        return self.frames / self.family.fps

    @property
    def enlargement(self) -> float:
        """The factor from the generated to the delivered frame, which covers it."""
        return max(to / made for to, made in zip(self.delivered_px, self.generated_px, strict=True))

    @property
    def note(self) -> str | None:
        """What the caller should know: whether it was enlarged or made in several parts."""
        return join_notes(*self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.enlargement > ENLARGED:
            yield (
                f"{self.family.title} made it at {_size(self.generated_px)},"
                f" and it was enlarged to {_size(self.delivered_px)}."
            )
        if len(self.parts) > 1:
            yield f"It was made in {len(self.parts)} parts, each of which continues the last."


def plan_render(
    spec: GenerationSpec, family: VideoFamily, given: Given, delivered_px: tuple[int, int]
) -> RenderPlan:
    """
    Return the plan of a new video that the family can make.

    Args:
        delivered_px: The width and height that the caller gets, both even.
    """
    return RenderPlan(
        family=family,
        generated_px=generated_size(family, *delivered_px),
        delivered_px=delivered_px,
        parts=tuple(_parts(spec, family, given)),
    )


def generated_size(family: SizedFamily, width_px: int, height_px: int) -> tuple[int, int]:
    """
    Return the size on the family's grid that shows most of the frame, centred and cropped.

    It has at most the family's pixels, and at most one step of the grid more than the frame.
    """
    grid = family.grid_px
    scale = min(1.0, sqrt(family.most_pixels / (width_px * height_px)))
    sizes = [
        (width, height)
        for width, height in product(
            _around(width_px * scale, grid), _around(height_px * scale, grid)
        )
        if width * height <= family.most_pixels
    ]
    shape = width_px / height_px

    def shown(size: tuple[int, int]) -> tuple[float, int]:
        """Return the pixels that are left after the crop; of equal sizes the smaller is better."""
        width, height = size
        return min(width * width / shape, height * height * shape), -width * height

    return max(sizes, key=shown)


def _around(side_px: float, grid_px: int) -> tuple[int, ...]:
    """Return the multiples of the grid below and above a length; at least one step."""
    steps = {max(1, floor(side_px / grid_px)), max(1, ceil(side_px / grid_px))}
    return tuple(step * grid_px for step in sorted(steps))


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch between two fixed ends; a long one is made in several parts."""

    start: Start
    end: End
    positions: int


def _segments(spec: GenerationSpec, family: VideoFamily, given: Given) -> list[_Segment]:
    """Return the stretches of the new part, in time."""
    positions = round(spec.duration_s * family.fps)
    if given.earlier_frames is not None:
        start = Start.PREVIOUS
    elif given.first_image:
        start = Start.FIRST_IMAGE
    else:
        start = Start.LAST_IMAGE if spec.loop and given.last_image else Start.WORDS
    if not spec.loop:
        end = End.LAST_IMAGE if given.last_image else End.OPEN
        return [_Segment(start, end, _snapped(positions, end, family))]
    is_direct = start is not Start.WORDS and (start is Start.LAST_IMAGE or not given.last_image)
    if is_direct:  # one stretch from its opening back to it
        return [_Segment(start, End.OPENING, _snapped(positions, End.OPENING, family))]
    there = _snapped(positions / 2, End.OPENING, family)
    back = _snapped(positions - there, End.OPENING, family)
    away = End.LAST_IMAGE if given.last_image else End.OPEN
    return [
        _Segment(start, away, there),
        _Segment(Start.PREVIOUS, End.OPENING, back),
    ]


def _snapped(positions: float, end: End, family: VideoFamily) -> int:
    """Return a number of positions: a stretch with a fixed end cannot be cut to its length."""
    if end is End.OPEN:
        return round(positions)
    return max(1, round(positions / family.frame_step)) * family.frame_step


def _parts(spec: GenerationSpec, family: VideoFamily, given: Given) -> Iterator[Part]:
    segments = _segments(spec, family, given)
    available = given.earlier_frames or 0
    repeats_last = spec.loop or given.later_clip
    for number, segment in enumerate(segments):
        overlap = _overlap(family, available) if segment.start is Start.PREVIOUS else 0
        lengths = _split(segment.positions, family, overlap)
        for order, length in enumerate(lengths):
            if order > 0:
                overlap = _overlap(family, available)
            is_end = order == len(lengths) - 1
            is_last = is_end and number == len(segments) - 1
            made = length + (overlap or 1)
            drop = 1 if is_last and repeats_last else 0
            yield Part(
                start=segment.start if order == 0 else Start.PREVIOUS,
                end=segment.end if is_end else End.OPEN,
                frames=_allowed(made, family),
                overlap=overlap,
                keep=(overlap, made - drop),
            )
            available = made - overlap


def _overlap(family: VideoFamily, available: int) -> int:
    """Return the frames to continue from: as many as the family uses, but no more than exist."""
    if family.clip_frames == 0 or available < family.frame_step + 1:
        return 1
    return _allowed(min(family.clip_frames, available) - family.frame_step + 1, family)


def _allowed(frames: int, family: VideoFamily) -> int:
    """Return the smallest number that is not less and that the frame rule allows."""
    return ceil((frames - 1) / family.frame_step) * family.frame_step + 1


def _split(positions: int, family: VideoFamily, overlap: int) -> list[int]:
    """
    Return the lengths of as few parts as possible, about equally long.

    Args:
        overlap: Frames of the first part that repeat what came before it.
    """
    step = family.frame_step
    first = (family.most_frames - (overlap or 1)) // step
    later = (family.most_frames - (family.clip_frames or 1)) // step
    left, lengths = ceil(positions / step), list[int]()
    number = 1 + max(0, ceil((left - first) / later))
    for remaining in range(number, 0, -1):
        units = max(ceil(left / remaining), left - (remaining - 1) * later)
        lengths.append(units * step)
        left -= units
    lengths[-1] -= sum(lengths) - positions  # an open end is cut to its length
    return lengths


def _size(size_px: tuple[int, int]) -> str:
    return f"{size_px[0]}x{size_px[1]}"
