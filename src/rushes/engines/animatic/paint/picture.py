"""Define a picture that can be drawn at any moment of a shot."""

from typing import Protocol

from rushes.engines.animatic.paint.arrays import Planes


class Picture(Protocol):
    """Something that can draw itself at any moment of its shot."""

    def draw(self, index: int, t: float, planes: Planes) -> None:
        """Draw frame *index*, at *t* of 0 to 1, over whatever the planes hold."""
        ...
