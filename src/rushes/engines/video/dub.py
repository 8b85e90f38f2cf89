# av types its packets in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""Replace the sound of a video, and copy its pictures unchanged."""

from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError

from rushes.core.errors import InputUnusable
from rushes.engines.video.frames import Array
from rushes.engines.video.mp4 import Label, open_mp4
from rushes.engines.video.reading import OUR_TROUBLES, SOUND_BIT_RATE, opened
from rushes.engines.video.watch import Watch

RATE: Final = 48_000
"""Samples a second."""

_PIECE: Final = 1024
"""Samples in one frame of AAC."""


def dub(source: Path, sound: Array, into: Path, label: Label, *, watch: Watch) -> None:
    """
    Write *source* with *sound*, ``(2, samples)`` float32 at ``RATE``, in place of its own sound.

    Raises:
        InputUnusable: The pictures cannot be copied into an MP4.

        OSError: The file could not be written.

        Stopped: The watch stops the work.
    """
    with opened(source) as container, open_mp4(into, label) as target:
        own = container.streams.video[0]
        try:
            picture = target.add_stream_from_template(own)
            track = target.add_stream("aac", rate=RATE)
            track.layout = "stereo"
            track.bit_rate = SOUND_BIT_RATE
            _encode(sound, track, target, watch.part(start=0.0, end=0.6))
            for packet in container.demux(own):
                if packet.dts is None:
                    continue  # the empty packet that ends a stream
                watch.progress(0.6)
                packet.stream = picture
                target.mux(packet)
        except (FFmpegError, ValueError) as error:
            if isinstance(error, FFmpegError) and error.errno in OUR_TROUBLES:
                raise
            raise InputUnusable(
                "the video's pictures cannot be copied into an MP4; send one with H.264 video"
            ) from error


def _encode(sound: Array, stream: AudioStream, target: OutputContainer, watch: Watch) -> None:
    samples = sound.shape[1]
    for start in range(0, samples, _PIECE):
        watch.progress(start / samples)
        piece = np.ascontiguousarray(sound[:, start : start + _PIECE])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = RATE, start
        target.mux(stream.encode(frame))
    target.mux(stream.encode())
