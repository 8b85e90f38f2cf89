"""Water on the ground moves: light in a pool, waves on a shore, rings where rain falls."""

import numpy as np
import pytest

from rushes.core.shot_plan import CameraMove, Effect, ShotPlan
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

STILL = (CameraMove(move="static"),)


def drawn(plan: ShotPlan, *moments: float, loop: bool = False) -> list[Array]:
    shot = Shot(words="", seed=3, width_px=256, height_px=144, duration_s=4.0, loop=loop)
    picture = Composition(shot, plan)
    frames: list[Array] = []
    for moment in moments:
        frame = blank_frame(shot.width_px, shot.height_px)
        # One index: the grain is the same in both, and only what moves differs.
        picture.draw(0, moment, planes_of(frame))
        frames.append(rgb_of(frame).astype(int))
    return frames


def moving(plan: ShotPlan) -> Array:
    one, other = drawn(plan, 0.30, 0.55)
    moved: Array = np.abs(one - other).max(2)
    return moved


def test_light_wanders_over_the_water_of_a_pool_and_not_over_its_walls() -> None:
    moved = moving(ShotPlan(set="indoor_pool", camera=STILL))

    assert moved[110:128, 80:176].mean() > 2 * float(moved[:60].mean())


def test_waves_run_up_a_shore() -> None:
    moved = moving(ShotPlan(set="beach", camera=STILL))

    assert moved[100:110].mean() > 3 * max(1.0, float(moved[125:].mean()))


@pytest.mark.parametrize(("name", "drawn_twice"), [("beach", False), ("ocean", True)])
def test_water_is_drawn_once_for_two_frames_only_behind_a_shore(
    name: str, drawn_twice: bool
) -> None:
    plan = ShotPlan(set=name, camera=STILL)
    one, other, third = (frame[66:94] for frame in drawn(plan, 2 / 96, 3 / 96, 4 / 96))

    # All of a frame gets a little lighter and darker; water that moves differs by far more.
    assert bool(np.abs(one - other).max() > 15) is drawn_twice
    assert np.abs(other - third).max() > 15


def test_rain_splashes_on_the_ground() -> None:
    dry, wet = (
        drawn(ShotPlan(set="street", weather="overcast", camera=STILL, effects=effects), 0.3)[0]
        for effects in ((Effect.SNOW,), (Effect.RAIN,))
    )

    assert np.abs(dry - wet)[110:].mean() > 3


def test_rain_outside_does_not_splash_on_a_floor_inside() -> None:
    shot = Shot(words="", seed=3, width_px=256, height_px=144, duration_s=4.0)
    layers = {
        name: len(Composition(shot, ShotPlan(set=name, effects=(Effect.RAIN,)))._layers)
        - len(Composition(shot, ShotPlan(set=name, effects=(Effect.SNOW,)))._layers)
        for name in ("road", "kitchen")
    }

    assert layers == {"road": 1, "kitchen": 0}


@pytest.mark.parametrize(
    ("name", "effects"), [("indoor_pool", ()), ("beach", ()), ("road", (Effect.RAIN,))]
)
def test_a_loop_with_moving_water_closes(name: str, effects: tuple[Effect, ...]) -> None:
    plan = ShotPlan(set=name, camera=STILL, effects=effects)
    first, last = drawn(plan, 0.0, 1.0, loop=True)

    assert np.abs(first - last).mean() < 2.5
