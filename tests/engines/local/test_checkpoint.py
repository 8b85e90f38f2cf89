"""How a checkpoint removes noise: by its family, its name and the operator's settings."""

import pytest

from rushes.engines.local.checkpoint import FASTWAN, checkpoint_sampling
from rushes.engines.local.families import FAMILIES, Sampling


def sampling(family, name="some", *, steps=None, guidance=None):
    return checkpoint_sampling(FAMILIES[family], name, steps=steps, guidance=guidance)


@pytest.mark.parametrize("family", FAMILIES)
def test_without_settings_a_checkpoint_is_sampled_as_its_family(family):
    assert sampling(family) == FAMILIES[family].sampling


@pytest.mark.parametrize("name", ["fastwan2.2-ti2v-5b", "/models/FastWan2.2-TI2V-5B-FullAttn"])
def test_fastwan_has_the_three_steps_that_it_was_trained_for(name):
    assert sampling("wan2.2-ti2v", name) == FASTWAN
    assert sampling("ltx", name) == FAMILIES["ltx"].sampling
    assert (FASTWAN.sigmas, FASTWAN.solver) == ((1.0, 0.757, 0.522), "renoise")


def test_a_folder_in_one_that_is_called_fastwan_is_another_model():
    assert sampling("wan2.2-ti2v", "/fastwan/other").steps == 50


@pytest.mark.parametrize("family", ["wan2.2-i2v", "wan2.1-vace"])
def test_four_steps_without_guidance_have_the_noise_levels_of_the_loras_for_them(family):
    chosen = sampling(family, steps=4, guidance=1.0)
    assert chosen.sigmas == (1.0, 0.9375, 0.833333, 0.625)
    assert chosen.solver == "euler"


def test_a_guided_wan_keeps_its_own_scheduler():
    assert sampling("wan2.2-i2v", steps=4) == Sampling(steps=4, guidance=3.5)
    assert sampling("wan2.2-i2v", steps=30, guidance=1.0) == Sampling(steps=30, guidance=1.0)
    guided = sampling("wan2.2-ti2v", "fastwan", guidance=4.0)
    assert guided == Sampling(steps=3, guidance=4.0)


def test_other_steps_of_ltx_are_spaced_by_its_scheduler():
    assert sampling("ltx", steps=20) == Sampling(steps=20, guidance=1.0)
    assert sampling("ltx", guidance=3.0).sigmas == FAMILIES["ltx"].sampling.sigmas
