"""A checkpoint is sampled by its family, its name and the settings of the operator."""

import pytest
from tests.engines.local.scripted import scripted_engine

from rushes.core.spec import GenerationSpec
from rushes.engines.base import Job
from rushes.engines.local.checkpoint import FASTWAN, checkpoint_family, checkpoint_sampling
from rushes.engines.local.families import FAMILIES, Sampling
from rushes.engines.local.part_inputs import plan_of
from rushes.engines.local.render_plan import PartInputs


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


def test_an_ltx_2_that_enlarges_latents_makes_1080p_in_two_passes(tmp_path):
    one_pass = checkpoint_family("ltx2", tmp_path)
    (tmp_path / "latent_upsampler").mkdir()
    two_passes = checkpoint_family("ltx2", tmp_path)
    assert one_pass == FAMILIES["ltx2"]
    assert (two_passes.grid_px, two_passes.largest_px) == (64, (1920, 1088))
    usual = checkpoint_sampling(two_passes, "some", steps=None, guidance=None)
    assert (usual.steps, usual.second_sigmas) == (8, (0.909375, 0.725, 0.421875))
    assert checkpoint_sampling(two_passes, "some", steps=20, guidance=None).second_sigmas is None
    assert checkpoint_family("ltx", tmp_path) == FAMILIES["ltx"]


def test_the_noise_levels_of_both_passes_reach_the_worker(tmp_path):
    folder = tmp_path / "model"
    engine = scripted_engine(folder, "ltx2")
    sampling = Sampling(steps=2, guidance=1.0, sigmas=(1.0, 0.5), second_sigmas=(0.9,))
    engine.sampling = sampling
    spec = GenerationSpec(
        prompt="a lake", model="ray-2", size_px=(160, 128), resolution="360p", duration_s=4.0
    )
    job = Job(spec=spec, prompt="a lake")
    plan = plan_of(job, engine.family)
    request = engine._request(job, plan, 0, PartInputs(), seed=1, output=folder / "part.mp4")
    assert (request.sigmas, request.second_sigmas) == ((1.0, 0.5), (0.9,))
