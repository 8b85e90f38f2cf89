"""A set that is one painted shell with its ground, light and layers."""

from rushes.core.shot_plan import CastMember
from rushes.engines.animatic.finish import Finish
from rushes.engines.animatic.layers import Ground, Layer, SceneLight
from rushes.engines.animatic.paint.arrays import (
    Planes,
)
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.shot import Shot


class PaintedSet:
    """A set that is one painted shell."""

    def __init__(
        self,
        shot: Shot,
        palette: Palette,
        *,
        side: int,
        light: SceneLight,
        ground: Ground,
        layers: list[Layer],
        vignette: float = 0.22,
    ) -> None:
        self.palette, self.side, self.light, self.ground = palette, side, light, ground
        self.decor: tuple[CastMember, ...] = ()
        self.layers = layers
        self._finish = Finish(shot, grain=1.1, sweep=0.0, vignette=vignette)

    def finish(self, index: int, t: float, planes: Planes) -> None:
        self._finish.draw(index, t, planes)


# street
