"""One keyframe, ready to be moved: its pixels, its depth, and the grid that moves them."""

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, channel, enlarge, look_up, shrink
from rushes.engines.animatic.paint.colour import yuv
from rushes.engines.animatic.paint.quads import Quads
from rushes.engines.animatic.photo.depth import estimated_depth, measured_depth
from rushes.engines.animatic.photo.framing import framed, framed_alike
from rushes.engines.animatic.shot import Shot

SUPERSAMPLED = 1.2
"""Pixels kept for each pixel of the frame, so that moving costs no sharpness."""

GRID_PX = 8
"""Motion is worked out on every eighth pixel and interpolated between."""


class Grid:
    """The coarse grid over the frame; one cell wider on each side, where enlarging clamps."""

    def __init__(self, shot: Shot) -> None:
        self.width, self.height = shot.width_px, shot.height_px
        self.rows, self.columns = shot.height_px // GRID_PX + 3, shot.width_px // GRID_PX + 3
        across = (np.arange(self.columns, dtype=F32) - 0.5) * GRID_PX - 0.5 - shot.width_px / 2
        down = (np.arange(self.rows, dtype=F32) - 0.5) * GRID_PX - 0.5 - shot.height_px / 2
        self.across, self.down = np.meshgrid(across.astype(F32), down.astype(F32))
        size = (self.rows * GRID_PX, self.columns * GRID_PX)
        self._places = np.empty((size[0] // 2, size[1] // 2, 2), F32)

    def fitted(self, array: Array) -> Array:
        return enlarge(array, self.columns, self.rows)

    def spread(self, weights: Array) -> Array:
        """Return ``(height, width)`` uint8 from a float grid of 0 to 1."""
        whole = enlarge(
            cv2.convertScaleAbs(weights, alpha=255), self.columns * GRID_PX, self.rows * GRID_PX
        )
        return whole[GRID_PX : GRID_PX + self.height, GRID_PX : GRID_PX + self.width]

    def warp(self, layer: "PhotoLayer", places: Array, luma: Array, chroma: Array) -> None:
        """
        Draw a layer with each pixel fetched from its place.

        Args:
            places: ``(rows, columns, 2)`` float32 positions in the layer.

            luma: ``(height, width)`` uint8, drawn into.

            chroma: ``(height / 2, width / 2, 4)`` uint8, drawn into: U, V, U, V.
        """
        layer.luma.draw(self._in_squares(places), luma)
        half_places = self._in_squares((places - F32(0.5)) * F32(0.5))
        look_up(layer.chroma, half_places, chroma, mirrored=True)

    def _in_squares(self, places: Array) -> Array:
        """Return the places in the middle of each square of 2 x 2 pixels of the frame."""
        rows, columns = self._places.shape[:2]
        enlarge(places, columns, rows, self._places)
        half = GRID_PX // 2
        return self._places[half : half + self.height // 2, half : half + self.width // 2]


class PhotoLayer:
    """A picture framed for the shot, in planes, with its nearness and its sky on the grid."""

    def __init__(
        self, picture: Array, shot: Shot, grid: Grid, measured: Array | None = None
    ) -> None:
        """
        Frame it.

        Args:
            measured: Float32 of the picture's shape in any size, larger where nearer; None: the
                depth is guessed.
        """
        self.width = int(shot.width_px * SUPERSAMPLED) // 4 * 4
        self.height = int(shot.height_px * SUPERSAMPLED) // 4 * 4
        self.picture = framed(picture, self.width, self.height)
        planes = yuv(self.picture)
        luma = channel(planes, 0)
        softened = cv2.GaussianBlur(luma, (3, 3), 1.0)
        sharpened = cv2.addWeighted(luma, 1.35, softened, -0.35, 0)  # moving softens a little
        self.luma = Quads(sharpened, SUPERSAMPLED)
        half = shrink(planes, self.width // 2, self.height // 2)
        u, v = channel(half, 1), channel(half, 2)
        self.chroma = cv2.merge([u, v, u, v])  # OpenCV moves four channels as fast as one
        if measured is None:
            nearness, sky = estimated_depth(self.picture)
        else:
            alike = framed_alike(measured, picture, self.width, self.height)
            nearness, sky = measured_depth(self.picture, alike)
        self.mean_nearness = float(nearness.mean())
        self.nearness, self.sky = grid.fitted(nearness), grid.fitted(sky)
