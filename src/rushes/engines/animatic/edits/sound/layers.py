"""Synthesize each sound; none is a recording."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from rushes.engines.animatic.edits.sound.grains import (
    F32,
    RATE,
    Sound,
    add,
    band,
    clicks,
    echo,
    moments,
    noise,
    seconds,
    silence,
    sweep,
    wander,
)

Chance = np.random.Generator


def wind(chance: Chance, samples: int) -> Sound:
    """Gusts: a low body, and a thin voice that is heard when it blows hardest."""
    gust = 0.25 + 0.75 * wander(chance, samples, every_s=1.7)
    body = noise(chance, samples, band(70, 420)) * gust
    voice = noise(chance, samples, band(480, 1300, tilt=0.2), width=0.3)
    return (body + voice * 0.35 * gust**3) * F32(0.2)


def surf(chance: Chance, samples: int) -> Sound:
    """Waves that come in, break and run back, each in its own time, over a distant roar."""
    roar = noise(chance, samples, band(50, 500)) * F32(0.25)
    wash = noise(chance, samples, band(180, 5200, tilt=0.6), width=0.8)
    hiss = noise(chance, samples, band(2500, 9000, tilt=0.1), width=0.9)
    t = seconds(samples)
    swell, foam = np.full(samples, 0.12, F32), np.zeros(samples, F32)
    at = -float(chance.uniform(0, 4))
    while at < samples / RATE:
        size = float(chance.uniform(0.55, 1.0))
        rise, fall = float(chance.uniform(1.2, 2.2)), float(chance.uniform(1.6, 2.6))
        swell += size * _wave(t - at, rise, fall)
        foam += size * _wave(t - at - 0.5, rise * 0.7, fall * 1.2)
        at += float(chance.uniform(3.2, 5.4))
    return (roar + wash * swell + hiss * foam * F32(0.25)) * F32(0.2)


def _wave(t: Sound, rise: float, fall: float) -> Sound:
    """Return a swell that is highest *rise* seconds in."""
    after = np.clip(t, 0, None)
    climbing = np.clip(after / rise, 0, 1) ** 2
    return (climbing * np.exp(-np.clip(after - rise, 0, None) / fall)).astype(F32)


def rain(chance: Chance, samples: int) -> Sound:
    curtain = noise(chance, samples, band(900, 11_000, tilt=0.25), width=0.9)
    drops = clicks(chance, samples, per_s=90, ring_hz=(1500, 6000))
    near = clicks(chance, samples, per_s=9, ring_hz=(500, 2200))
    breath = 0.85 + 0.15 * wander(chance, samples, every_s=2.5)
    return curtain * breath * F32(0.09) + drops * F32(0.1) + near * F32(0.09)


def thunder(chance: Chance, samples: int) -> Sound:
    """A roll or two, far off."""
    sound = silence(samples)
    t = seconds(samples)
    length = samples / RATE
    for at in (length * float(chance.uniform(0.1, 0.3)), length * float(chance.uniform(0.6, 0.8))):
        roll = noise(chance, samples, band(28, 160, tilt=0.8), width=0.4)
        shape = _wave(t - F32(at), 0.25, 1.4) * (0.5 + wander(chance, samples, every_s=0.22))
        sound += roll * shape
    return sound * F32(0.34)


def stream(chance: Chance, samples: int) -> Sound:
    """Water over stones: a steady rush, and many small bubbles."""
    rush = noise(chance, samples, band(350, 4500, tilt=0.5), width=0.8) * F32(0.07)
    return rush + _bubbles(chance, samples, per_s=34, pitch=(450, 1500), strength=0.05)


def fire(chance: Chance, samples: int) -> Sound:
    flutter = 0.6 + 0.4 * wander(chance, samples, every_s=0.12)
    breath = noise(chance, samples, band(45, 260, tilt=0.7)) * flutter * F32(0.09)
    hiss = noise(chance, samples, band(1800, 8000, tilt=0.2)) * flutter * F32(0.012)
    snaps = clicks(chance, samples, per_s=26, ring_hz=(900, 7000)) * F32(0.2)
    knocks = clicks(chance, samples, per_s=2.5, ring_hz=(180, 900)) * F32(0.16)
    return breath + hiss + snaps + knocks


def city(chance: Chance, samples: int) -> Sound:
    """A hum from everywhere, and cars that pass somewhere."""
    hum = noise(chance, samples, band(35, 190, tilt=0.7), width=0.3) * F32(0.14)
    air = noise(chance, samples, band(180, 1600), width=0.7)
    sound = hum + air * (0.6 + 0.4 * wander(chance, samples, every_s=2.0)) * F32(0.04)
    t, length = seconds(samples), samples / RATE
    for at in np.append(moments(chance, length, per_s=0.28), chance.random() * length):
        tyres = noise(chance, samples, band(220, 2400, tilt=0.6), width=0.0)
        long_s, way = float(chance.uniform(0.9, 1.8)), 1 if chance.random() < 0.5 else -1
        near = np.exp(-(((t - F32(at)) / long_s) ** 2)) * F32(chance.uniform(0.03, 0.09))
        side = np.tanh((t - F32(at)) / long_s) * way
        tyres[0] *= near * np.sqrt((1 - side) / 2)
        tyres[1] *= near * np.sqrt((1 + side) / 2)
        sound += tyres
    return sound.astype(F32)


def crowd(chance: Chance, samples: int) -> Sound:
    """A murmur without a word in it."""
    sound = silence(samples)
    for _ in range(14):
        voice = float(chance.uniform(260, 900))
        said = noise(chance, samples, band(voice, voice * 2.2, tilt=0.3), width=0.0)[0]
        syllables = np.clip(wander(chance, samples, every_s=0.16) * 2.2 - 1, 0, 1)
        add(sound, said * syllables, 0.0, side=float(chance.uniform(-0.9, 0.9)))
    return echo(chance, sound, length_s=0.8, wet=0.4) * F32(0.035)


def birds(chance: Chance, samples: int) -> Sound:
    """A few singers, each with a phrase of its own, in an airy wood."""
    sound, length = silence(samples), samples / RATE
    for _ in range(4):
        pitch, side = float(chance.uniform(2400, 5200)), float(chance.uniform(-0.9, 0.9))
        glides = chance.uniform(0.75, 1.3, int(chance.integers(2, 6)))
        step, strength = float(chance.uniform(0.09, 0.2)), float(chance.uniform(0.02, 0.07))
        starts = moments(chance, length, per_s=0.3)
        for start in np.append(starts, chance.random() * max(0.1, length - 1)):
            for order, glide in enumerate(glides):
                note = sweep(pitch, pitch * glide, step * 0.8, decay=2)
                add(sound, note * F32(strength), float(start) + order * step, side=side)
    return echo(chance, sound, length_s=1.6, wet=0.35)


def crickets(chance: Chance, samples: int) -> Sound:
    sound, t = silence(samples), seconds(samples)
    for _ in range(3):
        pitch, rate = float(chance.uniform(4000, 4900)), float(chance.uniform(1.7, 2.6))
        phase = float(chance.random())
        chirping = np.clip(np.sin(2 * np.pi * (rate * t + phase)) * 3, 0, 1)
        pulses = np.clip(np.sin(2 * np.pi * 29 * t), 0, 1)
        song = np.sin(2 * np.pi * pitch * t) * chirping * pulses * F32(0.03)
        add(sound, song.astype(F32), 0.0, side=float(chance.uniform(-0.9, 0.9)))
    sound += noise(chance, samples, band(150, 2500), width=0.8) * F32(0.008)
    return sound


def underwater(chance: Chance, samples: int) -> Sound:
    deep = noise(chance, samples, band(30, 210, tilt=0.8), width=0.5)
    pressure = 0.6 + 0.4 * wander(chance, samples, every_s=2.2)
    bubbles = _bubbles(chance, samples, per_s=5, pitch=(260, 700), strength=0.09)
    return deep * pressure * F32(0.18) + echo(chance, bubbles, length_s=0.7, wet=0.5)


def _bubbles(
    chance: Chance, samples: int, *, per_s: float, pitch: tuple[float, float], strength: float
) -> Sound:
    sound = silence(samples)
    for at in moments(chance, samples / RATE, per_s=per_s):
        hertz = float(chance.uniform(*pitch))
        bubble = sweep(hertz, hertz * float(chance.uniform(1.2, 1.8)), chance.uniform(0.02, 0.07))
        loud = F32(strength * chance.random() ** 1.5)
        add(sound, bubble * loud, float(at), side=float(chance.uniform(-0.9, 0.9)))
    return sound


def drone(chance: Chance, samples: int) -> Sound:
    """Low tones that beat slowly against each other, under a thin shimmer."""
    sound, t = silence(samples), seconds(samples)
    root = float(chance.uniform(50, 62))
    for order, ratio in enumerate((1, 1.004, 1.5, 1.497, 2, 3.01)):
        tone = np.sin(2 * np.pi * (root * ratio * t + chance.random()))
        loud = (0.5 + 0.5 * wander(chance, samples, every_s=2.8)) / (1 + order * 0.45)
        add(sound, (tone * loud).astype(F32), 0.0, side=(-0.6, 0.6)[order % 2])
    shimmer = noise(chance, samples, band(1500, 4200, tilt=0.2), width=1.0)
    sound *= F32(0.12)
    sound += shimmer * wander(chance, samples, every_s=2.4) ** 2 * F32(0.012)
    return sound


def engine(chance: Chance, samples: int) -> Sound:
    """A motor that idles somewhere near."""
    t = seconds(samples)
    speed = 38 + 6 * wander(chance, samples, every_s=1.6)
    turn = np.cumsum(speed) / RATE
    tones = sum(np.sin(2 * np.pi * turn * k) / k**1.3 for k in (1, 2, 3, 4, 6, 8))
    shake = 0.85 + 0.15 * np.sin(2 * np.pi * 11 * t)
    sound = silence(samples)
    add(sound, (tones * shake * 0.1).astype(F32), 0.0)
    sound += noise(chance, samples, band(80, 900), width=0.4) * F32(0.04)
    return sound


def sand(chance: Chance, samples: int) -> Sound:
    gust: Sound = wander(chance, samples, every_s=1.4) ** 2
    hiss = noise(chance, samples, band(3200, 9500, tilt=0.1), width=0.9)
    return hiss * gust * F32(0.05)


def leaves(chance: Chance, samples: int) -> Sound:
    gust = 0.2 + 0.8 * wander(chance, samples, every_s=1.9) ** 2
    rustle = noise(chance, samples, band(1600, 7500, tilt=0.2), width=0.9)
    return rustle * gust * F32(0.035)


def hush(chance: Chance, samples: int) -> Sound:
    """The sound of no sound: the air of a quiet place."""
    return noise(chance, samples, band(60, 1800), width=0.5) * F32(0.02)


LAYERS: Final[Mapping[str, Callable[[Chance, int], Sound]]] = {
    "wind": wind,
    "surf": surf,
    "rain": rain,
    "thunder": thunder,
    "stream": stream,
    "fire": fire,
    "city": city,
    "crowd": crowd,
    "birds": birds,
    "crickets": crickets,
    "underwater": underwater,
    "drone": drone,
    "engine": engine,
    "sand": sand,
    "leaves": leaves,
    "hush": hush,
}
"""Every sound there is, by name."""
