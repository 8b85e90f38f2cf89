"""
Between the pixels of the API's grid and our shares of a frame.

The grid of a ratio is as large as a still of it. Sources: docs.lumalabs.ai for the sizes; for what
the fields mean the same models on Replicate: the bounds are where the source lies in the frame
that is made, and as far apart as it is then wide and high.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rushes.core.errors import InvalidRequest
from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import Rectangle, Reframing
from rushes.dialects.luma.wire import ReframeImage, ReframeVideo


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """What was said of one direction, in pixels."""

    name: str
    side: str
    start: int | None
    end: int | None
    position: int | None
    size: int | None
    grid: int

    @property
    def is_said(self) -> bool:
        return any(v is not None for v in (self.start, self.end, self.position, self.size))

    def problems(self) -> Iterator[tuple[str, str]]:
        start, end = f"{self.name}_start", f"{self.name}_end"
        if (self.start is None) != (self.end is None):
            missing = start if self.start is None else end
            yield missing, f"{missing} is required: {start} and {end} go together"
        elif self.start is not None and self.end is not None:
            if self.end <= self.start:
                yield end, f"{end} must be more than {start}, which is {self.start}"
            elif self.size is not None and self.size != self.end - self.start:
                told = f"{self.side} must be {self.end - self.start}, which is {end} - {start}"
                yield self.side, f"{told}, not {self.size}; leave it out"
            if self.position is not None and self.position != self.start:
                told = f"grid_position_{self.name} must be {start}, which is {self.start}"
                yield f"grid_position_{self.name}", f"{told}, not {self.position}; leave it out"
        elif self.size is None:
            yield self.side, f"{self.side} is required, or {start} and {end}: it says how large"

    def shares(self) -> tuple[float, float]:
        """Return where the source begins and how long it is; centred where only that is said."""
        if self.start is not None and self.end is not None:
            return self.start / self.grid, (self.end - self.start) / self.grid
        size = self.size or self.grid
        start = (self.grid - size) / 2 if self.position is None else self.position
        return start / self.grid, size / self.grid


def to_reframing(asked: ReframeVideo | ReframeImage) -> Reframing | None:
    """
    Return where the source is to lie; None if nothing is said of it.

    Raises:
        InvalidRequest: It is said in part, or twice and not alike.
    """
    width, height = STILL_SIZES.get(asked.aspect_ratio, (0, 0))
    across = _Axis(
        name="x",
        side="resized_width",
        start=asked.x_start,
        end=asked.x_end,
        position=asked.grid_position_x,
        size=asked.resized_width,
        grid=width,
    )
    down = _Axis(
        name="y",
        side="resized_height",
        start=asked.y_start,
        end=asked.y_end,
        position=asked.grid_position_y,
        size=asked.resized_height,
        grid=height,
    )
    if not width or not (across.is_said or down.is_said):
        return None  # a ratio that there is not is refused later, with those there are
    if problems := [*across.problems(), *down.problems()]:
        raise InvalidRequest.of(problems)
    (x, wide), (y, high) = across.shares(), down.shares()
    return Reframing(placement=Rectangle(x=x, y=y, width=wide, height=high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where a source lies in the grid, in pixels; None for no place of its own."""

    x_start: int | None = None
    x_end: int | None = None
    y_start: int | None = None
    y_end: int | None = None


def to_bounds(reframing: Reframing | None, aspect_ratio: str) -> Bounds:
    """Return the place that was asked for, in the grid of a ratio."""
    if reframing is None or reframing.placement is None or aspect_ratio not in STILL_SIZES:
        return Bounds()
    width, height = STILL_SIZES[aspect_ratio]
    place = reframing.placement
    return Bounds(
        x_start=round(place.x * width),
        x_end=round((place.x + place.width) * width),
        y_start=round(place.y * height),
        y_end=round((place.y + place.height) * height),
    )
