"""Which sounds words ask for, and that each is one: heard, bounded, repeatable."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.engines.animatic.edits.sound.bed import bed, loudness
from rushes.engines.animatic.edits.sound.grains import RATE
from rushes.engines.animatic.edits.sound.layers import LAYERS
from rushes.engines.animatic.edits.sound.words import LAYER_NAMES, loudness_of, sounds_in


@pytest.mark.parametrize(
    ("prompt", "received"),
    [
        ("waves on a beach", {"surf"}),
        ("heavy rain on a city street", {"rain", "city"}),
        ("a thunderstorm over the sea", {"thunder", "rain", "surf"}),
        ("a snowstorm in the mountains", {"wind"}),
        ("a forest at dawn", {"birds", "leaves"}),
        ("a campfire on a summer night with crickets", {"fire", "crickets"}),
        ("an astronaut over a planet", {"drone"}),
        ("a coral reef under the ocean", {"underwater"}),
        ("una playa con lluvia", {"surf", "rain"}),
        ("a portrait of a chair", {"hush"}),
        ("the sea, no wind", {"surf"}),
        ("a brain train", {"engine"}),
    ],
)
def test_words_ask_for_sounds(prompt, received):
    assert set(sounds_in(prompt, None)) == received


@pytest.mark.parametrize(
    ("unwanted", "left"),
    [
        ("birds", ("leaves",)),
        ("chirping", ("leaves",)),
        ("birds, rustling leaves", ("hush",)),
        ("traffic", None),
    ],
)
def test_what_is_unwanted_is_not_heard(unwanted, left):
    everything = sounds_in("a forest", None)
    assert sounds_in("a forest", unwanted) == (left or everything)


@pytest.mark.parametrize("name", LAYERS)
def test_every_sound_is_heard_in_both_ears_and_is_no_number_gone_wrong(name):
    sound = LAYERS[name](np.random.default_rng(5), 3 * RATE)
    assert sound.shape == (2, 3 * RATE)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert (np.sqrt(np.mean(sound**2, axis=1)) > 1e-3).all()


def test_every_sound_can_be_asked_for():
    assert set(LAYER_NAMES) == set(LAYERS)


@pytest.mark.parametrize("prompt", ["gentle waves", "waves", "roaring waves"])
def test_a_bed_is_as_loud_as_the_words_want_it(prompt):
    made = bed(prompt, unwanted=None, seed=1, duration_s=8)
    assert loudness(made) == pytest.approx(loudness_of(prompt), abs=2.0)


def test_loudness_is_that_of_the_standard_for_its_reference_tone():
    """A 997 Hz sine of full scale in one channel measures -3.01 LUFS (ITU-R BS.1770-5)."""
    tone = np.zeros((2, RATE), np.float32)
    tone[0] = np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)
    assert loudness(tone) == pytest.approx(-3.01, abs=1.0)


@settings(max_examples=15, deadline=None)
@given(
    prompt=st.lists(st.sampled_from(["rain", "loud fire", "birds", "sea", "x", "no"]), max_size=4),
    seed=st.integers(0, 2**32),
    duration_s=st.floats(0.05, 2.5),
)
def test_a_bed_fits_its_video_never_clips_and_begins_and_ends_in_silence(prompt, seed, duration_s):
    made = bed(" ".join(prompt), unwanted=None, seed=seed, duration_s=duration_s)
    assert made.shape == (2, round(duration_s * RATE))
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= 0.9
    assert np.abs(made[:, [0, -1]]).max() < 1e-3


def test_what_would_be_too_loud_is_bent_and_not_cut():
    made = bed("loud crackling fire", unwanted=None, seed=2, duration_s=6)
    assert 0.4 < np.abs(made).max() < 0.89
    assert (np.abs(made) > 0.88).mean() < 1e-4


def test_a_bed_is_repeated_by_its_seed():
    first, again, other = (
        bed("rain and wind", unwanted=None, seed=seed, duration_s=1.0) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
