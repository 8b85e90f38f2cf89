"""Subjects by themselves, side by side."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rushes.core.shot_plan import CastMember, ShotPlan
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.animatic.plan_picture import PlanPictureEngine
from rushes.engines.animatic.subject_sheet import CELL_PX, COLUMNS
from rushes.engines.base import Job


async def sheet_of(names: list[str], folder: Path) -> Image.Image:
    plan = ShotPlan(cast=tuple(CastMember(subject=name) for name in names))
    job = Job(spec=GenerationSpec(prompt="", kind=Kind.IMAGE), prompt="", shot_plan=plan)
    (rendered,) = await PlanPictureEngine("subject-sheet").render(job, folder, lambda *_: None)
    assert rendered.media_type == "image/webp"
    return Image.open(rendered.file).convert("RGBA")


async def test_each_subject_has_a_cell_of_its_own(tmp_path: Path) -> None:
    names = ["woman", "dog", "wolf", "castle", "snake", "giraffe", "sailboat", "cup-with-straw"]

    sheet = await sheet_of([*names, "balloon"], tmp_path)

    assert sheet.size == (COLUMNS * CELL_PX, 2 * CELL_PX)
    alpha = np.asarray(sheet)[..., 3]
    for order in range(9):
        row, column = divmod(order, COLUMNS)
        cell = alpha[row * CELL_PX :, column * CELL_PX :][:CELL_PX, :CELL_PX]
        assert (cell > 128).mean() > 0.05
        assert not cell[:3].any()
        assert not cell[:, :3].any()
    assert not alpha[CELL_PX:, CELL_PX:].any()


@pytest.mark.parametrize("names", [[], ["dog"]])
async def test_a_sheet_has_a_whole_row_at_least(tmp_path: Path, names: list[str]) -> None:
    assert (await sheet_of(names, tmp_path)).size == (COLUMNS * CELL_PX, CELL_PX)
