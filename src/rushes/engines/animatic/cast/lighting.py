"""Put a sprite into the light of a scene: shading, rim, haze, blur, and the planes of video."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.outline import Outline, outline_of
from rushes.engines.animatic.cast.sprite import Sprite
from rushes.engines.animatic.layers import SceneLight
from rushes.engines.animatic.paint.arrays import (
    F32,
    Array,
    blur,
    enlarge,
    floats,
    shrink,
    to_bytes,
)
from rushes.engines.animatic.paint.colour import RGB_TO_YUV

_FORM: Final = 0.55
"""How strongly the side away from the light darkens and the other brightens."""

_RIM: Final = 0.55
_GROUND: Final = 0.16
"""How much darker the feet are than the head: the ground throws less light back."""

_WHOLE: Final = 180.0
"""The factor that changes nothing; the brightest side takes it to 255."""

_SLOPE: Final = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], F32) / F32(4)
"""Sobel's filter for how much a row rises to the right; transposed, a column downwards."""

_STRIP_ROWS: Final = 32
"""Rows that are mixed at once: as float32 they stay in the processor's cache."""

_LARGE: Final = 1 << 20
"""Bytes of a block from which on it is worth while to know its outline."""

CLEAR: Final = (0, 0, 0, 255)
"""What surrounds a lit block: no colour, seen through."""


@dataclass(slots=True, kw_only=True)
class Lit:
    """A block that can be laid over a frame."""

    block: Array
    """``(height, width, 4)`` uint8: premultiplied Y, U, V, and 255 - alpha."""

    anchor: tuple[float, float]
    reflection: Array | None = None
    """The block as a floor mirrors it, at half size and not yet turned; made when needed."""

    _outline: Outline | None = None

    def outline(self) -> Outline | None:
        """Return where the block shows something; None: it is small."""
        if self._outline is None and self.block.size > _LARGE:
            self._outline = outline_of(self.block)
        return self._outline


def light_up(sprite: Sprite, light: SceneLight, *, haze: float, blur_px: float = 0.0) -> Lit:
    """
    Return the sprite as the scene's light shows it.

    Args:
        haze: 0.0 clear to 1.0 lost in the distance.

        blur_px: Standard deviation of the lens's blur, in pixels of the sprite.
    """
    pixels, anchor = sprite.pixels, sprite.anchor
    if blur_px > 0.4:
        room = int(blur_px * 2.5) + 1
        pixels = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_CONSTANT)
        pixels = blur(pixels, blur_px)
        anchor = (anchor[0] + room, anchor[1] + room)
    *colours, alpha = cv2.split(pixels)
    factor, rim = _form(alpha, light)
    strength = (1 - haze) * (1 - 0.5 * light.silhouette)
    for colour, key in zip(colours, light.key, strict=True):
        cv2.multiply(colour, factor, dst=colour, scale=1 / _WHOLE)
        cv2.add(colour, to_bytes(rim, strength * float(key)), dst=colour)
    block = _mixed(cv2.merge([*colours, alpha]), _matrix(light, haze))
    return Lit(block=block, anchor=anchor)


def with_shadow(lit: Lit, shadow: Array, lean: float) -> Lit:
    """
    Return the block with its contact shadow under it.

    Args:
        shadow: A block whose middle goes under the foot.

        lean: How far the shadow falls to the right, in pixels.
    """
    block, (x, y) = lit.block, lit.anchor
    rows, columns = shadow.shape[:2]
    left, top = round(x + lean - columns / 2), round(y - rows / 2)
    before, above = max(0, -left), max(0, -top)
    after = max(0, left + columns - block.shape[1])
    below = max(0, top + rows - block.shape[0])
    wide = cv2.copyMakeBorder(block, above, below, before, after, cv2.BORDER_CONSTANT, value=CLEAR)
    window = wide[top + above : top + above + rows, left + before : left + before + columns]
    seen = window[..., 3]
    under = cv2.multiply(shadow, cv2.merge([seen] * 4), scale=1 / 255)
    colour = cv2.add(window, under)
    colour[..., 3] = under[..., 3]
    window[:] = colour
    return Lit(block=wide, anchor=(x + before, y + above))


def reflection_of(lit: Lit, height_px: float, strength: float) -> Array:
    """
    Return the block fainter with the distance from its foot, at half size.

    Args:
        height_px: Of what the block shows.
        strength: How much of the foot is seen, 0.0 to 1.0.
    """
    height, width = lit.block.shape[:2]
    small = shrink(lit.block, max(1, width // 2), max(1, height // 2))
    rows = (np.arange(small.shape[0], dtype=F32) + F32(0.5)) * F32(height / small.shape[0])
    share = np.clip(1 - (F32(lit.anchor[1]) - rows) / F32(height_px * 1.1), 0, 1)
    fade: Array = (F32(strength) * share)[:, None, None]
    block = small.astype(F32)
    block[..., :3] *= fade
    block[..., 3:] = 255 - (255 - block[..., 3:]) * fade
    return block.round().astype(np.uint8)


def _form(alpha: Array, light: SceneLight) -> tuple[Array, Array]:
    """
    Return a factor for the colours and the strength of the rim, each the size of *alpha*.

    Both are uint8: the factor in parts of ``_WHOLE``, the rim of 0 to 255.
    """
    height, width = alpha.shape
    small = _part_of(alpha, 4)
    small_height = len(small)
    soft = blur(small, max(1.0, small_height * 0.045))
    towards = _towards(soft, light) * F32(small_height * 0.075)
    rows = np.linspace(1.0, 0.0, small_height, dtype=F32)[:, None]
    form = 1 + F32(_FORM) * np.clip(towards, -0.75, 0.75) - F32(_GROUND) * (1 - rows)
    factor = enlarge(to_bytes(form, _WHOLE), width, height)
    half = _part_of(alpha, 2)
    half_height = len(half)
    edge = _towards(blur(half, max(0.8, half_height * 0.006)), light)
    edge = np.clip(edge * F32(max(1.0, half_height * 0.012)), 0, 1) * half
    return factor, enlarge(to_bytes(edge, 255 * _RIM), width, height)


def _part_of(alpha: Array, times: int) -> Array:
    """Return the alpha *times* smaller, as float32 of 0 to 1."""
    rows, columns = (max(4, length // times) for length in alpha.shape)
    # Cut to whole multiples, for which the mean is worked out ten times as fast.
    whole = alpha[: rows * times, : columns * times]
    return shrink(whole, columns, rows).astype(F32) * F32(1 / 255)


def _towards(solid: Array, light: SceneLight) -> Array:
    """Return how much the surface faces the light, positive on the lit side."""
    kernel = _SLOPE.T * F32(0.35 + 0.65 * light.key_y) - _SLOPE * F32(light.key_x)
    towards: Array = cv2.filter2D(solid, cv2.CV_32F, kernel)
    return towards


def _mixed(shaded: Array, matrix: Array) -> Array:
    """Return the four channels of uint8 pixels mixed by a matrix of ``(4, 5)``, as uint8."""
    mixed = np.empty_like(shaded)
    floats_in, floats_out = np.empty((2, _STRIP_ROWS, *shaded.shape[1:]), F32)
    for first in range(0, len(shaded), _STRIP_ROWS):
        strip = shaded[first : first + _STRIP_ROWS]
        # As float32, for which OpenCV has fast code; for four uint8 channels it has none.
        np.copyto(floats_in[: len(strip)], strip)
        out = cv2.transform(floats_in[: len(strip)], matrix, dst=floats_out[: len(strip)])
        cv2.convertScaleAbs(out, dst=mixed[first : first + _STRIP_ROWS])
    return mixed


def _matrix(light: SceneLight, haze: float) -> Array:
    """Return the ``(4, 5)`` matrix from shaded premultiplied RGBA to a packed block."""
    ambient, far = floats(light.ambient), floats(light.haze)
    seen = (1 - haze) * (1 - 0.88 * light.silhouette)
    colour = np.zeros((3, 4), F32)
    colour[:, :3] = np.diag(ambient * F32(seen))
    dark = ambient * F32(0.10 * light.silhouette * (1 - haze))
    colour[:, 3] = far * F32(haze) + dark
    to_yuv = RGB_TO_YUV[:, :3] / F32(255)
    matrix = np.zeros((4, 5), F32)
    matrix[:3, :4] = to_yuv @ colour * F32(1)
    matrix[:3, 3] += RGB_TO_YUV[:, 3] / F32(255)
    matrix[3] = (0, 0, 0, -1, 255)
    return matrix
