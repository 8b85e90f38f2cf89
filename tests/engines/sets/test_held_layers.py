"""Layers at the back are drawn once for two frames, unless the camera is too fast for it."""

from dataclasses import replace

import numpy as np
import pytest

from rushes.core.shot_plan import CameraMove, CastMember, Effect, ShotPlan
from rushes.engines.animatic.camera_path import Camera, timed_moves
from rushes.engines.animatic.cast.layer import CastLayer
from rushes.engines.animatic.layers import Part
from rushes.engines.animatic.paint.arrays import Planes, blank_planes
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.sets.held_layers import hold_layers
from rushes.engines.animatic.shot import Shot

SHOT = Shot(words="", seed=3, width_px=256, height_px=144, duration_s=5.0)


class Counted:
    """A layer that fills the frame with the number of times it was drawn."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def paint(self, _: int, t: float, planes: Planes) -> None:
        self.moments.append(t)
        for plane in planes:
            plane[:] = len(self.moments)


def view(shot: Shot, move: str) -> View:
    plan = ShotPlan(camera=(CameraMove(move=move),))
    return View(shot, Camera(shot, timed_moves(plan, seed=shot.seed)))


def moments_drawn(shot: Shot, frames: int, *, move: str) -> list[float]:
    """Return the moments for which a soft layer is drawn in the first frames of a shot."""
    counted = Counted()
    (layer,) = hold_layers(view(shot, move), [Part(0.2, counted.paint, moves_at=0.2)])
    for index in range(frames):
        layer.draw(index, shot.phase(index), blank_planes(256, 144))
    return counted.moments


def test_a_layer_is_drawn_once_for_two_frames_as_it_is_between_them() -> None:
    between = SHOT.phase(1) / 2

    moments = moments_drawn(SHOT, 6, move="static")

    assert moments == [SHOT.phase(index) + between for index in (0, 2, 4)]


def test_the_last_frame_of_an_odd_number_shows_the_end() -> None:
    assert moments_drawn(SHOT, SHOT.frames, move="static")[-1] == 1.0


@pytest.mark.parametrize("move", ["push_in", "static"])
def test_trees_behind_the_cast_are_drawn_once_for_two_frames(
    move: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[float] = []
    monkeypatch.setattr(FlatLayer, "draw", lambda _, t, *args, **more: drawn.append(t))
    picture = Composition(SHOT, ShotPlan(set="forest", camera=(CameraMove(move=move),)))
    moments = [SHOT.phase(index) for index in range(6)]
    for index, moment in enumerate(moments):
        picture.draw(index, moment, blank_planes(256, 144))
    behind = [moment for moment in drawn if moment not in moments]  # not those in front

    assert behind == [moment + SHOT.phase(1) / 2 for moment in moments[::2]]


def test_a_fast_camera_draws_a_soft_layer_for_each_frame() -> None:
    fast = replace(SHOT, duration_s=0.25)

    assert len(moments_drawn(fast, fast.frames, move="pan_left")) == fast.frames


def test_what_stands_before_a_layer_that_moves_is_drawn_for_each_frame() -> None:
    moving, near = Counted(), Counted()
    layers = [Part(0.1, moving.paint), Part(0.2, near.paint, moves_at=0.2)]
    for layer in hold_layers(view(SHOT, "static"), layers):
        for index in range(4):
            layer.draw(index, SHOT.phase(index), blank_planes(256, 144))

    assert len(moving.moments) == len(near.moments) == 4


def test_what_furnishes_a_place_is_drawn_once_for_two_frames_and_the_cast_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[tuple[str, float]] = []
    monkeypatch.setattr(
        CastLayer, "draw", lambda layer, _, t, planes: drawn.append((layer.member.subject, t))
    )
    picture = Composition(SHOT, ShotPlan(set="beach", cast=(CastMember(subject="dog"),)))
    for index in range(6):
        picture.draw(index, SHOT.phase(index), blank_planes(256, 144))
    times = {name: sum(one == name for one, _ in drawn) for name in ("palm-tree", "dog")}

    assert times == {"palm-tree": 3, "dog": 6}


@pytest.mark.parametrize("effects", [(Effect.FOG,), (Effect.AURORA,)])
def test_a_frame_is_the_same_whichever_frame_was_drawn_before(effects: tuple[Effect, ...]) -> None:
    pictures = [Composition(SHOT, ShotPlan(set="forest", effects=effects)) for _ in range(2)]
    shown = [blank_planes(256, 144) for _ in pictures]
    for picture, planes, indices in zip(pictures, shown, ((6, 7), (90, 7)), strict=True):
        for index in indices:
            picture.draw(index, SHOT.phase(index), planes)

    for one, other in zip(*shown, strict=True):
        assert np.array_equal(one, other)
