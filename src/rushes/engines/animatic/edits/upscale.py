"""A video with more pixels: resampled, and said to be so; no detail is invented."""

from dataclasses import dataclass

import av

from rushes.core.errors import InputUnusable
from rushes.core.geometry import upscaled_size
from rushes.engines.video.footage import keep_time
from rushes.engines.video.reading import Reel


@dataclass(frozen=True, slots=True)
class Enlarged:
    """Draws every frame at a larger size, by Lanczos' windowed sinc."""

    width_px: int
    height_px: int

    def __call__(self, source: av.VideoFrame) -> av.VideoFrame:
        larger = source.reformat(
            width=self.width_px, height=self.height_px, interpolation="LANCZOS", threads=0
        )
        return keep_time(larger, source)


def enlarged(reel: Reel, resolution: str) -> Enlarged:
    """
    Return what draws a video at one of ``geometry.UPSCALED_PX``.

    Raises:
        InputUnusable: It has as many pixels already.
    """
    width_px, height_px = upscaled_size(reel.width_px, reel.height_px, resolution)
    if width_px <= reel.width_px:
        size = f"{reel.width_px}x{reel.height_px}"
        raise InputUnusable(f"the video is {size} already; nothing is gained at {resolution}")
    return Enlarged(width_px, height_px)
