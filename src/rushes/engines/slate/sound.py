"""Make a test tone: a beep at the start of each second."""

from typing import Final

import numpy as np

from rushes.engines.video.dub import RATE
from rushes.engines.video.frames import Array

_HERTZ: Final = 1000
_BEEP_S: Final = 0.08
_LOUD: Final = 0.1
"""-20 dBFS, the usual level of a tone for lining up."""


def beeps(duration_s: float) -> Array:
    """Return ``(2, samples)`` float32 at ``dub.RATE``."""
    samples = max(1, round(duration_s * RATE))
    time_s = np.arange(samples, dtype=np.float32) / RATE
    tone = np.sin(2 * np.pi * _HERTZ * time_s) * _LOUD * (time_s % 1 < _BEEP_S)
    return np.stack([tone, tone]).astype(np.float32)
