"""A bed of ambience: the sounds that the words ask for, mixed, faded and held to a loudness."""

from hashlib import blake2b
from typing import Final

import numpy as np

from rushes.engines.animatic.edits.sound.grains import F32, RATE, Sound, silence
from rushes.engines.animatic.edits.sound.layers import LAYERS
from rushes.engines.animatic.edits.sound.words import loudness_of, sounds_in

_CEILING: Final = 0.89
"""-1 dBFS: room for what the encoder adds."""

_FADE_IN_S: Final = 0.4
_FADE_OUT_S: Final = 0.9
_STEP_LU: Final = 1.5
"""How much softer each further sound is than the one before."""

_LEVELS: Final = {"birds": -28.0, "crickets": -28.0, "thunder": -27.0, "leaves": -27.0}
"""How loud what comes and goes is in a mixture, in LUFS; the rest is ``_LEVEL``."""

_LEVEL: Final = -24.0
_HUSH: Final = -38.0
"""How loud a place is where nothing is heard."""


def bed(prompt: str, *, unwanted: str | None, seed: int, duration_s: float) -> Sound:
    """Return ``(2, samples)`` float32 of ambience for the words; equal for equal arguments."""
    samples = max(1, round(duration_s * RATE))
    mixed = silence(samples)
    names = sounds_in(prompt, unwanted)
    for order, name in enumerate(names):
        layer = LAYERS[name](_chance(seed, name), samples)
        mixed += _at(layer, _LEVELS.get(name, _LEVEL) - order * _STEP_LU)
    target = _HUSH if names == ("hush",) else loudness_of(prompt)
    return _faded(_limited(_at(mixed, target)))


def _at(sound: Sound, lufs: float) -> Sound:
    """Return the sound as loud as that."""
    return sound * F32(10 ** ((lufs - loudness(sound)) / 20))


def loudness(sound: Sound) -> float:
    """Return the loudness in LUFS, ungated: K-weighting as in ITU-R BS.1770, approximated."""
    samples = sound.shape[1]
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    cut = 1 / (1 + (38 / np.maximum(hertz, 1)) ** 4)
    shelf = 1 + 1.5 / (1 + (1500 / np.maximum(hertz, 1)) ** 4)
    power = np.abs(np.fft.rfft(sound)) ** 2 * cut * shelf
    mean_square = float(2 * power.sum() / samples**2)
    return -0.691 + 10 * float(np.log10(max(mean_square, 1e-12)))


def _limited(sound: Sound) -> Sound:
    """Bend what is above half of the ceiling, so that nothing is above all of it."""
    knee = _CEILING / 2
    size: Sound = np.abs(sound)
    bent = knee + (_CEILING - knee) * np.tanh((size - knee) / (_CEILING - knee))
    return np.where(size > knee, np.sign(sound) * bent, sound).astype(F32)


def _faded(sound: Sound) -> Sound:
    samples = sound.shape[1]
    for length_s, end in ((_FADE_IN_S, slice(None)), (_FADE_OUT_S, slice(None, None, -1))):
        count = min(round(length_s * RATE), samples // 4)
        curve = 0.5 - 0.5 * np.cos(np.pi * np.arange(count, dtype=F32) / max(1, count))
        sound[:, end][:, :count] *= curve
    return sound


def _chance(seed: int, name: str) -> np.random.Generator:
    key = blake2b(f"{seed}/sound/{name}".encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(key, "big"))
