"""One small frame of a plan."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rushes.core.shot_plan import Action, CameraMove, CastMember, Plane, ShotPlan
from rushes.core.spec import GenerationSpec, Kind, Medium, Source
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.plan_picture import PlanPictureEngine
from rushes.engines.animatic.planning.names import PALETTES, plan_names
from rushes.engines.animatic.rough_frame import PLACES
from rushes.engines.animatic.scenes import palettes
from rushes.engines.base import Job
from rushes.engines.video.pictures import PREVIEW_BYTES, PREVIEW_PX, write_small_jpeg

CROWD = ShotPlan(
    set="street",
    time="night",
    cast=(CastMember(subject="cook", count=40, action=Action.DANCE),),
)


async def frame(plan: ShotPlan, folder: Path, *, ratio: str = "16:9", seed: int = 1) -> Path:
    spec = GenerationSpec(prompt="", kind=Kind.IMAGE, aspect_ratio=ratio, seed=seed)
    job = Job(spec=spec, prompt="", shot_plan=plan)
    (made,) = await PlanPictureEngine("rough-frame").render(job, folder, lambda *_: None)
    return made.file


@pytest.mark.parametrize(("ratio", "lies"), [("16:9", True), ("9:16", False)])
async def test_a_rough_frame_has_the_shape_that_is_asked_for_and_is_small(
    ratio: str, lies: bool, tmp_path: Path
) -> None:
    made = await frame(CROWD, tmp_path, ratio=ratio)

    with Image.open(made) as picture:
        assert (picture.width > picture.height) is lies
        assert max(picture.size) == PREVIEW_PX
    assert made.stat().st_size <= PREVIEW_BYTES


async def test_the_same_plan_and_seed_give_the_same_frame_and_another_plan_another(
    tmp_path: Path,
) -> None:
    one = await frame(CROWD, tmp_path / "one")
    same = await frame(CROWD, tmp_path / "same")
    other = await frame(ShotPlan(set="kitchen"), tmp_path / "other")

    assert one.read_bytes() == same.read_bytes() != other.read_bytes()


async def test_places_of_the_cast_are_told_in_the_order_of_the_plan(tmp_path: Path) -> None:
    cast = (
        CastMember(subject="cook", on=1),
        CastMember(subject="table", x=0.8),
        CastMember(subject="dog", x=0.2, y=0.9),
        CastMember(subject="eagle", plane=Plane.SKY, x=0.6, y=0.25),
    )
    static = (CameraMove(move="static"),)

    made = await frame(ShotPlan(set="meadow", cast=cast, camera=static), tmp_path)

    cook, table, dog, eagle = json.loads((made.parent / PLACES).read_text("utf-8"))
    assert dog[:2] == pytest.approx([0.2, 0.9], abs=0.02)
    assert eagle[:2] == pytest.approx([0.6, 0.25], abs=0.02)
    for x, _, left, top, right, bottom in (cook, table, dog, eagle):
        assert left < x < right
        assert top < bottom
    assert cook[5] < table[5], "who stands on a table has the feet above those of the table"
    assert eagle[3] < eagle[1] < eagle[5]


def test_a_small_picture_is_small_even_of_noise(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)

    write_small_jpeg(noise, tmp_path / "noise.jpg")

    assert (tmp_path / "noise.jpg").stat().st_size <= PREVIEW_BYTES
    assert [file.name for file in tmp_path.iterdir()] == ["noise.jpg"]


def test_the_names_of_plans_are_those_that_are_drawn() -> None:
    assert set(PALETTES) == set(palettes.PALETTES)
    assert "cook" in plan_names().subjects
    assert "dolly_zoom" in plan_names().moves


async def test_a_render_leaves_a_small_picture_of_the_frame_that_it_draws(tmp_path: Path) -> None:
    spec = GenerationSpec(prompt="dunes", resolution="540p", duration_s=4.0)
    preview = tmp_path / "preview.jpg"
    job = Job(spec=spec, prompt="dunes", preview=preview)

    await AnimaticEngine().render(job, tmp_path / "made", lambda *_: None)

    with Image.open(preview) as picture:
        assert picture.size == (480, 270)
    assert preview.stat().st_size <= PREVIEW_BYTES


async def test_a_still_leaves_a_small_picture_before_the_large_one(tmp_path: Path) -> None:
    spec = GenerationSpec(prompt="dunes", kind=Kind.IMAGE, aspect_ratio="4:3")
    preview = tmp_path / "preview.jpg"
    seen_at: list[float] = []

    def look(share: float) -> None:
        if not seen_at and preview.exists():
            seen_at.append(share)

    await AnimaticEngine().render(
        Job(spec=spec, prompt="dunes", preview=preview), tmp_path / "made", look
    )

    assert seen_at
    assert seen_at[0] < 0.5
    with Image.open(preview) as picture:
        assert picture.size == (480, 360)


async def test_a_video_that_is_reframed_leaves_a_small_picture_too(tmp_path: Path) -> None:
    engine = AnimaticEngine()
    film = GenerationSpec(prompt="dunes", resolution="360p", duration_s=4.0)
    made = await engine.render(Job(spec=film, prompt="dunes"), tmp_path / "a", lambda *_: None)
    spec = GenerationSpec(
        prompt="",
        kind=Kind.REFRAME,
        aspect_ratio="1:1",
        resolution="360p",
        source=Source(generation_id="1", medium=Medium.VIDEO),
    )
    preview = tmp_path / "preview.jpg"
    job = Job(spec=spec, prompt="", source=made[0].file, preview=preview)

    await engine.render(job, tmp_path / "b", lambda *_: None)

    with Image.open(preview) as picture:
        assert picture.size == (360, 360)
