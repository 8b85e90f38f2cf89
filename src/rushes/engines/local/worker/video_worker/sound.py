"""Encode the sound of a video into its file, piece by piece beside the frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np

_PIECE: Final = 1024
"""Samples in one frame of AAC."""

_BIT_RATE: Final = 192_000
_LAYOUTS: Final = {1: "mono", 2: "stereo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The sound of a video from its first frame on."""

    samples: Any
    """``(channels, samples)`` float32 from -1 to 1; one or two channels."""

    rate: int
    """Samples a second."""

    def between(self, start_s: float, stop_s: float) -> "Sound":
        """Return the sound from one time to another."""
        first, last = (round(at * self.rate) for at in (start_s, stop_s))
        return Sound(samples=self.samples[:, first:last], rate=self.rate)


class SoundTrack:
    """The track of a file, which is opened for writing."""

    def __init__(self, container: Any, sound: Sound) -> None:
        self._container = container
        self._sound = sound
        self._stream = container.add_stream("aac", rate=sound.rate)
        self._stream.layout = _LAYOUTS[len(sound.samples)]
        self._stream.bit_rate = _BIT_RATE
        self._frames = self._pieces()
        self._written_s = 0.0

    def write_until(self, time_s: float) -> None:
        """Write the sound up to a time, so that frames and sound lie together in the file."""
        while self._written_s < time_s and (frame := next(self._frames, None)) is not None:
            self._container.mux(self._stream.encode(frame))
            self._written_s += frame.samples / self._sound.rate

    def finish(self) -> None:
        """Write the rest."""
        self.write_until(float("inf"))
        self._container.mux(self._stream.encode())

    def _pieces(self) -> Iterator[av.AudioFrame]:
        samples = self._sound.samples
        for start in range(0, samples.shape[1], _PIECE):
            piece = np.ascontiguousarray(samples[:, start : start + _PIECE], np.float32)
            frame = av.AudioFrame.from_ndarray(piece, "fltp", _LAYOUTS[len(samples)])
            frame.sample_rate, frame.pts = self._sound.rate, start
            yield frame
