"""Requests are read completely: a field that the worker does not know is not dropped."""

from pathlib import Path
from typing import Any

import pytest
from video_worker.errors import BadInput
from video_worker.requests import read_clip, read_model

CLIP: dict[str, Any] = {
    "op": "generate", "id": "a", "prompt": "p", "negative_prompt": None, "seed": 1, "width": 64,
    "height": 32, "frames": 9, "fps": 24.0, "steps": 2, "guidance": 1.0, "sigmas": [1.0, 0.5],
    "first_image": "/f.png", "last_image": None, "clip": None, "clip_frames": 0, "keep": [0, 8],
    "deliver": {"width": 60, "height": 30, "crop": "center"}, "output": "/o.mp4", "preview": None,
}  # fmt: skip


def test_a_clip_is_read_with_its_paths_and_its_delivered_size() -> None:
    clip = read_clip(CLIP)
    assert (clip.first_image, clip.last_image) == (Path("/f.png"), None)
    assert (clip.deliver_width, clip.deliver_height, clip.keep) == (60, 30, (0, 8))
    assert clip.sigmas == (1.0, 0.5)


def test_all_frames_are_kept_if_the_request_does_not_say() -> None:
    assert read_clip({k: v for k, v in CLIP.items() if k != "keep"}).keep == (0, 9)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"camera": "orbit"}, "camera"),
        ({"deliver": {"width": 60, "height": 30, "crop": "top"}}, "centre"),
        ({"deliver": {"width": 60}}, "deliver_height"),
    ],
)
def test_what_the_worker_cannot_do_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_clip(CLIP | change)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(BadInput, match="seed"):
        read_clip({k: v for k, v in CLIP.items() if k != "seed"})


def test_a_model_is_read_with_its_loras() -> None:
    model = read_model(
        {"family": "ltx", "folder": "/m", "loras": [{"path": "/l.safetensors", "strength": 0.5}]}
    )
    assert model.folder == Path("/m")
    assert model.loras[0].path == Path("/l.safetensors")
    with pytest.raises(BadInput, match="colour"):
        read_model({"family": "ltx", "folder": "/m", "colour": "red"})
