"""From the screen back to the canvas, for scenery at any distance."""

import math

import numpy as np

from rushes.engines.animatic.camera_path import Camera, Pose
from rushes.engines.animatic.paint.arrays import F32, Array
from rushes.engines.animatic.paint.canvas import canvas_size
from rushes.engines.animatic.shot import Shot

_HELD_PX = 0.8
"""How far a layer may be from its place while its drawing is held, at 720 px frame height."""

_MOMENTS = 16
"""Frames of a shot by which the speed of its camera is judged."""

REST_SCALE = 1.1
"""Canvas pixels per screen pixel at rest: half of the canvas's spare room is used."""


class View:
    """What the camera sees of canvases that are larger than the frame."""

    def __init__(self, shot: Shot, camera: Camera) -> None:
        self.width, self.height = shot.width_px, shot.height_px
        self.canvas_width, self.canvas_height = canvas_size(shot)
        self._camera = camera
        self._shot = shot
        self._latest = (0.0, camera.at(0.0))

    def pose(self, t: float) -> Pose:
        moment, pose = self._latest
        if moment != t:
            pose = self._camera.at(t)
            self._latest = (t, pose)
        return pose

    def held(self, t: float, nearness: float) -> float:
        """
        Return the moment to show of a layer: the one between two frames, if it hardly moves.

        As animators draw on twos; no frame is then off by more than half of what the layer moves
        from one to the next.
        """
        shot = self._shot
        moment = min(shot.held(t) + shot.phase(1) / 2, 1.0)
        corners = np.array([[0, self.width, 0, self.width], [0, 0, self.height, self.height]])
        moved = self.inverse(t, nearness) - self.inverse(moment, nearness)
        farthest = float(np.abs(moved[:, :2] @ corners + moved[:, 2:]).max())
        most = _HELD_PX * min(self.width, self.height) / 720
        return moment if farthest < most else t

    def is_slow(self, nearness: float) -> bool:
        """Judge whether most frames can show a layer at that distance as it is between two."""
        step = max(1, self._shot.frames // _MOMENTS)
        moments = [self._shot.phase(index) for index in range(0, self._shot.frames, step)]
        held = sum(self.held(t, nearness) != t for t in moments)
        return 2 * held > len(moments)

    def scale(self, pose: Pose, nearness: Array | float) -> Array | float:
        """Return canvas pixels per screen pixel."""
        zoomed = 1 + (pose.zoom - 1) * (0.3 + nearness)
        return REST_SCALE / zoomed * (1 - pose.depth * (nearness - 0.3))

    def centre(self, pose: Pose, nearness: Array | float) -> tuple[Array | float, Array | float]:
        """Return the canvas position in the middle of the screen, from the canvas's middle."""
        follow = 0.35 + nearness * 0.8
        slide = nearness - 0.2
        return (
            (pose.x * follow + pose.side * slide * 1.6) * self.width,
            (pose.y * follow + pose.rise * slide) * self.width,
        )

    def inverse(
        self,
        t: float,
        nearness: float,
        *,
        half: bool = False,
        sway: float = 0.0,
        turn: float = 0.0,
    ) -> Array:
        """Return the ``(2, 3)`` matrix from the screen to the canvas; *half* if both are halved."""
        pose = self.pose(t)
        size = 0.5 if half else 1.0
        width, height = self.width * size, self.height * size
        scale = float(self.scale(pose, nearness))
        cosine = math.cos(pose.roll + turn) * scale
        sine = math.sin(pose.roll + turn) * scale
        across, down = self.centre(pose, nearness)
        left = float(across) * size + self.canvas_width * size / 2
        top = float(down) * size + self.canvas_height * size / 2
        return np.array(
            [
                [cosine, -sine + sway, left - (cosine * width - sine * height) / 2 - sway * height],
                [sine, cosine, top - (sine * width + cosine * height) / 2],
            ],
            F32,
        )

    def screen_rows(self, matrix: Array, first: float, last: float) -> tuple[int, int]:
        """Return the even screen rows that canvas rows *first* to *last* can touch."""
        _, (across, down, top) = matrix.tolist()
        touched = [
            (row - top - across * x) / down for row in (first, last) for x in (0, self.width)
        ]
        end = int(max(touched) + 9) // 2 * 2
        start = min(max(0, int(min(touched) - 6) // 2 * 2), self.height)
        return start, self.height if end > self.height - 48 else max(end, start)
