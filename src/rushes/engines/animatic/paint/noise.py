"""Noise that repeats without a seam: clouds, slopes, ripples, ridges."""

from functools import lru_cache

import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array


@lru_cache(24)
def tile(size: int = 512, beta: float = 1.9, seed: int = 3) -> Array:
    """
    Return ``(size, size)`` float32 noise of 0 to 1 whose opposite edges meet.

    Its spectrum falls as 1/f^beta, made in one inverse Fourier transform: the higher
    *beta*, the softer.
    """
    random = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    frequency[0, 0] = 1
    spectrum = np.exp(2j * np.pi * random.random(frequency.shape)) / frequency**beta
    heights = np.fft.irfft2(spectrum, (size, size)).astype(F32)
    heights = (heights - heights.mean()) / heights.std()
    noise: Array = (1 / (1 + np.exp(-1.7 * heights))).astype(F32)
    return noise


@lru_cache(24)
def tiled(size: int = 512, beta: float = 1.9, seed: int = 3, times: int = 3) -> Array:
    """Return the tile laid *times* by *times*, so that a window anywhere is a plain view."""
    return np.tile(tile(size, beta, seed), (times, times))


def line(
    random: np.random.Generator, x: Array, *, beta: float = 1.5, lowest: int = 3, period: int = 2048
) -> Array:
    """Return periodic noise of about -1 to 1 along *x* (pixels); nothing slower than *lowest*."""
    frequency = np.arange(period // 2 + 1, dtype=F32)
    frequency[0] = 1
    strength = frequency ** F32(-beta)
    strength[:lowest] = 0
    phases = np.exp(2j * np.pi * random.random(period // 2 + 1))
    heights = np.fft.irfft(strength * phases, period)
    heights /= np.abs(heights).max()
    start = random.integers(0, period)
    return np.asarray(np.interp((x + start) % period, np.arange(period), heights), F32)


def peaks(random: np.random.Generator, x: Array, *, frequency: float, jagged: float) -> Array:
    """
    Return a mountain skyline of about 0 to 1 along *x*.

    A ridged multifractal: straight slopes that meet in peaks. ``jagged`` 0 rolls, 1 is alpine.
    """
    envelope = 0.74 + 0.26 * line(random, x * 0.5, beta=2.2, lowest=1)
    octaves = [
        1 - np.abs(line(random, x * frequency * 2.05**octave, beta=2.3, lowest=4)) * 1.9
        for octave in range(5)
    ]
    shares = (0.42, 0.2, 0.1, 0.05)
    detail = sum(share * octave for share, octave in zip(shares, octaves[1:], strict=True))
    rolling = 0.4 + 0.6 * line(random, x * frequency, beta=2.1, lowest=2)
    heights = jagged * (octaves[0] + jagged * detail) + (1 - jagged) * rolling
    heights = (heights - np.percentile(heights, 4)) / (np.ptp(heights) + 1e-6)
    skyline: Array = (np.clip(heights, -0.1, 1) * envelope).astype(F32)
    return skyline
