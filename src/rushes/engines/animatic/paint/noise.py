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


@lru_cache(3)  # each takes some ten megabytes
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
    Return a mountain skyline of about 0 to 1 along *x*, in pixels of a 720 px high frame.

    Mountains are tents with a broad foot, so that no slope is steeper than a mountain's; smaller
    ones lean on them as shoulders, and fine noise breaks the ridges.

    Args:
        frequency: Above 0.5 mountains are closer together and narrower.
        jagged: 0 rolls, 1 is alpine.
    """
    rolling = 0.4 + 0.6 * line(random, x * frequency, beta=2.1, lowest=2)
    skyline = (1 - jagged) * np.clip(rolling, 0, 1)
    if jagged > _ROLLING:
        skyline = np.maximum(skyline, _mountains(random, x, frequency))
        rough = 0.055 * line(random, x, beta=1.35, lowest=12)
        rough += 0.045 * np.abs(line(random, x * 1.3, beta=1.6, lowest=6))
        skyline = skyline + jagged * rough * np.clip(skyline * 2, 0, 1)
    return np.clip(skyline, -0.1, 1.05).astype(F32)


_ROLLING = 0.5


def _mountains(random: np.random.Generator, x: Array, frequency: float) -> Array:
    width = float(x[-1] - x[0])
    found = np.zeros_like(x)
    for apart, lowest, highest in ((400, 0.5, 1.0), (190, 0.25, 0.55)):
        count = max(2, round(width * frequency * 2 / apart))
        places = (np.arange(count) + random.uniform(-0.1, 1.1, count)) / count * width + x[0]
        heights = random.uniform(lowest, highest, count)
        for place, height in zip(places, heights, strict=True):
            lean = float(random.uniform(0.75, 1.35))
            reach = 450 / (frequency * 2) * height * np.where(x < place, lean, 2.1 - lean)
            tent = np.clip(1 - np.abs(x - place) / reach, 0, None)
            found = np.maximum(found, height * tent**1.12)
    return found
