"""
Convert the position of a source between the API's pixel grid and fractions of a frame.

The grid of a ratio has the size of a still picture of that ratio. Sources: docs.lumalabs.ai for
the sizes; for the meaning of the fields the same models on Replicate: the bounds are the edges of
the source in the new frame.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rushes.core.errors import InvalidRequest
from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import Rectangle, Reframing
from rushes.dialects.luma.wire import ReframeImage, ReframeVideo


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """The position of the source along one axis, in pixels."""

    name: str
    side: str
    start: int | None
    end: int | None
    position: int | None
    size: int | None
    grid: int

    @property
    def is_given(self) -> bool:
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
                why = f"{self.side} must be {self.end - self.start}, which is {end} - {start}"
                yield self.side, f"{why}, not {self.size}; leave it out"
            if self.position is not None and self.position != self.start:
                why = f"grid_position_{self.name} must be {start}, which is {self.start}"
                yield f"grid_position_{self.name}", f"{why}, not {self.position}; leave it out"
        elif self.size is None:
            yield self.side, f"{self.side} is required, or {start} and {end}: it says how large"

    def shares(self) -> tuple[float, float]:
        """Return start and length of the source as fractions; a length alone is centred."""
        if self.start is not None and self.end is not None:
            return self.start / self.grid, (self.end - self.start) / self.grid
        size = self.size or self.grid
        start = (self.grid - size) / 2 if self.position is None else self.position
        return start / self.grid, size / self.grid


def to_reframing(body: ReframeVideo | ReframeImage) -> Reframing | None:
    """
    Return the position of the source; None if the body names none.

    Raises:
        InvalidRequest: The position is incomplete, or contradicts itself.
    """
    width, height = STILL_SIZES.get(body.aspect_ratio, (0, 0))
    across = _Axis(
        name="x",
        side="resized_width",
        start=body.x_start,
        end=body.x_end,
        position=body.grid_position_x,
        size=body.resized_width,
        grid=width,
    )
    down = _Axis(
        name="y",
        side="resized_height",
        start=body.y_start,
        end=body.y_end,
        position=body.grid_position_y,
        size=body.resized_height,
        grid=height,
    )
    if not width or not (across.is_given or down.is_given):
        return None  # the service refuses an unknown ratio later, with a list of the known ones
    if problems := [*across.problems(), *down.problems()]:
        raise InvalidRequest.of(problems)
    (x, wide), (y, high) = across.shares(), down.shares()
    return Reframing(placement=Rectangle(x=x, y=y, width=wide, height=high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The edges of a source in the grid, in pixels; None if the request named no position."""

    x_start: int | None = None
    x_end: int | None = None
    y_start: int | None = None
    y_end: int | None = None


def to_bounds(reframing: Reframing | None, aspect_ratio: str) -> Bounds:
    """Return the requested position in the grid of a ratio."""
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
