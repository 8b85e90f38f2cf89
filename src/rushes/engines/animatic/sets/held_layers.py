"""Draw slow layers at the back of a picture once for two frames."""

from collections.abc import Sequence

from rushes.engines.animatic.layers import Layer, Part
from rushes.engines.animatic.paint.arrays import Planes, blank_planes
from rushes.engines.animatic.scenes.view import View


class HeldLayers:
    """
    Layers that two frames may show alike, kept as one picture.

    They are at the back of everything, so that a frame begins as a copy of that picture. Where
    the camera moves too fast for that, they are drawn for each frame.
    """

    def __init__(self, view: View, parts: Sequence[Part]) -> None:
        self._view, self._parts = view, parts
        self.nearness = parts[-1].nearness
        self._moves_at = max(part.moves_at or 0.0 for part in parts)
        self._picture = blank_planes(view.width, view.height)
        self._moment = -1.0

    def draw(self, index: int, t: float, planes: Planes) -> None:
        moment = self._view.held(t, self._moves_at)
        if moment != self._moment:
            for part in self._parts:
                part.draw(index, moment, self._picture)
            self._moment = moment
        for plane, drawn in zip(planes, self._picture, strict=True):
            plane[:] = drawn


def hold_layers(view: View, layers: Sequence[Layer]) -> list[Layer]:
    """Return layers, sorted from far to near, with those at the back that can be held as one."""
    parts: list[Part] = []
    for layer in layers:
        if not isinstance(layer, Part) or layer.moves_at is None:
            break
        if not view.is_slow(layer.moves_at):
            break
        parts.append(layer)
    return [HeldLayers(view, parts), *layers[len(parts) :]] if parts else [*layers]
