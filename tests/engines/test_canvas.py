"""A body is laid over the canvas as a whole, although it is painted in strips."""

import numpy as np
import pytest

from rushes.engines.animatic.paint.arrays import F32
from rushes.engines.animatic.paint.canvas import Canvas
from rushes.engines.animatic.paint.scratch import clear, scratch
from rushes.engines.animatic.shot import Shot

SHOT = Shot(words="", seed=1, width_px=640, height_px=360, duration_s=5)


def test_a_smooth_body_has_no_seams() -> None:
    canvas = Canvas(SHOT)
    half_rows = canvas.height // 2
    ramp = np.linspace(0.2, 0.8, half_rows, dtype=F32)[:, None, None]
    body = np.ascontiguousarray(np.broadcast_to(ramp, (half_rows, canvas.width // 2, 3)))

    canvas.put(0, np.full((canvas.height, canvas.width), 255, np.uint8), body)

    steps = np.diff(canvas.yuv[:, 5, 0].astype(int))
    assert steps.min() >= 0
    assert steps.max() <= 1
    assert (canvas.alpha == 255).all()


def test_a_half_clear_mask_mixes_with_what_is_below() -> None:
    canvas = Canvas(SHOT)
    white, black = (np.full((32, canvas.width // 2, 3), tone, F32) for tone in (1.0, 0.0))
    canvas.put(0, np.full((64, canvas.width), 255, np.uint8), white)
    canvas.put(0, np.full((64, canvas.width), 128, np.uint8), black)

    luma = canvas.yuv[:64, :, 0].astype(int)
    assert np.abs(luma - (235 + 16) / 2).max() < 2
    assert not canvas.alpha[64:].any()


def test_a_mask_is_soft_at_its_line_and_whole_below() -> None:
    canvas = Canvas(SHOT)
    top = np.full(canvas.width, 100.25, F32)

    mask = canvas.mask_below(40, top, 60)

    assert mask.shape == (120, canvas.width)
    assert not mask[:60].any()
    assert 0 < mask[60, 0] < 255
    assert (mask[61:] == 255).all()


@pytest.mark.parametrize(("line", "shown"), [(20.0, 255), (900.0, 0)], ids=["above", "below"])
def test_a_line_beyond_the_rows_leaves_them_alike(line: float, shown: int) -> None:
    canvas = Canvas(SHOT)

    mask = canvas.mask_below(40, np.full(canvas.width, line, F32), 60)

    assert (mask == shown).all()


def test_noise_begins_alike_however_many_rows_are_wanted() -> None:
    canvas = Canvas(SHOT)

    few, many = (canvas.noise(rows, tile_px=400, seed=5) for rows in (40, 80))

    assert few.shape == (40, canvas.width // 2)
    assert np.abs(few - many[:40]).mean() < 0.02
    assert 0 <= many.min() < many.max() <= 1


def test_cleared_memory_is_clear_however_it_was_used() -> None:
    scratch("used", 300, 300)[...] = 7

    assert not clear("used", 300, 300).any()
