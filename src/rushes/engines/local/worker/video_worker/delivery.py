"""Crop, scale and encode frames into an MP4 that is complete or absent."""

import os
import platform
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, Final

import av
from av.error import FFmpegError

from .requests import Clip
from .sound import Sound, SoundTrack

_BT709: Final = 1
_LIMITED_RANGE: Final = 1
_SOFTWARE: Final = "libx264"
_SOFTWARE_OPTIONS: Final = {"preset": "fast", "crf": "17"}

# With its AVX2 code, x264 165 wrote one of nine files for the same frames, depending on what had
# been in its memory. The same seed should give the same file.
_STEADY: Final = {"x264-params": "asm=MMX2,SSE2Fast,LZCNT,SSSE3,SSE4.2"}
_X86: Final = frozenset({"x86_64", "AMD64"})

_GPU: Final = "h264_nvenc"
_GPU_OPTIONS: Final = {"preset": "p5", "rc": "vbr", "cq": "19", "b": "0"}
_MP4_OPTIONS: Final = {"movflags": "+faststart"}


def crop_box(source: tuple[int, int], target: tuple[int, int]) -> tuple[int, int, int, int]:
    """
    Return the part of *source* with the shape of *target*, around the centre.

    Args:
        source, target: Width and height in pixels.

    Returns:
        Left, top, width and height in pixels.
    """
    width, height = source
    scale = min(width / target[0], height / target[1])
    own = min(width, round(target[0] * scale)), min(height, round(target[1] * scale))
    return (width - own[0]) // 2, (height - own[1]) // 2, *own


def write_video(
    slices: Iterable[Any], clip: Clip, *, on_gpu: bool, sound: Sound | None = None
) -> str:
    """
    Write RGB frames in the delivered size.

    A thread encodes a slice while the next one is made, and no more than that one is made early.
    The file appears under its name when it is complete and on the disk; an error leaves none.

    Args:
        slices: A few frames at a time, ``(frames, height, width, 3)`` uint8.

        sound: From the first of these frames on; None: the file has no sound.

    Returns:
        The name of the encoder.
    """
    part = clip.output.with_name(clip.output.name + ".part")
    encoder, options = _choose_encoder(on_gpu=on_gpu)
    try:
        with av.open(str(part), "w", format="mp4", options=_MP4_OPTIONS) as container:
            stream: Any = container.add_stream(encoder, rate=_rate(clip.fps))
            _set_up(stream, clip, options)
            track = None if sound is None else SoundTrack(container, sound)

            numbers = count(1)

            def encode(frames: Any) -> None:
                for rgb, number in zip(frames, numbers, strict=False):
                    container.mux(stream.encode(_scaled(rgb, clip)))
                    if track is not None:
                        track.write_until(number / clip.fps)

            with ThreadPoolExecutor(1, thread_name_prefix="encoder") as thread:
                last: Future[None] | None = None
                for frames in slices:
                    if last is not None:
                        last.result()
                    last = thread.submit(encode, frames)
                if last is not None:
                    last.result()
            container.mux(stream.encode())
            if track is not None:
                track.finish()
        _to_disk(part)
        part.replace(clip.output)
        _to_disk(clip.output.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return encoder


def _choose_encoder(*, on_gpu: bool) -> tuple[str, dict[str, str]]:
    """Return NVENC where it works: builds of FFmpeg have it where no GPU or driver does."""
    if on_gpu:
        with suppress(FFmpegError, ValueError):
            context = av.CodecContext.create(_GPU, "w")
            context.width, context.height, context.pix_fmt = 256, 256, "yuv420p"
            context.time_base = Fraction(1, 24)
            context.open()
            return _GPU, dict(_GPU_OPTIONS)
    return _SOFTWARE, _SOFTWARE_OPTIONS | (_STEADY if platform.machine() in _X86 else {})


def _set_up(stream: Any, clip: Clip, options: dict[str, str]) -> None:
    stream.width, stream.height = clip.deliver_width, clip.deliver_height
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.options = options
    codec.profile = "High"
    codec.gop_size = max(1, round(clip.fps * 2))
    codec.time_base = 1 / _rate(clip.fps)
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = _LIMITED_RANGE


def _scaled(rgb: Any, clip: Clip) -> av.VideoFrame:
    target = clip.deliver_width, clip.deliver_height
    left, top, width, height = crop_box((rgb.shape[1], rgb.shape[0]), target)
    cropped = rgb[top : top + height, left : left + width]
    frame = av.VideoFrame.from_ndarray(cropped.copy(), format="rgb24")
    return frame.reformat(
        width=target[0],
        height=target[1],
        format="yuv420p",
        dst_colorspace="ITU709",
        interpolation="LANCZOS",
    )


def _rate(fps: float) -> Fraction:
    return Fraction(fps).limit_denominator(1001)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
