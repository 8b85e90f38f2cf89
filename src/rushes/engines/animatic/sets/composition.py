"""From a shot plan to a picture: set, cast and weather, drawn from far to near."""

from dataclasses import replace

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.camera_path import Camera, timed_moves
from rushes.engines.animatic.cast.layer import cast_layers
from rushes.engines.animatic.layers import Layer
from rushes.engines.animatic.paint.arrays import Planes
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.air import air_layers, wind_of
from rushes.engines.animatic.sets.staging import Staging, hosts_first
from rushes.engines.animatic.sets.table import set_for
from rushes.engines.animatic.shot import Shot


class Composition:
    """The picture of one plan; the same plan and shot give the same frames."""

    def __init__(self, shot: Shot, plan: ShotPlan) -> None:
        """
        Paint the set and make the cast ready.

        Raises:
            KeyError: The plan names a set or a subject that does not exist.
        """
        plan = replace(plan, cast=hosts_first(plan.cast))
        view = View(shot, Camera(shot, timed_moves(plan, seed=shot.seed)))
        self._set = set_for(shot, view, plan)
        ground = self._set.ground
        staging = Staging(shot, plan, ground, self._set.decor)
        cast = cast_layers(
            shot,
            view,
            self._set.light,
            (*plan.cast, *self._set.decor),
            staging.spot,
            wind=wind_of(plan),
            pace=plan.pace,
        )
        air = air_layers(shot, plan, self._set.palette, ground, sun_x=self._set.side)
        layers: list[Layer] = [*self._set.layers, *cast, *air]
        self._layers = sorted(layers, key=lambda layer: layer.nearness)

    def draw(self, index: int, t: float, planes: Planes) -> None:
        """Draw frame *index*, at *t* of 0 to 1, over whatever the planes hold."""
        for layer in self._layers:
            layer.draw(index, t, planes)
        self._set.finish(index, t, planes)
