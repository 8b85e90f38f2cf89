"""Compute the place of a source in a frame of another shape."""

from dataclasses import dataclass

from rushes.core.spec import Rectangle, Reframing

FULL = Rectangle(x=0.0, y=0.0, width=1.0, height=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels; half-open, so that ``left + width`` is the first column outside."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def is_empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    def within(self, other: "Box") -> "Box":
        """Return the intersection of both boxes, which may be empty."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left=left, top=top, width=max(0.0, right - left), height=max(0.0, bottom - top))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLayout:
    """The place of a source in a frame."""

    full: Box
    """The place of the uncropped source; it may reach beyond the frame."""

    visible: Box
    """The part of the frame that shows the source. The engine fills the rest."""


def layout(source: tuple[int, int], frame: tuple[int, int], reframing: Reframing) -> FrameLayout:
    """
    Return the place of a source in a frame; both sizes are ``(width, height)`` in pixels.

    The crop of the source fills the placement in the frame exactly. Without a placement it covers
    the frame: centred, in its own proportions, with the excess cut off.
    """
    part = reframing.crop or FULL
    part_px = (part.width * source[0], part.height * source[1])
    place = _place(reframing.placement, frame) if reframing.placement else _cover(part_px, frame)
    across, down = place.width / part_px[0], place.height / part_px[1]
    full = Box(
        left=place.left - part.x * source[0] * across,
        top=place.top - part.y * source[1] * down,
        width=source[0] * across,
        height=source[1] * down,
    )
    edge = Box(left=0, top=0, width=frame[0], height=frame[1])
    return FrameLayout(full=full, visible=full.within(place).within(edge))


def _place(share: Rectangle, frame: tuple[int, int]) -> Box:
    return Box(
        left=share.x * frame[0],
        top=share.y * frame[1],
        width=share.width * frame[0],
        height=share.height * frame[1],
    )


def _cover(part_px: tuple[float, float], frame: tuple[int, int]) -> Box:
    scale = max(frame[0] / part_px[0], frame[1] / part_px[1])
    width, height = part_px[0] * scale, part_px[1] * scale
    return Box(left=(frame[0] - width) / 2, top=(frame[1] - height) / 2, width=width, height=height)
