"""The colours of a picture: taken from another, or changed as words say."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.paint.arrays import F32, Array, blur
from rushes.engines.animatic.paint.colour import rgb
from rushes.kit.word_patterns import whole_words

_SAMPLE_PX: Final = 256
_STRETCH: Final = (0.6, 1.6)
"""How much the contrast of a channel may change when colours are taken over."""


@dataclass(frozen=True, slots=True)
class Tone:
    """The mean and the spread of a picture's colours, each ``(3,)`` float32 in CIE L*a*b*."""

    mean: Array
    spread: Array


def tone_of(picture: Array) -> Tone:
    """Return the tone of an RGB picture."""
    small = cv2.resize(picture, (_SAMPLE_PX, _SAMPLE_PX), interpolation=cv2.INTER_AREA)
    lab = _to_lab(small).reshape(-1, 3)
    return Tone(lab.mean(0), lab.std(0) + F32(1e-3))


def mixed_tone(tones: list[tuple[Tone, float]]) -> Tone:
    """Return the tones' mean, each by its weight; the weights' sum is above 0."""
    whole = sum(weight for _, weight in tones)
    weights = [weight / whole for _, weight in tones]
    mean: Array = np.average([tone.mean for tone, _ in tones], axis=0, weights=weights)
    spread: Array = np.average([tone.spread for tone, _ in tones], axis=0, weights=weights)
    return Tone(mean.astype(F32), spread.astype(F32))


def toned(picture: Array, wanted: Tone, *, share: float) -> Array:
    """
    Return an RGB picture with the colours of another tone, or on the way there.

    Mean and spread of each channel are matched in L*a*b*, as Reinhard and others do
    (Color Transfer between Images, 2001); the spread within bounds.
    """
    if share <= 0:
        return picture
    own, lab = tone_of(picture), _to_lab(picture)
    stretch = np.clip(wanted.spread / own.spread, *_STRETCH)
    taken = (lab - own.mean) * stretch + wanted.mean
    return _to_rgb(lab + (taken - lab) * F32(share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What is done to the light and the colours of a picture."""

    exposure: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    warmth: float = 0.0
    """Above 0 towards orange, below it towards blue; 1 is a lot."""

    tint: str | None = None
    tint_share: float = 0.0
    haze: float = 0.0
    """How much of a pale veil lies over it."""

    glow: float = 0.0


_GRADES: Final = tuple(
    (whole_words(said), grade)
    for said, grade in (
        (
            "black_and_white b_?&_?w monochrom(?:e|es|atic) gr[ea]y_?scale noir",
            Grade(saturation=0.0, contrast=1.15),
        ),
        (
            "sepia vintage old_photo(?:s|graphs?)? antique retro",
            Grade(saturation=0.25, tint="#b5895a", tint_share=0.3, contrast=0.92, haze=0.06),
        ),
        (
            "nights? nighttime midnight moonl(?:it|ight)",
            Grade(exposure=0.42, saturation=0.6, warmth=-0.7, contrast=1.1),
        ),
        (
            "sunsets? dusk golden_hour evenings?",
            Grade(exposure=0.95, warmth=0.75, saturation=1.15, contrast=1.05, glow=0.25),
        ),
        ("sunrises? dawn mornings?", Grade(warmth=0.35, haze=0.12, glow=0.2)),
        (
            "sunny summer summery daylight noon",
            Grade(exposure=1.12, warmth=0.2, saturation=1.15),
        ),
        (
            "winter wintry winters snow(?:y|s|ing|fall|flakes?|storms?)? frozen ice icy",
            Grade(exposure=1.1, saturation=0.55, warmth=-0.45, haze=0.1),
        ),
        ("autumn autumnal fall_colou?rs", Grade(warmth=0.5, saturation=1.2)),
        ("fog foggy mist misty haze hazy", Grade(haze=0.42, contrast=0.85, saturation=0.7)),
        (
            "rain(?:y|s|ing|fall|storms?)? overcast cloudy gloom gloomy moody",
            Grade(exposure=0.85, saturation=0.65, warmth=-0.2),
        ),
        (
            "neon cyberpunk synthwave",
            Grade(contrast=1.2, saturation=1.4, tint="#a030d0", tint_share=0.22, glow=0.35),
        ),
        ("warm warmer warmth", Grade(warmth=0.55)),
        ("cool cooler cold colder", Grade(warmth=-0.55)),
        ("bright brighter brightly brighten lighter", Grade(exposure=1.25)),
        ("dark darker darken darkness", Grade(exposure=0.68)),
        ("vivid vividly vibrant saturated colou?rful", Grade(saturation=1.45)),
        (
            "muted pastels? faded desaturated softer",
            Grade(saturation=0.6, contrast=0.9, haze=0.06),
        ),
        (
            "dramatic dramatically contrast contrasts contrasty cinematic",
            Grade(contrast=1.25, saturation=1.05),
        ),
        ("dreamy glow(?:s|ing|y)? ethereal", Grade(glow=0.5, haze=0.05)),
        ("red crimson scarlet", Grade(tint="#c02020", tint_share=0.35)),
        ("orange", Grade(tint="#e07818", tint_share=0.35)),
        ("yellow", Grade(tint="#d8c020", tint_share=0.3)),
        ("green emerald", Grade(tint="#2c9040", tint_share=0.35)),
        ("blue teal azure", Grade(tint="#2060c0", tint_share=0.35)),
        ("purple violet", Grade(tint="#7030b0", tint_share=0.35)),
        ("pink magenta", Grade(tint="#d84890", tint_share=0.3)),
    )
)


def grades_in(words: str) -> tuple[Grade, ...]:
    """Return what the lower-case words ask to be done to a picture's colours."""
    return tuple(grade for said, grade in _GRADES if said.search(words))


def graded(picture: Array, grade: Grade) -> Array:
    """Return an RGB picture with a grade applied."""
    light: Array = picture.astype(F32) / F32(255)
    light = light * F32(grade.exposure)
    light = light * np.array(
        [1 + 0.18 * grade.warmth, 1 + 0.02 * grade.warmth, 1 - 0.2 * grade.warmth], F32
    )
    grey = (light @ np.array([0.2126, 0.7152, 0.0722], F32))[..., None]
    light = grey + (light - grey) * F32(grade.saturation)
    light = (light - F32(0.45)) * F32(grade.contrast) + F32(0.45)
    if grade.tint is not None:
        light += (rgb(grade.tint) * (grey * F32(1.6)) - light) * F32(grade.tint_share)
    if grade.glow:
        softened = blur(np.clip(light, 0, 1), max(2.0, picture.shape[1] / 60))
        light = 1 - (1 - np.clip(light, 0, 1)) * (1 - softened * softened * F32(grade.glow))
    light += (F32(0.82) - light) * F32(grade.haze)
    done: Array = np.clip(light * 255 + 0.5, 0, 255).astype(np.uint8)
    return done


def _to_lab(picture: Array) -> Array:
    return cv2.cvtColor(picture.astype(F32) / F32(255), cv2.COLOR_RGB2LAB)


def _to_rgb(lab: Array) -> Array:
    light = cv2.cvtColor(lab.astype(F32), cv2.COLOR_LAB2RGB)
    done: Array = np.clip(light * 255 + 0.5, 0, 255).astype(np.uint8)
    return done
