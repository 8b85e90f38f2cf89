"""What a probe finds in a video file."""

from pathlib import Path

import av
import numpy as np
import pytest

from rushes.core.errors import MediaError
from rushes.media.probe import last_frame, probe

FRAMES = 30


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video whose frames grow brighter, with groups of ten."""
    path = tmp_path / "video.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = 10
        for index in range(FRAMES):
            picture = np.full((48, 64, 3), 20 + index * 7, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_a_probe_counts_what_a_player_would_show(video: Path) -> None:
    facts = probe(video)

    assert (facts.width_px, facts.height_px) == (64, 48)
    assert (facts.fps, facts.frames, facts.duration_s) == (24.0, FRAMES, FRAMES / 24)
    assert (facts.codec, facts.pixel_format, facts.has_audio) == ("h264", "yuv420p", False)


def test_the_last_frame_is_the_last_one_shown(video: Path) -> None:
    picture = last_frame(video)

    assert picture.shape == (48, 64, 3)
    assert abs(float(picture.mean()) - (20 + (FRAMES - 1) * 7)) < 4


@pytest.mark.parametrize("content", [None, b"", b"not a video at all"])
def test_what_is_no_video_is_a_media_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.mp4"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(MediaError, match=r"broken\.mp4"):
        probe(path)
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        last_frame(path)
