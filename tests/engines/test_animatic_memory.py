"""What the animatic engine keeps in memory is bounded by what a frame shows."""

import numpy as np
import pytest

from rushes.core.shot_plan import Action
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.figure import figure_of
from rushes.engines.animatic.cast.wardrobe import Dress, Wardrobe
from rushes.engines.animatic.layers import SceneLight
from rushes.engines.animatic.paint.colour import rgb
from rushes.engines.animatic.particles import SHEETS, Particles
from rushes.engines.animatic.scenes.palettes import PALETTES
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.scenes.water import Water
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of

SHOT = Shot(words="", seed=3, width_px=320, height_px=180, duration_s=5.0, loop=False)
LIGHT = SceneLight(
    ambient=rgb("#ffffff"), key=rgb("#ffffff"), key_x=0.5, key_y=0.5, haze=rgb("#ffffff")
)


def pictures_of_a_cycle(*, crowd: bool, block_bytes: int) -> int:
    """Return how many different lit pictures a walk has."""
    wardrobe = Wardrobe(LIGHT)
    key = ("walker",)
    wardrobe.share_memory({key: block_bytes})
    figure = figure_of(subjects()["person"], 40.0, Action.WALK)
    dress = Dress(mirrored=False, haze=0.0, blur_px=0.0, glows=False, crowd=crowd)
    return len({id(wardrobe.lit(key, figure, step / 96, dress)) for step in range(96)})


def test_the_larger_sprites_are_the_fewer_of_them_are_kept() -> None:
    small, large = (pictures_of_a_cycle(crowd=False, block_bytes=n) for n in (1000, 9 << 20))
    assert large == 8 < small
    assert pictures_of_a_cycle(crowd=True, block_bytes=9 << 20) == 6


STEADY = sorted(kind for kind, sheets in SHEETS.items() if not any(one.glows for one in sheets))


@pytest.mark.parametrize("kind", STEADY)
def test_particles_that_leave_on_one_side_come_in_on_the_other(kind: str) -> None:
    """A sheet is as large as the frame, so a frame shows all of it, cut in up to four."""
    particles = Particles(SHOT, [kind])
    totals = []
    for t in (0.0, 0.13, 0.5, 0.87):
        planes = planes_of(blank_frame(320, 180))
        planes.y[:] = 0
        planes.u[:] = planes.v[:] = 128
        particles.draw(t, planes)
        totals.append(float(planes.y.astype(int).sum()))
    assert totals == pytest.approx([totals[0]] * 4, rel=0.2)
    assert totals[0] > 0


def test_water_behind_a_shore_is_drawn_down_to_the_shore_only() -> None:
    view = View(SHOT, Camera(SHOT))
    water = Water(SHOT, view, PALETTES["day"], place="ocean", sun_x=80.0, most_rows=20)
    planes = planes_of(blank_frame(320, 180))
    planes.y[:] = 7
    planes.u[:] = planes.v[:] = 7
    water.draw(0.0, 40, planes)
    assert np.all(planes.y[2 * 60 :] == 7)
    assert np.all(planes.u[60:] == 7)
    assert not np.any(np.all(planes.y[2 * 40 : 2 * 60] == 7, axis=1))
