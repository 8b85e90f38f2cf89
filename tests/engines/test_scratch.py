"""Memory that frames share."""

import numpy as np
import pytest

from rushes.engines.animatic.paint.scratch import scratch, split


@pytest.mark.parametrize("size", [(8, 8), (400, 600)], ids=["small", "large"])
def test_a_block_may_be_split_under_its_own_name(size: tuple[int, int]) -> None:
    block = scratch("same", *size, 4)
    block[...] = np.random.default_rng(3).integers(0, 256, block.shape)
    before = block.copy()

    channels = split("same", block)

    assert np.array_equal(block, before)
    assert np.array_equal(np.dstack(channels), before)


def test_the_first_channel_goes_where_it_is_wanted() -> None:
    block = np.random.default_rng(3).integers(0, 256, (400, 600, 4), np.uint8)
    target = np.zeros((500, 700), np.uint8)

    split("elsewhere", block, target[50:450, 20:620])

    assert np.array_equal(target[50:450, 20:620], block[..., 0])
    assert not target[:50].any()
