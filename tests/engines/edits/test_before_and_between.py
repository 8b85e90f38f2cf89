"""What comes before an earlier clip, and what comes between two."""

import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import Probed, quartered

from rushes.core.geometry import FPS
from rushes.core.spec import GenerationSpec, Kind, Role, Source
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Job


def apart(left, right) -> float:
    return float(np.abs(left.astype(int) - right).mean())


@pytest.fixture
def spec() -> GenerationSpec:
    return GenerationSpec(prompt="hills", aspect_ratio="1:1", resolution="540p", duration_s=1.0)


@pytest.fixture
def still(tmp_path):
    def write(name: str, picture) -> object:
        Image.fromarray(np.ascontiguousarray(picture)).save(tmp_path / name)
        return tmp_path / name

    return write


async def test_what_leads_to_a_clip_is_delivered_with_the_clip_behind_it(
    spec, still, clip, tmp_path
):
    later = clip("later.mp4", size=(540, 540), frames=12)
    opening = Probed(later).pictures[0]
    job = Job(
        spec=spec,
        prompt=spec.prompt,
        last_image=still("opening.png", opening),
        later_clip=later,
    )
    rendered = await AnimaticEngine(threads=1).render(job, tmp_path / "out", lambda *_: None)
    made = Probed(rendered[0].file)
    assert len(made.pictures) == FPS + 12
    assert rendered[0].duration_s == pytest.approx(1.5)
    assert apart(made.pictures[FPS], opening) < 4
    assert apart(made.pictures[FPS - 1], opening) < 8  # no jump where they join
    assert apart(np.asarray(Image.open(rendered[3].file)), opening) < 4


async def test_what_is_between_two_clips_is_delivered_alone(spec, still, tmp_path):
    first, last = quartered(540, 540), quartered(540, 540)[::-1, ::-1]
    job = Job(
        spec=spec,
        prompt=spec.prompt,
        first_image=still("first.png", first),
        last_image=still("last.png", last),
    )
    made = Probed(
        (await AnimaticEngine(threads=1).render(job, tmp_path / "out", lambda *_: None))[0].file
    )
    assert len(made.pictures) == FPS + 1
    assert apart(made.pictures[0], first) < 6
    assert apart(made.pictures[-1], last) < 6


async def test_the_engine_does_every_kind_of_work_that_it_says(clip, picture, tmp_path):
    engine = AnimaticEngine(threads=1)
    assert Kind.MODIFY not in engine.capabilities.kinds
    assert set(engine.capabilities.references) == set(Role)
    reported = []
    for kind in engine.capabilities.kinds:
        spec = GenerationSpec(
            prompt="rain",
            kind=kind,
            aspect_ratio="1:1",
            resolution="1080p" if kind is Kind.UPSCALE else "540p",
            duration_s=0.5,
            source=Source(file="a"),
        )
        reported.clear()
        job = Job(spec=spec, prompt="rain", source=clip(frames=4))
        rendered = await engine.render(
            job, tmp_path / kind, lambda share, _=None: reported.append(share)
        )
        assert all(item.file.stat().st_size for item in rendered)
        assert reported[-1] == 1.0
