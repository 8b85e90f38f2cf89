"""From the moves asked for to where the camera is at each moment."""

import math
from typing import Final, NamedTuple

from rushes.engines.animatic.camera_words import moves_in
from rushes.engines.animatic.shot import Shot

_SHAKE_RHYTHMS: Final = (3, 5, 8, 13)
"""Rounds in a clip: whole numbers, so that a handheld loop closes."""


class Pose(NamedTuple):
    """Where the camera is; lengths in frame widths, angles in radians."""

    x: float
    y: float
    zoom: float
    """1 shows the whole frame; more shows less of it, larger."""

    roll: float
    side: float
    """How far near things slide against far ones, sideways."""

    rise: float
    """The same, up and down."""

    depth: float
    """How much larger near things grow than far ones."""

    def minus(self, other: "Pose") -> "Pose":
        """Return what differs from another pose, as a pose around zoom 1."""
        x, y, zoom, roll, side, rise, depth = (
            mine - theirs for mine, theirs in zip(self, other, strict=True)
        )
        return Pose(x, y, 1 + zoom, roll, side, rise, depth)


REST: Final = Pose(0.0, 0.0, 1.02, 0.0, 0.0, 0.0, 0.0)


class Camera:
    """A smooth path made of the shot's moves."""

    def __init__(self, shot: Shot) -> None:
        self.moves: Final = moves_in(shot.words, seed=shot.seed, concepts=shot.concepts)
        self._loop = shot.loop
        self._reach = min(self.moves.pace * (shot.duration_s / 5) ** 0.5, 1.6)
        self._phases = [float(p) for p in shot.chance("camera").uniform(0, 2 * math.pi, 8)]

    def at(self, t: float) -> Pose:
        """Return the pose at *t* of 0 to 1; at 1 a loop is where it began."""
        if self.moves.still and not self.moves.travels and not self.moves.handheld:
            return REST
        pose = self._travelled(t)
        if self.moves.orbit:
            pose = self._orbited(pose, t)
        if self.moves.handheld:
            pose = self._shaken(pose, t)
        return pose

    def _eased(self, t: float) -> float:
        if self._loop:
            return 0.5 - 0.5 * math.cos(2 * math.pi * t)
        return t + 0.55 * (t * t * (3 - 2 * t) - t)  # mostly even, with soft ends

    def _travelled(self, t: float) -> Pose:
        moves, reach = self.moves, self._reach
        eased = self._eased(t)
        middle = eased - 0.5
        zoom = 1.03
        if moves.push:
            zoom = 1 + 0.14 * reach * (eased if moves.push > 0 else 1 - eased)
        depth = 0.05 * reach * moves.push * middle
        if moves.dolly_zoom:
            zoom, depth = 1 + 0.16 * (1 - eased), 0.13 * (eased - 0.1)
        return Pose(
            x=0.11 * reach * moves.pan * middle,
            y=0.10 * reach * moves.tilt * middle,
            zoom=zoom,
            roll=0.07 * moves.roll * middle,
            side=0.044 * reach * moves.pan * middle,
            rise=0.032 * reach * moves.tilt * middle,
            depth=depth,
        )

    def _orbited(self, pose: Pose, t: float) -> Pose:
        angle = 2 * math.pi * t if self._loop else 1.9 * (self._eased(t) - 0.5)
        side, reach = self.moves.orbit, self._reach
        return pose._replace(
            x=pose.x - side * 0.018 * reach * math.sin(angle),
            roll=pose.roll + side * 0.006 * math.sin(angle),
            side=pose.side + side * 0.026 * reach * math.sin(angle),
            rise=pose.rise + 0.006 * reach * (1 - math.cos(angle)),
        )

    def _shaken(self, pose: Pose, t: float) -> Pose:
        def shake(first: int, size: float) -> float:
            return size * sum(
                math.sin(2 * math.pi * rounds * t + self._phases[(first + order) % 8]) / (order + 1)
                for order, rounds in enumerate(_SHAKE_RHYTHMS)
            )

        return pose._replace(
            x=pose.x + shake(0, 0.0038),
            y=pose.y + shake(2, 0.0034),
            roll=pose.roll + shake(4, 0.0022),
            side=pose.side + shake(5, 0.002),
        )
