"""From the moves asked for to where the camera is at each moment."""

import math
from dataclasses import replace
from typing import Final, NamedTuple

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.camera_words import Moves, moves_in
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


class TimedMoves(NamedTuple):
    """Moves that are made during one part of a shot."""

    moves: Moves
    start: float = 0.0
    """Share of the shot at which they begin."""

    end: float = 1.0

    def share(self, t: float) -> float:
        """Return how much of their time has passed, 0.0 to 1.0."""
        return min(max((t - self.start) / max(self.end - self.start, 0.02), 0.0), 1.0)


def timed_moves(plan: ShotPlan, *, seed: int) -> tuple[TimedMoves, ...]:
    """Return the camera moves of a plan; a slow push where it names none."""
    if not plan.camera:
        usual = moves_in("", seed=seed)
        return (TimedMoves(replace(usual, pace=plan.pace)),)
    spans: dict[tuple[float, float], list[str]] = {}
    for move in plan.camera:
        spans.setdefault((move.start, move.end), []).append(move.move)
    return tuple(
        TimedMoves(replace(moves_in("", seed=seed, concepts=names), pace=plan.pace), start, end)
        for (start, end), names in spans.items()
    )


class Camera:
    """A smooth path made of moves, each at its time."""

    def __init__(self, shot: Shot, parts: tuple[TimedMoves, ...] | None = None) -> None:
        """
        Prepare the path.

        Args:
            parts: The moves in time; None reads them from the words of the shot.
        """
        if parts is None:
            parts = (TimedMoves(moves_in(shot.words, seed=shot.seed, concepts=shot.concepts)),)
        self._parts = parts
        self.moves: Final = parts[0].moves
        self._loop = shot.loop
        self._length = math.sqrt(shot.duration_s / 5)
        self._phases = [float(p) for p in shot.chance("camera").uniform(0, 2 * math.pi, 8)]

    def at(self, t: float) -> Pose:
        """Return the pose at *t* of 0 to 1; at 1 a loop is where it began."""
        pose = Pose(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
        for part in self._parts:
            moves, share = part.moves, part.share(t)
            if moves.still and not moves.travels and not moves.handheld:
                pose = pose._replace(zoom=max(pose.zoom, REST.zoom))
                continue
            pose = self._travelled(pose, moves, share)
            if moves.orbit:
                pose = self._orbited(pose, moves, share)
            if moves.handheld:
                pose = self._shaken(pose, t)
        return pose

    def _eased(self, t: float) -> float:
        if self._loop:
            return 0.5 - 0.5 * math.cos(2 * math.pi * t)
        return t + 0.55 * (t * t * (3 - 2 * t) - t)  # mostly even, with soft ends

    def _reach(self, moves: Moves) -> float:
        return min(moves.pace * self._length, 1.6)

    def _travelled(self, pose: Pose, moves: Moves, t: float) -> Pose:
        reach = self._reach(moves)
        eased = self._eased(t)
        middle = eased - 0.5
        zoom = 1.03
        if moves.push:
            zoom = 1 + 0.14 * reach * (eased if moves.push > 0 else 1 - eased)
        depth = 0.05 * reach * moves.push * middle
        if moves.dolly_zoom:
            zoom, depth = 1 + 0.16 * (1 - eased), 0.13 * (eased - 0.1)
        return Pose(
            x=pose.x + 0.11 * reach * moves.pan * middle,
            y=pose.y + 0.10 * reach * moves.tilt * middle,
            zoom=pose.zoom * zoom,
            roll=pose.roll + 0.07 * moves.roll * middle,
            side=pose.side + 0.044 * reach * moves.pan * middle,
            rise=pose.rise + 0.032 * reach * moves.tilt * middle,
            depth=pose.depth + depth,
        )

    def _orbited(self, pose: Pose, moves: Moves, t: float) -> Pose:
        angle = 2 * math.pi * t if self._loop else 1.9 * (self._eased(t) - 0.5)
        side, reach = moves.orbit, self._reach(moves)
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
