"""The small drawing that stands for a render while it lasts."""

import math
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rushes.core.shot_plan import CastMember, Plane, ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.sketch import Sketch
from rushes.engines.base import Job

PROMPTS = ("a lighthouse at dusk", "a forest in autumn", "a rocket above a planet", "dunes")


def small(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB").resize((16, 9), Image.Resampling.BOX)).astype(float)


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are from each other, 0 to 255 on average."""
    return float(np.abs(small(one) - small(other)).mean())


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_a_sketch_shows_what_the_engine_renders(prompt: str, tmp_path: Path) -> None:
    spec = GenerationSpec(
        prompt=prompt, model="ray-2", resolution="540p", aspect_ratio="16:9", duration_s=4.0, seed=3
    )
    files = await AnimaticEngine().render(Job(spec=spec, prompt=prompt), tmp_path, lambda _: None)
    with Image.open(next(one.file for one in files if one.kind == "thumbnail")) as rendered:
        middle = apart(Image.fromarray(Sketch(spec).at(0.5)), rendered)
        others = [GenerationSpec(prompt=p, duration_s=4.0, seed=3) for p in PROMPTS if p != prompt]
        elsewhere = [apart(Image.fromarray(Sketch(other).at(0.5)), rendered) for other in others]
    assert middle < 8
    assert middle < min(elsewhere) / 2


@pytest.mark.parametrize("ratio", ["1:1", "9:21", "21:9", None])
def test_a_sketch_is_small_and_has_the_shape_of_the_video(ratio: str | None) -> None:
    sketch = Sketch(GenerationSpec(prompt="clouds", aspect_ratio=ratio))
    height, width, _ = sketch.at(0.0).shape
    across, down = map(int, (ratio or "16:9").split(":"))
    assert max(height, width) == 320
    assert width / height == pytest.approx(across / down, rel=0.03)


@pytest.mark.parametrize("loop", [False, True])
def test_every_moment_can_be_drawn(loop: bool) -> None:
    sketch = Sketch(GenerationSpec(prompt="waves", loop=loop))
    first, last = sketch.at(0.0).copy(), sketch.at(1.0)
    assert first.shape == last.shape
    assert not np.array_equal(first, last)


def test_a_sketch_tells_who_can_be_seen() -> None:
    plan = ShotPlan(
        set="meadow", cast=(CastMember(subject="horse"), CastMember(subject="woman", x=-2.0))
    )
    sketch = Sketch(GenerationSpec(prompt="a horse", seed=3), shot_plan=plan)
    horse, outside = sketch.visible_shares(0.5)
    assert horse > 0.02
    assert outside == 0


def test_who_rides_something_far_away_is_drawn_although_it_stands_at_the_top_of_the_frame() -> None:
    carrier = CastMember(subject="man-construction-worker", plane=Plane.BACKGROUND, y=0.0)
    plan = ShotPlan(set="meadow", cast=(carrier, CastMember(subject="chicken", on=0)))
    sketch = Sketch(GenerationSpec(prompt="", seed=3), shot_plan=plan)
    assert sketch.at(0.4).shape == (180, 320, 3)
    assert all(
        math.isfinite(share) for place in sketch.cast_places(0.4) for share in astuple(place)
    )
