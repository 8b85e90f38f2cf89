"""A picture of one pose, and the pixel with which it stands on the ground."""

from dataclasses import dataclass

import cv2

from rushes.engines.animatic.paint.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """Premultiplied RGBA, uint8, with the pixel of its ground contact."""

    pixels: Array
    anchor: tuple[float, float]
    """Column and row of the foot, which may lie outside."""

    def mirrored(self) -> "Sprite":
        """Return it as seen in a mirror."""
        width = self.pixels.shape[1]
        return Sprite(
            pixels=cv2.flip(self.pixels, 1), anchor=(width - self.anchor[0], self.anchor[1])
        )


def cropped(pixels: Array, anchor: tuple[float, float], margin: int = 3) -> Sprite:
    """Return a sprite of the part that shows something, with a clear margin around it."""
    left, top, width, height = cv2.boundingRect(cv2.extractChannel(pixels, 3))
    padded = cv2.copyMakeBorder(
        pixels[top : top + height, left : left + width],
        margin, margin, margin, margin, cv2.BORDER_CONSTANT,
    )  # fmt: skip
    return Sprite(pixels=padded, anchor=(anchor[0] - left + margin, anchor[1] - top + margin))
