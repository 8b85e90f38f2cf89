"""The table top of a still life."""

from typing import Any

import numpy as np
import pytest

from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch


def top_of(prompt: str, seed: int) -> Any:
    spec = GenerationSpec(prompt=prompt, kind=Kind.IMAGE, aspect_ratio="16:9", seed=seed)
    picture = Sketch(spec, shot_plan=plan_shot(prompt, seed=seed)).at(0.4)
    return picture[-25:].astype(int).mean((0, 1))


@pytest.mark.parametrize("seed", range(4))
def test_a_table_is_of_the_material_that_the_prompt_names(seed: int) -> None:
    wood = top_of("a candle on a wooden table", seed)
    marble = top_of("a candle on a marble table", seed)
    assert wood[0] - wood[2] > 25  # brown
    assert np.ptp(marble) < 25  # grey
