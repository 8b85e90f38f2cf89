"""Pictures whose depth was measured: it stays with its picture, and decides what moves how far."""

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from rushes.core.errors import InputUnusable
from rushes.core.shot_plan import CameraMove, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.photo.layer import Grid, PhotoLayer
from rushes.engines.animatic.photo.motion import Motion, Pinned
from rushes.engines.animatic.production import plan_of
from rushes.engines.animatic.shot import Shot
from rushes.engines.base import Job
from rushes.engines.video.pictures import read_depth

SHOT = Shot(words="camera pans left", seed=1, width_px=320, height_px=180, duration_s=5.0)


def noise(height: int, width: int) -> np.ndarray:
    """Return a picture with detail everywhere, so that none of it is taken for sky."""
    return np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8)


def disc_in(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture with a white disc, and its depth at half the size: the disc is near."""
    picture = noise(height, width) // 4
    cv2.circle(picture, (width // 3, height // 2), height // 6, (255, 255, 255), -1)
    near = np.zeros((height // 2, width // 2), np.float32)
    cv2.circle(near, (width // 6, height // 4), height // 12, 1.0, -1)
    return picture, near


@pytest.mark.parametrize("size", [(300, 300), (360, 640), (900, 300)])
def test_measured_depth_is_framed_like_its_picture(size: tuple[int, int]) -> None:
    picture, near = disc_in(*size)
    layer = PhotoLayer(picture, SHOT, grid := Grid(SHOT), near)
    shown = cv2.GaussianBlur(layer.picture[..., 1], (0, 0), 3) > 190
    disc = grid.fitted(shown.astype(np.float32))
    assert np.corrcoef(disc.ravel(), layer.nearness.ravel())[0, 1] > 0.85


def test_what_is_near_slides_farther_than_what_is_far() -> None:
    picture = noise(180, 320)
    near = np.zeros((180, 320), np.float32)
    near[:, :160] = 1.0
    grid = Grid(SHOT)
    layer = PhotoLayer(picture, SHOT, grid, near)
    motion = Motion(SHOT, grid, single=True)
    key = Pinned(layer=layer, at=0.0)
    moved = (motion.places(key, 1.0) - motion.places(key, 0.0))[..., 0]
    rows = slice(grid.rows // 2 - 2, grid.rows // 2 + 2)
    left, right = moved[rows, 8:14].mean(), moved[rows, -14:-8].mean()
    guessed = PhotoLayer(picture, SHOT, grid)
    plain = Pinned(layer=guessed, at=0.0)
    without = (motion.places(plain, 1.0) - motion.places(plain, 0.0))[..., 0]
    assert abs((left - right) - (without[rows, 8:14].mean() - without[rows, -14:-8].mean())) > 3


def job_of(folder: Path, **inputs: object) -> Job:
    spec = GenerationSpec(prompt="a lake", size_px=(320, 180), resolution="360p", duration_s=4.0)
    path = folder / "first.png"
    cv2.imwrite(str(path), noise(180, 320))
    return replace(Job(spec=spec, prompt=spec.prompt, first_image=path), **inputs)


def test_the_depth_of_a_job_goes_with_the_image_that_it_is_of(tmp_path: Path) -> None:
    first, last = tmp_path / "first_depth.png", tmp_path / "last_depth.png"
    cv2.imwrite(str(first), np.full((9, 16), 65535, np.uint16))
    cv2.imwrite(str(last), np.zeros((9, 16), np.uint16))
    job = job_of(tmp_path, first_depth=first, last_depth=last)
    assert plan_of(job_of(tmp_path)).depths == (None,)
    both = plan_of(replace(job, last_image=job.first_image))
    assert [float(one.mean()) for one in both.depths if one is not None] == [1.0, 0.0]
    (alone,) = plan_of(replace(job, first_image=None, last_image=job.first_image)).depths
    assert alone is not None
    assert alone.max() == 0.0
    again = plan_of(replace(job, last_image=job.first_image, spec=replace(job.spec, loop=True)))
    assert again.depths[0] is again.depths[2]


def test_a_file_that_is_no_depth_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), np.zeros((9, 16), np.uint8))
    with pytest.raises(InputUnusable, match="16-bit"):
        read_depth(tmp_path / "grey.png")


def test_a_plan_that_comes_with_a_picture_moves_the_camera(tmp_path: Path) -> None:
    pans = ShotPlan(camera=(CameraMove(move="pan_left", start=0.5),))
    assert plan_of(job_of(tmp_path)).moves is None
    moves = plan_of(job_of(tmp_path, shot_plan=pans)).moves
    assert moves is not None
    assert (moves[0].start, moves[0].moves.pan != 0) == (0.5, True)


async def test_a_video_has_the_label_that_the_engine_was_made_with(tmp_path: Path) -> None:
    label = {"engine": "a-model", "comment": "Drawn by a model."}
    engine = AnimaticEngine(threads=1, label=label)
    rendered = await engine.render(job_of(tmp_path), tmp_path, lambda *_: None)
    with av.open(str(rendered[0].file)) as container:
        assert {name: container.metadata[name] for name in label} == label
