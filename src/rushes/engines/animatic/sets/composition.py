"""From a shot plan to a picture: set, cast and weather, drawn from far to near."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rushes.core.shot_plan import CastMember, ShotPlan
from rushes.engines.animatic.camera_path import Camera, timed_moves
from rushes.engines.animatic.cast.layer import CastLayer
from rushes.engines.animatic.cast.members import cast_layers
from rushes.engines.animatic.layers import Layer, Part
from rushes.engines.animatic.paint.arrays import Planes
from rushes.engines.animatic.paint.canvas import forget_noise
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.air import air_layers, wind_of
from rushes.engines.animatic.sets.counter import counter_layer
from rushes.engines.animatic.sets.held_layers import hold_layers
from rushes.engines.animatic.sets.islets import islets
from rushes.engines.animatic.sets.staging import Staging
from rushes.engines.animatic.sets.subject_frames import hosts_first, order_of
from rushes.engines.animatic.sets.table import set_for
from rushes.engines.animatic.shot import Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPlace:
    """Where a cast member is in one frame, as shares of the frame; all its copies together."""

    x: float
    """What ``x`` of the member is where the plan leaves it open."""

    y: float
    left: float
    top: float
    right: float
    bottom: float


_PLANNED, _PAINTED = 0.2, 0.7
"""Shares of the preparation that are done once the camera is planned, and the set is painted."""


def ignored(_: float) -> None:
    """Report to nobody."""


class Composition:
    """The picture of one plan; the same plan and shot give the same frames."""

    def __init__(
        self, shot: Shot, plan: ShotPlan, *, report: Callable[[float], None] = ignored
    ) -> None:
        """
        Paint the set and make the cast ready.

        Args:
            report: Called with the share of this that is done, as its parts are.

        Raises:
            KeyError: The plan names a set or a subject that does not exist.
        """
        order = order_of(plan.cast)
        plan = replace(plan, cast=hosts_first(plan.cast))
        view = View(shot, Camera(shot, timed_moves(plan, seed=shot.seed)))
        report(_PLANNED)
        self._set = set_for(shot, view, plan)
        report(_PAINTED)
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
        self._cast = [
            _layers_of(plan.cast, order.index(index), cast) for index in range(len(order))
        ]
        self._staging, self._size = staging, (shot.width_px, shot.height_px)
        air = air_layers(shot, plan, self._set.palette, ground, sun_x=self._set.side)
        added = islets(shot, view, ground, self._set.palette, cast)
        if staging.on_counter:
            added.append(counter_layer(shot, view, plan, self._set.light))
        planned = {id(layer) for copies in self._cast for layer in copies}
        furnished = [layer if id(layer) in planned else _decor_part(layer) for layer in cast]
        layers: list[Layer] = [*self._set.layers, *furnished, *added, *air]
        forget_noise()
        self._layers = hold_layers(view, sorted(layers, key=lambda layer: layer.nearness))
        report(1.0)

    def draw(self, index: int, t: float, planes: Planes, *, without: int | None = None) -> None:
        """
        Draw frame *index*, at *t* of 0 to 1, over whatever the planes hold.

        Args:
            without: Number of a cast member to leave out, in the plan's order; all others stay
                where they are.
        """
        left_out = {id(layer) for layer in self._cast[without]} if without is not None else ()
        for layer in self._layers:
            if id(layer) not in left_out:
                layer.draw(index, t, planes)
        self._set.finish(index, t, planes)

    def cast_places(self, t: float) -> tuple[CastPlace, ...]:
        """Return where each member of the plan is at *t* of 0 to 1, in the plan's order."""
        return tuple(self._place_of(copies, t) for copies in self._cast)

    def _place_of(self, copies: list[CastLayer], t: float) -> CastPlace:
        width, height = self._size
        boxes = [copy.box(t) for copy in copies]
        spots = [copy.spot for copy in copies]
        lifted = copies[0].height_px / 2 if self._staging.floats(copies[0].member) else 0.0
        return CastPlace(
            x=sum(spot.x_px for spot in spots) / len(spots) / width,
            y=(sum(spot.foot_px for spot in spots) / len(spots) - lifted) / height,
            left=min(box[0] for box in boxes) / width,
            top=min(box[1] for box in boxes) / height,
            right=max(box[2] for box in boxes) / width,
            bottom=max(box[3] for box in boxes) / height,
        )


def _decor_part(layer: CastLayer) -> Layer:
    """Return what furnishes a place as a part of it that two frames may show alike, if it may."""
    if not layer.is_calm:
        return layer
    return Part(layer.nearness, layer.draw, moves_at=layer.nearness)


def _layers_of(
    cast: Sequence[CastMember], index: int, layers: Sequence[CastLayer]
) -> list[CastLayer]:
    """Return the layers of a member; of clothes that are a part of a body, that one's."""
    own = [layer for layer in layers if layer.member is cast[index]]
    host = cast[index].on
    return own if own or host is None else _layers_of(cast, host, layers)
