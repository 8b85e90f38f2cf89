"""Make the channels of local models: which model makes what, and what is wrong with them."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from rushes.bootstrap import local_channels
from rushes.bootstrap.channels import configured_channels, warnings
from rushes.core.errors import SettingsError
from rushes.core.spec import GenerationSpec, Kind, Reference, Role, Source, Still
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.local.keyframe_engine import KeyframeEngine
from rushes.engines.local.measured_engine import MeasuredEngine
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import Catalogue
from rushes.settings import ChannelSettings, Models, Settings, Worker
from rushes.settings.channel_kinds import KIND_RULES


def make_model(folder, *, pipeline="WanPipeline", heads=12, **index):
    (folder / "transformer").mkdir(parents=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": pipeline, **index}))
    (folder / "transformer" / "config.json").write_text(json.dumps({"num_attention_heads": heads}))
    (folder / "transformer" / "model.safetensors").write_bytes(b"")
    return folder


def make_depth_model(folder):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "depth_anything"}')
    (folder / "model.safetensors").write_bytes(b"")


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def settings(tmp_path, models):
    def make(**channels):
        data = tmp_path / "data"
        return Settings(data=data, models=Models(folder=models), channels=channels)

    return make


def one(model, **more):
    values = {"models": {"ray-2": "theirs"}, **KIND_RULES["local"].defaults, **more}
    return ChannelSettings(kind="local", model=str(model), **values)


def channels_of(settings):
    return configured_channels(settings, animatic=ScriptedEngine(()))


def names_of(settings):
    return {channel.name: sorted(channel.models) for channel in channels_of(settings)}


async def test_a_local_channel_serves_its_models_one_at_a_time(settings, models):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    gpu = channels_of(settings(gpu=one("wan2.2-ti2v-5b", deadline_s=7200.0)))[0]
    assert (gpu.engine.name, gpu.concurrency) == ("wan2.2-ti2v-5b", 1)
    assert gpu.render_timeout_s == 7200.0
    assert gpu.refunds_cancelled
    assert not gpu.engine.capabilities.last_image


async def test_a_channel_may_take_a_second_generation_whose_prompt_is_prepared(settings, models):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    gpu = channels_of(settings(gpu=one("wan2.2-ti2v-5b", concurrency=2)))[0]
    assert gpu.concurrency == 2


async def test_sound_is_refused_where_the_model_makes_none(settings, models):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    with pytest.raises(SettingsError, match=r"channels\.gpu\.sound: wan2\.2-ti2v-5b makes no"):
        channels_of(settings(gpu=one("wan2.2-ti2v-5b", sound=True)))


async def test_a_folder_anywhere_is_a_model_too(settings, tmp_path):
    folder = make_model(tmp_path / "mine", pipeline="LTXConditionPipeline")
    gpu = channels_of(settings(gpu=one(folder)))[0]
    assert gpu.engine.name == "mine"
    assert gpu.engine.capabilities.last_image


async def test_a_large_vace_makes_larger_frames_than_a_small_one(settings, models):
    make_model(models / "small", pipeline="WanVACEPipeline", heads=12)
    make_model(models / "large", pipeline="WanVACEPipeline", heads=40)
    both = settings(a=one(models / "small"), b=one(models / "large"))
    small, large, *_ = [channel.engine for channel in channels_of(both)]
    assert small.family.largest_px == (832, 480)
    assert large.family.largest_px == (1280, 720)


async def test_own_steps_replace_the_noise_levels_of_a_distilled_model(settings, models):
    make_model(models / "m", pipeline="LTX2Pipeline")
    own = channels_of(settings(gpu=one(models / "m", steps=30, guidance=4.0)))[0].engine
    assert (own.sampling.steps, own.sampling.guidance, own.sampling.sigmas) == (30, 4.0, None)
    assert own.capabilities.negative_prompt


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("wan2.2-ti2v-5b", "`rushes models pull wan2.2-ti2v-5b` does it"),
        ("./nowhere", "there is no folder"),
        ("./depth", "makes no videos"),
    ],
)
async def test_a_model_that_cannot_be_used_is_named_with_a_way_out(
    settings, model, why, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    make_depth_model(tmp_path / "depth")
    configured = settings(gpu=one(model))
    with pytest.raises(SettingsError, match=r"channels\.gpu\.model") as caught:
        channels_of(configured)
    assert why in str(caught.value)
    assert why in warnings(configured)["gpu"][0]


@pytest.mark.parametrize("worker", [None, Worker(channels=("other",))])
async def test_a_node_that_does_not_work_a_channel_needs_no_model(settings, worker):
    chosen = settings(gpu=one("wan2.1-vace-1.3b"))
    if worker is not None:
        chosen = replace(chosen, worker=worker)
    gpu, *_ = configured_channels(
        chosen, animatic=ScriptedEngine(()), has_worker=worker is not None
    )
    assert gpu.engine.capabilities.loop
    with pytest.raises(SettingsError, match="there is no folder"):
        configured_channels(
            settings(gpu=one("./mine")), animatic=ScriptedEngine(()), has_worker=False
        )


def test_a_missing_interpreter_and_a_missing_lora_are_warnings(settings, models):
    make_model(models / "m", pipeline="LTXPipeline")
    files = {"python": Path("/nowhere/python"), "loras": ("/nowhere/a.safetensors",)}
    assert warnings(settings(gpu=one(models / "m", **files)))["gpu"] == (
        "its interpreter /nowhere/python does not exist",
        "its LoRA /nowhere/a.safetensors does not exist",
    )


async def test_channels_of_one_gpu_take_turns_and_others_do_not(settings, models):
    make_model(models / "m", pipeline="LTXPipeline")
    first, second, third, *_ = channels_of(
        settings(
            a=one(models / "m"),
            b=one(models / "m", device="cuda:0"),
            c=one(models / "m", device="cuda:1"),
        )
    )
    spec = GenerationSpec(prompt="a lake")
    assert first.engine.render_permit(spec) is second.engine.render_permit(spec)
    assert first.engine.render_permit(spec) is not third.engine.render_permit(spec)


@pytest.fixture
def able(monkeypatch):
    """Let this machine have torch, and be able to run these models."""

    def make(*names, libraries=True):
        found = [(SimpleNamespace(name=name), "resident") for name in names]
        monkeypatch.setattr(local_channels, "runnable", lambda _: found)
        monkeypatch.setattr(local_channels, "find_spec", lambda _: object() if libraries else None)

    return make


async def test_a_pulled_model_makes_the_default_model_and_the_animatic_engine_the_rest(
    settings, models, able
):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    able("wan2.2-ti2v-5b")
    found = {channel.name: channel for channel in channels_of(settings())}
    assert sorted(found["wan2.2-ti2v-5b"].models) == ["ray-2"]
    assert found["animatic"].fallback_for == {"ray-2"}
    assert "ray-flash-2" in found["animatic"].models


@pytest.mark.parametrize(
    ("asked", "makers"),
    [
        ({}, ["wan2.2-ti2v-5b"]),
        ({"loop": True}, ["animatic"]),
        ({"model": "photon-1", "kind": Kind.IMAGE}, ["sdxl-turbo"]),
        (
            {
                "model": "photon-1",
                "kind": Kind.IMAGE,
                "still": Still(references=(Reference(role=Role.STYLE, image="media:a"),)),
            },
            ["animatic"],
        ),
        ({"kind": Kind.REFRAME, "aspect_ratio": "1:1", "source": Source(file="a")}, ["animatic"]),
    ],
)
async def test_the_animatic_engine_makes_only_what_pulled_models_cannot(
    settings, models, able, asked, makers
):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    make_model(models / "sdxl-turbo", pipeline="StableDiffusionXLPipeline")
    able("wan2.2-ti2v-5b", "sdxl-turbo")
    catalogue = Catalogue(configured_channels(settings(), animatic=AnimaticEngine()))
    spec = GenerationSpec(**{"prompt": "a lake", "model": "ray-2", "resolution": "720p"} | asked)
    assert [one.name for one in catalogue.capable_channels(spec)] == makers
    assert catalogue.refusals(spec) == ()


async def test_a_configured_local_channel_refuses_what_it_cannot_do(settings, models):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    mine = settings(mine=one("wan2.2-ti2v-5b"))
    catalogue = Catalogue(configured_channels(mine, animatic=AnimaticEngine()))
    spec = GenerationSpec(prompt="a lake", model="ray-2", resolution="720p", loop=True)
    assert catalogue.capable_channels(spec) == ()
    assert [field for field, _ in catalogue.refusals(spec)] == ["loop"]


async def test_what_the_first_pulled_model_cannot_do_another_does(settings, models, able):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    make_model(models / "wan2.1-vace-1.3b", pipeline="WanVACEPipeline")
    able("wan2.1-vace-1.3b", "wan2.2-ti2v-5b")
    found = {channel.name: channel for channel in channels_of(settings())}
    words, loops = found["wan2.2-ti2v-5b"], found["wan2.1-vace-1.3b"]
    assert words.priority > loops.priority
    assert loops.engine.capabilities.loop


@pytest.mark.parametrize("change", ["no torch", "too small", "another channel", "slate"])
async def test_a_pulled_model_is_not_used_where_it_would_fail_or_is_not_wanted(
    settings, models, able, change
):
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    able(*(() if change == "too small" else ("wan2.2-ti2v-5b",)), libraries=change != "no torch")
    chosen = settings()
    if change == "another channel":
        chosen = settings(mine=one("wan2.2-ti2v-5b"))
    elif change == "slate":
        chosen = Settings(data=chosen.data, models=chosen.models, engine="slate")
    assert "wan2.2-ti2v-5b" not in names_of(chosen)


async def test_a_channel_of_a_text_to_image_model_makes_stills_and_videos(settings, models):
    make_model(models / "sdxl-turbo", pipeline="StableDiffusionXLPipeline")
    make_depth_model(models / "depth-anything-v2-small")
    gpu = channels_of(settings(gpu=one("sdxl-turbo", steps=2)))[0]
    assert isinstance(gpu.engine, KeyframeEngine)
    assert gpu.engine.capabilities.kinds == (Kind.VIDEO, Kind.IMAGE)
    assert (gpu.engine.sampling.steps, gpu.engine.family.title) == (2, "SDXL Turbo")


async def test_a_pulled_model_of_pictures_makes_stills_and_without_another_the_default_model(
    settings, models, able
):
    make_model(models / "lcm-dreamshaper-7", pipeline="LatentConsistencyModelPipeline")
    make_model(models / "sdxl-turbo", pipeline="StableDiffusionXLPipeline")
    able("lcm-dreamshaper-7", "sdxl-turbo")
    alone = names_of(settings())
    assert alone["lcm-dreamshaper-7"] == [
        "photon-1",
        "photon-flash-1",
        "ray-2",
        "uni-1",
        "uni-1-max",
    ]
    assert "sdxl-turbo" not in alone
    make_model(models / "wan2.2-ti2v-5b", expand_timesteps=True)
    able("wan2.2-ti2v-5b", "lcm-dreamshaper-7")
    both = names_of(settings())
    assert both["wan2.2-ti2v-5b"] == ["ray-2"]
    assert "ray-2" not in both["lcm-dreamshaper-7"]


async def test_a_pulled_depth_model_serves_the_animatic_engine(settings, models, able):
    able()
    animatic = channels_of(settings())[0]
    assert isinstance(animatic.engine, MeasuredEngine)
    assert animatic.engine.name == "scripted"
    assert animatic.engine._find_depth() is None
    make_depth_model(models / "depth-anything-v2-small")  # while the server runs
    assert animatic.engine._find_depth().title == "Depth Anything V2 Small"
    able(libraries=False)
    assert isinstance(channels_of(settings())[0].engine, ScriptedEngine)
