"""Synthesize the parts of sounds: shaped noise, slow curves, short grains, in stereo at 48 kHz."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 48_000
"""Samples a second."""

Sound = NDArray[Any]
"""``(2, samples)`` float32; around -1 to 1."""

Curve = NDArray[Any]
"""``(samples,)`` float32."""

F32 = np.float32


def silence(samples: int) -> Sound:
    return np.zeros((2, samples), F32)


def seconds(samples: int) -> Curve:
    return np.arange(samples, dtype=F32) / F32(RATE)


def band(low_hz: float, high_hz: float, *, tilt: float = 0.5) -> Callable[[Curve], Curve]:
    """
    Return the gain of a band over frequency, with soft edges of about an octave.

    Args:
        tilt: How it falls inside the band: 0 white, 0.5 pink, 1 brown.
    """

    def gain(hertz: Curve) -> Curve:
        rising = 1 / (1 + (low_hz / np.maximum(hertz, 1)) ** 4)
        falling = 1 / (1 + (hertz / high_hz) ** 4)
        gained: Curve = rising * falling * (np.maximum(hertz, 20) / 1000) ** -tilt
        return gained

    return gain


def noise(
    chance: np.random.Generator,
    samples: int,
    gain: Callable[[Curve], Curve],
    *,
    width: float = 0.6,
) -> Sound:
    """
    Return noise with that gain over frequency, of a root mean square of 1 in each channel.

    Args:
        width: How much the channels differ: 0 not at all, 1 in everything.
    """
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    shape = gain(hertz)
    shape[0] = 0
    both = [_shaped(chance, samples, shape) for _ in range(3)]
    middle, sides = both[0] * (1 - width), both[1:]
    channels = np.stack([middle + side * width for side in sides])
    level = np.sqrt(np.mean(channels**2, axis=1, keepdims=True))
    made: Sound = (channels / np.maximum(level, 1e-9)).astype(F32)
    return made


def _shaped(chance: np.random.Generator, samples: int, shape: Curve) -> Curve:
    spectrum = np.fft.rfft(chance.standard_normal(samples, dtype=F32))
    made: Curve = np.fft.irfft(spectrum * shape, samples)
    made /= max(float(np.sqrt(np.mean(made**2))), 1e-9)
    return made


def wander(chance: np.random.Generator, samples: int, *, every_s: float) -> Curve:
    """Return a slow curve of 0 to 1 that changes its mind about every so many seconds."""
    count = max(4, int(samples / RATE / every_s) + 4)
    points = chance.random(count)
    place = np.linspace(1, count - 2.001, samples)
    lower = place.astype(int)
    share = place - lower
    soft = share * share * (3 - 2 * share)
    curve: Curve = (points[lower] * (1 - soft) + points[lower + 1] * soft).astype(F32)
    return curve


def add(sound: Sound, grain: Curve, at_s: float, *, side: float = 0.0) -> None:
    """
    Add a grain to the sound, in place; what is beyond either end is lost.

    Args:
        side: Where it is: -1 left, 1 right.
    """
    start = int(at_s * RATE)
    first, last = max(0, start), min(sound.shape[1], start + len(grain))
    if last <= first:
        return
    piece = grain[first - start : last - start]
    angle = (side + 1) * np.pi / 4
    sound[0, first:last] += piece * F32(np.cos(angle))
    sound[1, first:last] += piece * F32(np.sin(angle))


def sweep(from_hz: float, to_hz: float, length_s: float, *, decay: float = 3.0) -> Curve:
    """Return a sine that glides between two pitches, swelling at once and dying away."""
    samples = max(8, int(length_s * RATE))
    share = np.arange(samples, dtype=F32) / F32(samples)
    phase = np.cumsum(from_hz + (to_hz - from_hz) * share) / RATE
    swell = np.minimum(share * 12, 1) * np.exp(-decay * share) * np.minimum((1 - share) * 8, 1)
    made: Curve = (np.sin(2 * np.pi * phase) * swell).astype(F32)
    return made


def moments(chance: np.random.Generator, length_s: float, *, per_s: float) -> Curve:
    """Return times at which something happens by chance, so often a second on average; sorted."""
    count = int(chance.poisson(length_s * per_s))
    times: Curve = np.sort(chance.random(count) * length_s)
    return times


def clicks(
    chance: np.random.Generator, samples: int, *, per_s: float, ring_hz: tuple[float, float]
) -> Sound:
    """Return a scatter of short clicks, most of them faint, each ringing in that band."""
    sound = silence(samples)
    count = int(chance.poisson(samples / RATE * per_s))
    places = chance.integers(0, samples, count)
    strengths = chance.random(count).astype(F32) ** 4
    sides = chance.random(count).astype(F32)
    np.add.at(sound[0], places, strengths * np.sqrt(1 - sides))
    np.add.at(sound[1], places, strengths * np.sqrt(sides))
    gain = band(*ring_hz, tilt=0.2)(np.fft.rfftfreq(samples, 1 / RATE))
    rung = np.fft.irfft(np.fft.rfft(sound) * gain, samples)
    peak = float(np.percentile(np.abs(rung), 99.95)) if count else 1.0
    return (rung / max(peak, 1e-9)).astype(F32)


def echo(chance: np.random.Generator, sound: Sound, *, length_s: float, wet: float) -> Sound:
    """Return the sound in a room, or a wood, whose echo dies away in that time."""
    samples = sound.shape[1]
    tail = int(length_s * RATE)
    decay = np.exp(-6.9 * np.arange(tail) / tail)
    answer = chance.standard_normal((2, tail)) * decay
    answer /= np.sqrt(np.sum(answer**2, axis=1, keepdims=True))
    size = samples + tail
    both = np.fft.rfft(sound, size) * np.fft.rfft(answer, size)
    return (sound + np.fft.irfft(both, size)[:, :samples] * wet).astype(F32)
