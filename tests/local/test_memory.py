"""The memory profile is the fastest one that fits."""

import pytest
from video_worker.memory import (
    GIB,
    WORKING_BYTES,
    choose_profile,
    component_bytes,
    needs_tiles,
)

from conftest import ModelOf

SIZES = {"text_encoder": 11 * GIB, "transformer": 10 * GIB, "vae": GIB}
"""About those of Wan 2.2 TI2V-5B."""


@pytest.mark.parametrize(
    ("free", "profile"),
    [
        (80 * GIB, "resident"),
        (22 * GIB + WORKING_BYTES, "resident"),
        (22 * GIB + WORKING_BYTES - 1, "model-offload"),
        (11 * GIB + WORKING_BYTES, "model-offload"),
        (11 * GIB + WORKING_BYTES - 1, "group-offload"),
        (6 * GIB, "group-offload"),
    ],
)
def test_the_free_memory_decides(free: int, profile: str) -> None:
    assert choose_profile("auto", SIZES, free, has_gpu=True) == profile


@pytest.mark.parametrize("profile", ["resident", "model-offload", "group-offload"])
def test_a_profile_that_is_set_is_taken_whatever_is_free(profile: str) -> None:
    assert choose_profile(profile, SIZES, 0, has_gpu=True) == profile


def test_without_a_gpu_the_weights_stay_where_they_are() -> None:
    assert choose_profile("auto", SIZES, 0, has_gpu=False) == "resident"


def test_the_size_of_a_part_is_that_of_its_weights(model_of: ModelOf) -> None:
    pipe = model_of("wan2.2-i2v").pipe
    sizes = component_bytes(pipe)
    assert set(sizes) == {"text_encoder", "transformer", "transformer_2", "vae"}
    assert sizes["vae"] == 4 * sum(each.numel() for each in pipe.vae.parameters())


@pytest.mark.parametrize(
    ("width", "height", "free", "tiles"),
    [
        (960, 544, 0, False),
        (1280, 704, 20 * GIB, True),
        (1280, 704, 60 * GIB, False),
    ],
)
def test_large_frames_are_decoded_in_tiles_where_memory_is_short(
    width: int, height: int, free: int, *, tiles: bool
) -> None:
    assert needs_tiles(width, height, free) is tiles
