"""Read the images and the clip that a video starts from or arrives at."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import av
from PIL import Image, ImageOps

from .errors import BadInput
from .requests import Clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """RGB images of exactly the size that the model generates."""

    first: Image.Image | None = None
    last: Image.Image | None = None
    clip: list[Image.Image] = field(default_factory=list[Image.Image])
    """The frames that the first generated frames repeat."""


def read_conditions(clip: Clip) -> Conditions:
    """
    Return the images of a request.

    Raises:
        BadInput: A file cannot be read, or the clip is too short.
    """
    size = clip.width, clip.height
    return Conditions(
        first=_read_image(clip.first_image, size) if clip.first_image else None,
        last=_read_image(clip.last_image, size) if clip.last_image else None,
        clip=_last_frames(clip.clip, clip.clip_frames, clip.fps, size) if clip.clip else [],
    )


def cover(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale an image until it covers *size*, and crop it around its centre."""
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _read_image(path: Path, size: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(path) as opened:
            return cover(opened.convert("RGB"), size)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path.name} cannot be read as an image: {error}") from None


def _last_frames(path: Path, count: int, fps: float, size: tuple[int, int]) -> list[Image.Image]:
    """Sample the last frames of a clip at *fps*, whatever its own rate is."""
    times: deque[float] = deque()
    frames: deque[av.VideoFrame] = deque()
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            rate = float(stream.average_rate or fps)
            span_s = (count + 1) / fps + 2 / rate
            for frame in container.decode(stream):
                frames.append(frame)
                times.append(float(frame.time or 0.0))
                while times[-1] - times[0] > span_s:
                    times.popleft()
                    frames.popleft()
    except (OSError, IndexError, ValueError) as error:
        raise BadInput(f"{path.name} cannot be read as a video: {error}") from None
    wanted = [(times[-1] if times else 0.0) - (count - 1 - k) / fps for k in range(count)]
    if not times or times[0] - wanted[0] > 0.5 / rate:
        raise BadInput(f"{path.name} is shorter than {count} frames at {fps:g} a second")
    nearest = [min(range(len(times)), key=lambda i: abs(times[i] - at)) for at in wanted]
    return [_to_image(frames[index], size) for index in nearest]


def _to_image(frame: av.VideoFrame, size: tuple[int, int]) -> Image.Image:
    rgb = frame.to_ndarray(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709")
    return cover(Image.fromarray(rgb), size)
