"""Compute aspect ratios, resolutions and frame sizes."""

import re
from collections.abc import Mapping
from functools import lru_cache
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
"""Each aspect ratio of the APIs, as width to height."""

SHORT_SIDES_PX: Final[Mapping[str, int]] = {
    "360p": 360,
    "540p": 540,
    "720p": 720,
    "1080p": 1080,
    "4k": 2160,
}
"""
Each resolution of the APIs, as the length of the frame's shorter side.

A very wide or tall frame in 4k is a little smaller; see ``LONGEST_PX``.
"""

LONGEST_PX: Final = 4096
"""The longest side of any frame: hardware decoders do not play a longer one."""

STILL_SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "3:1": (2688, 896),
    "21:9": (2432, 1024),
    "2:1": (2176, 1088),
    "16:9": (2048, 1152),
    "3:2": (1920, 1280),
    "4:3": (1792, 1344),
    "1:1": (1536, 1536),
    "3:4": (1344, 1792),
    "2:3": (1280, 1920),
    "9:16": (1152, 2048),
    "1:2": (1088, 2176),
    "9:21": (1024, 2432),
    "1:3": (896, 2688),
}
"""
The width and height in pixels of a picture of each aspect ratio.

The sizes of the ratios that videos also have are from Luma's documentation of stills and reframing;
the others have about as many pixels.
"""

UPSCALED_PX: Final[Mapping[str, tuple[int, int]]] = {
    "540p": (540, 1260),
    "720p": (720, 1680),
    "1080p": (1080, 2520),
    "4k": (2160, LONGEST_PX),
}
"""The resolutions of an upscale: the length of the shorter side and the limit of the longer one."""

SIDES_PX: Final = range(128, 2521)
"""The allowed lengths of a side where the caller may choose any size."""

MOST_PIXELS: Final = 2520 * 1080
"""The number of pixels of the largest named size below 4k."""

_FRAME: Final = re.compile(r"([0-9]{3,4}) ?[x*\u00d7] ?([0-9]{3,4})")

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
    scale = min(SHORT_SIDES_PX[resolution] / min(across, down), LONGEST_PX / max(across, down))
    return round(across * scale / 2) * 2, round(down * scale / 2) * 2


_SIZES_4K: Final = frozenset(frame_size(ratio, "4k") for ratio in RATIOS)


def resolution_of(text: str) -> tuple[str, str | None] | None:
    """
    Return the resolution that *text* means, and the aspect ratio if it is a size.

    ``720``, ``720P`` and ``1280x720`` mean ``720p``; the last also means 16:9. None: no resolution.
    """
    text = text.strip().lower()
    if text in SHORT_SIDES_PX:
        return text, None
    short = text.removesuffix("p")
    for name, side_px in SHORT_SIDES_PX.items():
        if short == str(side_px):
            return name, None
    found = _FRAME.fullmatch(text)
    if found is None:
        return None
    size = int(found[1]), int(found[2])
    for name in SHORT_SIDES_PX:
        for ratio in RATIOS:
            if frame_size(ratio, name) == size:
                return name, ratio
    return None


def size_problem(width_px: int, height_px: int) -> str | None:
    """
    Return the rule that a frame of this size breaks, as ``must ...``; None: the size is allowed.

    The sizes in 4k are allowed although they exceed the limits of other sizes.
    """
    if (width_px, height_px) in _SIZES_4K:
        return None
    if width_px % 2 or height_px % 2:
        return "must have even sides"  # as 4:2:0 video needs
    if not (min(width_px, height_px) in SIDES_PX and max(width_px, height_px) in SIDES_PX):
        return f"must have sides of {SIDES_PX[0]} to {SIDES_PX[-1]} pixels"
    if width_px * height_px > MOST_PIXELS:
        return f"must have at most {MOST_PIXELS} pixels"
    return None


def upscaled_size(width_px: int, height_px: int, resolution: str) -> tuple[int, int]:
    """
    Return the size, both sides even, of a frame enlarged to one of ``UPSCALED_PX``.

    The shape is kept. A very wide or tall frame is a little smaller than its resolution says,
    so that decoders in hardware can still play it.

    Raises:
        KeyError: It is none of those resolutions.
    """
    short_px, longest_px = UPSCALED_PX[resolution]
    scale = min(short_px / min(width_px, height_px), longest_px / max(width_px, height_px))
    return round(width_px * scale / 2) * 2, round(height_px * scale / 2) * 2


def nearest_resolution(width_px: int, height_px: int) -> str:
    """Return the resolution whose shorter side is nearest to a frame's; of two, the smaller."""
    short_px = min(width_px, height_px)
    return min(SHORT_SIDES_PX, key=lambda name: abs(SHORT_SIDES_PX[name] - short_px))


@lru_cache(maxsize=1024)
def nearest_ratio(width_px: int, height_px: int) -> str:
    """Return the ratio whose shape differs least from a picture's, measured as a factor."""
    shape = log(width_px / height_px)
    return min(RATIOS, key=lambda name: abs(shape - log(RATIOS[name][0] / RATIOS[name][1])))


def frame_count(duration_s: float, *, loop: bool) -> int:
    """Return the number of frames of a clip. A loop leaves out the last, which is its first."""
    return round(duration_s * FPS) + (0 if loop else 1)
