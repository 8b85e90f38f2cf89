"""Take a frame of a video, as it was recorded and turned upright."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from rushes.intake.sandbox.tasks import probe_video


@pytest.mark.parametrize("quarters", range(4))
def test_a_frame_is_turned_against_the_clock_by_quarters(tmp_path: Path, quarters: int) -> None:
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, 32:] = 255  # the corner at the upper right
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    into = tmp_path / "frame.png"

    probe_video.save(frame, quarters, str(into), {"jpeg_quality": None})

    with Image.open(into) as saved:
        assert np.array_equal(np.asarray(saved), np.rot90(pixels, quarters))
