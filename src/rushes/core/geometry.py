"""Aspect ratios, resolutions and frame sizes. Pure arithmetic."""

from collections.abc import Mapping
from math import log
from typing import Final

RATIOS: Final[Mapping[str, tuple[int, int]]] = {
    "1:1": (1, 1),
    "4:3": (4, 3),
    "3:4": (3, 4),
    "16:9": (16, 9),
    "9:16": (9, 16),
    "21:9": (21, 9),
    "9:21": (9, 21),
}
"""Each aspect ratio that can be asked for, as width to height."""

SHORT_SIDES_PX: Final[Mapping[str, int]] = {"540p": 540, "720p": 720, "1080p": 1080}
"""Each resolution that can be asked for, as the length of the frame's shorter side."""

DEFAULT_RATIO: Final = "16:9"
DEFAULT_RESOLUTION: Final = "720p"
FPS: Final = 24


def frame_size(ratio: str, resolution: str) -> tuple[int, int]:
    """
    Return ``(width_px, height_px)``, both even, as 4:2:0 video needs.

    Raises:
        KeyError: The ratio or the resolution is none of the above.
    """
    across, down = RATIOS[ratio]
    scale = SHORT_SIDES_PX[resolution] / min(across, down)
    return round(across * scale / 2) * 2, round(down * scale / 2) * 2


def nearest_ratio(width_px: int, height_px: int) -> str:
    """Return the ratio whose shape differs least from a picture's, measured as a factor."""
    asked = log(width_px / height_px)
    return min(RATIOS, key=lambda name: abs(asked - log(RATIOS[name][0] / RATIOS[name][1])))


def frame_count(duration_s: float, *, loop: bool) -> int:
    """Return how many frames a clip has: both ends are shown, but a loop's end is its start."""
    return round(duration_s * FPS) + (0 if loop else 1)
