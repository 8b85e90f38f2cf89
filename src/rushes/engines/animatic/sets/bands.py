"""A canvas that keeps what is painted at different distances apart, and the layers made of it."""

from collections.abc import Callable, Sequence
from typing import Final

from typing_extensions import override

from rushes.engines.animatic.layers import Layer, Part
from rushes.engines.animatic.paint.arrays import Array, Planes
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.scenes.layers import FlatLayer, SoftLayer
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

_SHARP_FROM: Final = 0.32
"""Nearness below which a layer is drawn at half size."""

_MARGIN: Final = 40
"""Rows of a 720 px high frame by which two layers may slide over each other."""


class Bands(Canvas):
    """
    Several canvases, each for a range of distances.

    Each becomes one flat layer, so that nothing on it bends when the camera moves.
    """

    def __init__(self, shot: Shot, limits: Sequence[float], nearness: Sequence[float]) -> None:
        """
        Make empty canvases.

        Args:
            limits: Rising depths; what is painted below the first goes to the first canvas.
            nearness: Of each layer, one more than limits.
        """
        super().__init__(shot)
        self._limits = tuple(limits)
        self._nearness = tuple(nearness)
        self.canvases = [Canvas(shot) for _ in nearness]

    def at(self, depth: float) -> Canvas:
        """Return the canvas for things at that depth."""
        return self.canvases[sum(depth >= limit for limit in self._limits)]

    @override
    def put(self, first: int, mask: Array, body: Array, depth: float | None = None) -> None:
        self.at(depth or 0.0).put(first, mask, body)

    @override
    def erase_below(self, row: int) -> None:
        for canvas in self.canvases:
            canvas.erase_below(row)

    @override
    def is_empty(self) -> bool:
        return all(canvas.is_empty() for canvas in self.canvases)

    def layers(self, view: View) -> tuple[list[Layer], int | None]:
        """Return the layers, and the canvas row from which on they hide all behind them."""
        layers: list[Layer] = []
        covered: int | None = None
        for canvas, nearness in reversed([*zip(self.canvases, self._nearness, strict=True)]):
            opaque = canvas.opaque_from()
            if covered is not None:
                canvas.erase_below(covered + int(_MARGIN * canvas.unit))
            if not canvas.is_empty():
                soft = nearness < _SHARP_FROM
                kind = SoftLayer if soft else FlatLayer
                flat = kind(canvas, view, nearness=nearness, opaque_from=opaque)
                layers.append(Part(nearness, _drawing(flat), moves_at=nearness))
            if opaque is not None:
                covered = opaque if covered is None else min(covered, opaque)
        return layers, covered


def _drawing(layer: FlatLayer | SoftLayer) -> Callable[[int, float, Planes], None]:
    return lambda _, t, planes: layer.draw(t, planes)
